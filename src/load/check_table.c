#include "load/check_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "load/copy_args.h"
#include "load/copy_parse.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "sql/quote.h"

struct column {
	char *name;
	char *type; /* "character varying(20)" */
	long bytes; /* of VARCHAR and CHAR; 0: of another type */
	bool needs; /* NOT NULL, and neither default nor identity */
};

struct columns {
	VEC(struct column);
};

struct checking {
	const struct copyfrom *copy;
	struct copy_statement statement;
	struct columns columns;
	struct str schema; /* where the table is */
	struct str oid;
	size_t stops;
};

static void checking_done(struct checking *checking)
{
	for (size_t i = 0; i < checking->columns.count; i++) {
		mem_free(checking->columns.items[i].name);
		mem_free(checking->columns.items[i].type);
	}
	vec_done(&checking->columns);
	copy_statement_done(&checking->statement);
	str_done(&checking->schema);
	str_done(&checking->oid);
}

static const char *text_of(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

static void warn(const struct checking *checking, const char *text)
{
	const struct load_world *world = checking->copy->world;

	world->warn(world->context, text);
}

/* --- the columns --- */

enum {
	HEADER_BYTES = 4, /* of atttypmod */
	COLUMN_VALUES = 7,
};

static void columns_sql(const struct checking *checking, struct str *sql)
{
	const struct copy_statement *statement = &checking->statement;
	bool escapes = checking->copy->world->escapes;

	str_add(sql, "select a.attname, "
		     "pg_catalog.format_type(a.atttypid, a.atttypmod), "
		     "a.atttypmod, a.attnotnull, d.adsrc, n.nspname, c.oid "
		     "from pg_catalog.pg_attribute a "
		     "join pg_catalog.pg_class c on c.oid = a.attrelid "
		     "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
		     "left join pg_catalog.pg_attrdef d "
		     "on d.adrelid = a.attrelid and d.adnum = a.attnum "
		     "where a.attnum > 0 and not a.attisdropped "
		     "and c.relname = ");
	quote_literal(sql, statement->table, escapes);
	if (statement->schema != NULL) {
		str_add(sql, " and n.nspname = ");
		quote_literal(sql, statement->schema, escapes);
	} else {
		str_add(sql, " and pg_catalog.pg_table_is_visible(c.oid)");
	}
	str_add(sql, " order by a.attnum");
}

static void take_column(struct checking *checking,
			const struct rows_value *values)
{
	const char *type = text_of(&values[1]);
	struct column column = {
		.name = mem_copy_text(text_of(&values[0])),
		.type = mem_copy_text(type),
		.needs = text_of(&values[3])[0] == 't' &&
			 text_of(&values[4])[0] == '\0',
	};

	if (str_starts(type, "character"))
		column.bytes =
			strtol(text_of(&values[2]), NULL, 10) - HEADER_BYTES;
	vec_push(&checking->columns, column);
	str_set(&checking->schema, text_of(&values[5]));
	str_set(&checking->oid, text_of(&values[6]));
}

static bool read_columns(struct checking *checking, struct err *err)
{
	const struct load_world *world = checking->copy->world;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const struct rows_value *values;

	columns_sql(checking, &sql);
	CLEANUP(rows_freep)
	struct rows *rows = world->ask(world->context, sql.text, err);
	while (rows != NULL && rows->column_count == COLUMN_VALUES &&
	       rows_next(rows, &values, err) == ROWS_ROW)
		take_column(checking, values);
	return err->kind != ERR_CANCELLED;
}

/* --- fields and columns --- */

/* JSON and Avro go by name, and a list by its own order. */
static bool by_position(const struct checking *checking)
{
	const struct copyfrom *copy = checking->copy;

	return copy->looked && copy->infer.columns.count > 0 &&
	       !copy->infer.members && checking->columns.count > 0;
}

static const struct column *find_column(const struct checking *checking,
					const char *name)
{
	for (size_t i = 0; i < checking->columns.count; i++)
		if (str_equal_nocase(checking->columns.items[i].name, name))
			return &checking->columns.items[i];
	return NULL;
}

static size_t target_count(const struct checking *checking)
{
	return checking->statement.columns.count > 0
		       ? checking->statement.columns.count
		       : checking->columns.count;
}

/* The column that field at goes to; NULL: none. */
static const struct column *target(const struct checking *checking, size_t at)
{
	if (at >= target_count(checking))
		return NULL;
	if (checking->statement.columns.count > 0)
		return find_column(checking,
				   checking->statement.columns.items[at]);
	return &checking->columns.items[at];
}

static bool fits(const struct infer *infer, size_t at, const struct column *to)
{
	const struct infer_column *field = &infer->columns.items[at];

	return to != NULL && (!infer->header || field->column == NULL ||
			      str_equal_nocase(field->column, to->name));
}

static void add_map_row(const struct checking *checking, struct rows_mem *mem,
			size_t at)
{
	const struct infer *infer = &checking->copy->infer;
	bool has_field = at < infer->columns.count;
	const struct column *to = target(checking, at);
	const char *remark = "";

	if (has_field && infer->columns.items[at].name != NULL)
		rows_mem_add(mem, infer->columns.items[at].name);
	else if (has_field)
		rows_mem_addf(mem, "field %zu", at + 1);
	else
		rows_mem_add(mem, NULL);
	rows_mem_add(mem, to != NULL ? to->name : NULL);
	rows_mem_add(mem, to != NULL ? to->type : NULL);
	if (!has_field)
		remark = "no field for it";
	else if (to == NULL)
		remark = "no column for it";
	else if (!fits(infer, at, to))
		remark = find_column(checking,
				     infer->columns.items[at].column) != NULL
				 ? "named as another column"
				 : "another name";
	rows_mem_add(mem, remark);
}

/* Where each field goes, when that is not as the names say. */
static void show_map(const struct checking *checking)
{
	const struct load_world *world = checking->copy->world;
	const struct infer *infer = &checking->copy->infer;
	size_t fields = infer->columns.count;
	size_t columns = target_count(checking);
	bool good = fields == columns;
	struct rows_mem *mem;

	for (size_t i = 0; good && i < fields; i++)
		good = fits(infer, i, target(checking, i));
	if (good)
		return;
	mem = rows_mem_new("Where the fields go");
	rows_mem_column(mem, "file", ROWS_TEXT);
	rows_mem_column(mem, "column", ROWS_TEXT);
	rows_mem_column(mem, "type", ROWS_TEXT);
	rows_mem_column(mem, "remark", ROWS_TEXT);
	for (size_t i = 0; i < fields || i < columns; i++)
		add_map_row(checking, mem, i);
	world->preview(world->context, rows_mem_rows(mem));
}

/* A list leaves columns out: they get their default, or NULL. */
static void check_left_out(struct checking *checking)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t count = 0;

	for (size_t i = 0; i < checking->columns.count; i++) {
		const struct column *column = &checking->columns.items[i];
		bool listed = false;

		for (size_t j = 0; j < checking->statement.columns.count; j++)
			listed |= str_equal_nocase(
				checking->statement.columns.items[j],
				column->name);
		if (listed || !column->needs)
			continue;
		str_addf(&names, "%s%s", count++ > 0 ? ", " : "", column->name);
	}
	if (count == 0)
		return;
	str_addf(&text,
		 "the list of columns leaves out %s, which must not be NULL "
		 "and %s no default: add %s to the list, or a default to the "
		 "table",
		 names.text, count == 1 ? "has" : "have",
		 count == 1 ? "it" : "them");
	warn(checking, text.text);
	checking->stops++;
}

static bool is_text(const struct column *column)
{
	return column->bytes > 0;
}

static void check_empty(const struct checking *checking, size_t at,
			const struct column *to)
{
	const struct infer_column *field =
		&checking->copy->infer.columns.items[at];
	CLEANUP(str_done) struct str text = STR_EMPTY;

	/* an empty text is a text */
	if (!to->needs || is_text(to) || field->empty == 0)
		return;
	str_addf(&text,
		 "column %s must not be NULL, and %zu line%s of the sample "
		 "%s nothing there: mend the data, or alter the column",
		 to->name, field->empty, field->empty == 1 ? "" : "s",
		 field->empty == 1 ? "has" : "have");
	warn(checking, text.text);
}

enum { VARCHAR_BYTES_MAX = 65535 };

static void check_length(const struct checking *checking, size_t at,
			 const struct column *to)
{
	const struct infer_column *field =
		&checking->copy->infer.columns.items[at];
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!is_text(to) || field->longest <= (size_t)to->bytes ||
	    copy_options_has(&checking->statement.options,
			     COPY_TRUNCATECOLUMNS))
		return;
	str_addf(&text,
		 "column %s is %s, and the longest value of the sample has %zu "
		 "bytes (bytes count, not characters): ",
		 to->name, to->type, field->longest);
	if (str_starts(to->type, "character varying") &&
	    field->bytes <= VARCHAR_BYTES_MAX) {
		str_addf(&text, "alter table %s alter column ",
			 checking->copy->args->table.text);
		quote_name(&text, to->name);
		str_addf(&text,
			 " type varchar(%zu); (outside a block), or "
			 "add truncatecolumns",
			 field->bytes);
	} else {
		str_add(&text, "add truncatecolumns to cut it");
	}
	warn(checking, text.text);
}

static void check_fields(struct checking *checking)
{
	if (checking->statement.columns.count > 0 &&
	    checking->columns.count > 0)
		check_left_out(checking);
	if (!by_position(checking))
		return;
	show_map(checking);
	for (size_t i = 0; i < checking->copy->infer.columns.count; i++) {
		const struct column *to = target(checking, i);

		if (to == NULL)
			continue;
		check_empty(checking, i, to);
		check_length(checking, i, to);
	}
}

/* --- the right to insert --- */

/* What roles of the database and scoped permissions (FOR TABLES IN) give,
 * has_table_privilege need not see. */
static bool has_roles(const struct checking *checking, struct err *err)
{
	const struct load_world *world = checking->copy->world;
	const struct rows_value *values;

	CLEANUP(rows_freep)
	struct rows *rows = world->ask(
		world->context,
		"select 1 from svv_user_grants where user_name = current_user "
		"union all select 1 from svv_schema_privileges "
		"where privilege_scope <> 'SCHEMA' "
		"union all select 1 from svv_database_privileges "
		"where privilege_scope <> 'DATABASE' limit 1",
		err);
	/* what cannot be asked may be */
	return rows == NULL || rows_next(rows, &values, err) != ROWS_END;
}

static bool check_right(struct checking *checking, struct err *err)
{
	const struct load_world *world = checking->copy->world;
	const struct copy_statement *statement = &checking->statement;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct rows_value *values;
	bool certain;

	str_addf(&sql,
		 "select pg_catalog.has_table_privilege(c.oid, 'insert'), "
		 "current_user from pg_catalog.pg_class c where c.oid = %s",
		 checking->oid.text);
	CLEANUP(rows_freep)
	struct rows *rows = world->ask(world->context, sql.text, err);
	if (rows == NULL || rows->column_count != 2 ||
	    rows_next(rows, &values, err) != ROWS_ROW ||
	    text_of(&values[0])[0] != 'f')
		return err->kind != ERR_CANCELLED;
	certain = !has_roles(checking, err);
	if (err->kind == ERR_CANCELLED)
		return false;
	str_addf(&text,
		 "user %s may not insert into %s%s: its owner or an "
		 "administrator runs\n  grant insert on ",
		 text_of(&values[1]), checking->copy->args->table.text,
		 certain ? "" : ", unless by a role");
	quote_name(&text, checking->schema.text);
	str_add_char(&text, '.');
	quote_name(&text, statement->table);
	str_add(&text, " to ");
	quote_name(&text, text_of(&values[1]));
	str_add_char(&text, ';');
	warn(checking, text.text);
	checking->stops += certain;
	return true;
}

/* --- loaded before --- */

static void loads_sql(const struct checking *checking, struct str *sql)
{
	const struct copyfrom *copy = checking->copy;
	const struct copy_statement *statement = &checking->statement;
	bool escapes = copy->world->escapes;
	CLEANUP(str_done) struct str whole = STR_EMPTY;

	str_addf(&whole, "%s.%s", checking->schema.text, statement->table);
	str_add(sql, "select count(distinct d.file_name), max(h.end_time) "
		     "from sys_load_detail d join sys_load_history h "
		     "on h.query_id = d.query_id "
		     "where h.status = 'completed' "
		     "and h.database_name = current_database() "
		     "and trim(h.table_name) in (");
	quote_literal(sql, statement->table, escapes);
	str_add(sql, ", ");
	quote_literal(sql, whole.text, escapes);
	str_addf(sql,
		 ") and left(d.file_name, %zu) = ", strlen(statement->source));
	quote_literal(sql, statement->source, escapes);
}

/* COPY appends: the same files again are the same rows again. */
static bool check_loaded(const struct checking *checking, struct err *err)
{
	const struct copyfrom *copy = checking->copy;
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct rows_value *values;
	int64_t files;

	if (copy->args->replace || copy->args->truncate || copy->args->swap ||
	    copy->args->dry_run || copy_options_has(&copy->args->options, COPY_JOB))
		return true;
	loads_sql(checking, &sql);
	CLEANUP(rows_freep)
	struct rows *rows = world->ask(world->context, sql.text, err);
	if (rows == NULL || rows->column_count != 2 ||
	    rows_next(rows, &values, err) != ROWS_ROW)
		return err->kind != ERR_CANCELLED;
	files = strtoll(text_of(&values[0]), NULL, 10);
	if (files == 0)
		return true;
	units_add_count(&text, files);
	if (copy->source.objects >= files) {
		str_add(&text, " of ");
		units_add_count(&text, copy->source.objects);
	}
	str_addf(&text,
		 " file%s loaded into %s before, last on %.19s UTC: COPY adds "
		 "the rows once more (--replace takes the old ones out)",
		 files == 1 && copy->source.objects <= 1 ? " was" : "s were",
		 copy->args->table.text, text_of(&values[1]));
	warn(checking, text.text);
	return true;
}

/* --- all of it --- */

static bool is_s3(const struct checking *checking)
{
	return str_starts(checking->statement.source, "s3://") &&
	       !copy_options_has(&checking->statement.options, COPY_MANIFEST);
}

static bool ask_server(struct checking *checking, struct err *err)
{
	const struct load_world *world = checking->copy->world;
	struct err why = ERR_EMPTY;
	bool good = true;

	if (world->in_block(world->context) || checking->oid.len == 0)
		return true;
	world->progress(world->context, "asking the server about the table");
	good = check_right(checking, &why) &&
	       (!is_s3(checking) || check_loaded(checking, &why));
	world->progress(world->context, "");
	if (!good)
		*err = why;
	return good;
}

bool check_table(const struct copyfrom *copy, struct err *err)
{
	CLEANUP(checking_done)
	struct checking checking = { .copy = copy,
				     .statement = COPY_STATEMENT_EMPTY,
				     .schema = STR_EMPTY,
				     .oid = STR_EMPTY };
	const char *sql = copy->check_sql.text;
	struct err why = ERR_EMPTY;

	if (copy->columns.count == 0 ||
	    !copy_parse(&checking.statement, sql, strlen(sql), &why))
		return true;
	err_clear(&why);
	if (!read_columns(&checking, &why)) {
		*err = why;
		return false;
	}
	check_fields(&checking);
	if (!ask_server(&checking, err))
		return false;
	if (checking.stops == 0)
		return true;
	err_set(err, ERR_USAGE, "nothing was sent: COPY would be refused");
	return err_hint(err, "mend what is told above; --no-check sends it "
			     "all the same");
}
