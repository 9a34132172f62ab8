#include "sandbox/ground/stream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "sandbox/ground/tls.h"

#define READ_BYTES 16384
#define KEEP_BYTES 65536 /* of an idle connection's buffers */

void stream_open(struct stream *stream, int fd)
{
	struct stream fresh = { .fd = fd, .in = STR_EMPTY, .out = STR_EMPTY };

	*stream = fresh;
}

void stream_close(struct stream *stream)
{
	tls_link_free(stream->tls);
	stream->tls = NULL;
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
	str_done(&stream->in);
	str_done(&stream->out);
}

static void begin_wait(struct stream *stream)
{
	atomic_store_explicit(&stream->waits_since_us, clock_monotonic_us(),
			      memory_order_relaxed);
}

static void end_wait(struct stream *stream)
{
	atomic_store_explicit(&stream->waits_since_us, 0,
			      memory_order_relaxed);
}

bool stream_start_tls(struct stream *stream, struct tls_server *server,
		      struct err *err)
{
	begin_wait(stream);
	stream->tls = tls_accept(server, stream->fd, err);
	end_wait(stream);
	return stream->tls != NULL;
}

static ssize_t read_plain(struct stream *stream, char *to, size_t len,
			  struct err *err)
{
	ssize_t got;

	do
		got = recv(stream->fd, to, len, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		err_set_errno(err, errno, "receiving");
	return got;
}

static ssize_t read_some(struct stream *stream, char *to, size_t len,
			 struct err *err)
{
	ssize_t got;

	begin_wait(stream);
	got = stream->tls ? tls_read(stream->tls, to, len, err)
			  : read_plain(stream, to, len, err);
	end_wait(stream);
	return got;
}

size_t stream_buffered(const struct stream *stream)
{
	return stream->in.len - stream->in_at;
}

void stream_trim(struct stream *stream)
{
	if (stream_buffered(stream) == 0 && stream->in.cap > KEEP_BYTES) {
		str_done(&stream->in);
		stream->in_at = 0;
	}
	if (stream->out.len == 0 && stream->out.cap > KEEP_BYTES)
		str_done(&stream->out);
}

const char *stream_peek(struct stream *stream, size_t len, struct err *err)
{
	if (stream->in_at > 0 && stream_buffered(stream) < len) {
		size_t left = stream_buffered(stream);

		memmove(stream->in.text, stream->in.text + stream->in_at, left);
		str_cut(&stream->in, left);
		stream->in_at = 0;
	}
	while (stream_buffered(stream) < len) {
		char bytes[READ_BYTES];
		ssize_t got = read_some(stream, bytes, sizeof(bytes), err);

		if (got < 0)
			return NULL;
		if (got == 0) {
			if (stream_buffered(stream) > 0)
				err_set(err, ERR_NETWORK,
					"connection closed inside a message");
			return NULL;
		}
		str_add_slice(&stream->in, bytes, (size_t)got);
	}
	return stream->in.text + stream->in_at;
}

void stream_skip(struct stream *stream, size_t len)
{
	stream->in_at += len;
}

bool stream_flush(struct stream *stream, struct err *err)
{
	size_t sent = 0;

	while (sent < stream->out.len) {
		const char *from = stream->out.text + sent;
		size_t len = stream->out.len - sent;
		ssize_t done;

		if (stream->tls) {
			done = tls_write(stream->tls, from, len, err);
			if (done < 0)
				return false;
		} else {
			done = send(stream->fd, from, len, MSG_NOSIGNAL);
			if (done < 0 && errno == EINTR)
				continue;
			if (done < 0)
				return err_set_errno(err, errno, "sending");
		}
		sent += (size_t)done;
	}
	str_clear(&stream->out);
	return true;
}

bool stream_flush_if(struct stream *stream, size_t bytes, struct err *err)
{
	return stream->out.len < bytes || stream_flush(stream, err);
}
