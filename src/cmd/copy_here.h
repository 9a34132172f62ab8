/* cmd/copy_here.h - \copy ... FROM on Redshift: by way of S3, as \copyfrom.
 *
 * With psql's syntax and psql's meaning: the options say the format, nothing
 * is guessed or asked.
 */
#ifndef CMD_COPY_HERE_H
#define CMD_COPY_HERE_H

#include <stdbool.h>

#include "base/err.h"

struct copy_line;
struct session;

bool copy_here_run(struct session *session, const struct copy_line *line,
		   struct err *err);

#endif
