/* sandbox/copy/rscopy_field.h - one field of a file into one column, by COPY's
 * conversion rules.
 *
 * What passes is appended as a field of PostgreSQL's COPY text format; what
 * does not is told with the code and reason of STL_LOAD_ERRORS. Pure.
 */
#ifndef SANDBOX_COPY_RSCOPY_FIELD_H
#define SANDBOX_COPY_RSCOPY_FIELD_H

#include <stdbool.h>
#include <stddef.h>

struct csv_field;
struct str;

enum rscopy_type {
	RSCOPY_INTEGER, /* .length is 2, 4 or 8 bytes */
	RSCOPY_DECIMAL, /* .length digits, .scale of them after */
	RSCOPY_FLOAT,
	RSCOPY_BOOL,
	RSCOPY_CHAR,    /* .length bytes */
	RSCOPY_VARCHAR, /* .length bytes */
	RSCOPY_DATE,
	RSCOPY_TIME, /* time and timetz */
	RSCOPY_TIMESTAMP,
	RSCOPY_TIMESTAMPTZ,
	RSCOPY_SUPER,   /* JSON text */
	RSCOPY_VARBYTE, /* hexadecimal digits; .length bytes, 0: any */
	RSCOPY_GEOMETRY,
	RSCOPY_SKETCH, /* HLLSKETCH */
	RSCOPY_OTHER,  /* COPY cannot fill it */
};

struct rscopy_column {
	char *name;
	enum rscopy_type type;
	char type_name[64]; /* "int4", as the error views have it */
	int length;
	int scale;
	bool not_null;
	bool has_default; /* without a value in the file it gets one */
	bool identity;
	bool by_default; /* identity that a load may fill */
};

/* The parameters of the COPY that concern fields. Texts are borrowed. */
struct rscopy_rules {
	bool csv;   /* quotes make the NULL text plain data */
	bool fixed; /* blanks around what is no text are padding */
	bool accept_any_date;
	bool blanks_as_null;
	bool empty_as_null;
	bool trim_blanks;
	bool truncate;
	bool round;
	char bad_char; /* ACCEPTINVCHARS; 0: refuse */
	const char *null_text;
	size_t null_len;
	const char *date_format; /* NULL: default; "auto" */
	const char *time_format;
};

struct rscopy_problem {
	int code;     /* r_Load_Error_Reference */
	int position; /* in the field, from 0 */
	char reason[128];
	bool replaced; /* no problem: ACCEPTINVCHARS did its work */
};

/* A field of text NULL is null whatever the rules say (JSON). */
bool rscopy_field_add(struct str *out, const struct rscopy_column *column,
		      const struct rscopy_rules *rules,
		      const struct csv_field *field,
		      struct rscopy_problem *problem);

/* FILLRECORD: a column the line does not reach. */
bool rscopy_field_add_missing(struct str *out,
			      const struct rscopy_column *column,
			      const struct rscopy_rules *rules,
			      struct rscopy_problem *problem);

/* "20", "8, 2" or "0", as col_length has it. */
void rscopy_field_length(const struct rscopy_column *column, struct str *out);

#endif
