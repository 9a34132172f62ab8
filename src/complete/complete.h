/* complete/complete.h - text and cursor to candidates.
 *
 * Pure over sql/scope and sql/expect, catalog/lookup, and what the session
 * supplies by callback. Never waits on a network: where a listing is not
 * known yet the callback asks for it, and list->waiting says that the same
 * question may be worth asking again.
 *
 * Every candidate's text is quoted for the place where it will stand, so no
 * backtick, quote, colon or backslash in a name or key can act.
 */
#ifndef COMPLETE_COMPLETE_H
#define COMPLETE_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct lookup;

enum complete_kind { /* what a candidate is */
		     COMPLETE_KEYWORD,
		     COMPLETE_TABLE,
		     COMPLETE_VIEW,
		     COMPLETE_COLUMN,
		     COMPLETE_SCHEMA,
		     COMPLETE_DATABASE,
		     COMPLETE_FUNCTION,
		     COMPLETE_TYPE,
		     COMPLETE_USER,
		     COMPLETE_COMMAND,
		     COMPLETE_SWITCH,
		     COMPLETE_SETTING,
		     COMPLETE_VARIABLE,
		     COMPLETE_VALUE,
		     COMPLETE_PATH,
		     COMPLETE_BUCKET,
		     COMPLETE_KEY,
		     COMPLETE_CTE,        /* a name of WITH */
		     COMPLETE_ALIAS,      /* of a table, with its dot */
		     COMPLETE_JOIN,       /* a condition */
		     COMPLETE_EXPRESSION, /* of the select list */
		     COMPLETE_COLUMNS,    /* several, parted by commas */
		     COMPLETE_PROCEDURE,
		     COMPLETE_WINDOW,
		     COMPLETE_KIND_COUNT
};

/* "table", "column" ...: as people and --json name a kind. */
const char *complete_kind_name(enum complete_kind kind);

enum complete_match {                  /* how a name answers to what is typed */
		      COMPLETE_PREFIX, /* sal: sales */
		      COMPLETE_INNER_WORD, /* id: event_id */
		      COMPLETE_FUZZY,      /* evtid, date in saledate */
};

struct complete_item {
	char *text;  /* replaces the range; quoted */
	char *label; /* what a list shows */
	/* Pieces of what is known about it, each "" when not: */
	char *detail;  /* a column's type, a function's arguments, a brief */
	char *of;      /* a column's table, a relation's schema */
	char *marks;   /* "primary key, sort key" */
	char *comment; /* the first line of it */
	enum complete_kind kind;
	enum complete_match match;
	char after; /* ' ' or a closing quote typed after a sole
				 * candidate, 0: more will follow (folders) */
	int rank;   /* lower is nearer; the list is sorted */
	int order;  /* of equal ranks; then by label */
};

enum { COMPLETE_MAX = 1000 }; /* candidates in a list */

struct complete_list {
	size_t from, to; /* bytes of text that a candidate replaces */
	VEC(struct complete_item);
	bool cut;     /* there were more than COMPLETE_MAX */
	bool heap;    /* while it is filled: see complete/rank */
	bool waiting; /* a listing is under way */
};

#define COMPLETE_LIST_EMPTY                                                    \
	{                                                                      \
		.from = 0                                                      \
	}

void complete_list_done(struct complete_list *list);

/* Bytes of the folder that begins the label of each place in S3 or here; a
 * list that shows them need not say it again and again. */
size_t complete_list_folder(const struct complete_list *list);

/* Frees its texts. */
void complete_item_done(struct complete_item *item);

/* What may stand as an argument of a meta-command: a copy of shell's kinds
 * as far as they differ for completion. */
enum complete_want {
	WANT_NOTHING,
	WANT_FLAG, /* a switch without value */
	WANT_RELATION,
	WANT_PATTERN, /* the command's letters tell which */
	WANT_VALUE,   /* of the setting or variable before it */
	WANT_PATH,
	WANT_S3_URI,
	WANT_PATH_OR_URI,
	WANT_VARIABLE,
	WANT_SETTING,
	WANT_SWITCH, /* on, off */
	WANT_COMMAND,
	WANT_SQL_WORD,
	WANT_SQL,    /* the rest of the line is SQL */
	WANT_REST,   /* the rest of the line is not ours */
	WANT_CHOICE, /* one of .choices */
	WANT_SHELL,  /* a shell's command to the end of the line */
	WANT_FOLDER,
	WANT_TOPIC,  /* of \? */
	WANT_ROLE,   /* ARN of a role, or default */
	WANT_FORMAT, /* of tables */
	WANT_HOST,
	WANT_PORT,
	WANT_CHARSET,     /* of the client */
	WANT_ENVIRONMENT, /* names of environment variables */
	WANT_DATABASE,
	WANT_CONNECTION, /* a database or @NAME */
	WANT_USER,
	WANT_VIEW,
	WANT_ROUTINE, /* a function or procedure */
	WANT_TYPE,
	WANT_GO,            /* of \g: (options) and a file */
	WANT_CHART,         /* words of \chart: kinds and columns */
	WANT_COPY,          /* the line of \copy */
	WANT_OUTPUT_COLUMN, /* of the query before the command */
	WANT_JOB,           /* number of a job */
	WANT_PROFILE,       /* of the AWS files */
	WANT_REGION,
	WANT_AWS_NAME,      /* one or the other, by the word before */
	WANT_DASHBOARD,     /* words of \quicksight: by the verb */
	WANT_KAGGLE,        /* of \kaggle: a data set, then files and a place */
};

struct complete_arg {
	const char *name; /* "URI", or "--role" for a switch */
	enum complete_want want;
	bool repeated;
	const char *choices; /* of WANT_CHOICE: "a|b" */
	const char *brief;   /* or NULL */
};

/* A supplier calls this for every name it knows; what does not fit is
 * filtered here. detail may be NULL. */
struct complete_offer;
void complete_offer_name(struct complete_offer *offer, const char *name,
			 const char *detail);

struct str;

/* The pieces of an item's detail in one text, parted by two blanks. */
void complete_add_detail(const struct complete_item *item, struct str *out);

/* What the session supplies. Each may be NULL: then there is none. */
struct complete_source {
	void *context;
	struct lookup *lookup; /* the catalog's cache, NULL: none */
	/* Keywords, as psql's COMP_KEYWORD_CASE has it. NULL: as typed. */
	const char *keyword_case;
	/* Meta-commands without backslash. */
	void (*commands)(void *context, struct complete_offer *offer);
	/* The arguments of one: [0..*out_count); NULL: no such command. */
	const struct complete_arg *(*args)(void *context, const char *command,
					   size_t *out_count);
	void (*variables)(void *context, struct complete_offer *offer);
	void (*settings)(void *context, struct complete_offer *offer);
	/* Saved connections, "@NAME". */
	void (*connections)(void *context, struct complete_offer *offer);
	/* Data sets of Kaggle that were seen; of set: its files. NULL: the
	 * sets themselves. */
	void (*kaggle)(void *context, const char *set,
		       struct complete_offer *offer);
	/* Numbers of the jobs that have not ended. */
	void (*jobs)(void *context, struct complete_offer *offer);
	/* Values that setting (of \pset) or variable name may take. */
	void (*values)(void *context, const char *name,
		       struct complete_offer *offer);
	/* ARNs of the roles that COPY and UNLOAD may take. */
	void (*roles)(void *context, struct complete_offer *offer);
	/* Names that begin with typed, which is the text after "s3://":
	 * buckets, then the folders and keys of one level, whole and without
	 * quotes, folders and buckets with '/' at their end. false: not
	 * known yet, has been asked for. See aws/listing.h. */
	bool (*s3)(void *context, const char *typed,
		   struct complete_offer *offer);
	/* The same for names relative to \s3cd's folder, as they are typed:
	 * "tick", "../x". NULL: there is no such folder. */
	bool (*s3_near)(void *context, const char *typed,
			struct complete_offer *offer);
	/* Columns of the last result. */
	void (*columns)(void *context, struct complete_offer *offer);
	/* Profiles of the AWS files. */
	void (*profiles)(void *context, struct complete_offer *offer);
	/* Dashboards of QuickSight that have been heard of. */
	void (*dashboards)(void *context, struct complete_offer *offer);
};

/* Candidates for text[0..cursor) with text[cursor..] behind it; text starts
 * where the statement or the meta-command's line starts. list must be empty
 * and is the caller's to free. */
void complete_at(const struct complete_source *source, const char *text,
		 size_t cursor, struct complete_list *list);

#endif
