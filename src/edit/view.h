/* edit/view.h - the frame: prompt, text, suggestion, list; built and shown.
 *
 * A text with more rows than the screen is shown through a window that
 * follows the cursor.
 */
#ifndef EDIT_VIEW_H
#define EDIT_VIEW_H

#include <stdbool.h>
#include <stddef.h>

struct editor;

/* editor_read begins: the cursor is at the start of a row of its own. */
void view_begin(struct editor *editor);

void view_draw(struct editor *editor);

/* The lines of editor->draft are those of Readline's line as it is now. */
void view_sync(struct editor *editor);

/* The text as it stays on the screen, all of it, with tail ("^C" or "")
 * behind; the cursor goes to the row below. */
void view_finish(struct editor *editor, const char *tail);

/* The screen has another size. */
void view_resize(struct editor *editor);

/* The column the cursor is at in its line, without the prompt; and the byte
 * of another line that is at that column or before. After view_sync. */
size_t view_column(struct editor *editor, size_t point);
size_t view_byte_at(struct editor *editor, size_t line, size_t column);

#endif
