#include "base/sink.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

bool sink_write(struct sink *sink, const char *bytes, size_t len,
		struct err *err)
{
	return len == 0 || sink->write(sink->context, bytes, len, err);
}

bool sink_text(struct sink *sink, const char *text, struct err *err)
{
	return sink_write(sink, text, strlen(text), err);
}

static bool write_to_str(void *context, const char *bytes, size_t len,
			 struct err *err)
{
	(void)err;
	str_add_slice(context, bytes, len);
	return true;
}

struct sink sink_to_str(struct str *str)
{
	return (struct sink){ .write = write_to_str, .context = str };
}

static bool write_to_fd(void *context, const char *bytes, size_t len,
			struct err *err)
{
	const int *fd = context;

	while (len > 0) {
		ssize_t done = write(*fd, bytes, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_set_errno(err, errno, "cannot write");
		bytes += done;
		len -= (size_t)done;
	}
	return true;
}

struct sink sink_to_fd(int *fd)
{
	return (struct sink){ .write = write_to_fd, .context = fd };
}
