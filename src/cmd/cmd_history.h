/* cmd/cmd_history.h - \history: what was typed, as rows. */
#ifndef CMD_CMD_HISTORY_H
#define CMD_CMD_HISTORY_H

#include "shell/command.h"

extern const struct command cmd_history_table[];

#endif
