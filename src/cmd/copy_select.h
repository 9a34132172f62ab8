/* cmd/copy_select.h - \copy ... TO on Redshift: the rows of a SELECT written
 * here as COPY writes them.
 *
 * They come through the leader node, one after the other and in flat memory.
 * \copyto --download goes by way of S3, which is faster for many.
 */
#ifndef CMD_COPY_SELECT_H
#define CMD_COPY_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct copy_format;
struct copy_line;
struct session;
struct sink;

/* *out_rows: how many. false: failures of the server are shown and err is
 * marked so. */
bool copy_select_run(struct session *session, const struct copy_line *line,
		     const struct copy_format *format, struct sink *to,
		     int64_t *out_rows, struct err *err);

#endif
