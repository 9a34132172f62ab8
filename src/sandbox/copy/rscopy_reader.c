#include "sandbox/copy/rscopy_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"
#include "data/lzop.h"
#include "sandbox/copy/rscopy_files.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_json.h"
#include "sandbox/s3/s3_store.h"

enum {
	BLOCK_BYTES = 65536,
	RECORD_MAX_BYTES = 4 * 1024 * 1024, /* r_COPY: 4 MB */
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
	int64_t *read; /* bytes of the object so far */
	bool stopped;
	bool refused; /* the rest of the file is not looked at */
};

/* --- records --- */

static enum rscopy_fault csv_fault(const struct err *err)
{
	if (strstr(err->message, "never closed") != NULL)
		return RSCOPY_FAULT_OPEN_QUOTE;
	if (strstr(err->message, "closing quote") != NULL)
		return RSCOPY_FAULT_AFTER_QUOTE;
	return RSCOPY_FAULT_TOO_LONG;
}

/* Bad bytes have become U+FFFD; they belong to the record that holds it. */
static bool has_bad_bytes(const struct reader *reader,
			  const struct csv_record *record)
{
	return reader->decoder.bad_count > 0 &&
	       reader->format->bad_char == '\0' &&
	       memmem(record->raw, record->raw_len, "\xef\xbf\xbd", 3) != NULL;
}

static bool hand_on(struct reader *reader, const struct csv_record *record,
		    enum rscopy_fault fault)
{
	if (has_bad_bytes(reader, record))
		fault = RSCOPY_FAULT_ENCODING;
	if (reader->taker->take(reader->taker->context, record, fault))
		return true;
	reader->stopped = true;
	return false;
}

static enum csv_step next_record(struct reader *reader,
				 const struct csv_record **out_record,
				 enum rscopy_fault *out_fault)
{
	struct err err = ERR_EMPTY;
	enum csv_step step;

	if (reader->json != NULL) {
		*out_fault = RSCOPY_FAULT_NO_OBJECT;
		return rscopy_json_next(reader->json, out_record);
	}
	step = csv_next(reader->csv, out_record, &err);
	if (step == CSV_BAD)
		*out_fault = csv_fault(&err);
	return step;
}

/* IGNOREHEADER; false: more bytes are needed. */
static bool skip_header(struct reader *reader)
{
	const struct csv_record *record;

	while (reader->csv != NULL &&
	       reader->skipped < reader->format->skip_lines) {
		if (csv_skip_line(reader->csv, &record) != CSV_RECORD)
			return false;
		reader->skipped++;
	}
	return true;
}

/* Hands on what can be handed on; false: stopped. */
static bool drain(struct reader *reader)
{
	if (!skip_header(reader))
		return true;
	for (;;) {
		const struct csv_record *record;
		enum rscopy_fault fault = RSCOPY_FAULT_NONE;
		enum csv_step step = next_record(reader, &record, &fault);

		if (step == CSV_MORE || step == CSV_END)
			return true;
		if (!hand_on(reader, record,
			     step == CSV_BAD ? fault : RSCOPY_FAULT_NONE))
			return false;
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

/* UTF16 wants a mark that tells the order of its bytes. */
static bool refuse_file(struct reader *reader)
{
	struct csv_record record = {
		.line = 1,
		.raw = reader->head.text,
		.raw_len = reader->head.len,
	};

	if (!reader->taker->take(reader->taker->context, &record,
				 RSCOPY_FAULT_ENCODING))
		reader->stopped = true;
	reader->refused = true;
	return !reader->stopped;
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
			return refuse_file(reader);
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

	if (reader->refused)
		return true;
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
	if (reader->refused)
		return true;
	str_clear(&reader->decoded);
	if (reader->format->charset != ENCODE_UTF8 || reader->format->by_bom)
		encode_read_end(&reader->decoder, &reader->decoded);
	if (!split(reader, reader->decoded.text, reader->decoded.len))
		return false;
	if (reader->json != NULL)
		rscopy_json_end(reader->json);
	else
		csv_end(reader->csv);
	return drain(reader);
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
	return rscopy_fail_engine(reader->job, RSCOPY_CODE_S3, context.text,
				  "cannot read s3://%s/%s: %s", file->bucket,
				  file->key, err->message);
}

/* unpack, or lzop for what only it unpacks. */
static bool read_body(struct reader *reader, int fd, struct unpack *unpack,
		      struct lzop *lzop, struct err *err)
{
	CLEANUP(mem_freep) char *block = mem_alloc(BLOCK_BYTES);
	ssize_t n;

	while ((n = read(fd, block, BLOCK_BYTES)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, errno, "read");
		*reader->read += n;
		if (!rscopy_go_on(reader->job))
			return false;
		if (lzop != NULL ? !lzop_feed(lzop, block, (size_t)n, err)
				 : !unpack_feed(unpack, block, (size_t)n, err))
			return false;
	}
	return lzop != NULL ? lzop_end(lzop, err) : unpack_end(unpack, err);
}

static bool run(struct reader *reader, const struct rscopy_file *file, int fd)
{
	struct sink sink = { plain_write, reader };
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(reader->format->pack, &sink);
	CLEANUP(lzop_freep) struct lzop *lzop = NULL;
	struct err err = ERR_EMPTY;

	if (reader->format->pack == PACK_LZOP)
		lzop = lzop_new(&sink);
	if (!read_body(reader, fd, unpack, lzop, &err))
		return fail_read(reader, file, &err);
	return end_text(reader);
}

/* The list named it, and it is gone. */
static bool refuse_missing(struct rscopy_job *job,
			   const struct rscopy_file *file,
			   const struct rscopy_taker *taker,
			   const struct err *err)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;
	struct csv_record record = { .raw = "" };

	str_addf(&context, "S3 key being read : s3://%s/%s", file->bucket,
		 file->key);
	if (strcmp(err->code, "NoSuchKey") == 0)
		taker->take(taker->context, &record, RSCOPY_FAULT_NO_FILE);
	return rscopy_fail_s3(job, context.text, err);
}

bool rscopy_reader_run(struct rscopy_job *job, const struct rscopy_file *file,
		       const struct rscopy_format *format,
		       const struct rscopy_taker *taker, int64_t *out_read)
{
	int64_t unread = 0;
	struct reader reader = {
		.job = job,
		.format = format,
		.taker = taker,
		.decoder = { .charset = format->charset,
			     .replacement = format->bad_char },
		.head = STR_EMPTY,
		.decoded = STR_EMPTY,
		.read = out_read == NULL ? &unread : out_read,
	};
	struct err err = ERR_EMPTY;
	bool done;
	int fd = s3_store_get(job->call->store, file->bucket, file->key, NULL,
			      &err);

	if (fd < 0)
		return refuse_missing(job, file, taker, &err);
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
