#include "data/url.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

void url_done(struct url *url)
{
	mem_free(url->scheme);
	mem_free(url->user);
	mem_free(url->host);
	mem_free(url->path);
	mem_free(url->query);
	mem_free(url->fragment);
	*url = (struct url)URL_EMPTY;
}

static char *lower_slice(const char *text, size_t len)
{
	char *copy = mem_copy_slice(text, len);

	for (size_t i = 0; i < len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] - 'A' + 'a');
	return copy;
}

/* RFC 3986: ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static size_t scheme_len(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	if (len == 0 || !isalpha((unsigned char)text[0]) ||
	    strncmp(text + len, "://", 3) != 0)
		return 0;
	return len;
}

static bool parse_port(struct url *url, const char *text, size_t len,
		       struct err *err)
{
	int port = 0;

	if (len == 0)
		return true;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || i >= 5)
			return err_set(err, ERR_USAGE, "\"%.*s\" is no port",
				       (int)len, text);
		port = port * 10 + (text[i] - '0');
	}
	if (port == 0 || port > 65535)
		return err_set(err, ERR_USAGE,
			       "port %d is not between 1 and 65535", port);
	url->port = port;
	return true;
}

static bool host_is_clean(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f ||
		    strchr("\"<>\\^`{|}", text[i]) != NULL)
			return false;
	return len > 0;
}

/* [user@]host[:port] */
static bool parse_authority(struct url *url, const char *text, size_t len,
			    struct err *err)
{
	const char *at = memrchr(text, '@', len);
	const char *host = at ? at + 1 : text;
	const char *end = text + len;
	const char *host_end;

	url->user = at ? mem_copy_slice(text, (size_t)(at - text))
		       : mem_copy_text("");
	if (host < end && *host == '[') {
		host_end = memchr(host, ']', (size_t)(end - host));
		if (host_end == NULL)
			return err_set(err, ERR_USAGE, "no ] after [");
		host++;
		url->host = lower_slice(host, (size_t)(host_end - host));
		host_end++;
	} else {
		host_end = memchr(host, ':', (size_t)(end - host));
		if (host_end == NULL)
			host_end = end;
		url->host = lower_slice(host, (size_t)(host_end - host));
	}
	if (!host_is_clean(url->host, strlen(url->host)))
		return err_set(err, ERR_USAGE, "\"%s\" is no host name",
			       url->host);
	if (host_end == end)
		return true;
	if (*host_end != ':')
		return err_set(err, ERR_USAGE, "\"%.*s\" after the host",
			       (int)(end - host_end), host_end);
	return parse_port(url, host_end + 1, (size_t)(end - host_end - 1), err);
}

static bool parse_into(struct url *url, const char *text, struct err *err)
{
	size_t len = scheme_len(text);
	const char *at;

	if (len == 0)
		return err_set(err, ERR_USAGE,
			       "it does not begin with https:// or http://");
	url->scheme = lower_slice(text, len);
	at = text + len + 3;
	len = strcspn(at, "/?#");
	if (!parse_authority(url, at, len, err))
		return false;
	at += len;
	len = strcspn(at, "?#");
	url->path = mem_copy_slice(at, len);
	at += len;
	len = *at == '?' ? strcspn(++at, "#") : 0;
	url->query = mem_copy_slice(at, len);
	at += len;
	url->fragment = mem_copy_text(*at == '#' ? at + 1 : "");
	return true;
}

bool url_parse(struct url *url, const char *text, struct err *err)
{
	CLEANUP(url_done) struct url parsed = URL_EMPTY;

	if (!parse_into(&parsed, text, err))
		return err_wrap(err, "malformed URL \"%s\"", text);
	url_done(url);
	*url = parsed;
	parsed = (struct url)URL_EMPTY;
	return true;
}

bool url_is_loopback(const char *host)
{
	static const char name[] = "localhost";
	size_t len = strlen(host);
	size_t end = sizeof(name) - 1;

	if (strcmp(host, "::1") == 0 || str_equal_nocase(host, name))
		return true;
	if (str_starts(host, "127."))
		return strspn(host, "0123456789.") == len;
	return len > end && host[len - end - 1] == '.' &&
	       str_equal_nocase(host + len - end, name);
}

void url_add_authority(const struct url *url, struct str *out)
{
	bool ipv6 = strchr(url->host, ':') != NULL;
	int own = strcmp(url->scheme, "https") == 0  ? 443
		  : strcmp(url->scheme, "http") == 0 ? 80
						     : 0;

	if (ipv6)
		str_add_char(out, '[');
	str_add(out, url->host);
	if (ipv6)
		str_add_char(out, ']');
	if (url->port != 0 && url->port != own)
		str_addf(out, ":%d", url->port);
}

static bool is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void url_escape(struct str *out, const char *text, size_t len,
		enum url_escape how)
{
	static const char digits[] = "0123456789ABCDEF";

	str_reserve(out, len);
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (is_unreserved(text[i]) ||
		    (text[i] == '/' && how == URL_KEEP_SLASH)) {
			str_add_char(out, text[i]);
			continue;
		}
		str_add_char(out, '%');
		str_add_char(out, digits[byte >> 4]);
		str_add_char(out, digits[byte & 15]);
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool url_unescape(struct str *out, const char *text, size_t len,
		  enum url_unescape how)
{
	bool good = true;

	for (size_t i = 0; i < len; i++) {
		int high = i + 2 < len ? hex_value(text[i + 1]) : -1;
		int low = i + 2 < len ? hex_value(text[i + 2]) : -1;

		if (text[i] == '+' && how == URL_PLUS_IS_BLANK) {
			str_add_char(out, ' ');
		} else if (text[i] != '%') {
			str_add_char(out, text[i]);
		} else if (high < 0 || low < 0) {
			str_add_char(out, '%');
			good = false;
		} else {
			str_add_char(out, (char)(high << 4 | low));
			i += 2;
		}
	}
	return good;
}

bool url_query_next(const char **at, struct str *name, struct str *value,
		    bool *out_has_value)
{
	const char *text = *at;
	size_t len;
	size_t name_len;

	while (*text == '&')
		text++;
	*at = text;
	if (*text == '\0')
		return false;
	len = strcspn(text, "&");
	name_len = strcspn(text, "=&");
	str_clear(name);
	str_clear(value);
	url_unescape(name, text, name_len, URL_PLUS_IS_BLANK);
	if (name_len < len)
		url_unescape(value, text + name_len + 1, len - name_len - 1,
			     URL_PLUS_IS_BLANK);
	if (out_has_value)
		*out_has_value = name_len < len;
	*at = text + len;
	return true;
}

void url_add_param(struct str *out, const char *name, const char *value)
{
	if (out->len > 0)
		str_add_char(out, '&');
	url_escape(out, name, strlen(name), URL_ESCAPE_ALL);
	str_add_char(out, '=');
	url_escape(out, value, strlen(value), URL_ESCAPE_ALL);
}
