/* cmd/cmd_aws.h - \aws and \sso: who am I at AWS, and as whom. */
#ifndef CMD_CMD_AWS_H
#define CMD_CMD_AWS_H

#include "shell/command.h"

extern const struct command cmd_aws_table[];

#endif
