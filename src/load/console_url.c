#include "load/console_url.h"

#include <string.h>

#include "base/str.h"
#include "data/url.h"

/* Behind "https://"; NULL: another scheme. */
static const char *behind_scheme(const char *text)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(schemes[i]);

		if (strlen(text) > len &&
		    str_slice_equal_nocase(text, len, schemes[i]))
			return text + len;
	}
	return NULL;
}

/* Appends the value of "prefix"; nothing where there is none. */
static void add_prefix(const char *path, struct str *out)
{
	CLEANUP(str_done) struct str query = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *at;
	bool has_value;

	path += strcspn(path, "?#");
	if (*path != '?')
		return;
	str_set_slice(&query, path + 1, strcspn(path + 1, "#"));
	at = query.text;
	while (url_query_next(&at, &name, &value, &has_value)) {
		if (strcmp(name.text, "prefix") == 0) {
			str_add_slice(out, value.text, value.len);
			return;
		}
	}
}

/* .../s3/buckets/BUCKET?prefix=a/, .../s3/object/BUCKET?prefix=a/b.csv */
static bool read_console(const char *path, struct str *out)
{
	static const char *const pages[] = { "/s3/buckets/", "/s3/object/" };

	for (size_t i = 0; i < 2; i++) {
		size_t skip = strlen(pages[i]);
		const char *bucket = path + skip;
		size_t bucket_len;

		if (!str_starts(path, pages[i]))
			continue;
		bucket_len = strcspn(bucket, "/?#");
		if (bucket_len == 0)
			return false;
		str_add(out, "s3://");
		str_add_slice(out, bucket, bucket_len);
		str_add_char(out, '/');
		add_prefix(bucket + bucket_len, out);
		return true;
	}
	return false;
}

/* s3.amazonaws.com, s3.eu-west-1.amazonaws.com, s3-eu-west-1.amazonaws.com,
 * s3.dualstack.REGION...; and the same behind "BUCKET.". */
static bool is_s3_host(const char *host, size_t len)
{
	static const char *const suffixes[] = { ".amazonaws.com",
						".amazonaws.com.cn" };

	if (len < 3 || memcmp(host, "s3", 2) != 0 ||
	    (host[2] != '.' && host[2] != '-'))
		return false;
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(suffixes[i]);

		if (len > n && memcmp(host + len - n, suffixes[i], n) == 0)
			return true;
	}
	return false;
}

static bool read_object(const char *host, size_t host_len, const char *path,
			struct str *out)
{
	size_t path_len = strcspn(path, "?#");
	const char *dot = host;

	if (path_len > 0)
		path++, path_len--;
	if (is_s3_host(host, host_len)) {
		str_add(out, "s3://");
		return path_len > 0 &&
		       url_unescape(out, path, path_len, URL_PLUS_STAYS);
	}
	while ((dot = memchr(dot, '.', (size_t)(host + host_len - dot))) !=
	       NULL) {
		dot++;
		if (!is_s3_host(dot, (size_t)(host + host_len - dot)))
			continue;
		str_add(out, "s3://");
		str_add_slice(out, host, (size_t)(dot - 1 - host));
		str_add_char(out, '/');
		return url_unescape(out, path, path_len, URL_PLUS_STAYS);
	}
	return false;
}

bool console_url_read(struct str *text)
{
	const char *host = behind_scheme(text->text);
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	size_t host_len;
	bool good;

	if (host == NULL)
		return false;
	host_len = strcspn(host, "/?#");
	if (memmem(host, host_len, "console.aws.amazon.com", 22) != NULL ||
	    memmem(host, host_len, "console.amazonaws.cn", 20) != NULL)
		good = read_console(host + host_len, &uri);
	else
		good = read_object(host, host_len, host + host_len, &uri);
	if (good)
		str_set_slice(text, uri.text, uri.len);
	return good;
}
