#include "sql/interp.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/lexer.h"
#include "sql/quote.h"

enum {
	MAX_DEPTH = 16 /* of values inside values */
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

/* The forms: what follows the colon, and what must close it. */
static const struct {
	const char *open;
	const char *close;
	enum interp_kind kind;
} forms[] = {
	{ "'", "'", INTERP_LITERAL },
	{ "\"", "\"", INTERP_NAME },
	{ "{?", "}", INTERP_TEST },
	{ "", "", INTERP_PLAIN },
};

bool interp_match(const char *text, size_t len, struct interp_ref *out)
{
	if (len < 2 || text[0] != ':')
		return false;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		size_t open = strlen(forms[i].open);
		size_t close = strlen(forms[i].close);
		size_t end = 1 + open;

		if (end > len || memcmp(text + 1, forms[i].open, open) != 0)
			continue;
		while (end < len && is_name_char(text[end]))
			end++;
		if (end == 1 + open || end - 1 - open > INTERP_NAME_BYTES)
			return false;
		if (end + close > len ||
		    memcmp(text + end, forms[i].close, close) != 0)
			return false;
		*out = (struct interp_ref){ .kind = forms[i].kind,
					    .name = text + 1 + open,
					    .name_len = end - 1 - open,
					    .len = end + close };
		return true;
	}
	return false;
}

bool interp_value(const struct interp *vars, const struct interp_ref *ref,
		  struct str *out)
{
	char name[INTERP_NAME_BYTES + 1];
	const char *value;

	if (vars == NULL)
		return false;
	memcpy(name, ref->name, ref->name_len);
	name[ref->name_len] = '\0';
	value = vars->lookup(vars->context, name);
	if (ref->kind == INTERP_TEST) {
		str_add(out, value != NULL ? "TRUE" : "FALSE");
		return true;
	}
	if (value == NULL)
		return false;
	if (ref->kind != INTERP_PLAIN && vars->may_quote != NULL &&
	    !vars->may_quote(vars->context, value))
		return false;
	if (ref->kind == INTERP_LITERAL)
		quote_variable(out, value, vars->escapes, vars->e_strings);
	else if (ref->kind == INTERP_NAME)
		quote_name_always(out, value, strlen(value));
	else
		str_add(out, value);
	return true;
}

struct filler {
	const struct interp *vars;
	struct str *out;
	struct lexer_state state; /* goes through all values */
};

/* A value is scanned again with the state of the text around it: it may open
 * a quote that the text behind it closes. */
static void fill(struct filler *filler, const char *text, size_t len, int depth)
{
	unsigned options = LEXER_VARIABLES | LEXER_JUNK;
	struct lexer lexer;

	if (filler->vars != NULL && filler->vars->escapes)
		options |= LEXER_ESCAPES;
	lexer_init(&lexer, text, len, options, &filler->state);
	for (;;) {
		struct token token = lexer_next(&lexer);
		CLEANUP(str_done) struct str value = STR_EMPTY;
		struct interp_ref ref;

		filler->state = lexer.state;
		if (token.kind == TOKEN_END)
			return;
		if (token.kind != TOKEN_VARIABLE ||
		    !interp_match(token.text, token.len, &ref) ||
		    !interp_value(filler->vars, &ref, &value)) {
			str_add_slice(filler->out, token.text, token.len);
			continue;
		}
		if (ref.kind != INTERP_PLAIN || depth >= MAX_DEPTH) {
			str_add_slice(filler->out, value.text, value.len);
			continue;
		}
		fill(filler, value.text, value.len, depth + 1);
		lexer.state = filler->state;
	}
}

void interp_text(const struct interp *vars, const char *text, size_t len,
		 struct str *out)
{
	struct filler filler = { .vars = vars, .out = out };

	fill(&filler, text, len, 0);
}
