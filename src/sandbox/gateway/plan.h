/* sandbox/gateway/plan.h - one statement of a client and what is to be done
 * for it.
 *
 * sandbox/rewrite/rewrite decides; settings are turned into SQL here by the
 * table of sandbox/gateway/pgparam, so that they follow PostgreSQL's
 * transactions.
 */
#ifndef SANDBOX_GATEWAY_PLAN_H
#define SANDBOX_GATEWAY_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sandbox/rewrite/rewrite.h"

struct client;

struct plan {
	char *text; /* the client's statement */
	size_t len;
	int base;                   /* characters of the message before text */
	struct rewrite_input input; /* sql is text */
	struct rewrite_result result;
	struct str sql;  /* for PostgreSQL; "" nothing to send */
	const char *tag; /* instead of PostgreSQL's; NULL: its own */
	struct str bytes; /* columns of answer_row, once described */
	bool local;      /* the gateway runs it: PostgreSQL cannot
				 * prepare it as one statement */
};

#define PLAN_MAX_BYTES (16 * 1024 * 1024)

/* 16 MB, in the words and with the SQLSTATE that users report. */
bool plan_check_size(size_t len, struct err *err);

/* NULL: refused (INFO lines about it are in client->stream.out); err.code is
 * the SQLSTATE, *out_position (1-based character
 * in text, 0: none) where. */
struct plan *plan_make(struct client *client, const char *text, size_t len,
		       bool extended, int *out_position, struct err *err);
void plan_free(struct plan *plan); /* NULL is fine */
CLEANUP_FREE(struct plan, plan_free, plan_freep)

#endif
