#include "aws/quicksight.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "aws/operation.h"
#include "aws/paging.h"
#include "aws/quicksight_cause.h"
#include "aws/sts.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "data/hash.h"
#include "data/json.h"

enum {
	REPLY_BYTES = 16 << 20,
	MOST_WAIT_MS = 5000,
	WORD_BYTES = 40,
};

bool quicksight_open(struct quicksight *quicksight, struct aws *aws,
		     const char *region, struct err *err)
{
	CLEANUP(sts_identity_done)
	struct sts_identity identity = STS_IDENTITY_EMPTY;
	CLEANUP(str_done) struct str in_force = STR_EMPTY;

	if (!sts_get_identity(aws, &identity, err))
		return false;
	worker_add_region(aws, &in_force);
	if (region == NULL)
		region = in_force.text;
	if (region[0] == '\0') {
		err_set(err, ERR_USAGE, "no AWS region is set");
		return err_hint(err, "\\aws region NAME sets one, or AWS_REGION");
	}
	quicksight->aws = aws;
	quicksight->is_local = worker_is_overridden(aws);
	snprintf(quicksight->account, sizeof(quicksight->account), "%s",
		 identity.account.text);
	snprintf(quicksight->region, sizeof(quicksight->region), "%s", region);
	snprintf(quicksight->partition, sizeof(quicksight->partition), "%s",
		 endpoint_partition(region));
	str_set(&quicksight->caller, identity.arn.text);
	return true;
}

void quicksight_done(struct quicksight *quicksight)
{
	str_done(&quicksight->caller);
}

/* --- one call --- */

/* DescribeAccountSubscription is the only one below /account/. */
static void set_path(struct call *call, const struct quicksight *quicksight,
		     const struct quicksight_ask *ask)
{
	if (ask->operation == OPERATION_QUICKSIGHT_DESCRIBE_SUBSCRIPTION)
		str_addf(&call->key, "account/%s", quicksight->account);
	else
		str_addf(&call->key, "accounts/%s/%s", quicksight->account,
			 ask->path);
}

static struct call *make_call(const struct quicksight *quicksight,
			      const struct quicksight_ask *ask)
{
	struct call *call = call_new(ask->operation);

	set_path(call, quicksight, ask);
	call_set_region(call, ask->about_users &&
					      quicksight->identity_region[0]
				      ? quicksight->identity_region
				      : quicksight->region);
	call->reply_limit = REPLY_BYTES;
	if (ask->query_name != NULL)
		call_add_query(call, ask->query_name, ask->query_value);
	if (ask->body != NULL) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		json_add(&text, ask->body);
		call_set_body(call, text.text, text.len);
		call_add_header(call, "content-type", "application/json");
	}
	return call;
}

/* "... but your identity region is eu-west-1. Please use ...": true when it is
 * news. */
static bool learn_region(struct quicksight *quicksight, const struct err *err)
{
	static const char words[] = "identity region is ";
	const char *at = strstr(err->message, words);
	char region[64];
	size_t len;

	if (at == NULL)
		return false;
	at += strlen(words);
	len = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (len == 0 || len >= sizeof(region))
		return false;
	memcpy(region, at, len);
	region[len] = '\0';
	if (strcmp(region, quicksight->identity_region) == 0)
		return false;
	memcpy(quicksight->identity_region, region, len + 1);
	return true;
}

static bool send(struct quicksight *quicksight,
		 const struct quicksight_ask *ask, struct json **out_reply,
		 struct err *err)
{
	CLEANUP(call_freep) struct call *call = make_call(quicksight, ask);

	if (!worker_call(quicksight->aws, call, err))
		return false;
	if (out_reply == NULL)
		return true;
	*out_reply = json_parse(call->reply.body.text, call->reply.body.len,
				err);
	return *out_reply != NULL ||
	       err_wrap(err, "%s", call->operation->name);
}

bool quicksight_call(struct quicksight *quicksight,
		     const struct quicksight_ask *ask, struct json **out_reply,
		     struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (send(quicksight, ask, out_reply, &failed) ||
	    (ask->about_users && learn_region(quicksight, &failed) &&
	     send(quicksight, ask, out_reply, &failed)))
		return true;
	quicksight_cause_call(quicksight, &failed);
	if (err != NULL)
		*err = failed;
	return false;
}

bool quicksight_get(struct quicksight *quicksight, enum operation_id operation,
		    const char *path, const char *name,
		    struct json **out_reply, struct err *err)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	struct quicksight_ask ask = { .operation = operation };

	str_addf(&whole, "%s/%s", path, name);
	ask.path = whole.text;
	return quicksight_call(quicksight, &ask, out_reply, err);
}

bool quicksight_list(struct quicksight *quicksight,
		     const struct quicksight_pages *pages, struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	do {
		CLEANUP(json_freep) struct json *reply = NULL;
		struct quicksight_ask ask = {
			.operation = pages->operation,
			.path = pages->path,
			.query_name =
				paging.token.len > 0 ? "next-token" : NULL,
			.query_value = paging.token.text,
			.about_users = pages->about_users,
		};
		const struct json *items;

		if (!quicksight_call(quicksight, &ask, &reply, err))
			return false;
		items = json_key(reply, pages->member);
		for (size_t i = 0; i < json_count(items); i++)
			if (!pages->visit(pages->context, json_item(items, i)))
				return true;
		if (!paging_next(&paging, json_text(reply, "NextToken", ""),
				 operation_table[pages->operation].name, err))
			return false;
	} while (paging.token.len > 0);
	return true;
}

/* --- names --- */

void quicksight_add_arn(const struct quicksight *quicksight, const char *kind,
			const char *id, struct str *out)
{
	str_addf(out, "arn:%s:quicksight:%s:%s:%s/%s", quicksight->partition,
		 quicksight->region, quicksight->account, kind, id);
}

const char *quicksight_arn_id(const char *arn)
{
	const char *slash = strrchr(arn, '/');

	return slash != NULL ? slash + 1 : arn;
}

void quicksight_add_id(const struct quicksight *quicksight, const char *words,
		       const char *key, struct str *out)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str digest = STR_EMPTY;
	size_t begin = out->len;

	for (; *words != '\0' && out->len - begin < WORD_BYTES; words++)
		if (isalnum((unsigned char)*words) && !(*words & 0x80))
			str_add_char(out, (char)tolower((unsigned char)*words));
		else if (out->len > begin && out->text[out->len - 1] != '-')
			str_add_char(out, '-');
	if (out->len > begin && out->text[out->len - 1] != '-')
		str_add_char(out, '-');
	str_addf(&whole, "%s/%s/%s", quicksight->account, quicksight->region,
		 key);
	hash_add_hex(HASH_SHA256, whole.text, whole.len, &digest);
	str_add_slice(out, digest.text, 8);
}

void quicksight_tell(const struct quicksight *quicksight, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	if (quicksight->tell == NULL)
		return;
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	quicksight->tell(quicksight->context, text.text);
}

bool quicksight_wait(struct quicksight *quicksight, int *ms, const char *told,
		     struct err *err)
{
	int64_t ends_us = clock_monotonic_us() + (int64_t)*ms * 1000;
	int64_t left_us;

	if (quicksight->progress != NULL)
		quicksight->progress(quicksight->context, told);
	while ((left_us = ends_us - clock_monotonic_us()) > 0) {
		if (!cancel_check(err))
			return false;
		cancel_poll(-1, 0, (int)(left_us / 1000) + 1);
	}
	*ms = *ms * 3 / 2 < MOST_WAIT_MS ? *ms * 3 / 2 : MOST_WAIT_MS;
	return cancel_check(err);
}
