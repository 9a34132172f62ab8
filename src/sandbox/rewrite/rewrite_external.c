/* sandbox/rewrite/rewrite_external.c - external schemas and tables over the
 * sandbox's S3.
 *
 * A schema of the data catalog is a schema that remembers its database and
 * role; a table is a view that loads its objects each time it is read
 * (objects_external.sql). Delimited text and CSV only. */
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

static void add_text(const struct work *work, size_t at, struct str *out)
{
	const struct token *token = patch_at(&work->patch, at);
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (token->kind == TOKEN_LITERAL)
		quote_literal_read(&text, token->text, token->len,
				   token->escapes);
	else
		work_name(work, at, &text);
	quote_literal(out, text.text, false);
}

/* ---- schemas */

static const struct {
	const char *words;
	const char *what;
} schema_lacks[] = {
	{ "from hive", "external schemas of a Hive metastore" },
	{ "from postgres", "external schemas of PostgreSQL" },
	{ "from mysql", "external schemas of MySQL" },
	{ "from kinesis", "external schemas of Kinesis" },
	{ "from msk", "external schemas of MSK" },
	{ "from kafka", "external schemas of Kafka" },
	{ "from redshift", "external schemas of another Redshift database" },
	{ "catalog_id", "data catalogs of other accounts" },
	{ "catalog_role", "roles of the data catalog" },
	{ "region", "data catalogs of other regions" },
	{ "'session'", "IAM_ROLE 'SESSION'" },
};

bool rewrite_external_schema(struct work *work)
{
	struct patch *patch = &work->patch;
	bool missing = patch_match(patch, 3, "if not exists") > 0;
	size_t name = missing ? 6 : 3;
	size_t database = patch_find(patch, name, patch->count, "database");
	size_t role = patch_find(patch, name, patch->count, "iam_role");
	struct str *after = &work->out->after;

	for (size_t i = name; i < patch->count; i++)
		for (size_t l = 0; l < COUNT_OF(schema_lacks); l++)
			if (patch_match(patch, i, schema_lacks[l].words))
				return work_lacks(work, i, "%s",
						  schema_lacks[l].what);
	if (!rewrite_synopsis(
		    work,
		    "CREATE EXTERNAL SCHEMA [IF NOT EXISTS] id FROM [DATA "
		    "CATALOG] DATABASE text IAM_ROLE {DEFAULT | text} [CREATE "
		    "EXTERNAL DATABASE IF NOT EXISTS]"))
		return false;
	str_add(after, "SELECT " REWRITE_SCHEMA ".note_external_schema(");
	work_add_name(work, name, after);
	str_add(after, ", ");
	add_text(work, database + 1, after);
	str_add(after, ", ");
	add_text(work, role + 1, after);
	str_addf(after, ", %s);\n", missing ? "true" : "false");
	work_silent(work, "CREATE EXTERNAL SCHEMA");
	return true;
}

bool rewrite_alter_external_schema(struct work *work)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;

	if (!patch_match(patch, 4, "iam_role"))
		return work_lacks(work, 4,
				  "external schemas with an authentication "
				  "beside IAM_ROLE");
	if (!rewrite_synopsis(work, "ALTER EXTERNAL SCHEMA id IAM_ROLE "
				    "{DEFAULT | text}"))
		return false;
	str_add(after, "SELECT " REWRITE_SCHEMA ".alter_external_schema(");
	work_add_name(work, 3, after);
	str_add(after, ", ");
	add_text(work, 5, after);
	str_add(after, ");\n");
	work_silent(work, "ALTER EXTERNAL SCHEMA");
	return true;
}

/* ---- tables */

struct external {
	struct work *work;
	struct str columns;   /* "a" integer, ... */
	struct str parts;     /* ARRAY members: columns of the partitions */
	struct str delimiter; /* literals; "": not given */
	struct str quote;
	struct str escape;
	struct str header;
	struct str null_text;
	struct str location;
	struct str rows;       /* numRows */
	struct str properties; /* ARRAY members: key, value, ... */
	bool csv;
};

static bool read_columns(struct external *external, size_t open,
			 bool is_partition)
{
	struct work *work = external->work;
	const struct patch *patch = &work->patch;
	size_t close = patch->items[open].pair;
	size_t at = open + 1;

	while (at < close) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str type = STR_EMPTY;

		work_name(work, at, &name);
		if (name.len == 0 || work_is_reserved(work, at))
			return work_syntax(work, at);
		if (!rewrite_type(work, at + 1, name.text, &at, &type))
			return false;
		if (external->columns.len > 0)
			str_add(&external->columns, ", ");
		quote_name_always(&external->columns, name.text, name.len);
		if (is_partition)
			rewrite_add_member(&external->parts, name.text);
		str_addf(&external->columns, " %s", type.text);
		if (at < close && !token_is_char(patch_at(patch, at), ','))
			return work_syntax(work, at);
		at++;
	}
	return external->columns.len > 0 || work_syntax(work, close);
}

/* ('key'='value', ...) at open, for the keys of slots. Others are refused. */
static bool read_pairs(struct external *external, size_t open)
{
	const struct {
		const char *key;
		struct str *slot; /* NULL: tells nothing of the rows */
	} known[] = {
		{ "separatorChar", &external->delimiter },
		{ "quoteChar", &external->quote },
		{ "escapeChar", &external->escape },
		{ "escape.delim", &external->escape },
		{ "field.delim", &external->delimiter },
		{ "serialization.format", &external->delimiter },
		{ "skip.header.line.count", &external->header },
		{ "serialization.null.format", &external->null_text },
		{ "numRows", &external->rows },
		{ "compression_type", NULL },
	};
	struct work *work = external->work;
	const struct patch *patch = &work->patch;
	size_t close = patch->items[open].pair;

	if (!token_is_char(patch_at(patch, open), '(') || close < open)
		return work_syntax(work, open);
	for (size_t i = open + 1; i < close; i += 4) {
		CLEANUP(str_done) struct str key = STR_EMPTY;
		const struct token *token = patch_at(patch, i);
		bool found = false;

		if (token->kind != TOKEN_LITERAL ||
		    !patch_match(patch, i + 1, "=") ||
		    patch_at(patch, i + 2)->kind != TOKEN_LITERAL)
			return work_syntax(work, i);
		quote_literal_read(&key, token->text, token->len,
				   token->escapes);
		for (size_t k = 0; k < COUNT_OF(known) && !found; k++) {
			found = strcmp(known[k].key, key.text) == 0;
			if (found && known[k].slot != NULL) {
				str_clear(known[k].slot);
				add_text(work, i + 2, known[k].slot);
			}
		}
		if (!found)
			return work_lacks(work, i,
					  "property %s of external "
					  "tables",
					  key.text);
		if (i + 3 < close &&
		    !token_is_char(patch_at(patch, i + 3), ','))
			return work_syntax(work, i + 3);
	}
	return true;
}

/* DELIMITED FIELDS TERMINATED BY 'c' LINES TERMINATED BY '\n' ESCAPED BY 'c' */
static bool read_delimited(struct external *external, size_t *at)
{
	struct work *work = external->work;
	const struct patch *patch = &work->patch;

	for (;;) {
		if (patch_match(patch, *at, "fields terminated by") ||
		    patch_match(patch, *at, "escaped by")) {
			bool fields = patch_match(patch, *at, "fields") > 0;
			struct str *slot = fields ? &external->delimiter
						  : &external->escape;

			*at += fields ? 3 : 2;
			str_clear(slot);
			add_text(work, *at, slot);
			(*at)++;
		} else if (patch_match(patch, *at, "lines terminated by")) {
			CLEANUP(str_done) struct str end = STR_EMPTY;

			add_text(work, *at + 3, &end);
			if (strcmp(end.text, "'\n'") != 0)
				return work_lacks(work, *at + 3,
						  "lines that do not end with "
						  "a line feed");
			*at += 4;
		} else {
			return true;
		}
	}
}

static bool read_serde(struct external *external, size_t *at)
{
	struct work *work = external->work;
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	add_text(work, *at, &name);
	external->csv = strstr(name.text, "OpenCSVSerde") != NULL;
	if (!external->csv && strstr(name.text, "LazySimpleSerDe") == NULL)
		return work_lacks(work, *at,
				  "serde beside OpenCSVSerde and "
				  "LazySimpleSerDe");
	(*at)++;
	if (!patch_match(patch, *at, "with serdeproperties"))
		return true;
	if (!read_pairs(external, *at + 2))
		return false;
	*at = patch->items[*at + 2].pair + 1;
	return true;
}

/* TABLE PROPERTIES, which have been read, as they are to be shown. */
static void keep_properties(struct external *external, size_t open)
{
	const struct patch *patch = &external->work->patch;
	struct str *out = &external->properties;

	for (size_t i = open + 1; i < patch->items[open].pair; i += 4) {
		str_add(out, out->len > 0 ? ", " : "");
		add_text(external->work, i, out);
		str_add(out, ", ");
		add_text(external->work, i + 2, out);
	}
}

/* STORED AS TEXTFILE, or its formats of Hive by name; *at moves behind. */
static bool read_format(struct work *work, size_t *at)
{
	static const char *const text[] = {
		"'org.apache.hadoop.mapred.TextInputFormat'",
		"'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
	};
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str in = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	if (!patch_match(patch, *at, "stored as"))
		return work_syntax(work, *at);
	*at += 2;
	if (patch_match(patch, *at, "textfile")) {
		(*at)++;
		return true;
	}
	if (patch_match(patch, *at, "inputformat") &&
	    patch_match(patch, *at + 2, "outputformat")) {
		add_text(work, *at + 1, &in);
		add_text(work, *at + 3, &out);
	}
	if (strcmp(in.text, text[0]) != 0 || strcmp(out.text, text[1]) != 0)
		return work_lacks(work, *at,
				  "format of external tables beside TEXTFILE");
	*at += 4;
	return true;
}

/* From behind the columns to the end. */
static bool read_clauses(struct external *external, size_t at)
{
	struct work *work = external->work;
	const struct patch *patch = &work->patch;

	if (patch_match(patch, at, "partitioned by (")) {
		if (!read_columns(external, at + 2, true))
			return false;
		at = patch->items[at + 2].pair + 1;
	}
	if (patch_match(patch, at, "row format delimited")) {
		at += 3;
		if (!read_delimited(external, &at))
			return false;
	} else if (patch_match(patch, at, "row format serde")) {
		at += 3;
		if (!read_serde(external, &at))
			return false;
	}
	if (!read_format(work, &at))
		return false;
	if (external->csv && external->escape.len > 0)
		return work_lacks(work, at, "escapeChar of OpenCSVSerde");
	if (!patch_match(patch, at, "location") ||
	    patch_at(patch, at + 1)->kind != TOKEN_LITERAL)
		return work_syntax(work, at);
	add_text(work, at + 1, &external->location);
	at += 2;
	if (patch_match(patch, at, "table properties")) {
		if (!read_pairs(external, at + 2))
			return false;
		keep_properties(external, at + 2);
		at = patch->items[at + 2].pair + 1;
	}
	if (patch_match(patch, at, "as"))
		return work_lacks(work, at, "writing of external tables");
	return at == patch->count || work_syntax(work, at);
}

static void add_slot(struct str *out, const struct str *slot)
{
	str_addf(out, ", %s", slot->len > 0 ? slot->text : "NULL");
}

bool rewrite_external_table(struct work *work)
{
	struct external external = {
		.work = work,
		.columns = STR_EMPTY,
		.parts = STR_EMPTY,
		.properties = STR_EMPTY,
	};
	struct str *after = &work->out->after;
	size_t end = work_name_end(work, 3);
	bool fine = true;

	if (end != 6)
		fine = work_syntax(work, end);
	else if (!token_is_char(patch_at(&work->patch, end), '('))
		fine = work_lacks(work, end, "writing of external tables");
	fine = fine && read_columns(&external, end, false) &&
	       read_clauses(&external, work->patch.items[end].pair + 1);
	if (fine) {
		str_add(after, "SELECT " REWRITE_SCHEMA ".new_external_table(");
		work_add_name(work, 3, after);
		str_add(after, ", ");
		work_add_name(work, 5, after);
		str_add(after, ", ");
		quote_literal(after, external.columns.text, false);
		str_addf(after, ", ARRAY[%s]::text[], %s", external.parts.text,
			 external.csv ? "true" : "false");
		add_slot(after, &external.delimiter);
		add_slot(after, &external.quote);
		add_slot(after, &external.escape);
		add_slot(after, &external.header);
		add_slot(after, &external.null_text);
		add_slot(after, &external.location);
		add_slot(after, &external.rows);
		str_addf(after, ", ARRAY[%s]::text[]",
			 external.properties.text);
		str_add(after, ");\n");
		work_silent(work, "CREATE EXTERNAL TABLE");
	}
	str_done(&external.columns);
	str_done(&external.parts);
	str_done(&external.delimiter);
	str_done(&external.quote);
	str_done(&external.escape);
	str_done(&external.header);
	str_done(&external.null_text);
	str_done(&external.location);
	str_done(&external.rows);
	str_done(&external.properties);
	return fine;
}

/* ---- partitions */

/* (column=value, ...) at open: two lists. */
static bool read_values(struct work *work, size_t open, struct str *out)
{
	const struct patch *patch = &work->patch;
	size_t close = patch->items[open].pair;
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(str_done) struct str values = STR_EMPTY;

	if (!token_is_char(patch_at(patch, open), '('))
		return work_syntax(work, open);
	for (size_t at = open + 1; at < close; at += 4) {
		const struct token *value = patch_at(patch, at + 2);
		CLEANUP(str_done) struct str name = STR_EMPTY;

		work_name(work, at, &name);
		if (name.len == 0)
			return work_syntax(work, at);
		if (!patch_match(patch, at + 1, "="))
			return work_syntax(work, at + 1);
		if (value->kind != TOKEN_LITERAL && value->kind != TOKEN_NUMBER)
			return work_syntax(work, at + 2);
		if (at + 3 < close &&
		    !token_is_char(patch_at(patch, at + 3), ','))
			return work_syntax(work, at + 3);
		rewrite_add_member(&names, name.text);
		if (values.len > 0)
			str_add(&values, ", ");
		if (value->kind == TOKEN_LITERAL)
			add_text(work, at + 2, &values);
		else
			str_addf(&values, "'%.*s'", (int)value->len,
				 value->text);
	}
	str_addf(out, "ARRAY[%s]::text[], ARRAY[%s]::text[]", names.text,
		 values.text);
	return names.len > 0 || work_syntax(work, close);
}

/* PARTITION (values) LOCATION 's3://...'; *at moves behind. */
static bool add_partition(struct work *work, const char *table, bool missing,
			  size_t *at)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;

	if (!patch_match(patch, *at, "partition ("))
		return work_syntax(work, *at);
	str_addf(after, "SELECT " REWRITE_SCHEMA ".add_partition(%s, ", table);
	if (!read_values(work, *at + 1, after))
		return false;
	*at = patch->items[*at + 1].pair + 1;
	if (!patch_match(patch, *at, "location") ||
	    patch_at(patch, *at + 1)->kind != TOKEN_LITERAL)
		return work_syntax(work, *at);
	str_add(after, ", ");
	add_text(work, *at + 1, after);
	str_addf(after, ", %s);\n", missing ? "true" : "false");
	*at += 2;
	return true;
}

static bool refuse_in_block(struct work *work)
{
	return work_refuse(work, 0, "25001",
			   "ALTER EXTERNAL TABLE cannot run inside a "
			   "transaction block");
}

bool rewrite_partition(struct work *work, const char *table, size_t at)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;
	bool drop = patch_match(patch, at, "drop") > 0;

	if (work->input->in_block)
		return refuse_in_block(work);
	if (patch_match(patch, at, "add")) {
		bool missing = patch_match(patch, at + 1, "if not exists") > 0;

		at += missing ? 4 : 1;
		do
			if (!add_partition(work, table, missing, &at))
				return false;
		while (at < patch->count);
		work_silent(work, "ALTER TABLE");
		return true;
	}
	at += drop ? 2 : 1;
	str_addf(after, "SELECT " REWRITE_SCHEMA ".change_partition(%s, ",
		 table);
	if (!read_values(work, at, after))
		return false;
	at = patch->items[at].pair + 1;
	str_add(after, ", ");
	if (drop) {
		str_add(after, "NULL");
	} else {
		if (!patch_match(patch, at, "set location") ||
		    patch_at(patch, at + 2)->kind != TOKEN_LITERAL)
			return work_syntax(work, at);
		add_text(work, at + 2, after);
		at += 3;
	}
	str_add(after, ");\n");
	if (at < patch->count)
		return work_syntax(work, at);
	work_silent(work, "ALTER TABLE");
	return true;
}

/* ALTER TABLE t SET LOCATION 's3://...' */
bool rewrite_external_location(struct work *work, const char *table, size_t at)
{
	struct str *after = &work->out->after;

	if (patch_at(&work->patch, at + 2)->kind != TOKEN_LITERAL ||
	    at + 3 < work->patch.count)
		return work_syntax(work, at + 2);
	if (work->input->in_block)
		return refuse_in_block(work);
	str_addf(after,
		 "SELECT " REWRITE_SCHEMA ".change_external_location(%s, ",
		 table);
	add_text(work, at + 2, after);
	str_add(after, ");\n");
	work_silent(work, "ALTER TABLE");
	return true;
}

/* ---- DROP TABLE: an external one is a view */

bool rewrite_drop_table(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t at = patch_match(patch, 2, "if exists") ? 4 : 2;
	size_t end = work_name_end(work, at);
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str found = STR_EMPTY;

	if (end < at + 3 || work->input->ask.context == NULL)
		return true;
	str_add(&sql, "SELECT " REWRITE_SCHEMA ".is_external(");
	work_name_literal(work, at, end, &sql);
	str_add(&sql, ")");
	if (!work_ask(work, sql.text, &found))
		return false;
	if (strcmp(found.text, "t") != 0)
		return true;
	if (work->input->in_block)
		return work_refuse(work, 0, "25001",
				   "DROP EXTERNAL TABLE cannot run inside a "
				   "transaction block");
	patch_replace(patch, 1, "VIEW");
	work->out->tag = "DROP TABLE";
	return true;
}
