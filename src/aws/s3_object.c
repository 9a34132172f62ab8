#include "aws/s3_object.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "aws/call.h"
#include "aws/s3_options.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/sink.h"
#include "data/isotime.h"
#include "data/xml.h"

enum {
	RANGE_MAX_BYTES = 64 * 1024 * 1024,
	READ_AHEAD = 3,               /* ranges under way */
	READ_BYTES = 4 * 1024 * 1024, /* of each */
};

void s3_head_done(struct s3_head *head)
{
	str_done(&head->etag);
	str_done(&head->content_type);
	str_done(&head->content_encoding);
	str_done(&head->storage_class);
	str_done(&head->version);
	str_done(&head->encryption);
	str_done(&head->metadata);
}

static void set_header(struct str *to, const struct call *call,
		       const char *name, const char *otherwise)
{
	const char *value = call_reply_header(call, name);

	str_set(to, value != NULL ? value : otherwise);
}

static bool parse_number(const char *text, int64_t *out)
{
	char end;

	return text != NULL && sscanf(text, "%" SCNd64 "%c", out, &end) == 1;
}

static void add_metadata(const struct http_headers *headers, struct str *out)
{
	static const char prefix[] = "x-amz-meta-";

	str_clear(out);
	for (size_t i = 0; i < headers->count; i++)
		if (strncasecmp(headers->items[i].name, prefix,
				sizeof(prefix) - 1) == 0)
			str_addf(out, "%s%s: %s", out->len > 0 ? "\n" : "",
				 headers->items[i].name + sizeof(prefix) - 1,
				 headers->items[i].value);
}

static void read_sum(const struct call *call, struct s3_head *head)
{
	const char *value = NULL;
	enum integrity_kind kind =
		integrity_find(&call->reply.headers, &value);

	integrity_done(&head->sum);
	if (integrity_can_join(kind))
		integrity_parse(&head->sum, kind, value, head->size);
}

struct call *s3_object_head_call(const struct aws *aws,
				 const struct s3_uri *uri, bool wants_sum)
{
	struct call *call = call_new(OPERATION_HEAD_OBJECT);

	call_set_uri(call, uri);
	if (wants_sum && worker_checks_replies(aws))
		call_add_header(call, "x-amz-checksum-mode", "ENABLED");
	return call;
}

bool s3_object_read_head(const struct call *call, struct s3_head *out_head,
			 struct err *err)
{
	const char *modified;
	int64_t size;

	if (!parse_number(call_reply_header(call, "content-length"), &size))
		return err_set(err, ERR_DATA,
			       "s3://%s/%s: the reply has no "
			       "content-length",
			       call->bucket.text, call->key.text);
	out_head->size = size;
	modified = call_reply_header(call, "last-modified");
	if (modified == NULL ||
	    !isotime_parse_http(modified, &out_head->modified_ms, NULL))
		out_head->modified_ms = 0;
	set_header(&out_head->etag, call, "etag", "");
	set_header(&out_head->content_type, call, "content-type", "");
	set_header(&out_head->content_encoding, call, "content-encoding", "");
	set_header(&out_head->storage_class, call, "x-amz-storage-class",
		   "STANDARD");
	set_header(&out_head->version, call, "x-amz-version-id", "");
	set_header(&out_head->encryption, call, "x-amz-server-side-encryption",
		   "");
	add_metadata(&call->reply.headers, &out_head->metadata);
	read_sum(call, out_head);
	return true;
}

bool s3_object_head(struct aws *aws, const struct s3_uri *uri,
		    struct s3_head *out_head, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = s3_object_head_call(aws, uri, out_head->wants_sum);

	return worker_call(aws, call, err) &&
	       s3_object_read_head(call, out_head, err);
}

static struct call *range_call(const struct s3_uri *uri,
			       const struct s3_range *range)
{
	struct call *call = call_new(OPERATION_GET_OBJECT);
	int64_t length = range->length;
	char text[64];

	if (length < 0 || length > RANGE_MAX_BYTES)
		length = RANGE_MAX_BYTES;
	call_set_uri(call, uri);
	snprintf(text, sizeof(text), "bytes=%" PRId64 "-%" PRId64,
		 range->offset, range->offset + length - 1);
	call_add_header(call, "range", text);
	if (range->etag != NULL && range->etag[0] != '\0')
		call_add_header(call, "if-match", range->etag);
	call->reply_limit = (size_t)length;
	return call;
}

/* "bytes 0-9/1234"; without it the reply is the whole object. */
static int64_t whole_size(const struct call *call)
{
	const char *range = call_reply_header(call, "content-range");
	const char *slash = range != NULL ? strrchr(range, '/') : NULL;
	int64_t size;

	if (slash != NULL && parse_number(slash + 1, &size))
		return size;
	return (int64_t)call->reply.body.len;
}

/* 416: the object ends before the range. "bytes ".."*" "/1234" says where. */
static bool is_past_end(const struct call *call)
{
	return !call->ok && call->reply.status == 416;
}

bool s3_object_get(struct aws *aws, const struct s3_uri *uri,
		   const struct s3_range *range, struct str *out,
		   int64_t *out_size, struct err *err)
{
	CLEANUP(call_freep) struct call *call = NULL;
	struct err failed = ERR_EMPTY;

	if (range->length == 0)
		return true;
	call = range_call(uri, range);
	if (!worker_call(aws, call, &failed) && !is_past_end(call)) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	if (out_size != NULL)
		*out_size = call->ok || call_reply_header(call, "content-range")
				    ? whole_size(call)
				    : 0;
	if (!call->ok)
		return true;
	if (call->reply.status != 206 && range->offset > 0)
		return err_set(err, ERR_DATA,
			       "s3://%s/%s: the server does "
			       "not know ranges",
			       uri->bucket.text, uri->key.text);
	str_add_slice(out, call->reply.body.text, call->reply.body.len);
	return true;
}

/* --- reading in order, with ranges asked for ahead --- */

struct reading {
	const struct s3_uri *uri;
	const struct s3_head *head;
	struct worker_queue *queue;
	struct call *slots[READ_AHEAD]; /* finished, by range % READ_AHEAD */
	int64_t asked;                  /* ranges asked for so far */
	int64_t taken;                  /* ranges written so far */
	int64_t count;
	struct integrity sum; /* of what was written, as head->sum counts */
};

static void ask_next(struct reading *reading)
{
	struct s3_range range = {
		.offset = reading->asked * READ_BYTES,
		.length = READ_BYTES,
		.etag = reading->head->etag.text,
	};
	struct call *call = range_call(reading->uri, &range);

	call->body_offset = reading->asked++; /* which range it is */
	call->reply_kind = reading->head->sum.kind;
	worker_send_take(reading->queue, call);
}

static bool write_ready(struct reading *reading, struct sink *sink,
			struct err *err)
{
	struct call **slot = &reading->slots[reading->taken % READ_AHEAD];

	while (*slot != NULL) {
		const struct str *body = &(*slot)->reply.body;
		bool fine;

		fine = sink_write(sink, body->text, body->len, err);
		integrity_join(&reading->sum, &(*slot)->reply_sum);
		call_free(*slot);
		*slot = NULL;
		if (!fine)
			return false;
		reading->taken++;
		slot = &reading->slots[reading->taken % READ_AHEAD];
	}
	return true;
}

static bool check_range(const struct reading *reading, const struct call *call,
			struct err *err)
{
	int64_t offset = call->body_offset * READ_BYTES;
	int64_t want = reading->head->size - offset;

	if (want > READ_BYTES)
		want = READ_BYTES;
	if ((int64_t)call->reply.body.len == want)
		return true;
	return err_set(err, ERR_DATA, "s3://%s/%s: the reply was cut short",
		       reading->uri->bucket.text, reading->uri->key.text);
}

static bool read_ranges(struct reading *reading, struct sink *sink,
			struct err *err)
{
	while (reading->taken < reading->count) {
		struct err failed = ERR_EMPTY;
		struct call *call;

		while (reading->asked < reading->count &&
		       reading->asked < reading->taken + READ_AHEAD)
			ask_next(reading);
		call = worker_wait(reading->queue, NULL, &failed);
		if (call == NULL) {
			if (err != NULL)
				*err = failed;
			return false;
		}
		reading->slots[call->body_offset % READ_AHEAD] = call;
		if (!call->ok) {
			if (err != NULL)
				*err = call->err;
			return false;
		}
		if (!check_range(reading, call, err) ||
		    !write_ready(reading, sink, err))
			return false;
	}
	return true;
}

/* It has been written by then: all that is left is to say so. */
static bool check_whole(const struct reading *reading, struct err *err)
{
	const struct integrity *wanted = &reading->head->sum;

	if (wanted->kind == INTEGRITY_NONE ||
	    (reading->sum.bytes == wanted->bytes &&
	     reading->sum.crc == wanted->crc))
		return true;
	return err_set(err, ERR_DATA,
		       "s3://%s/%s: what came is not what S3 keeps: the "
		       "checksums differ",
		       reading->uri->bucket.text, reading->uri->key.text);
}

bool s3_object_read(struct aws *aws, const struct s3_uri *uri,
		    struct sink *sink, struct err *err)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(worker_queue_freep) struct worker_queue *queue = NULL;
	struct reading reading = { .uri = uri, .head = &head };
	bool fine;

	head.wants_sum = true;
	if (!s3_object_head(aws, uri, &head, err))
		return false;
	queue = worker_queue_new(aws, err);
	if (queue == NULL)
		return false;
	reading.queue = queue;
	reading.count = (head.size + READ_BYTES - 1) / READ_BYTES;
	reading.sum.kind = head.sum.kind;
	fine = read_ranges(&reading, sink, err) && check_whole(&reading, err);
	for (size_t i = 0; i < READ_AHEAD; i++)
		call_free(reading.slots[i]);
	return fine;
}

/* --- writing --- */

bool s3_object_put(struct aws *aws, const struct s3_uri *uri, const char *bytes,
		   size_t len, struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_PUT_OBJECT);

	call_set_uri(call, uri);
	call_set_body(call, bytes, len);
	return worker_call(aws, call, err);
}

struct call *s3_object_copy_call(const struct s3_uri *from, const char *etag,
				 const struct s3_uri *to)
{
	struct call *call = call_new(OPERATION_COPY_OBJECT);

	call_set_uri(call, to);
	call_add_copy_source(call, from);
	if (etag != NULL && etag[0] != '\0')
		call_add_header(call, "x-amz-copy-source-if-match", etag);
	if (s3_options_replace_metadata(to->options))
		call_add_header(call, "x-amz-metadata-directive", "REPLACE");
	return call;
}

bool s3_object_delete(struct aws *aws, const struct s3_uri *uri,
		      struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_DELETE_OBJECT);

	call_set_uri(call, uri);
	return worker_call(aws, call, err);
}

/* --- presigned URLs, made where the credentials are --- */

struct presign_job {
	const struct s3_uri *uri;
	const struct s3_presign *how;
	struct str *out_url;
	int64_t cred_ends_ms;
};

static bool presign(struct call_core *core, void *context, struct err *err)
{
	struct presign_job *job = context;
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct sigv4_scope scope = { .service = "s3" };
	struct sigv4_pair host = { "host", NULL };
	struct sigv4_request request = {
		.method = job->how->put ? "PUT" : "GET",
		.headers = &host,
		.header_count = 1,
		.payload_hash = SIGV4_UNSIGNED_PAYLOAD,
	};
	struct sigv4_credentials credentials = { .cache = NULL };
	const struct cred *cred = call_core_cred(core, err);

	if (cred == NULL)
		return false;
	scope.region =
		call_core_region(core, ENDPOINT_S3, job->uri->bucket.text);
	if (!endpoint_find(&core->endpoints, ENDPOINT_S3, scope.region,
			   job->uri->bucket.text, &endpoint, err))
		return false;
	sigv4_time(call_core_now_ms(core), scope.time);
	host.value = endpoint.host.text;
	call_add_path(&endpoint, job->uri->key.text, &path);
	request.path = path.text;
	credentials.access_key_id = cred->access_key_id.text;
	credentials.secret_key = &cred->secret_key;
	credentials.token = &cred->token;
	str_add(job->out_url, endpoint.base.text);
	sigv4_add_uri(path.text, 0, job->out_url);
	str_add_char(job->out_url, '?');
	sigv4_presign(&request, &scope, &credentials, job->how->expires_s,
		      job->out_url);
	job->cred_ends_ms = cred->expires_ms;
	return true;
}

bool s3_object_presign(struct aws *aws, const struct s3_uri *uri,
		       const struct s3_presign *how, struct str *out_url,
		       int64_t *out_cred_ends_ms, struct err *err)
{
	struct presign_job job = { uri, how, out_url, 0 };
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (how->expires_s < 1 || how->expires_s > S3_PRESIGN_MAX_S)
		return err_set(err, ERR_USAGE,
			       "a link may live 1 second to 7 days");
	/* Such a URL cannot be redirected: the region must be right. */
	if (!worker_bucket_region(aws, uri->bucket.text, &region, err) ||
	    !worker_need_cred(aws, err) ||
	    !worker_run(aws, presign, &job, err))
		return false;
	if (out_cred_ends_ms != NULL)
		*out_cred_ends_ms = job.cred_ends_ms;
	return true;
}

/* --- buckets --- */

bool s3_bucket_create(struct aws *aws, const char *bucket, const char *region,
		      struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_CREATE_BUCKET);
	CLEANUP(str_done) struct str body = STR_EMPTY;

	if (region == NULL)
		region = worker_region(aws);
	call_set_bucket(call, bucket);
	call_set_region(call, region);
	/* us-east-1 wants no body and refuses one that names it. */
	if (region[0] != '\0' && strcmp(region, "us-east-1") != 0) {
		str_add(&body, "<CreateBucketConfiguration xmlns=\""
			       "http://s3.amazonaws.com/doc/2006-03-01/\">");
		xml_put(&body, "LocationConstraint", region);
		xml_close(&body, "CreateBucketConfiguration");
		call_set_body(call, body.text, body.len);
		call_add_header(call, "content-type", "application/xml");
	}
	return worker_call(aws, call, err);
}

bool s3_bucket_delete(struct aws *aws, const struct s3_uri *uri,
		      struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_DELETE_BUCKET);

	call_set_bucket(call, uri->bucket.text);
	s3_options_apply(uri->options, call);
	return worker_call(aws, call, err);
}
