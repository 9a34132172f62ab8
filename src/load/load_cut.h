/* load/load_cut.h - the fields of a record, cut as COPY cuts it.
 *
 * Delimited text comes cut from data/csv; REMOVEQUOTES, FIXEDWIDTH and the
 * members of JSON objects are cut here. Pure.
 */
#ifndef LOAD_LOAD_CUT_H
#define LOAD_LOAD_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "data/csv.h"

struct copy_options;
struct load_cut;

/* names[count]: of the columns in the file's order, for JSON; both borrowed
 * with options while it is used. */
struct load_cut *load_cut_new(const struct copy_options *options,
			      char *const *names, size_t count);
void load_cut_free(struct load_cut *cut);	/* NULL is fine */
CLEANUP_FREE(struct load_cut, load_cut_free, load_cut_freep)

/* How data/csv is to part the records: no fields where they are cut here. */
void load_cut_dialect(const struct copy_options *options,
		      struct csv_dialect *out);

/* Fields of JSON that an object does not have, have text NULL. Texts are
 * borrowed until the next call. */
const struct csv_field *load_cut_fields(struct load_cut *cut,
					const struct csv_record *record,
					size_t *out_count);

#endif
