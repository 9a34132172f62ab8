/* cmd/cmd_connect.h - connections: \c, \conninfo, \encoding, \password. */
#ifndef CMD_CMD_CONNECT_H
#define CMD_CMD_CONNECT_H

#include "shell/command.h"

extern const struct command cmd_connect_table[];

#endif
