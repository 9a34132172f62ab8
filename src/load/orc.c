#include "load/orc.h"

#include <string.h>

#include "base/sink.h"
#include "base/str.h"
#include "data/pack.h"
#include "data/pack_zip.h"
#include "data/snappy.h"
#include "load/infer.h"

enum {
	MAX_FOOTER = 64 * 1024 * 1024,
	MAX_TYPES = 100000,
	CHUNK_HEADER = 3,
};

static bool damaged(struct err *err)
{
	return err_set(err, ERR_DATA, "the end of the ORC file is damaged");
}

/* --- protocol buffers --- */

struct message {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
};

/* One field: a number, or the bytes of a text or message. */
struct field {
	unsigned id;
	uint64_t number;
	struct message bytes;
	bool is_bytes;
};

enum wire { WIRE_VARINT, WIRE_8_BYTES, WIRE_BYTES, WIRE_4_BYTES = 5 };

static uint64_t take_varint(struct message *in)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		unsigned byte = *in->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return value;
	}
	in->bad = true;
	return 0;
}

static void take_bytes(struct message *in, uint64_t len, struct message *out)
{
	if (len > (uint64_t)(in->end - in->at)) {
		in->bad = true;
		len = 0;
	}
	*out = (struct message){ .at = in->at, .end = in->at + len };
	in->at += len;
}

/* false: the message ends, or is bad. */
static bool take_field(struct message *in, struct field *out)
{
	struct message passed;
	uint64_t head;

	if (in->bad || in->at >= in->end)
		return false;
	head = take_varint(in);
	*out = (struct field){ .id = (unsigned)(head >> 3) };
	switch (head & 7) {
	case WIRE_VARINT:
		out->number = take_varint(in);
		break;
	case WIRE_BYTES:
		take_bytes(in, take_varint(in), &out->bytes);
		out->is_bytes = true;
		break;
	case WIRE_8_BYTES:
		take_bytes(in, 8, &passed);
		break;
	case WIRE_4_BYTES:
		take_bytes(in, 4, &passed);
		break;
	default:
		in->bad = true;
	}
	return !in->bad;
}

/* --- the postscript --- */

enum packing { /* CompressionKind */
	       PACKING_NONE,
	       PACKING_ZLIB,
	       PACKING_SNAPPY,
	       PACKING_LZO,
	       PACKING_LZ4,
	       PACKING_ZSTD,
};

struct postscript {
	uint64_t size; /* of itself, with the byte that says so */
	uint64_t footer;
	uint64_t packing;
	uint64_t chunk; /* largest, unpacked */
};

static bool read_postscript(struct postscript *out, const char *tail,
			    size_t len, int64_t file_size, struct err *err)
{
	const unsigned char *end = (const unsigned char *)tail + len;
	struct message in = { .end = end - 1 };
	struct field field;

	*out = (struct postscript){ .chunk = 256 * 1024 };
	if (len < 2 || (size_t)end[-1] + 1 > len)
		return damaged(err);
	out->size = (uint64_t)end[-1] + 1;
	in.at = end - out->size;
	while (take_field(&in, &field)) {
		if (field.id == 1)
			out->footer = field.number;
		else if (field.id == 2)
			out->packing = field.number;
		else if (field.id == 3)
			out->chunk = field.number;
	}
	if (in.bad || out->footer == 0 || out->footer > MAX_FOOTER ||
	    out->chunk > MAX_FOOTER ||
	    (int64_t)(out->footer + out->size) > file_size)
		return damaged(err);
	return true;
}

bool orc_footer_place(const char *tail, size_t len, int64_t file_size,
		      int64_t *out_from_end, struct err *err)
{
	struct postscript postscript;

	if (!read_postscript(&postscript, tail, len, file_size, err))
		return false;
	*out_from_end = (int64_t)(postscript.size + postscript.footer);
	return true;
}

/* --- the footer's bytes --- */

static bool unpack_zlib(struct str *out, const struct message *chunk,
			struct err *err)
{
	/* raw deflate, as members of zip archives are packed */
	struct pack_zip_member member = { .method = 8,
					  .packed = chunk->end - chunk->at,
					  .size = MAX_FOOTER };
	struct sink sink = sink_to_str(out);
	CLEANUP(unzip_freep)
	struct unzip *unzip = unzip_new(&member, &sink, err);

	return unzip != NULL && unzip_feed(unzip, chunk->at,
					   (size_t)(chunk->end - chunk->at),
					   err);
}

static bool unpack_zstd(struct str *out, const struct message *chunk,
			struct err *err)
{
	struct sink sink = sink_to_str(out);
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(PACK_ZSTD, &sink);

	return unpack_feed(unpack, chunk->at, (size_t)(chunk->end - chunk->at),
			   err);
}

static bool unpack_chunk(struct str *out, const struct message *chunk,
			 const struct postscript *postscript, struct err *err)
{
	static const char *const others[] = { [PACKING_LZO] = "LZO",
					      [PACKING_LZ4] = "LZ4" };
	size_t len = (size_t)(chunk->end - chunk->at);

	switch (postscript->packing) {
	case PACKING_ZLIB:
		return unpack_zlib(out, chunk, err);
	case PACKING_SNAPPY:
		return snappy_unpack(out, chunk->at, len, postscript->chunk,
				     err);
	case PACKING_ZSTD:
		return unpack_zstd(out, chunk, err);
	case PACKING_LZO:
	case PACKING_LZ4:
		err_set(err, ERR_DATA,
			"the columns of an ORC file packed by %s are not read",
			others[postscript->packing]);
		return err_hint(err, "write CREATE TABLE yourself: COPY ... "
				     "FORMAT AS ORC matches columns by place");
	default:
		return damaged(err);
	}
}

/* Chunks, each behind three bytes: its length, and whether it is packed. */
static bool unpack_footer(struct str *out, struct message in,
			  const struct postscript *postscript, struct err *err)
{
	if (postscript->packing == PACKING_NONE) {
		str_add_slice(out, (const char *)in.at,
			      (size_t)(in.end - in.at));
		return true;
	}
	while (in.end - in.at > CHUNK_HEADER && out->len < MAX_FOOTER) {
		uint64_t head = (uint64_t)in.at[0] | (uint64_t)in.at[1] << 8 |
				(uint64_t)in.at[2] << 16;
		struct message chunk;

		in.at += CHUNK_HEADER;
		take_bytes(&in, head >> 1, &chunk);
		if (in.bad)
			return damaged(err);
		if (head & 1)
			str_add_slice(out, (const char *)chunk.at,
				      (size_t)(chunk.end - chunk.at));
		else if (!unpack_chunk(out, &chunk, postscript, err))
			return false;
	}
	return true;
}

/* --- types --- */

/* Type.Kind is the index. */
static const enum infer_type types[] = {
	INFER_BOOLEAN,	 INFER_SMALLINT, INFER_SMALLINT, INFER_INTEGER,
	INFER_BIGINT,	 INFER_REAL,	 INFER_DOUBLE,	 INFER_VARCHAR,
	INFER_VARBYTE,	 INFER_TIMESTAMP, INFER_SUPER,	 INFER_SUPER,
	INFER_SUPER,	 INFER_SUPER,	 INFER_DECIMAL,	 INFER_DATE,
	INFER_VARCHAR,	 INFER_VARCHAR,	 INFER_TIMESTAMP,
};

enum { KIND_STRUCT = 12 };

struct type {
	uint64_t kind;
	uint64_t length, precision, scale;
};

static struct type read_type(struct message in)
{
	struct type type = { .kind = COUNT_OF(types) };
	struct field field;

	while (take_field(&in, &field)) {
		if (field.id == 1)
			type.kind = field.number;
		else if (field.id == 4)
			type.length = field.number;
		else if (field.id == 5)
			type.precision = field.number;
		else if (field.id == 6)
			type.scale = field.number;
	}
	return type;
}

static void add_column(struct infer *out, const struct message *name,
		       const struct type *type)
{
	struct infer_column column = {
		.name = mem_copy_slice((const char *)name->at,
				       (size_t)(name->end - name->at)),
		.type = types[type->kind],
		.precision = type->precision <= 38 ? (int)type->precision : 38,
		.scale = type->scale <= 38 ? (int)type->scale : 0,
		.bytes = 65535,
		.nulls = 1, /* any may be absent */
		.standard_pattern = true,
	};

	/* VARCHAR(n) and CHAR(n) count characters: four bytes at most */
	if (type->length > 0 && type->length <= 65535 / 4)
		column.bytes = (size_t)type->length * 4;
	if (column.precision == 0)
		column.precision = 38;
	vec_push(&out->columns, column);
}

struct types {
	VEC(struct message);
};

/* The root is a struct, whose subtypes are the columns. */
static bool add_columns(struct infer *out, const struct types *all)
{
	struct message root = all->items[0];
	struct types names = { 0 };
	struct field field;
	size_t at = 0;
	bool good = read_type(root).kind == KIND_STRUCT;

	while (take_field(&root, &field))
		if (field.id == 3 && field.is_bytes)
			vec_push(&names, field.bytes);
	root = all->items[0];
	while (good && take_field(&root, &field)) {
		struct message ids = field.bytes;

		/* packed, or one by one */
		while (field.id == 2 && good) {
			uint64_t id = field.is_bytes ? take_varint(&ids)
						     : field.number;
			struct type type;

			good = !ids.bad && id < all->count && at < names.count;
			if (!good)
				break;
			type = read_type(all->items[id]);
			good = type.kind < COUNT_OF(types);
			if (good)
				add_column(out, &names.items[at++], &type);
			if (!field.is_bytes || ids.at >= ids.end)
				break;
		}
	}
	good = good && !root.bad && at == names.count && at > 0;
	vec_done(&names);
	return good;
}

static bool read_types(struct message in, struct infer *out, int64_t *out_rows)
{
	struct types all = { 0 };
	struct field field;
	bool good;

	while (take_field(&in, &field)) {
		if (field.id == 4 && field.is_bytes && all.count < MAX_TYPES)
			vec_push(&all, field.bytes);
		else if (field.id == 6)
			*out_rows = (int64_t)field.number;
	}
	good = !in.bad && all.count > 0 && *out_rows >= 0 &&
	       add_columns(out, &all);
	vec_done(&all);
	return good;
}

bool orc_read_footer(const char *bytes, size_t len, struct infer *out,
		     int64_t *out_rows, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct postscript postscript;
	struct message in;

	if (!read_postscript(&postscript, bytes, len, (int64_t)len, err))
		return false;
	in.end = (const unsigned char *)bytes + len - postscript.size;
	in.at = in.end - postscript.footer;
	in.bad = false;
	if (!unpack_footer(&text, in, &postscript, err))
		return false;
	in.at = (const unsigned char *)text.text;
	in.end = in.at + text.len;
	return read_types(in, out, out_rows) || damaged(err);
}
