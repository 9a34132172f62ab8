/* sandbox/ground/stream.h - a buffered byte stream over a socket, plain or TLS.
 *
 * Blocking, one thread each. Another thread may call shutdown(2) on the
 * descriptor, which ends a wait here as if the peer had closed.
 */
#ifndef SANDBOX_GROUND_STREAM_H
#define SANDBOX_GROUND_STREAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tls_link;
struct tls_server;

struct stream {
	int fd;               /* owned */
	/* since when it waits for the peer's bytes; 0: it does not. Any
	 * thread may look. */
	atomic_int_least64_t waits_since_us;
	struct tls_link *tls; /* owned; NULL: plain */
	struct str in;        /* in.text[in_at..) is unread */
	size_t in_at;
	struct str out; /* waits for stream_flush */
};

void stream_open(struct stream *stream, int fd);
void stream_close(struct stream *stream);

/* Does TLS's handshake, as the server; from then on all is encrypted. */
bool stream_start_tls(struct stream *stream, struct tls_server *server,
		      struct err *err);

/* The next len bytes without taking them, borrowed until the next peek.
 * NULL: failure, or (err untouched) the peer closed before the first. */
const char *stream_peek(struct stream *stream, size_t len, struct err *err);
void stream_skip(struct stream *stream, size_t len); /* <= peeked */
size_t stream_buffered(const struct stream *stream);

/* Gives back what large messages took, where nothing waits to be read or
 * sent: what was peeked is gone. */
void stream_trim(struct stream *stream);

/* Writing: append to stream->out, then flush. stream_flush_if sends only
 * when at least that much waits. */
bool stream_flush(struct stream *stream, struct err *err);
bool stream_flush_if(struct stream *stream, size_t bytes, struct err *err);

#endif
