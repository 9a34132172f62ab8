/* shell/mainloop.h - lines in, statements and commands out. */
#ifndef SHELL_MAINLOOP_H
#define SHELL_MAINLOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sql/split.h"

struct input;
struct mainloop;
struct session;

enum mainloop_exit { /* the program's exit codes, as psql's */
		     MAINLOOP_DONE = 0,
		     MAINLOOP_FAILED = 1, /* own error: a missing file */
		     MAINLOOP_LOST = 2,   /* no connection, or it was lost */
		     MAINLOOP_STOPPED =
			     3, /* ON_ERROR_STOP, or Ctrl-C in a script */
};

/* Reads input to its end, or \q, or the error that stops it. */
enum mainloop_exit mainloop_run(struct session *session, struct input *input);

/* Opens and runs a file, as -f and \i do. beside: \ir. */
enum mainloop_exit mainloop_run_file(struct session *session, const char *path,
				     bool beside);

/* One command without its backslash, as -c '\...' gives it. */
bool mainloop_run_command(struct session *session, const char *text);

/* The statement being typed, and the one before it; "" when there is none. */
const char *mainloop_text(const struct mainloop *loop);
const char *mainloop_previous(const struct mainloop *loop);
void mainloop_set_text(struct mainloop *loop, const char *text);

/* See split_mark. */
struct split_mark mainloop_mark(const struct mainloop *loop);
void mainloop_cut(struct mainloop *loop, const struct split_mark *mark);

/* Lines of the statement so far (%l), and the character of %R. */
size_t mainloop_line(const struct mainloop *loop);
char mainloop_inside(const struct mainloop *loop);

#endif
