#include "aws/call.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aws/profile.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "aws/wallet.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/encode.h"
#include "data/url.h"
#include "net/loop.h"
#include "net/retry.h"

struct call_state {
	struct call_core *core;
	struct http *http;
	int64_t timer;
	int attempt;    /* 1 is the first */
	bool did_clock; /* each is tried once */
	bool did_cred;
	bool did_region;
	bool did_once;
	char region[64]; /* this try is signed for */
	char key_id[128]; /* ... with */
	bool waits_for_cred;
};

struct call *call_new(enum operation_id id)
{
	struct call *call = mem_alloc(sizeof(*call));
	const char *version, *target;

	call->operation = &operation_table[id];
	call->bucket = (struct str)STR_EMPTY;
	call->key = (struct str)STR_EMPTY;
	call->body = (struct str)STR_EMPTY;
	call->reply.body = (struct str)STR_EMPTY;
	call->body_fd = -1;
	call->reply_fd = -1;
	version = operation_api_version(call->operation->service);
	if (version != NULL) {
		call_add_param(call, "Action", call->operation->name);
		call_add_param(call, "Version", version);
		call_add_header(call, "content-type",
				"application/x-www-form-urlencoded; "
				"charset=utf-8");
	}
	target = operation_target(call->operation->service);
	if (target != NULL) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		str_addf(&name, "%s.%s", target, call->operation->name);
		call_add_header(call, "x-amz-target", name.text);
		call_add_header(call, "content-type",
				"application/x-amz-json-1.1");
	}
	return call;
}

static void reply_done(struct http_reply *reply)
{
	http_headers_done(&reply->headers);
	mem_wipe(reply->body.text, reply->body.len);
	str_done(&reply->body);
}

void call_free(struct call *call)
{
	if (call == NULL)
		return;
	call_stop(call);
	str_done(&call->bucket);
	str_done(&call->key);
	http_headers_done(&call->query);
	http_headers_done(&call->headers);
	str_done(&call->body);
	if (call->body_fd >= 0)
		close(call->body_fd);
	if (call->reply_fd >= 0)
		close(call->reply_fd);
	reply_done(&call->reply);
	mem_free(call);
}

void call_set_bucket(struct call *call, const char *bucket)
{
	str_set(&call->bucket, bucket);
}

void call_set_uri(struct call *call, const struct s3_uri *uri)
{
	str_set_slice(&call->bucket, uri->bucket.text, uri->bucket.len);
	str_set_slice(&call->key, uri->key.text, uri->key.len);
	s3_options_apply(uri->options, call);
}

void call_set_region(struct call *call, const char *region)
{
	if (region != NULL)
		snprintf(call->region, sizeof(call->region), "%s", region);
}

void call_add_query(struct call *call, const char *name, const char *value)
{
	http_headers_add(&call->query, name, value);
}

void call_add_query_number(struct call *call, const char *name, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	call_add_query(call, name, text);
}

void call_add_header(struct call *call, const char *name, const char *value)
{
	http_headers_add(&call->headers, name, value);
}

void call_set_body(struct call *call, const char *bytes, size_t len)
{
	str_set_slice(&call->body, bytes, len);
}

void call_add_param(struct call *call, const char *name, const char *value)
{
	url_add_param(&call->body, name, value);
}

static bool hash_file(int fd, int64_t offset, int64_t length,
		      char out_hex[SIGV4_HEX_SIZE], struct err *err)
{
	CLEANUP(hash_freep) struct hash *hash = hash_new(HASH_SHA256);
	CLEANUP(mem_freep) char *buffer = mem_alloc(65536);
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	unsigned char digest[HASH_MAX];

	while (length > 0) {
		size_t want = length < 65536 ? (size_t)length : 65536;
		ssize_t got = pread(fd, buffer, want, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno, "reading the file");
		if (got == 0)
			return err_set(err, ERR_DATA,
				       "the file became shorter while it was "
				       "read");
		hash_feed(hash, buffer, (size_t)got);
		offset += got;
		length -= got;
	}
	hash_finish(hash, digest);
	encode_hex(&hex, digest, hash_size(HASH_SHA256));
	memcpy(out_hex, hex.text, SIGV4_HEX_SIZE);
	return true;
}

bool call_set_body_file(struct call *call, int fd, int64_t offset,
			int64_t length, struct err *err)
{
	if (!hash_file(fd, offset, length, call->payload_hash, err))
		return false;
	call->body_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (call->body_fd < 0)
		return err_set_errno(err, errno, "reading the file");
	call->body_offset = offset;
	call->body_length = length;
	return true;
}

bool call_set_reply_file(struct call *call, int fd, int64_t offset,
			 int64_t max_bytes, struct err *err)
{
	call->reply_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (call->reply_fd < 0)
		return err_set_errno(err, errno, "writing the file");
	call->reply_offset = offset;
	call->reply_max = max_bytes;
	return true;
}

const char *call_reply_header(const struct call *call, const char *name)
{
	return http_headers_get(&call->reply.headers, name);
}

/* --- what calls share --- */

void call_core_init(struct call_core *core)
{
	memset(core, 0, sizeof(*core));
	endpoint_config_init(&core->endpoints);
	core->bucket_regions = map_new(mem_free);
}

void call_core_done(struct call_core *core)
{
	wallet_free(core->wallet);
	endpoint_config_done(&core->endpoints);
	map_free(core->bucket_regions);
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

/* --- one try --- */

static void try_now(void *context);

static void finish(void *context)
{
	struct call *call = context;
	struct call_state *state = call->state;

	reply_done(&call->reply);
	call->reply = state->http->reply;
	state->http->reply = (struct http_reply){ .body = STR_EMPTY };
	call_stop(call);
	call->done(call);
}

/* Shape checks happen before the first try, so done comes from the loop. */
static void fail(struct call *call, const struct err *err)
{
	call->ok = false;
	call->err = *err;
	call->state->timer =
		loop_after(call->state->core->loop, 0, finish, call);
}

static void body_hash(const struct call *call, char hex[SIGV4_HEX_SIZE])
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (call->payload_hash[0] != '\0')
		str_set(&text, call->payload_hash);
	else
		hash_add_hex(HASH_SHA256, call->body.text, call->body.len,
			     &text);
	memcpy(hex, text.text, SIGV4_HEX_SIZE);
}

static void add_signed_headers(struct call *call, struct http *http,
			       const struct endpoint *endpoint,
			       const struct sigv4_scope *scope,
			       const char *payload_hash)
{
	const struct cred *cred = wallet_cred(call->state->core->wallet);

	http_clear_headers(http);
	http_add_header(http, "host", endpoint->host.text);
	http_add_header(http, "x-amz-date", scope->time);
	if (call->operation->service == ENDPOINT_S3)
		http_add_header(http, "x-amz-content-sha256", payload_hash);
	if (secret_is_set(&cred->token))
		http_add_header(http, "x-amz-security-token",
				secret_text(&cred->token));
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

static void sign(struct call *call, const struct endpoint *endpoint,
		 const char *path)
{
	struct call_state *state = call->state;
	struct http *http = state->http;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(str_done) struct str authorization = STR_EMPTY;
	CLEANUP(mem_freep) struct sigv4_pair *query = NULL;
	CLEANUP(mem_freep) struct sigv4_pair *headers = NULL;
	char hash[SIGV4_HEX_SIZE];
	struct sigv4_scope scope = {
		.region = endpoint_signing_region(&state->core->endpoints,
						  call->operation->service,
						  state->region),
		.service = endpoint_signing_name(call->operation->service),
	};
	const struct cred *cred = wallet_cred(state->core->wallet);
	struct sigv4_credentials credentials = {
		cred->access_key_id.text,
		&cred->secret_key,
		&cred->token,
	};
	struct sigv4_request request = {
		.method = call->operation->method,
		.path = path,
		.path_rule = call->operation->service == ENDPOINT_S3
				     ? 0
				     : SIGV4_NORMALIZE | SIGV4_ENCODE_TWICE,
		.payload_hash = hash,
	};

	snprintf(state->key_id, sizeof(state->key_id), "%s",
		 cred->access_key_id.text);
	sigv4_time(call_core_now_ms(state->core), scope.time);
	body_hash(call, hash);
	add_signed_headers(call, http, endpoint, &scope, hash);
	headers = mem_alloc_array(http->headers.count, sizeof(*headers));
	for (size_t i = 0; i < http->headers.count; i++)
		headers[i] =
			(struct sigv4_pair){ http->headers.items[i].name,
					     http->headers.items[i].value };
	request.headers = headers;
	request.header_count = http->headers.count;
	query = all_query(call, &name, &request.query_count);
	request.query = query;
	sigv4_sign(&request, &scope, &credentials, &authorization);
	http_add_header(http, "authorization", authorization.text);

	str_add(&url, endpoint->base.text);
	url_escape(&url, path, strlen(path), URL_KEEP_SLASH);
	if (request.query_count > 0) {
		str_add_char(&url, '?');
		sigv4_add_query(query, request.query_count, &url);
	}
	http_set_url(http, url.text);
}

/* Finds host and region for the try, and signs. */
static bool prepare(struct call *call, struct err *err)
{
	struct call_state *state = call->state;
	struct call_core *core = state->core;
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const char *region = call_core_region(core, call->operation->service,
					      call->bucket.text);

	if (call->region[0] != '\0')
		region = call->region;
	if (region[0] == '\0') {
		err_set(err, ERR_USAGE, "no AWS region is set");
		return err_hint(err, "set AWS_REGION, or region in the AWS "
				     "profile, or use --region");
	}
	snprintf(state->region, sizeof(state->region), "%s", region);
	if (!endpoint_find(&core->endpoints, call->operation->service, region,
			   call->bucket.text, &endpoint, err))
		return false;
	call_add_path(&endpoint, call->key.text, &path);
	sign(call, &endpoint, path.text);
	return true;
}

static void retry_after(struct call *call, int64_t delay_ms)
{
	struct call_state *state = call->state;

	log_debug(LOG_AWS, "%s: try %d in %" PRId64 " ms (%s)",
		  call->operation->name, state->attempt + 1, delay_ms,
		  call->err.message);
	state->attempt++;
	state->timer = loop_after(state->core->loop, delay_ms, try_now, call);
}

/* The server's Date says how wrong our clock is. */
static bool learn_clock(struct call *call)
{
	struct call_core *core = call->state->core;
	const char *date =
		http_headers_get(&call->state->http->reply.headers, "date");
	int64_t at_ms;

	if (date == NULL || !isotime_parse_http(date, &at_ms, NULL))
		return false;
	core->skew_ms = at_ms - clock_wall_ms();
	return true;
}

static bool once(bool *did)
{
	bool first = !*did;

	*did = true;
	return first;
}

static bool learn_region(struct call *call, const struct str *region)
{
	struct call_state *state = call->state;

	if (call->bucket.len == 0 || region->len == 0 ||
	    !endpoint_region_valid(region->text) ||
	    strcmp(region->text, state->region) == 0)
		return false;
	map_put(state->core->bucket_regions, call->bucket.text,
		mem_copy_text(region->text));
	return true;
}

/* True: another try is on its way. */
static bool try_again(struct call *call, int status, const struct str *region)
{
	struct call_state *state = call->state;
	enum retry_class class = retry_classify(status, call->err.code);
	uint32_t random;

	/* A HEAD's 400 says nothing but the header with the region. */
	if (region->len > 0 && once(&state->did_region) &&
	    (class == RETRY_REGION || status == 400)) {
		if (learn_region(call, region)) {
			retry_after(call, 0);
			return true;
		}
	}
	if (status == 0)
		class = call->err.retry ? RETRY_TRANSIENT : RETRY_NEVER;
	if (class == RETRY_CLOCK && once(&state->did_clock) &&
	    learn_clock(call)) {
		retry_after(call, 0);
		return true;
	}
	if (class == RETRY_CREDENTIALS && once(&state->did_cred)) {
		wallet_expire(state->core->wallet, state->key_id);
		retry_after(call, 0);
		return true;
	}
	if (class == RETRY_ONCE && once(&state->did_once))
		class = RETRY_TRANSIENT;
	if ((class != RETRY_TRANSIENT && class != RETRY_THROTTLE) ||
	    state->attempt >= RETRY_MAX_ATTEMPTS)
		return false;
	hash_random(&random, sizeof(random));
	retry_after(call, retry_delay_ms(class, state->attempt + 1, random));
	return true;
}

static void replied(struct http *http, const struct err *err)
{
	struct call *call = http->context;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	int status = err->kind != ERR_NONE ? 0 : http->reply.status;

	/* Lent while it is looked at; given back for a further try. */
	struct http_reply mine = call->reply;

	call->reply = http->reply;
	call->ok = status / 100 == 2 && !call_reply_is_error(call);
	err_clear(&call->err);
	if (!call->ok && err->kind != ERR_NONE)
		call->err = *err;
	else if (!call->ok)
		call_map_error(call, &region);
	call->reply = mine;
	if (call->ok || !try_again(call, status, &region))
		finish(call);
}

static void moved(void *context, int64_t bytes)
{
	struct call *call = context;

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
		try_now(call);
}

static void try_now(void *context)
{
	struct call *call = context;
	struct call_state *state = call->state;
	struct call_core *core = state->core;
	struct err err = ERR_EMPTY;

	state->timer = 0;
	switch (wallet_ask(core->wallet, core->skew_ms, woken, call, &err)) {
	case WALLET_WAIT:
		state->waits_for_cred = true;
		return;
	case WALLET_FAILED:
		fail(call, &err);
		return;
	case WALLET_READY:
		break;
	}
	if (!prepare(call, &err)) {
		fail(call, &err);
		return;
	}
	http_start(state->http, core->loop);
}

void call_start(struct call_core *core, struct call *call)
{
	struct call_state *state = mem_alloc(sizeof(*state));
	struct http *http = http_new(call->operation->method, "");

	call->state = state;
	call->ok = false;
	err_clear(&call->err);
	state->core = core;
	state->http = http;
	state->attempt = 1;
	http->ca_file = core->ca_file;
	http->done = replied;
	http->moved = moved;
	http->context = call;
	if (call->reply_limit > 0)
		http->reply_limit = call->reply_limit;
	if (call->body_fd >= 0)
		http_set_body_file(http, call->body_fd, call->body_offset,
				   call->body_length);
	else if (call->body.len > 0)
		http_set_body(http, call->body.text, call->body.len);
	if (call->reply_fd >= 0)
		http_set_reply_file(http, call->reply_fd, call->reply_offset,
				    call->reply_max);
	state->timer = loop_after(core->loop, 0, try_now, call);
}

void call_stop(struct call *call)
{
	struct call_state *state = call->state;

	if (state == NULL)
		return;
	loop_forget(state->core->loop, state->timer);
	if (state->waits_for_cred)
		wallet_forget(state->core->wallet, call);
	http_free(state->http);
	mem_free(state);
	call->state = NULL;
}
