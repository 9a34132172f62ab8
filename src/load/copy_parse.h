/* load/copy_parse.h - COPY and UNLOAD statements, and their tails, as values.
 *
 * Works on the tokens of sql/lexer: pure, no I/O. Errors name the word, the
 * nearest valid one, and the two that exclude each other (err.code 0A000 then,
 * else ""). Shell and sandbox
 * read statements with the same code; independent peers check it.
 */
#ifndef LOAD_COPY_PARSE_H
#define LOAD_COPY_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/vec.h"
#include "load/copy_option.h"

enum copy_auth_kind {
	COPY_AUTH_NONE,
	COPY_AUTH_DEFAULT, /* iam_role default */
	COPY_AUTH_ROLE,    /* iam_role 'arn[,arn...]', or the same by
				 * credentials 'aws_iam_role=arn' */
	COPY_AUTH_SESSION, /* iam_role 'SESSION' */
	COPY_AUTH_KEYS,    /* access_key_id ..., credentials '...' */
};

struct copy_auth {
	enum copy_auth_kind kind;
	char *role;           /* COPY_AUTH_ROLE */
	struct secret key_id; /* COPY_AUTH_KEYS */
	struct secret key;
	struct secret token; /* may be unset */
	bool credentials; /* it stood in CREDENTIALS '...' */
	bool master_key;  /* with master_symmetric_key=... */
};

/* A parameter that was given. Arguments are literals with their escapes
 * undone: \t \n \r \b \f \\ \' \ddd; any other backslash stays, since AWS
 * writes NULL AS '\N' and means \N. text may hold NUL bytes. */
struct copy_given {
	const struct copy_option *option;
	char *text; /* NULL: no argument; words in upper case */
	size_t len;
	long number; /* INTEGER; SIZE in MB, rounded down */
	bool quoted; /* the argument stood in quotes */
	size_t at;   /* offset of the name in the text parsed */
	size_t end;  /* offset behind the argument */
};

struct copy_span { /* offsets in the text parsed */
	size_t at, end;
};

struct copy_options {
	bool case_sensitive; /* set before: names in quotes keep their case */
	struct copy_auth auth;
	struct {
		VEC(struct copy_given);
	} given; /* in their order */
	struct {
		VEC(struct copy_span);
	} auth_at; /* where the authorization stands: keys have parts */
};

#define COPY_OPTIONS_EMPTY                                                     \
	{                                                                      \
		.auth = {.kind = COPY_AUTH_NONE }                              \
	}

void copy_options_done(struct copy_options *options);

/* NULL: not given. */
const struct copy_given *copy_options_get(const struct copy_options *options,
					  enum copy_option_id id);
bool copy_options_has(const struct copy_options *options,
		      enum copy_option_id id);

/* Reads the tail of a statement: what stands after FROM 's3://...' or after
 * TO 's3://...', authorization included (it may be absent). A semicolon
 * may end it; nothing may follow that. *out must be empty. */
bool copy_options_parse(struct copy_options *out, enum copy_verb verb,
			const char *text, size_t len, struct err *err);

struct copy_statement {
	/* Names without quotes, in lower case also where quoted, as Redshift
	 * folds them unless options.case_sensitive. */
	char *schema; /* or NULL */
	char *table;
	struct {
		VEC(char *);
	} columns;    /* none: all columns */
	char *source; /* 's3://...' with escapes undone */
	struct copy_options options;
};

#define COPY_STATEMENT_EMPTY                                                   \
	{                                                                      \
		.schema = NULL, .options = COPY_OPTIONS_EMPTY                  \
	}

void copy_statement_done(struct copy_statement *statement);

/* ERR_USAGE: not a COPY ... FROM statement, or a wrong one. COPY table FROM
 * STDIN and COPY JOB RUN ... are refused with the reason. */
bool copy_parse(struct copy_statement *out, const char *sql, size_t len,
		struct err *err);

struct unload_statement {
	char *query; /* the text inside the quotes, unquoted */
	char *target;
	struct copy_options options;
};

#define UNLOAD_STATEMENT_EMPTY                                                 \
	{                                                                      \
		.query = NULL, .options = COPY_OPTIONS_EMPTY                   \
	}

void unload_statement_done(struct unload_statement *statement);

bool unload_parse(struct unload_statement *out, const char *sql, size_t len,
		  struct err *err);

#endif
