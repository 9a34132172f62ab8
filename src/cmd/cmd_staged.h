/* cmd/cmd_staged.h - \staged: what of ours waits in S3, and away with it. */
#ifndef CMD_CMD_STAGED_H
#define CMD_CMD_STAGED_H

#include "shell/command.h"

extern const struct command cmd_staged_table[];

#endif
