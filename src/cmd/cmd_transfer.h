/* cmd/cmd_transfer.h - \s3put, \s3get, \s3sync: files between here and S3. */
#ifndef CMD_CMD_TRANSFER_H
#define CMD_CMD_TRANSFER_H

#include "shell/command.h"

extern const struct command cmd_transfer_table[];

#endif
