/* load/inspect.h - a file or object looked at whole, or in spread samples.
 *
 * load/sniff tells the dialect from the first bytes; then every record goes
 * by load/survey, so that a column's type holds for the last line too. Bytes
 * come through a callback, in order where all are read; memory is a block.
 */
#ifndef LOAD_INSPECT_H
#define LOAD_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "load/infer.h"
#include "load/json_survey.h"
#include "load/sniff.h"
#include "load/survey.h"

struct inspect_source {
	void *context;
	const char *name;	/* for messages */
	int64_t size;
	bool remote;		/* large ones are read in samples */
	bool forward;		/* ... of their start only: what is further on
				 * costs all that is before it */
	/* Appends bytes; fewer at the end only. */
	bool (*read)(void *context, int64_t offset, int64_t length,
		     struct str *out, struct err *err);
	/* Now and then; false: given up, err is set. */
	void *tick_context;
	bool (*tick)(void *tick_context, int64_t done, int64_t total,
		     struct err *err);
};

struct inspect_options {
	bool all;		/* large objects too */
	int64_t sample;		/* stop after so many records; 0: none */
};

struct inspection {
	struct sniff sniff;
	struct infer infer;
	struct survey_result survey;	/* of delimited text */
	struct json_survey_result json;	/* of JSON */
	int64_t records;	/* seen, of either */
	bool whole;		/* all records were looked at */
	int64_t size;
	char *member;		/* of a zip archive, or NULL; of several */
	size_t members;		/* ... the largest */
	char codec[16];		/* by which an Avro file's blocks are packed */
	int64_t bad_text;	/* places that are not of the encoding */
	int64_t bad_line;	/* ... the first, in the file's own lines */
	int64_t bad_byte;	/* ... its offset, of unpacked bytes, from 0 */
	int64_t nul_bytes;	/* of text that is no UTF-16 */
	int64_t nul_line, nul_byte; /* the first */
	struct {
		VEC(char *);
	} warnings;		/* sentences, the worst first */
};

#define INSPECTION_EMPTY                                                       \
	{                                                                      \
		.sniff = SNIFF_START, .infer = INFER_EMPTY                     \
	}

void inspection_done(struct inspection *inspection);

/* *out is INSPECTION_EMPTY. ERR_DATA: damaged; what is no table (an image, an
 * error page) is told by out->sniff.kind, see sniff_check. */
bool inspect_run(struct inspection *out, const struct inspect_source *source,
		 const struct inspect_options *options, struct err *err);

#endif
