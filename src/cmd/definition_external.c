#include "cmd/definition_external.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/describe_ask.h"
#include "cmd/describe_column.h"
#include "cmd/describe_redshift.h"
#include "data/json.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/session.h"
#include "sql/quote.h"

enum { /* columns of the question */
       LOCATION,
       INPUT,
       OUTPUT,
       SERDE,
       SERDE_PARAMETERS,
       PARAMETERS,
};

static const struct {
	const char *input; /* how the class ends */
	const char *word;
	bool own_serde; /* the format's own, not to be named */
} formats[] = {
	{ ".TextInputFormat", "TEXTFILE", false },
	{ ".MapredParquetInputFormat", "PARQUET", true },
	{ ".OrcInputFormat", "ORC", true },
	{ ".AvroContainerInputFormat", "AVRO", true },
	{ ".SequenceFileInputFormat", "SEQUENCEFILE", false },
	{ ".RCFileInputFormat", "RCFILE", true },
};

static const char *text_of(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

static bool ends(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Index of formats, or their count. */
static size_t format_of(const char *input)
{
	size_t at = 0;

	while (at < COUNT_OF(formats) && !ends(input, formats[at].input))
		at++;
	return at;
}

/* ---- columns ---- */

static void add_column(const struct describe_column *column, struct str *out)
{
	quote_name(out, column->name);
	str_addf(out, " %s", column->type);
}

static void add_columns(const struct describe_columns *columns, struct str *out)
{
	const char *between = "    ";
	bool partitioned = false;

	for (size_t i = 0; i < columns->count; i++) {
		if (columns->items[i].partition > 0) {
			partitioned = true;
			continue;
		}
		str_add(out, between);
		add_column(&columns->items[i], out);
		between = ",\n    ";
	}
	str_add(out, "\n)");
	if (!partitioned)
		return;
	between = "\nPARTITIONED BY (";
	for (int key = 1; key <= (int)columns->count; key++)
		for (size_t i = 0; i < columns->count; i++) {
			if (columns->items[i].partition != key)
				continue;
			str_add(out, between);
			add_column(&columns->items[i], out);
			between = ", ";
		}
	str_add_char(out, ')');
}

/* ---- rows of the data ---- */

static void add_value(const struct json *value, struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *plain = json_text(value, NULL, NULL);

	if (plain == NULL)
		json_add(&text, value);
	quote_literal(out, plain != NULL ? plain : text.text, true);
}

/* What the catalog adds by itself. */
static bool is_noise(const char *key)
{
	static const char *const keys[] = {
		"EXTERNAL",
		"transient_lastDdlTime",
		"serialization.format",
	};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* "('a'='b', 'c'='d')" behind word; nothing when nothing is left. */
static void add_properties(const char *word, const struct json *properties,
			   struct str *out)
{
	const struct json *value;
	const char *key;
	size_t at = 0, count = 0;

	while (json_next(properties, &at, &key, &value)) {
		if (is_noise(key))
			continue;
		if (count++ == 0)
			str_addf(out, "\n%s (", word);
		else
			str_add(out, ", ");
		quote_literal(out, key, true);
		str_add_char(out, '=');
		add_value(value, out);
	}
	if (count > 0)
		str_add_char(out, ')');
}

/* Only delimiters: they can be said without the class. */
static bool is_delimited(const char *serde, const struct json *parameters)
{
	const struct json *value;
	const char *key;
	size_t at = 0;

	if (!ends(serde, ".LazySimpleSerDe"))
		return false;
	while (json_next(parameters, &at, &key, &value))
		if (!is_noise(key) && strcmp(key, "field.delim") != 0 &&
		    strcmp(key, "line.delim") != 0)
			return false;
	return true;
}

static void add_delimited(const struct json *parameters, struct str *out)
{
	const struct json *field = json_key(parameters, "field.delim");
	const struct json *line = json_key(parameters, "line.delim");

	if (field == NULL && line == NULL)
		return;
	str_add(out, "\nROW FORMAT DELIMITED");
	if (field != NULL) {
		str_add(out, "\n    FIELDS TERMINATED BY ");
		add_value(field, out);
	}
	if (line != NULL) {
		str_add(out, "\n    LINES TERMINATED BY ");
		add_value(line, out);
	}
}

static void add_row_format(const struct rows_value *values, size_t format,
			   struct str *out)
{
	const char *text = text_of(&values[SERDE_PARAMETERS]);
	CLEANUP(json_freep)
	struct json *parameters = json_parse(text, strlen(text), NULL);
	const char *serde = text_of(&values[SERDE]);

	if (is_delimited(serde, parameters)) {
		add_delimited(parameters, out);
		return;
	}
	if (*serde == '\0' ||
	    (format < COUNT_OF(formats) && formats[format].own_serde))
		return;
	str_add(out, "\nROW FORMAT SERDE ");
	quote_literal(out, serde, true);
	add_properties("WITH SERDEPROPERTIES", parameters, out);
}

static void add_storage(const struct rows_value *values, struct str *out)
{
	size_t format = format_of(text_of(&values[INPUT]));
	const char *text = text_of(&values[PARAMETERS]);
	CLEANUP(json_freep)
	struct json *parameters = json_parse(text, strlen(text), NULL);

	add_row_format(values, format, out);
	if (format < COUNT_OF(formats)) {
		str_addf(out, "\nSTORED AS %s", formats[format].word);
	} else if (*text_of(&values[INPUT]) != '\0') {
		str_add(out, "\nSTORED AS INPUTFORMAT ");
		quote_literal(out, values[INPUT].text, true);
		str_add(out, "\n    OUTPUTFORMAT ");
		quote_literal(out, text_of(&values[OUTPUT]), true);
	}
	str_add(out, "\nLOCATION ");
	quote_literal(out, text_of(&values[LOCATION]), true);
	add_properties("TABLE PROPERTIES", parameters, out);
	str_add(out, ";\n");
}

/* ---- partitions ---- */

/* The view cuts locations there. */
enum { LOCATION_BYTES = 128 };

static void add_partition(const struct describe_relation *relation,
			  const struct describe_columns *columns,
			  const struct rows_value *values, struct str *out)
{
	const char *text = text_of(&values[0]);
	CLEANUP(json_freep)
	struct json *keys = json_parse(text, strlen(text), NULL);
	const char *between = "";

	if (values[1].len >= LOCATION_BYTES) {
		str_addf(out,
			 "-- The location of partition %s is too long to "
			 "be seen whole.\n",
			 text);
		return;
	}
	str_add(out, "ALTER TABLE ");
	quote_qualified(out, relation->schema, relation->name);
	str_add(out, " ADD IF NOT EXISTS PARTITION (");
	for (size_t i = 0; i < columns->count; i++) {
		int key = columns->items[i].partition;

		if (key == 0)
			continue;
		str_add(out, between);
		quote_name(out, columns->items[i].name);
		str_add_char(out, '=');
		add_value(json_item(keys, (size_t)key - 1), out);
		between = ", ";
	}
	str_add(out, ") LOCATION ");
	quote_literal(out, text_of(&values[1]), true);
	str_add(out, ";\n");
}

static bool add_partitions(struct session *session,
			   const struct describe_relation *relation,
			   struct str *out, struct err *err)
{
	CLEANUP(describe_columns_done)
	struct describe_columns columns = DESCRIBE_COLUMNS_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	if (!describe_columns_read(session, relation, false, &columns, err))
		return false;
	str_add(&sql, "select values, location\n"
		      "from svv_external_partitions\n");
	describe_where(session, relation, "schemaname", "tablename", &sql);
	str_add(&sql, "\norder by 1");
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		add_partition(relation, &columns, values, out);
	return step == ROWS_END;
}

/* ---- whole ---- */

static bool assemble(struct session *session,
		     const struct describe_relation *relation,
		     const struct rows_value *values, struct str *out,
		     struct err *err)
{
	CLEANUP(describe_columns_done)
	struct describe_columns columns = DESCRIBE_COLUMNS_EMPTY;

	if (!describe_columns_read(session, relation, false, &columns, err))
		return false;
	str_add(out, "CREATE EXTERNAL TABLE ");
	quote_qualified(out, relation->schema, relation->name);
	str_add(out, " (\n");
	add_columns(&columns, out);
	add_storage(values, out);
	return true;
}

static bool show(struct session *session,
		 const struct describe_relation *relation, struct str *out)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!describe_may_fail(session))
		return false;
	str_add(&sql, "show external table ");
	quote_qualified(&sql, relation->schema, relation->name);
	if (!describe_ask_text(session, sql.text, &text))
		return false;
	str_trim_end(&text);
	str_addf(out, "%s%s\n", text.text, str_ends(text.text, ";") ? "" : ";");
	return true;
}

bool definition_external(struct session *session,
			 const struct describe_relation *relation, bool all,
			 bool *out_found, struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, "select location, input_format, output_format,"
		      " serialization_lib, serde_parameters, parameters\n"
		      "from svv_external_tables\n");
	describe_where(session, relation, "schemaname", "tablename", &sql);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return false;
	step = rows_next(rows, &values, err);
	*out_found = step == ROWS_ROW;
	if (step != ROWS_ROW)
		return step == ROWS_END;
	return (show(session, relation, out) ||
		assemble(session, relation, values, out, err)) &&
	       (!all || add_partitions(session, relation, out, err));
}
