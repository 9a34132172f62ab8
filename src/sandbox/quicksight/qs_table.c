#include "sandbox/quicksight/qs_table.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_warehouse.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/services/api_policy.h"
#include "sql/quote.h"

#define REFUSED "InvalidParameterValueException"

const struct json *qs_table_of(const struct json *map)
{
	const char *name;
	const struct json *value = NULL;
	size_t at = 0;

	if (json_count(map) == 1 && json_next(map, &at, &name, &value))
		return value;
	return NULL;
}

static const struct json *columns_of(const struct json *physical)
{
	const struct json *sql = json_key(physical, "CustomSql");

	return sql != NULL ? json_key(sql, "Columns")
			   : json_at(physical, "RelationalTable.InputColumns");
}

static void add_column_list(const struct json *columns, struct str *out)
{
	for (size_t i = 0; i < json_count(columns); i++) {
		const char *name =
			json_text(json_item(columns, i), "Name", "");

		str_add(out, i == 0 ? "" : ", ");
		quote_name_always(out, name, strlen(name));
	}
}

void qs_table_query(const struct json *physical, struct str *out_sql,
		    struct str *out_source)
{
	const struct json *sql = json_key(physical, "CustomSql");
	const struct json *table = json_key(physical, "RelationalTable");

	if (sql != NULL) {
		str_add(out_source, json_text(sql, "DataSourceArn", ""));
		str_add(out_sql, json_text(sql, "SqlQuery", ""));
		return;
	}
	str_add(out_source, json_text(table, "DataSourceArn", ""));
	str_add(out_sql, "select ");
	add_column_list(columns_of(physical), out_sql);
	str_add(out_sql, " from ");
	quote_qualified(out_sql, json_text(table, "Schema", NULL),
			json_text(table, "Name", ""));
}

/* --- what is given --- */

/* Kinds of tables that this sandbox cannot read. */
static bool check_kind(const struct json *in, const struct json *physical,
		       struct err *err)
{
	static const char *const lacking[] = { "S3Source", "SaaSTable",
					       "FileSource" };
	static const struct {
		const char *member;
		const char *instead;
	} outside[] = {
		{ "LogicalTableMap", "join, filter and rename in the query of "
				     "CustomSql" },
		{ "DataPrepConfiguration", "prepare the data in the query of "
					   "CustomSql" },
		{ "SemanticModelConfiguration", "leave it out here" },
		{ "RowLevelPermissionDataSet", "filter the rows in the query "
					       "of CustomSql, or by row-level "
					       "security of the warehouse" },
		{ "RowLevelPermissionTagConfiguration",
		  "filter the rows in the query of CustomSql, or by row-level "
		  "security of the warehouse" },
	};

	for (size_t i = 0; i < COUNT_OF(outside); i++)
		if (json_count(json_key(in, outside[i].member)) > 0)
			return s3_call_refuse(
				err, REFUSED, "the sandbox has no %s: %s",
				outside[i].member, outside[i].instead);
	if (physical == NULL)
		return s3_call_refuse(err, REFUSED,
				      "PhysicalTableMap must have one table: "
				      "the sandbox joins none; join in the "
				      "query of CustomSql");
	for (size_t i = 0; i < COUNT_OF(lacking); i++)
		if (json_key(physical, lacking[i]) != NULL)
			return s3_call_refuse(err, REFUSED,
					      "the sandbox has no %s: load it "
					      "into the warehouse by COPY and "
					      "take RelationalTable or "
					      "CustomSql",
					      lacking[i]);
	if (json_count(physical) != 1)
		return s3_call_refuse(err, REFUSED,
				      "A physical table must have one of "
				      "RelationalTable and CustomSql");
	return true;
}

static bool check_text(const struct json *physical, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, json_text(physical, "CustomSql.SqlQuery", ""));
	str_trim_end(&sql);
	if (json_key(physical, "CustomSql") != NULL &&
	    (sql.len == 0 || sql.text[sql.len - 1] == ';'))
		return s3_call_refuse(err, REFUSED,
				      "SqlQuery must be one query without a "
				      "semicolon at its end");
	return true;
}

static const struct json *find_column(const struct json *columns, size_t count,
				      const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(json_text(json_item(columns, i), "Name", ""),
			   name) == 0)
			return json_item(columns, i);
	return NULL;
}

static bool check_columns(const struct json *columns, struct err *err)
{
	if (json_count(columns) == 0)
		return s3_call_refuse(err, REFUSED,
				      "A physical table must have columns");
	for (size_t i = 0; i < json_count(columns); i++) {
		const struct json *column = json_item(columns, i);
		const char *name = json_text(column, "Name", "");
		bool decimal = strcmp(json_text(column, "Type", ""),
				      "DECIMAL") == 0;

		if (find_column(columns, i, name) != NULL)
			return s3_call_refuse(err, REFUSED,
					      "The column %s is there twice",
					      name);
		if (json_key(column, "SubType") != NULL && !decimal)
			return s3_call_refuse(err, REFUSED,
					      "Column %s: only DECIMAL has a "
					      "SubType",
					      name);
	}
	return true;
}

/* --- what the warehouse says --- */

static bool type_fits(const char *declared, const char *real)
{
	static const struct {
		const char *declared;
		const char *real;
	} also[] = {
		{ "BOOLEAN", "BIT" },
		{ "JSON", "SEMISTRUCT" },
		{ "STRING", "SEMISTRUCT" },
	};

	if (strcmp(declared, real) == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(also); i++)
		if (strcmp(also[i].declared, declared) == 0 &&
		    strcmp(also[i].real, real) == 0)
			return true;
	return false;
}

static bool compare(const struct rows *rows, const struct json *column,
		    struct err *err)
{
	const char *name = json_text(column, "Name", "");
	const char *type = json_text(column, "Type", "");

	for (size_t i = 0; i < rows->column_count; i++) {
		const struct rows_column *real = &rows->columns[i];
		const char *real_type;

		if (strcmp(real->name, name) != 0)
			continue;
		real_type = qs_warehouse_type(real->oid, (int)real->kind);
		return type_fits(type, real_type) ||
		       s3_call_refuse(err, REFUSED,
				      "The column %s is given as %s, but the "
				      "query has it as %s",
				      name, type, real_type);
	}
	return s3_call_refuse(err, REFUSED, "The query has no column %s", name);
}

/* BOOLEAN and BIT are both. */
static const char *output_type(const char *type)
{
	if (strcmp(type, "BIT") == 0 || strcmp(type, "BOOLEAN") == 0)
		return "INTEGER";
	if (strcmp(type, "JSON") == 0 || strcmp(type, "SEMISTRUCT") == 0)
		return "STRING";
	return type;
}

static void put_columns(const struct json *columns, struct json *record)
{
	struct json *output = json_new_array();

	for (size_t i = 0; i < json_count(columns); i++) {
		const struct json *column = json_item(columns, i);
		struct json *item = json_new_object();

		json_put_text(item, "Name", json_text(column, "Name", ""));
		json_put_text(item, "Type",
			      output_type(json_text(column, "Type", "")));
		if (json_key(column, "SubType") != NULL)
			json_put_text(item, "SubType",
				      json_text(column, "SubType", ""));
		json_push_take(output, item);
	}
	json_put_take(record, "OutputColumns", output);
	json_put_take(record, "Columns", json_clone(columns));
}

static bool prepare(const struct qs_call *call, const struct json *physical,
		    const struct json *source, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(db_closep) struct db *db = NULL;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct json *columns = columns_of(physical);
	struct err why = ERR_EMPTY;

	qs_table_query(physical, &sql, &arn);
	db = qs_warehouse_open(call->qs, source, &why);
	if (db == NULL)
		return s3_call_refuse(err, REFUSED,
				      "The data source cannot be reached: %s: "
				      "%s",
				      why.code, why.message);
	rows = exec_describe(db, sql.text, NULL, &why);
	if (rows == NULL)
		return s3_call_refuse(err, REFUSED,
				      "The query cannot be prepared: %s",
				      why.message);
	if (rows->column_count == 0)
		return s3_call_refuse(err, REFUSED, "SqlQuery is no query");
	for (size_t i = 0; i < json_count(columns); i++)
		if (!compare(rows, json_item(columns, i), err))
			return false;
	return true;
}

bool qs_table_check(const struct qs_call *call, const struct json *in,
		    struct json *record, struct err *err)
{
	const struct json *physical =
		qs_table_of(json_key(in, "PhysicalTableMap"));
	const struct json *columns = columns_of(physical);
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(json_freep) struct json *source = NULL;

	if (!check_kind(in, physical, err) || !check_text(physical, err) ||
	    !check_columns(columns, err))
		return false;
	qs_table_query(physical, &sql, &arn);
	source = qs_warehouse_source(call->qs, arn.text, err);
	if (source == NULL ||
	    !api_policy_check(call->call, "quicksight:PassDataSource", arn.text,
			      err) ||
	    !prepare(call, physical, source, err))
		return false;
	put_columns(columns, record);
	return true;
}
