#include "aws/s3_uri.h"

#include <string.h>

#include "aws/s3_arn.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { SHOWN_MAX = 300 };

static const char scheme[] = "s3://";

void s3_uri_done(struct s3_uri *uri)
{
	str_done(&uri->bucket);
	str_done(&uri->key);
}

void s3_uri_copy(struct s3_uri *to, const struct s3_uri *from)
{
	str_set_slice(&to->bucket, from->bucket.text, from->bucket.len);
	str_set_slice(&to->key, from->key.text, from->key.len);
	to->options = from->options;
}

bool s3_uri_is(const char *text)
{
	return (text[0] == 's' || text[0] == 'S') &&
	       strncmp(text + 1, scheme + 1, sizeof(scheme) - 2) == 0;
}

/* Wide enough for old buckets of us-east-1; what S3 refuses it says itself.
 * Nothing that could change a host name or a path gets through. */
static bool bucket_is_sane(const char *bucket, size_t len)
{
	if (len < 3 || len > 255 || bucket[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = bucket[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9');

		if (!word && c != '.' && c != '-' && c != '_')
			return false;
		if (c == '.' && bucket[i + 1] == '.')
			return false;
	}
	return true;
}

static bool check_arn(const char *text, size_t len, struct err *err)
{
	CLEANUP(mem_freep) char *bucket = mem_copy_slice(text, len);
	struct s3_arn arn;

	return s3_arn_parse(&arn, bucket, err);
}

bool s3_uri_parse(struct s3_uri *uri, const char *text, struct err *err)
{
	const char *bucket = text + sizeof(scheme) - 1;
	size_t len;
	const char *key;

	if (!s3_uri_is(text)) {
		err_set(err, ERR_USAGE, "\"%.200s\" is not an S3 name", text);
		return err_hint(err, "S3 names look like s3://bucket/key");
	}
	len = s3_arn_is(bucket) ? s3_arn_length(bucket) : strcspn(bucket, "/");
	key = bucket[len] == '/' ? bucket + len + 1 : bucket + len;
	if (len == 0 && key[0] != '\0')
		return err_set(err, ERR_USAGE, "no bucket in \"%.200s\"", text);
	if (s3_arn_is(bucket)) {
		if (!check_arn(bucket, len, err))
			return false;
	} else if (len > 0 && !bucket_is_sane(bucket, len)) {
		err_set(err, ERR_USAGE, "\"%.*s\" is not a bucket name",
			len > 255 ? 255 : (int)len, bucket);
		return err_hint(err, "bucket names are 3 to 63 of a-z, 0-9, "
				     "hyphen and dot");
	}
	if (strlen(key) > S3_URI_KEY_MAX)
		return err_set(err, ERR_USAGE,
			       "the key is longer than %d bytes",
			       S3_URI_KEY_MAX);
	if (!utf8_valid(key, strlen(key)))
		return err_set(err, ERR_USAGE, "the key is not UTF-8");
	str_set_slice(&uri->bucket, bucket, len);
	str_set(&uri->key, key);
	return true;
}

bool s3_uri_parse_bucket(struct s3_uri *uri, const char *text, struct err *err)
{
	if (!s3_uri_parse(uri, text, err))
		return false;
	if (uri->bucket.len > 0)
		return true;
	err_set(err, ERR_USAGE, "no bucket in \"%s\"", text);
	return err_hint(err, "S3 names look like s3://bucket/key");
}

bool s3_uri_parse_object(struct s3_uri *uri, const char *text, struct err *err)
{
	if (!s3_uri_parse_bucket(uri, text, err))
		return false;
	if (uri->key.len > 0)
		return true;
	err_set(err, ERR_USAGE, "%s names a bucket, not an object", text);
	return err_hint(err, "add the key: s3://%s/KEY", uri->bucket.text);
}

void s3_uri_add(const struct s3_uri *uri, struct str *out)
{
	str_add(out, scheme);
	str_add_slice(out, uri->bucket.text, uri->bucket.len);
	if (uri->bucket.len == 0)
		return;
	str_add_char(out, '/');
	str_add_slice(out, uri->key.text, uri->key.len);
}

void s3_uri_add_shown(const struct s3_uri *uri, struct str *out)
{
	size_t len = uri->key.len;

	str_addf(out, "s3://%s", uri->bucket.text);
	if (len > 0)
		str_add_char(out, '/');
	if (len > SHOWN_MAX)
		len = utf8_fit(uri->key.text, len, SHOWN_MAX);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)uri->key.text[i];

		if (c < 0x20 || c == 0x7f)
			str_addf(out, "\\x%02x", c);
		else
			str_add_char(out, (char)c);
	}
	if (len < uri->key.len)
		str_add(out, "...");
}

bool s3_uri_is_folder(const struct s3_uri *uri)
{
	return uri->key.len == 0 || uri->key.text[uri->key.len - 1] == '/';
}

const char *s3_uri_base(const char *key)
{
	const char *slash = strrchr(key, '/');

	return slash != NULL ? slash + 1 : key;
}

size_t s3_uri_glob_prefix(const char *key)
{
	return strcspn(key, "*?[\\");
}

bool s3_uri_has_glob(const char *key)
{
	for (size_t i = 0; key[i] != '\0'; i++) {
		if (key[i] == '\\' && key[i + 1] != '\0')
			i++;
		else if (strchr("*?[", key[i]) != NULL)
			return true;
	}
	return false;
}

/* Length of the [...] at pattern, 0: there is none, so '[' is plain. */
static size_t class_length(const char *pattern)
{
	size_t at = 1;

	if (pattern[at] == '!' || pattern[at] == '^')
		at++;
	if (pattern[at] == ']')
		at++;
	while (pattern[at] != '\0' && pattern[at] != ']')
		at++;
	return pattern[at] == ']' ? at + 1 : 0;
}

static bool class_has(const char *pattern, size_t len, uint32_t code)
{
	size_t at = 1;
	bool negated = pattern[1] == '!' || pattern[1] == '^';
	bool found = false;

	if (negated)
		at++;
	while (at < len - 1) {
		uint32_t from, to;

		at += utf8_decode(pattern + at, len - at, &from);
		to = from;
		if (at + 1 < len - 1 && pattern[at] == '-') {
			at++;
			at += utf8_decode(pattern + at, len - at, &to);
		}
		if (code >= from && code <= to)
			found = true;
	}
	return found != negated;
}

/* One pattern item other than '*' against the character at key: bytes of
 * the key it takes, 0: no match. *out_item is the item's length. */
static size_t match_one(const char *pattern, const char *key, size_t *out_item)
{
	uint32_t code;
	size_t len = utf8_decode(key, strnlen(key, 4), &code);
	size_t class = pattern[0] == '[' ? class_length(pattern) : 0;

	*out_item = class > 0 ? class : 1;
	if (class > 0)
		return code != '/' && class_has(pattern, class, code) ? len : 0;
	if (pattern[0] == '?')
		return code != '/' ? len : 0;
	if (pattern[0] == '\\' && pattern[1] != '\0') {
		*out_item = 2;
		return pattern[1] == key[0] ? 1 : 0;
	}
	return pattern[0] == key[0] ? 1 : 0;
}

/* Back to the last star only: a pattern of many stars stays quadratic. A
 * double star is remembered beside the single ones after it. */
bool s3_uri_glob_match(const char *pattern, const char *key)
{
	struct {
		const char *pattern, *key;
	} one = { 0 }, two = { 0 };

	while (*key != '\0' || *pattern != '\0') {
		size_t item = 0, len;

		if (pattern[0] == '*' && pattern[1] == '*') {
			pattern += strspn(pattern, "*");
			two.pattern = pattern;
			two.key = key;
			one.pattern = NULL;
			continue;
		}
		if (pattern[0] == '*') {
			one.pattern = ++pattern;
			one.key = key;
			continue;
		}
		len = *pattern != '\0' && *key != '\0'
			      ? match_one(pattern, key, &item)
			      : 0;
		if (len > 0) {
			pattern += item;
			key += len;
		} else if (one.pattern != NULL && *one.key != '\0' &&
			   *one.key != '/') {
			pattern = one.pattern;
			key = ++one.key;
		} else if (two.pattern != NULL && *two.key != '\0') {
			one.pattern = NULL;
			pattern = two.pattern;
			key = ++two.key;
		} else {
			return false;
		}
	}
	return true;
}

bool s3_uri_check_new_bucket(const char *bucket, struct err *err)
{
	static const char *const no_start[] = { "xn--", "sthree-",
						"amzn-s3-demo-" };
	static const char *const no_end[] = { "-s3alias", "--ol-s3", ".mrap",
					      "--x-s3", "--table-s3" };
	size_t len = strlen(bucket);
	const char *why = NULL;

	if (len < 3 || len > 63)
		why = "it must have 3 to 63 letters";
	else if (strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-") !=
		 len)
		why = "only a-z, 0-9, hyphen and dot may stand in it";
	else if (strchr(".-", bucket[0]) || strchr(".-", bucket[len - 1]))
		why = "it must begin and end with a letter or digit";
	else if (strstr(bucket, "..") != NULL)
		why = "two dots may not follow each other";
	else if (strspn(bucket, "0123456789.") == len)
		why = "it looks like an IP address";
	for (size_t i = 0; i < COUNT_OF(no_start); i++)
		if (str_starts(bucket, no_start[i]))
			why = "S3 keeps that beginning for itself";
	for (size_t i = 0; i < COUNT_OF(no_end); i++)
		if (str_ends(bucket, no_end[i]))
			why = "S3 keeps that ending for itself";
	if (why == NULL)
		return true;
	return err_set(err, ERR_USAGE, "\"%s\" cannot be a bucket name: %s",
		       bucket, why);
}

/* --- names relative to a place --- */

enum { SCHEME_BYTES = 5 }; /* of "s3://" */

bool s3_uri_is_whole(const char *name)
{
	return s3_uri_is(name) || str_starts(name, "arn:");
}

/* One folder up, and above the buckets no further. */
static void go_up(struct str *uri)
{
	size_t len = uri->len;

	if (len > SCHEME_BYTES)
		len--;
	while (len > SCHEME_BYTES && uri->text[len - 1] != '/')
		len--;
	str_cut(uri, len);
}

/* Walks over "./" and "../" at the start of a name. */
static const char *walk(const char *name, struct str *uri)
{
	for (;;) {
		size_t len = strcspn(name, "/");

		if (str_slice_equal(name, len, ".."))
			go_up(uri);
		else if (!str_slice_equal(name, len, "."))
			return name;
		name += len;
		while (*name == '/')
			name++;
	}
}

void s3_uri_join(const char *where, const char *name, struct str *out)
{
	CLEANUP(str_done) struct str uri = STR_EMPTY;

	if (s3_uri_is_whole(name) || where[0] == '\0') {
		str_add(out, name);
		return;
	}
	str_add(&uri, where);
	if (name[0] == '/') {
		size_t bucket = strcspn(where + SCHEME_BYTES, "/");

		str_cut(&uri, SCHEME_BYTES + bucket);
		name += bucket == 0;
	} else {
		name = walk(name, &uri);
	}
	str_add(&uri, name);
	str_add_slice(out, uri.text, uri.len);
}
