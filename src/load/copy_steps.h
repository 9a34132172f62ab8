/* load/copy_steps.h - the statements of a \copyfrom, in their order.
 *
 * What --create and --replace need is one transaction of ours with the COPY;
 * inside the person's own block BEGIN, COMMIT and ROLLBACK are never sent.
 */
#ifndef LOAD_COPY_STEPS_H
#define LOAD_COPY_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

struct copyfrom;
struct secret;
struct str;

enum copy_step_kind {
	COPY_STEP_BEGIN,
	COPY_STEP_TABLE, /* what comes before the load: CREATE, DELETE */
	COPY_STEP_LOAD,	 /* the COPY itself */
	COPY_STEP_AFTER, /* of the same transaction */
	COPY_STEP_COMMIT,
};

struct copy_step {
	enum copy_step_kind kind;
	char *sql; /* may hold keys: wiped */
};

struct copy_steps { VEC(struct copy_step); };

void copy_steps_done(struct copy_steps *steps);

/* Fills copy->steps from the source, the table and the arguments. */
bool copy_steps_plan(struct copyfrom *copy, struct err *err);

/* Is a block of the person's open? */
bool copy_steps_in_block(const struct copyfrom *copy);

/* The COPY among them. */
const char *copy_steps_load_sql(const struct copyfrom *copy);

/* Appends them as they will be sent, each ended by a semicolon and a line
 * end. */
void copy_steps_add_text(const struct copyfrom *copy, struct str *out);

/* Tells them, keys left out. */
void copy_steps_show(const struct copyfrom *copy);

/* Of a statement that failed: false: no SQLSTATE, or one of class 08 or of a
 * server that goes down, so its answer never came. */
bool copy_steps_is_final(const struct err *err);

/* Runs them; what is ours is rolled back on failure. Sets copy->answer and
 * copy->run_us. */
bool copy_steps_run(struct copyfrom *copy, struct err *err);

#endif
