/* cmd/s3_copy.h - \s3cp and \s3mv: objects from one place in S3 to another. */
#ifndef CMD_S3_COPY_H
#define CMD_S3_COPY_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

/* Their arguments: "FROM... TO", -r, --dry-run, --part-size, S3_ARGS_NEW and
 * S3_ARGS_ACCESS. */
bool s3_copy_cp(struct session *session, const struct args *args,
		struct err *err);
bool s3_copy_mv(struct session *session, const struct args *args,
		struct err *err);

#endif
