/* load/access_rule.h - what is wrong with an access, from the facts of
 * load/access: one row a check, each with its message. Pure.
 */
#ifndef LOAD_ACCESS_RULE_H
#define LOAD_ACCESS_RULE_H

#include <stdbool.h>

#include "base/str.h"
#include "base/vec.h"

struct access_facts;

enum access_weight {
	ACCESS_FINE,
	ACCESS_WARNS,	/* it may fail: not all could be seen */
	ACCESS_STOPS,	/* the server will refuse it */
};

struct access_finding {
	enum access_weight weight;
	const char *name;	/* of the row */
	char *what;		/* what and why, one line */
	char *next;		/* what to type or paste; lines, or "" */
};

struct access_findings { VEC(struct access_finding); };

void access_findings_done(struct access_findings *findings);

/* Appends the findings in the order of the rows. */
void access_judge(const struct access_facts *facts,
		  struct access_findings *out);

/* Appends what was looked at and is in order, in one line: "role RedshiftCopy
 * is attached, trusted, may list and read"; nothing when nothing was seen. */
void access_add_good(const struct access_facts *facts, struct str *out);

#endif
