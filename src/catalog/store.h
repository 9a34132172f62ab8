/* catalog/store.h - the SQLite file of the catalog: its name and tables.
 *
 * Losing it loses nothing, so a damaged file is built anew.
 */
#ifndef CATALOG_STORE_H
#define CATALOG_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct lite;
struct str;

struct store_key { /* what one file is for */
	const char *host;
	const char *port;
	const char *user;
};

/* Appends folder/NAME.db: a readable part, and a hash that keeps hosts apart
 * whose readable parts are alike. */
void store_path(const char *folder, const struct store_key *key,
		struct str *out);

/* Opens the file 0600 in its folder (made 0700). A damaged file is made anew;
 * one that a newer program made is refused. */
struct lite *store_open(const char *path, struct err *err);

/* Values of the table meta. */
bool store_set_number(struct lite *lite, const char *name, long long value,
		      struct err *err);
long long store_number(struct lite *lite, const char *name);
bool store_set_text(struct lite *lite, const char *name, const char *value,
		    struct err *err);

/* Replaces out; false: there is none, out as before. */
bool store_text(struct lite *lite, const char *name, struct str *out);

/* The database that was read last. */
bool store_database(struct lite *lite, struct str *out);
bool store_search_path(struct lite *lite, const char *database,
		       struct str *out);
int64_t store_harvested_ms(struct lite *lite, const char *database);
int64_t store_previous_ms(struct lite *lite, const char *database);

/* Removes all but what was used. */
bool store_clear(struct lite *lite, struct err *err);

#endif
