/* load/copy_swap.h - --swap: a new table is loaded and takes the old one's
 * name, in one transaction.
 *
 * Readers see the old rows until COMMIT and wait for nothing but the change of
 * names. CREATE TABLE (LIKE ... INCLUDING DEFAULTS) brings columns, defaults,
 * NOT NULL, encodings, distribution and sort keys (r_CREATE_TABLE_NEW); primary
 * and unique keys, comments and rights are made anew. Where something would be
 * lost, views are bound to the old table, or another one owns it, --swap is
 * refused with the reason; late-binding views go by name and keep working.
 */
#ifndef LOAD_COPY_SWAP_H
#define LOAD_COPY_SWAP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct copyfrom;

struct copy_swap {
	struct str table; /* the new one as SQL text, s."t_redsh_new"; "" */
	struct str aside; /* the old one's other name, without a schema */
	struct str old;	  /* ... and with it */
	struct {
		VEC(char *);
	} after; /* statements on the new one before it takes the name */
};

#define COPY_SWAP_EMPTY                                                        \
	{                                                                      \
		.table = STR_EMPTY, .aside = STR_EMPTY,                        \
		.old = STR_EMPTY                                               \
	}

void copy_swap_done(struct copy_swap *swap);

/* Fills copy->swap; asks the server, outside of blocks only. ERR_USAGE: it
 * cannot be, with all reasons. Without a server (--print) the rights are left
 * out, which is told. */
bool copy_swap_read(struct copyfrom *copy, struct err *err);

/* Append the statements around the COPY. */
void copy_swap_add_create(const struct copyfrom *copy, struct str *out);
void copy_swap_add_rename_old(const struct copyfrom *copy, struct str *out);
void copy_swap_add_rename_new(const struct copyfrom *copy, struct str *out);
void copy_swap_add_drop(const struct copyfrom *copy, struct str *out);

#endif
