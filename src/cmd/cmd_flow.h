/* cmd/cmd_flow.h - \if and its family, \q, \watch. */
#ifndef CMD_CMD_FLOW_H
#define CMD_CMD_FLOW_H

#include "shell/command.h"

extern const struct command cmd_flow_table[];

#endif
