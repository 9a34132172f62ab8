/* catalog/harvest.h - the server's catalog into the store.
 *
 * Asks the questions of catalog/question one by one, each outside of any
 * transaction of the store, and merges what came (catalog/stage). Required
 * ones read the leader's pg_catalog, which is fast; optional ones may fail,
 * and then what they filled before is kept and the table missing says why. A
 * look-up sees the old state or the new.
 */
#ifndef CATALOG_HARVEST_H
#define CATALOG_HARVEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct lite;
struct touched;

struct harvest_result {
	int64_t rows;
	int64_t changes; /* against what the cache knew */
	int questions;   /* statements sent */
	int skipped;     /* optional questions that failed */
};

/* db must be idle. only: what DDL has touched; NULL: everything, and now_ms
 * becomes the database's age. */
bool harvest_run(struct db *db, struct lite *lite, const struct touched *only,
		 int64_t now_ms, struct harvest_result *out_result,
		 struct err *err);

#endif
