/* load/warehouse.h - small questions to the server, and where it stands. */
#ifndef LOAD_WAREHOUSE_H
#define LOAD_WAREHOUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct load_world;
struct str;

/* The number in the first row, or otherwise when it cannot be had. */
int64_t warehouse_number(const struct load_world *world, const char *sql,
			 int64_t otherwise);

/* s.t as SQL text to "s" and "t"; schema stays empty when there is none.
 * false: it is no name of a table. */
bool warehouse_split_name(const char *table, struct str *schema,
			  struct str *name);

/* Columns of a table in their order, by the catalog: asking never fails a
 * block. table is SQL text: t, s.t, "My Table". None: there is no such
 * table. *out is { 0 }. */
struct warehouse_columns { VEC(char *); };

void warehouse_columns_done(struct warehouse_columns *columns);
bool warehouse_find_columns(const struct load_world *world, const char *table,
			    struct warehouse_columns *out, struct err *err);

/* Appends "eu-west-1" of x.eu-west-1.redshift[-serverless].amazonaws.com;
 * nothing for other hosts. */
void warehouse_region(const char *host, struct str *out);

/* Appends the region of the URI's bucket when both regions are known and
 * differ: COPY and UNLOAD need REGION then. false: could not be asked. */
bool warehouse_foreign_region(const struct load_world *world, const char *uri,
			      struct str *out, struct err *err);

#endif
