#include "sandbox/s3/s3_complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/s3/checksum.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_multi.h"
#include "sandbox/s3/s3_range.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_sums.h"
#include "sandbox/s3/s3_xml.h"

/* All that is known of the upload while it is completed. */
struct completion {
	struct s3_multi upload;
	struct s3_complete_plan plan;
	struct s3_multi_parts wanted; /* as the request lists them */
	struct s3_multi_parts have;
	struct str begun;   /* headers it was created with */
	struct str headers; /* that the object gets */
};

static void completion_done(struct completion *done)
{
	s3_multi_parts_done(&done->wanted);
	s3_multi_parts_done(&done->have);
	str_done(&done->begun);
	str_done(&done->headers);
}

void s3_complete_keep_plan(const struct s3_complete_plan *plan,
			   struct str *headers)
{
	str_addf(headers, "~algorithm: %s\n~type: %s\n%s", plan->algorithm,
		 plan->composite ? "COMPOSITE" : "FULL_OBJECT",
		 plan->given ? "~given: true\n" : "");
}

void s3_complete_read_plan(const char *headers, struct s3_complete_plan *out)
{
	CLEANUP(mem_freep) char *name = s3_keep_value(headers, "~algorithm");
	CLEANUP(mem_freep) char *type = s3_keep_value(headers, "~type");
	CLEANUP(mem_freep) char *given = s3_keep_value(headers, "~given");

	out->algorithm = s3_sums_name(name != NULL ? name : S3_SUMS_USUAL);
	out->composite = type != NULL && strcmp(type, "COMPOSITE") == 0;
	out->given = given != NULL;
}

/* --- the request --- */

static void add_wanted(struct completion *done, const struct xml *element)
{
	const char *etag = xml_text(element, "ETag", "");
	const char *sum = s3_sums_given(element, done->plan.algorithm);
	size_t len = strlen(etag);
	struct s3_multi_part part = {
		.number = (int)xml_number(element, "PartNumber", 0),
	};

	if (len >= 2 && etag[0] == '"' && etag[len - 1] == '"') {
		etag++;
		len -= 2;
	}
	snprintf(part.etag, sizeof(part.etag), "%.*s", (int)len, etag);
	snprintf(part.checksum, sizeof(part.checksum), "%s",
		 sum != NULL ? sum : "");
	vec_push(&done->wanted, part);
}

static bool read_wanted(struct s3_call *call, struct completion *done,
			struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root =
		s3_xml_read(call, reader, "CompleteMultipartUpload", err);
	const struct xml *part;

	if (root == NULL)
		return false;
	for (part = xml_at(root, "Part"); part != NULL; part = xml_next(part))
		add_wanted(done, part);
	return true;
}

static const struct s3_multi_part *find_part(const struct s3_multi_parts *parts,
					     int number)
{
	size_t low = 0;
	size_t high = parts->count;

	while (low < high) { /* they ascend */
		size_t middle = low + (high - low) / 2;

		if (parts->items[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < parts->count && parts->items[low].number == number
		       ? &parts->items[low]
		       : NULL;
}

/* x-amz-mp-object-size: what the client believes the whole to be. */
static bool check_size(const struct s3_call *call,
		       const struct completion *done, struct err *err)
{
	const char *text =
		s3_request_header(&call->request, "x-amz-mp-object-size");
	int64_t bytes = 0;

	for (size_t i = 0; text != NULL && i < done->wanted.count; i++) {
		const struct s3_multi_part *part =
			find_part(&done->have, done->wanted.items[i].number);

		bytes += part != NULL ? part->bytes : 0;
	}
	return text == NULL || strtoll(text, NULL, 10) == bytes ||
	       s3_call_refuse(err, "InvalidRequest",
			      "The provided 'x-amz-mp-object-size' header"
			      " value %s does not match what was computed:"
			      " %lld",
			      text, (long long)bytes);
}

/* A composite checksum is made of those that the request repeats. */
static bool check_repeated(const struct completion *done, struct err *err)
{
	if (!done->plan.composite || !done->plan.given)
		return true;
	for (size_t i = 0; i < done->wanted.count; i++)
		if (done->wanted.items[i].checksum[0] == '\0')
			return s3_call_refuse(
				err, "InvalidRequest",
				"The upload was created using a %s checksum."
				" The complete request must include the"
				" checksum for each part. It was missing for"
				" part %d in the request.",
				done->plan.algorithm,
				done->wanted.items[i].number);
	return true;
}

/* --- the checksum of the whole --- */

static bool combine(const struct completion *done,
		    const struct s3_multi_part *const *parts, size_t count,
		    struct str *out)
{
	CLEANUP(str_done) struct str next = STR_EMPTY;

	str_set(out, parts[0]->checksum);
	for (size_t i = 1; i < count; i++) {
		if (!checksum_combine(done->plan.algorithm, out->text,
				      parts[i]->checksum, parts[i]->bytes,
				      &next))
			return false;
		str_set(out, next.text);
	}
	return true;
}

static bool compose(const struct completion *done,
		    const struct s3_multi_part *const *parts, size_t count,
		    struct str *out)
{
	struct {
		VEC(const char *);
	} sums = { 0 };
	bool made;

	for (size_t i = 0; i < count; i++)
		vec_push(&sums, parts[i]->checksum);
	made = checksum_compose(done->plan.algorithm, sums.items, count, out);
	if (made)
		str_addf(out, "-%zu", count);
	vec_done(&sums);
	return made;
}

/* false: a part is missing (which is refused later) or has none. */
static bool whole_checksum(const struct completion *done, struct str *out)
{
	struct {
		VEC(const struct s3_multi_part *);
	} parts = { 0 };
	bool made = done->wanted.count > 0;

	for (size_t i = 0; made && i < done->wanted.count; i++) {
		const struct s3_multi_part *part =
			find_part(&done->have, done->wanted.items[i].number);

		made = part != NULL && part->checksum[0] != '\0';
		vec_push(&parts, part);
	}
	if (made)
		made = (done->plan.composite ? compose : combine)(
			done, parts.items, parts.count, out);
	vec_done(&parts);
	return made;
}

static bool check_type(const struct s3_call *call,
		       const struct completion *done, struct err *err)
{
	const char *type =
		s3_request_header(&call->request, "x-amz-checksum-type");

	return type == NULL ||
	       strcmp(type, done->plan.composite ? "COMPOSITE"
						 : "FULL_OBJECT") == 0 ||
	       s3_call_refuse(err, "InvalidRequest",
			      "The upload was created using the %s checksum"
			      " mode. The complete request must use the same"
			      " checksum mode.",
			      done->plan.composite ? "COMPOSITE"
						   : "FULL_OBJECT");
}

/* x-amz-checksum-NAME of the request is about the object. */
static bool check_whole(const struct s3_call *call,
			const struct completion *done, const char *is,
			struct err *err)
{
	const struct s3_pairs *headers = &call->request.headers;

	for (size_t i = 0; i < headers->count; i++) {
		const char *name = headers->items[i].name;
		size_t len = strlen("x-amz-checksum-");

		if (!str_starts(name, "x-amz-checksum-") ||
		    s3_sums_name(name + len) == NULL)
			continue;
		if (strcmp(name + len, done->plan.algorithm) != 0)
			return s3_call_refuse(
				err, "InvalidRequest",
				"Checksum Type mismatch occurred, expected"
				" checksum Type: %s, actual checksum Type: %s",
				done->plan.algorithm, name + len);
		if (strcmp(headers->items[i].value, is) != 0)
			return s3_call_refuse(err, "BadDigest",
					      "The %s you specified did not"
					      " match the calculated"
					      " checksum.",
					      done->plan.algorithm);
	}
	return true;
}

/* --- the object --- */

static void add_parts(struct completion *done)
{
	str_add(&done->headers, S3_RANGE_PARTS ": ");
	for (size_t i = 0; i < done->wanted.count; i++) {
		const struct s3_multi_part *part =
			find_part(&done->have, done->wanted.items[i].number);

		str_addf(&done->headers, "%s%lld", i == 0 ? "" : ",",
			 (long long)(part != NULL ? part->bytes : 0));
	}
	str_add(&done->headers, "\n");
}

/* What it was created with, but for the plan. */
static void add_begun(struct completion *done)
{
	for (const char *line = done->begun.text; *line != '\0';) {
		size_t len = strcspn(line, "\n") + 1;

		if (line[0] != '~')
			str_add_slice(&done->headers, line, len);
		line += len;
	}
}

static bool set_headers(struct s3_call *call, struct completion *done,
			struct err *err)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;

	add_begun(done);
	add_parts(done);
	if (!check_type(call, done, err) || !check_repeated(done, err))
		return false;
	if (!whole_checksum(done, &whole))
		return true;
	s3_sums_keep(&done->headers, done->plan.algorithm, whole.text,
		     done->plan.composite);
	return check_whole(call, done, whole.text, err);
}

static void answer(struct s3_call *call, const struct s3_store_object *object)
{
	CLEANUP(str_done) struct str location = STR_EMPTY;
	struct str *out = s3_xml_begin(call, "CompleteMultipartUploadResult");

	str_addf(&location, "http://%s",
		 s3_request_header(&call->request, "host"));
	url_escape(&location, call->request.path.text, call->request.path.len,
		   URL_KEEP_SLASH);
	xml_put(out, "Location", location.text);
	xml_put(out, "Bucket", call->request.bucket);
	xml_put(out, "Key", call->request.key);
	s3_xml_etag(out, object->etag);
	s3_sums_put_kept(out, object->headers);
	xml_close(out, "CompleteMultipartUploadResult");
	s3_keep_some(object->headers, "x-amz-server-side-encryption",
		     &call->reply);
	if (call->bucket.versioning != S3_VERSIONING_OFF)
		s3_reply_header(&call->reply, "x-amz-version-id",
				object->version);
}

/* Asked for again: the answer may not have come through. */
static bool answer_again(struct s3_call *call, const struct s3_multi *upload,
			 const struct err *why)
{
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;

	if (strcmp(why->code, "NoSuchUpload") != 0 ||
	    !s3_multi_completed(call->options->store, upload, &object))
		return false;
	answer(call, &object);
	return true;
}

static bool publish(struct s3_call *call, struct completion *done,
		    struct err *err)
{
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put put = { .headers = done->headers.text };
	CLEANUP(mem_freep) char *etag = NULL;

	if (!s3_keep_condition(&call->request, &put, &etag, err) ||
	    !s3_multi_complete(call->options->store, &done->upload,
			       &done->wanted, &put, &object, err))
		return false;
	object.headers = done->headers.text;
	answer(call, &object);
	return true;
}

bool s3_complete_run(struct s3_call *call, struct err *err)
{
	CLEANUP(completion_done)
	struct completion done = {
		.upload = {
			.bucket = call->request.bucket,
			.key = call->request.key,
			.upload_id = s3_request_param(&call->request,
						      "uploadId"),
		},
		.begun = STR_EMPTY,
		.headers = STR_EMPTY,
	};
	struct s3_store *store = call->options->store;
	struct err why = ERR_EMPTY;

	if (!s3_multi_headers(store, &done.upload, &done.begun, &why)) {
		*err = why;
		return answer_again(call, &done.upload, &why);
	}
	s3_complete_read_plan(done.begun.text, &done.plan);
	return read_wanted(call, &done, err) &&
	       s3_multi_parts(store, &done.upload, &done.have, err) &&
	       check_size(call, &done, err) && set_headers(call, &done, err) &&
	       publish(call, &done, err);
}
