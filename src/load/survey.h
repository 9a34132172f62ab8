/* load/survey.h - every record of a delimited file: how many, which are odd,
 * and what the columns hold.
 *
 * A scanner for files whose dialect load/sniff has told, fed with UTF-8 in
 * pieces of any size; memory is one record. It keeps no record and no value
 * (data/csv does), which is why it is several times faster. Pure.
 */
#ifndef LOAD_SURVEY_H
#define LOAD_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct facts;
struct fixed_widths;
struct survey;

struct survey_dialect {
	char delimiter;	/* 0: one column */
	char quote;	/* 0: none; doubled inside, */
	bool escape;	/* ... unless a backslash takes the next byte as it is,
			 * within quotes and without: COPY's ESCAPE */
	const struct fixed_widths *widths; /* of fixed columns, else NULL */
	bool lone_cr;	/* lines end in CR */
	int64_t skip;	/* physical lines before the first record of data */
	size_t columns;
};

/* Lines count from 1, 0: there is none such. */
struct survey_result {
	int64_t records;	/* of data, blank lines not counted */
	int64_t blank;
	int64_t ragged;		/* with another number of columns */
	int64_t ragged_line;	/* of the first */
	size_t ragged_columns;	/* ... which has so many */
	int64_t broken;		/* text behind a closing quote */
	int64_t broken_line;
	int64_t open_line;	/* a quote opens there that nothing closes */
	int64_t quote_line;	/* without quotes: a value begins with one */
	int64_t wide_line;	/* a value longer than VARCHAR can hold */
	size_t wide_column;	/* ... of that column, from 0 */
	int64_t surplus_line;	/* of fixed columns: longer than the widths */
	int64_t longest_line;	/* ... of the longest record */
	int64_t longest_bytes;
};

struct survey *survey_new(const struct survey_dialect *dialect);
void survey_free(struct survey *survey);	/* NULL is fine */
CLEANUP_FREE(struct survey, survey_free, survey_freep)

void survey_feed(struct survey *survey, const char *bytes, size_t len);

/* What is fed next comes from further on in the file: the line it begins
 * within is passed over. From here on lines have no numbers, and what is odd
 * is not counted, since a quote may be open. */
void survey_jump(struct survey *survey);

void survey_end(struct survey *survey);		/* no more will be fed */

const struct survey_result *survey_result(const struct survey *survey);

/* [dialect.columns], of records with that many columns. */
const struct facts *survey_facts(const struct survey *survey);

#endif
