/* sandbox/copy/rscopy_json.h - JSON files of COPY: objects in a row.
 *
 * Objects or arrays follow one another with nothing but white space between,
 * and may span lines. The splitter looks like data/csv's: a record is one
 * whole object in raw, with no field of its own.
 */
#ifndef SANDBOX_COPY_RSCOPY_JSON_H
#define SANDBOX_COPY_RSCOPY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/csv.h"

struct rscopy_json;

struct rscopy_json *rscopy_json_new(int64_t skip_lines);
void rscopy_json_free(struct rscopy_json *json);
CLEANUP_FREE(struct rscopy_json, rscopy_json_free, rscopy_json_freep)
void rscopy_json_feed(struct rscopy_json *json, const char *bytes, size_t len);
void rscopy_json_end(struct rscopy_json *json);

/* CSV_BAD: something that is no object, up to its line's end, or an object
 * that never ends. The record is borrowed until the next call. */
enum csv_step rscopy_json_next(struct rscopy_json *json,
			       const struct csv_record **out_record);

#endif
