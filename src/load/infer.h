/* load/infer.h - a header, column types and date formats from a sample.
 *
 * Pure. Types leave room for what the sample did not show; numbers with
 * leading zeros stay text; lengths of VARCHAR count bytes of UTF-8.
 */
#ifndef LOAD_INFER_H
#define LOAD_INFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/vec.h"

struct sniff;

enum infer_type {
	INFER_SMALLINT,
	INFER_INTEGER,
	INFER_BIGINT,
	INFER_DECIMAL,
	INFER_DOUBLE,
	INFER_BOOLEAN,
	INFER_DATE,
	INFER_TIMESTAMP,
	INFER_TIMESTAMPTZ,
	INFER_VARCHAR,
};

struct infer_column {
	char *name; /* as in the header, or NULL */
	enum infer_type type;
	int precision, scale;  /* INFER_DECIMAL */
	size_t bytes;          /* INFER_VARCHAR: with room, 1 to 65535 */
	size_t longest;        /* seen, in bytes of UTF-8 */
	size_t values, empty;  /* seen */
	char pattern[32];      /* dates and times: "MM/DD/YYYY" */
	bool standard_pattern; /* COPY reads it without being told */
	bool ambiguous;        /* day and month could be swapped */
	char *sample;          /* the first value that is not empty */
};

struct infer {
	bool header;
	struct {
		VEC(struct infer_column);
	} columns;
	char date_format[32]; /* for all DATE columns; "": the default */
	char time_format[32]; /* for all TIMESTAMP columns; "" */
	char null_text[8];    /* "NA" where it stands for no value; "" */
};

#define INFER_EMPTY                                                            \
	{                                                                      \
		.header = false                                                \
	}

void infer_done(struct infer *infer);

/* *out is INFER_EMPTY. Where two columns disagree on the date format, 'auto'
 * is proposed if it reads both, else the later one becomes VARCHAR. */
void infer_run(struct infer *out, const struct sniff *sniff);

/* "DECIMAL(12,2)" */
void infer_add_type(const struct infer_column *column, struct str *out);

#endif
