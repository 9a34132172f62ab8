/* cmd/cmd_saved.h - \connections: connections with a name. */
#ifndef CMD_CMD_SAVED_H
#define CMD_CMD_SAVED_H

#include "shell/command.h"

extern const struct command cmd_saved_table[];

#endif
