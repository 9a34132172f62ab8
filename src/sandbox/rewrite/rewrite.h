/* sandbox/rewrite/rewrite.h - Redshift SQL in, PostgreSQL 15 SQL out.
 *
 * Works on tokens with the tables of share/sandbox/: what they do not name is
 * refused by name, with the SQLSTATE and words of Redshift. The server calls
 * rewrite_split on a Query message, then rewrite_statement for each part
 * (Parse: just the one). Knows no connection: what it must know of the
 * session comes in struct rewrite_input.
 *
 * The private PostgreSQL must have run share/sandbox/functions.sql (schema
 * redshift_sandbox: the functions, and the table of table attributes) and
 * its sessions set standard_conforming_strings on and a search_path that
 * ends in pg_catalog's default; functions are called with their schema.
 */
#ifndef SANDBOX_REWRITE_REWRITE_H
#define SANDBOX_REWRITE_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/rewrite/decimal.h"
#include "sandbox/rewrite/patch.h"
#include "sql/classify.h"

struct rewrite; /* the tables, read once */

enum rewrite_action {
	REWRITE_SEND,    /* send out.sql */
	REWRITE_NOTHING, /* accepted, nothing to do: answer with tag */
	REWRITE_EMPTY,   /* only blanks and comments */
	REWRITE_COPY,    /* COPY: hand the text to rscopy */
	REWRITE_UNLOAD,
	REWRITE_SET,    /* SET/RESET name of a Redshift setting: server
				 * keeps name and value (out.name, .value) */
	REWRITE_SHOW,   /* SHOW name: server answers from its own
				 * settings; out.name lower case, "all" */
	REWRITE_CANCEL, /* CANCEL pid: out.value is the pid */
};

struct rewrite_columns { /* names as the catalog has them, owned */
	VEC(char *);
};
#define REWRITE_COLUMNS_EMPTY                                                  \
	{                                                                      \
		.items = NULL, .count = 0, .cap = 0                            \
	}
void rewrite_columns_done(struct rewrite_columns *columns);

/* What must be asked of the session: sandbox/gateway/ask gives it. Without
 * context (tests, bodies of procedures) what needs an answer is refused by
 * name. */
struct rewrite_ask {
	void *context;
	/* The columns of a query of PostgreSQL's SQL. On failure err has
	 * PostgreSQL's words, *out_position (1-based characters, 0: none)
	 * where in sql. */
	bool (*columns)(void *context, const char *sql,
			struct rewrite_columns *out, size_t *out_position,
			struct err *err);
	/* How PostgreSQL understands a query, as debug_print_parse says it
	 * (sandbox/rewrite/nodetree); false: it does not, and will say why
	 * when the query is sent. */
	bool (*tree)(void *context, const char *sql, struct str *out);
	/* First column of the first row appended to out; no row, NULL: "". */
	bool (*value)(void *context, const char *sql, struct str *out,
		      struct err *err);
};

struct rewrite_input {
	const char *sql; /* one statement, with or without semicolon */
	size_t len;
	bool in_block;       /* BEGIN is open */
	bool block_used;     /* and a command has run since */
	bool several;        /* the block is that of a message with several
				* statements */
	bool case_sensitive; /* enable_case_sensitive_identifier */
	bool case_sensitive_fields; /* enable_case_sensitive_super_attribute */
	bool extended;              /* Parse: one statement, no appended ones */
	struct rewrite_ask ask;
};

struct rewrite_result {
	enum rewrite_action action;
	struct statement statement; /* kind and name of the client's text */
	/* For PostgreSQL; "": only before and after, then tag. */
	struct str sql;
	/* Statements to run before and after sql in the same transaction,
	 * their results thrown away ("" none): they record DISTKEY, SORTKEY
	 * and ENCODE. In autocommit the server puts BEGIN and COMMIT around
	 * them; inside a block it just sends them. */
	struct str before;
	struct str after;
	const char *tag;        /* CommandComplete for the client instead of
				 * PostgreSQL's; NULL: PostgreSQL's own */
	struct str name, value; /* REWRITE_SET, SHOW, CANCEL */
	bool local;             /* SET LOCAL */
	bool reset;             /* RESET, SET .. TO DEFAULT: no value */
	bool commits_first;     /* TRUNCATE: the open block is committed */
	bool separate;          /* before, sql and after stand for themselves:
				 * CREATE DATABASE takes no BEGIN around it */
	struct str notice;      /* a WARNING or INFO for the client, or "" */
	const char *notice_severity;     /* "INFO", "WARNING" */
	size_t refused_at;               /* after a refusal */
	struct patch_spans spans;        /* where sql came from */
	struct decimal_columns decimals; /* types of the computed columns */
};

#define REWRITE_RESULT_EMPTY                                                   \
	{                                                                      \
		.sql = STR_EMPTY, .before = STR_EMPTY, .after = STR_EMPTY,     \
		.name = STR_EMPTY, .value = STR_EMPTY, .notice = STR_EMPTY     \
	}

void rewrite_result_done(struct rewrite_result *result);
void rewrite_result_clear(struct rewrite_result *result);

/* share_dir: folder that holds sandbox/ (statements.tsv, functions.tsv ...).
 * NULL and err when a table is missing or malformed. */
struct rewrite *rewrite_new(const char *share_dir, struct err *err);
void rewrite_free(struct rewrite *rewrite);

/* What the server is like; all false: a provisioned cluster of today. */
struct rewrite_character {
	bool no_provisioned; /* STL, STV and SVL views are refused */
	bool no_listings;    /* SHOW TABLES and its like are unknown */
};
void rewrite_set_character(struct rewrite *rewrite,
			   const struct rewrite_character *character);
const struct rewrite_character *rewrite_character(
	const struct rewrite *rewrite);
CLEANUP_FREE(struct rewrite, rewrite_free, rewrite_freep)

/* The end (offset after its semicolon, or len) of the statement that begins
 * at start: a Query message may hold several. */
size_t rewrite_split(const char *sql, size_t len, size_t start);

/* False: refused; err->code is the SQLSTATE, message Redshift's words (kept
 * in Redshift's case), hint its HINT, out->refused_at the offset of the
 * offending token in the input, or (size_t)-1. out is cleared first. */
bool rewrite_statement(const struct rewrite *rewrite,
		       const struct rewrite_input *input,
		       struct rewrite_result *out, struct err *err);

/* PostgreSQL's error position (1-based, characters) in out->sql, as the
 * position in the client's statement (1-based, characters). */
size_t rewrite_position(const struct rewrite_result *result,
			const struct rewrite_input *input, size_t position);

/* The same as a byte offset in the client's statement. */
size_t rewrite_offset(const struct rewrite_result *result, size_t position);

/* An error of PostgreSQL in Redshift's words where they are known to differ:
 * replaces *sqlstate (6 bytes) and message. true: DETAIL and HINT are
 * PostgreSQL 15's own and should go. */
bool rewrite_message(const struct rewrite *rewrite, char *sqlstate,
		     struct str *message);

/* The value SHOW gives a setting that was never set; NULL: no such setting.
 * name in lower case. */
const char *rewrite_setting(const struct rewrite *rewrite, const char *name);

/* All settings, for SHOW ALL: at 0, 1 ... until NULL. */
const char *rewrite_setting_name(const struct rewrite *rewrite, size_t at);

#endif
