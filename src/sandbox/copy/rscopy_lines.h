/* sandbox/copy/rscopy_lines.h - the records of COPY's files as rows.
 *
 * A record is cut into fields by the shape of the plan, each field converted
 * for its column, the row appended to load->out; what cannot be loaded is
 * refused with its code of r_Load_Error_Reference.
 */
#ifndef SANDBOX_COPY_RSCOPY_LINES_H
#define SANDBOX_COPY_RSCOPY_LINES_H

#include <stdbool.h>

#include "sandbox/copy/rscopy_reader.h"

struct csv_record;
struct rscopy_loading;

/* FIXEDWIDTH and JSON must fit the table; reads JSONPaths. */
bool rscopy_lines_prepare(struct rscopy_loading *load);

/* false: the load has failed. */
bool rscopy_lines_take(struct rscopy_loading *load,
		       const struct csv_record *record,
		       enum rscopy_fault fault);

#endif
