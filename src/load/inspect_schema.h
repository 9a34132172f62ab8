/* load/inspect_schema.h - columns and rows of a file that tells them itself:
 * Parquet, ORC and Avro.
 */
#ifndef LOAD_INSPECT_SCHEMA_H
#define LOAD_INSPECT_SCHEMA_H

#include <stdbool.h>

#include "base/err.h"

struct inspect_source;
struct inspection;

/* Fills infer, records and whole, by sniff.kind. false with an empty err: the
 * kind tells nothing. ERR_DATA: damaged. */
bool inspect_schema(struct inspection *out, const struct inspect_source *source,
		    struct err *err);

#endif
