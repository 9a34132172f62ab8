/* sandbox/copy/rscopy_manifest.h - the list of its files that UNLOAD writes.
 *
 * [r_UNLOAD, MANIFEST and MANIFEST VERBOSE]
 */
#ifndef SANDBOX_COPY_RSCOPY_MANIFEST_H
#define SANDBOX_COPY_RSCOPY_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct rscopy_output;
struct rscopy_result_columns;

struct rscopy_manifest {
	const char *bucket;
	const char *key;
	const char *headers; /* of the object: lines */
	bool verbose; /* columns, counts and sizes too */
	int64_t rows;
	const struct rscopy_output *output; /* ended */
	const struct rscopy_result_columns *columns;
};

bool rscopy_manifest_write(const struct rscopy_manifest *manifest,
			   struct err *err);

#endif
