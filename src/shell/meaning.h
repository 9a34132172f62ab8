/* shell/meaning.h - the variables that steer the shell, one row each. */
#ifndef SHELL_MEANING_H
#define SHELL_MEANING_H

#include "shell/var.h"

/* The context of the hooks is the session. */
extern const struct var_hook meaning_table[];

#endif
