#include "load/inspect.h"

#include <inttypes.h>
#include <string.h>

#include "base/sink.h"
#include "base/utf8.h"
#include "data/encode.h"
#include "data/pack.h"
#include "data/pack_zip.h"
#include "load/ddl.h"
#include "load/facts.h"
#include "load/inspect_schema.h"
#include "load/inspect_zip.h"

enum {
	BLOCK_BYTES = 1024 * 1024,
	SAMPLES = 16,		/* spread over a large object */
};

#define WHOLE_BYTES (INT64_C(64) * BLOCK_BYTES) /* of objects, unless told */

struct inspector {
	const struct inspect_source *source;
	const struct inspect_options *options;
	struct inspection *out;
	struct survey *survey;	/* one of these two */
	struct json_survey *json;
	struct encode_reader reader;
	struct str text;	/* a block decoded */
	int64_t unpacked;	/* bytes seen before this block */
	int64_t lines;		/* and line ends */
	bool bom_passed;
};

void inspection_done(struct inspection *inspection)
{
	sniff_done(&inspection->sniff);
	infer_done(&inspection->infer);
	for (size_t i = 0; i < inspection->warnings.count; i++)
		mem_free(inspection->warnings.items[i]);
	vec_done(&inspection->warnings);
	mem_free(inspection->member);
}

/* --- plain bytes to records --- */

static int64_t count_line_ends(const char *bytes, size_t len)
{
	const char *end = bytes + len;
	int64_t count = 0;

	while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
		count++;
		bytes++;
	}
	return count;
}

static void note_bad(struct inspector *inspector, const char *bytes, size_t at)
{
	struct inspection *out = inspector->out;

	if (out->bad_text++ > 0)
		return;
	out->bad_byte = inspector->unpacked + (int64_t)at;
	out->bad_line = inspector->lines + count_line_ends(bytes, at) + 1;
}

static void note_nuls(struct inspector *inspector, const char *bytes,
		      size_t len)
{
	struct inspection *out = inspector->out;
	const char *end = bytes + len;
	const char *at = bytes;

	while ((at = memchr(at, '\0', (size_t)(end - at))) != NULL) {
		if (out->nul_bytes++ == 0) {
			out->nul_byte = inspector->unpacked + (at - bytes);
			out->nul_line =
				inspector->lines + 1 +
				count_line_ends(bytes, (size_t)(at - bytes));
		}
		at++;
	}
}

static void feed_records(struct inspector *inspector, const char *bytes,
			 size_t len)
{
	if (inspector->json != NULL)
		json_survey_feed(inspector->json, bytes, len);
	else
		survey_feed(inspector->survey, bytes, len);
}

/* UTF-8 goes on as it is; a character that the block's end cuts waits. */
static void feed_utf8(struct inspector *inspector, const char *bytes,
		      size_t len)
{
	struct encode_reader *reader = &inspector->reader;
	size_t bad = reader->rest_len > 0 ? 0 : utf8_first_bad(bytes, len);
	size_t before = reader->bad_count;

	if (bad == len) {
		feed_records(inspector, bytes, len);
		return;
	}
	str_clear(&inspector->text);
	encode_read(reader, bytes, len, &inspector->text);
	if (reader->bad_count > before)
		note_bad(inspector, bytes, bad);
	feed_records(inspector, inspector->text.text, inspector->text.len);
}

static bool is_utf16(const struct sniff *sniff)
{
	return sniff->charset == ENCODE_UTF16LE ||
	       sniff->charset == ENCODE_UTF16BE;
}

static void feed_plain(struct inspector *inspector, const char *bytes,
		       size_t len)
{
	const struct sniff *sniff = &inspector->out->sniff;
	enum encode_charset charset;
	size_t bom = 0;

	if (!inspector->bom_passed && sniff->bom)
		encode_find_bom(bytes, len, &charset, &bom);
	inspector->bom_passed = true;
	if (!is_utf16(sniff))
		note_nuls(inspector, bytes, len);
	if (sniff->charset == ENCODE_UTF8) {
		feed_utf8(inspector, bytes + bom, len - bom);
	} else {
		str_clear(&inspector->text);
		encode_read(&inspector->reader, bytes + bom, len - bom,
			    &inspector->text);
		feed_records(inspector, inspector->text.text,
			     inspector->text.len);
	}
	inspector->lines += count_line_ends(bytes, len);
	inspector->unpacked += (int64_t)len;
}

static bool sink_plain(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	(void)err;
	feed_plain(context, bytes, len);
	return true;
}

/* --- the bytes --- */

static int64_t count_records(const struct inspector *inspector)
{
	return inspector->json != NULL
		       ? json_survey_result(inspector->json)->objects
		       : survey_result(inspector->survey)->records;
}

static bool has_enough(const struct inspector *inspector)
{
	return inspector->options->sample > 0 &&
	       count_records(inspector) >= inspector->options->sample;
}

static bool read_block(struct inspector *inspector, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	const struct inspect_source *source = inspector->source;

	str_clear(out);
	return source->read(source->context, offset, length, out, err) &&
	       source->tick(source->tick_context, offset + (int64_t)out->len,
			    source->size, err);
}

/* From offset to end, through unpack where there is one. */
static bool read_bytes(struct inspector *inspector, struct unpack *unpack,
		       int64_t offset, int64_t end, struct err *err)
{
	CLEANUP(str_done) struct str block = STR_EMPTY;

	while (offset < end && !has_enough(inspector)) {
		int64_t length = end - offset < BLOCK_BYTES ? end - offset
							    : BLOCK_BYTES;

		if (!read_block(inspector, offset, length, &block, err))
			return false;
		if (block.len == 0)
			break;
		if (unpack == NULL)
			feed_plain(inspector, block.text, block.len);
		else if (!unpack_feed(unpack, block.text, block.len, err))
			return err_wrap(err, "%s", inspector->source->name);
		offset += (int64_t)block.len;
	}
	return true;
}

static bool read_packed(struct inspector *inspector, int64_t end,
			struct err *err)
{
	struct sink sink = { .write = sink_plain, .context = inspector };
	CLEANUP(unpack_freep)
	struct unpack *unpack =
		unpack_new(inspector->out->sniff.pack, &sink);

	if (!read_bytes(inspector, unpack, 0, end, err))
		return false;
	if (end < inspector->source->size || has_enough(inspector))
		return true;
	return unpack_end(unpack, err) ||
	       err_wrap(err, "%s", inspector->source->name);
}

/* The start, then pieces spread evenly up to the end. */
static bool read_samples(struct inspector *inspector, struct err *err)
{
	int64_t size = inspector->source->size;
	int64_t step = (size - BLOCK_BYTES) / SAMPLES;

	if (!read_bytes(inspector, NULL, 0, 4 * BLOCK_BYTES, err))
		return false;
	for (int i = 1; i <= SAMPLES; i++) {
		int64_t at = i * step;

		if (at < 4 * BLOCK_BYTES)
			continue;
		at -= at % 2; /* units of UTF-16 */
		if (inspector->json != NULL)
			json_survey_jump(inspector->json);
		else
			survey_jump(inspector->survey);
		inspector->reader.rest_len = 0;
		if (!read_bytes(inspector, NULL, at, at + BLOCK_BYTES, err))
			return false;
	}
	return true;
}

static bool read_all(struct inspector *inspector, struct err *err)
{
	const struct inspect_source *source = inspector->source;
	struct inspection *out = inspector->out;
	bool whole = !source->remote || inspector->options->all ||
		     source->size <= WHOLE_BYTES;
	bool good;

	if (out->sniff.pack != PACK_NONE)
		good = read_packed(inspector,
				   whole ? source->size : WHOLE_BYTES / 4, err);
	else if (whole || source->forward)
		good = read_bytes(inspector, NULL, 0,
				  whole ? source->size : WHOLE_BYTES, err);
	else
		good = read_samples(inspector, err);
	out->whole = whole && !has_enough(inspector);
	if (good && out->whole) {
		if (inspector->json != NULL)
			json_survey_end(inspector->json);
		else
			survey_end(inspector->survey);
	}
	return good;
}

static bool survey_delimited(struct inspector *inspector, struct err *err)
{
	struct inspection *out = inspector->out;
	const struct sniff *sniff = &out->sniff;
	struct survey_dialect dialect = {
		.delimiter = sniff->delimiter,
		.quote = sniff_is_csv(sniff) && sniff->quote == '\0'
				 ? '"'
				 : sniff->quote,
		.escape = sniff->escape,
		.lone_cr = sniff->line_end == SNIFF_CR,
		.skip = (int64_t)(sniff->skip + (out->infer.header
							 ? sniff->first_lines
							 : 0)),
		.widths = sniff->kind == SNIFF_FIXED ? &sniff->widths : NULL,
		.columns = out->infer.columns.count,
	};

	inspector->survey = survey_new(&dialect);
	if (!read_all(inspector, err))
		return false;
	out->survey = *survey_result(inspector->survey);
	out->infer.exact = out->whole;
	infer_refine(&out->infer, survey_facts(inspector->survey));
	return true;
}

static bool survey_json(struct inspector *inspector, struct err *err)
{
	struct inspection *out = inspector->out;

	inspector->json = json_survey_new();
	if (out->sniff.kind == SNIFF_JSON_ARRAY)
		json_survey_in_array(inspector->json);
	if (!read_all(inspector, err))
		return false;
	out->json = *json_survey_result(inspector->json);
	out->infer.exact = out->whole;
	json_survey_columns(inspector->json, &out->infer);
	return true;
}

static bool is_json(const struct sniff *sniff)
{
	return sniff->kind == SNIFF_JSON || sniff->kind == SNIFF_JSON_ARRAY;
}

static bool survey_records(struct inspector *inspector, struct err *err)
{
	bool good;

	inspector->reader.charset = inspector->out->sniff.charset;
	good = is_json(&inspector->out->sniff)
		       ? survey_json(inspector, err)
		       : survey_delimited(inspector, err);
	if (good)
		inspector->out->records = count_records(inspector);
	survey_free(inspector->survey);
	json_survey_free(inspector->json);
	str_done(&inspector->text);
	return good;
}

static bool look(struct inspector *inspector, struct err *err)
{
	struct inspection *out = inspector->out;

	if (is_json(&out->sniff))
		return survey_records(inspector, err);
	if (out->sniff.kind == SNIFF_PARQUET || out->sniff.kind == SNIFF_ORC ||
	    out->sniff.kind == SNIFF_AVRO)
		return out->sniff.pack != PACK_NONE ||
		       inspect_schema(out, inspector->source, err);
	infer_run(&out->infer, &out->sniff);
	return out->infer.columns.count == 0 || survey_records(inspector, err);
}

static bool look_inside(struct inspection *out,
			const struct inspect_source *archive,
			const struct inspect_options *options, struct err *err)
{
	CLEANUP(inspect_zip_closep)
	struct inspect_zip *zip = inspect_zip_open(archive, err);
	struct inspect_source member;

	if (zip == NULL)
		return false;
	inspect_zip_source(zip, &member);
	out->members = inspect_zip_count(zip);
	out->member = mem_copy_text(inspect_zip_member(zip));
	return inspect_run(out, &member, options, err);
}

bool inspect_run(struct inspection *out, const struct inspect_source *source,
		 const struct inspect_options *options, struct err *err)
{
	CLEANUP(str_done) struct str start = STR_EMPTY;
	struct inspector inspector = { .source = source,
				       .options = options,
				       .out = out,
				       .text = STR_EMPTY };

	out->size = source->size;
	if (!source->read(source->context, 0, SNIFF_SAMPLE_BYTES, &start, err))
		return false;
	if (out->member == NULL && pack_zip_is(start.text, start.len))
		return look_inside(out, source, options, err);
	if (!sniff_run(&out->sniff, start.text, start.len,
		       (int64_t)start.len >= source->size, err))
		return err_wrap(err, "%s", source->name);
	if (!look(&inspector, err))
		return false;
	ddl_name_columns(&out->infer);
	return true;
}
