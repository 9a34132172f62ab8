#include "load/avro.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "load/infer.h"

static bool damaged(struct err *err)
{
	return err_set(err, ERR_DATA, "the header of the Avro file is damaged "
				      "or longer than 1 MB, which COPY takes");
}

/* --- numbers and texts --- */

struct reader {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
};

/* Zigzag, seven bits a byte. */
static int64_t take_long(struct reader *in)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		unsigned byte = *in->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
	}
	in->bad = true;
	return 0;
}

static const char *take_text(struct reader *in, size_t *out_len)
{
	int64_t len = take_long(in);
	const char *text = (const char *)in->at;

	if (len < 0 || len > in->end - in->at)
		in->bad = true;
	*out_len = in->bad ? 0 : (size_t)len;
	in->at += *out_len;
	return text;
}

/* --- types --- */

/* The first row that fits; logical NULL: whatever it is. What COPY makes of
 * logical types is not documented: it reads the numbers that stand there. */
static const struct {
	const char *name;
	const char *logical;
	enum infer_type type;
	const char *note;
} types[] = {
	{ "boolean", NULL, INFER_BOOLEAN, NULL },
	{ "int", "date", INFER_INTEGER,
	  "days since 1970, read by adding them to date '1970-01-01'" },
	{ "int", "time-millis", INFER_INTEGER, "milliseconds of the day" },
	{ "int", NULL, INFER_INTEGER, NULL },
	{ "long", "timestamp-millis", INFER_TIMESTAMP, NULL },
	{ "long", "local-timestamp-millis", INFER_TIMESTAMP, NULL },
	{ "long", "timestamp-micros", INFER_BIGINT,
	  "microseconds since 1970: TIMEFORMAT knows seconds and "
	  "milliseconds only" },
	{ "long", "local-timestamp-micros", INFER_BIGINT,
	  "microseconds since 1970: TIMEFORMAT knows seconds and "
	  "milliseconds only" },
	{ "long", "time-micros", INFER_BIGINT, "microseconds of the day" },
	{ "long", NULL, INFER_BIGINT, NULL },
	{ "float", NULL, INFER_REAL, NULL },
	{ "double", NULL, INFER_DOUBLE, NULL },
	{ "string", NULL, INFER_VARCHAR, NULL },
	{ "enum", NULL, INFER_VARCHAR, NULL },
	{ "bytes", "decimal", INFER_VARBYTE,
	  "a decimal number as bytes, which COPY does not read as one" },
	{ "bytes", NULL, INFER_VARBYTE, NULL },
	{ "fixed", "decimal", INFER_VARBYTE,
	  "a decimal number as bytes, which COPY does not read as one" },
	{ "fixed", NULL, INFER_VARBYTE, NULL },
};

static bool is_null(const struct json *type)
{
	const char *name = json_text(type, NULL, NULL);

	return name != NULL && strcmp(name, "null") == 0;
}

/* Of ["null", T] it is T; of other unions NULL. */
static const struct json *without_null(const struct json *type,
				       bool *out_nullable)
{
	const struct json *found = NULL;

	if (json_shape(type) != JSON_SHAPE_ARRAY)
		return type;
	for (size_t i = 0; i < json_count(type); i++) {
		const struct json *item = json_item(type, i);

		if (is_null(item))
			*out_nullable = true;
		else if (found == NULL)
			found = item;
		else
			return NULL;
	}
	return found;
}

static void set_type(struct infer_column *column, const struct json *type)
{
	const char *name = json_text(type, NULL, NULL);
	const char *logical = json_text(type, "logicalType", "");

	column->type = INFER_SUPER;
	if (name == NULL)
		name = json_text(type, "type", "");
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].name, name) != 0 ||
		    (types[i].logical != NULL &&
		     strcmp(types[i].logical, logical) != 0))
			continue;
		column->type = types[i].type;
		column->note = types[i].note;
		break;
	}
	if (column->type == INFER_TIMESTAMP)
		snprintf(column->pattern, sizeof(column->pattern),
			 "epochmillisecs");
}

static bool add_columns(struct infer *out, const struct json *schema)
{
	const struct json *fields = json_key(schema, "fields");

	for (size_t i = 0; i < json_count(fields); i++) {
		const struct json *field = json_item(fields, i);
		const char *name = json_text(field, "name", NULL);
		struct infer_column column = { .bytes = 65535 };
		bool nullable = false;
		const struct json *type;

		if (name == NULL)
			return false;
		type = without_null(json_key(field, "type"), &nullable);
		column.name = mem_copy_text(name);
		column.nulls = nullable;
		if (type != NULL)
			set_type(&column, type);
		else
			column.type = INFER_SUPER;
		column.standard_pattern = column.pattern[0] == '\0';
		vec_push(&out->columns, column);
	}
	out->members = true;
	infer_agree(out);
	return out->columns.count > 0;
}

/* --- the header --- */

struct header {
	const char *schema;
	size_t schema_len;
	const char *codec;
	size_t codec_len;
};

static bool read_pair(struct reader *in, struct header *out)
{
	size_t key_len, len;
	const char *key = take_text(in, &key_len);
	const char *value = take_text(in, &len);

	if (str_slice_equal(key, key_len, "avro.schema")) {
		out->schema = value;
		out->schema_len = len;
	} else if (str_slice_equal(key, key_len, "avro.codec")) {
		out->codec = value;
		out->codec_len = len;
	}
	return !in->bad;
}

/* A map in blocks of pairs; a negative count has the block's size behind. */
static bool read_map(struct reader *in, struct header *out)
{
	for (;;) {
		int64_t count = take_long(in);

		if (count == 0 || in->bad)
			return !in->bad;
		if (count < 0) {
			count = count == INT64_MIN ? 0 : -count;
			take_long(in);
		}
		for (; count > 0; count--)
			if (!read_pair(in, out))
				return false;
	}
}

bool avro_read_header(const char *bytes, size_t len, struct infer *out,
		      char out_codec[16], size_t *out_len, struct err *err)
{
	struct reader in = { .at = (const unsigned char *)bytes + 4,
			     .end = (const unsigned char *)bytes + len };
	struct header header = { .codec = "null", .codec_len = 4 };

	if (len < 4 || !read_map(&in, &header) || header.schema == NULL ||
	    in.end - in.at < AVRO_SYNC_BYTES)
		return damaged(err);
	CLEANUP(json_freep)
	struct json *schema = json_parse(header.schema, header.schema_len, err);

	if (schema == NULL)
		return err_wrap(err, "the schema of the Avro file");
	if (!add_columns(out, schema)) {
		err_set(err, ERR_DATA, "the schema of the Avro file is no "
				       "record");
		return err_hint(err, "COPY takes records, whose fields become "
				     "columns");
	}
	snprintf(out_codec, 16, "%.*s",
		 header.codec_len < 15 ? (int)header.codec_len : 15,
		 header.codec);
	*out_len = (size_t)((const char *)in.at - bytes) + AVRO_SYNC_BYTES;
	return true;
}

bool avro_read_block(const char *bytes, size_t len, int64_t *out_records,
		     int64_t *out_bytes, struct err *err)
{
	struct reader in = { .at = (const unsigned char *)bytes,
			     .end = (const unsigned char *)bytes + len };
	int64_t records = take_long(&in);
	int64_t size = take_long(&in);

	if (in.bad || records < 0 || size < 0 || size > INT32_MAX)
		return err_set(err, ERR_DATA, "a block of the Avro file is "
					      "damaged");
	*out_records = records;
	*out_bytes = (const char *)in.at - bytes + size + AVRO_SYNC_BYTES;
	return true;
}
