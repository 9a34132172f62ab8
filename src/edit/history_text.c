#include "edit/history_text.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/mask.h"
#include "sql/split.h"

enum {
	NEWLINE_CODE = 1,          /* stands for a newline in psql's file */
	ENTRY_MAX_BYTES = 1 << 20, /* a pasted dump is not history */
	RISK_MAX_BYTES = 64 << 10, /* what is longer is not offered at all */
};

/* ---- secrets that are not SQL ---- */

static const char secret[] = "***";

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* The password of scheme://user:password@host: [*out_from, *out_to). */
static bool find_uri_password(const char *text, size_t *out_from,
			      size_t *out_to)
{
	const char *user = text + strlen("://");
	size_t len = strcspn(user, " \t\n'\"/?#");
	const char *at = memrchr(user, '@', len);
	const char *colon = at ? memchr(user, ':', (size_t)(at - user)) : NULL;

	if (!colon || colon + 1 == at)
		return false;
	*out_from = (size_t)(colon + 1 - text);
	*out_to = (size_t)(at - text);
	return true;
}

/* The value behind password= at text; 0: it is no such word. */
static size_t find_pair_value(const char *text, size_t *out_to)
{
	static const char *const names[] = { "password", "passwd", "pgpassword",
					     "sslpassword" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t len = strlen(names[i]);
		size_t at = len;

		if (strncasecmp(text, names[i], len) != 0)
			continue;
		at += strspn(text + at, " ");
		if (text[at] != '=')
			continue;
		at++;
		at += strspn(text + at, " ");
		*out_to = at;
		if (text[at] == '\'')
			*out_to += 1 + strcspn(text + at + 1, "'\n");
		else
			*out_to += strcspn(text + at, " \t\n'\"&;");
		if (text[at] == '\'' && text[*out_to] == '\'')
			++*out_to;
		return *out_to > at ? at : 0;
	}
	return 0;
}

/* The value of \setenv PGPASSWORD value and \set secret value. */
static size_t find_set_value(const char *text, size_t *out_to)
{
	static const char *const marks[] = { "password", "passwd", "secret",
					     "token" };
	size_t at;

	if (str_starts(text, "\\setenv"))
		at = strlen("\\setenv");
	else if (str_starts(text, "\\set"))
		at = strlen("\\set");
	else
		return 0;
	if (text[at] != ' ' && text[at] != '\t')
		return 0;
	at += strspn(text + at, " \t");
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		size_t len = strcspn(text + at, " \t\n");
		size_t word = strlen(marks[i]);

		for (size_t k = 0; k + word <= len; k++) {
			if (!str_slice_equal_nocase(text + at + k, word,
						    marks[i]))
				continue;
			at += len + strspn(text + at + len, " \t");
			*out_to = at + strcspn(text + at, "\n");
			return *out_to > at ? at : 0;
		}
	}
	return 0;
}

/* Secrets in arguments of commands, which mask_secrets takes for words. In
 * SQL password = name is a comparison and stays. */
static void mask_arguments(const char *text, struct str *out)
{
	bool in_command = false;
	size_t i = 0;

	while (text[i] != '\0') {
		size_t from = 0;
		size_t to = 0;
		bool starts = i == 0 || !is_name_char(text[i - 1]);

		if (text[i] == '\\' || text[i] == '\n')
			in_command = text[i] == '\\';
		if (str_starts(text + i, "://"))
			find_uri_password(text + i, &from, &to);
		else if (text[i] == '\\')
			from = find_set_value(text + i, &to);
		else if (in_command && starts)
			from = find_pair_value(text + i, &to);
		if (from == 0) {
			str_add_char(out, text[i++]);
			continue;
		}
		str_add_slice(out, text + i, from);
		str_add(out, secret);
		i += to;
	}
}

bool history_text_clean(const char *text, struct str *out)
{
	CLEANUP(str_done) struct str masked = STR_EMPTY;
	size_t len = strlen(text);

	str_clear(out);
	if (len > ENTRY_MAX_BYTES)
		return false;
	mask_secrets(&masked, text, len);
	mask_arguments(masked.text, out);
	str_trim_end(out);
	return out->text[strspn(out->text, " \t\n")] != '\0';
}

/* ---- risk ---- */

/* Commands that remove, overwrite, end or run something. */
static const char *const risky_commands[] = {
	"kill",   "s3rm",  "s3rb",    "s3mv",     "s3put",
	"copyto", "gexec", "history", "password", "sandbox",
};

static bool is_risky_command(const char *text, size_t len)
{
	size_t name = 0;

	if (len > 0 && text[0] == '!')
		return true;
	while (name < len && is_name_char(text[name]))
		name++;
	for (size_t i = 0; i < COUNT_OF(risky_commands); i++)
		if (str_slice_equal(text, name, risky_commands[i]))
			return true;
	return false;
}

/* Words that make an otherwise harmless statement remove something. */
static bool has_risky_word(const char *text, size_t len, bool is_alter)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, text, len, LEXER_ESCAPES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END)
		if ((is_alter && token_is(&token, "drop")) ||
		    token_is(&token, "allowoverwrite") ||
		    token_is(&token, "cleanpath"))
			return true;
	return false;
}

static bool is_risky_statement(const char *text, size_t len)
{
	struct statement what = classify(text, len, true);

	return what.destructive || strcmp(what.name, "DELETE") == 0 ||
	       strcmp(what.name, "MERGE") == 0 ||
	       has_risky_word(text, len, str_starts(what.name, "ALTER"));
}

bool history_text_is_risky(const char *text, size_t len)
{
	const struct split_options options = { .escapes = true };
	CLEANUP(split_freep) struct split *split = NULL;
	enum split_event event;

	if (len > RISK_MAX_BYTES)
		return true;
	split = split_new(&options);
	split_feed(split, text, len);
	while ((event = split_next(split)) != SPLIT_MORE) {
		if (event == SPLIT_STATEMENT) {
			if (is_risky_statement(split_text(split),
					       split_text_len(split)))
				return true;
			split_reset(split);
			continue;
		}
		/* The command may send what stands before it. */
		if (is_risky_command(split_rest(split),
				     split_rest_len(split)) ||
		    is_risky_statement(split_text(split),
				       split_text_len(split)))
			return true;
		split_reset(split);
		/* What stands behind the name may be the next command. */
		split_skip(split, strcspn(split_rest(split), "\\\n"));
	}
	return is_risky_statement(split_text(split), split_text_len(split));
}

/* ---- psql's file ---- */

static void add_swapped(const char *text, size_t len, char from, char to,
			struct str *out)
{
	size_t start = out->len;

	str_add_slice(out, text, len);
	for (size_t i = start; i < out->len; i++)
		if (out->text[i] == from)
			out->text[i] = to;
}

void history_text_encode(const char *text, size_t len, struct str *out)
{
	add_swapped(text, len, '\n', NEWLINE_CODE, out);
}

void history_text_decode(const char *line, size_t len, struct str *out)
{
	add_swapped(line, len, NEWLINE_CODE, '\n', out);
}
