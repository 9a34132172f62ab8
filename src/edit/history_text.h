/* edit/history_text.h - a statement as the history keeps it. Pure. */
#ifndef EDIT_HISTORY_TEXT_H
#define EDIT_HISTORY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* text without line ends at its end, secrets masked: those of SQL, passwords
 * in URIs and connection strings, of \setenv and \set. false: there is
 * nothing worth keeping (blank, or longer than 1 MiB). */
bool history_text_clean(const char *text, struct str *out);

/* Not to be offered unasked: something in it removes or overwrites data or
 * runs a command of the system. */
bool history_text_is_risky(const char *text, size_t len);

/* psql's file: an entry a line, newlines written as byte 1. */
void history_text_encode(const char *text, size_t len, struct str *out);
void history_text_decode(const char *line, size_t len, struct str *out);

#endif
