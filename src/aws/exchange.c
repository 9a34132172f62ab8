#include "aws/exchange.h"

#include <stdint.h>

#include "aws/cred.h"
#include "base/cancel.h"
#include "base/mem.h"
#include "data/hash.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/retry.h"

enum { TURN_MS = 50 };

struct wait {
	bool ended;
	bool late;
	struct err err;
};

static void ended(struct http *http, const struct err *err)
{
	struct wait *wait = http->context;

	wait->ended = true;
	wait->err = *err;
}

static void too_late(void *context)
{
	((struct wait *)context)->late = true;
}

static bool stopped(const struct cred_ask *ask, struct err *err)
{
	if (ask->stop == NULL)
		return !cancel_check(err);
	if (!atomic_load(ask->stop))
		return false;
	err_set(err, ERR_CANCELLED, "cancelled");
	return true;
}

static bool pause(const struct cred_ask *ask, struct loop *loop, int64_t ms,
		  struct err *err)
{
	struct wait wait = { 0 };
	int64_t timer = loop_after(loop, ms, too_late, &wait);

	while (!wait.late && !stopped(ask, err))
		loop_turn(loop, TURN_MS);
	loop_forget(loop, timer);
	return wait.late;
}

static bool try_once(const struct cred_ask *ask, const struct exchange *how,
		     struct loop *loop, struct http *http, struct err *err)
{
	struct wait wait = { .err = ERR_EMPTY };
	int64_t timer = loop_after(loop, how->timeout_ms, too_late, &wait);

	http->context = &wait;
	http_start(http, loop);
	while (!wait.ended && !wait.late && !stopped(ask, &wait.err))
		loop_turn(loop, TURN_MS);
	loop_forget(loop, timer);
	http_stop(http);
	if (wait.ended && wait.err.kind == ERR_NONE)
		return true;
	if (wait.late && !wait.ended) {
		err_set(&wait.err, ERR_NETWORK, "%s: no answer in %d ms",
			http->url, how->timeout_ms);
		err_set_code(&wait.err, EXCHANGE_LATE);
		wait.err.retry = true;
	}
	if (err != NULL)
		*err = wait.err;
	return false;
}

static bool is_worth_another(const struct http *http, bool came,
			     const struct err *err)
{
	if (!came)
		return err->retry;
	return http->reply.status >= 500 || http->reply.status == 429;
}

bool exchange_run(const struct cred_ask *ask, const struct exchange *how,
		  struct http *http, struct err *err)
{
	CLEANUP(loop_freep) struct loop *loop = loop_new(err);
	struct err failed = ERR_EMPTY;
	bool came = false;

	if (loop == NULL)
		return false;
	http->ca_file = ask->ca_file;
	http->direct = how->direct;
	http->done = ended;
	/* A little less, to tell "nobody there" from "no answer". */
	if (how->timeout_ms < http->connect_timeout_ms)
		http->connect_timeout_ms = how->timeout_ms * 9 / 10;
	for (int attempt = 1;; attempt++) {
		uint32_t random;
		int64_t pause_ms = how->pause_ms;

		err_clear(&failed);
		came = try_once(ask, how, loop, http, &failed);
		if (attempt >= how->attempts ||
		    !is_worth_another(http, came, &failed))
			break;
		hash_random(&random, sizeof(random));
		if (pause_ms == 0)
			pause_ms = retry_delay_ms(RETRY_TRANSIENT, attempt + 1,
						  random);
		if (!pause(ask, loop, pause_ms, &failed)) {
			came = false;
			break;
		}
	}
	if (!came && err != NULL)
		*err = failed;
	return came;
}
