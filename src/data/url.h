/* data/url.h - URLs: parse, percent-escape, walk a query string. */
#ifndef DATA_URL_H
#define DATA_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct str;

/* Texts are ours until url_done; never NULL ("" when absent). Nothing is
 * unescaped; scheme and host are in lower case. */
struct url {
	char *scheme;	/* "https" */
	char *user;	/* "name:password" before the @ */
	char *host;	/* without the brackets of an IPv6 address */
	int port;	/* 0: not given */
	char *path;	/* begins with "/" or is "" */
	char *query;	/* after the "?", without it */
	char *fragment;	/* after the "#", without it */
};

#define URL_EMPTY                                                              \
	{                                                                      \
		.scheme = NULL                                                 \
	}

void url_done(struct url *url);

/* Needs scheme://host; ERR_USAGE says what is wrong with it. */
bool url_parse(struct url *url, const char *text, struct err *err);

/* "host" or "host:port", IPv6 in brackets, no port when it is the scheme's
 * own (80, 443): what a Host header holds. */
void url_add_authority(const struct url *url, struct str *out);

/* A host name or address (without brackets) of this machine: 127.x.y.z, ::1,
 * localhost and what ends in .localhost (RFC 6761). */
bool url_is_loopback(const char *host);

enum url_escape {
	URL_ESCAPE_ALL,		/* all but A-Z a-z 0-9 - . _ ~ (RFC 3986) */
	URL_KEEP_SLASH,		/* and '/' stays: paths, S3 keys */
};

/* Appends with %XX in upper case, the rule AWS signs by. */
void url_escape(struct str *out, const char *text, size_t len,
		enum url_escape how);

enum url_unescape {
	URL_PLUS_STAYS,
	URL_PLUS_IS_BLANK,	/* form bodies, S3's encoding-type=url */
};

/* Appends; false when a % is not followed by two hex digits (which then
 * stays as it is). */
bool url_unescape(struct str *out, const char *text, size_t len,
		  enum url_unescape how);

/* Walks "a=1&b=2" or a form body: const char *at = query;
 * while (url_query_next(&at, &name, &value)). Both are replaced by the
 * unescaped texts; "b" without "=" has value "" and *out_has_value false. */
bool url_query_next(const char **at, struct str *name, struct str *value,
		    bool *out_has_value);

/* Appends "&name=value" (without the & at the start of out), escaped. */
void url_add_param(struct str *out, const char *name, const char *value);

#endif
