#include "sandbox/s3/s3_request.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/url.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_host.h"

static bool bad_uri(struct err *err)
{
	err_set(err, ERR_AWS, "Couldn't parse the specified URI.");
	return err_set_code(err, "InvalidURI");
}

static void add_pair(struct s3_pairs *pairs, const char *name,
		     const char *value)
{
	struct s3_pair pair = {
		.name = mem_copy_text(name),
		.value = mem_copy_text(value),
	};

	vec_push(pairs, pair);
}

static void set_id(struct s3_request *request)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	unsigned char random[8];

	hash_random(random, sizeof(random));
	encode_hex(&hex, random, sizeof(random));
	for (size_t i = 0; i < sizeof(request->id) - 1; i++)
		request->id[i] = (char)toupper((unsigned char)hex.text[i]);
}

/* Is it for S3, as far as it says? Others have hosts of their own. */
static bool is_for_s3(const struct s3_request *request)
{
	const char *header = s3_request_header(request, "authorization");
	const char *credential = s3_request_param(request, "X-Amz-Credential");

	if (header == NULL && credential == NULL)
		return true;
	return strstr(header != NULL ? header : credential,
		      "/s3/aws4_request") != NULL;
}

/* An access point of the account leads to the bucket of its name; one of
 * another account to no bucket at all. */
static bool split_host(struct s3_request *request)
{
	CLEANUP(s3_host_done) struct s3_host host = S3_HOST_EMPTY;
	const char *text = s3_request_header(request, "host");

	if (text == NULL || !is_for_s3(request))
		return false;
	s3_host_parse(&host, text);
	if (host.region.len > 0)
		request->region = str_take(&host.region);
	if (host.bucket.len == 0)
		return false;
	if (host.account.len > 0 &&
	    strcmp(host.account.text, IDENTITY_ACCOUNT) != 0)
		str_addf(&host.bucket, "-%s", host.account.text);
	request->bucket = str_take(&host.bucket);
	request->by_host = true;
	if (request->path.text[1] != '\0')
		request->key = mem_copy_text(request->path.text + 1);
	return true;
}

/* Path style: /BUCKET/KEY; the key is everything after, slashes and all. */
static void split_path(struct s3_request *request)
{
	const char *path = request->path.text + 1;
	const char *slash = strchr(path, '/');

	if (*path == '\0')
		return;
	if (slash == NULL) {
		request->bucket = mem_copy_text(path);
		return;
	}
	request->bucket = mem_copy_slice(path, (size_t)(slash - path));
	if (slash[1] != '\0')
		request->key = mem_copy_text(slash + 1);
}

bool s3_request_parse(struct s3_request *request, const char *method,
		      struct err *err)
{
	const char *mark = strchr(request->target, '?');
	size_t path_len = mark == NULL ? strlen(request->target)
				       : (size_t)(mark - request->target);
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	bool has_value;

	request->method = mem_copy_text(method);
	set_id(request);
	if (path_len == 0 || request->target[0] != '/' ||
	    !url_unescape(&request->path, request->target, path_len,
			  URL_PLUS_STAYS) ||
	    strlen(request->path.text) != request->path.len ||
	    !utf8_valid(request->path.text, request->path.len))
		return bad_uri(err);
	mark = mark == NULL ? "" : mark + 1;
	while (url_query_next(&mark, &name, &value, &has_value)) {
		if (strlen(name.text) != name.len ||
		    strlen(value.text) != value.len)
			return bad_uri(err);
		add_pair(&request->query, name.text, value.text);
	}
	if (!split_host(request))
		split_path(request);
	return true;
}

void s3_request_add_header(struct s3_request *request, const char *name,
			   const char *value)
{
	CLEANUP(str_done) struct str lower = STR_EMPTY;

	for (; *name != '\0'; name++)
		str_add_char(&lower, (char)tolower((unsigned char)*name));
	add_pair(&request->headers, lower.text, value == NULL ? "" : value);
}

static void pairs_done(struct s3_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		mem_free(pairs->items[i].name);
		mem_free(pairs->items[i].value);
	}
	vec_done(pairs);
}

void s3_request_done(struct s3_request *request)
{
	mem_free(request->method);
	mem_free(request->target);
	mem_free(request->bucket);
	mem_free(request->key);
	mem_free(request->region);
	str_done(&request->path);
	pairs_done(&request->query);
	pairs_done(&request->headers);
}

static const char *find_pair(const struct s3_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(pairs->items[i].name, name) == 0)
			return pairs->items[i].value;
	return NULL;
}

const char *s3_request_header(const struct s3_request *request,
			      const char *name)
{
	const char *value = find_pair(&request->headers, name);

	return value == NULL && str_starts(name, "x-amz-")
		       ? find_pair(&request->query, name)
		       : value;
}

const char *s3_request_param(const struct s3_request *request, const char *name)
{
	return find_pair(&request->query, name);
}

bool s3_request_length_is_clear(const struct s3_request *request)
{
	size_t count = 0;

	for (size_t i = 0; i < request->headers.count; i++) {
		const char *name = request->headers.items[i].name;

		if (strcmp(name, "content-length") == 0 ||
		    strcmp(name, "transfer-encoding") == 0)
			count++;
	}
	return count <= 1;
}

bool s3_request_number(const struct s3_request *request, const char *name,
		       int64_t otherwise, int64_t max, int64_t *out,
		       struct err *err)
{
	const char *text = s3_request_param(request, name);
	char *end;
	long long number;

	*out = otherwise;
	if (text == NULL || text[0] == '\0')
		return true;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0) {
		err_set(err, ERR_AWS,
			"Provided %s not an integer or within integer range",
			name);
		return err_set_code(err, "InvalidArgument");
	}
	*out = number > max ? max : number;
	return true;
}

char *s3_request_etag(const struct s3_request *request, const char *name)
{
	const char *text = s3_request_header(request, name);
	size_t len;

	if (text == NULL)
		return NULL;
	len = strlen(text);
	if (len >= 2 && text[0] == '"' && text[len - 1] == '"')
		return mem_copy_slice(text + 1, len - 2);
	return mem_copy_text(text);
}
