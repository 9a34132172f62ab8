#include "catalog/harvest.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "catalog/store.h"
#include "catalog/words.h"
#include "data/lite.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "db/result.h"

struct step {
	const char *name;
	const char *sql;   /* on the server; its columns become ?1, ?2 */
	const char *clear; /* what of the store it fills anew */
	const char *insert;
	bool optional;
};

/* Schemas nobody completes: TOAST, other sessions' temporary tables, work
 * areas. Redshift's system views live in pg_catalog and stay. */
#define VISIBLE(column)                                                        \
	column " !~ '^pg_(toast|temp|internal|automv)'"                        \
	       " and " column " not in ('catalog_history')"                    \
	       " and " column " not like 'padb_%'"

/* kind: enum lookup_kind. Materialized views are 'v' on Redshift; their
 * hidden tables are mv_tbl__NAME__0. */
static const struct step steps[] = {
	{
		.name = "schemas",
		.sql = "select nspname from pg_namespace where " VISIBLE(
			"nspname"),
		.clear = "delete from schemas",
		.insert = "insert or ignore into schemas (database, name)"
			  " values (?9, ?1)",
	},
	{
		.name = "relations",
		.sql = "select n.nspname, c.relname,"
		       " case when c.relkind = 'r' then 0 else 1 end"
		       " from pg_class c"
		       " join pg_namespace n on n.oid = c.relnamespace"
		       " where c.relkind in ('r', 'v') and " VISIBLE(
			       "n.nspname") " and c.relname not like "
					    "'mv_tbl__%'",
		.clear = "delete from relations where kind <> 2",
		.insert = "insert or ignore into relations"
			  " (schema_id, name, kind) select id, ?2, ?3"
			  " from schemas where database = ?9 and name = ?1",
	},
	{
		.name = "columns",
		.sql = "select n.nspname, c.relname, a.attnum, a.attname,"
		       " format_type(a.atttypid, a.atttypmod)"
		       " from pg_attribute a"
		       " join pg_class c on c.oid = a.attrelid"
		       " join pg_namespace n on n.oid = c.relnamespace"
		       " where a.attnum > 0 and not a.attisdropped"
		       " and c.relkind in ('r', 'v') and " VISIBLE(
			       "n.nspname") " and c.relname not like "
					    "'mv_tbl__%'",
		.clear = "delete from columns where relation_id not in"
			 " (select id from relations where kind = 2)",
		.insert = "insert or ignore into columns"
			  " (relation_id, position, name, type) select r.id,"
			  " ?3, ?4, ?5 from relations r"
			  " join schemas s on s.id = r.schema_id"
			  " where s.database = ?9 and s.name = ?1"
			  " and r.name = ?2",
	},
	{
		.name = "functions",
		.sql = "select n.nspname, p.proname,"
		       " oidvectortypes(p.proargtypes)"
		       " from pg_proc p"
		       " join pg_namespace n on n.oid = p.pronamespace"
		       " where n.nspname not in ('pg_catalog',"
		       " 'information_schema') and " VISIBLE("n.nspname"),
		.clear = "delete from functions",
		.insert = "insert or ignore into functions"
			  " (schema_id, name, arguments, kind) select id, ?2,"
			  " ?3, 5 from schemas where database = ?9"
			  " and name = ?1",
		.optional = true,
	},
	{
		.name = "databases",
		.sql = "select datname from pg_database where datname not in"
		       " ('padb_harvest', 'template0', 'template1',"
		       " 'sys:internal')",
		.clear = "select 1",
		.insert = "insert or ignore into databases (name)"
			  " values (coalesce(?1, ?9))",
		.optional = true,
	},
	{
		.name = "users",
		.sql = "select usename from pg_user",
		.clear = "delete from names where what = 5",
		.insert = "insert or ignore into names (what, database, name)"
			  " values (5, '', coalesce(?1, ?9))",
		.optional = true,
	},
	{
		.name = "external tables",
		.sql = "select schemaname, tablename, 2"
		       " from svv_external_tables",
		.clear = "delete from relations where kind = 2",
		.insert = "insert or ignore into relations"
			  " (schema_id, name, kind) select id, ?2, ?3"
			  " from schemas where database = ?9 and name = ?1",
		.optional = true,
	},
	{
		.name = "external columns",
		.sql = "select schemaname, tablename, columnnum, columnname,"
		       " external_type from svv_external_columns",
		.clear = "delete from columns where relation_id in"
			 " (select id from relations where kind = 2)",
		.insert = "insert or ignore into columns"
			  " (relation_id, position, name, type) select r.id,"
			  " ?3, ?4, ?5 from relations r"
			  " join schemas s on s.id = r.schema_id"
			  " where s.database = ?9 and s.name = ?1"
			  " and r.name = ?2",
		.optional = true,
	},
};

static bool store_row(struct db *db, struct lite *lite, const struct step *step,
		      const struct rows *rows, const struct rows_value *values,
		      struct err *err)
{
	struct lite_query *query = lite_query(lite, step->insert, err);

	if (query == NULL)
		return false;
	for (size_t i = 0; i < rows->column_count; i++)
		lite_bind_text(query, (int)i + 1, values[i].text);
	lite_bind_text(query, 9, db_name(db));
	return lite_do(query, err);
}

static bool store_rows(struct db *db, struct lite *lite,
		       const struct step *step, struct rows *rows,
		       int64_t *total, struct err *err)
{
	const struct rows_value *values;
	enum rows_step at;

	while ((at = rows_next(rows, &values, err)) == ROWS_ROW) {
		if (!store_row(db, lite, step, rows, values, err))
			return false;
		(*total)++;
	}
	return at == ROWS_END;
}

/* *out_server: the failure is the server's, not the store's. */
static bool run_step(struct db *db, struct lite *lite, const struct step *step,
		     int64_t *total, bool *out_server, struct err *err)
{
	CLEANUP(exec_freep) struct exec *exec = exec_start(db, step->sql, err);
	struct result *result;
	bool ok = exec != NULL;

	*out_server = true;
	while (exec != NULL && (result = exec_next(exec)) != NULL) {
		if (!ok) {
			result_free(result);
			continue;
		}
		if (result_kind(result) == RESULT_ERROR) {
			ok = dberr_to_err(result_error(result), err);
		} else if (result_kind(result) == RESULT_ROWS) {
			*out_server = false;
			ok = lite_run(lite, step->clear, err) &&
			     store_rows(db, lite, step, result_rows(result),
					total, err);
			if (!ok && result_error(result) != NULL)
				*out_server = true;
		}
		result_free(result);
	}
	return ok;
}

static bool keep_database(struct db *db, struct lite *lite, int64_t now_ms,
			  struct err *err)
{
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(db, "show search_path", NULL, NULL);
	const struct rows_value *values;
	struct lite_query *query = lite_query(
		lite,
		"insert into databases (name, harvested_ms, search_path)"
		" values (?1, ?2, ?3) on conflict (name) do update"
		" set previous_ms = harvested_ms, harvested_ms = ?2,"
		" search_path = ?3",
		err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, db_name(db));
	lite_bind_number(query, 2, now_ms);
	if (rows != NULL && rows_next(rows, &values, NULL) == ROWS_ROW)
		lite_bind_text(query, 3, values[0].text);
	return lite_do(query, err) &&
	       store_set_text(lite, "user", db_user(db), err);
}

static bool run_steps(struct db *db, struct lite *lite,
		      struct harvest_result *out_result, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		bool server = true;

		if (run_step(db, lite, &steps[i], &out_result->rows, &server,
			     err))
			continue;
		/* A failed optional query must be the server's doing, and the
		 * connection must have survived it. */
		if (!steps[i].optional || !server || !db_is_alive(db) ||
		    (err != NULL && err->kind == ERR_CANCELLED))
			return err_wrap(err, "reading %s of the catalog",
					steps[i].name);
		log_debug(LOG_CATALOG, "no %s: %s", steps[i].name,
			  err != NULL ? err->message : "");
		out_result->skipped++;
		err_clear(err);
	}
	return true;
}

bool harvest_run(struct db *db, struct lite *lite, int64_t now_ms,
		 struct harvest_result *out_result, struct err *err)
{
	struct err own = ERR_EMPTY;

	err = err != NULL ? err : &own;
	*out_result = (struct harvest_result){ 0 };
	if (!lite_begin(lite, err))
		return false;
	if (!run_steps(db, lite, out_result, err) || !words_fill(lite, err) ||
	    !keep_database(db, lite, now_ms, err)) {
		lite_rollback(lite);
		return false;
	}
	return lite_commit(lite, err);
}
