/* cmd/cmd_chart.h - \chart: a result as a picture. */
#ifndef CMD_CMD_CHART_H
#define CMD_CMD_CHART_H

#include "shell/command.h"

extern const struct command cmd_chart_table[];

#endif
