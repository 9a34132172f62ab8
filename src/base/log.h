/* base/log.h - the debug log: by topic, to a file, never with secrets.
 *
 * Off unless log_open was called (--debug-log FILE or REDSH_DEBUG). Lines are
 * "TIME TOPIC text"; control bytes are escaped. Any thread may write.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/err.h"

enum log_topic {
	LOG_SHELL,
	LOG_SQL,
	LOG_DB,
	LOG_HTTP,
	LOG_AWS,
	LOG_CATALOG,
	LOG_SANDBOX,
};

bool log_open(const char *path, struct err *err);
void log_close(void);
bool log_enabled(void);
void log_debug(enum log_topic topic, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
