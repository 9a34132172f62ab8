/* cmd/cmd_transfer.h - \s3put and \s3get: files between here and S3. */
#ifndef CMD_CMD_TRANSFER_H
#define CMD_CMD_TRANSFER_H

#include "shell/command.h"

extern const struct command cmd_transfer_table[];

#endif
