#include "catalog/import.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "catalog/question.h"
#include "catalog/stage.h"
#include "catalog/words.h"
#include "data/csv.h"
#include "data/lite.h"

enum {
	FIELDS = 4, /* schema, table, column, type */
	BLOCK = 64 << 10,
	COLUMNS_MAX = 4000000,
};

struct import {
	struct lite *lite;
	struct import_result *result;
	struct str schema; /* of the line before */
	struct str table;
	int64_t schema_oid;
	int64_t table_oid;
	int64_t position;
};

static const char *const headings[FIELDS] = { "schema", "table", "column",
					      "type" };

static bool is_heading(const struct csv_record *record)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (!str_equal_nocase(record->fields[i].text, headings[i]))
			return false;
	return true;
}

/* The oid of the row of a bound query, 0: there is none. */
static int64_t take_oid(struct lite_query *query)
{
	int64_t oid = 0;

	if (lite_step(query, NULL) == LITE_ROW)
		oid = lite_number(query, 0);
	lite_reset(query);
	return oid;
}

static bool add_schema(struct import *import, const char *name, struct err *err)
{
	struct lite_query *query = lite_query(
		import->lite,
		"insert or ignore into temp.s_schemas (database, name, kind)"
		" values ('', ?1, 'local')",
		err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, name);
	if (!lite_do(query, err))
		return false;
	query = lite_query(import->lite,
			   "select oid from temp.s_schemas where name = ?1",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, name);
	import->schema_oid = take_oid(query);
	str_set(&import->schema, name);
	str_clear(&import->table);
	import->table_oid = 0;
	return true;
}

static bool add_table(struct import *import, const char *name, struct err *err)
{
	struct lite_query *query =
		lite_query(import->lite,
			   "insert or ignore into temp.s_relations"
			   " (schema_oid, name, kind) values (?1, ?2, 0)",
			   err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, import->schema_oid);
	lite_bind_text(query, 2, name);
	if (!lite_do(query, err))
		return false;
	import->result->tables += lite_changes(import->lite);
	query = lite_query(import->lite,
			   "select oid, (select coalesce(max(c.position), 0)"
			   " from temp.s_columns c where c.oid = r.oid)"
			   " from temp.s_relations r where schema_oid = ?1"
			   " and name = ?2",
			   err);
	if (query == NULL)
		return false;
	lite_bind_number(query, 1, import->schema_oid);
	lite_bind_text(query, 2, name);
	if (lite_step(query, err) != LITE_ROW)
		return false;
	import->table_oid = lite_number(query, 0);
	import->position = lite_number(query, 1);
	lite_reset(query);
	str_set(&import->table, name);
	return true;
}

/* A comma in a type need not stand in quotes. */
static void add_type(const struct csv_record *record, struct str *out)
{
	for (size_t i = FIELDS - 1; i < record->count; i++) {
		if (i >= FIELDS)
			str_add_char(out, ',');
		str_add(out, record->fields[i].text);
	}
}

static bool add_column(struct import *import, const struct csv_record *record,
		       struct err *err)
{
	const struct csv_field *fields = record->fields;
	CLEANUP(str_done) struct str type = STR_EMPTY;
	struct lite_query *query;

	if ((import->schema_oid == 0 ||
	     strcmp(import->schema.text, fields[0].text) != 0) &&
	    !add_schema(import, fields[0].text, err))
		return false;
	if ((import->table_oid == 0 ||
	     strcmp(import->table.text, fields[1].text) != 0) &&
	    !add_table(import, fields[1].text, err))
		return false;
	query = lite_query(import->lite,
			   "insert into temp.s_columns"
			   " (oid, position, name, type, marks)"
			   " values (?1, ?2, ?3, ?4, 0)",
			   err);
	if (query == NULL)
		return false;
	lite_bind_number(query, 1, import->table_oid);
	lite_bind_number(query, 2, ++import->position);
	lite_bind_text(query, 3, fields[2].text);
	add_type(record, &type);
	lite_bind_text(query, 4, type.text);
	import->result->columns++;
	return lite_do(query, err);
}

static bool add_record(struct import *import, const struct csv_record *record,
		       struct err *err)
{
	if (record->count == 1 && record->fields[0].len == 0)
		return true;
	if (record->count < FIELDS)
		return err_set(err, ERR_DATA,
			       "line %lld has %zu values, not schema, table,"
			       " column, type",
			       (long long)record->line, record->count);
	if (record->line == 1 && is_heading(record))
		return true;
	if (record->fields[0].len == 0 || record->fields[1].len == 0)
		return err_set(err, ERR_DATA,
			       "line %lld names no schema or no table",
			       (long long)record->line);
	if (import->result->columns >= COLUMNS_MAX)
		return err_set(err, ERR_DATA, "more than %d columns",
			       COLUMNS_MAX);
	return add_column(import, record, err);
}

static bool take_records(struct import *import, struct csv *csv,
			 struct err *err)
{
	const struct csv_record *record;
	enum csv_step step;

	while ((step = csv_next(csv, &record, err)) == CSV_RECORD)
		if (!add_record(import, record, err))
			return false;
	return step != CSV_BAD;
}

static struct csv *start(const char *bytes, size_t len)
{
	struct csv_dialect dialect = CSV_STANDARD;
	const char *end = memchr(bytes, '\n', len);

	if (memchr(bytes, '\t', end ? (size_t)(end - bytes) : len) != NULL)
		memcpy(dialect.delimiter, "\t", 2);
	return csv_new(&dialect);
}

static bool read_listing(struct import *import, int fd, struct err *err)
{
	CLEANUP(csv_freep) struct csv *csv = NULL;
	CLEANUP(mem_freep) char *block = mem_alloc(BLOCK);
	ssize_t got;

	while ((got = read(fd, block, BLOCK)) > 0) {
		if (csv == NULL)
			csv = start(block, (size_t)got);
		csv_feed(csv, block, (size_t)got);
		if (!take_records(import, csv, err))
			return false;
	}
	if (got < 0)
		return err_set_errno(err, errno, "cannot read it");
	if (csv == NULL)
		return true;
	csv_end(csv);
	return take_records(import, csv, err);
}

static bool stamp(struct lite *lite, int64_t now_ms, struct err *err)
{
	struct lite_query *query = lite_query(
		lite,
		"insert into databases (name, harvested_ms) values ('', ?1)"
		" on conflict (name) do update set"
		" previous_ms = harvested_ms, harvested_ms = ?1",
		err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, now_ms);
	return lite_do(query, err);
}

static bool stage_file(struct import *import, int fd, struct err *err)
{
	if (!lite_run(import->lite, "begin", err))
		return false;
	if (read_listing(import, fd, err) && lite_commit(import->lite, err))
		return true;
	lite_rollback(import->lite);
	return false;
}

static bool merge(struct lite *lite, const struct stage *stage, struct err *err)
{
	if (!lite_begin(lite, err))
		return false;
	if (stage_merge(lite, stage, NULL, err) && words_prune(lite, err) &&
	    stamp(lite, stage->now_ms, err) && lite_commit(lite, err))
		return true;
	lite_rollback(lite);
	return false;
}

bool import_listing(struct lite *lite, const char *path, int64_t now_ms,
		    struct import_result *out_result, struct err *err)
{
	struct stage stage = {
		.database = "",
		.now_ms = now_ms,
		.parts = PART_SCHEMAS | PART_RELATIONS | PART_COLUMNS,
		.whole = true,
		.imported = true,
	};
	struct import import = {
		.lite = lite,
		.result = out_result,
		.schema = STR_EMPTY,
		.table = STR_EMPTY,
	};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok;

	*out_result = (struct import_result){ 0 };
	if (fd < 0)
		return err_set_errno(err, errno, "%s", path);
	ok = stage_begin(lite, &stage, err) && stage_file(&import, fd, err) &&
	     merge(lite, &stage, err);
	stage_end(lite);
	close(fd);
	str_done(&import.schema);
	str_done(&import.table);
	return ok || err_wrap(err, "%s", path);
}
