/* What a reply that is not ok teaches: another region, another host, the
 * right time, new credentials; or that it is worth a while of waiting. */
#include "aws/call_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/wallet.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/url.h"
#include "net/loop.h"

enum {
	REDIRECTS_MAX = 3,
	/* S3 takes 15 minutes, other services 5; the SDKs correct from 4. */
	CLOCK_FITS_MS = 4 * 60 * 1000,
};

static void try_after(struct call *call, int64_t delay_ms)
{
	struct call_state *state = call->state;

	log_debug(LOG_AWS, "%s: again in %" PRId64 " ms (%s)",
		  call->operation->name, delay_ms, call->err.message);
	state->timer = loop_after(state->core->loop, delay_ms, call_try, call);
}

static bool once(bool *did)
{
	bool first = !*did;

	*did = true;
	return first;
}

/* Services other than S3 say that a signature is wrong, and a HEAD nothing at
 * all, when it is the clock that is. */
static bool may_be_clock(const struct call *call, int status)
{
	static const char *const codes[] = {
		"SignatureDoesNotMatch", "InvalidSignatureException",
		"AuthFailure",
	};

	if (status == 403 && strcmp(call->operation->method, "HEAD") == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(codes[i], call->err.code) == 0)
			return true;
	return false;
}

/* The server's Date says how wrong our clock is. sure: the reply has said
 * that it is the clock. */
static bool learn_clock(struct call *call, bool sure)
{
	struct call_core *core = call->state->core;
	const char *date =
		http_headers_get(&call->state->http->reply.headers, "date");
	int64_t at_ms;

	if (date == NULL || !isotime_parse_http(date, &at_ms, NULL))
		return false;
	if (!sure && llabs(at_ms - call_core_now_ms(core)) < CLOCK_FITS_MS)
		return false;
	core->skew_ms = at_ms - clock_wall_ms();
	log_debug(LOG_AWS, "the server's clock is %" PRId64 " ms ahead",
		  core->skew_ms);
	return true;
}

/* --- regions and redirects --- */

static void remember_region(struct call *call, const char *region)
{
	struct call_state *state = call->state;

	snprintf(state->learned, sizeof(state->learned), "%s", region);
	if (call->bucket.len > 0)
		map_put(state->core->bucket_regions, call->bucket.text,
			mem_copy_text(region));
	str_clear(&state->base);
}

static bool is_news(const struct call *call, const struct str *region)
{
	return call->bucket.len > 0 && region->len > 0 &&
	       endpoint_region_valid(region->text) &&
	       strcmp(region->text, call->state->region) != 0;
}

static bool is_bare_400(const struct call *call, int status)
{
	return status == 400 && strcmp(call->operation->method, "HEAD") == 0;
}

/* A HEAD's 400 does not say that a session's keys have expired: other keys
 * tell. Not where a person would have to type a code for them. */
static bool try_other_keys(struct call *call)
{
	struct call_state *state = call->state;
	const struct cred *cred = wallet_cred(state->core->wallet);

	if (call->anonymous || !secret_is_set(&cred->token) ||
	    cred_mfa_serial(state->core->profile) != NULL ||
	    !once(&state->did_cred))
		return false;
	wallet_expire(state->core->wallet, state->key_id);
	try_after(call, 0);
	return true;
}

/* Also the answer "403" to HeadBucket names the region. */
static void probed(struct call *probe)
{
	struct call *call = probe->context;
	const char *named = call_reply_header(probe, "x-amz-bucket-region");
	CLEANUP(str_done) struct str region = STR_EMPTY;

	/* A redirect that it followed itself has been remembered. */
	if (named == NULL)
		named = map_get(call->state->core->bucket_regions,
				call->bucket.text);
	if (named != NULL)
		str_set(&region, named);
	call->state->probe = NULL;
	if (is_news(call, &region)) {
		remember_region(call, region.text);
		try_after(call, 0);
	} else if (!is_bare_400(call, call->state->http->reply.status) ||
		   !try_other_keys(call)) {
		call_give_up(call);
	}
	call_free(probe);
}

static void ask_region(struct call *call)
{
	struct call *probe = call_new(OPERATION_HEAD_BUCKET);

	call_set_bucket(probe, call->bucket.text);
	call_set_region(probe, call->state->region);
	probe->anonymous = call->anonymous;
	probe->done = probed;
	probe->context = call;
	call->state->probe = probe;
	call_start(call->state->core, probe);
}

/* "s3.eu-west-1.amazonaws.com", "b.s3-eu-west-1.amazonaws.com" */
static void region_of_host(const char *host, struct str *out)
{
	const char *at = strstr(host, "s3");

	while (at != NULL && ((at > host && at[-1] != '.') ||
			      (at[2] != '.' && at[2] != '-')))
		at = strstr(at + 2, "s3");
	if (at == NULL)
		return;
	at += 3;
	if (str_starts(at, "dualstack."))
		at += strlen("dualstack.");
	if (!str_starts(at, "amazonaws"))
		str_add_slice(out, at, strcspn(at, "."));
}

/* Secrets are signed for hosts of the same house only, and TLS stays. */
static bool may_go(const struct call *call, const struct url *to)
{
	const struct call_state *state = call->state;
	bool was_tls = str_starts(state->http->url, "https:");

	return (strcmp(to->scheme, "https") == 0 ||
		(strcmp(to->scheme, "http") == 0 && !was_tls)) &&
	       endpoint_owns_host(&state->core->endpoints,
				  call->operation->service, state->region,
				  to->host);
}

static bool follow_location(struct call *call)
{
	struct call_state *state = call->state;
	const char *location =
		http_headers_get(&state->http->reply.headers, "location");
	CLEANUP(url_done) struct url to = URL_EMPTY;
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (location == NULL || !url_parse(&to, location, NULL) ||
	    !may_go(call, &to))
		return false;
	str_clear(&state->host);
	str_clear(&state->base);
	str_clear(&state->path);
	url_add_authority(&to, &state->host);
	str_addf(&state->base, "%s://%s", to.scheme, state->host.text);
	url_unescape(&state->path, to.path, strlen(to.path), URL_PLUS_STAYS);
	if (state->path.len == 0)
		str_add_char(&state->path, '/');
	region_of_host(to.host, &region);
	if (region.len > 0 && endpoint_region_valid(region.text))
		snprintf(state->learned, sizeof(state->learned), "%s",
			 region.text);
	return true;
}

static bool is_lost(struct call *call)
{
	CLEANUP(str_done) struct str subject = STR_EMPTY;

	call_add_subject(call, &subject);
	err_set(&call->err, ERR_AWS, "%s: sent from host to host %d times",
		subject.text, REDIRECTS_MAX);
	err_hint(&call->err, "name the bucket's region with --region, or look "
			     "at the endpoint");
	err_set_code(&call->err, "TooManyRedirects");
	return false;
}

/* A region that a reply names is taken as often as it changes, but not for
 * ever. A HEAD's 301 or 400 has no words: HeadBucket may have them. */
static bool go_elsewhere(struct call *call, int status,
			 const struct str *region)
{
	struct call_state *state = call->state;
	bool may_ask = call->bucket.len > 0 && status != 307 &&
		       call->operation->service == ENDPOINT_S3 &&
		       call->operation !=
			       &operation_table[OPERATION_HEAD_BUCKET] &&
		       call->operation !=
			       &operation_table[OPERATION_CREATE_BUCKET];

	if (is_news(call, region) || status == 307 || status == 302) {
		if (state->redirects++ >= REDIRECTS_MAX)
			return is_lost(call);
		if (is_news(call, region))
			remember_region(call, region->text);
		else if (!follow_location(call))
			return false;
		try_after(call, 0);
		return true;
	}
	if (!may_ask || !once(&state->did_probe))
		return false;
	ask_region(call);
	return true;
}

/* --- the end of it --- */

static bool wait_a_while(struct call *call, enum retry_class class)
{
	struct call_state *state = call->state;
	const struct http *http = state->http;
	const struct http_headers *headers = &http->reply.headers;
	const struct policy *policy = &state->core->policy;
	uint32_t random;
	int64_t delay_ms;

	if (state->attempt >= policy->max_attempts)
		return false;
	if (policy->retry_mode != RETRY_LEGACY) {
		int cost = retry_take(&state->lane->tokens, http->timed_out);

		if (cost == 0)
			return false;
		state->owed = cost;
	}
	state->attempt++;
	hash_random(&random, sizeof(random));
	delay_ms = retry_delay_ms(class, state->attempt, random);
	delay_ms = retry_wish_ms(
		delay_ms, http_headers_get(headers, "x-amz-retry-after"),
		http_headers_get(headers, "retry-after"), clock_wall_ms());
	log_debug(LOG_AWS, "%s: try %d of %d", call->operation->name,
		  state->attempt, policy->max_attempts);
	try_after(call, delay_ms);
	return true;
}

bool call_try_again(struct call *call, int status, const struct str *region)
{
	struct call_state *state = call->state;
	enum retry_class class = retry_classify(status, call->err.code);

	if (status == 0)
		class = call->err.retry ? RETRY_TRANSIENT : RETRY_NEVER;
	if (class == RETRY_REGION || is_bare_400(call, status) ||
	    (status == 400 && is_news(call, region)))
		return go_elsewhere(call, status, region) ||
		       (is_bare_400(call, status) && try_other_keys(call));
	if ((class == RETRY_CLOCK || may_be_clock(call, status)) &&
	    !call->anonymous && once(&state->did_clock) &&
	    learn_clock(call, class == RETRY_CLOCK)) {
		try_after(call, 0);
		return true;
	}
	if (class == RETRY_CREDENTIALS && !call->anonymous &&
	    once(&state->did_cred)) {
		wallet_expire(state->core->wallet, state->key_id);
		try_after(call, 0);
		return true;
	}
	if (class == RETRY_ONCE && once(&state->did_once))
		class = RETRY_TRANSIENT;
	if (class != RETRY_TRANSIENT && class != RETRY_THROTTLE)
		return false;
	return wait_a_while(call, class);
}

static const char *header(const struct call *call, const char *name)
{
	return http_headers_get(&call->state->http->reply.headers, name);
}

void call_tell_tries(struct call *call)
{
	struct call_state *state = call->state;
	const char *id = header(call, "x-amz-request-id");
	const char *host_id = header(call, "x-amz-id-2");
	struct err before = call->err;
	bool is_theirs = state->http->reply.status >= 500;

	if (state->attempt < 2 && !is_theirs)
		return;
	if (id == NULL)
		id = header(call, "x-amzn-requestid");
	err_set(&call->err, before.kind, "%s (%d %s%s%.64s%s%.128s)",
		before.message, state->attempt,
		state->attempt == 1 ? "try" : "tries",
		id != NULL ? ", request id " : "", id != NULL ? id : "",
		host_id != NULL ? ", host id " : "",
		host_id != NULL ? host_id : "");
	memcpy(call->err.hint, before.hint, sizeof(before.hint));
	memcpy(call->err.code, before.code, sizeof(before.code));
	call->err.retry = before.retry;
}
