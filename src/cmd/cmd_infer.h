/* cmd/cmd_infer.h - \infer: what a file holds, and how it is loaded. */
#ifndef CMD_CMD_INFER_H
#define CMD_CMD_INFER_H

#include "shell/command.h"

extern const struct command cmd_infer_table[];

#endif
