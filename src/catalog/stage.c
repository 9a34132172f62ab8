#include "catalog/stage.h"

#include "catalog/stage_sql.h"
#include "catalog/words.h"
#include "data/lite.h"

static const char tables[] =
	"create temp table s_facts (database text, now_ms integer,"
	" parts integer, whole integer, first integer, imported integer);"
	"create temp table s_asked (name text primary key) without rowid;"
	"create temp table s_schemas (oid integer primary key, database text,"
	" name text, kind text, owner text, comment text, acl text,"
	" id integer, unique (database, name));"
	"create temp table s_relations (oid integer primary key,"
	" schema_oid integer, name text, kind integer, owner text,"
	" detail text, dist text, comment text, acl text,"
	" id integer, fresh integer not null default 0,"
	" unique (schema_oid, name));"
	"create temp table s_columns (oid integer, position integer,"
	" name text, type text, marks integer, sort integer, encoding text,"
	" value text, comment text, primary key (oid, position))"
	" without rowid;"
	"create temp table s_keys (oid integer, kind text, name text,"
	" parts text, to_schema text, to_relation text, to_parts text,"
	" primary key (oid, kind, name)) without rowid;"
	"create temp table s_comments (oid integer, position integer,"
	" comment text, primary key (oid, position)) without rowid;"
	"create temp table s_functions (oid integer primary key,"
	" schema_oid integer, name text, arguments text, names text,"
	" kind integer, returns text, language text, comment text);"
	"create temp table s_databases (name text primary key, kind text,"
	" owner text) without rowid;"
	"create temp table s_names (what integer, database text, name text,"
	" detail text, primary key (what, database, name)) without rowid;"
	"create temp table s_partitions (oid integer, keys text,"
	" location text, primary key (oid, keys)) without rowid;"
	"create temp table s_missing (what text primary key, why text)"
	" without rowid;"
	"create temp table gone (id integer primary key, schema text,"
	" name text, kind integer);"
	"create temp table was (relation_id integer, position integer,"
	" name text, type text, primary key (relation_id, position))"
	" without rowid;"
	"create temp table is_now (relation_id integer, position integer,"
	" name text, type text, primary key (relation_id, position))"
	" without rowid;";

static const char drop[] = "drop table if exists temp.s_facts;"
			   "drop table if exists temp.s_asked;"
			   "drop table if exists temp.s_schemas;"
			   "drop table if exists temp.s_relations;"
			   "drop table if exists temp.s_columns;"
			   "drop table if exists temp.s_keys;"
			   "drop table if exists temp.s_comments;"
			   "drop table if exists temp.s_functions;"
			   "drop table if exists temp.s_databases;"
			   "drop table if exists temp.s_names;"
			   "drop table if exists temp.s_partitions;"
			   "drop table if exists temp.s_missing;"
			   "drop table if exists temp.gone;"
			   "drop table if exists temp.was;"
			   "drop table if exists temp.is_now;";

bool stage_begin(struct lite *lite, const struct stage *stage, struct err *err)
{
	struct lite_query *query;

	if (!lite_run(lite, drop, err) || !lite_run(lite, tables, err))
		return false;
	query = lite_query(
		lite,
		"insert into temp.s_facts values (?1, ?2, 0, ?3,"
		" not exists (select 1 from main.databases where name = ?1"
		" and harvested_ms > 0), ?4)",
		err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, stage->database);
	lite_bind_number(query, 2, stage->now_ms);
	lite_bind_number(query, 3, stage->whole);
	lite_bind_number(query, 4, stage->imported);
	return lite_do(query, err);
}

bool stage_add_name(struct lite *lite, const char *name, struct err *err)
{
	struct lite_query *query = lite_query(
		lite, "insert or ignore into temp.s_asked values (?1)", err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, name);
	return lite_do(query, err);
}

bool stage_note_missing(struct lite *lite, const char *what, const char *why,
			struct err *err)
{
	struct lite_query *query = lite_query(
		lite, "insert or replace into temp.s_missing values (?1, ?2)",
		err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, what);
	lite_bind_text(query, 2, why);
	return lite_do(query, err);
}

static bool set_facts(struct lite *lite, const struct stage *stage,
		      struct err *err)
{
	struct lite_query *query =
		lite_query(lite, "update temp.s_facts set parts = ?1", err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, stage->parts);
	return lite_do(query, err);
}

static bool merge_all(struct lite *lite, const struct stage *stage,
		      struct err *err)
{
	if (!set_facts(lite, stage, err))
		return false;
	for (const char *const *step = stage_steps; *step != NULL; step++)
		if (!lite_run(lite, *step, err))
			return false;
	return words_fill_staged(lite, err);
}

static bool count_changes(struct lite *lite, int64_t *out, struct err *err)
{
	struct lite_query *query = lite_query(
		lite,
		"select count(*) from changes where seen_ms ="
		" (select now_ms from temp.s_facts)"
		" and database = (select database from temp.s_facts)",
		err);

	if (query == NULL || lite_step(query, err) != LITE_ROW)
		return false;
	*out = lite_number(query, 0);
	lite_reset(query);
	return true;
}

bool stage_merge(struct lite *lite, const struct stage *stage,
		 int64_t *out_changes, struct err *err)
{
	int64_t changes = 0;

	if (!merge_all(lite, stage, err) || !count_changes(lite, &changes, err))
		return false;
	if (out_changes != NULL)
		*out_changes = changes;
	return true;
}

void stage_end(struct lite *lite)
{
	lite_run(lite, drop, NULL);
}
