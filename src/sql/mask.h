/* sql/mask.h - take secrets out of SQL text before it is shown or kept.
 *
 * Replaces by *** the values of ACCESS_KEY_ID, SECRET_ACCESS_KEY,
 * SESSION_TOKEN, CREDENTIALS '...', MASTER_SYMMETRIC_KEY and PASSWORD '...',
 * and key=value pairs of that name inside literals. Used by history, echo,
 * log and \s.
 */
#ifndef SQL_MASK_H
#define SQL_MASK_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Appends the masked text; true: something was hidden. Works on unfinished
 * text too: an open literal is hidden to the end. */
bool mask_secrets(struct str *out, const char *sql, size_t len);

/* As mask_secrets, but PASSWORD '...' and password=... stay. */
bool mask_keys(struct str *out, const char *sql, size_t len);

/* Whether mask_secrets would hide something. */
bool mask_needed(const char *sql, size_t len);

#endif
