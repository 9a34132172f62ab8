/* sql/expect_table.h - which words and names follow which words: the rows
 * behind sql/expect.
 */
#ifndef SQL_EXPECT_TABLE_H
#define SQL_EXPECT_TABLE_H

#include <stddef.h>

#include "sql/expect.h"

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

/* The parameters of COPY and UNLOAD; the pattern is the statement. Their words
 * are in load/copy_option. */
extern const struct expect_row expect_option_rows[2];

/* Parts of a query: the last of these words at the level says where the
 * cursor is; what may come where a name or value is due, and what after a
 * finished one. */
struct expect_clause {
	const char *before; /* the word before it; NULL: any */
	const char *word;   /* "FROM"; "BY" ... */
	enum expect_place place;
	unsigned due;
	const char *const *due_words;
	const char *const *after_words;
	const char *const *call_words; /* after f(...); NULL: the same */
};

extern const struct expect_clause expect_clauses[];
extern const size_t expect_clause_count;

/* Each list with the likeliest words first. */
extern const char *const expect_statement_words[];
extern const char *const expect_query_words[]; /* SELECT, WITH */
extern const char *const expect_expression_words[];
extern const char *const expect_when_words[];  /* behind CASE */
extern const char *const expect_call_words[];  /* behind f( */
extern const char *const expect_in_words[];    /* behind IN ( */
extern const char *const expect_value_words[]; /* of a row of VALUES */
extern const char *const expect_after_expression_words[];
extern const char *const expect_after_call_words[];
extern const char *const expect_case_words[];   /* within CASE ... END */
extern const char *const expect_column_words[]; /* of a column's definition */
extern const char *const expect_join_words[];
extern const char *const expect_unconditional_words[];
extern const char *const expect_over_words[];
extern const char *const expect_by_words[];
extern const char *const expect_window_words[]; /* behind BY x of OVER (...) */
extern const char *const expect_order_words[];  /* and of WITHIN GROUP (...) */
extern const char *const expect_delete_words[];
extern const char *const expect_merge_into_words[];
extern const char *const expect_merge_using_words[];
extern const char *const expect_merge_words[];

#endif
