/* sql/expect_table.h - which words and names follow which words: the rows
 * behind sql/expect.
 */
#ifndef SQL_EXPECT_TABLE_H
#define SQL_EXPECT_TABLE_H

#include <stddef.h>

/* A pattern is matched against the end of what was typed at the cursor's
 * level of parentheses ("^": against all of it). Upper case words stand for
 * themselves, * for any name, word or value, () for a closed pair of
 * parentheses. The first row that fits counts. */
struct expect_row {
	const char *pattern;
	unsigned what;            /* enum expect_what */
	const char *const *words; /* NULL: none */
};

extern const struct expect_row expect_rows[];
extern const size_t expect_row_count;

/* Words of the option lists of COPY and UNLOAD; the pattern is the
 * statement. */
extern const struct expect_row expect_option_rows[2];

/* Parts of a query: the last of these words at the level says where the
 * cursor is; what may come where a name or value is due, and what after a
 * finished one. */
struct expect_clause {
	const char *word; /* "FROM"; "BY" ... */
	unsigned due;
	const char *const *due_words;
	const char *const *after_words;
};

extern const struct expect_clause expect_clauses[];
extern const size_t expect_clause_count;

extern const char *const expect_statement_words[];
extern const char *const expect_query_words[]; /* SELECT, WITH */
extern const char *const expect_expression_words[];
extern const char *const expect_after_expression_words[];
extern const char *const expect_column_words[]; /* of a column's definition */
extern const char *const expect_over_words[];

#endif
