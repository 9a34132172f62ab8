/* cmd/s3_du.h - \s3du: how many objects and bytes, in all and by folder. */
#ifndef CMD_S3_DU_H
#define CMD_S3_DU_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_du_run(struct session *session, const struct args *args,
	       struct err *err);

#endif
