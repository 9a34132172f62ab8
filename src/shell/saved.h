/* shell/saved.h - connections with a name of their own: @sales.
 *
 * They are the sections of connections.conf in the XDG configuration folder;
 * keys are those of connection strings (libpq's, and Amazon's drivers').
 */
#ifndef SHELL_SAVED_H
#define SHELL_SAVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct dsn;
struct saved;
struct str;

/* "@NAME" */
bool saved_is_name(const char *text);

/* Reads the file; none is as good as an empty one. ERR_DATA: a line cannot be
 * read or a key is unknown, which the message names. */
struct saved *saved_open(struct err *err);
void saved_free(struct saved *saved); /* NULL is fine */
CLEANUP_FREE(struct saved, saved_free, saved_freep)

/* The file holds a password and others may read it: what to do about it, ""
 * when all is well. */
const char *saved_warning(const struct saved *saved);

/* Name number at, in the file's order; NULL past the end. */
const char *saved_name(const struct saved *saved, size_t at);

/* Sets what the file says of name, with or without its @. ERR_MISSING: there
 * is no such connection; the nearest is named. */
bool saved_fill(const struct saved *saved, const char *name, struct dsn *dsn,
		struct err *err);

/* Appends a section with what is in dsn, passwords aside. ERR_USAGE: the name
 * is taken or none. */
bool saved_add(const char *name, const struct dsn *dsn, struct err *err);

/* Takes the section of that name away, if there is one; others stay as they
 * are. */
bool saved_remove(const char *name, struct err *err);

/* Adds the entries of an odbc.ini (NULL: $ODBCINI, ~/.odbc.ini) that are of
 * Redshift; appends a line of text for each. */
bool saved_import_odbc(const char *path, struct str *out_told,
		       struct err *err);

/* Where the file is. Appends. */
void saved_path(struct str *out);

#endif
