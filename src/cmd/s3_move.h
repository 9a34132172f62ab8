/* cmd/s3_move.h - handlers that change things within S3: \s3cp, \s3rm.
 * Their rows stand in cmd/cmd_s3. */
#ifndef CMD_S3_MOVE_H
#define CMD_S3_MOVE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_move_cp(struct session *session, const struct args *args,
		struct err *err);
bool s3_move_rm(struct session *session, const struct args *args,
		struct err *err);

#endif
