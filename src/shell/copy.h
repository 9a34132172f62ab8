/* shell/copy.h - COPY data between the server and this program's streams.
 *
 * Redshift has no such COPY; a PostgreSQL behind the same shell does, and
 * its scripts carry the data in line, ended by "\.".
 */
#ifndef SHELL_COPY_H
#define SHELL_COPY_H

#include <stdbool.h>

#include "base/err.h"
#include <stddef.h>

struct exec;
struct output;
struct session;

/* The client's side of a \copy, instead of the script or its output. */
struct copy_end {
	int fd;            /* FROM: bytes to the end of it; -1: lines */
	bool own_stdin;    /* FROM, lines: the program's, not the script's */
	struct output *to; /* TO */
};

/* Sends the lines that follow in the current input, or what
 * session->send.copy names. */
bool copy_in(struct session *session, struct exec *exec);

/* Writes the rows to the current output, or to session->send.copy; drops
 * them when nobody wants them. */
bool copy_out(struct session *session, struct exec *exec, bool wanted);

/* "\.", with or without a carriage return: the end of the data. */
bool copy_is_end(const char *line, size_t len);

/* Spares most texts a closer look: false, when none of their statements can be
 * a COPY ... FROM STDIN, or \copy. */
bool copy_may_take_data(const char *text, size_t len);

/* How many statements of sql are a COPY ... FROM STDIN, behind which data
 * follow. */
int copy_count_inputs(const struct session *session, const char *sql);

/* The server has not asked for the data of left of them: those are passed
 * over, never run. So does psql since 15.19; for the sake of older scripts a
 * libpq before it leaves a PostgreSQL's alone. */
void copy_skip_refused(struct session *session, int left);

/* The server asks for data that no statement spoke of: it is broken or means
 * harm, and the connection is given up. */
void copy_refuse(struct session *session, struct exec *exec);

/* Passes over the lines of the current script, or what is left of a text that
 * was typed, to the end of the data. */
void copy_skip_lines(struct session *session);

/* Writes the lines of the current script up to the end of the data to fd
 * instead. ERR_USAGE: they would have to be typed. */
bool copy_save_lines(struct session *session, int fd, struct err *err);

#endif
