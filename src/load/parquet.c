#include "load/parquet.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "load/infer.h"

enum { MAX_DEPTH = 32, MAX_ELEMENTS = 100000, MAX_FOOTER = 64 * 1024 * 1024 };

bool parquet_footer_size(const char *tail, int64_t file_size,
			 int64_t *out_bytes, struct err *err)
{
	uint32_t size = 0;

	for (int i = 3; i >= 0; i--)
		size = size << 8 | (unsigned char)tail[i];
	if (memcmp(tail + 4, "PARE", 4) == 0)
		return err_set(err, ERR_DATA,
			       "the footer of this Parquet file is encrypted");
	if (memcmp(tail + 4, "PAR1", 4) != 0) {
		err_set(err, ERR_DATA, "the Parquet file is cut short: its "
				       "end is missing");
		return err_hint(err, "write or copy the file again");
	}
	if (size == 0 || size > MAX_FOOTER ||
	    (int64_t)size + PARQUET_TAIL_BYTES + 4 > file_size)
		return err_set(err, ERR_DATA,
			       "the Parquet file's footer cannot be %u bytes",
			       size);
	*out_bytes = size;
	return true;
}

/* --- Thrift's compact protocol --- */

struct thrift {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
};

enum thrift_type {
	THRIFT_STOP,
	THRIFT_TRUE,
	THRIFT_FALSE,
	THRIFT_BYTE,
	THRIFT_I16,
	THRIFT_I32,
	THRIFT_I64,
	THRIFT_DOUBLE,
	THRIFT_BINARY,
	THRIFT_LIST,
	THRIFT_SET,
	THRIFT_MAP,
	THRIFT_STRUCT,
};

static unsigned take_byte(struct thrift *in)
{
	if (in->at < in->end)
		return *in->at++;
	in->bad = true;
	return 0;
}

static uint64_t take_varint(struct thrift *in)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		unsigned byte = take_byte(in);

		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return value;
	}
	in->bad = true;
	return 0;
}

static int64_t take_number(struct thrift *in)
{
	uint64_t zigzag = take_varint(in);

	return (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
}

static void take_text(struct thrift *in, const char **out, size_t *out_len)
{
	uint64_t len = take_varint(in);

	if (len > (uint64_t)(in->end - in->at))
		in->bad = true;
	if (in->bad)
		len = 0;
	*out = (const char *)in->at;
	*out_len = (size_t)len;
	in->at += len;
}

/* The next field of a struct; its type, THRIFT_STOP at the end. *id is the
 * one before, 0 at first. */
static enum thrift_type take_field(struct thrift *in, int *id)
{
	unsigned head = take_byte(in);

	if (in->bad || head == 0)
		return THRIFT_STOP;
	if (head >> 4 != 0)
		*id += (int)(head >> 4);
	else
		*id = (int)take_number(in);
	return head & 0x0f;
}

static size_t take_list(struct thrift *in, enum thrift_type *out_type)
{
	unsigned head = take_byte(in);
	uint64_t count = head >> 4;

	*out_type = head & 0x0f;
	if (count == 15)
		count = take_varint(in);
	/* Each item has a byte at least. */
	if (count > (uint64_t)(in->end - in->at))
		in->bad = true;
	return in->bad ? 0 : (size_t)count;
}

static void pass(struct thrift *in, enum thrift_type type, int depth);

static void pass_struct(struct thrift *in, int depth)
{
	enum thrift_type type;
	int id = 0;

	while ((type = take_field(in, &id)) != THRIFT_STOP && !in->bad)
		pass(in, type, depth);
}

static void pass_map(struct thrift *in, int depth)
{
	uint64_t count = take_varint(in);
	unsigned types = count > 0 ? take_byte(in) : 0;

	for (uint64_t i = 0; i < count && !in->bad; i++) {
		pass(in, types >> 4, depth);
		pass(in, types & 0x0f, depth);
	}
}

/* A bool in a list is a byte; in a field its type says it all. */
static void pass_list(struct thrift *in, int depth)
{
	enum thrift_type type;
	size_t count = take_list(in, &type);

	for (size_t i = 0; i < count && !in->bad; i++) {
		if (type == THRIFT_TRUE || type == THRIFT_FALSE)
			take_byte(in);
		else
			pass(in, type, depth);
	}
}

static void pass(struct thrift *in, enum thrift_type type, int depth)
{
	const char *text;
	size_t len;

	if (depth > MAX_DEPTH) {
		in->bad = true;
		return;
	}
	switch (type) {
	case THRIFT_TRUE:
	case THRIFT_FALSE:
		return;
	case THRIFT_BYTE:
		take_byte(in);
		return;
	case THRIFT_I16:
	case THRIFT_I32:
	case THRIFT_I64:
		take_varint(in);
		return;
	case THRIFT_DOUBLE:
		for (int i = 0; i < 8; i++)
			take_byte(in);
		return;
	case THRIFT_BINARY:
		take_text(in, &text, &len);
		return;
	case THRIFT_LIST:
	case THRIFT_SET:
		pass_list(in, depth + 1);
		return;
	case THRIFT_MAP:
		pass_map(in, depth + 1);
		return;
	case THRIFT_STRUCT:
		pass_struct(in, depth + 1);
		return;
	case THRIFT_STOP:
		break;
	}
	in->bad = true;
}

/* --- the schema --- */

enum physical { /* parquet.thrift: Type */
		PHYSICAL_BOOLEAN,
		PHYSICAL_INT32,
		PHYSICAL_INT64,
		PHYSICAL_INT96,
		PHYSICAL_FLOAT,
		PHYSICAL_DOUBLE,
		PHYSICAL_BYTE_ARRAY,
		PHYSICAL_FIXED,
};

enum converted { /* ConvertedType */
		 CONVERTED_NONE = -1,
		 CONVERTED_UTF8 = 0,
		 CONVERTED_ENUM = 4,
		 CONVERTED_DECIMAL = 5,
		 CONVERTED_DATE = 6,
		 CONVERTED_TIME_MILLIS = 7,
		 CONVERTED_TIME_MICROS = 8,
		 CONVERTED_TIMESTAMP_MILLIS = 9,
		 CONVERTED_TIMESTAMP_MICROS = 10,
		 CONVERTED_UINT_8 = 11,
		 CONVERTED_UINT_16 = 12,
		 CONVERTED_UINT_32 = 13,
		 CONVERTED_UINT_64 = 14,
		 CONVERTED_INT_8 = 15,
		 CONVERTED_INT_16 = 16,
		 CONVERTED_JSON = 19,
};

/* LogicalType's field numbers, as the converted types they stand for. */
static const struct {
	int field;
	int converted;
} logical[] = {
	{ 1, CONVERTED_UTF8 },  { 4, CONVERTED_ENUM },
	{ 5, CONVERTED_DECIMAL }, { 6, CONVERTED_DATE },
	{ 7, CONVERTED_TIME_MICROS }, { 8, CONVERTED_TIMESTAMP_MICROS },
	{ 12, CONVERTED_JSON },
};

struct element {
	int physical; /* -1: a group */
	int converted;
	int repetition; /* 0 required, 1 optional, 2 repeated */
	int64_t children;
	int scale, precision;
	const char *name;
	size_t name_len;
};

/* A union: the number of its one field says which it is. */
static int take_logical(struct thrift *in)
{
	int converted = CONVERTED_NONE;
	enum thrift_type type;
	int id = 0;

	while ((type = take_field(in, &id)) != THRIFT_STOP && !in->bad) {
		for (size_t i = 0; i < COUNT_OF(logical); i++)
			if (logical[i].field == id)
				converted = logical[i].converted;
		pass(in, type, 0);
	}
	return converted;
}

static void take_element(struct thrift *in, struct element *out)
{
	enum thrift_type type;
	int by_logical = CONVERTED_NONE;
	int id = 0;

	*out = (struct element){ .physical = -1, .converted = CONVERTED_NONE };
	while ((type = take_field(in, &id)) != THRIFT_STOP && !in->bad) {
		if (id == 1 && type == THRIFT_I32)
			out->physical = (int)take_number(in);
		else if (id == 3 && type == THRIFT_I32)
			out->repetition = (int)take_number(in);
		else if (id == 4 && type == THRIFT_BINARY)
			take_text(in, &out->name, &out->name_len);
		else if (id == 5 && type == THRIFT_I32)
			out->children = take_number(in);
		else if (id == 6 && type == THRIFT_I32)
			out->converted = (int)take_number(in);
		else if (id == 7 && type == THRIFT_I32)
			out->scale = (int)take_number(in);
		else if (id == 8 && type == THRIFT_I32)
			out->precision = (int)take_number(in);
		else if (id == 10 && type == THRIFT_STRUCT)
			by_logical = take_logical(in);
		else
			pass(in, type, 0);
	}
	if (out->converted == CONVERTED_NONE)
		out->converted = by_logical;
}

/* The first row that fits. converted ANY: whatever it is. */
enum { ANY = -2 };

static const struct {
	int physical;
	int converted;
	enum infer_type type;
} types[] = {
	{ PHYSICAL_BOOLEAN, ANY, INFER_BOOLEAN },
	{ PHYSICAL_INT32, CONVERTED_DECIMAL, INFER_DECIMAL },
	{ PHYSICAL_INT32, CONVERTED_DATE, INFER_DATE },
	{ PHYSICAL_INT32, CONVERTED_TIME_MILLIS, INFER_TIME },
	{ PHYSICAL_INT32, CONVERTED_INT_8, INFER_SMALLINT },
	{ PHYSICAL_INT32, CONVERTED_INT_16, INFER_SMALLINT },
	{ PHYSICAL_INT32, CONVERTED_UINT_8, INFER_SMALLINT },
	{ PHYSICAL_INT32, CONVERTED_UINT_32, INFER_BIGINT },
	{ PHYSICAL_INT32, ANY, INFER_INTEGER },
	{ PHYSICAL_INT64, CONVERTED_DECIMAL, INFER_DECIMAL },
	{ PHYSICAL_INT64, CONVERTED_TIME_MICROS, INFER_TIME },
	{ PHYSICAL_INT64, CONVERTED_TIMESTAMP_MILLIS, INFER_TIMESTAMP },
	{ PHYSICAL_INT64, CONVERTED_TIMESTAMP_MICROS, INFER_TIMESTAMP },
	{ PHYSICAL_INT64, ANY, INFER_BIGINT },
	{ PHYSICAL_INT96, ANY, INFER_TIMESTAMP },
	{ PHYSICAL_FLOAT, ANY, INFER_REAL },
	{ PHYSICAL_DOUBLE, ANY, INFER_DOUBLE },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_DECIMAL, INFER_DECIMAL },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_UTF8, INFER_VARCHAR },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_ENUM, INFER_VARCHAR },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_JSON, INFER_VARCHAR },
	{ PHYSICAL_BYTE_ARRAY, ANY, INFER_VARBYTE },
	{ PHYSICAL_FIXED, CONVERTED_DECIMAL, INFER_DECIMAL },
	{ PHYSICAL_FIXED, ANY, INFER_VARBYTE },
};

static void add_column(struct infer *out, const struct element *element)
{
	struct infer_column column = {
		.name = mem_copy_slice(element->name, element->name_len),
		.type = INFER_SUPER,
		.precision = element->precision,
		.scale = element->scale,
		/* The footer does not tell how long texts are. */
		.bytes = 65535,
		.nulls = element->repetition != 0,
		.standard_pattern = true,
	};

	for (size_t i = COUNT_OF(types); i-- > 0 && element->repetition != 2;)
		if (types[i].physical == element->physical &&
		    (types[i].converted == ANY ||
		     types[i].converted == element->converted))
			column.type = types[i].type;
	vec_push(&out->columns, column);
}

/* The elements in depth-first order: the root, then its children, of which
 * groups bring theirs along. */
static void take_schema(struct thrift *in, size_t count, struct infer *out)
{
	int64_t inside = 0; /* elements still below a column */

	for (size_t i = 0; i < count && !in->bad; i++) {
		struct element element;

		take_element(in, &element);
		if (element.children < 0 || element.children > MAX_ELEMENTS) {
			in->bad = true;
			return;
		}
		if (i == 0)
			continue;
		if (inside == 0)
			add_column(out, &element);
		else
			inside--;
		inside += element.children;
	}
}

bool parquet_read_footer(const char *footer, size_t len, struct infer *out,
			 int64_t *out_rows, struct err *err)
{
	struct thrift in = { .at = (const unsigned char *)footer,
			     .end = (const unsigned char *)footer + len };
	enum thrift_type type, item;
	int id = 0;

	while ((type = take_field(&in, &id)) != THRIFT_STOP && !in.bad) {
		if (id == 2 && type == THRIFT_LIST) {
			size_t count = take_list(&in, &item);

			if (item != THRIFT_STRUCT || count > MAX_ELEMENTS)
				in.bad = true;
			else
				take_schema(&in, count, out);
		} else if (id == 3 && type == THRIFT_I64) {
			*out_rows = take_number(&in);
			break; /* behind it is what the row groups hold */
		} else {
			pass(&in, type, 0);
		}
	}
	if (!in.bad && out->columns.count > 0)
		return true;
	return err_set(err, ERR_DATA, "the Parquet file's footer is damaged");
}
