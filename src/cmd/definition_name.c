#include "cmd/definition_name.h"

#include <string.h>

#include "sql/lexer.h"
#include "sql/quote.h"

void definition_name_done(struct definition_name *name)
{
	str_done(&name->database);
	str_done(&name->schema);
	str_done(&name->name);
	str_done(&name->types);
}

static void add_part(struct definition_name *name, const struct token *token)
{
	str_set(&name->database, name->schema.text);
	str_set(&name->schema, name->name.text);
	str_clear(&name->name);
	quote_name_read(&name->name, token->text, token->len, true);
}

static bool refuse(const char *what, struct err *err)
{
	return err_set(err, ERR_USAGE, "invalid name syntax: %s", what);
}

bool definition_name_read(const char *what, struct definition_name *out,
			  struct err *err)
{
	struct lexer lexer;
	struct token token;
	const char *close = strrchr(what, ')');

	lexer_init(&lexer, what, strlen(what), LEXER_ESCAPES, NULL);
	for (int parts = 1;; parts++) {
		token = lexer_next_solid(&lexer);
		if ((token.kind != TOKEN_WORD && token.kind != TOKEN_NAME) ||
		    parts > 3)
			return refuse(what, err);
		add_part(out, &token);
		token = lexer_next_solid(&lexer);
		if (!token_is_char(&token, '.'))
			break;
	}
	if (token.kind == TOKEN_END)
		return true;
	if (!token_is_char(&token, '(') || !close)
		return refuse(what, err);
	out->has_types = true;
	str_add_slice(&out->types, token.text + 1,
		      (size_t)(close - token.text - 1));
	return true;
}

void definition_name_where(const struct definition_name *name,
			   const char *visible, const char *column,
			   struct str *sql)
{
	if (name->schema.len > 0) {
		str_add(sql, " and n.nspname = ");
		quote_literal(sql, name->schema.text, true);
	} else {
		str_addf(sql, " and %s", visible);
	}
	str_addf(sql, " and %s = ", column);
	quote_literal(sql, name->name.text, true);
}
