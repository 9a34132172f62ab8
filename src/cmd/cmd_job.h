/* cmd/cmd_job.h - commands behind the prompt: \jobs, \fg, \wait. */
#ifndef CMD_CMD_JOB_H
#define CMD_CMD_JOB_H

#include "shell/command.h"

extern const struct command cmd_job_table[];

#endif
