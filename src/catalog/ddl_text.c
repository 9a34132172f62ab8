#include "catalog/ddl_text.h"

#include <string.h>

#include "base/str.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/quote.h"

struct reader {
	const char *sql;
	struct lexer lexer;
	struct token token; /* the one at hand */
	struct ddl *ddl;
};

static const struct {
	const char *word; /* of struct statement */
	enum ddl_object object;
} objects[] = {
	{ "TABLE", DDL_TABLE },
	{ "VIEW", DDL_VIEW },
	{ "MATERIALIZED VIEW", DDL_MATERIALIZED },
	{ "SCHEMA", DDL_SCHEMA },
	{ "FUNCTION", DDL_FUNCTION },
	{ "PROCEDURE", DDL_FUNCTION },
	{ "MODEL", DDL_FUNCTION },
	{ "USER", DDL_USER },
	{ "GROUP", DDL_GROUP },
	{ "ROLE", DDL_ROLE },
	{ "DATABASE", DDL_DATABASE },
	{ "DATASHARE", DDL_DATASHARE },
	{ "LIBRARY", DDL_LIBRARY },
};

static void next(struct reader *reader)
{
	reader->token = lexer_next_solid(&reader->lexer);
}

static bool skip_word(struct reader *reader, const char *word)
{
	if (!token_is(&reader->token, word))
		return false;
	next(reader);
	return true;
}

static bool at_name(const struct reader *reader)
{
	return reader->token.kind == TOKEN_WORD ||
	       reader->token.kind == TOKEN_NAME ||
	       reader->token.kind == TOKEN_TEMP;
}

static char *read_word(struct reader *reader, bool fold)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	quote_name_read(&name, reader->token.text, reader->token.len, fold);
	next(reader);
	return str_take(&name);
}

static void name_done(struct ddl_name *name)
{
	mem_free(name->schema);
	mem_free(name->name);
	mem_free(name->as_is);
	*name = (struct ddl_name){ NULL, NULL, NULL };
}

/* schema.name; of more parts the last two count. */
static bool read_name(struct reader *reader, struct ddl_name *out)
{
	if (!at_name(reader))
		return false;
	for (;;) {
		struct token token = reader->token;
		CLEANUP(str_done) struct str as_is = STR_EMPTY;

		quote_name_read(&as_is, token.text, token.len, false);
		mem_free(out->schema);
		mem_free(out->as_is);
		out->schema = out->name != NULL ? out->name : mem_copy_text("");
		out->as_is = str_take(&as_is);
		out->name = read_word(reader, true);
		if (!token_is_char(&reader->token, '.'))
			return true;
		next(reader);
		if (!at_name(reader))
			return true;
	}
}

/* The argument types of a function. */
static void skip_arguments(struct reader *reader)
{
	int depth = 0;

	if (!token_is_char(&reader->token, '('))
		return;
	do {
		depth += token_is_char(&reader->token, '(');
		depth -= token_is_char(&reader->token, ')');
		next(reader);
	} while (depth > 0 && reader->token.kind != TOKEN_END);
}

static void read_names(struct reader *reader)
{
	for (;;) {
		struct ddl_name name = { NULL, NULL, NULL };

		if (!read_name(reader, &name))
			return;
		vec_push(&reader->ddl->names, name);
		if (reader->ddl->verb == DDL_DROP)
			skip_arguments(reader);
		if (reader->ddl->verb != DDL_DROP ||
		    !token_is_char(&reader->token, ','))
			return;
		next(reader);
	}
}

/* ---- columns ---- */

static bool ends_type(const struct token *token)
{
	static const char *const words[] = {
		"default", "identity", "generated",  "encode",  "distkey",
		"sortkey", "not",      "null",       "unique",  "primary",
		"check",   "collate",  "references", "masking", "using",
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (token_is(token, words[i]))
			return true;
	return token->kind == TOKEN_END || token_is_char(token, ',') ||
	       token_is_char(token, ')') || token_is_char(token, ';');
}

/* "character varying(10)", blanks made one. */
static char *read_type(struct reader *reader)
{
	CLEANUP(str_done) struct str type = STR_EMPTY;
	size_t end = 0;
	int depth = 0;

	while (reader->token.kind != TOKEN_END &&
	       (depth > 0 || !ends_type(&reader->token))) {
		depth += token_is_char(&reader->token, '(');
		depth -= token_is_char(&reader->token, ')');
		if (type.len > 0 && reader->token.at > end)
			str_add_char(&type, ' ');
		str_add_slice(&type, reader->token.text, reader->token.len);
		end = reader->token.at + reader->token.len;
		next(reader);
	}
	return str_take(&type);
}

static void read_column(struct reader *reader)
{
	struct ddl_column column;

	if (!at_name(reader))
		return;
	column.name = read_word(reader, true);
	column.type = read_type(reader);
	vec_push(&reader->ddl->columns, column);
}

/* To the comma or parenthesis that ends an item of a list. */
static void skip_item(struct reader *reader)
{
	int depth = 0;

	while (reader->token.kind != TOKEN_END) {
		if (depth == 0 && (token_is_char(&reader->token, ',') ||
				   token_is_char(&reader->token, ')')))
			return;
		depth += token_is_char(&reader->token, '(');
		depth -= token_is_char(&reader->token, ')');
		next(reader);
	}
}

static bool begins_constraint(const struct token *token)
{
	return token_is(token, "constraint") || token_is(token, "primary") ||
	       token_is(token, "foreign") || token_is(token, "unique") ||
	       token_is(token, "check");
}

/* Behind the parenthesis. */
static void read_columns(struct reader *reader)
{
	while (reader->token.kind != TOKEN_END) {
		if (skip_word(reader, "like"))
			read_name(reader, &reader->ddl->like);
		else if (!begins_constraint(&reader->token))
			read_column(reader);
		skip_item(reader);
		if (!token_is_char(&reader->token, ','))
			break;
		next(reader);
	}
	if (token_is_char(&reader->token, ')'))
		next(reader);
}

/* ---- statements ---- */

static void skip_if_exists(struct reader *reader)
{
	if (!skip_word(reader, "if"))
		return;
	reader->ddl->if_exists = true;
	skip_word(reader, "not");
	skip_word(reader, "exists");
}

static void read_query(struct reader *reader, size_t len)
{
	reader->ddl->query = reader->sql + reader->token.at;
	reader->ddl->query_len = len - reader->token.at;
}

static void read_create(struct reader *reader, size_t len)
{
	struct ddl *ddl = reader->ddl;
	int depth = 0;

	skip_if_exists(reader);
	skip_word(reader, "authorization");
	read_names(reader);
	skip_if_exists(reader);
	if (ddl->names.count > 0 && ddl->names.items[0].name[0] == '#')
		ddl->temporary = true;
	if (ddl->object != DDL_TABLE && ddl->object != DDL_VIEW &&
	    ddl->object != DDL_MATERIALIZED)
		return;
	if (token_is_char(&reader->token, '(')) {
		next(reader);
		read_columns(reader);
	}
	for (; reader->token.kind != TOKEN_END; next(reader)) {
		depth += token_is_char(&reader->token, '(');
		depth -= token_is_char(&reader->token, ')');
		if (depth == 0 && token_is(&reader->token, "as")) {
			next(reader);
			read_query(reader, len);
			return;
		}
	}
}

static void read_to(struct reader *reader)
{
	if (skip_word(reader, "to") && at_name(reader))
		reader->ddl->new_name = read_word(reader, true);
}

static void read_rename(struct reader *reader)
{
	struct ddl *ddl = reader->ddl;
	struct ddl_column column = { NULL, NULL };

	if (token_is(&reader->token, "to")) {
		ddl->action = DDL_RENAME;
		read_to(reader);
		return;
	}
	skip_word(reader, "column");
	if (!at_name(reader))
		return;
	ddl->action = DDL_RENAME_COLUMN;
	column.name = read_word(reader, true);
	column.type = mem_copy_text("");
	vec_push(&ddl->columns, column);
	read_to(reader);
}

static void read_alter_column(struct reader *reader)
{
	struct ddl *ddl = reader->ddl;
	struct ddl_column column = { NULL, NULL };

	skip_word(reader, "column");
	if (!at_name(reader))
		return;
	column.name = read_word(reader, true);
	if (skip_word(reader, "type")) {
		ddl->action = DDL_TYPE_OF_COLUMN;
		column.type = read_type(reader);
	} else {
		column.type = mem_copy_text("");
	}
	vec_push(&ddl->columns, column);
}

static void read_alter(struct reader *reader)
{
	struct ddl *ddl = reader->ddl;

	skip_word(reader, "only");
	skip_if_exists(reader);
	read_names(reader);
	ddl->action = DDL_OTHER_ACTION;
	if (skip_word(reader, "add")) {
		if (begins_constraint(&reader->token))
			return;
		if (token_is(&reader->token, "partition"))
			return;
		skip_word(reader, "column");
		ddl->action = DDL_ADD_COLUMN;
		read_column(reader);
	} else if (skip_word(reader, "drop")) {
		if (begins_constraint(&reader->token))
			return;
		skip_word(reader, "column");
		ddl->action = DDL_DROP_COLUMN;
		read_column(reader);
	} else if (skip_word(reader, "rename")) {
		read_rename(reader);
	} else if (skip_word(reader, "alter")) {
		read_alter_column(reader);
	} else if (skip_word(reader, "set") && skip_word(reader, "schema") &&
		   at_name(reader)) {
		ddl->action = DDL_SET_SCHEMA;
		ddl->new_name = read_word(reader, true);
	}
	if ((ddl->action == DDL_ADD_COLUMN || ddl->action == DDL_DROP_COLUMN ||
	     ddl->action == DDL_TYPE_OF_COLUMN) &&
	    ddl->columns.count == 0)
		ddl->action = DDL_OTHER_ACTION;
}

/* COMMENT ON COLUMN t.c names its table by all but the last part. */
static void read_comment(struct reader *reader)
{
	struct ddl *ddl = reader->ddl;
	struct ddl_name name = { NULL, NULL, NULL };
	CLEANUP(str_done) struct str last = STR_EMPTY;
	bool column;

	skip_word(reader, "on");
	ddl->object =
		token_is(&reader->token, "database") ? DDL_DATABASE : DDL_TABLE;
	column = token_is(&reader->token, "column");
	next(reader);
	if (!read_name(reader, &name))
		return;
	if (column) {
		mem_free(name.name);
		mem_free(name.as_is);
		name.name = name.schema;
		name.as_is = mem_copy_text(name.name);
		name.schema = mem_copy_text("");
	}
	vec_push(&ddl->names, name);
}

static void read_into(struct reader *reader, size_t len)
{
	int depth = 0;

	reader->ddl->query = reader->sql;
	reader->ddl->query_len = len;
	for (; reader->token.kind != TOKEN_END; next(reader)) {
		depth += token_is_char(&reader->token, '(');
		depth -= token_is_char(&reader->token, ')');
		if (depth > 0 || !token_is(&reader->token, "into"))
			continue;
		next(reader);
		if (skip_word(reader, "temp") || skip_word(reader, "temporary"))
			reader->ddl->temporary = true;
		skip_word(reader, "table");
		read_names(reader);
		if (reader->ddl->names.count > 0 &&
		    reader->ddl->names.items[0].name[0] == '#')
			reader->ddl->temporary = true;
		return;
	}
}

static bool find_object(const struct statement *statement, enum ddl_object *out)
{
	for (size_t i = 0; i < COUNT_OF(objects); i++)
		if (strcmp(statement->object, objects[i].word) == 0) {
			*out = objects[i].object;
			return true;
		}
	return false;
}

/* Words between CREATE and the object, and CASCADE at the end. */
static void read_flags(struct ddl *ddl, const char *sql, size_t len,
		       const struct statement *statement)
{
	struct lexer lexer;
	struct token token;
	struct token last = { .kind = TOKEN_END };

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		if (token.at < statement->words_end) {
			ddl->temporary = ddl->temporary ||
					 token_is(&token, "temp") ||
					 token_is(&token, "temporary");
			ddl->external =
				ddl->external || token_is(&token, "external");
		}
		if (!token_is_char(&token, ';'))
			last = token;
	}
	ddl->cascade = token_is(&last, "cascade");
}

struct ddl *ddl_read(const char *sql, size_t len)
{
	struct ddl *ddl = mem_alloc(sizeof(*ddl));
	struct statement statement = classify(sql, len, true);
	struct reader reader = { .sql = sql, .ddl = ddl };

	if (statement.kind != STATEMENT_DDL)
		return ddl;
	lexer_init(&reader.lexer, sql, len, LEXER_ESCAPES, NULL);
	reader.lexer.at = statement.words_end;
	next(&reader);
	if (strcmp(statement.name, "SELECT INTO") == 0) {
		ddl->verb = DDL_CREATE;
		read_into(&reader, len);
		return ddl;
	}
	if (strcmp(statement.name, "COMMENT") == 0) {
		ddl->verb = DDL_COMMENT;
		read_comment(&reader);
		return ddl;
	}
	if (!find_object(&statement, &ddl->object))
		return ddl;
	read_flags(ddl, sql, len, &statement);
	if (str_starts(statement.name, "CREATE")) {
		ddl->verb = DDL_CREATE;
		read_create(&reader, len);
	} else if (str_starts(statement.name, "ALTER")) {
		ddl->verb = DDL_ALTER;
		read_alter(&reader);
	} else if (str_starts(statement.name, "DROP")) {
		ddl->verb = DDL_DROP;
		skip_if_exists(&reader);
		read_names(&reader);
	}
	return ddl;
}

void ddl_free(struct ddl *ddl)
{
	if (ddl == NULL)
		return;
	for (size_t i = 0; i < ddl->names.count; i++)
		name_done(&ddl->names.items[i]);
	vec_done(&ddl->names);
	for (size_t i = 0; i < ddl->columns.count; i++) {
		mem_free(ddl->columns.items[i].name);
		mem_free(ddl->columns.items[i].type);
	}
	vec_done(&ddl->columns);
	name_done(&ddl->like);
	mem_free(ddl->new_name);
	mem_free(ddl);
}
