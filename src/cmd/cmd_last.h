/* cmd/cmd_last.h - \last: the last result again, in another format. */
#ifndef CMD_CMD_LAST_H
#define CMD_CMD_LAST_H

#include "shell/command.h"

extern const struct command cmd_last_table[];

#endif
