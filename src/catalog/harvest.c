#include "catalog/harvest.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "catalog/question.h"
#include "catalog/stage.h"
#include "catalog/store.h"
#include "catalog/touched.h"
#include "catalog/words.h"
#include "data/lite.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "db/result.h"
#include "sql/quote.h"

enum {
	ROWS_MAX = 4000000, /* of one question: bounds the file */
	LATE_VIEWS_MAX = 200,
};

static const char WHY_CUT[] = "there are more than 4,000,000 of them; the rest "
			      "is not known here";

struct harvest {
	struct db *db;
	struct lite *lite;
	const struct touched *only; /* NULL: everything */
	struct stage stage;
	unsigned parts;  /* of only, perhaps more */
	unsigned failed; /* parts whose question failed */
	bool cut;        /* the last question had more than ROWS_MAX rows */
	struct str path; /* the search path; "": not asked */
	struct harvest_result *result;
};

/* ---- one question ---- */

static bool store_row(struct harvest *harvest, const char *insert,
		      const struct rows *rows, const struct rows_value *values,
		      struct err *err)
{
	struct lite_query *query = lite_query(harvest->lite, insert, err);

	if (query == NULL)
		return false;
	for (size_t i = 0; i < rows->column_count; i++)
		lite_bind_text(query, (int)i + 1, values[i].text);
	return lite_do(query, err);
}

static bool store_rows(struct harvest *harvest, const char *insert,
		       struct rows *rows, struct err *err)
{
	const struct rows_value *values;
	enum rows_step at;
	int64_t count = 0;

	while ((at = rows_next(rows, &values, err)) == ROWS_ROW) {
		harvest->cut = count >= ROWS_MAX;
		if (harvest->cut)
			continue;
		count++;
		if (!store_row(harvest, insert, rows, values, err))
			return false;
	}
	harvest->result->rows += count;
	return at == ROWS_END;
}

/* *out_server: the failure is the server's, not the store's. */
static bool ask(struct harvest *harvest, const char *sql, const char *insert,
		bool *out_server, struct err *err)
{
	CLEANUP(exec_freep)
	struct exec *exec = exec_start(harvest->db, sql, err);
	struct result *result;
	bool ok = exec != NULL;

	*out_server = true;
	harvest->cut = false;
	harvest->result->questions++;
	log_debug(LOG_CATALOG, "asks: %s", sql);
	if (exec != NULL)
		exec_stream(exec);
	while (exec != NULL && (result = exec_next(exec)) != NULL) {
		if (ok && result_kind(result) == RESULT_ERROR) {
			ok = dberr_to_err(result_error(result), err);
		} else if (ok && result_kind(result) == RESULT_ROWS) {
			*out_server = false;
			ok = store_rows(harvest, insert, result_rows(result),
					err);
			if (!ok && result_error(result) != NULL)
				*out_server = true;
		}
		result_free(result);
	}
	return ok;
}

/* A failure that spoils only what was asked: it is the server's, and the
 * connection has survived it. */
static bool is_harmless(const struct harvest *harvest, bool server,
			const struct err *err)
{
	return server && db_is_alive(harvest->db) && err->kind != ERR_CANCELLED;
}

/* ---- which questions ---- */

static void add_names(const struct harvest *harvest, const char *column,
		      struct str *out)
{
	str_addf(out, " and %s in (", column);
	for (size_t i = 0; i < harvest->only->count; i++) {
		str_add(out, i > 0 ? ", " : "");
		quote_literal(out, harvest->only->items[i],
			      db_backslash_escapes(harvest->db));
	}
	str_add_char(out, ')');
}

static bool only_some(const struct harvest *harvest,
		      const struct question *question)
{
	if (harvest->only == NULL || question->named == NULL)
		return false;
	return question->part != PART_RELATIONS ||
	       !harvest->only->all_relations;
}

/* The text with what stands for its %s. */
static void add_sql(const char *sql, const char *inserted, struct str *out)
{
	const char *at = strstr(sql, "%s");

	if (at == NULL) {
		str_add(out, sql);
		return;
	}
	str_add_slice(out, sql, (size_t)(at - sql));
	str_add(out, inserted);
	str_add(out, at + 2);
}

static bool has_rows(struct harvest *harvest, const char *sql)
{
	struct lite_query *query = lite_query(harvest->lite, sql, NULL);
	bool found = query != NULL && lite_step(query, NULL) == LITE_ROW;

	if (found)
		lite_reset(query);
	return found;
}

/* What is known not to exist is not asked for. */
static bool is_needless(struct harvest *harvest,
			const struct question *question)
{
	switch (question->part) {
	case PART_LATE:
		return !has_rows(harvest, "select 1 from temp.s_relations"
					  " where kind = 3 limit 1");
	case PART_EXTERNAL:
	case PART_PARTITIONS:
		return (harvest->stage.parts & PART_EXTERNAL_SCHEMAS) != 0 &&
		       !has_rows(harvest, "select 1 from temp.s_schemas"
					  " where kind = 'external' limit 1");
	default:
		return false;
	}
}

static bool is_wanted(struct harvest *harvest, const struct question *question)
{
	if (harvest->only == NULL)
		return !is_needless(harvest, question);
	if ((harvest->parts & question->part) == 0 ||
	    (only_some(harvest, question) && harvest->only->count == 0))
		return false;
	return !is_needless(harvest, question);
}

/* ---- late-binding views ---- */

/* A view without columns in pg_attribute. */
static bool mark_late_views(struct harvest *harvest, struct err *err)
{
	return lite_run(harvest->lite,
			"update temp.s_relations set kind = 3 where kind = 1"
			" and oid > 0 and not exists (select 1"
			" from temp.s_columns c where c.oid = s_relations.oid)",
			err);
}

struct names {
	VEC(char *);
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->items[i]);
	vec_done(names);
}

/* The literal 'schema.view' of each. */
static bool list_late_views(struct harvest *harvest, struct names *out,
			    struct err *err)
{
	struct lite_query *query =
		lite_query(harvest->lite,
			   "select s.name, r.name from temp.s_relations r"
			   " join temp.s_schemas s on s.oid = r.schema_oid"
			   " where r.kind = 3 order by s.name, r.name limit ?1",
			   err);
	bool escapes = db_backslash_escapes(harvest->db);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, LATE_VIEWS_MAX);
	while (lite_step(query, NULL) == LITE_ROW) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str literal = STR_EMPTY;

		quote_qualified(&name, lite_text(query, 0),
				lite_text(query, 1));
		quote_literal(&literal, name.text, escapes);
		vec_push(out, str_take(&literal));
	}
	lite_reset(query);
	return true;
}

/* One broken view spoils the question for all of them: one by one. */
static bool ask_late_views(struct harvest *harvest, const char *insert,
			   struct err *err)
{
	CLEANUP(names_done) struct names views = { 0 };
	CLEANUP(str_done) struct str why = STR_EMPTY;
	int broken = 0;

	if (!list_late_views(harvest, &views, err))
		return false;
	for (size_t i = 0; i < views.count; i++) {
		CLEANUP(str_done) struct str sql = STR_EMPTY;
		struct err one = ERR_EMPTY;
		bool server;

		add_sql(question_late_view, views.items[i], &sql);
		if (ask(harvest, sql.text, insert, &server, &one))
			continue;
		if (!is_harmless(harvest, server, &one)) {
			*err = one;
			return false;
		}
		if (broken++ == 0)
			str_addf(&why, "%s: %s", views.items[i], one.message);
	}
	if (broken > 1)
		str_addf(&why, " (and %d more)", broken - 1);
	return stage_note_missing(
		harvest->lite, "columns of late-binding views", why.text, err);
}

/* ---- all of them ---- */

static bool note_failure(struct harvest *harvest,
			 const struct question *question,
			 const struct err *failed, struct err *err)
{
	log_debug(LOG_CATALOG, "no %s: %s", question->name, failed->message);
	harvest->result->skipped++;
	if ((harvest->stage.parts & question->part) == 0)
		harvest->failed |= question->part;
	return stage_note_missing(harvest->lite, question->name,
				  failed->message, err);
}

static bool ask_question(struct harvest *harvest,
			 const struct question *question, const char *sql,
			 struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	struct err failed = ERR_EMPTY;
	bool server = true;

	/* The function knows all views or none. */
	if (question->part == PART_LATE && harvest->only != NULL)
		return ask_late_views(harvest, question->insert, err);
	if (only_some(harvest, question))
		add_names(harvest, question->named, &names);
	add_sql(sql, names.text, &whole);
	if (ask(harvest, whole.text, question->insert, &server, &failed)) {
		if ((harvest->failed & question->part) == 0)
			harvest->stage.parts |= question->part;
		return stage_note_missing(harvest->lite, question->name,
					  harvest->cut ? WHY_CUT : "", err);
	}
	if (!question->optional || !is_harmless(harvest, server, &failed)) {
		*err = failed;
		return err_wrap(err, "reading %s of the catalog",
				question->name);
	}
	if (question->part == PART_LATE)
		return ask_late_views(harvest, question->insert, err);
	return note_failure(harvest, question, &failed, err);
}

static bool ask_all(struct harvest *harvest, struct err *err)
{
	bool redshift = db_is_redshift(harvest->db);

	for (const struct question *question = question_table;
	     question->name != NULL; question++) {
		const char *sql =
			redshift ? question->redshift : question->postgres;

		if (sql == NULL || !is_wanted(harvest, question))
			continue;
		if (!ask_question(harvest, question, sql, err))
			return false;
		if (redshift && question->part == PART_COLUMNS &&
		    !mark_late_views(harvest, err))
			return false;
	}
	return true;
}

/* ---- the database itself ---- */

static void read_path(struct harvest *harvest)
{
	CLEANUP(rows_freep)
	struct rows *rows =
		exec_query(harvest->db, "show search_path", NULL, NULL);
	const struct rows_value *values;

	harvest->result->questions++;
	if (rows != NULL && rows_next(rows, &values, NULL) == ROWS_ROW &&
	    values[0].text != NULL)
		str_set(&harvest->path, values[0].text);
}

static bool keep_database(struct harvest *harvest, struct err *err)
{
	struct lite_query *query = lite_query(
		harvest->lite,
		"insert into databases (name, harvested_ms, search_path)"
		" values (?1, ?2, ?3) on conflict (name) do update"
		" set previous_ms = harvested_ms, harvested_ms = ?2,"
		" search_path = ?3",
		err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, harvest->stage.database);
	lite_bind_number(query, 2, harvest->stage.now_ms);
	lite_bind_text(query, 3, harvest->path.text);
	return lite_do(query, err) &&
	       store_set_text(harvest->lite, "user", db_user(harvest->db), err);
}

/* The names of some relations; external ones are told of elsewhere. */
static bool add_asked(struct harvest *harvest, struct err *err)
{
	const struct touched *only = harvest->only;

	for (size_t i = 0; only != NULL && i < only->count; i++)
		if (!stage_add_name(harvest->lite, only->items[i], err))
			return false;
	if (only != NULL &&
	    has_rows(harvest, "select 1 from relations where kind = 2"
			      " and name in (select name from temp.s_asked)"))
		harvest->parts |= PART_EXTERNAL | PART_EXTERNAL_SCHEMAS;
	return true;
}

static bool collect(struct harvest *harvest, struct err *err)
{
	bool ok;

	if (!stage_begin(harvest->lite, &harvest->stage, err) ||
	    !add_asked(harvest, err))
		return false;
	if (harvest->only == NULL)
		read_path(harvest);
	/* Locks nobody out: only temporary tables are written to. */
	if (!lite_run(harvest->lite, "begin", err))
		return false;
	ok = ask_all(harvest, err);
	if (ok && lite_commit(harvest->lite, err))
		return true;
	lite_rollback(harvest->lite);
	return false;
}

static bool merge(struct harvest *harvest, struct err *err)
{
	struct lite *lite = harvest->lite;

	if (!lite_begin(lite, err))
		return false;
	if (stage_merge(lite, &harvest->stage, &harvest->result->changes,
			err) &&
	    (harvest->only != NULL ||
	     (words_prune(lite, err) && keep_database(harvest, err))) &&
	    lite_commit(lite, err))
		return true;
	lite_rollback(lite);
	return err_wrap(err, "writing the cache of names");
}

bool harvest_run(struct db *db, struct lite *lite, const struct touched *only,
		 int64_t now_ms, struct harvest_result *out_result,
		 struct err *err)
{
	struct err own = ERR_EMPTY;
	struct harvest harvest = {
		.db = db,
		.lite = lite,
		.only = only != NULL && only->all ? NULL : only,
		.result = out_result,
		.path = STR_EMPTY,
		.stage = { .database = db_name(db), .now_ms = now_ms },
	};
	bool ok;

	err = err != NULL ? err : &own;
	*out_result = (struct harvest_result){ 0 };
	harvest.parts = harvest.only != NULL ? harvest.only->parts : PART_ALL;
	harvest.stage.whole =
		harvest.only == NULL || harvest.only->all_relations;
	ok = collect(&harvest, err) && merge(&harvest, err);
	stage_end(lite);
	str_done(&harvest.path);
	return ok;
}
