/* shell/explain.h - what redsh adds below an error of COPY, and the cure that
 * it offers to a person. */
#ifndef SHELL_EXPLAIN_H
#define SHELL_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "load/load_explain.h"

struct copy_args;
struct load_error_hooks;
struct session;

/* Of a session; starts as EXPLAIN_START. */
struct explain {
	const struct copy_args *copyfrom; /* \copyfrom at work; NULL: none */
	bool in_block;		/* ... which began in the person's block */
	struct str passed;	/* its COPY that let lines pass, in a block */
	struct load_offer offer; /* of the COPY that failed last */
};

#define EXPLAIN_START                                                          \
	{                                                                      \
		.passed = STR_EMPTY, .offer = LOAD_OFFER_EMPTY                 \
	}

void explain_done(struct explain *explain);

/* What load/load_explain needs of the session. */
void explain_hooks(struct session *session, struct load_error_hooks *out);

/* After a statement that failed and was shown: when the server sends people
 * to its table of load errors, shows what stands there with the line itself
 * and the cure. Sends nothing inside an aborted block. */
void explain_failure(struct session *session, const char *sql,
		     int64_t took_us);

/* After a statement that succeeded: what MAXERROR let pass. */
void explain_passed(struct session *session, const char *sql);

/* At a prompt: asks whether the cure shown last shall be run, and runs it.
 * false: there was none, the answer was no, or it failed. */
bool explain_offer(struct session *session);

/* Around \copyfrom, whose line the cures repeat. */
void explain_copyfrom_begin(struct session *session,
			    const struct copy_args *args);
void explain_copyfrom_end(struct session *session);

/* Shows lines about loads as the messages are shown. */
void explain_show(struct session *session, const char *text);

#endif
