/* cmd/cmd_unload.h - \copyto: the command in front of load/unloadto. */
#ifndef CMD_CMD_UNLOAD_H
#define CMD_CMD_UNLOAD_H

#include "shell/command.h"

extern const struct command cmd_unload_table[];

#endif
