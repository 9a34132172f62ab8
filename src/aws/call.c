/* One try after another: credentials, a place in the lane of the service, the
 * signature, the exchange. States: waits_for_cred, waits_in_lane, entered
 * (http is under way), a timer (a delay before the next try), a probe. */
#include "aws/call_state.h"

#include <stdio.h>
#include <string.h>

#include "aws/s3_arn.h"
#include "aws/wallet.h"
#include "base/clock.h"
#include "base/map.h"
#include "data/url.h"
#include "net/loop.h"

/* --- what calls share --- */

void call_core_init(struct call_core *core)
{
	memset(core, 0, sizeof(*core));
	endpoint_config_init(&core->endpoints);
	core->bucket_regions = map_new(mem_free);
	core->lanes = mem_alloc_array(ENDPOINT_SERVICE_COUNT,
				      sizeof(*core->lanes));
	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++) {
		pace_init(&core->lanes[i].pace, false);
		retry_tokens_init(&core->lanes[i].tokens);
	}
}

void call_core_done(struct call_core *core)
{
	wallet_free(core->wallet);
	endpoint_config_done(&core->endpoints);
	map_free(core->bucket_regions);
	sigv4_cache_done(&core->signing);
	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++)
		vec_done(&core->lanes[i].waiting);
	mem_free(core->lanes);
}

int64_t call_core_now_ms(const struct call_core *core)
{
	return clock_wall_ms() + core->skew_ms;
}

const struct cred *call_core_cred(const struct call_core *core,
				  struct err *err)
{
	if (wallet_has_cred(core->wallet, core->skew_ms))
		return wallet_cred(core->wallet);
	err_set(err, ERR_AUTH, "there are no AWS credentials yet");
	return NULL;
}

/* Only S3 and STS answer everywhere, so that no region is needed. */
const char *call_core_region(const struct call_core *core,
			     enum endpoint_service service, const char *bucket)
{
	const char *known = bucket[0] != '\0'
				    ? map_get(core->bucket_regions, bucket)
				    : NULL;
	struct s3_arn arn;

	if (known == NULL && s3_arn_is(bucket) &&
	    s3_arn_parse(&arn, bucket, NULL)) {
		map_put(core->bucket_regions, bucket,
			mem_copy_text(arn.region));
		known = map_get(core->bucket_regions, bucket);
	}
	if (known != NULL)
		return known;
	if (core->region[0] != '\0')
		return core->region;
	if (wallet_region(core->wallet)[0] != '\0')
		return wallet_region(core->wallet);
	return service == ENDPOINT_S3 || service == ENDPOINT_STS ? "us-east-1"
								 : "";
}

void call_add_path(const struct endpoint *endpoint, const char *key,
		   struct str *out)
{
	str_add_slice(out, endpoint->path.text, endpoint->path.len);
	/* "/bucket" alone for the bucket itself, "/" with a host of its own */
	if (key[0] != '\0' || endpoint->path.len == 0)
		str_add_char(out, '/');
	str_add(out, key);
}

/* --- the lane: how many at once --- */

static void wait_in_lane(struct call *call)
{
	call->state->waits_in_lane = true;
	vec_push(&call->state->lane->waiting, call);
}

static void leave_waiting(struct call *call)
{
	struct call_lane *lane = call->state->lane;

	for (size_t i = lane->waiting.count; i-- > 0;)
		if (lane->waiting.items[i] == call)
			vec_remove(&lane->waiting, i);
	call->state->waits_in_lane = false;
}

/* Those that fit now try to enter; who comes too late waits again. */
static void wake_lane(struct call_core *core, struct call_lane *lane)
{
	int places = lane->pace.limit - lane->pace.under_way;

	for (; places > 0 && lane->waiting.count > 0; places--) {
		struct call *first = lane->waiting.items[0];

		vec_remove(&lane->waiting, 0);
		first->state->waits_in_lane = false;
		first->state->timer = loop_after(core->loop, 0, call_try,
						 first);
	}
}

static void leave_lane(struct call *call, bool heard)
{
	struct call_state *state = call->state;

	if (!state->entered)
		return;
	state->entered = false;
	if (heard)
		pace_leave(&state->lane->pace,
			   !call->ok && retry_classify(state->http->reply.status,
						       call->err.code) ==
						RETRY_THROTTLE,
			   clock_monotonic_us());
	else
		pace_leave_unheard(&state->lane->pace);
	wake_lane(state->core, state->lane);
}

/* --- one try --- */

static void finish(void *context)
{
	struct call *call = context;
	struct call_state *state = call->state;

	call_reply_done(&call->reply);
	call->reply = state->http->reply;
	state->http->reply = (struct http_reply){ .body = STR_EMPTY };
	call_stop(call);
	call->done(call);
}

void call_give_up(struct call *call)
{
	call_tell_tries(call);
	call->state->timer =
		loop_after(call->state->core->loop, 0, finish, call);
}

/* Shape checks happen before the first try, so done comes from the loop. */
static void fail(struct call *call, const struct err *err)
{
	call->ok = false;
	call->err = *err;
	call->state->timer =
		loop_after(call->state->core->loop, 0, finish, call);
}

static void add_sum_headers(struct call *call, struct http *http)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (call->body_sum.kind != INTEGRITY_NONE) {
		integrity_add(&call->body_sum, &value);
		http_add_header(http, integrity_header(call->body_sum.kind),
				value.text);
	}
	if (call->operation->sum == OPERATION_ASKS_SUM &&
	    call->state->core->policy.checks_replies)
		http_add_header(http, "x-amz-checksum-mode", "ENABLED");
}

static void add_headers(struct call *call, const char *host, const char *time)
{
	struct call_state *state = call->state;
	struct http *http = state->http;

	http_clear_headers(http);
	http_add_header(http, "host", host);
	if (!call->anonymous) {
		const struct cred *cred = wallet_cred(state->core->wallet);

		http_add_header(http, "x-amz-date", time);
		if (call->operation->service == ENDPOINT_S3)
			http_add_header(http, "x-amz-content-sha256",
					call->payload_hash);
		if (secret_is_set(&cred->token))
			http_add_header(http, "x-amz-security-token",
					secret_text(&cred->token));
	}
	add_sum_headers(call, http);
	for (size_t i = 0; i < call->headers.count; i++)
		http_add_header(http, call->headers.items[i].name,
				call->headers.items[i].value);
}

/* The query of the call with the fixed one of its operation. */
static struct sigv4_pair *all_query(const struct call *call,
				    struct str *fixed_name, size_t *out_count)
{
	struct sigv4_pair *pairs =
		mem_alloc_array(call->query.count + 1, sizeof(*pairs));
	const char *fixed = call->operation->query;
	size_t count = 0;

	if (fixed != NULL) {
		size_t len = strcspn(fixed, "=");

		str_set_slice(fixed_name, fixed, len);
		pairs[count].name = fixed_name->text;
		pairs[count++].value = fixed[len] == '=' ? fixed + len + 1 : "";
	}
	for (size_t i = 0; i < call->query.count; i++) {
		pairs[count].name = call->query.items[i].name;
		pairs[count++].value = call->query.items[i].value;
	}
	*out_count = count;
	return pairs;
}

static void add_authorization(struct call *call,
			      const struct sigv4_scope *scope,
			      struct sigv4_request *request)
{
	struct call_state *state = call->state;
	struct http *http = state->http;
	CLEANUP(str_done) struct str authorization = STR_EMPTY;
	CLEANUP(mem_freep)
	struct sigv4_pair *headers =
		mem_alloc_array(http->headers.count, sizeof(*headers));
	const struct cred *cred = wallet_cred(state->core->wallet);
	struct sigv4_credentials credentials = {
		cred->access_key_id.text,
		&cred->secret_key,
		&cred->token,
		&state->core->signing,
	};

	snprintf(state->key_id, sizeof(state->key_id), "%s",
		 cred->access_key_id.text);
	for (size_t i = 0; i < http->headers.count; i++)
		headers[i] =
			(struct sigv4_pair){ http->headers.items[i].name,
					     http->headers.items[i].value };
	request->headers = headers;
	request->header_count = http->headers.count;
	sigv4_sign(request, scope, &credentials, &authorization);
	http_add_header(http, "authorization", authorization.text);
	request->headers = NULL;
}

/* base, host and path are those of the endpoint or of a redirect. */
static void sign(struct call *call, const struct str *base,
		 const struct str *host, const struct str *path)
{
	struct call_state *state = call->state;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(mem_freep) struct sigv4_pair *query = NULL;
	struct sigv4_scope scope = {
		.region = endpoint_signing_region(&state->core->endpoints,
						  call->operation->service,
						  state->region),
		.service = endpoint_signing_name(call->operation->service),
	};
	struct sigv4_request request = {
		.method = call->operation->method,
		.path = path->text,
		.path_rule = call->operation->service == ENDPOINT_S3
				     ? 0
				     : SIGV4_NORMALIZE | SIGV4_ENCODE_TWICE,
		.payload_hash = call->payload_hash,
	};

	sigv4_time(call_core_now_ms(state->core), scope.time);
	add_headers(call, host->text, scope.time);
	query = all_query(call, &name, &request.query_count);
	request.query = query;
	if (!call->anonymous)
		add_authorization(call, &scope, &request);
	str_add_slice(&url, base->text, base->len);
	url_escape(&url, path->text, path->len, URL_KEEP_SLASH);
	if (request.query_count > 0) {
		str_add_char(&url, '?');
		sigv4_add_query(query, request.query_count, &url);
	}
	http_set_url(state->http, url.text);
}

static const char *region_of(const struct call *call)
{
	const struct call_state *state = call->state;

	if (state->learned[0] != '\0')
		return state->learned;
	if (call->region[0] != '\0' && !s3_arn_is(call->bucket.text))
		return call->region;
	return call_core_region(state->core, call->operation->service,
				call->bucket.text);
}

static bool prepare(struct call *call, struct err *err)
{
	struct call_state *state = call->state;
	struct call_core *core = state->core;
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const char *region = region_of(call);
	bool (*find)(const struct endpoint_config *, enum endpoint_service,
		     const char *, const char *, struct endpoint *,
		     struct err *) =
		call->anonymous ? endpoint_find_unsigned : endpoint_find;

	if (region[0] == '\0') {
		err_set(err, ERR_USAGE, "no AWS region is set");
		return err_hint(err, "set AWS_REGION, or region in the AWS "
				     "profile, or use --region");
	}
	snprintf(state->region, sizeof(state->region), "%s", region);
	if (state->base.len > 0) {
		sign(call, &state->base, &state->host, &state->path);
		return true;
	}
	if (!find(&core->endpoints, call->operation->service, region,
		  call->bucket.text, &endpoint, err))
		return false;
	call_add_path(&endpoint, call->key.text, &path);
	sign(call, &endpoint.base, &endpoint.host, &path);
	return true;
}

/* --- the reply --- */

static void start_count(struct call *call)
{
	const char *value;
	enum integrity_kind kind = call->reply_kind;

	call->state->counts = true;
	if (call->operation->sum != OPERATION_ASKS_SUM ||
	    !call->state->core->policy.checks_replies)
		kind = INTEGRITY_NONE;
	else if (kind == INTEGRITY_NONE)
		kind = integrity_find(&call->state->http->reply.headers,
				      &value);
	integrity_start(&call->reply_sum, kind);
}

static void arrived(void *context, const char *bytes, size_t len)
{
	struct call *call = context;

	if (!call->state->counts)
		start_count(call);
	integrity_feed(&call->reply_sum, bytes, len);
}

/* "bytes 0-9/10": the range is all there is. */
static bool is_whole(const struct call *call)
{
	const char *range = call_reply_header(call, "content-range");
	long long first, last, size;

	if (call->reply.status == 200)
		return true;
	return range != NULL &&
	       sscanf(range, "bytes %lld-%lld/%lld", &first, &last, &size) ==
		       3 &&
	       first == 0 && last == size - 1;
}

/* Compares what came with what S3 says the whole object is. */
static bool check_sum(struct call *call)
{
	CLEANUP(str_done) struct str counted = STR_EMPTY;
	const char *value = NULL;

	if (call->operation->sum != OPERATION_ASKS_SUM || !is_whole(call))
		return true;
	if (!call->state->counts)
		start_count(call);
	if (call->reply_sum.kind == INTEGRITY_NONE ||
	    integrity_find(&call->reply.headers, &value) !=
		    call->reply_sum.kind)
		return true;
	integrity_add(&call->reply_sum, &counted);
	call->reply_checked = strcmp(counted.text, value) == 0;
	return call->reply_checked;
}

static void refuse_sum(struct call *call)
{
	CLEANUP(str_done) struct str subject = STR_EMPTY;

	call_add_subject(call, &subject);
	err_set(&call->err, ERR_DATA,
		"%s: the bytes that came are not those that were stored (%s "
		"differs)",
		subject.text, integrity_name(call->reply_sum.kind));
	err_hint(&call->err, "try again; a proxy or the storage may be at "
			     "fault");
	err_set_code(&call->err, "ChecksumMismatch");
	call->ok = false;
}

/* Looks at the reply, which is lent to the call meanwhile. */
static void judge(struct call *call, const struct err *err,
		  struct str *out_region)
{
	struct http *http = call->state->http;
	struct http_reply mine = call->reply;

	call->reply = http->reply;
	call->ok = err->kind == ERR_NONE && http->reply.status / 100 == 2 &&
		   !call_reply_is_error(call);
	call->reply_checked = false;
	err_clear(&call->err);
	if (err->kind != ERR_NONE)
		call->err = *err;
	else if (!call->ok)
		call_map_error(call, out_region);
	else if (!check_sum(call))
		refuse_sum(call);
	call->reply = mine;
}

static void replied(struct http *http, const struct err *err)
{
	struct call *call = http->context;
	struct call_state *state = call->state;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	int status = err->kind != ERR_NONE ? 0 : http->reply.status;

	judge(call, err, &region);
	leave_lane(call, status != 0);
	if (call->ok) {
		retry_give_back(&state->lane->tokens, state->owed);
		finish(call);
		return;
	}
	if (call_try_again(call, status, &region)) {
		/* What this try moved is moved once more. */
		if (call->moved != NULL && state->moved > 0)
			call->moved(call, -state->moved);
		return;
	}
	call_tell_tries(call);
	finish(call);
}

static void moved(void *context, int64_t bytes)
{
	struct call *call = context;

	call->state->moved += bytes;
	if (call->moved != NULL)
		call->moved(call, bytes);
}

/* From the wallet, with what went wrong or NULL. */
static void woken(void *context, const struct err *err)
{
	struct call *call = context;

	call->state->waits_for_cred = false;
	if (err != NULL)
		fail(call, err);
	else
		call_try(call);
}

/* False: the call waits, or has failed. */
static bool have_cred(struct call *call)
{
	struct call_core *core = call->state->core;
	struct err err = ERR_EMPTY;

	if (call->anonymous)
		return true;
	switch (wallet_ask(core->wallet, core->skew_ms, woken, call, &err)) {
	case WALLET_WAIT:
		call->state->waits_for_cred = true;
		return false;
	case WALLET_FAILED:
		fail(call, &err);
		return false;
	case WALLET_READY:
		break;
	}
	return true;
}

static bool enter_lane(struct call *call)
{
	struct call_state *state = call->state;
	int64_t wait_ms = pace_enter(&state->lane->pace, clock_monotonic_us());

	state->entered = wait_ms == 0;
	if (wait_ms < 0)
		wait_in_lane(call);
	else if (wait_ms > 0)
		state->timer = loop_after(state->core->loop, wait_ms, call_try,
					  call);
	return state->entered;
}

void call_try(void *context)
{
	struct call *call = context;
	struct call_state *state = call->state;
	struct err err = ERR_EMPTY;

	state->timer = 0;
	if (!have_cred(call) || !enter_lane(call))
		return;
	if (!prepare(call, &err)) {
		leave_lane(call, false);
		fail(call, &err);
		return;
	}
	state->moved = 0;
	state->counts = false;
	http_start(state->http, state->core->loop);
}

static void set_up_http(struct call *call, struct http *http)
{
	http->ca_file = call->state->core->ca_file;
	http->done = replied;
	http->moved = moved;
	if (call->operation->sum == OPERATION_ASKS_SUM)
		http->arrived = arrived;
	http->context = call;
	/* S3 speaks 1.1 only, and a connection each is faster there. */
	http->http2 = call->operation->service != ENDPOINT_S3;
	if (call->reply_limit > 0)
		http->reply_limit = call->reply_limit;
	if (call->body_fd >= 0)
		http_set_body_file(http, call->body_fd, call->body_offset,
				   call->body_length);
	else if (call->body.len > 0)
		http_lend_body(http, call->body.text, call->body.len);
	if (call->reply_fd >= 0)
		http_set_reply_file(http, call->reply_fd, call->reply_offset,
				    call->reply_max);
}

void call_start(struct call_core *core, struct call *call)
{
	struct call_state *state = mem_alloc(sizeof(*state));

	call->state = state;
	call->ok = false;
	state->core = core;
	state->lane = &core->lanes[call->operation->service];
	state->lane->pace.adaptive =
		core->policy.retry_mode == RETRY_ADAPTIVE;
	state->http = http_new(call->operation->method, "");
	state->attempt = 1;
	state->base = (struct str)STR_EMPTY;
	state->host = (struct str)STR_EMPTY;
	state->path = (struct str)STR_EMPTY;
	set_up_http(call, state->http);
	/* Who handed it over may have tried, and failed. */
	if (!call->prepared)
		call_prepare(call, &core->policy, &call->err);
	if (call->err.kind != ERR_NONE) {
		struct err err = call->err;

		fail(call, &err);
		return;
	}
	state->timer = loop_after(core->loop, 0, call_try, call);
}

void call_stop(struct call *call)
{
	struct call_state *state = call->state;

	if (state == NULL)
		return;
	loop_forget(state->core->loop, state->timer);
	if (state->waits_for_cred)
		wallet_forget(state->core->wallet, call);
	if (state->waits_in_lane)
		leave_waiting(call);
	leave_lane(call, false);
	call_free(state->probe);
	http_free(state->http);
	str_done(&state->base);
	str_done(&state->host);
	str_done(&state->path);
	mem_free(state);
	call->state = NULL;
}
