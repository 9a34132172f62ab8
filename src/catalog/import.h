/* catalog/import.h - a listing of columns into the store, without a server.
 *
 * One line a column: schema, table, column, type; separated by tabs or, when
 * the first line has none, by commas; values may be in double quotes. A first
 * line that names these four is passed over. The listing is whole for each
 * schema in it: tables that it does not name go. It belongs to no database
 * until a server is read into the same file, which replaces it.
 */
#ifndef CATALOG_IMPORT_H
#define CATALOG_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct lite;

struct import_result {
	int64_t tables;
	int64_t columns;
};

bool import_listing(struct lite *lite, const char *path, int64_t now_ms,
		    struct import_result *out_result, struct err *err);

#endif
