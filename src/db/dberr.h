/* db/dberr.h - the server's error or notice: owned, whole.
 *
 * struct err carries a bounded summary upwards; a dberr keeps every field the
 * server sent, and the statement, so that the message can be drawn again in
 * any verbosity (\errverbose) and fields can be asked for by code.
 */
#ifndef DB_DBERR_H
#define DB_DBERR_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct str;
struct dberr;

enum dberr_verbosity {
	DBERR_TERSE,
	DBERR_DEFAULT,
	DBERR_VERBOSE,
	DBERR_SQLSTATE,
};

enum dberr_context {
	DBERR_CONTEXT_NEVER,
	DBERR_CONTEXT_ERRORS,
	DBERR_CONTEXT_ALWAYS,
};

/* Field codes of the protocol; dberr_field takes any of its letters. */
enum dberr_field {
	DBERR_SEVERITY = 'S',
	DBERR_CODE = 'C',
	DBERR_MESSAGE = 'M',
	DBERR_DETAIL = 'D',
	DBERR_HINT = 'H',
	DBERR_POSITION = 'P',
	DBERR_CONTEXT = 'W',
};

struct dberr *dberr_new(void);
void dberr_free(struct dberr *dberr); /* NULL is fine */
CLEANUP_FREE(struct dberr, dberr_free, dberr_freep)

void dberr_clear(struct dberr *dberr);
bool dberr_is_set(const struct dberr *dberr);

/* Hands what from holds to to; from is clear afterwards. */
void dberr_move(struct dberr *to, struct dberr *from);

/* Borrowed until the dberr changes; NULL: the server did not send it. */
const char *dberr_field(const struct dberr *dberr, enum dberr_field field);

/* SQLSTATE; "" when the failure is not the server's (connection lost). */
const char *dberr_sqlstate(const struct dberr *dberr);

/* Appends the text as psql shows it: "ERROR:  ...", LINE n and caret, DETAIL,
 * HINT, CONTEXT as the verbosity says. Ends in a newline. */
void dberr_format(const struct dberr *dberr, enum dberr_verbosity verbosity,
		  enum dberr_context context, struct str *out);

/* Fills err with ERR_SERVER (ERR_NETWORK without SQLSTATE, ERR_CANCELLED for
 * 57014), code and message. Returns false. */
bool dberr_to_err(const struct dberr *dberr, struct err *err);

#endif
