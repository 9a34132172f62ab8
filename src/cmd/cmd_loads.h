/* cmd/cmd_loads.h - \loads, \unloads, \copyjobs: what was loaded and unloaded,
 * as rows of the server's views. */
#ifndef CMD_CMD_LOADS_H
#define CMD_CMD_LOADS_H

#include "shell/command.h"

extern const struct command cmd_loads_table[];

#endif
