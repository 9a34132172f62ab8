/* edit/paint.h - frames on the terminal, at the cost of what has changed.
 *
 * A frame is rows of cells below the place where the program's output ended.
 * The next one is compared with the last, and only what differs is written,
 * in one write. Where the frame stands on the screen is not known, so all
 * moves are relative to it.
 */
#ifndef EDIT_PAINT_H
#define EDIT_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "edit/theme.h"

struct cells;
struct paint;

struct paint *paint_new(int fd);
void paint_free(struct paint *paint);

/* THEME_NONE: no colour. */
void paint_set_colours(struct paint *paint, enum theme_ground ground,
		       bool rich);

/* Cells to build the next frame in, cleared, for rows of columns. At most as
 * many rows as the screen has. */
struct cells *paint_next(struct paint *paint, int columns);

/* The next frame becomes the one on the screen. */
void paint_show(struct paint *paint, size_t cursor_row, int cursor_column);

/* What is on the screen is not ours: the next frame begins where the cursor
 * is, which must be the first column. */
void paint_forget(struct paint *paint);

/* The cursor goes to the first column below the frame, which is then as it is
 * and forgotten. */
void paint_leave(struct paint *paint);

/* The frame is taken off the screen; the cursor stands where it began. */
void paint_erase(struct paint *paint);

/* Somebody else has sent a carriage return. */
void paint_note_return(struct paint *paint);

/* The screen's width has changed. reflows: the terminal wraps old rows anew.
 * Takes off what is left of the frame. */
void paint_resize(struct paint *paint, int columns, bool reflows);

/* All is taken off the screen, the frame is forgotten. */
void paint_clear_screen(struct paint *paint);

/* Rows of cells as lines, for a text taller than the screen; the frame must
 * be erased or forgotten. */
void paint_print(struct paint *paint, const struct cells *cells);

/* Bytes for the terminal as they are (OSC), with the next frame. */
void paint_send(struct paint *paint, const char *bytes, size_t len);

#endif
