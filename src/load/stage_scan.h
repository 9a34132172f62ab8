/* load/stage_scan.h - where records end, as COPY reads them. Pure.
 *
 * Only what is needed to cut a file: no fields, no values. Text always begins
 * at the start of a record, so nothing is remembered between calls.
 *
 *	lines	a line end ends the record: delimited text, FIXEDWIDTH,
 *		REMOVEQUOTES (whose line ends in quotes need ESCAPE)
 *	escaped	unless a backslash stands before it: ESCAPE
 *	quoted	unless it stands in quotes, which open at the start of a field
 *		and are doubled inside: CSV
 *	json	the brace that closes an object, with the line end behind it
 */
#ifndef LOAD_STAGE_SCAN_H
#define LOAD_STAGE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct copy_options;
struct sniff;

enum stage_scan_kind {
	STAGE_SCAN_LINES,
	STAGE_SCAN_ESCAPED,
	STAGE_SCAN_QUOTED,
	STAGE_SCAN_JSON,
};

struct stage_scan {
	enum stage_scan_kind kind;
	char delimiter, quote;	/* of quoted */
	char end;		/* '\n', or '\r' where nothing else ends lines */
	int unit;		/* bytes of a character: 2 in UTF-16, else 1 */
	bool big_endian;	/* of two */
};

/* By the parameters of the statement; what they do not say, line ends and the
 * order of UTF-16's bytes, is as sniff found it. */
void stage_scan_init(struct stage_scan *scan,
		     const struct copy_options *options,
		     const struct sniff *sniff);

/* Bytes up to the end of the last record that ends in text; 0: none does. */
size_t stage_scan_last(const struct stage_scan *scan, const char *text,
		       size_t len);

/* Is the end of text within quotes, an object, or behind a backslash? What
 * follows it would belong to its last record. */
bool stage_scan_is_open(const struct stage_scan *scan, const char *text,
			size_t len);

/* Bytes of the first count lines, whatever is in them, with their ends; less
 * lines when text has no more (*out_lines). */
size_t stage_scan_head(const struct stage_scan *scan, const char *text,
		       size_t len, int64_t count, int64_t *out_lines);

/* Line ends in text: LF, CR LF or CR, each one. */
int64_t stage_scan_lines(const struct stage_scan *scan, const char *text,
			 size_t len);

/* A line end as this file has them, one or two bytes. */
size_t stage_scan_line_end(const struct stage_scan *scan, char out[2]);

#endif
