/* cmd/cmd_catalog.h - \refresh: read the server's catalog for Tab again.
 */
#ifndef CMD_CMD_CATALOG_H
#define CMD_CMD_CATALOG_H

#include "shell/command.h"

extern const struct command cmd_catalog_table[];

#endif
