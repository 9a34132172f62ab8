#include "aws/s3_delete.h"

#include <inttypes.h>

#include "aws/call.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/xml.h"

enum {
	KEYS_MAX = 1000, /* S3: of one request */
	IN_FLIGHT = 4,
	REPLY_MAX_BYTES = 16 * 1024 * 1024,
};

struct s3_delete {
	struct aws *aws;
	struct s3_delete_options options;
	struct worker_queue *queue;
	struct str body; /* of the request to come */
	size_t count;    /* keys in it */
	int64_t removed;
	int64_t failed;
};

struct s3_delete *s3_delete_new(struct aws *aws,
				const struct s3_delete_options *options,
				struct err *err)
{
	struct worker_queue *queue = worker_queue_new(aws, err);
	struct s3_delete *removal;

	if (queue == NULL)
		return NULL;
	removal = mem_alloc(sizeof(*removal));
	removal->aws = aws;
	removal->options = *options;
	removal->queue = queue;
	removal->body = (struct str)STR_EMPTY;
	return removal;
}

void s3_delete_free(struct s3_delete *removal)
{
	if (removal == NULL)
		return;
	worker_queue_free(removal->queue);
	str_done(&removal->body);
	mem_free(removal);
}

int64_t s3_delete_removed(const struct s3_delete *removal)
{
	return removal->removed;
}

int64_t s3_delete_failed(const struct s3_delete *removal)
{
	return removal->failed;
}

/* --- replies --- */

static void tell(struct s3_delete *removal, const char *key,
		 const struct err *err)
{
	removal->failed++;
	if (removal->options.failed != NULL)
		removal->options.failed(removal->options.context, key, err);
}

static bool read_errors(struct s3_delete *removal, const struct call *call,
			int64_t count, struct err *err)
{
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(REPLY_MAX_BYTES);
	const struct str *body = &call->reply.body;
	const struct xml *root = NULL;

	if (xml_reader_feed(reader, body->text, body->len, err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		return err_wrap(err, "DeleteObjects");
	removal->removed += count;
	for (const struct xml *at = xml_at(root, "Error"); at != NULL;
	     at = xml_next(at)) {
		struct err failed = ERR_EMPTY;

		err_set(&failed, ERR_AWS, "%s", xml_text(at, "Message", ""));
		err_set_code(&failed, xml_text(at, "Code", ""));
		removal->removed--;
		tell(removal, xml_text(at, "Key", ""), &failed);
	}
	return true;
}

/* How many keys a request has, of which that for one key alone has 0. */
static bool take_reply(struct s3_delete *removal, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = worker_wait(removal->queue, NULL, err);
	int64_t count;

	if (call == NULL)
		return false;
	count = call->body_offset;
	if (call->ok && count > 0)
		return read_errors(removal, call, count, err);
	if (call->ok) {
		removal->removed++;
		return true;
	}
	if (count == 0 && call->err.kind == ERR_AWS) {
		tell(removal, call->key.text, &call->err);
		return true;
	}
	if (err != NULL)
		*err = call->err;
	return false;
}

static bool send_take(struct s3_delete *removal, struct call *call,
		      struct err *err)
{
	worker_send_take(removal->queue, call);
	return worker_pending(removal->queue) < IN_FLIGHT ||
	       take_reply(removal, err);
}

/* --- requests --- */

/* XML 1.0 has no way to write most control bytes, U+FFFE and U+FFFF. */
static bool fits_xml(const char *key)
{
	for (; *key != '\0'; key++) {
		unsigned char c = (unsigned char)*key;

		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return false;
		if (str_starts(key, "\xef\xbf\xbe") ||
		    str_starts(key, "\xef\xbf\xbf"))
			return false;
	}
	return true;
}

static bool send_alone(struct s3_delete *removal, const char *key,
		       const char *version, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct call *call = call_new(OPERATION_DELETE_OBJECT);

	s3_uri_copy(&uri, removal->options.uri);
	str_set(&uri.key, key);
	call_set_uri(call, &uri);
	if (version != NULL && version[0] != '\0')
		call_add_query(call, "versionId", version);
	return send_take(removal, call, err);
}

static bool send_together(struct s3_delete *removal, struct err *err)
{
	CLEANUP(str_done) struct str md5 = STR_EMPTY;
	struct str *body = &removal->body;
	unsigned char digest[HASH_MAX];
	struct call *call;

	if (removal->count == 0)
		return true;
	xml_close(body, "Delete");
	/* S3 refuses it without a digest of the body. */
	hash_bytes(HASH_MD5, body->text, body->len, digest);
	encode_base64(&md5, digest, hash_size(HASH_MD5));
	call = call_new(OPERATION_DELETE_OBJECTS);
	call_set_bucket(call, removal->options.uri->bucket.text);
	s3_options_apply(removal->options.uri->options, call);
	call_add_header(call, "content-md5", md5.text);
	call_add_header(call, "content-type", "application/xml");
	call_set_body(call, body->text, body->len);
	call->reply_limit = REPLY_MAX_BYTES;
	call->body_offset = (int64_t)removal->count;
	str_clear(body);
	removal->count = 0;
	return send_take(removal, call, err);
}

bool s3_delete_add(struct s3_delete *removal, const char *key,
		   const char *version, struct err *err)
{
	struct str *body = &removal->body;

	if (!fits_xml(key))
		return send_alone(removal, key, version, err);
	if (removal->count == 0) {
		xml_open(body, "Delete");
		xml_put_bool(body, "Quiet", true);
	}
	xml_open(body, "Object");
	xml_put(body, "Key", key);
	if (version != NULL && version[0] != '\0')
		xml_put(body, "VersionId", version);
	xml_close(body, "Object");
	return ++removal->count < KEYS_MAX || send_together(removal, err);
}

bool s3_delete_end(struct s3_delete *removal, struct err *err)
{
	if (!send_together(removal, err))
		return false;
	while (worker_pending(removal->queue) > 0)
		if (!take_reply(removal, err))
			return false;
	return true;
}

/* --- keys at hand --- */

struct first {
	const struct s3_uri *uri;
	struct err err; /* of the first that stays */
};

static void keep_first(void *context, const char *key, const struct err *err)
{
	struct first *first = context;

	if (first->err.kind != ERR_NONE)
		return;
	first->err = *err;
	err_wrap(&first->err, "s3://%s/%s", first->uri->bucket.text, key);
}

bool s3_delete_many(struct aws *aws, const struct s3_uri *uri,
		    const char *const keys[], size_t count, struct err *err)
{
	struct first first = { uri, ERR_EMPTY };
	struct s3_delete_options options = { uri, keep_first, &first };
	CLEANUP(s3_delete_freep)
	struct s3_delete *removal = s3_delete_new(aws, &options, err);

	if (removal == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!s3_delete_add(removal, keys[i], NULL, err))
			return false;
	if (!s3_delete_end(removal, err))
		return false;
	if (removal->failed == 0)
		return true;
	if (err != NULL)
		*err = first.err;
	return err_wrap(err,
			"%" PRId64 " of the objects were not removed; the "
			"first",
			removal->failed);
}
