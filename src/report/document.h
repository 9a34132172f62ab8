/* report/document.h - a report as one HTML page that needs nothing else.
 *
 * Light and dark, tables that sort, printed with a header and page numbers.
 * Every text of the person or the data is escaped here; a policy in the page
 * forbids whatever would be fetched, and all scripts but its own.
 */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct chart;
struct rows;
struct script_part;

enum {
	DOCUMENT_ROWS = 1000, /* of a table; all are in its charts */
	DOCUMENT_MOST_ROWS = 100000,
	DOCUMENT_MOST_BYTES = 256 << 20, /* of a page; browsers give up, too */
};

struct document_facts { /* of a section */
	int64_t most;   /* rows of a table; 0: no table */
	int64_t count;  /* rows there were; -1: it was no query */
	int64_t took_us;
	size_t most_bytes; /* of the page, where it has a table */
	bool cut;          /* a table has less than all of its rows */
	const char *name;  /* borrowed; the rest is between these functions */
	size_t paper_at;
};

/* Titles of sections become the list at its top. */
void document_begin(struct str *out, const char *title, const char *about);
void document_end(struct str *out);

void document_contents(struct str *out, const char *const titles[],
		       size_t count);

/* number from 1. What facts say has to be set before. */
void document_section_begin(struct str *out, const struct script_part *part,
			    size_t number, struct document_facts *facts);
void document_chart(struct str *out, const struct chart *chart);
void document_no_chart(struct str *out, const char *why);
void document_failure(struct str *out, const char *why);

/* Reads rows to their end: the first facts->most become the table, all are
 * counted, with those of the tables before it. ERR_DATA: the page would be too long. */
bool document_table(struct str *out, struct rows *rows,
		    struct document_facts *facts, struct err *err);

/* sql as it may be shown; NULL: text only. */
void document_section_end(struct str *out, const char *sql,
			  const struct document_facts *facts);

/* Text for HTML; what nobody sees is made visible. */
void document_escape(struct str *out, const char *text, size_t len);

#endif
