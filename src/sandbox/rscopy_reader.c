#include "sandbox/rscopy_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"
#include "sandbox/rscopy_files.h"
#include "sandbox/rscopy_job.h"
#include "sandbox/rscopy_json.h"
#include "sandbox/s3_store.h"

enum {
	BLOCK_BYTES = 65536,
	RECORD_MAX_BYTES = 4 * 1024 * 1024, /* r_COPY: 4 MB */
	CODE_S3 = 8001,
	CODE_ENCODING = 1221,
};

struct reader {
	struct rscopy_job *job;
	const struct rscopy_format *format;
	const struct rscopy_taker *taker;
	struct csv *csv; /* one of the two */
	struct rscopy_json *json;
	struct encode_reader decoder;
	struct str head; /* the first bytes, until a BOM shows */
	bool head_done;
	struct str decoded;
	int64_t skipped;
	bool stopped;
};

/* --- records --- */

/* Hands on what can be handed on; false: stopped. */
static bool drain(struct reader *reader)
{
	for (;;) {
		const struct csv_record *record;
		struct err err = ERR_EMPTY;
		enum csv_step step;
		bool header = reader->csv != NULL &&
			      reader->skipped < reader->format->skip_lines;

		if (reader->json != NULL)
			step = rscopy_json_next(reader->json, &record);
		else if (header)
			step = csv_skip_line(reader->csv, &record);
		else
			step = csv_next(reader->csv, &record, &err);
		if (step == CSV_MORE || step == CSV_END)
			return true;
		if (header) {
			reader->skipped++;
			continue;
		}
		if (!reader->taker->take(reader->taker->context, record,
					 step == CSV_BAD ? err.message
							 : NULL)) {
			reader->stopped = true;
			return false;
		}
	}
}

/* --- characters --- */

static bool split(struct reader *reader, const char *bytes, size_t len)
{
	if (reader->json != NULL)
		rscopy_json_feed(reader->json, bytes, len);
	else
		csv_feed(reader->csv, bytes, len);
	return drain(reader);
}

static bool feed(struct reader *reader, const char *bytes, size_t len)
{
	if (reader->format->charset == ENCODE_UTF8 && !reader->format->by_bom) {
		return split(reader, bytes, len);
	}
	str_clear(&reader->decoded);
	encode_read(&reader->decoder, bytes, len, &reader->decoded);
	return split(reader, reader->decoded.text, reader->decoded.len);
}

/* The mark is no data; where the format says so it also decides. */
static bool begin_text(struct reader *reader)
{
	enum encode_charset found = ENCODE_UTF8;
	size_t bom_len = 0;
	bool has_bom = encode_find_bom(reader->head.text, reader->head.len,
				       &found, &bom_len);

	reader->head_done = true;
	if (reader->format->by_bom) {
		if (!has_bom || found == ENCODE_UTF8)
			return rscopy_fail_engine(
				reader->job, CODE_ENCODING, "",
				"UTF16 needs a byte order mark: use UTF16LE"
				" or UTF16BE");
		reader->decoder.charset = found;
	} else if (has_bom && found != reader->format->charset) {
		bom_len = 0;
	}
	if (!has_bom)
		bom_len = 0;
	return feed(reader, reader->head.text + bom_len,
		    reader->head.len - bom_len);
}

static bool plain_write(void *context, const char *bytes, size_t len,
			struct err *err)
{
	struct reader *reader = context;
	bool done;

	if (reader->head_done) {
		done = feed(reader, bytes, len);
	} else {
		str_add_slice(&reader->head, bytes, len);
		done = reader->head.len < 4 || begin_text(reader);
	}
	return done || err_set(err, ERR_CANCELLED, "stopped");
}

static bool end_text(struct reader *reader)
{
	if (!reader->head_done && !begin_text(reader))
		return false;
	str_clear(&reader->decoded);
	if (reader->format->charset != ENCODE_UTF8 || reader->format->by_bom)
		encode_read_end(&reader->decoder, &reader->decoded);
	if (!split(reader, reader->decoded.text, reader->decoded.len))
		return false;
	if (reader->json != NULL)
		rscopy_json_end(reader->json);
	else
		csv_end(reader->csv);
	if (!drain(reader))
		return false;
	if (reader->decoder.bad_count > 0 && reader->format->bad_char == '\0')
		return rscopy_fail_engine(reader->job, CODE_ENCODING, "",
					  "the file is not in the encoding"
					  " that ENCODING names");
	return true;
}

/* --- the object --- */

static bool fail_read(struct reader *reader, const struct rscopy_file *file,
		      const struct err *err)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;

	if (reader->stopped || reader->job->result->sqlstate[0] != '\0')
		return false;
	str_addf(&context, "S3 key being read : s3://%s/%s", file->bucket,
		 file->key);
	return rscopy_fail_engine(reader->job, CODE_S3, context.text,
				  "cannot read s3://%s/%s: %s", file->bucket,
				  file->key, err->message);
}

static bool read_body(struct reader *reader, int fd, struct unpack *unpack,
		      struct err *err)
{
	CLEANUP(mem_freep) char *block = mem_alloc(BLOCK_BYTES);
	ssize_t n;

	while ((n = read(fd, block, BLOCK_BYTES)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, errno, "read");
		if (!rscopy_go_on(reader->job) ||
		    !unpack_feed(unpack, block, (size_t)n, err))
			return false;
	}
	return unpack_end(unpack, err);
}

static bool run(struct reader *reader, const struct rscopy_file *file, int fd)
{
	struct sink sink = { plain_write, reader };
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(reader->format->pack, &sink);
	struct err err = ERR_EMPTY;

	if (!read_body(reader, fd, unpack, &err))
		return fail_read(reader, file, &err);
	return end_text(reader);
}

bool rscopy_reader_run(struct rscopy_job *job, const struct rscopy_file *file,
		       const struct rscopy_format *format,
		       const struct rscopy_taker *taker)
{
	struct reader reader = {
		.job = job,
		.format = format,
		.taker = taker,
		.decoder = { .charset = format->charset,
			     .replacement = format->bad_char },
		.head = STR_EMPTY,
		.decoded = STR_EMPTY,
	};
	struct err err = ERR_EMPTY;
	bool done;
	int fd = s3_store_get(job->call->store, file->bucket, file->key, NULL,
			      &err);

	if (fd < 0)
		return rscopy_fail_s3(job, "", &err);
	if (format->json) {
		reader.json = rscopy_json_new(format->skip_lines);
	} else {
		reader.csv = csv_new(&format->dialect);
		csv_set_limit(reader.csv, RECORD_MAX_BYTES);
	}
	done = run(&reader, file, fd);
	csv_free(reader.csv);
	rscopy_json_free(reader.json);
	close(fd);
	str_done(&reader.head);
	str_done(&reader.decoded);
	return done;
}
