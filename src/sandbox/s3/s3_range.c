#include "sandbox/s3/s3_range.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/xml.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_keep.h"

enum { PARTS_MAX = 10000 };

/* "bytes=a-b", "bytes=a-", "bytes=-n". S3 ignores what is not of that
 * shape. Returns 0: no range, 1: one, -1: none of the object's bytes. */
static int parse_range(const char *text, int64_t bytes, struct s3_range *out)
{
	static const char unit[] = "bytes=";
	char *end;

	if (text == NULL || !str_starts(text, unit) ||
	    strchr(text, ',') != NULL)
		return 0;
	text += sizeof(unit) - 1;
	errno = 0;
	if (*text == '-' && isdigit((unsigned char)text[1])) {
		int64_t tail = strtoll(text + 1, &end, 10);

		if (*end != '\0' || errno != 0)
			return 0;
		out->first = tail > bytes ? 0 : bytes - tail;
		out->last = bytes - 1;
		return tail == 0 || bytes == 0 ? -1 : 1;
	}
	if (!isdigit((unsigned char)*text))
		return 0;
	out->first = strtoll(text, &end, 10);
	if (*end != '-')
		return 0;
	text = end + 1;
	out->last = bytes - 1;
	if (isdigit((unsigned char)*text)) {
		out->last = strtoll(text, &end, 10);
		text = end;
	}
	if (*text != '\0' || errno != 0 || out->last < 0)
		return *text == '\0' && bytes == 0 ? -1 : 0;
	if (out->first >= bytes)
		return -1;
	if (out->last < out->first)
		return 0;
	if (out->last >= bytes)
		out->last = bytes - 1;
	return 1;
}

int s3_range_parts(const char *headers)
{
	CLEANUP(mem_freep) char *list = s3_keep_value(headers, S3_RANGE_PARTS);
	int count = list != NULL;

	for (const char *at = list; at != NULL && *at != '\0'; at++)
		count += *at == ',';
	return count;
}

static bool read_part(const struct s3_store_object *object, int64_t number,
		      struct s3_range *out, struct err *err)
{
	CLEANUP(mem_freep)
	char *list = s3_keep_value(object->headers, S3_RANGE_PARTS);
	const char *at = list;
	int64_t offset = 0;

	out->parts = s3_range_parts(object->headers);
	out->partial = true;
	if (list == NULL && number == 1)
		return true; /* the whole */
	if (number < 1 || number > out->parts)
		return s3_call_refuse(err, "InvalidPartNumber",
				      "The requested partnumber is not"
				      " satisfiable");
	for (int64_t i = 1; at != NULL; i++) {
		char *end;
		int64_t bytes = strtoll(at, &end, 10);

		if (i == number) {
			out->first = offset;
			out->last = offset + bytes - 1;
			return true;
		}
		offset += bytes;
		at = *end == ',' ? end + 1 : NULL;
	}
	return true;
}

bool s3_range_read(struct s3_call *call, const struct s3_store_object *object,
		   struct s3_range *out, struct err *err)
{
	const char *text = s3_request_header(&call->request, "range");
	const char *part = s3_request_param(&call->request, "partNumber");
	struct s3_range whole = { 0, object->bytes - 1, false, 0 };
	int64_t number;
	int found;

	*out = whole;
	if (part != NULL && text != NULL)
		return s3_call_refuse(err, "InvalidRequest",
				      "Cannot specify both Range header and"
				      " partNumber query parameter");
	if (part != NULL)
		return s3_request_number(&call->request, "partNumber", 0,
					 PARTS_MAX + 1, &number, err) &&
		       read_part(object, number, out, err);
	found = parse_range(text, object->bytes, out);
	out->partial = found > 0;
	if (found == 0)
		*out = whole;
	if (found >= 0)
		return true;
	xml_put(&call->reply.extra, "RangeRequested", text);
	xml_put_number(&call->reply.extra, "ActualObjectSize", object->bytes);
	return s3_call_refuse(err, "InvalidRange",
			      "The requested range is not satisfiable");
}
