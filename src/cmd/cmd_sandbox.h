/* cmd/cmd_sandbox.h - the local sandbox: \sandbox. */
#ifndef CMD_CMD_SANDBOX_H
#define CMD_CMD_SANDBOX_H

#include "shell/command.h"

extern const struct command cmd_sandbox_table[];

#endif
