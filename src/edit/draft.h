/* edit/draft.h - the lines of the text that is being typed.
 *
 * Keeps for each line what it begins in (a quote, a parenthesis) and how many
 * rows of the screen it takes. An edit costs what its lines cost, not what
 * the whole text costs, but for a comparison of bytes. Pure.
 */
#ifndef EDIT_DRAFT_H
#define EDIT_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "edit/highlight.h"

struct draft;
struct str;

struct draft_options {
	/* The prompt of a further line; inside as %R, line from 2 on. true:
	 * it depends on the line's number. */
	bool (*further)(void *context, char inside, size_t line,
			struct str *out);
	void *context;
};

struct draft *draft_new(const struct draft_options *options);
void draft_free(struct draft *draft); /* NULL is fine */

/* Another text begins: its prompt, the state its first line begins in. */
void draft_begin(struct draft *draft, const char *prompt,
		 const struct highlight_state *state, bool escapes);

/* The first line's prompt is for the moment this one. */
void draft_set_prompt(struct draft *draft, const char *prompt);

/* text as it is now, on a screen of columns. Copied. */
void draft_update(struct draft *draft, const char *text, size_t len,
		  int columns);

size_t draft_lines(const struct draft *draft);
size_t draft_rows(const struct draft *draft); /* of all lines */

/* The line that byte at is in; its end belongs to it. */
size_t draft_line_of(const struct draft *draft, size_t at);
size_t draft_line_start(const struct draft *draft, size_t line);
size_t draft_line_len(const struct draft *draft, size_t line);
size_t draft_line_rows(const struct draft *draft, size_t line);
size_t draft_rows_before(const struct draft *draft, size_t line);
const struct highlight_state *draft_state(const struct draft *draft,
					  size_t line);
const struct highlight_state *draft_end_state(const struct draft *draft);

/* Borrowed until the next call that asks for a prompt. */
const char *draft_prompt(struct draft *draft, size_t line);

/* Styles of a line's bytes; borrowed until the next call. */
unsigned char *draft_styles(struct draft *draft, size_t line);

/* The bracket that belongs to the one at byte at; SIZE_MAX: none, or too far
 * away to look for. */
size_t draft_bracket(struct draft *draft, size_t at);

bool draft_escapes(const struct draft *draft);

#endif
