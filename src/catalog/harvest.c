#include "catalog/harvest.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "catalog/store.h"
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
		.insert = "insert or ignore into schemas values (?1, 0)",
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
		.clear = "delete from relations where kind < 2",
		.insert = "insert or replace into relations"
			  " values (?1, ?2, ?3)",
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
		.clear = "delete from columns where not exists (select 1"
			 " from relations r where r.schema = columns.schema"
			 " and r.name = columns.relation and r.kind = 2)",
		.insert = "insert or replace into columns"
			  " values (?1, ?2, ?3, ?4, ?5)",
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
		.insert = "insert or ignore into functions values (?1, ?2, ?3)",
		.optional = true,
	},
	{
		.name = "databases",
		.sql = "select datname from pg_database where datname not in"
		       " ('padb_harvest', 'template0', 'template1',"
		       " 'sys:internal')",
		.clear = "delete from databases",
		.insert = "insert or ignore into databases values (?1)",
		.optional = true,
	},
	{
		.name = "users",
		.sql = "select usename from pg_user",
		.clear = "delete from users",
		.insert = "insert or ignore into users values (?1)",
		.optional = true,
	},
	{
		.name = "external tables",
		.sql = "select schemaname, tablename, 2"
		       " from svv_external_tables",
		.clear = "delete from relations where kind = 2",
		.insert = "insert or replace into relations"
			  " values (?1, ?2, ?3)",
		.optional = true,
	},
	{
		.name = "external columns",
		.sql = "select schemaname, tablename, columnnum, columnname,"
		       " external_type from svv_external_columns",
		.clear = "delete from columns where exists (select 1"
			 " from relations r where r.schema = columns.schema"
			 " and r.name = columns.relation and r.kind = 2)",
		.insert = "insert or replace into columns"
			  " values (?1, ?2, ?3, ?4, ?5)",
		.optional = true,
	},
};

static bool store_row(struct lite *lite, const struct step *step,
		      const struct rows *rows, const struct rows_value *values,
		      struct err *err)
{
	struct lite_query *query = lite_query(lite, step->insert, err);

	if (query == NULL)
		return false;
	for (size_t i = 0; i < rows->column_count; i++)
		lite_bind_text(query, (int)i + 1, values[i].text);
	return lite_do(query, err);
}

static bool store_rows(struct lite *lite, const struct step *step,
		       struct rows *rows, int64_t *total, struct err *err)
{
	const struct rows_value *values;
	enum rows_step at;

	while ((at = rows_next(rows, &values, err)) == ROWS_ROW) {
		if (!store_row(lite, step, rows, values, err))
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
			     store_rows(lite, step, result_rows(result), total,
					err);
			if (!ok && result_error(result) != NULL)
				*out_server = true;
		}
		result_free(result);
	}
	return ok;
}

static bool set_place(struct lite *lite, const char *name, size_t len,
		      int place, struct err *err)
{
	struct lite_query *query = lite_query(
		lite, "update schemas set place = ?2 where name = ?1", err);

	if (query == NULL)
		return false;
	lite_bind_slice(query, 1, name, len);
	lite_bind_number(query, 2, place);
	return lite_do(query, err);
}

/* "$user", public: names between commas, perhaps in double quotes. */
static bool store_search_path(struct db *db, struct lite *lite, struct err *err)
{
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(db, "show search_path", NULL, NULL);
	const struct rows_value *values;
	const char *at;
	int place = 1;

	if (rows == NULL || rows_next(rows, &values, NULL) != ROWS_ROW ||
	    values[0].text == NULL)
		return true;
	for (at = values[0].text; *at != '\0';) {
		size_t len;

		at += strspn(at, " ,\"");
		len = strcspn(at, ",\"");
		if (len == 0)
			break;
		if (str_slice_equal(at, len, "$user")) {
			const char *user = db_user(db);

			if (!set_place(lite, user, strlen(user), place++, err))
				return false;
		} else if (!set_place(lite, at, len, place++, err)) {
			return false;
		}
		at += len;
	}
	return true;
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
	return store_search_path(db, lite, err);
}

bool harvest_run(struct db *db, struct lite *lite, int64_t now_ms,
		 struct harvest_result *out_result, struct err *err)
{
	struct err own = ERR_EMPTY;

	err = err != NULL ? err : &own;
	*out_result = (struct harvest_result){ 0 };
	if (!lite_begin(lite, err))
		return false;
	if (!run_steps(db, lite, out_result, err) ||
	    !store_set_number(lite, "harvested_ms", now_ms, err)) {
		lite_rollback(lite);
		return false;
	}
	return lite_commit(lite, err);
}
