#include "catalog/touched.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "catalog/ddl_text.h"
#include "catalog/question.h"
#include "sql/lexer.h"

enum {
	NAMES_MAX = 200, /* more: everything is read again */
	PART_RELATION = PART_SCHEMAS | PART_RELATIONS | PART_COLUMNS |
			PART_DEFAULTS | PART_KEYS | PART_COMMENTS,
};

void touched_done(struct touched *touched)
{
	touched_clear(touched);
	vec_done(touched);
}

void touched_clear(struct touched *touched)
{
	for (size_t i = 0; i < touched->count; i++)
		mem_free(touched->items[i]);
	vec_clear(touched);
	touched->parts = 0;
	touched->all_relations = false;
	touched->all = false;
}

bool touched_is_empty(const struct touched *touched)
{
	return touched->parts == 0 && !touched->all;
}

static void add_name(struct touched *touched, const char *name)
{
	for (size_t i = 0; i < touched->count; i++)
		if (strcmp(touched->items[i], name) == 0)
			return;
	if (touched->count >= NAMES_MAX)
		touched->all = true;
	else
		vec_push(touched, mem_copy_text(name));
}

static void add_relations(struct touched *touched, const struct ddl *ddl)
{
	for (size_t i = 0; i < ddl->names.count; i++) {
		add_name(touched, ddl->names.items[i].name);
		/* Where the server keeps the case of names. */
		add_name(touched, ddl->names.items[i].as_is);
	}
	if (ddl->action == DDL_RENAME && ddl->new_name != NULL)
		add_name(touched, ddl->new_name);
	touched->parts |= PART_RELATION;
	if (ddl->object != DDL_TABLE)
		touched->parts |= PART_LATE;
	if (ddl->object == DDL_MATERIALIZED)
		touched->parts |= PART_STALENESS;
	if (ddl->external)
		touched->parts |= PART_EXTERNAL | PART_EXTERNAL_SCHEMAS;
}

static unsigned part_of(enum ddl_object object)
{
	switch (object) {
	case DDL_TABLE:
	case DDL_VIEW:
	case DDL_MATERIALIZED:
		return PART_RELATION;
	case DDL_SCHEMA:
		return PART_SCHEMAS | PART_EXTERNAL_SCHEMAS;
	case DDL_FUNCTION:
		return PART_SCHEMAS | PART_FUNCTIONS;
	case DDL_USER:
		return PART_USERS;
	case DDL_GROUP:
		return PART_GROUPS;
	case DDL_ROLE:
		return PART_ROLES;
	case DDL_DATABASE:
		return PART_DATABASES;
	case DDL_DATASHARE:
		return PART_DATASHARES;
	case DDL_LIBRARY:
		return PART_LIBRARIES;
	}
	return 0;
}

/* ---- GRANT and REVOKE: whose privileges change ---- */

/* In lower case, and as it is where the server keeps the case of names. */
static void add_token(struct touched *touched, const struct token *token)
{
	CLEANUP(str_done) struct str as_is = STR_EMPTY;
	CLEANUP(str_done) struct str lower = STR_EMPTY;
	bool quoted = token->kind == TOKEN_NAME;

	for (size_t i = quoted ? 1 : 0; i + (quoted ? 1 : 0) < token->len;
	     i++) {
		char c = token->text[i];

		str_add_char(&as_is, c);
		str_add_char(&lower,
			     c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
		/* A doubled quote is one. */
		if (quoted && c == '"')
			i++;
	}
	add_name(touched, lower.text);
	add_name(touched, as_is.text);
}

/* a, b.c TO ...: the last part of each. */
static void add_granted(struct touched *touched, struct lexer *lexer,
			struct token token)
{
	while (token.kind == TOKEN_WORD || token.kind == TOKEN_NAME) {
		struct token last = token;

		for (token = lexer_next_solid(lexer);
		     token_is_char(&token, '.');
		     token = lexer_next_solid(lexer))
			last = lexer_next_solid(lexer);
		add_token(touched, &last);
		if (!token_is_char(&token, ','))
			return;
		token = lexer_next_solid(lexer);
	}
}

static void add_grant(struct touched *touched, struct lexer *lexer)
{
	struct token token;

	do
		token = lexer_next_solid(lexer);
	while (token.kind != TOKEN_END && !token_is(&token, "on"));
	if (token.kind == TOKEN_END) {
		touched->parts |= PART_ROLES;
		return;
	}
	token = lexer_next_solid(lexer);
	if (token_is(&token, "table"))
		token = lexer_next_solid(lexer);
	else if (token_is(&token, "external"))
		token = lexer_next_solid(lexer);
	if (token_is(&token, "schema")) {
		touched->parts |= PART_SCHEMAS;
	} else if (token_is(&token, "database")) {
		touched->parts |= PART_DATABASES;
	} else if (token_is(&token, "datashare")) {
		touched->parts |= PART_DATASHARES;
	} else if (token_is(&token, "all")) {
		touched->parts |= PART_SCHEMAS | PART_RELATIONS;
		touched->all_relations = true;
	} else if (!token_is(&token, "function") &&
		   !token_is(&token, "procedure") &&
		   !token_is(&token, "language") &&
		   !token_is(&token, "model") && !token_is(&token, "copy")) {
		touched->parts |= PART_SCHEMAS | PART_RELATIONS;
		add_granted(touched, lexer, token);
	}
}

void touched_add(struct touched *touched, const char *sql, size_t len)
{
	CLEANUP(ddl_freep) struct ddl *ddl = ddl_read(sql, len);
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	if (token_is(&token, "grant") || token_is(&token, "revoke"))
		add_grant(touched, &lexer);
	/* A session's own: no other connection sees it. */
	if (ddl->verb == DDL_NONE || ddl->temporary)
		return;
	if (ddl->object == DDL_TABLE || ddl->object == DDL_VIEW ||
	    ddl->object == DDL_MATERIALIZED)
		add_relations(touched, ddl);
	else
		touched->parts |= part_of(ddl->object);
	/* What else goes is not in the text. */
	if (ddl->cascade ||
	    (ddl->object == DDL_SCHEMA && ddl->verb != DDL_COMMENT) ||
	    ddl->action == DDL_SET_SCHEMA) {
		touched->parts |=
			PART_SCHEMAS | PART_RELATIONS | PART_FUNCTIONS;
		touched->all_relations = true;
	}
}

void touched_join(struct touched *touched, const struct touched *from)
{
	for (size_t i = 0; i < from->count; i++)
		add_name(touched, from->items[i]);
	touched->parts |= from->parts;
	touched->all_relations = touched->all_relations || from->all_relations;
	touched->all = touched->all || from->all;
}
