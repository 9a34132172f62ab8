/* cmd/cmd_copy.h - \copy: COPY with the client's files; on Redshift TO alone. */
#ifndef CMD_CMD_COPY_H
#define CMD_CMD_COPY_H

#include "shell/command.h"

extern const struct command cmd_copy_table[];

#endif
