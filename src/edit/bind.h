/* edit/bind.h - our own commands of Readline, and the keys they are on.
 *
 * Each has a name that inputrc may bind ("redsh-accept"). A key gets ours
 * only where it still has Readline's own, so what inputrc says stays. In the
 * plain way each does what Readline's would.
 */
#ifndef EDIT_BIND_H
#define EDIT_BIND_H

#include <stddef.h>

struct bind_command {
	const char *name;
	int (*run)(int count, int key);
	const char *keys; /* as people write them; NULL: none they press */
	const char *brief;
};

extern const struct bind_command bind_commands[]; /* name NULL at the end */

/* Before rl_initialize, so that inputrc may name them. */
void bind_names(void);

/* After it. */
void bind_keys(void);

/* After each rl_prep_terminal, which gives the terminal's own key for cutting
 * a line back to Readline. */
void bind_again(void);

#endif
