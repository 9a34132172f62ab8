/* load/load_explain.h - why a COPY failed: where, the line, why, what to type.
 *
 * The views of the server name file, line and column, but cut or lack the raw
 * line; it is read here from the object itself, also from gzip, zstd and
 * bzip2, with a look at the rest of the column. One entry serves \copyfrom and
 * COPY typed by hand. Statements that hold keys are never shown.
 */
#ifndef LOAD_LOAD_EXPLAIN_H
#define LOAD_LOAD_EXPLAIN_H

#include <stdbool.h>

#include "base/str.h"
#include "load/cure.h"

struct copy_args;
struct db;
struct load_error_hooks;
struct load_errors;

struct load_origin {
	const char *sql;	/* the COPY as it was sent */
	const struct copy_args *copyfrom; /* the line it comes from; NULL: it
					   * was typed */
	bool own_block;		/* the transaction is \copyfrom's own */
	int seconds;		/* since it was sent, rounded up */
};

/* The best cure, ready to be run; it may hold keys and is wiped. */
struct load_offer {
	struct str question;	/* "Run again with maxerror 2?"; "": none */
	struct cure_texts lines; /* statements, and one \copyfrom line */
};

#define LOAD_OFFER_EMPTY                                                       \
	{                                                                      \
		.question = STR_EMPTY                                          \
	}

void load_offer_done(struct load_offer *offer);

/* To be called after a statement that sql/classify names COPY has failed.
 * message: the server's error text; where it does not send people to the
 * error views (bad role, no such table) there is nothing to add. Appends
 * lines to show below the error and returns true; false: nothing to say.
 * offer (may be NULL) stays empty where nothing can be run at once, such as
 * in an aborted block. Nothing is ever sent on db while its block is aborted.
 */
bool load_explain_failure(struct str *out, struct load_offer *offer,
			  struct db *db, const struct load_origin *origin,
			  const char *message,
			  const struct load_error_hooks *hooks);

/* After a COPY that succeeded, outside a block: what MAXERROR or
 * IGNOREALLERRORS let pass. false: nothing. */
bool load_explain_passed(struct str *out, struct db *db, const char *sql,
			 const struct load_error_hooks *hooks);

/* The same of errors that were read before, all of one COPY; its text is
 * asked for when sql is "". */
void load_explain_errors(struct str *out, struct db *db,
			 const struct load_errors *errors, const char *sql,
			 const struct load_error_hooks *hooks);

#endif
