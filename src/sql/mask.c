/* A secret is the literal or word behind a key word, an optional = or AS
 * between them; or name=value inside any literal (CREDENTIALS takes
 * 'aws_access_key_id=...;aws_secret_access_key=...'). */
#include "sql/mask.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/lexer.h"

/* Last in both tables: mask_keys leaves it out. */
#define PASSWORD "password"

static const char *const key_words[] = {
	"access_key_id", "secret_access_key",    "session_token",
	"credentials",   "master_symmetric_key", PASSWORD,
};

/* Inside literals; the value ends at ; or &. */
static const char *const key_parts[] = {
	"aws_access_key_id=",
	"aws_secret_access_key=",
	"token=",
	"master_symmetric_key=",
	"access_key_id=",
	"secret_access_key=",
	"session_token=",
	PASSWORD "=",
};

struct masker {
	size_t spared; /* rows at the end of the tables that do not count */
	bool armed;    /* a key word stood before */
	bool hidden;
};

static bool is_key_word(const struct masker *masker, const struct token *token)
{
	for (size_t i = 0; i + masker->spared < COUNT_OF(key_words); i++)
		if (token_is(token, key_words[i]))
			return true;
	return false;
}

/* The length of a name= at text, 0: none. */
static size_t key_part_len(const struct masker *masker, const char *text,
			   size_t len)
{
	for (size_t i = 0; i + masker->spared < COUNT_OF(key_parts); i++) {
		size_t part = strlen(key_parts[i]);

		if (len >= part &&
		    str_slice_equal_nocase(text, part, key_parts[i]))
			return part;
	}
	return 0;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The value behind name=, perhaps in quotes of its own. */
static size_t value_len(const char *text, size_t len)
{
	bool quoted = len > 0 && text[0] == '\'';
	size_t i = quoted ? 1 : 0;

	while (i < len && strchr(quoted ? "'" : ";&'$ ", text[i]) == NULL)
		i++;
	return quoted && i < len ? i + 1 : i;
}

/* Copies a literal, hiding what follows name= in it. */
static void mask_parts(struct masker *masker, const struct token *token,
		       struct str *out)
{
	size_t i = 0;

	while (i < token->len) {
		bool starts = i == 0 || !is_name_char(token->text[i - 1]);
		size_t part = starts ? key_part_len(masker, token->text + i,
						    token->len - i)
				     : 0;

		if (part == 0) {
			str_add_char(out, token->text[i++]);
			continue;
		}
		str_add_slice(out, token->text + i, part);
		str_add(out, "***");
		masker->hidden = true;
		i += part;
		i += value_len(token->text + i, token->len - i);
	}
}

static void mask_literal(struct str *out, const struct token *token)
{
	str_add(out, token->open ? "'***" : "'***'");
}

static void mask_token(struct masker *masker, const struct token *token,
		       struct str *out)
{
	bool literal =
		token->kind == TOKEN_LITERAL || token->kind == TOKEN_DOLLAR;

	if (masker->armed && literal) {
		mask_literal(out, token);
		masker->hidden = true;
		masker->armed = false;
		return;
	}
	if (literal || token->kind == TOKEN_COMMENT) {
		mask_parts(masker, token, out);
		return;
	}
	str_add_slice(out, token->text, token->len);
	if (token->kind == TOKEN_BLANK)
		return;
	if (is_key_word(masker, token))
		masker->armed = true;
	else if (!token_is_char(token, '=') && !token_is(token, "as"))
		masker->armed = false;
}

static bool mask(struct str *out, const char *sql, size_t len, size_t spared)
{
	struct masker masker = { .spared = spared };
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	while ((token = lexer_next(&lexer)).kind != TOKEN_END)
		mask_token(&masker, &token, out);
	return masker.hidden;
}

bool mask_secrets(struct str *out, const char *sql, size_t len)
{
	return mask(out, sql, len, 0);
}

bool mask_keys(struct str *out, const char *sql, size_t len)
{
	return mask(out, sql, len, 1);
}

bool mask_needed(const char *sql, size_t len)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	return mask_secrets(&out, sql, len);
}
