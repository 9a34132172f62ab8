/* shell/sandbox.h - starting and joining a sandbox by its own program. */
#ifndef SHELL_SANDBOX_H
#define SHELL_SANDBOX_H

#include <stdbool.h>

#include "base/err.h"

struct session;
struct str;

/* Runs "redsh-sandbox start" (which does nothing when it runs already) and
 * takes the environment that "redsh-sandbox env" prints into our own, so that
 * libpq and the AWS side find it. Of KAGGLE_API_ENDPOINT and of Kaggle's keys
 * those that are set stay. dir NULL: the program's default. */
bool sandbox_join(const char *dir, struct session *session, struct err *err);

/* Runs "redsh-sandbox VERB [--dir DIR]"; appends what it prints. */
bool sandbox_run(const char *verb, const char *dir, struct str *out,
		 struct err *err);

#endif
