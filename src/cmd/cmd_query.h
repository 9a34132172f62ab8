/* cmd/cmd_query.h - the query buffer and how it is sent: \g and its kin, \p, \r, \e, \w. */
#ifndef CMD_CMD_QUERY_H
#define CMD_CMD_QUERY_H

#include "shell/command.h"

extern const struct command cmd_query_table[];

#endif
