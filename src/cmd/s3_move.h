/* cmd/s3_move.h - handlers that change things: \s3put, \s3get, \s3cp, \s3rm.
 * Their rows stand in cmd/cmd_s3. */
#ifndef CMD_S3_MOVE_H
#define CMD_S3_MOVE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct aws;
struct s3_match;
struct session;

bool s3_move_put(struct session *session, const struct args *args,
		 struct err *err);
bool s3_move_get(struct session *session, const struct args *args,
		 struct err *err);
bool s3_move_cp(struct session *session, const struct args *args,
		struct err *err);
bool s3_move_rm(struct session *session, const struct args *args,
		struct err *err);

/* Forgets what Tab knows of the folder a key stands in. */
void s3_move_forget(struct aws *aws, const char *bucket, const char *key);

#endif
