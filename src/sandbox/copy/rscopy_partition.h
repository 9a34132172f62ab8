/* sandbox/copy/rscopy_partition.h - PARTITION BY of UNLOAD: folders by value.
 *
 * Hive's layout: a=1/b=x/. A NULL goes to __HIVE_DEFAULT_PARTITION__, bytes
 * that a folder's name cannot hold are written %XX as Hive does.
 */
#ifndef SANDBOX_COPY_RSCOPY_PARTITION_H
#define SANDBOX_COPY_RSCOPY_PARTITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct rscopy_job;
struct rscopy_result_columns;
struct rscopy_unload_format;
struct rscopy_value;
struct str;

/* Numbers of the key columns in the result; starts as { 0 }. */
struct rscopy_partition {
	VEC(size_t);
};

/* keys as copy_parse gives them: "a,b" or "a,b INCLUDE"; NULL: none. Also
 * chooses the columns of the files. */
bool rscopy_partition_read(struct rscopy_job *job,
			   struct rscopy_partition *partition, const char *keys,
			   const struct rscopy_result_columns *columns,
			   struct rscopy_unload_format *format);

/* Appends the path of a row's partition, with a / at its end. */
void rscopy_partition_path(const struct rscopy_partition *partition,
			   const struct rscopy_result_columns *columns,
			   const struct rscopy_value *values, struct str *out);

#endif
