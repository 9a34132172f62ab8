#include "edit/guard.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/mem.h"

enum state { TEXT, ESCAPE, SEQUENCE };

struct guard {
	int fd;
	const struct guard_calls *calls;
	enum state state; /* an order may be cut between two writes */
};

static void write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (put > 0) {
			bytes += put;
			len -= (size_t)put;
		}
	}
}

/* False: the byte is text. */
static bool is_order(struct guard *guard, char c)
{
	switch (guard->state) {
	case ESCAPE:
		guard->state = c == '[' ? SEQUENCE : TEXT;
		return true;
	case SEQUENCE:
		if (c >= 0x40 && c < 0x7f)
			guard->state = TEXT;
		return true;
	case TEXT:
		break;
	}
	if (c == '\033')
		guard->state = ESCAPE;
	return c == '\033' || c == '\a' || c == '\r';
}

static ssize_t guard_write(void *cookie, const char *bytes, size_t len)
{
	struct guard *guard = cookie;
	bool has_text = false;

	for (size_t i = 0; i < len; i++)
		has_text |= !is_order(guard, bytes[i]);
	if (has_text)
		guard->calls->text(guard->calls->context);
	write_all(guard->fd, bytes, len);
	if (!has_text && memchr(bytes, '\r', len) != NULL)
		guard->calls->carriage_return(guard->calls->context);
	return (ssize_t)len;
}

static int guard_close(void *cookie)
{
	mem_free(cookie);
	return 0;
}

FILE *guard_open(int fd, const struct guard_calls *calls)
{
	struct guard *guard = mem_alloc(sizeof(*guard));
	cookie_io_functions_t functions = { .write = guard_write,
					    .close = guard_close };
	FILE *stream;

	guard->fd = fd;
	guard->calls = calls;
	stream = fopencookie(guard, "w", functions);
	if (stream == NULL)
		mem_free(guard);
	else
		setvbuf(stream, NULL, _IOFBF, BUFSIZ);
	return stream;
}
