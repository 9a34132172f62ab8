/* cmd/cmd_source.h - functions and views as text: \sf, \sv, \ef, \ev. */
#ifndef CMD_CMD_SOURCE_H
#define CMD_CMD_SOURCE_H

#include "shell/command.h"

extern const struct command cmd_source_table[];

#endif
