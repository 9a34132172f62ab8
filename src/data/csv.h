/* data/csv.h - records of delimited text: split a stream, emit fields.
 *
 * The splitter takes bytes in pieces of any size and gives whole records with
 * their place: physical line, byte offsets, the raw bytes. It knows no types
 * and no NULLs; text that is quoted is marked so that the caller can tell ""
 * from nothing. Lines end in LF, CR LF or a lone CR (all in one file).
 * Record and field texts are borrowed until the next csv_next or csv_feed.
 */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct str;
struct csv;

struct csv_dialect {
	char delimiter[16];	/* one or more bytes; "": one field a line */
	char quote;		/* 0: none; only counts at a field's start */
	char escape;		/* inside quotes: == quote for doubling, or
				 * a character like \ ; 0: none */
	char bare_escape;	/* outside quotes, COPY's ESCAPE: takes the
				 * next byte as it is, line ends too; 0: none.
				 * The same character as escape: it does so in
				 * quotes as well */
	bool quote_anywhere;	/* quotes open in mid-field as well */
};

/* , " "" */
#define CSV_STANDARD                                                           \
	{                                                                      \
		.delimiter = ",", .quote = '"', .escape = '"'                  \
	}

struct csv_field {
	const char *text;	/* unquoted, unescaped; NUL after len bytes */
	size_t len;
	bool quoted;
	bool escaped;		/* an escape was taken out: COPY's \N is data */
	size_t raw_offset;	/* of its first byte in record->raw, with its
				 * quote: column offset of the record */
	size_t raw_len;		/* with quotes, without delimiter */
};

struct csv_record {
	const struct csv_field *fields;
	size_t count;		/* >= 1; an empty line is one empty field */
	int64_t line;		/* physical, from 1, where it starts */
	int64_t line_count;	/* 1, more with embedded line ends */
	int64_t offset;		/* of its first byte in the whole stream */
	const char *raw;	/* as it stands, without the line end */
	size_t raw_len;
};

enum csv_step {
	CSV_RECORD,
	CSV_MORE,	/* feed more, or csv_end */
	CSV_END,
	CSV_BAD,	/* this record is malformed: err says why with line,
			 * record has raw, line, offset and the fields so
			 * far; go on with csv_next if you like */
};

struct csv *csv_new(const struct csv_dialect *dialect);
void csv_free(struct csv *csv);		/* NULL is fine */
CLEANUP_FREE(struct csv, csv_free, csv_freep)

/* A record longer than this is CSV_BAD and then skipped to its line end;
 * default 64 MiB. */
void csv_set_limit(struct csv *csv, size_t record_bytes);

void csv_feed(struct csv *csv, const char *bytes, size_t len);
void csv_end(struct csv *csv);		/* no more will be fed */

enum csv_step csv_next(struct csv *csv, const struct csv_record **out_record,
		       struct err *err);

/* Takes the next physical line as a record of one field, whatever quotes are
 * in it: IGNOREHEADER counts lines. Only between records; after CSV_MORE feed
 * and call it again. */
enum csv_step csv_skip_line(struct csv *csv,
			    const struct csv_record **out_record);

/* --- emitting: psql's rules --- */

/* Appends one field, quoted only when it must be: it holds delimiter, quote,
 * CR or LF, or is "\." alone. No delimiter is added. */
void csv_add_field(struct str *out, const char *text, size_t len,
		   char delimiter);

/* Appends in quotes, always; quotes inside doubled. */
void csv_add_quoted(struct str *out, const char *text, size_t len);

#endif
