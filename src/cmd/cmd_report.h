/* cmd/cmd_report.h - \report: a SQL file as an HTML page, and as PDF. */
#ifndef CMD_CMD_REPORT_H
#define CMD_CMD_REPORT_H

#include "shell/command.h"

extern const struct command cmd_report_table[];

#endif
