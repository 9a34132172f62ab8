/* kaggle/kaggle_reply.h - what Kaggle's answers that are none say, in words.
 *
 * Errors come as JSON {"code", "message"}, as plain text, or as a page of the
 * web site: of its log-in, or of a data set whose licence was not accepted.
 * Pure.
 */
#ifndef KAGGLE_KAGGLE_REPLY_H
#define KAGGLE_KAGGLE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct http_reply;
struct kaggle_name;

struct kaggle_slice {
	const char *text;
	size_t len;
};

/* True for 200, 206 and 416 whose first bytes are no web page. about may be
 * NULL. err->retry: the same may go well later. */
bool kaggle_reply_check(const struct http_reply *reply,
			struct kaggle_slice begin,
			const struct kaggle_name *about, struct err *err);

/* Does a redirect lead to the log-in? NULL is fine. */
bool kaggle_reply_is_login(const char *location);
bool kaggle_reply_login(const struct kaggle_name *about, struct err *err);

#endif
