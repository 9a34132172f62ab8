/* cmd/describe.h - \d NAME: one relation with its columns and keys.
 */
#ifndef CMD_DESCRIBE_H
#define CMD_DESCRIBE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

/* \d PATTERN: every relation that matches; an error in psql's words when none
 * does. + in args: comments and definitions too, x: expanded. */
enum describe_which {
	DESCRIBE_ANY,
	DESCRIBE_EXTERNAL, /* external tables alone: \de NAME, as RSQL has it */
};
bool describe_relations(struct session *session, const struct args *args,
			enum describe_which which, struct err *err);

#endif
