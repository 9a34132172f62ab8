/* cmd/s3_read.h - handlers that only read: \s3head, \s3cat.
 * Their rows stand in cmd/cmd_s3. */
#ifndef CMD_S3_READ_H
#define CMD_S3_READ_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_read_head(struct session *session, const struct args *args,
		  struct err *err);
bool s3_read_cat(struct session *session, const struct args *args,
		 struct err *err);

#endif
