/* cmd/cmd_format.h - how tables look: \pset and its short forms. */
#ifndef CMD_CMD_FORMAT_H
#define CMD_CMD_FORMAT_H

#include "shell/command.h"

extern const struct command cmd_format_table[];

#endif
