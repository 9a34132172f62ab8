/* cmd/cmd_file.h - files, echo and the operating system: \i, \o, \echo, \cd, \!. */
#ifndef CMD_CMD_FILE_H
#define CMD_CMD_FILE_H

#include "shell/command.h"

extern const struct command cmd_file_table[];

#endif
