/* cmd/cmd_s3_change.h - the \s3.. commands that change what is in S3, and
 * links to it. */
#ifndef CMD_CMD_S3_CHANGE_H
#define CMD_CMD_S3_CHANGE_H

#include "shell/command.h"

extern const struct command cmd_s3_change_table[];

#endif
