/* cmd/cmd_s3.h - the \s3... commands: S3 looked at and changed. */
#ifndef CMD_CMD_S3_H
#define CMD_CMD_S3_H

#include "shell/command.h"

extern const struct command cmd_s3_table[];

#endif
