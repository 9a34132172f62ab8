/* cmd/cmd_loaderrors.h - \loaderrors: what COPY could not load, and why. */
#ifndef CMD_CMD_LOADERRORS_H
#define CMD_CMD_LOADERRORS_H

#include "shell/command.h"

extern const struct command cmd_loaderrors_table[];

#endif
