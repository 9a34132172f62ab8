/* sandbox/rscopy_json.h - JSON files of COPY: objects in a row, and their
 * members as fields.
 *
 * Objects or arrays follow one another with nothing but white space between,
 * and may span lines. The splitter looks like data/csv's: a record is one
 * whole object in raw, with no field of its own.
 */
#ifndef SANDBOX_RSCOPY_JSON_H
#define SANDBOX_RSCOPY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/csv.h"

struct rscopy_column;
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

/* The fields of one object for columns[0 .. count), by name; reused. */
struct rscopy_json_fields {
	VEC(struct csv_field);
	struct {
		VEC(struct str);
	} texts; /* of the fields, one each */
};

/* A field of text NULL is an SQL null: JSON's null, or no such member.
 * false: the record is no JSON object. */
bool rscopy_json_read(struct rscopy_json_fields *fields,
		      const struct csv_record *record,
		      const struct rscopy_column *columns, size_t count,
		      bool ignore_case);
void rscopy_json_fields_done(struct rscopy_json_fields *fields);

#endif
