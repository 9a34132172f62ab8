/* cmd/table.h - all families of meta-commands. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include "shell/command.h"

extern const struct command *const cmd_tables[]; /* ends with NULL */

#endif
