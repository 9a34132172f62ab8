/* cmd/cmd_describe.h - \d and its family: what the database holds.
 *
 * Everything that begins with \d is theirs. The answers come from Redshift's
 * documented views and the catalog it shares with PostgreSQL 8.0, in one
 * query each, on the person's own connection.
 */
#ifndef CMD_CMD_DESCRIBE_H
#define CMD_CMD_DESCRIBE_H

#include "shell/command.h"

extern const struct command cmd_describe_table[];

#endif
