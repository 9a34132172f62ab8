/* Every published vector, step by step; tests/data/sigv4/README.md tells
 * where they are from. */
#include "../check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/url.h"

enum { MAX_BYTES = 4 * 1024 * 1024 };

struct pairs {
	VEC(struct sigv4_pair);
};

/* One request to be signed, with all it borrows. */
struct vector {
	struct sigv4_request request;
	struct sigv4_scope scope;
	struct sigv4_credentials credentials;
	struct secret secret_key;
	struct secret token;
	struct pairs headers;
	struct pairs query;
	struct str path;
	struct str hash;
};

#define VECTOR_EMPTY                                                           \
	{                                                                      \
		.path = STR_EMPTY, .hash = STR_EMPTY                           \
	}

static void pairs_done(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		mem_free((char *)pairs->items[i].name);
		mem_free((char *)pairs->items[i].value);
	}
	vec_done(pairs);
}

static void vector_done(struct vector *vector)
{
	secret_done(&vector->secret_key);
	secret_done(&vector->token);
	pairs_done(&vector->headers);
	pairs_done(&vector->query);
	str_done(&vector->path);
	str_done(&vector->hash);
}

static void add(struct pairs *pairs, const char *name, const char *value)
{
	struct sigv4_pair pair = { mem_copy_text(name),
				   mem_copy_text(value) };

	vec_push(pairs, pair);
}

/* The lists move while they grow: pointed to when complete. */
static void seal(struct vector *vector)
{
	vector->request.headers = vector->headers.items;
	vector->request.header_count = vector->headers.count;
	vector->request.query = vector->query.items;
	vector->request.query_count = vector->query.count;
	vector->request.path = vector->path.text;
	vector->request.payload_hash = vector->hash.text;
	vector->credentials.secret_key = &vector->secret_key;
	vector->credentials.token = &vector->token;
}

static void read_text(const char *folder, const char *name, struct str *out)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&path, "%s/data/sigv4/%s%s%s", getenv("TESTS_DIR"), folder,
		 folder[0] != '\0' ? "/" : "", name);
	if (!file_read(path.text, MAX_BYTES, out, &err))
		fail_msg("%s", err.message);
}

static struct json *read_json(const char *folder, const char *name)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct json *json;

	read_text(folder, name, &text);
	json = json_parse(text.text, text.len, &err);
	if (json == NULL)
		fail_msg("%s/%s: %s", folder, name, err.message);
	return json;
}

/* Of both JSON shapes; timestamps are ISO or basic. */
static void set_context(struct vector *vector, const struct json *context)
{
	const struct json *keys = json_at(context, "credentials");
	const char *from = json_text(context, "timestamp", "");
	size_t len = 0;

	if (keys == NULL)
		keys = context;
	for (; *from != '\0' && len < SIGV4_TIME_SIZE - 1; from++)
		if (*from != '-' && *from != ':')
			vector->scope.time[len++] = *from;
	vector->scope.region = json_text(context, "region", "");
	vector->scope.service = json_text(context, "service", "");
	vector->credentials.access_key_id =
		json_text(keys, "access_key_id", "");
	secret_set(&vector->secret_key,
		   json_text(keys, "secret_access_key", ""));
	secret_set(&vector->token, json_text(keys, "session_token",
					     json_text(keys, "token", NULL)));
}

static void expect_file(const char *folder, const char *name,
			const char *actual)
{
	CLEANUP(str_done) struct str expected = STR_EMPTY;

	read_text(folder, name, &expected);
	if (strcmp(expected.text, actual) != 0)
		fail_msg("%s/%s\nexpected:\n%s\ngot:\n%s", folder, name,
			 expected.text, actual);
}

static void expect_steps(const char *folder, const char *kind,
			 const struct vector *vector)
{
	CLEANUP(str_done) struct str canonical = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	unsigned char key[SIGV4_KEY_BYTES];
	char hex[SIGV4_HEX_SIZE];
	char name[64];

	sigv4_add_canonical_request(&vector->request, &canonical);
	snprintf(name, sizeof(name), "%s-canonical-request.txt", kind);
	expect_file(folder, name, canonical.text);
	sigv4_add_string_to_sign(&vector->scope, &canonical, &to_sign);
	snprintf(name, sizeof(name), "%s-string-to-sign.txt", kind);
	expect_file(folder, name, to_sign.text);
	sigv4_signing_key(&vector->secret_key, &vector->scope, key);
	sigv4_signature(key, &to_sign, hex);
	snprintf(name, sizeof(name), "%s-signature.txt", kind);
	expect_file(folder, name, hex);
}

/* "GET /a path?a=b HTTP/1.1", "Name:value" lines with continuations, an
 * empty line, the body. */
static char *read_request(struct vector *vector, char *text)
{
	char *end = strchr(text, '\n');
	char *body = strstr(text, "\n\n");
	char *method = text, *path, *query, *name = NULL;

	if (body != NULL)
		*body = '\0';
	if (end != NULL)
		*end = '\0';
	path = strchr(text, ' ');
	*path++ = '\0';
	*strstr(path, " HTTP/") = '\0';
	query = strchr(path, '?');
	if (query != NULL)
		*query++ = '\0';
	vector->request.method = method;
	str_set(&vector->path, path);
	if (query != NULL) {
		CLEANUP(str_done) struct str key = STR_EMPTY;
		CLEANUP(str_done) struct str value = STR_EMPTY;
		const char *at = query;
		bool has;

		while (url_query_next(&at, &key, &value, &has))
			add(&vector->query, key.text, value.text);
	}
	while (end != NULL && end[1] != '\0') {
		char *line = end + 1;
		char *colon;

		do {
			end = strchr(end + 1, '\n');
		} while (end != NULL && (end[1] == ' ' || end[1] == '\t'));
		if (end != NULL)
			*end = '\0';
		name = line;
		colon = strchr(name, ':');
		*colon = '\0';
		add(&vector->headers, name, colon + 1);
		if (body != NULL && end == body)
			break;
	}
	return body != NULL ? body + 2 : (char *)"";
}

static void check_header_form(const char *folder, const struct json *context)
{
	CLEANUP(vector_done) struct vector vector = VECTOR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str signed_request = STR_EMPTY;
	CLEANUP(str_done) struct str authorization = STR_EMPTY;
	const char *body;

	set_context(&vector, context);
	read_text(folder, "request.txt", &text);
	body = read_request(&vector, text.text);
	hash_add_hex(HASH_SHA256, body, strlen(body), &vector.hash);
	if (json_bool(context, "normalize", true))
		vector.request.path_rule = SIGV4_NORMALIZE;
	add(&vector.headers, "X-Amz-Date", vector.scope.time);
	if (json_bool(context, "sign_body", false))
		add(&vector.headers, "x-amz-content-sha256",
		    vector.hash.text);
	if (secret_is_set(&vector.token) &&
	    !json_bool(context, "omit_session_token", false))
		add(&vector.headers, "X-Amz-Security-Token",
		    secret_text(&vector.token));
	seal(&vector);
	expect_steps(folder, "header", &vector);
	sigv4_sign(&vector.request, &vector.scope, &vector.credentials,
		   &authorization);
	read_text(folder, "header-signed-request.txt", &signed_request);
	assert_non_null(strstr(signed_request.text, authorization.text));
}

/* The order of parameters is free: every one of ours must be there. */
static void expect_query(const char *folder, const struct str *query)
{
	CLEANUP(str_done) struct str expected = STR_EMPTY;
	CLEANUP(mem_freep) char *ours = mem_copy_text(query->text);
	char *rest = ours, *part;
	size_t len = 0;

	read_text(folder, "query-signed-request.txt", &expected);
	while ((part = strsep(&rest, "&")) != NULL) {
		if (strstr(expected.text, part) == NULL)
			fail_msg("%s: %s is not in %s", folder, part,
				 expected.text);
		len += strlen(part) + 1;
	}
	assert_int_equal(strcspn(strchr(expected.text, '?') + 1, " "),
			 len - 1);
}

static void check_query_form(const char *folder, const struct json *context)
{
	CLEANUP(vector_done) struct vector vector = VECTOR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str query = STR_EMPTY;
	CLEANUP(str_done) struct str signature = STR_EMPTY;
	bool omit = json_bool(context, "omit_session_token", false);
	const char *body;

	set_context(&vector, context);
	read_text(folder, "request.txt", &text);
	body = read_request(&vector, text.text);
	hash_add_hex(HASH_SHA256, body, strlen(body), &vector.hash);
	if (json_bool(context, "normalize", true))
		vector.request.path_rule = SIGV4_NORMALIZE;
	seal(&vector);
	if (omit)
		vector.credentials.token = NULL;
	sigv4_presign(&vector.request, &vector.scope, &vector.credentials,
		      (int)json_number(context, "expiration_in_seconds", 0),
		      &query);
	read_text(folder, "query-signature.txt", &signature);
	assert_non_null(strstr(query.text, signature.text));
	if (omit)
		url_add_param(&query, "X-Amz-Security-Token",
			      secret_text(&vector.token));
	expect_query(folder, &query);
}

static void the_official_suite_passes_in_both_forms(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	(void)state;
	str_addf(&path, "%s/data/sigv4/v4", getenv("TESTS_DIR"));
	dir = opendir(path.text);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		CLEANUP(json_freep) struct json *context = NULL;
		char folder[300];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(folder, sizeof(folder), "v4/%s", entry->d_name);
		context = read_json(folder, "context.json");
		check_header_form(folder, context);
		check_query_form(folder, context);
		count++;
	}
	closedir(dir);
	assert_int_equal(count, 28);
}

/* --- client-vectors.json --- */

static void set_client_request(struct vector *vector,
			       const struct json *request)
{
	const struct json *headers = json_at(request, "headers");
	const struct json *query = json_at(request, "query_decoded");
	const struct json *value;
	const char *name;
	size_t at = 0;

	vector->request.method = json_text(request, "method", "");
	str_set(&vector->path, json_text(request, "path_decoded", ""));
	str_set(&vector->hash, json_text(request, "payload_hash", ""));
	add(&vector->headers, "Host", json_text(request, "host", ""));
	while (json_next(headers, &at, &name, &value))
		add(&vector->headers, name, json_text(value, NULL, ""));
	for (size_t i = 0; i < json_count(query); i++)
		add(&vector->query, json_text(json_item(query, i), "0", ""),
		    json_text(json_item(query, i), "1", ""));
}

static void check_client_header(const struct json *json,
				struct vector *vector)
{
	CLEANUP(str_done) struct str canonical = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	CLEANUP(str_done) struct str authorization = STR_EMPTY;

	add(&vector->headers, "x-amz-date", vector->scope.time);
	if (strcmp(vector->scope.service, "s3") == 0)
		add(&vector->headers, "x-amz-content-sha256",
		    vector->hash.text);
	if (secret_is_set(&vector->token))
		add(&vector->headers, "x-amz-security-token",
		    secret_text(&vector->token));
	seal(vector);
	sigv4_add_canonical_request(&vector->request, &canonical);
	assert_text(canonical.text,
		    json_text(json, "expected.canonical_request", ""));
	sigv4_add_string_to_sign(&vector->scope, &canonical, &to_sign);
	assert_text(to_sign.text,
		    json_text(json, "expected.string_to_sign", ""));
	sigv4_sign(&vector->request, &vector->scope, &vector->credentials,
		   &authorization);
	assert_text(authorization.text,
		    json_text(json, "expected.authorization", ""));
}

static void check_client_query(const struct json *json,
			       struct vector *vector)
{
	CLEANUP(str_done) struct str url = STR_EMPTY;

	seal(vector);
	str_addf(&url, "https://%s", json_text(json, "request.host", ""));
	sigv4_add_uri(vector->path.text, 0, &url);
	str_add_char(&url, '?');
	sigv4_presign(&vector->request, &vector->scope, &vector->credentials,
		      (int)json_number(json, "context.expires", 0), &url);
	assert_text(url.text, json_text(json, "expected.signed_url", ""));
}

static void requests_of_this_client_are_signed_as_botocore_does(void **state)
{
	CLEANUP(json_freep) struct json *all =
		read_json("", "client-vectors.json");

	(void)state;
	assert_int_equal(json_count(all), 16);
	for (size_t i = 0; i < json_count(all); i++) {
		CLEANUP(vector_done) struct vector vector = VECTOR_EMPTY;
		const struct json *json = json_item(all, i);

		set_context(&vector, json_at(json, "context"));
		set_client_request(&vector, json_at(json, "request"));
		if (strcmp(vector.scope.service, "s3") != 0)
			vector.request.path_rule =
				SIGV4_NORMALIZE | SIGV4_ENCODE_TWICE;
		if (strcmp(json_text(json, "context.mode", ""), "query") == 0)
			check_client_query(json, &vector);
		else
			check_client_header(json, &vector);
	}
}

/* --- s3-doc-examples.json --- */

static void sign_step(const struct vector *vector, const struct str *to_sign,
		      char hex[SIGV4_HEX_SIZE])
{
	unsigned char key[SIGV4_KEY_BYTES];

	sigv4_signing_key(&vector->secret_key, &vector->scope, key);
	sigv4_signature(key, to_sign, hex);
}

static void check_chunks(const struct json *json,
			 const struct vector *vector,
			 char previous[SIGV4_HEX_SIZE])
{
	const struct json *chunks = json_at(json, "chunks");

	for (size_t i = 0; i < json_count(chunks); i++) {
		CLEANUP(str_done) struct str data = STR_EMPTY;
		CLEANUP(str_done) struct str hash = STR_EMPTY;
		CLEANUP(str_done) struct str to_sign = STR_EMPTY;
		const struct json *chunk = json_item(chunks, i);

		str_add_repeat(&data, 'a',
			       (size_t)json_number(chunk, "data_len", 0));
		hash_add_hex(HASH_SHA256, data.text, data.len, &hash);
		sigv4_add_chunk_string(&vector->scope, previous, hash.text,
				       &to_sign);
		assert_text(to_sign.text,
			    json_text(chunk, "string_to_sign", ""));
		sign_step(vector, &to_sign, previous);
		assert_text(previous, json_text(chunk, "signature", ""));
	}
}

static void check_trailer(const struct json *trailer,
			  const struct vector *vector,
			  const char *previous)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	const char *lines = json_text(trailer, "canonical_trailer", "");
	char hex[SIGV4_HEX_SIZE];

	hash_add_hex(HASH_SHA256, lines, strlen(lines), &hash);
	sigv4_add_trailer_string(&vector->scope, previous, hash.text,
				 &to_sign);
	assert_text(to_sign.text, json_text(trailer, "string_to_sign", ""));
	sign_step(vector, &to_sign, hex);
	assert_text(hex, json_text(trailer, "signature", ""));
}

static void check_example(const struct json *json)
{
	CLEANUP(vector_done) struct vector vector = VECTOR_EMPTY;
	CLEANUP(str_done) struct str canonical = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *at = json_text(json, "canonical_query", "");
	const struct json *text;
	char hex[SIGV4_HEX_SIZE];
	const char *name;
	size_t i = 0;
	bool has;

	set_context(&vector, json_at(json, "context"));
	vector.request.method = json_text(json, "method", "");
	str_set(&vector.path, json_text(json, "canonical_path", ""));
	str_set(&vector.hash, json_text(json, "payload_hash", ""));
	while (url_query_next(&at, &key, &value, &has))
		add(&vector.query, key.text, value.text);
	while (json_next(json_at(json, "headers"), &i, &name, &text))
		add(&vector.headers, name, json_text(text, NULL, ""));
	seal(&vector);
	sigv4_add_canonical_request(&vector.request, &canonical);
	assert_text(canonical.text, json_text(json, "canonical_request", ""));
	sigv4_add_string_to_sign(&vector.scope, &canonical, &to_sign);
	assert_text(to_sign.text, json_text(json, "string_to_sign", ""));
	sign_step(&vector, &to_sign, hex);
	assert_text(hex, json_text(json, "signature", ""));
	check_chunks(json, &vector, hex);
	if (json_at(json, "trailer") != NULL)
		check_trailer(json_at(json, "trailer"), &vector, hex);
}

static void examples_of_the_s3_reference_come_out_with_chunks(void **state)
{
	CLEANUP(json_freep) struct json *all =
		read_json("", "s3-doc-examples.json");
	const struct json *json;
	const char *name;
	size_t at = 0;

	(void)state;
	assert_int_equal(json_count(all), 5);
	while (json_next(all, &at, &name, &json))
		check_example(json);
}

/* --- the verifier's side --- */

static void a_claim_is_read_back_from_what_was_signed(void **state)
{
	CLEANUP(sigv4_claim_done) struct sigv4_claim claim =
		SIGV4_CLAIM_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(sigv4_claim_parse(
		&claim,
		"AWS4-HMAC-SHA256 Credential=AK/IA/20260314/eu-west-1/s3/"
		"aws4_request,SignedHeaders=host;x-amz-date,  Signature=ab12",
		&err));
	assert_text(claim.access_key_id.text, "AK/IA");
	assert_text(claim.date.text, "20260314");
	assert_text(claim.region.text, "eu-west-1");
	assert_text(claim.service.text, "s3");
	assert_text(claim.signed_headers.text, "host;x-amz-date");
	assert_text(claim.signature.text, "ab12");
}

static void malformed_claims_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"Bearer x",
		"AWS4-HMAC-SHA256",
		"AWS4-HMAC-SHA256 ",
		"AWS4-HMAC-SHA256 Credential=A/20260314/r/s3/aws4_request",
		"AWS4-HMAC-SHA256 Credential=A, SignedHeaders=h, Signature=s",
		"AWS4-HMAC-SHA256 Credential=/20260314/r/s3/aws4_request, "
		"SignedHeaders=h, Signature=s",
		"AWS4-HMAC-SHA256 Credential=A/2026/r/s3/aws4_request, "
		"SignedHeaders=h, Signature=s",
		"AWS4-HMAC-SHA256 Credential=A/20260314/r/s3/aws4_no, "
		"SignedHeaders=h, Signature=s",
		"AWS4-HMAC-SHA256 Credential=A/20260314//s3/aws4_request, "
		"SignedHeaders=h, Signature=s",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(sigv4_claim_done) struct sigv4_claim claim =
			SIGV4_CLAIM_EMPTY;
		struct err err = ERR_EMPTY;

		assert_false(sigv4_claim_parse(&claim, bad[i], &err));
		assert_int_equal(err.kind, ERR_DATA);
	}
}

static void times_are_written_and_read(void **state)
{
	char text[SIGV4_TIME_SIZE];
	int64_t at_ms = 0;

	(void)state;
	sigv4_time(INT64_C(1773500966999), text);
	assert_text(text, "20260314T150926Z");
	assert_true(sigv4_time_parse(text, &at_ms));
	assert_int_equal(at_ms, INT64_C(1773500966000));
	assert_false(sigv4_time_parse("20260314", &at_ms));
	assert_false(sigv4_time_parse("20260314T150926ZZ", &at_ms));
	assert_false(sigv4_time_parse("2026-03-14T15:09Z", &at_ms));
}

static void signatures_compare_by_all_bytes(void **state)
{
	(void)state;
	assert_true(sigv4_signature_equal("abc", "abc"));
	assert_false(sigv4_signature_equal("abc", "abd"));
	assert_false(sigv4_signature_equal("abc", "abcd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_official_suite_passes_in_both_forms),
		cmocka_unit_test(
			requests_of_this_client_are_signed_as_botocore_does),
		cmocka_unit_test(
			examples_of_the_s3_reference_come_out_with_chunks),
		cmocka_unit_test(a_claim_is_read_back_from_what_was_signed),
		cmocka_unit_test(malformed_claims_are_refused),
		cmocka_unit_test(times_are_written_and_read),
		cmocka_unit_test(signatures_compare_by_all_bytes),
	};

	return RUN_TESTS(tests);
}
