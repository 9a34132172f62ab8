/* cmd/copy_line.h - the line of \copy, as psql cuts it into words.
 *
 * TABLE [(COLUMNS)] or (QUERY), then FROM or TO, then the client's side, then
 * options which are the server's business.
 */
#ifndef CMD_COPY_LINE_H
#define CMD_COPY_LINE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum copy_side {
	COPY_SIDE_FILE,
	COPY_SIDE_PROGRAM,
	COPY_SIDE_SCRIPT,  /* STDIN or STDOUT: where commands come from, or
			    * results go to */
	COPY_SIDE_PROCESS, /* PSTDIN or PSTDOUT: the program's own */
};

struct copy_line {
	struct str what; /* table and columns, or the query */
	struct str side; /* path or shell command */
	struct str options;
	enum copy_side kind;
	bool from;
	bool is_query;
};

#define COPY_LINE_EMPTY                                                        \
	{                                                                      \
		.what = STR_EMPTY, .side = STR_EMPTY, .options = STR_EMPTY     \
	}

void copy_line_done(struct copy_line *line);

/* escapes: a backslash hides a quote in the query's literals. */
bool copy_line_parse(struct copy_line *line, const char *text, bool escapes,
		     struct err *err);

/* Appends COPY ... FROM STDIN or TO STDOUT for the server. */
void copy_line_sql(const struct copy_line *line, struct str *out);

#endif
