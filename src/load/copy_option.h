/* load/copy_option.h - the table of COPY and UNLOAD parameters.
 *
 * What exists, which argument it takes, what it excludes and needs. Parser,
 * completion, builder and sandbox are loops over this table. Facts: the
 * pages r_COPY, copy-parameters-* and r_UNLOAD of the Redshift guide.
 */
#ifndef LOAD_COPY_OPTION_H
#define LOAD_COPY_OPTION_H

#include <stdbool.h>
#include <stddef.h>

enum copy_verb {		/* a bit set where a row serves both */
	COPY_VERB_COPY = 1,
	COPY_VERB_UNLOAD = 2,
};

enum copy_group {
	COPY_GROUP_FORMAT,	/* at most one of the rows marked so */
	COPY_GROUP_COMPRESSION,
	COPY_GROUP_TEXT,	/* how text files are read or written */
	COPY_GROUP_CONVERSION,
	COPY_GROUP_SOURCE,	/* manifest, region, encryption */
	COPY_GROUP_LOAD,	/* the load operation itself */
	COPY_GROUP_OUTPUT,	/* files that UNLOAD makes */
	COPY_GROUP_JOB,
};

/* One id per spelled word; a word that COPY and UNLOAD share has one id. */
enum copy_option_id {
	COPY_NO_OPTION,
	COPY_CSV, COPY_FIXEDWIDTH, COPY_SHAPEFILE, COPY_AVRO, COPY_JSON,
	COPY_PARQUET, COPY_ORC,
	COPY_GZIP, COPY_BZIP2, COPY_LZOP, COPY_ZSTD,
	COPY_DELIMITER, COPY_QUOTE, COPY_NULL, COPY_ESCAPE,
	COPY_REMOVEQUOTES, COPY_ADDQUOTES, COPY_IGNOREHEADER, COPY_HEADER,
	COPY_IGNOREBLANKLINES, COPY_FILLRECORD,
	COPY_ACCEPTANYDATE, COPY_ACCEPTINVCHARS, COPY_BLANKSASNULL,
	COPY_DATEFORMAT, COPY_EMPTYASNULL, COPY_ENCODING, COPY_EXPLICIT_IDS,
	COPY_ROUNDEC, COPY_TIMEFORMAT, COPY_TRIMBLANKS, COPY_TRUNCATECOLUMNS,
	COPY_MANIFEST, COPY_REGION, COPY_SSH, COPY_READRATIO, COPY_ENCRYPTED,
	COPY_MASTER_SYMMETRIC_KEY, COPY_KMS_KEY_ID,
	COPY_COMPROWS, COPY_COMPUPDATE, COPY_IGNOREALLERRORS, COPY_MAXERROR,
	COPY_NOLOAD, COPY_STATUPDATE,
	COPY_ALLOWOVERWRITE, COPY_CLEANPATH, COPY_PARALLEL, COPY_MAXFILESIZE,
	COPY_ROWGROUPSIZE, COPY_EXTENSION, COPY_PARTITION,
	COPY_USING, COPY_JOB,
};

enum copy_argument {
	COPY_ARG_NONE,
	COPY_ARG_STRING,	/* [AS] 'text' */
	COPY_ARG_SECRET,	/* as STRING; never shown */
	COPY_ARG_CHAR,		/* [AS] 'c': one ASCII byte */
	COPY_ARG_CHAR_MAYBE,	/* [AS] ['c'] */
	COPY_ARG_STRING_MAYBE,	/* [AS] ['text'] */
	COPY_ARG_INTEGER,	/* [AS] n within min and max */
	COPY_ARG_WORD,		/* [AS] one of choices, quoted or not */
	COPY_ARG_WORD_MAYBE,	/* one of choices or nothing */
	COPY_ARG_SIZE,		/* [AS] n [MB | GB]; min, max in MB */
	COPY_ARG_SIMPLIFY,	/* [SIMPLIFY [AUTO] [n]] */
	COPY_ARG_PARTITION,	/* BY (name, ...) [INCLUDE] */
	COPY_ARG_TEMPLATE,	/* TEMPLATE name */
	COPY_ARG_REST,		/* CREATE name [AUTO ON | OFF] */
};

struct copy_option {
	enum copy_option_id id;
	unsigned verbs;			/* enum copy_verb */
	const char *name;		/* upper case; NULL ends the table */
	enum copy_group group;
	enum copy_argument argument;
	const char *choices;		/* blank separated, upper case */
	const char *literals;		/* texts it is known to take, '|'
					 * between, or NULL */
	const char *otherwise;		/* the default in words, or NULL */
	const char *excludes;		/* names, blank separated; a rule
					 * holds both ways round */
	const char *needs;		/* one of these names must be there */
	const char *only_with;		/* not NULL: all else is excluded */
	long min, max;			/* of INTEGER and SIZE */
	const char *brief;
};

/* All rows; the last has name NULL. */
extern const struct copy_option copy_option_table[];

/* NULL: no such parameter of this verb. Case does not matter. */
const struct copy_option *copy_option_find(enum copy_verb verb,
					   const char *name, size_t len);

/* The row of an id for this verb, NULL: that verb has none. */
const struct copy_option *copy_option_by_id(enum copy_verb verb,
					    enum copy_option_id id);

/* Whether the two may not stand together; holds both ways round. */
bool copy_option_excludes(const struct copy_option *a,
			  const struct copy_option *b);

/* Is the slice one of the blank separated names of a row? */
bool copy_option_in(const char *list, const char *name, size_t len);

/* The valid name most like a wrong one; NULL: none is near. */
const char *copy_option_nearest(enum copy_verb verb, const char *name,
				size_t len);

#endif
