/* The keys of load/access: what locks an object, or what will be written. */
#include "load/access_inner.h"

#include "aws/call.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "data/xml.h"

/* --- keys --- */

static void take_key(struct access_asking *asking, const struct call *call,
		     size_t at)
{
	struct access_facts *facts = asking->facts;

	(void)at;
	if (!call->ok) {
		facts->key_missing = call->err.kind == ERR_MISSING;
		if (facts->key_missing)
			access_ask_identity(asking);
		return;
	}
	if (!kms_describe_read(call, &facts->key, NULL) ||
	    facts->key.aws_managed)
		return;
	facts->may[ACCESS_DECRYPT] = true;
	facts->may[ACCESS_GENERATE] = facts->ask->writes;
	access_ask_rights(asking, ACCESS_DECRYPT, ACCESS_GENERATE);
}

static void ask_key(struct access_asking *asking, const char *name)
{
	struct access_facts *facts = asking->facts;
	const char *there = facts->bucket_region;
	/* names of which another region may have another key */
	bool is_in_each = str_starts(name, "alias/") ||
			  str_starts(name, "mrk-");

	str_set(&facts->key_name, name);
	access_send(asking,
		    kms_describe_call(name, is_in_each && there != NULL
						    ? there
						    : facts->region),
		    take_key, 0);
}

static void take_sample(struct access_asking *asking, const struct call *call,
			size_t at)
{
	const char *key = call_reply_header(
		call, "x-amz-server-side-encryption-aws-kms-key-id");
	struct s3_uri uri = { call->bucket, call->key, NULL }; /* borrowed */

	(void)at;
	if (!call->ok || key == NULL)
		return;
	s3_uri_add_shown(&uri, &asking->facts->locked_object);
	ask_key(asking, key);
}

static void ask_head(struct access_asking *asking, const struct s3_uri *uri)
{
	access_send(asking, s3_object_head_call(asking->aws, uri, false),
		    take_sample, 0);
}

/* What is put there without a word of keys is locked with the bucket's. */
static void take_bucket_key(struct access_asking *asking,
			    const struct call *call, size_t at)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const char *key;

	(void)at;
	if (call->ok && xml_reader_feed(reader, call->reply.body.text,
					call->reply.body.len, NULL))
		root = xml_reader_end(reader, NULL);
	key = xml_text(root,
		       "Rule/ApplyServerSideEncryptionByDefault/KMSMasterKeyID",
		       "");
	if (key[0] == '\0')
		return;
	str_addf(&asking->facts->locked_object, "what is put in s3://%s",
		 asking->facts->ask->bucket);
	ask_key(asking, key);
}

static void ask_bucket_key(struct access_asking *asking)
{
	struct call *call = call_new(OPERATION_GET_ENCRYPTION);

	call_set_bucket(call, asking->facts->ask->bucket);
	access_send(asking, call, take_bucket_key, 0);
}

/* The first object under the prefix, where nobody has looked yet. */
static void take_first(struct access_asking *asking, const struct call *call,
		       size_t at)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	const struct xml *root = NULL;
	const char *key;

	(void)at;
	if (call->ok && xml_reader_feed(reader, call->reply.body.text,
					call->reply.body.len, NULL))
		root = xml_reader_end(reader, NULL);
	key = xml_text(root, "Contents/Key", "");
	if (key[0] == '\0') {
		ask_bucket_key(asking);
		return;
	}
	str_set(&uri.bucket, asking->facts->ask->bucket);
	str_set(&uri.key, key);
	ask_head(asking, &uri);
}

static void ask_first(struct access_asking *asking)
{
	const struct access_ask *ask = asking->facts->ask;
	struct call *call = call_new(OPERATION_LIST_OBJECTS);

	call_set_bucket(call, ask->bucket);
	call_add_query(call, "prefix", ask->prefix);
	call_add_query_number(call, "max-keys", 1);
	access_send(asking, call, take_first, 0);
}

void access_ask_sample(struct access_asking *asking)
{
	const struct access_ask *ask = asking->facts->ask;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

	if (ask->key[0] != '\0')
		ask_key(asking, ask->key);
	else if (ask->bucket_key)
		ask_bucket_key(asking);
	else if (ask->sample[0] != '\0' &&
		 s3_uri_parse_object(&uri, ask->sample, NULL))
		ask_head(asking, &uri);
	else if (!ask->writes)
		ask_first(asking);
}
