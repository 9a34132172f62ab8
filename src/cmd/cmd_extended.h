/* cmd/cmd_extended.h - the extended protocol: \bind, \parse, pipelines. */
#ifndef CMD_CMD_EXTENDED_H
#define CMD_CMD_EXTENDED_H

#include "shell/command.h"

extern const struct command cmd_extended_table[];

#endif
