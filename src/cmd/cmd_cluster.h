/* cmd/cmd_cluster.h - \warehouses: clusters and workgroups of the account. */
#ifndef CMD_CMD_CLUSTER_H
#define CMD_CMD_CLUSTER_H

#include "shell/command.h"

extern const struct command cmd_cluster_table[];

#endif
