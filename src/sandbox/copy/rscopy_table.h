/* sandbox/copy/rscopy_table.h - the table that COPY fills, as the catalog has
 * it. */
#ifndef SANDBOX_COPY_RSCOPY_TABLE_H
#define SANDBOX_COPY_RSCOPY_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "sandbox/copy/rscopy_field.h"

struct copy_statement;
struct rscopy_job;
struct str;

struct rscopy_table {
	int64_t oid;
	char *schema;
	char *name;
	VEC(struct rscopy_column); /* those the file fills, in its order */
};

/* explicit_ids: identity columns are in the file too. */
bool rscopy_table_find(struct rscopy_job *job,
		       const struct copy_statement *statement,
		       bool explicit_ids, struct rscopy_table *out);
void rscopy_table_done(struct rscopy_table *table);

/* Appends COPY "schema"."table" ("a", "b") FROM STDIN. */
void rscopy_table_add_copy(const struct rscopy_table *table, struct str *out);

#endif
