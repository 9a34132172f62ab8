/* load/infer.h - a header, column types and date formats from a sample.
 *
 * Pure. Types leave room for what the sample did not show; numbers with
 * leading zeros stay text; lengths of VARCHAR count bytes of UTF-8.
 */
#ifndef LOAD_INFER_H
#define LOAD_INFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	INFER_SUPER,
	INFER_TIME,
	INFER_REAL, /* this and what follows: of Parquet, ORC and Avro only */
	INFER_VARBYTE,
};

struct infer_column {
	char *name;   /* as in the header, or NULL */
	char *column; /* of the table: see ddl_name_columns */
	enum infer_type type;
	int precision, scale;  /* INFER_DECIMAL */
	size_t bytes;          /* INFER_VARCHAR: with room, 1 to 65535 */
	size_t longest;        /* seen, in bytes of UTF-8 */
	size_t values, empty;  /* seen */
	size_t nulls;          /* null words, such as NA */
	char pattern[32];      /* dates and times: "MM/DD/YYYY" */
	bool standard_pattern; /* COPY reads it without being told */
	bool ambiguous;        /* day and month could be swapped */
	char other_pattern[32]; /* ... and are by this one; "" */
	bool whole;             /* a whole number, between */
	int64_t smallest, largest;
	bool padded;           /* text that is numbers with blanks around */
	unsigned money;        /* text that is a number for people */
	const char *other_null; /* a null word that NULL AS leaves: static */
	const char *note; /* what is to be told of it, or NULL; static */
	char *sample;          /* the first value that is not empty */
};

struct infer {
	bool header;
	bool members; /* names are JSON's or Avro's: COPY compares them */
	bool exact; /* all there is was seen: no room for larger numbers */
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

/* *out is INFER_EMPTY, .exact set by the caller. Where two columns disagree on the date format, 'auto'
 * is proposed if it reads both, else the later one becomes VARCHAR. Of JSON
 * the members of the objects in the sample. */
void infer_run(struct infer *out, const struct sniff *sniff);

/* The columns' types anew, from all records: facts[columns.count] in the place
 * of those of the sample. Header and names stay. */
struct facts;
void infer_refine(struct infer *infer, const struct facts *facts);

/* For those who gather facts themselves: a column's type, VARCHAR in its
 * place, and the date format that all columns agree on. */
void infer_set_type(struct infer_column *column, const struct facts *facts,
		    bool exact);
void infer_set_text(struct infer_column *column);
void infer_agree(struct infer *infer);

/* A value to be shown: a long one is cut. Yours to mem_free. */
char *infer_copy_sample(const char *text, size_t len);

/* "order_id", "Order ID", "orderId" hold "id". */
bool infer_has_word(const char *name, const char *const *words, size_t count);

/* "DECIMAL(12,2)" */
void infer_add_type(const struct infer_column *column, struct str *out);

#endif
