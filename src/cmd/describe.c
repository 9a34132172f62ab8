#include "cmd/describe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/definition_name.h"
#include "cmd/describe_postgres.h"
#include "cmd/describe_redshift.h"
#include "cmd/describe_similar.h"
#include "cmd/pattern.h"
#include "data/rows.h"
#include "db/conn.h"
#include "print/screen.h"
#include "shell/command.h"
#include "shell/session.h"

struct relations {
	VEC(struct describe_relation);
};

static void relations_done(struct relations *relations)
{
	for (size_t i = 0; i < relations->count; i++) {
		mem_free(relations->items[i].oid);
		mem_free(relations->items[i].schema);
		mem_free(relations->items[i].name);
		mem_free(relations->items[i].database);
	}
	vec_done(relations);
}

static const char *or_empty(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
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
		struct describe_relation relation = {
			.oid = mem_copy_text(or_empty(&values[0])),
			.schema = mem_copy_text(or_empty(&values[1])),
			.name = mem_copy_text(or_empty(&values[2])),
			.kind = or_empty(&values[3])[0],
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

	str_add(&sql, "select c.oid, n.nspname, c.relname, c.relkind\n"
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
			  bool always, struct relations *out, struct err *err)
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

	if ((!always && strchr(pattern, '.') == NULL) ||
	    !db_is_redshift(session_db(session)))
		return true;
	str_add(&sql, "select '', schemaname, tablename, 'x'\n"
		      "from svv_external_tables\nwhere true");
	if (!pattern_where(pattern, &external, &world, &sql, err))
		return false;
	str_add(&sql, "\norder by 2, 3");
	return run_find(session, sql.text, out, err);
}

/* ---- each of them ---- */

/* Comments and definitions of others: as cells, they give a terminal no
 * orders. */
static void shield(struct str *footer)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	screen_add(&shown, footer->text, footer->len);
	str_set(footer, shown.text);
}

static bool describe_one(struct session *session,
			 struct describe_relation *relation,
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
	if (db_is_redshift(session_db(session)))
		shield(&what.footer);
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

/* database.schema.name of a database that one is not connected to, whose
 * catalog is not to be seen: the relation that would be there. */
static bool is_abroad(struct session *session, const char *pattern,
		      struct relations *out)
{
	CLEANUP(definition_name_done)
	struct definition_name name = DEFINITION_NAME_EMPTY;
	struct describe_relation relation = { .kind = 'a' };

	if (!db_is_redshift(session_db(session)) ||
	    strpbrk(pattern, "*?") != NULL ||
	    !definition_name_read(pattern, &name, NULL) ||
	    name.database.len == 0 ||
	    strcmp(name.database.text, db_name(session_db(session))) == 0)
		return false;
	relation.oid = mem_copy_text("");
	relation.database = mem_copy_text(name.database.text);
	relation.schema = mem_copy_text(name.schema.text);
	relation.name = mem_copy_text(name.name.text);
	vec_push(out, relation);
	return true;
}

static void say_none(struct session *session, const char *pattern)
{
	CLEANUP(str_done) struct str meant = STR_EMPTY;

	session_found_none(session, "Did not find any relation named \"%s\".",
			   pattern);
	if (!db_is_redshift(session_db(session)))
		return;
	describe_similar(session, pattern, &meant);
	if (meant.len > 0)
		session_info(session, "Did you mean: \\d %s", meant.text);
	else if (strchr(pattern, '.') == NULL)
		session_info(session,
			     "Only schemas of the search path were looked "
			     "through; \\d *.%s looks into all.",
			     pattern);
}

bool describe_relations(struct session *session, const struct args *args,
			enum describe_which which, struct err *err)
{
	const char *pattern = args_text(args, "PATTERN");
	struct relations relations = { 0 };
	bool abroad = is_abroad(session, pattern, &relations);
	bool ok = abroad || which == DESCRIBE_EXTERNAL ||
		  find_relations(session, pattern, &relations, err);

	if (ok && relations.count == 0)
		ok = find_external(session, pattern, which == DESCRIBE_EXTERNAL,
				   &relations, err);
	if (ok && relations.count == 0) {
		say_none(session, pattern);
		ok = err_set(err, ERR_MISSING, "%s", "");
	}
	for (size_t i = 0; ok && i < relations.count; i++)
		ok = describe_one(session, &relations.items[i], args, err);
	if (!ok && abroad && err->kind == ERR_MISSING) {
		say_none(session, pattern);
		err_set(err, ERR_MISSING, "%s", "");
	}
	relations_done(&relations);
	return ok;
}
