/* aws/call_state.h - what a call needs while it is under way; for call*.c. */
#ifndef AWS_CALL_STATE_H
#define AWS_CALL_STATE_H

#include "aws/call.h"
#include "base/vec.h"
#include "net/pace.h"
#include "net/retry.h"

/* What the calls to one service share. */
struct call_lane {
	struct pace pace;
	struct retry_tokens tokens;
	struct {
		VEC(struct call *);
	} waiting;		/* for pace, first come first */
};

struct call_state {
	struct call_core *core;
	struct call_lane *lane;
	struct http *http;
	int64_t timer;
	bool waits_for_cred;
	bool waits_in_lane;
	bool entered;		/* counts as under way in lane */

	int attempt;		/* 1 is the first */
	int owed;		/* tokens the last retry took */
	int redirects;
	bool did_clock;		/* each is tried once */
	bool did_cred;
	bool did_once;
	bool did_probe;
	struct call *probe;	/* HeadBucket that asks for the region */

	char learned[64];	/* region a reply named; "": none did */
	struct str base;	/* of a redirect: "https://host" */
	struct str host;
	struct str path;	/* decoded */

	char region[64];	/* this try is signed for */
	char key_id[128];	/* ... with */
	int64_t moved;		/* bytes of this try told by call->moved */
	bool counts;		/* reply_sum has been started */
};

void call_reply_done(struct http_reply *reply);
void call_try(void *context);		/* a timer's run: one more try */
void call_give_up(struct call *call);	/* call->err is what went wrong */

/* --- call_retry.c --- */

/* After a reply that is not ok: true when another try is on its way. status
 * 0: no reply came. */
bool call_try_again(struct call *call, int status, const struct str *region);

/* Adds tries and request id to an error that is final. */
void call_tell_tries(struct call *call);

#endif
