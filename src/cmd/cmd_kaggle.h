/* cmd/cmd_kaggle.h - \kaggle: data sets found, listed and fetched. */
#ifndef CMD_CMD_KAGGLE_H
#define CMD_CMD_KAGGLE_H

#include "shell/command.h"

extern const struct command cmd_kaggle_table[];

#endif
