/* kaggle/kaggle_client.h - requests to Kaggle's REST API, waited for.
 *
 * GET only, on a loop of its own in the thread that calls. A body comes in
 * pieces as it is asked for, so what nobody asks for stays in the network.
 * Redirects are followed by us: a download is redirected to a signed address
 * on another host, and the Authorization header goes to no other host than
 * the one it is for. Where Kaggle is busy (429, 5xx) or the network fails, the
 * question is asked again as net/retry says, Retry-After obeyed. Ctrl-C ends
 * every wait within a moment.
 *
 * The address is KAGGLE_API_ENDPOINT, https://www.kaggle.com unless set.
 */
#ifndef KAGGLE_KAGGLE_CLIENT_H
#define KAGGLE_KAGGLE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct json;
struct kaggle_body;
struct kaggle_client;
struct kaggle_name;

/* All in the thread that asked; any may be NULL. */
struct kaggle_watch {
	/* What a person should know: a wait, a broken connection. */
	void (*note)(void *context, const char *text);
	void *context;
};

/* Looks for credentials; without any, what is public can be had. ERR_AUTH,
 * ERR_DATA, ERR_USAGE. */
struct kaggle_client *kaggle_client_new(const struct kaggle_watch *watch,
					struct err *err);
void kaggle_client_free(struct kaggle_client *client);	/* NULL is fine */
CLEANUP_FREE(struct kaggle_client, kaggle_client_free, kaggle_client_freep)

/* Runs some ten times a second while a reply is waited for; NULL: none. */
void kaggle_client_set_tick(struct kaggle_client *client,
			    void (*tick)(void *context), void *context);

/* What is wrong with the file of the key, "" when nothing. */
const char *kaggle_client_warning(const struct kaggle_client *client);

void kaggle_client_note(struct kaggle_client *client, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Is another try worth it after that failure? Then waits as long as is fit.
 * *attempt: tries so far, counted up. False leaves err, or says that it was
 * cancelled. */
bool kaggle_client_again(struct kaggle_client *client, int *attempt,
			 struct err *err);

struct kaggle_ask {
	const char *path;	/* behind /api/v1, escaped: "/datasets/list?.." */
	int64_t from;		/* first byte wanted; -1: no range */
	int64_t to;		/* last one; -1: to the end */
	const struct kaggle_name *about;	/* for messages; NULL */
};

/* Waits for the reply's head and its first bytes: a reply of 200, 206 or 416
 * that is no page of the web site. ERR_AUTH, ERR_MISSING, ERR_NETWORK, or
 * ERR_SERVER with what Kaggle says. */
struct kaggle_body *kaggle_open(struct kaggle_client *client,
				const struct kaggle_ask *ask, struct err *err);
void kaggle_close(struct kaggle_body *body);	/* NULL is fine */
CLEANUP_FREE(struct kaggle_body, kaggle_close, kaggle_closep)

int kaggle_body_status(const struct kaggle_body *body);

/* NULL: there is none. */
const char *kaggle_body_header(const struct kaggle_body *body,
			       const char *name);

/* The next bytes, at most so many; borrowed until the next call. *out_len 0:
 * the reply has ended as it should. False with err->retry: it broke off. */
bool kaggle_body_next(struct kaggle_body *body, size_t most,
		      const char **out_bytes, size_t *out_len,
		      struct err *err);

/* The same bytes without taking them, and at least so many of them unless the
 * reply has fewer: a first piece may be a single byte. */
bool kaggle_body_peek(struct kaggle_body *body, size_t least,
		      const char **out_bytes, size_t *out_len,
		      struct err *err);

/* A whole reply of at most 8 MiB as JSON. */
struct json *kaggle_fetch(struct kaggle_client *client,
			  const struct kaggle_ask *ask, struct err *err);

#endif
