/* cmd/s3_find.h - \s3find: objects by name, size, age and class. */
#ifndef CMD_S3_FIND_H
#define CMD_S3_FIND_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_find_run(struct session *session, const struct args *args,
		 struct err *err);

#endif
