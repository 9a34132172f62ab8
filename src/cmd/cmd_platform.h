/* cmd/cmd_platform.h - \platform: the sales platform on AWS as one stack. */
#ifndef CMD_CMD_PLATFORM_H
#define CMD_CMD_PLATFORM_H

#include "shell/command.h"

extern const struct command cmd_platform_table[];

#endif
