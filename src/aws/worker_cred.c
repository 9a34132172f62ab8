/* Credentials, for those outside of the AWS thread. */
#include "aws/worker.h"

#include <poll.h>

#include "aws/call.h"
#include "aws/cred.h"
#include "aws/wallet.h"
#include "aws/worker_state.h"
#include "base/cancel.h"
#include "base/mailbox.h"
#include "base/str.h"

enum { TICK_MS = 100 };

/* Somebody who waits for credentials; ends as a message in the mailbox. */
struct need {
	struct mailbox *answer;
	struct err err;
	bool ready;	/* at once, or woken without an error */
};

static void need_met(void *context, const struct err *err)
{
	struct need *need = context;

	need->ready = err == NULL;
	if (err != NULL)
		need->err = *err;
	mailbox_post(need->answer, need);
}

static bool ask_wallet(struct call_core *core, void *context, struct err *err)
{
	struct need *need = context;
	struct err failed;

	switch (wallet_ask(core->wallet, core->skew_ms, need_met, need,
			   &need->err)) {
	case WALLET_READY:
		need_met(need, NULL);
		break;
	case WALLET_FAILED:
		failed = need->err;
		need_met(need, &failed);
		break;
	case WALLET_WAIT:
		break;
	}
	(void)err;
	return true;
}

static bool forget_need(struct call_core *core, void *context, struct err *err)
{
	(void)err;
	wallet_forget(core->wallet, context);
	return true;
}

bool worker_need_cred(struct aws *aws, struct err *err)
{
	struct need need = { .err = ERR_EMPTY };
	void *got = NULL;

	need.answer = mailbox_new(NULL, err);
	if (need.answer == NULL)
		return false;
	worker_run(aws, ask_wallet, &need, NULL);
	while ((got = mailbox_take(need.answer)) == NULL) {
		if (!cancel_check(&need.err)) {
			worker_run(aws, forget_need, &need, NULL);
			need.ready = false;
			break;
		}
		cancel_poll(mailbox_fd(need.answer), POLLIN, TICK_MS);
	}
	mailbox_free(need.answer);
	if (!need.ready && err != NULL)
		*err = need.err;
	return need.ready;
}

static bool copy_cred(struct call_core *core, void *context, struct err *err)
{
	const struct cred *cred = call_core_cred(core, err);
	struct cred *out = context;

	if (cred == NULL)
		return false;
	str_set(&out->access_key_id, cred->access_key_id.text);
	secret_copy(&out->secret_key, &cred->secret_key);
	secret_copy(&out->token, &cred->token);
	out->expires_ms = cred->expires_ms;
	out->provider = cred->provider;
	str_set(&out->origin, cred->origin.text);
	return true;
}

bool worker_copy_cred(struct aws *aws, struct cred *out, struct err *err)
{
	return worker_need_cred(aws, err) &&
	       worker_run(aws, copy_cred, out, err);
}

static bool lacks_cred(struct call_core *core, void *context, struct err *err)
{
	(void)context;
	(void)err;
	return !wallet_has_cred(core->wallet, core->skew_ms);
}

void worker_wanted_code(struct aws *aws, struct str *out_serial)
{
	const char *serial = cred_mfa_serial(aws->core.profile);

	if (serial != NULL && worker_run(aws, lacks_cred, NULL, NULL))
		str_add(out_serial, serial);
}

static bool put_code(struct call_core *core, void *context, struct err *err)
{
	(void)err;
	wallet_set_code(core->wallet, context);
	return true;
}

void worker_set_code(struct aws *aws, const char *code)
{
	worker_run(aws, put_code, (void *)code, NULL);
}
