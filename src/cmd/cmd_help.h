/* cmd/cmd_help.h - \?, \h, \copyright. */
#ifndef CMD_CMD_HELP_H
#define CMD_CMD_HELP_H

#include "shell/command.h"

extern const struct command cmd_help_table[];

#endif
