/* aws/wallet.h - the credentials in force: fetched by a helper thread,
 * renewed before they end.
 *
 * Lives in the AWS thread and never blocks it: while the chain (aws/cred)
 * walks in its own short-lived thread, whoever needs keys waits in a list
 * and is woken from the loop. Files are read anew for every fetch, so keys
 * that another tool has replaced are found. Renewal: in the background
 * within 15 minutes of the end, waited for once they have ended; a renewal
 * that fails while the old keys are good is tried again a minute later.
 */
#ifndef AWS_WALLET_H
#define AWS_WALLET_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/cred.h"
#include "base/err.h"

struct loop;
struct wallet;

struct wallet_setup {
	const char *profile;	/* NULL: as the environment says */
	const struct endpoint_config *endpoints;	/* borrowed */
	const char *region;				/* borrowed */
	const char *ca_file;				/* borrowed */
	int pause_ms;		/* between renewals in the background;
				 * 0: a minute */
};

struct wallet *wallet_new(struct loop *loop, const struct wallet_setup *setup,
			  struct err *err);
void wallet_free(struct wallet *wallet);	/* wakes nobody */

enum wallet_state {
	WALLET_READY,	/* wallet_cred has them */
	WALLET_WAIT,	/* wake will run */
	WALLET_FAILED,
};

/* now_ms and skew_ms as the servers see it. wake runs once, from the loop,
 * with what went wrong or NULL; then ask again. */
enum wallet_state wallet_ask(struct wallet *wallet, int64_t skew_ms,
			     void (*wake)(void *context,
					  const struct err *err),
			     void *context, struct err *err);
void wallet_forget(struct wallet *wallet, const void *context);

/* Borrowed, until the loop turns. */
const struct cred *wallet_cred(const struct wallet *wallet);
bool wallet_has_cred(const struct wallet *wallet, int64_t skew_ms);

/* The region an EC2 instance is in, when its role gave the keys and none was
 * set up; else "". Borrowed, until the loop turns. */
const char *wallet_region(const struct wallet *wallet);

/* A service does not take that key any more: the next ask fetches a new one,
 * unless that has been done meanwhile. */
void wallet_expire(struct wallet *wallet, const char *access_key_id);

/* A code of the MFA device for the next fetch, which uses it up. */
void wallet_set_code(struct wallet *wallet, const char *code);

/* True while a fetch runs in the foreground or not. */
bool wallet_is_fetching(const struct wallet *wallet);

#endif
