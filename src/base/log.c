#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

static const char *const topic_names[] = {
	[LOG_SHELL] = "shell", [LOG_SQL] = "sql",	  [LOG_DB] = "db",
	[LOG_HTTP] = "http",   [LOG_AWS] = "aws",	  [LOG_CATALOG] = "catalog",
	[LOG_SANDBOX] = "sandbox",
};

static struct {
	pthread_mutex_t lock;
	int fd;
} log_sink = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1 };

bool log_open(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set_errno(err, errno, "cannot open log %s", path);
	log_close();
	log_sink.fd = fd;
	return true;
}

void log_close(void)
{
	if (log_sink.fd >= 0)
		close(log_sink.fd);
	log_sink.fd = -1;
}

bool log_enabled(void)
{
	return log_sink.fd >= 0;
}

static void add_escaped(struct str *line, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			str_addf(line, "\\x%02x", c);
		else
			str_add_char(line, *text);
	}
}

void log_debug(enum log_topic topic, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	int64_t now = clock_wall_ms();
	va_list args;

	if (!log_enabled())
		return;
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	str_addf(&line, "%lld.%03d %-7s ", (long long)(now / 1000),
		 (int)(now % 1000), topic_names[topic]);
	add_escaped(&line, text.text);
	str_add_char(&line, '\n');
	pthread_mutex_lock(&log_sink.lock);
	if (write(log_sink.fd, line.text, line.len) < 0)
		log_close();	/* a full disk must not stop the work */
	pthread_mutex_unlock(&log_sink.lock);
}
