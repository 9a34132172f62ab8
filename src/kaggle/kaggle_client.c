#include "kaggle/kaggle_client.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/url.h"
#include "kaggle/kaggle_cred.h"
#include "kaggle/kaggle_name.h"
#include "kaggle/kaggle_reply.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/retry.h"

enum {
	TURN_MS = 100,
	TRIES = 6, /* Kaggle's own client: five retries */
	REDIRECTS = 5,
	FETCH_MAX = 8 * 1024 * 1024,
	BUFFER_MAX = 1024 * 1024, /* the loop rests while that much waits */
};

static const char default_site[] = "https://www.kaggle.com";

struct kaggle_client {
	struct kaggle_watch watch;
	void (*tick)(void *context);
	void *tick_context;
	struct kaggle_cred cred;
	struct loop *loop;
	struct str site;      /* "https://www.kaggle.com" */
	const char *ca_file;  /* NULL: the system's */
	int64_t wish_ms;      /* what the last reply wished; -1: nothing */
	enum retry_class class; /* of the last failure */
};

struct kaggle_body {
	struct kaggle_client *client;
	struct http *http;
	struct str buffer; /* bytes that came and were not given out, */
	size_t given;      /* ... from here on */
	bool ended;
	struct err err; /* how */
};

/* --- the client --- */

/* As Kaggle's own client, which is made with Python's requests. */
static const char *find_ca_file(void)
{
	static const char *const names[] = { "REQUESTS_CA_BUNDLE",
					     "CURL_CA_BUNDLE",
					     "AWS_CA_BUNDLE" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return value;
	}
	return NULL;
}

/* A key is not sent in the clear but to this machine. */
static bool find_site(struct kaggle_client *client, struct err *err)
{
	const char *given = getenv("KAGGLE_API_ENDPOINT");
	CLEANUP(url_done) struct url url = URL_EMPTY;

	str_set(&client->site,
		given != NULL && given[0] != '\0' ? given : default_site);
	while (str_ends(client->site.text, "/"))
		str_cut(&client->site, client->site.len - 1);
	if (!url_parse(&url, client->site.text, err))
		return err_wrap(err, "KAGGLE_API_ENDPOINT");
	if (strcmp(url.scheme, "https") == 0 || url_is_loopback(url.host))
		return true;
	err_set(err, ERR_USAGE, "KAGGLE_API_ENDPOINT: %s would get your key "
				"without TLS",
		client->site.text);
	return err_hint(err, "take an address that begins with https://");
}

struct kaggle_client *kaggle_client_new(const struct kaggle_watch *watch,
					struct err *err)
{
	static const struct kaggle_cred no_cred = KAGGLE_CRED_EMPTY;
	struct kaggle_client *client = mem_alloc(sizeof(*client));

	client->watch = *watch;
	client->cred = no_cred;
	client->site = (struct str)STR_EMPTY;
	client->ca_file = find_ca_file();
	if (find_site(client, err) && kaggle_cred_find(&client->cred, err))
		client->loop = loop_new(err);
	if (client->loop != NULL)
		return client;
	kaggle_client_free(client);
	return NULL;
}

void kaggle_client_free(struct kaggle_client *client)
{
	if (client == NULL)
		return;
	loop_free(client->loop);
	kaggle_cred_done(&client->cred);
	str_done(&client->site);
	mem_free(client);
}

const char *kaggle_client_warning(const struct kaggle_client *client)
{
	return client->cred.warning.text;
}

void kaggle_client_set_tick(struct kaggle_client *client,
			    void (*tick)(void *context), void *context)
{
	client->tick = tick;
	client->tick_context = context;
}

void kaggle_client_note(struct kaggle_client *client, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	if (client->watch.note == NULL)
		return;
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	client->watch.note(client->watch.context, text.text);
}

static bool turn(struct kaggle_client *client, struct err *err)
{
	if (!cancel_check(err))
		return false;
	if (client->tick != NULL)
		client->tick(client->tick_context);
	loop_turn(client->loop, TURN_MS);
	return true;
}

/* --- waiting before another try --- */

static void time_is_up(void *context)
{
	*(bool *)context = true;
}

bool kaggle_client_again(struct kaggle_client *client, int *attempt,
			 struct err *err)
{
	struct err cancelled = ERR_EMPTY;
	bool up = false;
	uint32_t random;
	int64_t wait_ms, timer;

	if (!err->retry || ++*attempt > TRIES)
		return false;
	hash_random(&random, sizeof(random));
	wait_ms = retry_delay_ms(client->class == RETRY_THROTTLE
					 ? RETRY_THROTTLE
					 : RETRY_TRANSIENT,
				 *attempt, random);
	if (client->wish_ms > wait_ms)
		wait_ms = client->wish_ms;
	if (wait_ms >= 1000)
		kaggle_client_note(client, "%s; asking again in %lld s",
				   err->message, (long long)(wait_ms / 1000));
	timer = loop_after(client->loop, wait_ms, time_is_up, &up);
	while (!up && turn(client, &cancelled))
		;
	loop_forget(client->loop, timer);
	if (!up)
		*err = cancelled;
	return up;
}

/* --- one exchange --- */

static void arrived(void *context, const char *bytes, size_t len)
{
	struct kaggle_body *body = context;

	str_add_slice(&body->buffer, bytes, len);
	/* It is kept here only. */
	str_clear(&body->http->reply.body);
}

static void ended(struct http *http, const struct err *err)
{
	struct kaggle_body *body = http->context;

	body->ended = true;
	body->err = *err;
}

static bool is_same_host(const char *a, const char *b)
{
	CLEANUP(url_done) struct url first = URL_EMPTY;
	CLEANUP(url_done) struct url second = URL_EMPTY;

	return url_parse(&first, a, NULL) && url_parse(&second, b, NULL) &&
	       strcmp(first.scheme, second.scheme) == 0 &&
	       strcmp(first.host, second.host) == 0 &&
	       first.port == second.port;
}

static void prepare(struct kaggle_body *body, const struct kaggle_ask *ask,
		    const char *url)
{
	struct kaggle_client *client = body->client;
	struct http *http = http_new("GET", url);

	http_free(body->http);
	body->http = http;
	body->ended = false;
	body->given = 0;
	str_clear(&body->buffer);
	http->ca_file = client->ca_file;
	http->done = ended;
	http->arrived = arrived;
	http->context = body;
	if (secret_is_set(&client->cred.header) &&
	    is_same_host(url, client->site.text))
		http_add_header(http, "Authorization",
				secret_text(&client->cred.header));
	if (ask->from >= 0) {
		CLEANUP(str_done) struct str range = STR_EMPTY;

		str_addf(&range, "bytes=%lld-", (long long)ask->from);
		if (ask->to >= 0)
			str_add_number(&range, ask->to);
		http_add_header(http, "Range", range.text);
	}
}

/* Until there are so many bytes, or the end. */
static bool wait_for_bytes(struct kaggle_body *body, size_t least,
			   struct err *err)
{
	while (!body->ended && body->buffer.len - body->given < least)
		if (!turn(body->client, err))
			return false;
	return true;
}

static bool is_redirect(const struct kaggle_body *body)
{
	int status = body->http->reply.status;

	return body->ended && (status == 301 || status == 302 ||
			       status == 303 || status == 307 || status == 308);
}

/* The address a reply sends us to; relative ones are of the same host. */
static bool find_next(const struct kaggle_body *body, struct str *out,
		      struct err *err)
{
	const char *to =
		http_headers_get(&body->http->reply.headers, "Location");
	CLEANUP(url_done) struct url url = URL_EMPTY;

	str_clear(out);
	if (to != NULL && to[0] == '/' && to[1] != '/') {
		if (!url_parse(&url, body->http->url, err))
			return false;
		str_addf(out, "%s://", url.scheme);
		url_add_authority(&url, out);
	}
	str_add(out, to != NULL ? to : "");
	if (str_starts(out->text, "https://") ||
	    (str_starts(out->text, "http://") &&
	     str_starts(body->http->url, "http://")))
		return true;
	return err_set(err, ERR_DATA,
		       "Kaggle sent us to an address that is none of https");
}

static void remember(struct kaggle_client *client,
		     const struct http_reply *reply)
{
	const char *after = http_headers_get(&reply->headers, "Retry-After");

	client->class = retry_classify(reply->status, "");
	client->wish_ms = after != NULL ? retry_wish_ms(0, NULL, after,
							clock_wall_ms())
					: -1;
}

/* What the site says of a key means another thing where there is none, and
 * where there is one it should be told which. */
static bool explain_key(const struct kaggle_client *client,
			const struct kaggle_name *about, struct err *err)
{
	CLEANUP(str_done) struct str subject = STR_EMPTY;

	if (err == NULL)
		return false;
	if (!secret_is_set(&client->cred.header) && err->kind == ERR_MISSING)
		return err_hint(err,
				"\\kaggle search WORDS finds names; is it "
				"private? then it wants a key, and there "
				"is no %.200s",
				client->cred.from.text);
	if (err->kind != ERR_AUTH)
		return false;
	if (!secret_is_set(&client->cred.header)) {
		if (about != NULL)
			kaggle_name_add(about, &subject);
		else
			str_add(&subject, "a search");
		return kaggle_cred_refuse_nobody(&client->cred, subject.text,
						 err);
	}
	if (strcmp(err->code, "401") == 0)
		err_hint(err,
			 "it is of %.200s; make a new one at "
			 "https://www.kaggle.com/settings",
			 client->cred.from.text);
	return false;
}

/* One try, redirects followed. */
static bool ask_once(struct kaggle_body *body, const struct kaggle_ask *ask,
		     struct err *err)
{
	struct kaggle_client *client = body->client;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	const struct http_reply *reply;

	client->wish_ms = -1;
	client->class = RETRY_TRANSIENT;
	str_addf(&url, "%s/api/v1%s", client->site.text, ask->path);
	for (int step = 0; step <= REDIRECTS; step++) {
		prepare(body, ask, url.text);
		http_start(body->http, client->loop);
		if (!wait_for_bytes(body, 1, err))
			return false;
		reply = &body->http->reply;
		/* What came before a break is as good as any. */
		if (body->ended && body->err.kind != ERR_NONE &&
		    body->buffer.len == 0) {
			*err = body->err;
			return false;
		}
		if (!is_redirect(body)) {
			remember(client, reply);
			return kaggle_reply_check(
				reply,
				(struct kaggle_slice){ body->buffer.text,
						       body->buffer.len },
				ask->about, err);
		}
		if (kaggle_reply_is_login(
			    http_headers_get(&reply->headers, "Location")))
			return kaggle_reply_login(ask->about, err);
		if (!find_next(body, &url, err))
			return false;
	}
	return err_set(err, ERR_DATA, "Kaggle redirects without end");
}

static bool try_open(struct kaggle_body *body, const struct kaggle_ask *ask,
		     struct err *err)
{
	return ask_once(body, ask, err) ||
	       explain_key(body->client, ask->about, err);
}

struct kaggle_body *kaggle_open(struct kaggle_client *client,
				const struct kaggle_ask *ask, struct err *err)
{
	struct kaggle_body *body = mem_alloc(sizeof(*body));
	struct err failed = ERR_EMPTY;
	int attempt = 1;

	body->client = client;
	body->buffer = (struct str)STR_EMPTY;
	while (!try_open(body, ask, &failed)) {
		http_free(body->http);
		body->http = NULL;
		if (kaggle_client_again(client, &attempt, &failed))
			continue;
		kaggle_close(body);
		if (err != NULL)
			*err = failed;
		return NULL;
	}
	return body;
}

void kaggle_close(struct kaggle_body *body)
{
	if (body == NULL)
		return;
	http_free(body->http);
	str_done(&body->buffer);
	mem_free(body);
}

int kaggle_body_status(const struct kaggle_body *body)
{
	return body->http->reply.status;
}

const char *kaggle_body_header(const struct kaggle_body *body,
			       const char *name)
{
	return http_headers_get(&body->http->reply.headers, name);
}

bool kaggle_body_next(struct kaggle_body *body, size_t most,
		      const char **out_bytes, size_t *out_len, struct err *err)
{
	size_t left;

	if (body->given == body->buffer.len) {
		body->given = 0;
		/* What a burst left behind is not kept. */
		if (body->buffer.cap > BUFFER_MAX)
			str_done(&body->buffer);
		else
			str_clear(&body->buffer);
	}
	if (!wait_for_bytes(body, 1, err))
		return false;
	left = body->buffer.len - body->given;
	if (left == 0 && body->err.kind != ERR_NONE) {
		if (err != NULL)
			*err = body->err;
		return false;
	}
	*out_len = left < most ? left : most;
	*out_bytes = body->buffer.text + body->given;
	body->given += *out_len;
	return true;
}

bool kaggle_body_peek(struct kaggle_body *body, size_t least,
		      const char **out_bytes, size_t *out_len, struct err *err)
{
	if (!wait_for_bytes(body, least, err))
		return false;
	if (body->buffer.len - body->given < least &&
	    body->err.kind != ERR_NONE) {
		if (err != NULL)
			*err = body->err;
		return false;
	}
	if (!kaggle_body_next(body, SIZE_MAX, out_bytes, out_len, err))
		return false;
	body->given -= *out_len;
	return true;
}

/* --- JSON --- */

static struct json *try_fetch(struct kaggle_client *client,
			      const struct kaggle_ask *ask, struct err *err)
{
	CLEANUP(kaggle_closep)
	struct kaggle_body *body = kaggle_open(client, ask, err);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *bytes;
	struct json *json;
	size_t len = 1;

	if (body == NULL)
		return NULL;
	while (len > 0) {
		if (!kaggle_body_next(body, FETCH_MAX, &bytes, &len, err))
			return NULL;
		str_add_slice(&text, bytes, len);
		if (text.len > FETCH_MAX) {
			err_set(err, ERR_DATA,
				"Kaggle's answer is longer than 8 MiB");
			return NULL;
		}
	}
	json = json_parse(text.text, text.len, err);
	if (json == NULL)
		err_wrap(err, "Kaggle's answer is no JSON");
	return json;
}

struct json *kaggle_fetch(struct kaggle_client *client,
			  const struct kaggle_ask *ask, struct err *err)
{
	struct err failed = ERR_EMPTY;
	int attempt = 1;

	for (;;) {
		struct json *json = try_fetch(client, ask, &failed);

		if (json != NULL)
			return json;
		/* What kaggle_open gave up is given up. */
		if (failed.kind != ERR_NETWORK ||
		    !kaggle_client_again(client, &attempt, &failed)) {
			if (err != NULL)
				*err = failed;
			return NULL;
		}
		err_clear(&failed);
	}
}
