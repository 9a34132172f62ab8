/* sandbox/copy/rscopy_reader.h - an object's bytes as records.
 *
 * Body, decompression, character set, lines and fields, in one stream:
 * memory is flat whatever the object's size.
 */
#ifndef SANDBOX_COPY_RSCOPY_READER_H
#define SANDBOX_COPY_RSCOPY_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "data/csv.h"
#include "data/encode.h"
#include "data/pack.h"

struct rscopy_file;
struct rscopy_job;

struct rscopy_format {
	enum pack_kind pack;
	enum encode_charset charset;
	bool by_bom;   /* UTF16: the byte order mark decides */
	char bad_char; /* ACCEPTINVCHARS, 0: none */
	bool json;     /* objects in a row: a record has no fields */
	struct csv_dialect dialect;
	int64_t skip_lines; /* IGNOREHEADER */
};

/* What is wrong with a record. */
enum rscopy_fault {
	RSCOPY_FAULT_NONE,
	RSCOPY_FAULT_OPEN_QUOTE,
	RSCOPY_FAULT_AFTER_QUOTE, /* text between quote and delimiter */
	RSCOPY_FAULT_TOO_LONG,
	RSCOPY_FAULT_NO_OBJECT, /* of JSON */
	RSCOPY_FAULT_ENCODING,  /* bytes that are not in that character set */
	RSCOPY_FAULT_NO_FILE,   /* an empty record at line 0 */
};

/* false stops: the taker has filled job->result, or wants no more. */
struct rscopy_taker {
	bool (*take)(void *context, const struct csv_record *record,
		     enum rscopy_fault fault);
	void *context;
};

/* false: job->result says why, or the taker stopped. *out_read counts the
 * object's bytes while it is read; it may be NULL. */
bool rscopy_reader_run(struct rscopy_job *job, const struct rscopy_file *file,
		       const struct rscopy_format *format,
		       const struct rscopy_taker *taker, int64_t *out_read);

#endif
