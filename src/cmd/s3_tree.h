/* cmd/s3_tree.h - \s3tree: folders and objects below a place, as a tree. */
#ifndef CMD_S3_TREE_H
#define CMD_S3_TREE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool s3_tree_run(struct session *session, const struct args *args,
		 struct err *err);

#endif
