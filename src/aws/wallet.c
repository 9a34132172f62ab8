#include "aws/wallet.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "aws/imds.h"
#include "aws/profile.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "base/nocore.h"
#include "base/vec.h"
#include "net/loop.h"

enum {
	ADVISORY_MS = 15 * 60 * 1000, /* renew in the background */
	PAUSE_MS = 60 * 1000,         /* between such tries */
};

struct waiter {
	void (*wake)(void *context, const struct err *err);
	void *context;
};

/* One walk of the chain; belongs to its thread until it lies in the inbox. */
struct fetch {
	struct wallet_setup setup;
	struct mailbox *inbox;
	struct secret code;
	int64_t skew_ms;
	atomic_bool stop;
	pthread_t thread;
	struct cred cred;
	struct str region; /* of the instance, "" */
	bool ok;
	struct err err;
};

struct wallet {
	struct loop *loop;
	struct wallet_setup setup;
	char *profile;
	struct mailbox *inbox; /* struct fetch * */
	struct fetch *fetch;   /* under way; NULL: none */
	struct cred cred;
	struct str region;
	bool known;
	int64_t tried_us; /* the last fetch began; monotonic */
	struct secret code;
	struct {
		VEC(struct waiter);
	} waiters;
};

static void fetch_free(struct fetch *fetch)
{
	if (fetch == NULL)
		return;
	secret_done(&fetch->code);
	cred_done(&fetch->cred);
	str_done(&fetch->region);
	mem_free(fetch);
}

/* --- in the helper thread --- */

static bool walk_chain(struct fetch *fetch)
{
	CLEANUP(profile_freep)
	struct profile *profile =
		profile_open(fetch->setup.profile, &fetch->err);
	struct cred_ask ask = {
		.profile = profile,
		.endpoints = fetch->setup.endpoints,
		.region = fetch->setup.region,
		.ca_file = fetch->setup.ca_file,
		.stop = &fetch->stop,
		.skew_ms = fetch->skew_ms,
	};

	if (profile == NULL)
		return false;
	if (secret_is_set(&fetch->code))
		ask.code = secret_text(&fetch->code);
	if (!cred_find(&ask, &fetch->cred, &fetch->err))
		return false;
	if (ask.region[0] == '\0' &&
	    strcmp(fetch->cred.provider, CRED_INSTANCE) == 0)
		imds_region(&ask, &fetch->region);
	return true;
}

static void *run_fetch(void *context)
{
	struct fetch *fetch = context;

	fetch->ok = walk_chain(fetch);
	mailbox_post(fetch->inbox, fetch);
	return NULL;
}

/* --- in the AWS thread --- */

static void wake_all(struct wallet *wallet, const struct err *err)
{
	/* Who is woken may ask again, or forget others. */
	size_t count = wallet->waiters.count;

	while (count-- > 0 && wallet->waiters.count > 0) {
		struct waiter waiter = wallet->waiters.items[0];

		vec_remove(&wallet->waiters, 0);
		waiter.wake(waiter.context, err);
	}
}

static void take_cred(struct wallet *wallet, struct fetch *fetch)
{
	nocore_set();
	cred_done(&wallet->cred);
	wallet->cred = fetch->cred;
	fetch->cred = (struct cred)CRED_EMPTY;
	str_set(&wallet->region, fetch->region.text);
	wallet->known = true;
	log_debug(LOG_AWS, "credentials from %s: %s", wallet->cred.provider,
		  wallet->cred.access_key_id.text);
}

static void take_fetch(void *context)
{
	struct wallet *wallet = context;
	struct fetch *fetch = mailbox_take(wallet->inbox);

	if (fetch == NULL)
		return;
	pthread_join(fetch->thread, NULL);
	wallet->fetch = NULL;
	if (fetch->ok) {
		take_cred(wallet, fetch);
		wake_all(wallet, NULL);
	} else {
		log_debug(LOG_AWS, "no credentials: %s", fetch->err.message);
		wake_all(wallet, &fetch->err);
	}
	fetch_free(fetch);
}

static bool start_fetch(struct wallet *wallet, int64_t skew_ms,
			struct err *err)
{
	struct fetch *fetch = mem_alloc(sizeof(*fetch));
	sigset_t all, old;
	int failed;

	fetch->setup = wallet->setup;
	fetch->inbox = wallet->inbox;
	fetch->skew_ms = skew_ms;
	fetch->cred = (struct cred)CRED_EMPTY;
	fetch->region = (struct str)STR_EMPTY;
	secret_copy(&fetch->code, &wallet->code);
	secret_set(&wallet->code, NULL);
	atomic_init(&fetch->stop, false);
	wallet->tried_us = clock_monotonic_us();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&fetch->thread, NULL, run_fetch, fetch);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed != 0) {
		fetch_free(fetch);
		return err_set_errno(err, failed, "starting a thread");
	}
	wallet->fetch = fetch;
	return true;
}

struct wallet *wallet_new(struct loop *loop, const struct wallet_setup *setup,
			  struct err *err)
{
	struct mailbox *inbox = mailbox_new(NULL, err);
	struct wallet *wallet;

	if (inbox == NULL)
		return NULL;
	wallet = mem_alloc(sizeof(*wallet));
	wallet->loop = loop;
	wallet->setup = *setup;
	wallet->profile = mem_copy_text(setup->profile);
	wallet->setup.profile = wallet->profile;
	wallet->inbox = inbox;
	wallet->cred = (struct cred)CRED_EMPTY;
	wallet->region = (struct str)STR_EMPTY;
	loop_watch(loop, mailbox_fd(inbox), take_fetch, wallet);
	return wallet;
}

void wallet_free(struct wallet *wallet)
{
	if (wallet == NULL)
		return;
	if (wallet->fetch != NULL) {
		atomic_store(&wallet->fetch->stop, true);
		pthread_join(wallet->fetch->thread, NULL);
		fetch_free(wallet->fetch);
	}
	loop_unwatch(wallet->loop, mailbox_fd(wallet->inbox));
	mailbox_free(wallet->inbox);
	cred_done(&wallet->cred);
	str_done(&wallet->region);
	secret_done(&wallet->code);
	vec_done(&wallet->waiters);
	mem_free(wallet->profile);
	mem_free(wallet);
}

static int64_t left_ms(const struct wallet *wallet, int64_t skew_ms)
{
	if (!wallet->known)
		return 0;
	if (wallet->cred.expires_ms == 0)
		return INT64_MAX;
	return wallet->cred.expires_ms - clock_wall_ms() - skew_ms;
}

bool wallet_has_cred(const struct wallet *wallet, int64_t skew_ms)
{
	return left_ms(wallet, skew_ms) > 0;
}

static bool may_try_again(const struct wallet *wallet)
{
	int64_t pause_ms =
		wallet->setup.pause_ms > 0 ? wallet->setup.pause_ms : PAUSE_MS;

	return wallet->fetch == NULL &&
	       clock_monotonic_us() - wallet->tried_us > pause_ms * 1000;
}

enum wallet_state wallet_ask(struct wallet *wallet, int64_t skew_ms,
			     void (*wake)(void *context,
					  const struct err *err),
			     void *context, struct err *err)
{
	int64_t left = left_ms(wallet, skew_ms);

	if (left > 0) {
		if (left <= ADVISORY_MS && may_try_again(wallet))
			start_fetch(wallet, skew_ms, NULL);
		return WALLET_READY;
	}
	if (wallet->fetch == NULL && !start_fetch(wallet, skew_ms, err))
		return WALLET_FAILED;
	vec_push(&wallet->waiters, ((struct waiter){ wake, context }));
	return WALLET_WAIT;
}

void wallet_forget(struct wallet *wallet, const void *context)
{
	for (size_t i = wallet->waiters.count; i-- > 0;)
		if (wallet->waiters.items[i].context == context)
			vec_remove(&wallet->waiters, i);
}

const struct cred *wallet_cred(const struct wallet *wallet)
{
	return &wallet->cred;
}

const char *wallet_region(const struct wallet *wallet)
{
	return wallet->region.text;
}

void wallet_expire(struct wallet *wallet, const char *access_key_id)
{
	if (strcmp(wallet->cred.access_key_id.text, access_key_id) == 0)
		wallet->known = false;
}

void wallet_set_code(struct wallet *wallet, const char *code)
{
	secret_set(&wallet->code, code);
}

bool wallet_is_fetching(const struct wallet *wallet)
{
	return wallet->fetch != NULL;
}
