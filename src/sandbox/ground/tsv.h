/* sandbox/ground/tsv.h - the sandbox's tables: share/sandbox/NAME.tsv.
 *
 * A tab parts columns, the first line is the header, lines that begin with #
 * and empty lines are left out, there is no quoting. Missing cells are "".
 */
#ifndef SANDBOX_GROUND_TSV_H
#define SANDBOX_GROUND_TSV_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

enum { TSV_COLUMNS = 7 };

struct tsv_row {
	const char *cells[TSV_COLUMNS];
};

struct tsv;

struct tsv *tsv_read(const char *path, struct err *err);
void tsv_free(struct tsv *tsv);
CLEANUP_FREE(struct tsv, tsv_free, tsv_freep)

/* The first row whose first cell is key (exact bytes); NULL: none. */
const struct tsv_row *tsv_find(const struct tsv *tsv, const char *key);

size_t tsv_count(const struct tsv *tsv);
const struct tsv_row *tsv_row(const struct tsv *tsv, size_t at);

#endif
