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
		 CONVERTED_BSON = 20,
		 CONVERTED_INTERVAL = 21,
};

/* What a LogicalType says that the converted types do not. */
enum {
	CONVERTED_UUID = 100,
	CONVERTED_FLOAT16,
	CONVERTED_TIMESTAMP_NANOS,
	CONVERTED_TIME_NANOS,
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

/* LogicalType's field numbers, as the converted types they stand for. */
static const struct {
	int field;
	int converted;
} logical[] = {
	{ 1, CONVERTED_UTF8 },
	{ 4, CONVERTED_ENUM },
	{ 5, CONVERTED_DECIMAL },
	{ 6, CONVERTED_DATE },
	{ 7, CONVERTED_TIME_MICROS },
	{ 8, CONVERTED_TIMESTAMP_MICROS },
	{ 12, CONVERTED_JSON },
	{ 13, CONVERTED_BSON },
	{ 14, CONVERTED_UUID },
	{ 15, CONVERTED_FLOAT16 },
};

/* TimeUnit is a union: its third member is nanoseconds. */
static bool is_nanos(struct thrift *in)
{
	enum thrift_type type;
	bool nanos = false;
	int id = 0;

	while ((type = take_field(in, &id)) != THRIFT_STOP && !in->bad) {
		nanos |= id == 3;
		pass(in, type, 0);
	}
	return nanos;
}

/* The struct inside of a LogicalType: a decimal's digits, an integer's bits,
 * the unit of a time. */
static void take_details(struct thrift *in, int field, struct element *out,
			 int *converted)
{
	static const int widths[2][4] = {
		{ CONVERTED_UINT_8, CONVERTED_UINT_16, CONVERTED_UINT_32,
		  CONVERTED_UINT_64 },
		{ CONVERTED_INT_8, CONVERTED_INT_16, CONVERTED_NONE,
		  CONVERTED_NONE },
	};
	enum thrift_type type;
	unsigned bits = 0;
	bool is_signed = false;
	int id = 0;

	while ((type = take_field(in, &id)) != THRIFT_STOP && !in->bad) {
		if (field == 5 && id == 1 && type == THRIFT_I32)
			out->scale = (int)take_number(in);
		else if (field == 5 && id == 2 && type == THRIFT_I32)
			out->precision = (int)take_number(in);
		else if (field == 10 && id == 1 && type == THRIFT_BYTE)
			bits = take_byte(in);
		else if (field == 10 && id == 2)
			is_signed = type == THRIFT_TRUE;
		else if (field == 7 && id == 2 && type == THRIFT_STRUCT &&
			 is_nanos(in))
			*converted = CONVERTED_TIME_NANOS;
		else if (field == 8 && id == 2 && type == THRIFT_STRUCT &&
			 is_nanos(in))
			*converted = CONVERTED_TIMESTAMP_NANOS;
		else if ((field != 7 && field != 8) || id != 2 ||
			 type != THRIFT_STRUCT)
			pass(in, type, 0);
	}
	for (size_t i = 0; i < 4 && field == 10; i++)
		if (bits == 8u << i)
			*converted = widths[is_signed][i];
}

/* A union: the number of its one field says which it is. */
static int take_logical(struct thrift *in, struct element *out)
{
	int converted = CONVERTED_NONE;
	enum thrift_type type;
	int id = 0;

	while ((type = take_field(in, &id)) != THRIFT_STOP && !in->bad) {
		for (size_t i = 0; i < COUNT_OF(logical); i++)
			if (logical[i].field == id)
				converted = logical[i].converted;
		if (type == THRIFT_STRUCT)
			take_details(in, id, out, &converted);
		else
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
			by_logical = take_logical(in, out);
		else
			pass(in, type, 0);
	}
	if (out->converted == CONVERTED_NONE || by_logical >= CONVERTED_UUID)
		out->converted = by_logical;
}

static const char unsigned_note[] =
	"unsigned numbers, and Redshift's have a sign: look at large ones";
static const char nanos_note[] =
	"nanoseconds, and Redshift keeps microseconds: look at what comes in";

/* The first row that fits. converted ANY: whatever it is. */
enum { ANY = -2 };

static const struct {
	int physical;
	int converted;
	enum infer_type type;
	const char *note;
} types[] = {
	{ PHYSICAL_BOOLEAN, ANY, INFER_BOOLEAN, NULL },
	{ PHYSICAL_INT32, CONVERTED_DECIMAL, INFER_DECIMAL, NULL },
	{ PHYSICAL_INT32, CONVERTED_DATE, INFER_DATE, NULL },
	{ PHYSICAL_INT32, CONVERTED_TIME_MILLIS, INFER_TIME, NULL },
	{ PHYSICAL_INT32, CONVERTED_TIME_MICROS, INFER_TIME, NULL },
	{ PHYSICAL_INT32, CONVERTED_INT_8, INFER_SMALLINT, NULL },
	{ PHYSICAL_INT32, CONVERTED_INT_16, INFER_SMALLINT, NULL },
	{ PHYSICAL_INT32, CONVERTED_UINT_8, INFER_SMALLINT, NULL },
	{ PHYSICAL_INT32, CONVERTED_UINT_32, INFER_BIGINT, unsigned_note },
	{ PHYSICAL_INT32, ANY, INFER_INTEGER, NULL },
	{ PHYSICAL_INT64, CONVERTED_DECIMAL, INFER_DECIMAL, NULL },
	{ PHYSICAL_INT64, CONVERTED_TIME_MICROS, INFER_TIME, NULL },
	{ PHYSICAL_INT64, CONVERTED_TIME_NANOS, INFER_TIME, nanos_note },
	{ PHYSICAL_INT64, CONVERTED_TIMESTAMP_MILLIS, INFER_TIMESTAMP, NULL },
	{ PHYSICAL_INT64, CONVERTED_TIMESTAMP_MICROS, INFER_TIMESTAMP, NULL },
	{ PHYSICAL_INT64, CONVERTED_TIMESTAMP_NANOS, INFER_TIMESTAMP,
	  nanos_note },
	{ PHYSICAL_INT64, CONVERTED_UINT_64, INFER_BIGINT, unsigned_note },
	{ PHYSICAL_INT64, ANY, INFER_BIGINT, NULL },
	{ PHYSICAL_INT96, ANY, INFER_TIMESTAMP, NULL },
	{ PHYSICAL_FLOAT, ANY, INFER_REAL, NULL },
	{ PHYSICAL_DOUBLE, ANY, INFER_DOUBLE, NULL },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_DECIMAL, INFER_DECIMAL, NULL },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_UTF8, INFER_VARCHAR, NULL },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_ENUM, INFER_VARCHAR, NULL },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_JSON, INFER_VARCHAR, NULL },
	{ PHYSICAL_BYTE_ARRAY, CONVERTED_BSON, INFER_VARBYTE,
	  "BSON, which Redshift does not look into" },
	{ PHYSICAL_BYTE_ARRAY, ANY, INFER_VARBYTE, NULL },
	{ PHYSICAL_FIXED, CONVERTED_DECIMAL, INFER_DECIMAL, NULL },
	{ PHYSICAL_FIXED, CONVERTED_UUID, INFER_VARBYTE,
	  "a UUID as 16 bytes: to_hex() shows its digits" },
	{ PHYSICAL_FIXED, CONVERTED_FLOAT16, INFER_VARBYTE,
	  "numbers of two bytes, which Redshift does not read as such" },
	{ PHYSICAL_FIXED, CONVERTED_INTERVAL, INFER_VARBYTE,
	  "an interval as 12 bytes" },
	{ PHYSICAL_FIXED, ANY, INFER_VARBYTE, NULL },
};

enum { MAX_PRECISION = 38 };

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

	for (size_t i = COUNT_OF(types); i-- > 0 && element->repetition != 2;) {
		if (types[i].physical != element->physical ||
		    (types[i].converted != ANY &&
		     types[i].converted != element->converted))
			continue;
		column.type = types[i].type;
		column.note = types[i].note;
	}
	if (column.type == INFER_DECIMAL &&
	    (column.precision < 1 || column.precision > MAX_PRECISION ||
	     column.scale < 0 || column.scale > column.precision)) {
		column.note = "more digits than the 38 of DECIMAL";
		column.precision = MAX_PRECISION;
		column.scale = 0;
	}
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
