#include "load/inspect_schema.h"

#include "load/avro.h"
#include "load/inspect.h"
#include "load/orc.h"
#include "load/parquet.h"

enum {
	REMOTE_CHUNK = 1024 * 1024, /* a request is dear, */
	LOCAL_CHUNK = 64 * 1024,    /* a read is not */
};

#define COUNTED_BYTES (INT64_C(64) * 1024 * 1024) /* of objects, at most */

static bool read_parquet(struct inspection *out,
			 const struct inspect_source *source, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	int64_t size;

	if (source->size < PARQUET_TAIL_BYTES)
		return err_set(err, ERR_DATA, "%s is cut short", source->name);
	if (!source->read(source->context, source->size - PARQUET_TAIL_BYTES,
			  PARQUET_TAIL_BYTES, &bytes, err) ||
	    !parquet_footer_size(bytes.text, source->size, &size, err))
		return err_wrap(err, "%s", source->name);
	str_clear(&bytes);
	if (!source->read(source->context,
			  source->size - PARQUET_TAIL_BYTES - size, size,
			  &bytes, err) ||
	    !parquet_read_footer(bytes.text, bytes.len, &out->infer,
				 &out->records, err))
		return err_wrap(err, "%s", source->name);
	out->whole = true;
	return true;
}

static bool read_orc(struct inspection *out,
		     const struct inspect_source *source, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	int64_t tail = source->size < ORC_TAIL_BYTES ? source->size
						     : ORC_TAIL_BYTES;
	int64_t from_end;

	if (!source->read(source->context, source->size - tail, tail, &bytes,
			  err) ||
	    !orc_footer_place(bytes.text, bytes.len, source->size, &from_end,
			      err))
		return err_wrap(err, "%s", source->name);
	str_clear(&bytes);
	if (!source->read(source->context, source->size - from_end, from_end,
			  &bytes, err) ||
	    !orc_read_footer(bytes.text, bytes.len, &out->infer, &out->records,
			     err))
		return err_wrap(err, "%s", source->name);
	out->whole = true;
	return true;
}

/* From block to block, without what is in them. */
static bool count_avro(struct inspection *out,
		       const struct inspect_source *source, int64_t at,
		       struct err *err)
{
	CLEANUP(str_done) struct str chunk = STR_EMPTY;
	int64_t begin = 0; /* of chunk in the file */

	while (at < source->size) {
		int64_t left = begin + (int64_t)chunk.len - at;
		int64_t records, bytes;

		if (left < AVRO_BLOCK_HEAD &&
		    begin + (int64_t)chunk.len < source->size) {
			begin = at;
			str_clear(&chunk);
			if (!source->read(source->context, at,
					  source->remote ? REMOTE_CHUNK
							 : LOCAL_CHUNK,
					  &chunk, err) ||
			    !source->tick(source->tick_context, at,
					  source->size, err))
				return false;
			left = (int64_t)chunk.len;
		}
		if (left <= 0 ||
		    !avro_read_block(chunk.text + (at - begin), (size_t)left,
				     &records, &bytes, err))
			return left > 0 ? false
					: err_set(err, ERR_DATA,
						  "the last block is cut "
						  "short");
		out->records += records;
		at += bytes;
	}
	out->whole = at == source->size;
	return out->whole ||
	       err_set(err, ERR_DATA, "the last block is cut short");
}

static bool read_avro(struct inspection *out,
		      const struct inspect_source *source, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	size_t blocks;

	if (!source->read(source->context, 0, AVRO_HEADER_MAX, &bytes, err) ||
	    !avro_read_header(bytes.text, bytes.len, &out->infer, out->codec,
			      &blocks, err))
		return err_wrap(err, "%s", source->name);
	if (source->remote && source->size > COUNTED_BYTES)
		return true;
	return count_avro(out, source, (int64_t)blocks, err) ||
	       err_wrap(err, "%s", source->name);
}

bool inspect_schema(struct inspection *out, const struct inspect_source *source,
		    struct err *err)
{
	/* within gzip there is no end to look at */
	if (out->sniff.pack != PACK_NONE)
		return false;
	if (out->sniff.kind == SNIFF_PARQUET)
		return read_parquet(out, source, err);
	if (out->sniff.kind == SNIFF_ORC)
		return read_orc(out, source, err);
	if (out->sniff.kind == SNIFF_AVRO)
		return read_avro(out, source, err);
	return false;
}
