/* edit/flow.h - text into rows of a screen.
 *
 * Pure. Text flows on from where the one before ended; a row that is full is
 * followed by another as soon as something more comes. Line ends are the
 * caller's: each line of a statement is a flow of its own.
 */
#ifndef EDIT_FLOW_H
#define EDIT_FLOW_H

#include <stddef.h>

struct cells;

struct flow {
	int columns;
	size_t row;        /* 0.. */
	int column;        /* 0..columns */
	struct cells *out; /* NULL: rows are only counted */
	size_t first, end; /* only these rows go to out */
};

/* Only rows [first, end) are wanted; before flow_start, which otherwise takes
 * all. */
void flow_window(struct flow *flow, size_t first, size_t end);

/* Begins the first row. flow is {0} or comes from flow_window. */
void flow_start(struct flow *flow, int columns, struct cells *out);

/* styles[i] for text[i]; NULL: all in style. */
void flow_text(struct flow *flow, const char *text, size_t len,
	       const unsigned char *styles, int style);

/* A prompt: what stands between \001 and \002 takes no columns and is
 * written as it is. Nothing comes out when colours are not wanted. */
void flow_prompt(struct flow *flow, const char *prompt, int style, int colours);

/* Where a cursor in front of text[0..len) stands: (row, column), column less
 * than columns. */
void flow_place(const struct flow *flow, const char *text, size_t len,
		size_t *out_row, int *out_column);

/* Blanks up to the cursor's own row, if it stands behind the last. */
void flow_reach(struct flow *flow, size_t row);

#endif
