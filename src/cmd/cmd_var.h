/* cmd/cmd_var.h - variables: \set, \unset, \prompt, \getenv, \setenv. */
#ifndef CMD_CMD_VAR_H
#define CMD_CMD_VAR_H

#include "shell/command.h"

extern const struct command cmd_var_table[];

#endif
