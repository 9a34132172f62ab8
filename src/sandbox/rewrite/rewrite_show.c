/* sandbox/rewrite/rewrite_show.c - SHOW of what the catalog holds: each form
 * is a row, and becomes a query of the function of views_show.sql that answers
 * it. */
#include <stdlib.h>
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

#define LIMIT_MAX 10000

/* What stands behind the words of a form. */
enum operand {
	NO_OPERAND,
	DATABASE_NAME, /* db */
	SCHEMA_NAME,   /* [db.]schema */
	OBJECT_NAME,   /* [[db.]schema.]name */
	ROUTINE_NAME,  /* [[db.]schema.]name(type, ...) */
	ROUTINE_MAYBE, /* the same, parentheses and all may be missing */
	IDENTITY_NAME, /* user, ROLE r, PUBLIC */
};

enum {
	TAKES_LIKE = 1,
	TAKES_LIMIT = 2,
	TAKES_FOR = 4,        /* FOR identity */
	TAKES_FROM = 8,       /* FROM DATABASE db */
	TAKES_PARTITION = 32, /* PARTITION */
	IS_LISTING = 16, /* newer: can be turned off, ends at 10,000 rows */
};

static const struct form {
	const char *words;
	const char *call; /* function of views_show.sql; NULL: not here */
	enum operand operand;
	int takes;
	const char *object; /* wraps the operands: "show_schema", "" not */
	const char *extra;  /* further arguments */
	const char *like;   /* the column that LIKE is about */
} forms[] = {
	{ "databases from data catalog", NULL, NO_OPERAND, 0, "", "", "" },
	{ "databases", "show_databases", NO_OPERAND,
	  TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "", "database_name" },
	{ "schemas from database", "show_schemas", DATABASE_NAME,
	  TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "", "schema_name" },
	{ "tables from schema", "show_tables", SCHEMA_NAME,
	  TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "", "table_name" },
	{ "columns from table", "show_columns", OBJECT_NAME,
	  TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "", "column_name" },
	{ "functions from schema", "show_functions", SCHEMA_NAME,
	  TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "", "function_name" },
	{ "procedures from schema", "show_procedures", SCHEMA_NAME,
	  TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "", "procedure_name" },
	{ "parameters of function", "show_function_parameters", ROUTINE_NAME,
	  TAKES_LIKE | IS_LISTING, "", "", "parameter_name" },
	{ "parameters of procedure", "show_procedure_parameters", ROUTINE_NAME,
	  TAKES_LIKE | IS_LISTING, "", "", "parameter_name" },
	{ "constraints primary keys from table", "show_primary_keys",
	  OBJECT_NAME, TAKES_LIMIT | IS_LISTING, "", "", "" },
	{ "constraints foreign keys exported from table", "show_foreign_keys",
	  OBJECT_NAME, TAKES_LIMIT | IS_LISTING, "", ", true", "" },
	{ "constraints foreign keys from table", "show_foreign_keys",
	  OBJECT_NAME, TAKES_LIMIT | IS_LISTING, "", ", false", "" },
	{ "grants on database", "show_grants_on_database", DATABASE_NAME,
	  TAKES_FOR | TAKES_LIMIT | IS_LISTING, "", "", "" },
	{ "grants on schema", "show_grants_on", SCHEMA_NAME,
	  TAKES_FOR | TAKES_LIMIT | IS_LISTING, "show_schema", "", "" },
	{ "grants on table", "show_grants_on", OBJECT_NAME,
	  TAKES_FOR | TAKES_LIMIT | IS_LISTING, "show_relation", ", 'rvm'",
	  "" },
	{ "grants on function", "show_grants_on", ROUTINE_NAME,
	  TAKES_FOR | TAKES_LIMIT | IS_LISTING, "show_routine", ", 'f'", "" },
	{ "grants on procedure", "show_grants_on", ROUTINE_NAME,
	  TAKES_FOR | TAKES_LIMIT | IS_LISTING, "show_routine", ", 'p'", "" },
	{ "grants for", "show_grants_for", IDENTITY_NAME,
	  TAKES_FROM | TAKES_LIMIT | IS_LISTING, "", "", "" },
	{ "grants", NULL, NO_OPERAND, 0, "", "", "" },
	{ "column grants on table", "show_column_grants", OBJECT_NAME,
	  TAKES_FOR | TAKES_LIKE | TAKES_LIMIT | IS_LISTING, "", "",
	  "column_name" }, /* LIKE: Amazon's drivers send it */
	{ "datashares", "show_datashares", NO_OPERAND, TAKES_LIKE, "", "",
	  "share_name" },
	{ "table", "show_table", OBJECT_NAME, 0, "", "", "" },
	{ "view", "show_view", OBJECT_NAME, 0, "", "", "" },
	{ "procedure", "show_procedure", ROUTINE_MAYBE, 0, "", "", "" },
	{ "external table", "show_external_table", OBJECT_NAME, TAKES_PARTITION,
	  "", "", "" },
	{ "model", NULL, NO_OPERAND, 0, "", "", "" },
	{ "rls", NULL, NO_OPERAND, 0, "", "", "" },
	{ "masking", NULL, NO_OPERAND, 0, "", "", "" },
	{ "templates", NULL, NO_OPERAND, 0, "", "", "" },
	{ "template", NULL, NO_OPERAND, 0, "", "", "" },
	{ "use", NULL, NO_OPERAND, 0, "", "", "" },
};

/* One SHOW on its way to a query. */
struct show {
	struct work *work;
	const struct form *form;
	size_t at;           /* what is read next */
	struct str operands; /* arguments of the call */
	struct str who;      /* of FOR: a literal, "" not given */
	struct str database; /* of FROM DATABASE: a literal, "" */
	struct str like;     /* a literal, "" */
	long limit;          /* -1: not given */
	bool partitions;     /* PARTITION was given */
};

/* Drivers give names as parameters: SHOW TABLES FROM SCHEMA $1.$2. */
static bool is_part(const struct patch *patch, size_t at)
{
	const struct token *token = patch_at(patch, at);

	return token->kind == TOKEN_PARAM || token->kind == TOKEN_WORD ||
	       token->kind == TOKEN_NAME;
}

/* The end of a dotted name; at itself when there is none. */
static size_t name_end(const struct show *show, size_t at)
{
	const struct patch *patch = &show->work->patch;

	if (!is_part(patch, at))
		return at;
	while (token_is_char(patch_at(patch, at + 1), '.') &&
	       is_part(patch, at + 2))
		at += 2;
	return at + 1;
}

static void add_param(const struct token *token, struct str *out)
{
	str_addf(out, "%.*s::text", (int)token->len, token->text);
}

static void add_name(struct show *show, size_t at, struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct token *token = patch_at(&show->work->patch, at);

	if (token->kind == TOKEN_PARAM) {
		add_param(token, out);
		return;
	}
	work_name(show->work, at, &name);
	quote_literal(out, name.text, false);
}

/* A dotted name of up to most parts; those that are missing are NULL. */
static bool read_dotted(struct show *show, size_t most)
{
	size_t end = name_end(show, show->at);
	size_t parts = (end - show->at + 1) / 2;

	if (end == show->at || parts > most)
		return work_syntax(show->work,
				   end == show->at ? end
						   : show->at + 2 * most - 1);
	for (size_t i = 0; i < most; i++) {
		if (i > 0)
			str_add(&show->operands, ", ");
		if (i < most - parts)
			str_add(&show->operands, "NULL");
		else
			add_name(show, show->at + 2 * (i - (most - parts)),
				 &show->operands);
	}
	show->at = end;
	return true;
}

/* One type [at, to), a name or a mode before it is passed over. */
static bool add_type(struct show *show, size_t at, size_t to)
{
	struct work *work = show->work;
	CLEANUP(str_done) struct str type = STR_EMPTY;
	struct err ignored = ERR_EMPTY;
	struct work trial = *work;
	size_t end = at;

	if (to == at + 1 && patch_at(&work->patch, at)->kind == TOKEN_PARAM) {
		str_add(&show->operands, "to_regtype(");
		add_param(patch_at(&work->patch, at), &show->operands);
		str_add_char(&show->operands, ')');
		return true;
	}
	trial.err = &ignored;
	while (at < to &&
	       (!rewrite_type(&trial, at, NULL, &end, &type) || end != to)) {
		str_clear(&type);
		err_clear(&ignored);
		at++;
	}
	if (at == to)
		return work_syntax(work, to);
	quote_literal(&show->operands, type.text, false);
	str_add(&show->operands, "::regtype");
	return true;
}

/* (type, ...) of a routine. */
static bool read_types(struct show *show)
{
	const struct patch *patch = &show->work->patch;
	size_t close = patch->items[show->at].pair;
	bool first = true;

	str_add(&show->operands, ", ARRAY[");
	for (size_t at = show->at + 1; at < close;) {
		size_t comma = patch_find(patch, at, close, ",");
		size_t to = comma == PATCH_NONE ? close : comma;

		str_add(&show->operands, first ? "" : ", ");
		if (!add_type(show, at, to))
			return false;
		first = false;
		at = to + 1;
	}
	str_add(&show->operands, "]::regtype[]");
	show->at = close + 1;
	return true;
}

static bool read_routine(struct show *show, bool maybe)
{
	if (!read_dotted(show, 3))
		return false;
	if (token_is_char(patch_at(&show->work->patch, show->at), '('))
		return read_types(show);
	if (!maybe)
		return work_syntax(show->work, show->at);
	str_add(&show->operands, ", NULL");
	return true;
}

static bool read_identity(struct show *show, struct str *out)
{
	show->at += patch_match(&show->work->patch, show->at, "role");
	if (name_end(show, show->at) != show->at + 1)
		return work_syntax(show->work, show->at);
	add_name(show, show->at, out);
	show->at++;
	return true;
}

static bool read_operands(struct show *show)
{
	switch (show->form->operand) {
	case NO_OPERAND:
		return true;
	case DATABASE_NAME:
		return read_dotted(show, 1);
	case SCHEMA_NAME:
		return read_dotted(show, 2);
	case OBJECT_NAME:
		return read_dotted(show, 3);
	case ROUTINE_NAME:
		return read_routine(show, false);
	case ROUTINE_MAYBE:
		return read_routine(show, true);
	case IDENTITY_NAME:
		return read_identity(show, &show->operands);
	}
	return true;
}

static bool read_like(struct show *show)
{
	const struct token *token = patch_at(&show->work->patch, show->at);
	CLEANUP(str_done) struct str pattern = STR_EMPTY;

	if (token->kind == TOKEN_PARAM) {
		add_param(token, &show->like);
	} else if (token->kind == TOKEN_LITERAL) {
		quote_literal_read(&pattern, token->text, token->len,
				   token->escapes);
		quote_literal(&show->like, pattern.text, false);
	} else {
		return work_syntax(show->work, show->at);
	}
	show->at++;
	return true;
}

static bool read_limit(struct show *show)
{
	const struct token *token = patch_at(&show->work->patch, show->at);
	long value;

	if (token->kind != TOKEN_NUMBER)
		return work_syntax(show->work, show->at);
	value = strtol(token->text, NULL, 10);
	if (value > LIMIT_MAX)
		return work_refuse(show->work, show->at, "22023",
				   "LIMIT of SHOW must be between 0 and %d",
				   LIMIT_MAX);
	show->limit = value;
	show->at++;
	return true;
}

/* FOR, FROM DATABASE, LIKE and LIMIT, in this order. */
static bool read_clauses(struct show *show)
{
	const struct patch *patch = &show->work->patch;
	int takes = show->form->takes;

	if ((takes & TAKES_FOR) && patch_match(patch, show->at, "for")) {
		show->at++;
		if (!read_identity(show, &show->who))
			return false;
	}
	if ((takes & TAKES_FROM) &&
	    patch_match(patch, show->at, "from database")) {
		add_name(show, show->at + 2, &show->database);
		show->at += 3;
	}
	if ((takes & TAKES_PARTITION) &&
	    patch_match(patch, show->at, "partition")) {
		show->partitions = true;
		show->at++;
	}
	if ((takes & TAKES_LIKE) && patch_match(patch, show->at, "like")) {
		show->at++;
		if (!read_like(show))
			return false;
	}
	if ((takes & TAKES_LIMIT) && patch_match(patch, show->at, "limit")) {
		show->at++;
		if (!read_limit(show))
			return false;
	}
	return show->at >= patch->count || work_syntax(show->work, show->at);
}

static const char *or_null(const struct str *literal)
{
	return literal->len > 0 ? literal->text : "NULL";
}

/* FROM and WHERE of the query. */
static void add_source(const struct show *show, struct str *out)
{
	const struct form *form = show->form;

	str_addf(out, " FROM " REWRITE_SCHEMA ".%s(", form->call);
	if (form->object[0] != '\0')
		str_addf(out, REWRITE_SCHEMA ".%s(%s%s)", form->object,
			 show->operands.text, form->extra);
	else
		str_addf(out, "%s%s", show->operands.text, form->extra);
	if (form->takes & TAKES_FOR)
		str_addf(out, ", %s", or_null(&show->who));
	if (form->takes & TAKES_FROM)
		str_addf(out, ", %s", or_null(&show->database));
	if (form->takes & TAKES_PARTITION)
		str_addf(out, ", %s", show->partitions ? "true" : "false");
	str_add(out, ") x");
	if (show->like.len > 0)
		str_addf(out, " WHERE x.%s LIKE %s", form->like,
			 show->like.text);
}

static void write_query(struct show *show)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct work *work = show->work;

	str_add(&sql, "SELECT x.*");
	add_source(show, &sql);
	if (show->limit >= 0) {
		str_addf(&sql, " LIMIT %ld", show->limit);
	} else if (show->form->takes & IS_LISTING) {
		str_addf(&sql,
			 "%s " REWRITE_SCHEMA ".show_limit((SELECT count(*)",
			 show->like.len > 0 ? " AND" : " WHERE");
		add_source(show, &sql);
		str_add(&sql, "))");
	}
	patch_drop(&work->patch, 0, work->patch.count);
	patch_replace(&work->patch, 0, "%s", sql.text);
	work->out->tag = "SHOW";
}

static bool take_form(struct show *show)
{
	struct work *work = show->work;

	if (show->form->call == NULL)
		return work_later(work, 1, "SHOW");
	if ((show->form->takes & IS_LISTING) &&
	    work->rules->character.no_listings)
		return work_syntax(work, 1);
	if (!read_operands(show) || !read_clauses(show))
		return false;
	write_query(show);
	return true;
}

bool rewrite_show_catalog(struct work *work, bool *out_is)
{
	struct show show = {
		.work = work,
		.operands = STR_EMPTY,
		.who = STR_EMPTY,
		.database = STR_EMPTY,
		.like = STR_EMPTY,
		.limit = -1,
	};
	bool fine = true;

	*out_is = false;
	for (size_t i = 0; i < COUNT_OF(forms) && !*out_is; i++) {
		size_t words = patch_match(&work->patch, 1, forms[i].words);

		if (words == 0)
			continue;
		*out_is = true;
		show.form = &forms[i];
		show.at = 1 + words;
		fine = take_form(&show);
	}
	str_done(&show.operands);
	str_done(&show.who);
	str_done(&show.database);
	str_done(&show.like);
	return fine;
}
