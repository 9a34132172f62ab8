/* cmd/s3_get.h - the handler of \s3get: objects to local files. */
#ifndef CMD_S3_GET_H
#define CMD_S3_GET_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_get_run(struct session *session, const struct args *args,
		struct err *err);

#endif
