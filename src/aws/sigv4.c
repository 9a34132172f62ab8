#include "aws/sigv4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/url.h"

static const char terminator[] = "aws4_request";

void sigv4_time(int64_t wall_ms, char out[SIGV4_TIME_SIZE])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm utc;

	if (gmtime_r(&seconds, &utc) == NULL ||
	    strftime(out, SIGV4_TIME_SIZE, "%Y%m%dT%H%M%SZ", &utc) == 0)
		out[0] = '\0';
}

bool sigv4_time_parse(const char *text, int64_t *out_ms)
{
	static const char shape[] = "ddddddddTddddddZ";
	struct tm utc = { 0 };

	for (size_t i = 0; i < sizeof(shape); i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] == 'd' ? !digit : text[i] != shape[i])
			return false;
	}
	if (strptime(text, "%Y%m%dT%H%M%SZ", &utc) == NULL)
		return false;
	*out_ms = (int64_t)timegm(&utc) * 1000;
	return true;
}

/* Drops the last "/segment" of what stands after from. */
static void drop_segment(struct str *path, size_t from)
{
	size_t len = path->len;

	while (len > from && path->text[len - 1] != '/')
		len--;
	str_cut(path, len > from ? len - 1 : from);
}

/* RFC 3986 5.2.4 as AWS has it: empty segments go as well, a slash at the
 * end stays. */
static void normalize(const char *path, struct str *out)
{
	size_t from = out->len;
	const char *at = path;
	bool slash_at_end = false;

	while (*at != '\0') {
		size_t len;

		at += strspn(at, "/");
		len = strcspn(at, "/");
		slash_at_end = at[len] == '/' || len == 0;
		if (str_slice_equal(at, len, "..")) {
			drop_segment(out, from);
			slash_at_end = true;
		} else if (str_slice_equal(at, len, ".")) {
			slash_at_end = true;
		} else if (len > 0) {
			str_add_char(out, '/');
			str_add_slice(out, at, len);
		}
		at += len;
	}
	if (slash_at_end || out->len == from)
		str_add_char(out, '/');
}

void sigv4_add_uri(const char *path, unsigned path_rule, struct str *out)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str once = STR_EMPTY;

	if (path_rule & SIGV4_NORMALIZE)
		normalize(path, &plain);
	else
		str_add(&plain, path[0] != '\0' ? path : "/");
	if (!(path_rule & SIGV4_ENCODE_TWICE)) {
		url_escape(out, plain.text, plain.len, URL_KEEP_SLASH);
		return;
	}
	url_escape(&once, plain.text, plain.len, URL_KEEP_SLASH);
	url_escape(out, once.text, once.len, URL_KEEP_SLASH);
}

/* An encoded "name" and "value" of a query, or a header. */
struct line {
	char *name;
	char *value;
	size_t order; /* as sent: ties of headers keep it */
};

static const char *text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static void lines_free(struct line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(lines[i].name);
		mem_free(lines[i].value);
	}
	mem_free(lines);
}

static char *encoded(const char *text)
{
	struct str out = STR_EMPTY;

	url_escape(&out, text, strlen(text), URL_ESCAPE_ALL);
	return str_take(&out);
}

static int compare_query(const void *a, const void *b)
{
	const struct line *one = a;
	const struct line *two = b;
	int order = strcmp(one->name, two->name);

	return order != 0 ? order : strcmp(one->value, two->value);
}

void sigv4_add_query(const struct sigv4_pair *query, size_t count,
		     struct str *out)
{
	struct line *lines = mem_alloc_array(count + 1, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		lines[i].name = encoded(query[i].name);
		lines[i].value = encoded(text_or_empty(query[i].value));
	}
	qsort(lines, count, sizeof(*lines), compare_query);
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s%s=%s", i > 0 ? "&" : "", lines[i].name,
			 lines[i].value);
	lines_free(lines, count);
}

static char *lower(const char *text)
{
	char *copy = mem_copy_text(text);

	for (char *at = copy; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return copy;
}

/* Trimmed, each run of blanks (and folded lines) made one space. */
static char *folded(const char *value)
{
	static const char blanks[] = " \t\r\n";
	struct str out = STR_EMPTY;

	value += strspn(value, blanks);
	while (*value != '\0') {
		size_t len = strcspn(value, blanks);

		str_add_slice(&out, value, len);
		value += len;
		value += strspn(value, blanks);
		if (*value != '\0')
			str_add_char(&out, ' ');
	}
	return str_take(&out);
}

/* By name only: a sort of whole lines puts "a-b:" before "a:". */
static int compare_headers(const void *a, const void *b)
{
	const struct line *one = a;
	const struct line *two = b;
	int order = strcmp(one->name, two->name);

	return order != 0
		       ? order
		       : (one->order > two->order) - (one->order < two->order);
}

static struct line *sorted_headers(const struct sigv4_pair *headers,
				   size_t count)
{
	struct line *lines = mem_alloc_array(count + 1, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		lines[i].name = lower(headers[i].name);
		lines[i].value = folded(text_or_empty(headers[i].value));
		lines[i].order = i;
	}
	qsort(lines, count, sizeof(*lines), compare_headers);
	return lines;
}

static bool repeats(const struct line *lines, size_t at)
{
	return at > 0 && strcmp(lines[at].name, lines[at - 1].name) == 0;
}

static void add_names(const struct line *lines, size_t count, struct str *out)
{
	for (size_t i = 0; i < count; i++)
		if (!repeats(lines, i))
			str_addf(out, "%s%s", i > 0 ? ";" : "", lines[i].name);
}

void sigv4_add_signed_headers(const struct sigv4_pair *headers, size_t count,
			      struct str *out)
{
	struct line *lines = sorted_headers(headers, count);

	add_names(lines, count, out);
	lines_free(lines, count);
}

void sigv4_add_canonical_request(const struct sigv4_request *request,
				 struct str *out)
{
	struct line *lines =
		sorted_headers(request->headers, request->header_count);
	const char *hash = request->payload_hash;

	str_addf(out, "%s\n", request->method);
	sigv4_add_uri(request->path, request->path_rule, out);
	str_add_char(out, '\n');
	sigv4_add_query(request->query, request->query_count, out);
	for (size_t i = 0; i < request->header_count; i++)
		if (repeats(lines, i))
			str_addf(out, ",%s", lines[i].value);
		else
			str_addf(out, "\n%s:%s", lines[i].name, lines[i].value);
	str_add(out, "\n\n");
	add_names(lines, request->header_count, out);
	str_addf(out, "\n%s", hash != NULL ? hash : SIGV4_EMPTY_HASH);
	lines_free(lines, request->header_count);
}

void sigv4_add_scope(const struct sigv4_scope *scope, struct str *out)
{
	str_addf(out, "%.8s/%s/%s/%s", scope->time, scope->region,
		 scope->service, terminator);
}

static void add_head(const char *algorithm, const struct sigv4_scope *scope,
		     struct str *out)
{
	str_addf(out, "%s\n%s\n", algorithm, scope->time);
	sigv4_add_scope(scope, out);
	str_add_char(out, '\n');
}

void sigv4_add_string_to_sign(const struct sigv4_scope *scope,
			      const struct str *canonical_request,
			      struct str *out)
{
	add_head(SIGV4_ALGORITHM, scope, out);
	hash_add_hex(HASH_SHA256, canonical_request->text,
		     canonical_request->len, out);
}

void sigv4_signing_key(const struct secret *secret_key,
		       const struct sigv4_scope *scope,
		       unsigned char out_key[SIGV4_KEY_BYTES])
{
	const char *parts[] = { scope->region, scope->service, terminator };
	unsigned char key[SIGV4_KEY_BYTES];
	struct str first = STR_EMPTY;

	str_reserve(&first, secret_key->len + 4);
	str_addf(&first, "AWS4%s", secret_text(secret_key));
	hash_hmac_sha256((struct hash_key){ first.text, first.len },
			 scope->time, strnlen(scope->time, 8), key);
	mem_wipe(first.text, first.len);
	str_done(&first);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		hash_hmac_sha256((struct hash_key){ key, sizeof(key) },
				 parts[i], strlen(parts[i]), out_key);
		memcpy(key, out_key, sizeof(key));
	}
	mem_wipe(key, sizeof(key));
}

void sigv4_signature(const unsigned char key[SIGV4_KEY_BYTES],
		     const struct str *string_to_sign,
		     char out_hex[SIGV4_HEX_SIZE])
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	unsigned char mac[SIGV4_KEY_BYTES];

	hash_hmac_sha256((struct hash_key){ key, SIGV4_KEY_BYTES },
			 string_to_sign->text, string_to_sign->len, mac);
	encode_hex(&hex, mac, sizeof(mac));
	memcpy(out_hex, hex.text, SIGV4_HEX_SIZE);
}

void sigv4_cache_done(struct sigv4_cache *cache)
{
	secret_done(&cache->secret_key);
	mem_wipe(cache, sizeof(*cache));
}

static bool is_cached(const struct sigv4_cache *cache,
		      const struct sigv4_scope *scope,
		      const struct secret *secret_key)
{
	return secret_is_set(&cache->secret_key) &&
	       strncmp(cache->date, scope->time, 8) == 0 &&
	       strcmp(cache->region, scope->region) == 0 &&
	       strcmp(cache->service, scope->service) == 0 &&
	       secret_equal(&cache->secret_key, secret_key);
}

static void find_key(const struct sigv4_scope *scope,
		     const struct sigv4_credentials *credentials,
		     unsigned char out_key[SIGV4_KEY_BYTES])
{
	struct sigv4_cache *cache = credentials->cache;

	if (cache != NULL && is_cached(cache, scope, credentials->secret_key)) {
		memcpy(out_key, cache->key, SIGV4_KEY_BYTES);
		return;
	}
	sigv4_signing_key(credentials->secret_key, scope, out_key);
	if (cache == NULL || strlen(scope->region) >= sizeof(cache->region) ||
	    strlen(scope->service) >= sizeof(cache->service))
		return;
	secret_copy(&cache->secret_key, credentials->secret_key);
	snprintf(cache->date, sizeof(cache->date), "%.8s", scope->time);
	snprintf(cache->region, sizeof(cache->region), "%s", scope->region);
	snprintf(cache->service, sizeof(cache->service), "%s",
		 scope->service);
	memcpy(cache->key, out_key, SIGV4_KEY_BYTES);
}

static void sign(const struct sigv4_request *request,
		 const struct sigv4_scope *scope,
		 const struct sigv4_credentials *credentials,
		 char hex[SIGV4_HEX_SIZE])
{
	CLEANUP(str_done) struct str canonical = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	unsigned char key[SIGV4_KEY_BYTES];

	sigv4_add_canonical_request(request, &canonical);
	sigv4_add_string_to_sign(scope, &canonical, &to_sign);
	find_key(scope, credentials, key);
	sigv4_signature(key, &to_sign, hex);
	mem_wipe(key, sizeof(key));
}

void sigv4_sign(const struct sigv4_request *request,
		const struct sigv4_scope *scope,
		const struct sigv4_credentials *credentials,
		struct str *out_authorization)
{
	char hex[SIGV4_HEX_SIZE];

	sign(request, scope, credentials, hex);
	str_addf(out_authorization, "%s Credential=%s/", SIGV4_ALGORITHM,
		 credentials->access_key_id);
	sigv4_add_scope(scope, out_authorization);
	str_add(out_authorization, ", SignedHeaders=");
	sigv4_add_signed_headers(request->headers, request->header_count,
				 out_authorization);
	str_addf(out_authorization, ", Signature=%s", hex);
}

void sigv4_presign(const struct sigv4_request *request,
		   const struct sigv4_scope *scope,
		   const struct sigv4_credentials *credentials, int expires_s,
		   struct str *out_query)
{
	CLEANUP(str_done) struct str credential = STR_EMPTY;
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(mem_freep)
	struct sigv4_pair *query =
		mem_alloc_array(request->query_count + 6, sizeof(*query));
	struct sigv4_request whole = *request;
	size_t count = request->query_count;
	char expires[16];
	char hex[SIGV4_HEX_SIZE];

	str_addf(&credential, "%s/", credentials->access_key_id);
	sigv4_add_scope(scope, &credential);
	sigv4_add_signed_headers(request->headers, request->header_count,
				 &names);
	snprintf(expires, sizeof(expires), "%d", expires_s);
	if (count > 0)
		memcpy(query, request->query, count * sizeof(*query));
	query[count++] =
		(struct sigv4_pair){ "X-Amz-Algorithm", SIGV4_ALGORITHM };
	query[count++] =
		(struct sigv4_pair){ "X-Amz-Credential", credential.text };
	query[count++] = (struct sigv4_pair){ "X-Amz-Date", scope->time };
	query[count++] = (struct sigv4_pair){ "X-Amz-Expires", expires };
	query[count++] =
		(struct sigv4_pair){ "X-Amz-SignedHeaders", names.text };
	if (credentials->token != NULL && secret_is_set(credentials->token))
		query[count++] =
			(struct sigv4_pair){ "X-Amz-Security-Token",
					     secret_text(credentials->token) };
	whole.query = query;
	whole.query_count = count;
	sign(&whole, scope, credentials, hex);
	sigv4_add_query(query, count, out_query);
	str_addf(out_query, "&X-Amz-Signature=%s", hex);
}

void sigv4_add_chunk_string(const struct sigv4_scope *scope,
			    const char *previous_signature,
			    const char *chunk_hash, struct str *out)
{
	add_head(SIGV4_ALGORITHM "-PAYLOAD", scope, out);
	str_addf(out, "%s\n%s\n%s", previous_signature, SIGV4_EMPTY_HASH,
		 chunk_hash);
}

void sigv4_add_trailer_string(const struct sigv4_scope *scope,
			      const char *previous_signature,
			      const char *trailer_hash, struct str *out)
{
	add_head(SIGV4_ALGORITHM "-TRAILER", scope, out);
	str_addf(out, "%s\n%s", previous_signature, trailer_hash);
}

void sigv4_claim_done(struct sigv4_claim *claim)
{
	str_done(&claim->access_key_id);
	str_done(&claim->date);
	str_done(&claim->region);
	str_done(&claim->service);
	str_done(&claim->signed_headers);
	str_done(&claim->signature);
}

bool sigv4_claim_parse_credential(struct sigv4_claim *claim,
				  const char *credential, struct err *err)
{
	/* From the right: an access key id may hold a slash, the rest not. */
	struct str *parts[] = { NULL, &claim->service, &claim->region,
				&claim->date };
	size_t len = strlen(credential);

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		size_t from = len;

		while (from > 0 && credential[from - 1] != '/')
			from--;
		if (from == 0 || from == len)
			return err_set(err, ERR_DATA,
				       "malformed credential scope");
		if (parts[i] != NULL)
			str_set_slice(parts[i], credential + from, len - from);
		else if (!str_slice_equal(credential + from, len - from,
					  terminator))
			return err_set(err, ERR_DATA,
				       "credential does not end in %s",
				       terminator);
		len = from - 1;
	}
	if (len == 0 || claim->date.len != 8)
		return err_set(err, ERR_DATA, "malformed credential");
	str_set_slice(&claim->access_key_id, credential, len);
	return true;
}

bool sigv4_claim_parse(struct sigv4_claim *claim, const char *authorization,
		       struct err *err)
{
	CLEANUP(str_done) struct str credential = STR_EMPTY;
	struct {
		const char *name;
		struct str *to;
	} fields[] = {
		{ "Credential=", &credential },
		{ "SignedHeaders=", &claim->signed_headers },
		{ "Signature=", &claim->signature },
	};
	const char *at = authorization + strlen(SIGV4_ALGORITHM);

	if (!str_starts(authorization, SIGV4_ALGORITHM " "))
		return err_set(err, ERR_DATA,
			       "authorization is not " SIGV4_ALGORITHM);
	while (*(at += strspn(at, " ,")) != '\0') {
		size_t len = strcspn(at, " ,");

		for (size_t i = 0; i < COUNT_OF(fields); i++) {
			size_t name = strlen(fields[i].name);

			if (str_starts(at, fields[i].name))
				str_set_slice(fields[i].to, at + name,
					      len - name);
		}
		at += len;
	}
	if (credential.len == 0 || claim->signed_headers.len == 0 ||
	    claim->signature.len == 0)
		return err_set(err, ERR_DATA,
			       "authorization lacks Credential, SignedHeaders "
			       "or Signature");
	return sigv4_claim_parse_credential(claim, credential.text, err);
}

bool sigv4_signature_equal(const char *a, const char *b)
{
	size_t len = strlen(a);
	unsigned char differ = 0;

	if (len != strlen(b))
		return false;
	for (size_t i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}
