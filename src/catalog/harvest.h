/* catalog/harvest.h - the server's catalog into the store, in one go.
 *
 * A table of a few large queries. Required ones read the leader's pg_catalog,
 * which is fast; optional ones (external tables call the Glue catalog) may
 * fail, and then what they filled before is kept. Everything lands in one
 * transaction of the store, so a look-up sees the old state or the new.
 */
#ifndef CATALOG_HARVEST_H
#define CATALOG_HARVEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct lite;

struct harvest_result {
	int64_t rows;
	int skipped; /* optional queries that failed */
};

/* db must be idle. now_ms becomes the store's age. */
bool harvest_run(struct db *db, struct lite *lite, int64_t now_ms,
		 struct harvest_result *out_result, struct err *err);

#endif
