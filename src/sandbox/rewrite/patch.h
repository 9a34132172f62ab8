/* sandbox/rewrite/patch.h - the tokens of one statement, with changes on them.
 *
 * The text is cut into solid tokens; each keeps the blanks and comments that
 * stood before it. Rules replace, drop and surround tokens; patch_render
 * puts a range together again. What was not touched comes out byte for byte,
 * and where each unchanged token came from is known (for error positions).
 */
#ifndef SANDBOX_REWRITE_PATCH_H
#define SANDBOX_REWRITE_PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sql/lexer.h"

struct patch_token {
	struct token token;
	size_t gap;   /* bytes of blanks and comments before it */
	size_t pair;  /* of a bracket: index of its partner, else 0 */
	int depth;    /* of parentheses around it */
	char *before; /* NULL: nothing */
	char *text;   /* NULL: as it is; "": dropped with its gap */
	char *after;
};

struct patch_span { /* rendered[to..] is sql[from..] */
	size_t to;
	size_t from;
};

struct patch {
	const char *sql; /* borrowed */
	size_t len;
	struct patch_token *items; /* items[count] is a TOKEN_END */
	size_t count;
	size_t cap;
	bool balanced; /* all parentheses have partners */
};

#define PATCH_NONE ((size_t)-1)

/* Tokens of sql without its last semicolon. */
void patch_init(struct patch *patch, const char *sql, size_t len);
void patch_done(struct patch *patch);

/* Token at; past the end: the TOKEN_END. */
const struct token *patch_at(const struct patch *patch, size_t at);

/* Whether the words (one, or several parted by blanks; punctuation is a word
 * of its own) stand from token at on; the number of tokens, else 0. */
size_t patch_match(const struct patch *patch, size_t at, const char *words);

/* First token in [from, to) outside of deeper parentheses that is the word
 * or sign; PATCH_NONE. */
size_t patch_find(const struct patch *patch, size_t from, size_t to,
		  const char *word);

/* A rule later replaces what one before it did. */
void patch_replace(struct patch *patch, size_t at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void patch_drop(struct patch *patch, size_t from, size_t to); /* [from, to) */
void patch_before(struct patch *patch, size_t at, const char *text);
void patch_after(struct patch *patch, size_t at, const char *text);

/* Appends [from, to), without the first gap; spans (may be NULL) gets where
 * the unchanged came from. */
struct patch_spans {
	struct patch_span *items;
	size_t count;
	size_t cap;
};
void patch_render(const struct patch *patch, size_t from, size_t to,
		  struct str *out, struct patch_spans *spans);

/* Arguments of a call: index of its '(' to ranges. Empty (): 0. At most max
 * are stored, the true count is returned. */
struct patch_range {
	size_t from;
	size_t to;
};
size_t patch_arguments(const struct patch *patch, size_t open,
		       struct patch_range *out, size_t max);

#endif
