/* net/http.h - one HTTP exchange on a loop.
 *
 *	struct http *http = http_new("PUT", url);
 *	http_add_header(http, "content-type", "text/csv");
 *	http_set_body_file(http, fd, offset, length);
 *	http->done = ...; http->context = ...;
 *	http_start(http, loop);
 *
 * The URL goes on the wire as given (dot segments stay), redirects are not
 * followed, nothing is decoded. A reply that ends before its stated length
 * is an error. Replies over the limit are an error. An exchange may be
 * started again after it has ended (for a retry with new headers).
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

struct loop;

struct http_header {
	char *name;
	char *value;
};

struct http_headers {
	struct http_header *items;	/* [count], in order */
	size_t count;
	size_t cap;
};

void http_headers_done(struct http_headers *headers);
void http_headers_add(struct http_headers *headers, const char *name,
		      const char *value);

/* Any case; the first of that name; NULL: none. */
const char *http_headers_get(const struct http_headers *headers,
			     const char *name);

struct http_reply {
	int status;			/* 0: none came */
	struct http_headers headers;	/* names as sent */
	struct str body;		/* what did not go to the file */
	int64_t file_bytes;		/* what did */
};

struct http {
	/* to be set before http_start: */
	char *method;
	char *url;
	struct http_headers headers;
	const char *ca_file;		/* borrowed; NULL: the system's */
	size_t reply_limit;		/* bytes of a 2xx reply.body, 4 MiB */
	int connect_timeout_ms;		/* 10 s */
	int stall_timeout_s;		/* no byte for that long: 60 s */
	bool direct;			/* never by a proxy */
	bool http2;			/* where TLS offers it, else 1.1 */
	void (*done)(struct http *http, const struct err *err);
	void (*moved)(void *context, int64_t bytes); /* sent or received;
						      * NULL: none */
	void (*arrived)(void *context, const char *bytes, size_t len);
					/* body of a 2xx; NULL: none */
	void *context;

	/* filled: */
	struct http_reply reply;
	bool timed_out;			/* that is why it failed */

	struct http_state *state;	/* http.c */
};

struct http *http_new(const char *method, const char *url);
void http_free(struct http *http);	/* stops it; no callback */
CLEANUP_FREE(struct http, http_free, http_freep)

void http_add_header(struct http *http, const char *name, const char *value);
void http_clear_headers(struct http *http);
void http_set_url(struct http *http, const char *url);

/* The bytes are copied. */
void http_set_body(struct http *http, const char *bytes, size_t len);

/* Not copied: borrowed until the exchange has ended. */
void http_lend_body(struct http *http, const char *bytes, size_t len);

/* Read by pread while it goes out; fd is borrowed until the end. */
void http_set_body_file(struct http *http, int fd, int64_t offset,
			int64_t length);

/* The body of a 2xx reply is written to fd (borrowed) from offset on by
 * pwrite; more than max_bytes is an error. */
void http_set_reply_file(struct http *http, int fd, int64_t offset,
			 int64_t max_bytes);

/* done always runs, from a later loop_turn; its err is ERR_NONE when a whole
 * reply came, whatever its status. done may free or restart the exchange. */
void http_start(struct http *http, struct loop *loop);
void http_stop(struct http *http);	/* without calling done */

#endif
