/* cmd/s3_stat.h - \s3stat: all that S3 says of an object or a bucket. */
#ifndef CMD_S3_STAT_H
#define CMD_S3_STAT_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_stat_run(struct session *session, const struct args *args,
		 struct err *err);

#endif
