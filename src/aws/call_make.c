/* Building a call, and the sums of its body. */
#include "aws/call_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aws/s3_arn.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "base/cancel.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/url.h"

struct call *call_new(enum operation_id id)
{
	struct call *call = mem_alloc(sizeof(*call));
	const char *version, *target;

	call->operation = &operation_table[id];
	call->bucket = (struct str)STR_EMPTY;
	call->key = (struct str)STR_EMPTY;
	call->body = (struct str)STR_EMPTY;
	call->reply.body = (struct str)STR_EMPTY;
	call->body_fd = -1;
	call->reply_fd = -1;
	version = operation_api_version(call->operation->service);
	if (version != NULL) {
		call_add_param(call, "Action", call->operation->name);
		call_add_param(call, "Version", version);
		call_add_header(call, "content-type",
				"application/x-www-form-urlencoded; "
				"charset=utf-8");
	}
	target = operation_target(call->operation->service);
	if (target != NULL) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		str_addf(&name, "%s.%s", target, call->operation->name);
		call_add_header(call, "x-amz-target", name.text);
		call_add_header(call, "content-type",
				"application/x-amz-json-1.1");
	}
	return call;
}

void call_reply_done(struct http_reply *reply)
{
	http_headers_done(&reply->headers);
	mem_wipe(reply->body.text, reply->body.len);
	str_done(&reply->body);
}

void call_free(struct call *call)
{
	if (call == NULL)
		return;
	call_stop(call);
	str_done(&call->bucket);
	str_done(&call->key);
	http_headers_done(&call->query);
	http_headers_done(&call->headers);
	str_done(&call->body);
	if (call->body_fd >= 0)
		close(call->body_fd);
	if (call->reply_fd >= 0)
		close(call->reply_fd);
	call_reply_done(&call->reply);
	integrity_done(&call->body_sum);
	integrity_done(&call->reply_sum);
	mem_free(call);
}

void call_set_bucket(struct call *call, const char *bucket)
{
	str_set(&call->bucket, bucket);
}

void call_set_uri(struct call *call, const struct s3_uri *uri)
{
	str_set_slice(&call->bucket, uri->bucket.text, uri->bucket.len);
	str_set_slice(&call->key, uri->key.text, uri->key.len);
	s3_options_apply(uri->options, call);
}

void call_add_copy_source(struct call *call, const struct s3_uri *from)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str source = STR_EMPTY;

	str_addf(&plain, "%s/%s", from->bucket.text,
		 s3_arn_is(from->bucket.text) ? "object/" : "");
	str_add_slice(&plain, from->key.text, from->key.len);
	url_escape(&source, plain.text, plain.len, URL_KEEP_SLASH);
	call_add_header(call, "x-amz-copy-source", source.text);
}

void call_set_region(struct call *call, const char *region)
{
	if (region != NULL)
		snprintf(call->region, sizeof(call->region), "%s", region);
}

void call_add_query(struct call *call, const char *name, const char *value)
{
	http_headers_add(&call->query, name, value);
}

void call_add_query_number(struct call *call, const char *name, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	call_add_query(call, name, text);
}

void call_add_header(struct call *call, const char *name, const char *value)
{
	http_headers_add(&call->headers, name, value);
}

void call_set_body(struct call *call, const char *bytes, size_t len)
{
	str_set_slice(&call->body, bytes, len);
}

void call_add_param(struct call *call, const char *name, const char *value)
{
	url_add_param(&call->body, name, value);
}

bool call_set_body_file(struct call *call, int fd, int64_t offset,
			int64_t length, struct err *err)
{
	call->body_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (call->body_fd < 0)
		return err_set_errno(err, errno, "reading the file");
	call->body_offset = offset;
	call->body_length = length;
	return true;
}

bool call_set_reply_file(struct call *call, int fd, int64_t offset,
			 int64_t max_bytes, struct err *err)
{
	call->reply_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (call->reply_fd < 0)
		return err_set_errno(err, errno, "writing the file");
	call->reply_offset = offset;
	call->reply_max = max_bytes;
	return true;
}

const char *call_reply_header(const struct call *call, const char *name)
{
	return http_headers_get(&call->reply.headers, name);
}

/* --- what is counted over the body before it goes out --- */

struct sums {
	struct hash *sha256;	/* NULL: not wanted */
	struct integrity *sum;
};

static void count_bytes(struct sums *sums, const char *bytes, size_t len)
{
	if (sums->sha256 != NULL)
		hash_feed(sums->sha256, bytes, len);
	integrity_feed(sums->sum, bytes, len);
}

static bool count_file(struct call *call, struct sums *sums, struct err *err)
{
	char buffer[65536];
	int64_t offset = call->body_offset;
	int64_t left = call->body_length;

	while (left > 0) {
		size_t want = left < (int64_t)sizeof(buffer) ? (size_t)left
							     : sizeof(buffer);
		ssize_t got;

		if (!cancel_check(err))
			return false;
		got = pread(call->body_fd, buffer, want, offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno, "reading the file");
		if (got == 0)
			return err_set(err, ERR_DATA,
				       "the file became shorter while it was "
				       "read");
		count_bytes(sums, buffer, (size_t)got);
		offset += got;
		left -= got;
	}
	return true;
}

static bool is_signed(const struct call *call, const struct policy *policy)
{
	return call->operation->service != ENDPOINT_S3 ||
	       policy->signs_bodies ||
	       call->body_sum.kind == INTEGRITY_NONE;
}

bool call_prepare(struct call *call, const struct policy *policy,
		  struct err *err)
{
	CLEANUP(hash_freep) struct hash *sha256 = NULL;
	struct sums sums = { NULL, &call->body_sum };
	unsigned char digest[HASH_MAX];
	bool has_body = call->body_fd >= 0 || call->body.len > 0;
	bool sends = call->operation->sum == OPERATION_SENDS_SUM;

	call->prepared = true;
	integrity_start(&call->body_sum,
			sends ? policy->body_kind : INTEGRITY_NONE);
	if (has_body ? !is_signed(call, policy) : false) {
		snprintf(call->payload_hash, sizeof(call->payload_hash), "%s",
			 SIGV4_UNSIGNED_PAYLOAD);
	} else if (has_body) {
		sha256 = hash_new(HASH_SHA256);
		sums.sha256 = sha256;
	} else {
		snprintf(call->payload_hash, sizeof(call->payload_hash), "%s",
			 SIGV4_EMPTY_HASH);
	}
	if (call->body_fd < 0)
		count_bytes(&sums, call->body.text, call->body.len);
	else if (!count_file(call, &sums, err))
		return false;
	if (sha256 != NULL) {
		CLEANUP(str_done) struct str hex = STR_EMPTY;

		hash_finish(sha256, digest);
		encode_hex(&hex, digest, hash_size(HASH_SHA256));
		memcpy(call->payload_hash, hex.text, SIGV4_HEX_SIZE);
	}
	return true;
}
