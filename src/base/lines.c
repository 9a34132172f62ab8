#include "base/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

enum { BLOCK_BYTES = 64 << 10 };

struct lines {
	int fd;
	int failed;
	bool is_over;
	size_t at; /* next byte of block */
	size_t end;
	const char *events;          /* looked for last; NULL: look again */
	size_t event;                /* the first of them, or end */
	char block[BLOCK_BYTES + 1]; /* a NUL behind end */
};

struct lines *lines_new(int fd)
{
	struct lines *lines = mem_alloc(sizeof(*lines));

	lines->fd = fd;
	return lines;
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	close(lines->fd);
	mem_free(lines);
}

int lines_error(const struct lines *lines)
{
	return lines->failed;
}

/* Reads behind what is left of the block. false: nothing came. */
static bool refill(struct lines *lines)
{
	size_t left = lines->end - lines->at;
	ssize_t got;

	memmove(lines->block, lines->block + lines->at, left);
	lines->at = 0;
	lines->end = left;
	lines->events = NULL;
	do
		got = lines->is_over ? 0
				     : read(lines->fd, lines->block + left,
					    BLOCK_BYTES - left);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		lines->failed = errno;
	if (got <= 0)
		lines->is_over = true;
	else
		lines->end += (size_t)got;
	lines->block[lines->end] = '\0';
	return got > 0;
}

bool lines_next(struct lines *lines, struct str *out)
{
	bool any = false;

	str_clear(out);
	while (lines->at < lines->end || refill(lines)) {
		const char *from = lines->block + lines->at;
		size_t len = lines->end - lines->at;
		const char *feed = memchr(from, '\n', len);

		if (feed)
			len = (size_t)(feed - from);
		str_add_slice(out, from, len);
		lines->at += len + (feed != NULL);
		any = true;
		if (feed)
			return true;
	}
	return any && !lines->failed;
}

/* So that many short answers do not look through the block many times. */
static const char *find_event(struct lines *lines, const char *events)
{
	if (lines->events != events || lines->event < lines->at)
		lines->event =
			lines->at + strcspn(lines->block + lines->at, events);
	lines->events = events;
	return lines->block + lines->event;
}

/* Where the whole lines end that belong together, from the block alone:
 * behind a line feed; 0: there is no whole line. */
static size_t few_end(struct lines *lines, const char *events,
		      size_t *out_count)
{
	const char *from = lines->block + lines->at;
	const char *end = lines->block + lines->end;
	const char *event = find_event(lines, events);
	const char *line = from;
	const char *feed;

	*out_count = 0;
	while ((feed = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		/* An empty line comes alone. */
		if (feed == line && line > from)
			break;
		line = feed + 1;
		++*out_count;
		/* A NUL in the text is an event as well. */
		if (event < feed || feed == from)
			break;
	}
	return (size_t)(line - from);
}

bool lines_next_few(struct lines *lines, const char *events, struct str *out,
		    size_t *out_count)
{
	size_t len = few_end(lines, events, out_count);

	if (len == 0 && refill(lines))
		len = few_end(lines, events, out_count);
	if (len == 0) {
		*out_count = 1;
		return lines_next(lines, out);
	}
	str_set_slice(out, lines->block + lines->at, len - 1);
	lines->at += len;
	return true;
}
