/* cmd/s3_remove.h - \s3rm and \s3rb: what takes things away asks first. */
#ifndef CMD_S3_REMOVE_H
#define CMD_S3_REMOVE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

/* Arguments URI..., -r, --versions, --yes, --dry-run, S3_ARGS_ACCESS. */
bool s3_remove_rm(struct session *session, const struct args *args,
		  struct err *err);

/* Arguments URI, --force, --yes, --dry-run, S3_ARGS_ACCESS. */
bool s3_remove_rb(struct session *session, const struct args *args,
		  struct err *err);

/* All objects of a bucket with all their versions, without a question. True as
 * well when there is no such bucket. */
bool s3_remove_contents(struct session *session, const char *bucket,
			struct err *err);

#endif
