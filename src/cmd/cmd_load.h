/* cmd/cmd_load.h - \copyfrom: the command in front of load/copyfrom. */
#ifndef CMD_CMD_LOAD_H
#define CMD_CMD_LOAD_H

#include "shell/command.h"

extern const struct command cmd_load_table[];

#endif
