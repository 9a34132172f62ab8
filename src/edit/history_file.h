/* edit/history_file.h - histories in text files: psql's, and redsh's own of
 * earlier versions.
 *
 * An entry is a line, its newlines written as byte 1. What libedit (psql on
 * macOS) writes is read too, as are the time stamps of Readline ("#1700000000"
 * alone on a line, for the entry behind it).
 */
#ifndef EDIT_HISTORY_FILE_H
#define EDIT_HISTORY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Gives the newest entries (newest < 0: all), oldest first. at_ms: 0: the
 * file does not tell. ERR_MISSING: there is no file. */
bool history_file_read(const char *path, int64_t newest,
		       void (*take)(void *context, const char *text,
				    int64_t at_ms),
		       void *context, struct err *err);

/* Adds one entry; the file (0600) and its folder are made when missing. */
bool history_file_append(const char *path, const char *text, size_t len,
			 struct err *err);

/* Cuts a file that has more than twice so many lines to the newest. */
bool history_file_trim(const char *path, int64_t keep, struct err *err);

#endif
