/* shell/progress_line.h - how far a transfer is, in one line of a terminal.
 *
 * "put s3://b/2026/…/sales.csv  52%  2.1 GiB of 4.0 GiB  38 MiB/s  50 s left",
 * for many files "put 3 of 1,000 files  52% ...". Names are cut in their
 * middle, where they tell least. Pure.
 */
#ifndef SHELL_PROGRESS_LINE_H
#define SHELL_PROGRESS_LINE_H

struct progress;
struct str;

struct progress_line {
	const char *verb;    /* "put" */
	const char *subject; /* what moves, "" for several files */
	const struct progress *progress; /* NULL: not known yet */
};

/* Appends at most columns (0: any number of them). */
void progress_line_add(const struct progress_line *line, int columns,
		       struct str *out);

/* Appends text in at most columns, a mark in place of its middle. */
void progress_line_add_cut(const char *text, int columns, struct str *out);

#endif
