/* print/printer.h - tables in every output format, byte for byte as psql 15.
 *
 * print_rows pulls a struct rows dry and writes the finished text to a sink.
 * Formats without widths (unaligned, csv, json, html, markdown ...) stream;
 * those with widths (aligned, wrapped, expanded) read everything first into
 * a data/spool, so memory stays flat, and then write. Nothing here opens a
 * file or asks the terminal: widths are numbers in the options.
 */
#ifndef PRINT_PRINTER_H
#define PRINT_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct measure_charset;
struct rows;
struct sink;
struct printer;				/* one output format; see the table */

enum print_expanded {
	PRINT_EXPANDED_OFF,
	PRINT_EXPANDED_ON,
	PRINT_EXPANDED_AUTO,		/* when wider than the screen */
};

enum print_linestyle {
	PRINT_LINES_ASCII,
	PRINT_LINES_OLD_ASCII,
	PRINT_LINES_UNICODE,
};

enum print_unicode {			/* unicode_*_linestyle */
	PRINT_UNICODE_SINGLE,
	PRINT_UNICODE_DOUBLE,
};

enum print_xheader {			/* xheader_width: record lines end */
	PRINT_XHEADER_FULL,		/* with the widest value, */
	PRINT_XHEADER_COLUMN,		/* behind the labels, */
	PRINT_XHEADER_PAGE,		/* at the screen's width at most, */
	PRINT_XHEADER_EXACT,		/* at xheader_columns at most */
};

struct print_options {			/* \pset NAME; texts are borrowed */
	const struct printer *format;	/* printer_find("aligned") */
	enum print_expanded expanded;
	bool narrows;			/* expanded is auto: a table that is too
					 * wide is first tried without lines,
					 * broken at blanks */
	int border;			/* 0..2, latex 0..3 */
	enum print_linestyle linestyle;
	enum print_unicode unicode_border;
	enum print_unicode unicode_column;
	enum print_unicode unicode_header;
	int columns;			/* \pset columns, 0: screen_columns */
	int screen_columns;		/* what COLUMNS or the terminal says when
					 * the output is seen on one (or goes
					 * to the pager), else 0: no limit */
	enum print_xheader xheader;
	int xheader_columns;
	bool tuples_only;
	bool show_footer;		/* \pset footer: the "(N rows)" line */
	bool wide_records;		/* data as wide as the record lines, as
					 * psql does from 15.19 on */
	const struct measure_charset *charset; /* NULL: texts are UTF-8 */
	bool numeric_locale;
	const char *null_text;		/* NULL or "": nothing */
	const char *insert_table;	/* NULL or "": none was named */
	bool e_strings;			/* the server takes backslashes in
					 * plain literals as they are */
	const char *field_sep;		/* unaligned */
	bool field_sep_zero;		/* a NUL byte instead */
	const char *record_sep;
	bool record_sep_zero;
	char csv_field_sep;
	const char *title;		/* rows->title wins when it has one */
	const char *table_attr;		/* html, latex-longtable; NULL: none */
	const char *footer;		/* NULL: "(N rows)" by show_footer; ""
					 * none; else these lines */
	/* At a terminal: widths are taken from so many rows, later cells are
	 * cut to them, and rows are drawn as they come; 0: from all. Of
	 * formats with widths, and not of records. */
	int window_rows;
	/* A table printed in parts (FETCH_COUNT): headers stand over the
	 * first one only, the end under the last, and widths are each part's
	 * own. Only for formats that have widths. */
	bool is_later_part;
	bool has_more_parts;
	int64_t rows_before;		/* in the parts before */
};

/* psql's values at start: aligned, border 1, "|", newline, footer on. */
void print_options_init(struct print_options *options);

/* By name or by a beginning only one format has ("ali"); NULL and ERR_USAGE:
 * unknown or ambiguous, with the list of formats in the hint. */
const struct printer *printer_find(const char *name, struct err *err);
const char *printer_name(const struct printer *printer);

/* The format needs all rows before it writes the first. */
bool printer_has_widths(const struct printer *printer);

/* All formats in the order of help: for (i = 0; (p = printer_at(i)); i++) */
const struct printer *printer_at(size_t index);

/* Pulls rows to the end and writes all to out. out_count (may be NULL) gets
 * the number of rows, also those before a failure. A failure while pulling
 * comes with nothing more written than what already streamed; formats with
 * widths have then written nothing. The caller still frees rows. */
bool print_rows(struct rows *rows, const struct print_options *options,
		struct sink *out, int64_t *out_count, struct err *err);

#endif
