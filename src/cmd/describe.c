#include "cmd/describe.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/describe_postgres.h"
#include "cmd/pattern.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "shell/command.h"
#include "shell/session.h"
#include "sql/quote.h"

struct relation {
	char *oid;
	char *schema;
	char *name;
	char kind; /* r table, v view, m (stand-ins), x external */
	char *owner;
};

struct relations {
	VEC(struct relation);
};

/* What Redshift adds to a column, by column name. */
struct extra {
	char *encoding;
	bool distkey;
	int sortkey; /* 0: none; negative in interleaved keys */
	char *default_text;
};

static void relations_done(struct relations *relations)
{
	for (size_t i = 0; i < relations->count; i++) {
		mem_free(relations->items[i].oid);
		mem_free(relations->items[i].schema);
		mem_free(relations->items[i].name);
		mem_free(relations->items[i].owner);
	}
	vec_done(relations);
}

static void free_extra(void *value)
{
	struct extra *extra = value;

	mem_free(extra->encoding);
	mem_free(extra->default_text);
	mem_free(extra);
}

static const char *or_empty(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

static bool is_true(const struct rows_value *value)
{
	return value->text != NULL &&
	       (value->text[0] == 't' || value->text[0] == 'T');
}

static void add_literal(struct session *session, const char *text,
			struct str *out)
{
	quote_literal(out, text, db_backslash_escapes(session_db(session)));
}

/* "where schema and table are ...", by the columns a view calls them. */
static void add_where(struct session *session, const struct relation *relation,
		      const char *schema, const char *table, struct str *out)
{
	str_addf(out, " where %s = ", schema);
	add_literal(session, relation->schema, out);
	str_addf(out, " and %s = ", table);
	add_literal(session, relation->name, out);
}

/* ---- which relations ---- */

static bool run_find(struct session *session, const char *sql,
		     struct relations *out, struct err *err)
{
	CLEANUP(rows_freep)
	struct rows *rows = session_query(session, sql, err);
	const struct rows_value *values;
	enum rows_step step;

	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		struct relation relation = {
			.oid = mem_copy_text(or_empty(&values[0])),
			.schema = mem_copy_text(or_empty(&values[1])),
			.name = mem_copy_text(or_empty(&values[2])),
			.kind = or_empty(&values[3])[0],
			.owner = mem_copy_text(or_empty(&values[4])),
		};

		vec_push(out, relation);
	}
	return step == ROWS_END;
}

static bool find_relations(struct session *session, const char *pattern,
			   struct relations *out, struct err *err)
{
	static const struct pattern_columns local = {
		.schema = "n.nspname",
		.name = "c.relname",
		.visible = "pg_table_is_visible(c.oid)",
	};
	struct pattern_world world = {
		.escapes = db_backslash_escapes(session_db(session)),
		.folds = db_is_redshift(session_db(session)),
		.database = db_name(session_db(session)),
	};
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, "select c.oid, n.nspname, c.relname, c.relkind,"
		      " pg_get_userbyid(c.relowner)\n"
		      "from pg_class c\n"
		      "join pg_namespace n on n.oid = c.relnamespace\n"
		      "where c.relkind in ('r', 'v', 'm', 'p', 'f')");
	if (!pattern_where(pattern, &local, &world, &sql, err))
		return false;
	str_add(&sql, "\norder by 2, 3");
	return run_find(session, sql.text, out, err);
}

/* External tables are in no catalog of the leader; asking for them calls the
 * data catalog, so only a pattern that names a schema does. */
static bool find_external(struct session *session, const char *pattern,
			  struct relations *out, struct err *err)
{
	static const struct pattern_columns external = {
		.schema = "schemaname",
		.name = "tablename",
	};
	struct pattern_world world = {
		.escapes = db_backslash_escapes(session_db(session)),
		.folds = db_is_redshift(session_db(session)),
		.database = db_name(session_db(session)),
	};
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (strchr(pattern, '.') == NULL ||
	    !db_is_redshift(session_db(session)))
		return true;
	str_add(&sql, "select '', schemaname, tablename, 'x', ''\n"
		      "from svv_external_tables\nwhere true");
	if (!pattern_where(pattern, &external, &world, &sql, err))
		return false;
	str_add(&sql, "\norder by 2, 3");
	return run_find(session, sql.text, out, err);
}

/* ---- columns ---- */

/* Encoding, keys and default of each column, from the documented view. */
static bool read_extras(struct session *session,
			const struct relation *relation, struct map *extras,
			struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, "select column_name, encoding, distkey, sortkey,"
		      " column_default\nfrom svv_redshift_columns\n");
	add_where(session, relation, "schema_name", "table_name", &sql);
	str_add(&sql, " and database_name = ");
	add_literal(session, db_name(session_db(session)), &sql);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		struct extra *extra = mem_alloc(sizeof(*extra));

		extra->encoding = mem_copy_text(or_empty(&values[1]));
		extra->distkey = is_true(&values[2]);
		extra->sortkey = (int)strtol(or_empty(&values[3]), NULL, 10);
		extra->default_text = mem_copy_text(or_empty(&values[4]));
		map_put(extras, or_empty(&values[0]), extra);
	}
	return step == ROWS_END;
}

/* Name, type, not null, default, comment. Late-binding views and external
 * tables have no pg_attribute rows: the views know them. */
static void columns_sql(struct session *session,
			const struct relation *relation, bool local,
			struct str *out)
{
	if (!local && relation->kind == 'x') {
		str_add(out, "select columnname, external_type,"
			     " is_nullable = 'false', '', ''\n"
			     "from svv_external_columns\n");
		add_where(session, relation, "schemaname", "tablename", out);
		str_add(out, "\norder by columnnum");
		return;
	}
	if (!local) {
		str_add(out, "select column_name, data_type,"
			     " is_nullable = 'NO', column_default, ''\n"
			     "from svv_columns\n");
		add_where(session, relation, "table_schema", "table_name", out);
		str_add(out, "\norder by ordinal_position");
		return;
	}
	str_addf(out,
		 "select a.attname, format_type(a.atttypid, a.atttypmod),\n"
		 "  a.attnotnull, pg_get_expr(d.adbin, d.adrelid),\n"
		 "  p.description\n"
		 "from pg_attribute a\n"
		 "left join pg_attrdef d on d.adrelid = a.attrelid"
		 " and d.adnum = a.attnum\n"
		 "left join pg_description p on p.objoid = a.attrelid"
		 " and p.objsubid = a.attnum\n"
		 "where a.attrelid = %s and a.attnum > 0"
		 " and not a.attisdropped\n"
		 "order by a.attnum",
		 relation->oid);
}

static struct rows *read_columns(struct session *session,
				 const struct relation *relation, bool local,
				 struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	columns_sql(session, relation, local, &sql);
	return session_query(session, sql.text, err);
}

static struct rows_mem *start_table(const struct relation *relation,
				    bool verbose)
{
	CLEANUP(str_done) struct str title = STR_EMPTY;
	const char *what = relation->kind == 'r'   ? "Table"
			   : relation->kind == 'v' ? "View"
			   : relation->kind == 'x' ? "External table"
						   : "Materialized view";
	struct rows_mem *mem;

	str_addf(&title, "%s \"%s.%s\"", what, relation->schema,
		 relation->name);
	mem = rows_mem_new(title.text);
	rows_mem_column(mem, "Column", ROWS_TEXT);
	rows_mem_column(mem, "Type", ROWS_TEXT);
	rows_mem_column(mem, "Nullable", ROWS_TEXT);
	rows_mem_column(mem, "Default", ROWS_TEXT);
	if (relation->kind == 'r') {
		rows_mem_column(mem, "Encoding", ROWS_TEXT);
		rows_mem_column(mem, "DistKey", ROWS_TEXT);
		rows_mem_column(mem, "SortKey", ROWS_TEXT);
	}
	if (verbose)
		rows_mem_column(mem, "Description", ROWS_TEXT);
	return mem;
}

static void add_extra(struct rows_mem *mem, const struct extra *extra)
{
	rows_mem_add(mem, extra != NULL ? extra->encoding : "");
	rows_mem_add(mem, extra != NULL && extra->distkey ? "yes" : "");
	if (extra != NULL && extra->sortkey != 0)
		rows_mem_addf(mem, "%d", abs(extra->sortkey));
	else
		rows_mem_add(mem, "");
}

static void add_column(struct rows_mem *mem, const struct relation *relation,
		       const struct rows_value *values,
		       const struct map *extras, bool verbose)
{
	const struct extra *extra = map_get(extras, or_empty(&values[0]));
	const char *default_text = or_empty(&values[3]);

	/* IDENTITY columns have no expression of their own. */
	if (*default_text == '\0' && extra != NULL)
		default_text = extra->default_text;
	rows_mem_add(mem, or_empty(&values[0]));
	rows_mem_add(mem, or_empty(&values[1]));
	rows_mem_add(mem, is_true(&values[2]) ? "not null" : "");
	rows_mem_add(mem, default_text);
	if (relation->kind == 'r')
		add_extra(mem, extra);
	if (verbose)
		rows_mem_add(mem, or_empty(&values[4]));
}

static struct rows *columns_table(struct session *session,
				  const struct relation *relation,
				  const struct map *extras, bool verbose,
				  struct err *err)
{
	CLEANUP(rows_freep) struct rows *rows = NULL;
	CLEANUP(rows_mem_freep)
	struct rows_mem *mem = start_table(relation, verbose);
	const struct rows_value *values;
	enum rows_step step = ROWS_END;
	struct rows_mem *done;

	for (int local = relation->kind != 'x'; local >= 0; local--) {
		rows_free(rows);
		rows = read_columns(session, relation, local, err);
		if (rows == NULL)
			return NULL;
		while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
			add_column(mem, relation, values, extras, verbose);
		if (step == ROWS_FAILED)
			return NULL;
		if (rows_mem_count(mem) > 0)
			break;
	}
	done = mem;
	mem = NULL;
	return rows_mem_rows(done);
}

/* ---- footers ---- */

static int by_position(const void *a, const void *b)
{
	const struct extra *const *left = a, *const *right = b;

	return abs((*left)->sortkey) - abs((*right)->sortkey);
}

static const char *name_of(const struct map *extras, const struct extra *extra)
{
	const char *name;
	void *value;
	size_t at = 0;

	while (map_next(extras, &at, &name, &value))
		if (value == extra)
			return name;
	return "";
}

static void add_sort_key(const struct map *extras, struct str *footer)
{
	struct {
		VEC(const struct extra *);
	} keys = { 0 };
	bool interleaved = false;
	void *value;
	size_t at = 0;

	while (map_next(extras, &at, NULL, &value)) {
		const struct extra *extra = value;

		if (extra->sortkey == 0)
			continue;
		interleaved = interleaved || extra->sortkey < 0;
		vec_push(&keys, extra);
	}
	if (keys.count > 0)
		qsort(keys.items, keys.count, sizeof(*keys.items), by_position);
	for (size_t i = 0; i < keys.count; i++) {
		str_add(footer, i > 0         ? ", "
				: interleaved ? "Interleaved sort key: ("
					      : "Sort key: (");
		quote_name(footer, name_of(extras, keys.items[i]));
	}
	if (keys.count > 0)
		str_add(footer, ")\n");
	vec_done(&keys);
}

/* reldiststyle and releffectivediststyle of PG_CLASS_INFO. */
static const char *dist_style(const char *code)
{
	static const struct {
		const char *code;
		const char *text;
	} styles[] = {
		{ "0", "EVEN" },        { "1", "KEY" },
		{ "8", "ALL" },         { "9", "AUTO" },
		{ "10", "AUTO (ALL)" }, { "11", "AUTO (EVEN)" },
		{ "12", "AUTO (KEY)" },
	};

	for (size_t i = 0; i < COUNT_OF(styles); i++)
		if (strcmp(styles[i].code, code) == 0)
			return styles[i].text;
	return "unknown";
}

static bool add_dist_style(struct session *session,
			   const struct relation *relation,
			   const struct map *extras, struct str *footer,
			   struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	void *value;
	size_t at = 0;

	str_addf(&sql,
		 "select coalesce(releffectivediststyle, reldiststyle)\n"
		 "from pg_class_info\nwhere reloid = %s",
		 relation->oid);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	/* Other people's tables are not in the view. */
	if (rows_next(rows, &values, err) != ROWS_ROW)
		return true;
	str_addf(footer, "Distribution style: %s",
		 dist_style(or_empty(&values[0])));
	while (map_next(extras, &at, NULL, &value)) {
		const struct extra *extra = value;

		if (!extra->distkey)
			continue;
		str_add(footer, " (");
		quote_name(footer, name_of(extras, extra));
		str_add_char(footer, ')');
	}
	str_add_char(footer, '\n');
	return true;
}

static bool add_constraints(struct session *session,
			    const struct relation *relation, struct str *footer,
			    struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;
	bool first = true;

	str_addf(&sql,
		 "select conname, pg_get_constraintdef(oid)\n"
		 "from pg_constraint\nwhere conrelid = %s\n"
		 "order by contype desc, conname",
		 relation->oid);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		if (first)
			str_add(footer, "Constraints (not enforced):\n");
		first = false;
		str_addf(footer, "    \"%s\" %s\n", or_empty(&values[0]),
			 or_empty(&values[1]));
	}
	return step == ROWS_END;
}

static bool add_definition(struct session *session,
			   const struct relation *relation, struct str *footer,
			   struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	str_addf(&sql, "select pg_get_viewdef(%s)", relation->oid);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	if (rows_next(rows, &values, err) == ROWS_ROW)
		str_addf(footer, "View definition:\n%s\n",
			 or_empty(&values[0]));
	return true;
}

static bool make_footer(struct session *session,
			const struct relation *relation,
			const struct map *extras, bool verbose,
			struct str *footer, struct err *err)
{
	if (relation->kind == 'x')
		return true;
	if (relation->kind != 'r')
		return !verbose ||
		       add_definition(session, relation, footer, err);
	if (!add_dist_style(session, relation, extras, footer, err))
		return false;
	add_sort_key(extras, footer);
	if (!add_constraints(session, relation, footer, err))
		return false;
	if (verbose)
		str_addf(footer, "Owner: %s\n", relation->owner);
	return true;
}

/* Materialized views are views in pg_class. */
static bool is_materialized(struct session *session,
			    const struct relation *relation, bool *out_is,
			    struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	str_add(&sql, "select name\nfrom svv_mv_info\n");
	add_where(session, relation, "trim(schema_name)", "trim(name)", &sql);
	str_add(&sql, " and database_name = current_database()");
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	*out_is = rows_next(rows, &values, err) == ROWS_ROW;
	return true;
}

static bool describe_redshift(struct session *session,
			      struct relation *relation, bool verbose,
			      struct described *out, struct err *err)
{
	CLEANUP(map_freep) struct map *extras = map_new(free_extra);
	bool materialized = false;

	if (relation->kind == 'v' &&
	    !is_materialized(session, relation, &materialized, err))
		return false;
	if (materialized)
		relation->kind = 'm';

	if (relation->kind == 'r' &&
	    !read_extras(session, relation, extras, err))
		return false;
	out->rows = columns_table(session, relation, extras, verbose, err);
	return out->rows != NULL && make_footer(session, relation, extras,
						verbose, &out->footer, err);
}

static bool describe_one(struct session *session, struct relation *relation,
			 const struct args *args, struct err *err)
{
	struct described what = { .rows = NULL, .footer = STR_EMPTY };
	bool verbose = args_suffix(args, '+');
	bool ok;

	if (db_is_redshift(session_db(session)))
		ok = describe_redshift(session, relation, verbose, &what, err);
	else
		ok = describe_postgres(session, relation->oid, relation->kind,
				       verbose, &what, err);
	str_trim_end(&what.footer);
	if (!ok)
		rows_free(what.rows);
	else /* as psql: columns one below the other whatever \x says */
		ok = session_print_expanded(session, what.rows,
					    what.footer.text,
					    args_suffix(args, 'x'), err);
	str_done(&what.footer);
	return ok;
}

bool describe_relations(struct session *session, const struct args *args,
			struct err *err)
{
	const char *pattern = args_text(args, "PATTERN");
	struct relations relations = { 0 };
	bool ok = find_relations(session, pattern, &relations, err);

	if (ok && relations.count == 0)
		ok = find_external(session, pattern, &relations, err);
	if (ok && relations.count == 0) {
		session_found_none(session,
				   "Did not find any relation named \"%s\".",
				   pattern);
		ok = err_set(err, ERR_MISSING, "%s", "");
	}
	for (size_t i = 0; ok && i < relations.count; i++)
		ok = describe_one(session, &relations.items[i], args, err);
	relations_done(&relations);
	return ok;
}
