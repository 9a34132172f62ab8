/* cmd/cmd_quicksight.h - \quicksight: queries as dashboards. */
#ifndef CMD_CMD_QUICKSIGHT_H
#define CMD_CMD_QUICKSIGHT_H

#include "shell/command.h"

extern const struct command cmd_quicksight_table[];

#endif
