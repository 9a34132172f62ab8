/* report/script.h - a SQL file whose comments make a report of it.
 *
 *	-- # Title of the page
 *	-- ## Title of a section
 *	-- Text; an empty comment parts paragraphs.
 *	-- \chart line month revenue by region --title 'Regions'
 *	select ...;
 *
 * Comments before a statement are the report's, those within it are SQL's. A
 * section is a statement with what stands before it; text behind the last one
 * is a section without a statement.
 */
#ifndef REPORT_SCRIPT_H
#define REPORT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"
#include "chart/wish.h"

struct interp;

struct script_part {
	char *title; /* NULL: none of its own */
	struct {
		VEC(char *);
	} paragraphs;
	struct {
		VEC(struct chart_wish);
	} charts;
	char *sql;   /* NULL: text only */
	size_t line; /* of the statement, or of its text; from 1 */
};

struct script {
	char *title; /* NULL: none */
	struct {
		VEC(struct script_part);
	} parts;
};

#define SCRIPT_EMPTY                                                           \
	{                                                                      \
		.title = NULL                                                  \
	}

void script_done(struct script *script);

/* vars (may be NULL) fill in :name. ERR_DATA names the line. */
bool script_read(struct script *script, const char *text, size_t len,
		 bool escapes, const struct interp *vars, struct err *err);

#endif
