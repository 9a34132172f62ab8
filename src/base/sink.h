/* base/sink.h - where bytes go, without saying what is behind it.
 *
 * Printers, downloads and writers get a struct sink; files, pipes, the pager
 * and growing texts are behind it. write takes all bytes or fails.
 */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct str;

struct sink {
	bool (*write)(void *context, const char *bytes, size_t len,
		      struct err *err);
	void *context;
};

bool sink_write(struct sink *sink, const char *bytes, size_t len,
		struct err *err);
bool sink_text(struct sink *sink, const char *text, struct err *err);

/* A sink that appends to str. */
struct sink sink_to_str(struct str *str);

/* A sink that writes to a file descriptor, retrying short writes. */
struct sink sink_to_fd(int *fd);

#endif
