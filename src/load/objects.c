#include "load/objects.h"

#include "aws/s3_list.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/str.h"

bool objects_read(struct aws *aws, const char *uri, int64_t offset,
		  int64_t length, struct str *out, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri at = S3_URI_EMPTY;
	struct s3_range range = { .offset = offset, .length = length };

	return s3_uri_parse_object(&at, uri, err) &&
	       s3_object_get(aws, &at, &range, out, NULL, err);
}

bool objects_list(struct aws *aws, const char *uri, load_visit *visit,
		  void *visitor, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri at = S3_URI_EMPTY;
	struct s3_list_options options = { .bucket = NULL };
	const struct s3_list_entry *entry;
	struct err why = ERR_EMPTY;

	if (!s3_uri_parse_bucket(&at, uri, err))
		return false;
	options.bucket = at.bucket.text;
	options.prefix = at.key.text;
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	while ((entry = s3_list_next(list, &why)) != NULL) {
		if (!visit(visitor, entry->key, entry->size))
			return true;
	}
	if (why.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = why;
	return false;
}
