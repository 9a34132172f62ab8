/* load/load_line.h - a record of an object by its line number, and how it is
 * shown: through compression and character sets, with a caret. */
#ifndef LOAD_LOAD_LINE_H
#define LOAD_LOAD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct copy_options;
struct csv_field;
struct csv_record;
struct load_error;
struct load_error_hooks;

struct load_line {
	struct str text;	/* the record, UTF-8 or raw bytes */
	struct str before;	/* the record before it; "" at the first */
	int64_t line, before_line;
	size_t field_at, field_len;	/* the field, in text */
	bool marked;			/* ... is known; it may be empty */
};

#define LOAD_LINE_EMPTY                                                        \
	{                                                                      \
		.text = STR_EMPTY, .before = STR_EMPTY                         \
	}

void load_line_done(struct load_line *line);

/* Who wants to see more than the one line; any function may be NULL. */
struct load_line_watch {
	void *context;
	/* Bytes of the object, unpacked and decoded, in order. */
	void (*bytes)(void *context, const char *bytes, size_t len);
	/* Records behind the header, in order. broken: a quote is. */
	void (*record)(void *context, const struct csv_record *record,
		       const struct csv_field *fields, size_t count,
		       bool broken);
	bool whole;	/* set: all of the object was seen */
};

struct load_line_wish {
	const struct load_error *error;	/* file, line, value */
	int column;			/* index of the field from 0, or -1 */
	const struct copy_options *options;
	char *const *names;		/* of the file's columns, for JSON */
	size_t name_count;
	struct load_line_watch *watch;	/* NULL: nothing behind the line is
					 * read */
};

/* Reads the record and its field from the object: at most 1 GiB to find it,
 * and with a watch 64 MiB more. false: there is no such line, or it could not
 * be read; what the watch has seen, it has seen. */
bool load_line_read(struct load_line *out, const struct load_line_wish *wish,
		    const struct load_error_hooks *hooks, struct err *err);

/* Appends line and caret as people see them: control bytes and bad UTF-8
 * escaped, cut around the field to about width_cols columns. */
void load_line_add(const struct load_line *line, int width_cols,
		   struct str *out);

#endif
