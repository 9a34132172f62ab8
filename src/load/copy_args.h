/* load/copy_args.h - the lines of \copyfrom and \copyto as values.
 *
 *	[switches] TABLE [(COLUMNS)] [FROM] URI [URI...] [parameters of COPY]
 *	[switches] [TABLE | (QUERY)] [TO] URI [parameters of UNLOAD]
 *
 * Switches stand anywhere outside quotes and parentheses. A URI runs from
 * s3:// to the next blank, verbatim, or is a literal, "quoted", :'var' or
 * :var; an address of the console's pages or of S3's web servers is taken as
 * the URI it shows. All else is SQL text, in which variables are replaced.
 * Pure.
 */
#ifndef LOAD_COPY_ARGS_H
#define LOAD_COPY_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "load/copy_option.h"
#include "load/copy_parse.h"

struct interp;

enum copy_place {
	COPY_PLACE_URI,			/* s3://, emr://, dynamodb:// */
	COPY_PLACE_FILE,		/* a local name */
	COPY_PLACE_STDIN,		/* "-", or kaggle:OWNER/SET/FILE */
};

struct copy_args {
	enum copy_verb verb;
	enum copy_place place;		/* what uri is; \copyto: a URI */
	bool print, create, yes, no_sniff, no_check, keys;
	bool replace;			/* what was in the table goes */
	bool truncate;			/* likewise, by TRUNCATE */
	bool swap;			/* by a new table that takes its name */
	bool dry_run;			/* NOLOAD */
	bool by_name;			/* columns by the file's header */
	bool each;			/* a table for each folder */
	struct str role;		/* of --role; "": not given */
	struct str stage;		/* of --stage; "" */
	struct str download;		/* \copyto: file or folder here; "" */
	struct str links;		/* of --links: hours; "": not given */
	struct str max_errors;		/* of --max-errors; "" */
	struct str map;			/* of --map; "" */
	struct str job;			/* of --job; "" */
	struct str job_auto;		/* of --auto; "" */
	struct str table;		/* SQL text; "": none */
	struct str columns;		/* "(a, b)" or "" */
	struct str query;		/* \copyto: without its parentheses */
	struct str uri;
	struct {
		VEC(char *);
	} more;				/* URIs behind the first */
	struct str auth;		/* "iam_role ..." as typed, or "" */
	struct str tail;		/* parameters as SQL text, with those that
					 * switches stand for; neither comments
					 * nor commas between, JOB at the end */
	struct copy_options options;	/* both, parsed */
};

#define COPY_ARGS_EMPTY                                                        \
	{                                                                      \
		.role = STR_EMPTY, .stage = STR_EMPTY,                         \
		.download = STR_EMPTY, .links = STR_EMPTY,                     \
		.max_errors = STR_EMPTY,                                       \
		.table = STR_EMPTY, .columns = STR_EMPTY, .query = STR_EMPTY,  \
		.uri = STR_EMPTY, .tail = STR_EMPTY, .auth = STR_EMPTY,        \
		.map = STR_EMPTY, .job = STR_EMPTY, .job_auto = STR_EMPTY      \
	}

void copy_args_done(struct copy_args *args);

/* *out is COPY_ARGS_EMPTY. ERR_USAGE names the command, what is wrong and
 * what to type. */
bool copy_args_parse(struct copy_args *out, enum copy_verb verb,
		     const char *text, const struct interp *vars,
		     struct err *err);

/* ERR_USAGE: the place is none that COPY or UNLOAD can reach. */
bool copy_args_no_place(const struct copy_args *args, struct err *err);

#endif
