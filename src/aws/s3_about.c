#include "aws/s3_about.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/call.h"
#include "aws/s3_list.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "data/isotime.h"
#include "data/xml.h"

static void tell(const struct s3_about_visit *visit, const char *property,
		 const char *value)
{
	if (value != NULL && value[0] != '\0')
		visit->run(visit->context, property, value);
}

static bool fail(struct err *err, const struct err *failed)
{
	if (err != NULL)
		*err = *failed;
	return false;
}

/* Failures that concern this question alone. */
static bool is_small(const struct err *failed)
{
	return failed->kind == ERR_AWS || failed->kind == ERR_MISSING;
}

/* --- objects: headers of HeadObject --- */

static const struct {
	const char *header;
	const char *property;
} headers[] = {
	{ "content-type", "content type" },
	{ "content-encoding", "content encoding" },
	{ "content-language", "content language" },
	{ "content-disposition", "content disposition" },
	{ "cache-control", "cache control" },
	{ "x-amz-server-side-encryption", "encryption" },
	{ "x-amz-server-side-encryption-aws-kms-key-id", "KMS key" },
	{ "x-amz-server-side-encryption-bucket-key-enabled", "bucket key" },
	{ "x-amz-server-side-encryption-customer-algorithm", "customer's key" },
	{ "x-amz-checksum-crc32", "CRC-32" },
	{ "x-amz-checksum-crc32c", "CRC-32C" },
	{ "x-amz-checksum-crc64nvme", "CRC-64/NVME" },
	{ "x-amz-checksum-sha1", "SHA-1" },
	{ "x-amz-checksum-sha256", "SHA-256" },
	{ "x-amz-checksum-type", "checksum of" },
	{ "x-amz-version-id", "version" },
	{ "x-amz-restore", "restored" },
	{ "x-amz-archive-status", "archive" },
	{ "x-amz-expiration", "expires" },
	{ "x-amz-object-lock-mode", "lock" },
	{ "x-amz-object-lock-retain-until-date", "locked until" },
	{ "x-amz-object-lock-legal-hold", "legal hold" },
	{ "x-amz-replication-status", "replication" },
	{ "x-amz-website-redirect-location", "redirects to" },
};

/* An etag tells of parts by "-N" at its end. */
static void tell_etag(const char *etag, const struct s3_about_visit *visit)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *dash;

	for (; etag != NULL && *etag != '\0'; etag++)
		if (*etag != '"')
			str_add_char(&text, *etag);
	tell(visit, "etag", text.text);
	dash = strchr(text.text, '-');
	if (dash != NULL)
		tell(visit, "parts", dash + 1);
}

static void tell_metadata(const struct call *call,
			  const struct s3_about_visit *visit)
{
	static const char prefix[] = "x-amz-meta-";
	const struct http_headers *all = &call->reply.headers;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = 0; i < all->count; i++)
		if (strncasecmp(all->items[i].name, prefix,
				sizeof(prefix) - 1) == 0)
			str_addf(&text, "%s%s: %s", text.len > 0 ? "\n" : "",
				 all->items[i].name + sizeof(prefix) - 1,
				 all->items[i].value);
	tell(visit, "metadata", text.text);
}

static void tell_head(const struct call *call,
		      const struct s3_about_visit *visit)
{
	const char *class = call_reply_header(call, "x-amz-storage-class");
	const char *modified = call_reply_header(call, "last-modified");
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t modified_ms;

	tell(visit, "size", call_reply_header(call, "content-length"));
	if (modified != NULL &&
	    isotime_parse_http(modified, &modified_ms, NULL))
		isotime_add_sql(&text, modified_ms);
	tell(visit, "modified", text.text);
	tell_etag(call_reply_header(call, "etag"), visit);
	tell(visit, "storage class", class != NULL ? class : "STANDARD");
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		tell(visit, headers[i].property,
		     call_reply_header(call, headers[i].header));
	tell_metadata(call, visit);
}

static void add_tags(const struct call *call, struct str *out)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct str *body = &call->reply.body;
	const struct xml *at = NULL;

	if (xml_reader_feed(reader, body->text, body->len, NULL))
		at = xml_at(xml_reader_end(reader, NULL), "TagSet/Tag");
	for (; at != NULL; at = xml_next(at))
		str_addf(out, "%s%s: %s", out->len > 0 ? "\n" : "",
			 xml_text(at, "Key", ""), xml_text(at, "Value", ""));
}

static bool tell_tags(struct aws *aws, const struct s3_uri *uri,
		      const char *version, const char *count,
		      const struct s3_about_visit *visit, struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_GET_TAGGING);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	call_set_uri(call, uri);
	if (version != NULL)
		call_add_query(call, "versionId", version);
	if (worker_call(aws, call, &failed))
		add_tags(call, &text);
	else if (is_small(&failed))
		str_addf(&text, "%s, which you may not read (%s)", count,
			 call->operation->permission);
	else
		return fail(err, &failed);
	tell(visit, "tags", text.text);
	return true;
}

/* Only asked where the bucket keeps versions. */
static bool tell_versions(struct aws *aws, const struct s3_uri *uri,
			  const struct s3_about_visit *visit, struct err *err)
{
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.versions = true,
		.request = uri->options,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;
	int64_t count = 0, markers = 0;

	while ((entry = s3_list_next(list, &failed)) != NULL &&
	       strcmp(entry->key, uri->key.text) == 0) {
		count += !entry->is_marker;
		markers += entry->is_marker;
	}
	if (failed.kind != ERR_NONE)
		return is_small(&failed) || fail(err, &failed);
	str_addf(&text, "%" PRId64, count);
	if (markers > 0)
		str_addf(&text, ", deleted %" PRId64 " times", markers);
	tell(visit, "versions", text.text);
	return true;
}

bool s3_about_object(struct aws *aws, const struct s3_uri *uri,
		     const char *version, const struct s3_about_visit *visit,
		     struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_HEAD_OBJECT);
	const char *tags;
	const char *has_version;

	call_set_uri(call, uri);
	if (version != NULL)
		call_add_query(call, "versionId", version);
	call_add_header(call, "x-amz-checksum-mode", "ENABLED");
	if (!worker_call(aws, call, err))
		return false;
	tell(visit, "bucket", uri->bucket.text);
	tell(visit, "key", uri->key.text);
	tell_head(call, visit);
	tags = call_reply_header(call, "x-amz-tagging-count");
	if (tags != NULL && atoi(tags) > 0 &&
	    !tell_tags(aws, uri, version, tags, visit, err))
		return false;
	has_version = call_reply_header(call, "x-amz-version-id");
	return has_version == NULL || strcmp(has_version, "null") == 0 ||
	       tell_versions(aws, uri, visit, err);
}

/* --- buckets: one question each --- */

static void read_versioning(const struct xml *root, struct str *out)
{
	const char *status = xml_text(root, "Status", "");

	str_add(out, strcmp(status, "Enabled") == 0     ? "on"
		     : strcmp(status, "Suspended") == 0 ? "suspended"
							: "off");
	if (strcmp(xml_text(root, "MfaDelete", ""), "Enabled") == 0)
		str_add(out, ", removing needs an MFA code");
}

static void read_encryption(const struct xml *root, struct str *out)
{
	static const char path[] = "Rule/ApplyServerSideEncryptionByDefault";
	const struct xml *rule = xml_at(root, path);
	const char *key = xml_text(rule, "KMSMasterKeyID", "");

	str_add(out, xml_text(rule, "SSEAlgorithm", ""));
	if (key[0] != '\0')
		str_addf(out, ", key %s", key);
}

static void read_access(const struct xml *root, struct str *out)
{
	static const char *const names[] = {
		"BlockPublicAcls",
		"IgnorePublicAcls",
		"BlockPublicPolicy",
		"RestrictPublicBuckets",
	};
	size_t count = sizeof(names) / sizeof(names[0]), open = 0;

	for (size_t i = 0; i < count; i++)
		if (!xml_bool(root, names[i], false))
			str_addf(out, "%s%s",
				 open++ > 0 ? ", " : "not: ", names[i]);
	if (open == 0)
		str_set(out, "blocked");
	else if (open == count)
		str_set(out, "not blocked");
}

static const struct {
	enum operation_id id;
	const char *property;
	const char *none_code; /* the error that says: there is no setting */
	const char *none;      /* ... and what that means */
	void (*read)(const struct xml *root, struct str *out);
} questions[] = {
	{ OPERATION_GET_VERSIONING, "versioning", NULL, NULL, read_versioning },
	{ OPERATION_GET_ENCRYPTION, "encryption",
	  "ServerSideEncryptionConfigurationNotFoundError", "AES256",
	  read_encryption },
	{ OPERATION_GET_PUBLIC_ACCESS, "public access",
	  "NoSuchPublicAccessBlockConfiguration", "not blocked", read_access },
};

static bool ask(struct aws *aws, const struct s3_uri *uri, size_t at,
		const struct s3_about_visit *visit, struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(questions[at].id);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct str *body = &call->reply.body;
	const char *none = questions[at].none_code;
	const struct xml *root = NULL;
	struct err failed = ERR_EMPTY;

	call_set_bucket(call, uri->bucket.text);
	s3_options_apply(uri->options, call);
	if (worker_call(aws, call, &failed)) {
		if (xml_reader_feed(reader, body->text, body->len, NULL))
			root = xml_reader_end(reader, NULL);
		if (root != NULL)
			questions[at].read(root, &text);
	} else if (none != NULL && strcmp(failed.code, none) == 0) {
		str_add(&text, questions[at].none);
	} else if (strcmp(failed.code, "AccessDenied") == 0) {
		str_addf(&text, "you may not ask (%s)",
			 call->operation->permission);
	} else if (!is_small(&failed)) {
		return fail(err, &failed);
	}
	tell(visit, questions[at].property, text.text);
	return true;
}

static bool tell_empty(struct aws *aws, const struct s3_uri *uri,
		       const struct s3_about_visit *visit, struct err *err)
{
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.page = 1,
		.request = uri->options,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	struct err failed = ERR_EMPTY;
	bool empty = s3_list_next(list, &failed) == NULL;

	if (failed.kind == ERR_NONE)
		tell(visit, "empty", empty ? "yes" : "no");
	return failed.kind == ERR_NONE || is_small(&failed) ||
	       fail(err, &failed);
}

bool s3_about_bucket(struct aws *aws, const struct s3_uri *uri,
		     const struct s3_about_visit *visit, struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (!worker_bucket_region(aws, uri->bucket.text, &region, err))
		return false;
	tell(visit, "bucket", uri->bucket.text);
	tell(visit, "region", region.text);
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (!ask(aws, uri, i, visit, err))
			return false;
	return tell_empty(aws, uri, visit, err);
}
