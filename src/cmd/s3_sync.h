/* cmd/s3_sync.h - the handler of \s3sync: one tree made like another. */
#ifndef CMD_S3_SYNC_H
#define CMD_S3_SYNC_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_sync_run(struct session *session, const struct args *args,
		 struct err *err);

#endif
