#include "cmd/platform_data.h"

#include <stdint.h>
#include <string.h>

#include "aws/cloudformation.h"
#include "aws/s3_list.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/units.h"
#include "cmd/platform_place.h"
#include "cmd/s3_remove.h"
#include "shell/session.h"

enum { COUNTED_MAX = 20000 }; /* objects, before it is "more than" */

static bool is_bucket(const struct cloudformation_event *resource)
{
	return strcmp(resource->type, "AWS::S3::Bucket") == 0 &&
	       resource->physical[0] != '\0' &&
	       strcmp(resource->status, "DELETE_COMPLETE") != 0;
}

const struct cloudformation_event *platform_data_find(
	const struct cloudformation_stack *stack,
	const struct cloudformation_events *resources)
{
	const char *named = cloudformation_pair(&stack->outputs, "DataBucket");

	for (size_t i = 0; i < resources->count; i++) {
		const struct cloudformation_event *one = &resources->items[i];

		if (is_bucket(one) &&
		    (named != NULL ? strcmp(one->physical, named) == 0
				   : strcmp(one->logical, "DataBucket") == 0))
			return one;
	}
	return NULL;
}

bool platform_data_describe(const struct platform_place *place,
			    const char *bucket, struct str *out)
{
	struct s3_list_options wanted = { .bucket = bucket, .prefix = "" };
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(place->to.aws, &wanted);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;
	int64_t count = 0, bytes = 0;

	while (count < COUNTED_MAX &&
	       (entry = s3_list_next(list, &failed)) != NULL) {
		count++;
		bytes += entry->size > 0 ? entry->size : 0;
	}
	str_addf(out, "s3://%s", bucket);
	if (failed.kind != ERR_NONE)
		return failed.kind != ERR_MISSING;
	if (count == 0) {
		str_add(out, " (empty)");
		return true;
	}
	str_add(out, count >= COUNTED_MAX ? " with more than " : " with ");
	units_add_count(out, count);
	str_addf(out, " object%s", count == 1 ? "" : "s");
	if (bytes == 0)
		return true;
	str_add(out, ", ");
	units_add_bytes(out, bytes);
	return true;
}

/* --- taking it away --- */

static bool delete_bucket(const struct platform_place *place,
			  const char *bucket, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct err failed = ERR_EMPTY;

	str_set(&uri.bucket, bucket);
	if (s3_bucket_delete(place->to.aws, &uri, &failed)) {
		session_info(place->session, "removed: s3://%s", bucket);
		return true;
	}
	if (failed.kind == ERR_MISSING)
		return true;
	*err = failed;
	return false;
}

/* A refusal has a cure of its own; that the rest is left is told of all. */
static bool explain(const struct platform_place *place, const char *bucket,
		    bool only_empty, struct err *err)
{
	const char *blank = place->folder.len > 0 ? " " : "";
	CLEANUP(str_done) struct str hint = STR_EMPTY;

	str_addf(&hint, "%s%s\\platform delete%s%s --with-data goes on with it",
		 err->hint, err->hint[0] != '\0' ? "; then " : "", blank,
		 place->folder.text);
	if (only_empty)
		err_wrap(err,
			 "the stack %s is left with s3://%s, which is not "
			 "emptied",
			 place->conf.stack.text, bucket);
	else
		err_wrap(err,
			 "the stack %s is gone, but s3://%s is still "
			 "there",
			 place->conf.stack.text, bucket);
	return err_hint(err, "%s", hint.text);
}

bool platform_data_remove(const struct platform_place *place,
			  const char *bucket, bool only_empty, struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (s3_remove_contents(place->session, bucket, &failed) &&
	    (only_empty || delete_bucket(place, bucket, &failed)))
		return true;
	if (err != NULL)
		*err = failed;
	return explain(place, bucket, only_empty, err);
}

/* --- of a stack that is gone --- */

static bool find_left(const struct platform_place *place, struct str *out,
		      struct err *err)
{
	struct cloudformation_stack stack = { 0 };
	struct cloudformation_events resources = { 0 };
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str ignored = STR_EMPTY;
	const struct cloudformation_event *data = NULL;
	bool good = cloudformation_find_deleted(
		&place->to, place->conf.stack.text, &id, err);

	if (!good || id.len == 0)
		return good;
	good = cloudformation_describe(&place->to, id.text, &stack, err) &&
	       cloudformation_resources(&place->to, id.text, &resources, err);
	if (good)
		data = platform_data_find(&stack, &resources);
	if (data != NULL &&
	    platform_data_describe(place, data->physical, &ignored))
		str_add(out, data->physical);
	cloudformation_events_done(&resources);
	cloudformation_stack_done(&stack);
	return good;
}

bool platform_data_left(const struct platform_place *place, struct str *out,
			struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (find_left(place, out, &failed))
		return true;
	if (failed.kind == ERR_CANCELLED) {
		*err = failed;
		return false;
	}
	session_warn(place->session,
		     "whether a bucket of an earlier stack %s is left cannot "
		     "be told: %s; \\s3ls shows the buckets there are",
		     place->conf.stack.text, failed.message);
	return true;
}
