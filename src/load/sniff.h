/* load/sniff.h - what kind of file is this, from its first bytes.
 *
 * Compression by magic, character set, line ends, delimiter and quotes; and
 * the records themselves, so that load/infer can look for a header and
 * types. Pure: the bytes are handed in. Sample text is UTF-8 afterwards.
 */
#ifndef LOAD_SNIFF_H
#define LOAD_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/pack.h"
#include "load/fixed.h"

/* What a sample should be long; fewer bytes give weaker guesses. */
enum { SNIFF_SAMPLE_BYTES = 256 * 1024, SNIFF_MAX_RECORDS = 5000 };

enum sniff_kind {
	SNIFF_EMPTY,      /* no bytes */
	SNIFF_DELIMITED,  /* CSV and its cousins */
	SNIFF_FIXED,      /* columns at fixed places of each line */
	SNIFF_JSON,       /* objects one after another */
	SNIFF_JSON_ROWS,  /* [...] one a line: JSONPaths name the places */
	SNIFF_JSON_ARRAY, /* [ {...}, ... ]: COPY cannot shred it */
	SNIFF_PARQUET,
	SNIFF_ORC,
	SNIFF_AVRO,
	SNIFF_MARKUP,  /* HTML or XML: often an error page */
	SNIFF_ARCHIVE, /* zip, xlsx, 7z */
	SNIFF_BINARY,  /* something else that is no text */
};

enum sniff_line_end {
	SNIFF_LF,
	SNIFF_CRLF,
	SNIFF_CR,
	SNIFF_MIXED,
};

struct sniff_record {
	struct {
		VEC(char *);
	} fields; /* unquoted */
};

struct sniff {
	enum sniff_kind kind;
	enum pack_kind pack;
	enum encode_charset charset;
	bool bom;
	enum sniff_line_end line_end;
	char delimiter;   /* 0: one column */
	char quote;       /* 0: no field is quoted */
	bool escape;      /* backslash before delimiters: ESCAPE */
	struct fixed_widths widths; /* of SNIFF_FIXED */
	size_t skip;      /* lines before the first record: comments, titles */
	size_t first_lines; /* physical ones of the first record */
	size_t fields;    /* of most records */
	size_t ragged;    /* records with another number */
	long ragged_line; /* of the first such, from 1 */
	bool blank_lines; /* between records */
	bool whole;       /* the sample is the whole file */
	struct {
		VEC(struct sniff_record);
	} records;       /* without blank ones */
	struct str text; /* decoded sample, behind the lines skipped */
};

#define SNIFF_START                                                            \
	{                                                                      \
		.kind = SNIFF_EMPTY, .text = STR_EMPTY                         \
	}

void sniff_done(struct sniff *sniff);

/* *out is SNIFF_START. whole: bytes is all of the file. ERR_DATA: the
 * compressed bytes are damaged. */
bool sniff_run(struct sniff *out, const char *bytes, size_t len, bool whole,
	       struct err *err);

/* Lines of fields: SNIFF_DELIMITED or SNIFF_FIXED. */
bool sniff_is_text(const struct sniff *sniff);

/* Of a record; "" where it has fewer. */
const char *sniff_field(const struct sniff *sniff, size_t row, size_t column);

/* CSV where fields are quoted, or could be further on. A quote in mid-field
 * is an error of CSV, and with bars and control bytes nobody quotes. */
bool sniff_is_csv(const struct sniff *sniff);

/* "CSV, delimiter ',', quote '\"', gzip, UTF-8, 8 columns" for people. */
void sniff_describe(const struct sniff *sniff, struct str *out);

/* Why this file cannot be loaded as it is, with what to do; true: it can. */
bool sniff_check(const struct sniff *sniff, const char *name, struct err *err);

#endif
