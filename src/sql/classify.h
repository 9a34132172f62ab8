/* sql/classify.h - what kind of statement a text is.
 *
 * By its first words, past comments and opening parentheses; the rows come
 * from share/sql/statements.tsv. Knows no grammar beyond that, except that
 * it looks for INTO after SELECT and for what follows WITH and EXPLAIN.
 */
#ifndef SQL_CLASSIFY_H
#define SQL_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

enum statement_kind {
	STATEMENT_EMPTY,   /* nothing but blanks and comments */
	STATEMENT_UNKNOWN, /* not a statement of Redshift */
	STATEMENT_QUERY,   /* SELECT, WITH, SHOW, EXPLAIN, FETCH ... */
	STATEMENT_CHANGE,  /* INSERT, UPDATE, DELETE, MERGE, TRUNCATE */
	STATEMENT_DDL,     /* CREATE, ALTER, DROP, COMMENT, GRANT ... */
	STATEMENT_COPY,
	STATEMENT_UNLOAD,
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_ROLLBACK,
	STATEMENT_SETTING, /* SET, RESET, USE */
	STATEMENT_OTHER,   /* ANALYZE, VACUUM, CALL, LOCK, PREPARE ... */
};

enum statement_block {
	BLOCK_ALLOWED,
	BLOCK_REFUSED,  /* an error inside BEGIN .. COMMIT */
	BLOCK_REQUIRED, /* an error outside: DECLARE, FETCH */
	BLOCK_COMMITS,  /* TRUNCATE ends the block by committing */
};

struct statement {
	const char *name;   /* "CREATE TABLE", static; "" when empty or
				 * unknown */
	const char *object; /* "TABLE", "VIEW", ... static; or "" */
	enum statement_kind kind;
	enum statement_block block;
	bool destructive; /* DROP, TRUNCATE, DELETE or UPDATE without
				 * WHERE */
	size_t at;        /* offset of the first word */
	size_t words_end; /* offset after the last word of name */
};

/* escapes: as LEXER_ESCAPES. */
struct statement classify(const char *sql, size_t len, bool escapes);

/* By the first words alone, at a cost that does not grow with the text: WITH
 * is a query, SELECT INTO too, and only DROP and TRUNCATE are destructive. */
struct statement classify_opening(const char *sql, size_t len, bool escapes);

#endif
