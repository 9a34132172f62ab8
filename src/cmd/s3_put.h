/* cmd/s3_put.h - the handler of \s3put: local files to S3. */
#ifndef CMD_S3_PUT_H
#define CMD_S3_PUT_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_put_run(struct session *session, const struct args *args,
		struct err *err);

#endif
