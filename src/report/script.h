/* report/script.h - a SQL file whose comments make a report of it.
 *
 *	-- # Title of the page
 *	-- ## Title of a section
 *	-- Text; an empty comment parts paragraphs.
 *	-- \chart line month revenue by region --title 'Regions'
 *	select ...;
 *	select ... \chart bar
 *
 * Commands are few: \chart behind a statement, also on the next line, draws
 * it, as at the prompt; \g and \gx end it, \set and \unset are the session's,
 * \q ends the file. Those of the look of tables (\pset, \x, \timing ...) are
 * passed over, so that the same file can be run by \i; all others are refused.
 *
 * :name in titles, texts and chart lines is the variable's value, where one is
 * set; :'name' and the like are SQL's and stay as they are.
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
	struct {
		VEC(char *);
	} passed; /* commands passed over: "\pset (line 2)" */
};

#define SCRIPT_EMPTY                                                           \
	{                                                                      \
		.title = NULL                                                  \
	}

void script_done(struct script *script);

struct script_world {
	bool escapes;              /* backslash escapes in '...' */
	const struct interp *vars; /* fill in :name; NULL: none */
	/* Runs "set x 5" and "unset x", tells what is wrong; *out_used: the
	 * bytes of it. */
	bool (*set)(void *context, const char *command, size_t *out_used);
	void *context;
};

/* ERR_DATA names the line. */
bool script_read(struct script *script, const char *text, size_t len,
		 const struct script_world *world, struct err *err);

#endif
