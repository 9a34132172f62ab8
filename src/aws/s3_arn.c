#include "aws/s3_arn.h"

#include <string.h>

#include "base/str.h"

static const char prefix[] = "arn:";
static const char resource[] = "accesspoint";

bool s3_arn_is(const char *bucket)
{
	return str_starts(bucket, prefix);
}

/* The start of the sixth field; NULL: there are fewer. */
static const char *find_resource(const char *text)
{
	for (int fields = 0; fields < 5; fields++) {
		text += strcspn(text, ":/");
		if (*text != ':')
			return NULL;
		text++;
	}
	return text;
}

size_t s3_arn_length(const char *text)
{
	const char *at = find_resource(text);

	if (at == NULL)
		return strcspn(text, "/");
	if (str_starts(at, "accesspoint/"))
		at += strlen("accesspoint/");
	return (size_t)(at - text) + strcspn(at, "/");
}

static bool take(char *to, size_t size, const char *from, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* Field number which, 0 the first. */
static bool take_field(const char *text, int which, char *to, size_t size)
{
	while (which-- > 0)
		text += strcspn(text, ":") + 1;
	return take(to, size, text, strcspn(text, ":"));
}

static bool is_of(const char *text, const char *letters)
{
	return text[strspn(text, letters)] == '\0';
}

/* Names that AWS gives, but not for this. */
static const struct {
	const char *service;
	const char *resource; /* how it begins; "": any */
	const char *what;
	const char *hint;
} others[] = {
	{ "s3-outposts", "", "S3 on Outposts is not supported", "" },
	{ "s3-object-lambda", "",
	  "access points of Object Lambda are not supported by their ARN",
	  "use the access point's alias: s3://ALIAS/key" },
	{ "s3express", "", "directory buckets (S3 Express) are not supported",
	  "" },
	{ "s3", "accesspoint",
	  "an access point's ARN needs a region and an account; those of "
	  "several regions (.mrap) are not supported",
	  "arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME" },
	{ "s3", "", "the ARN is not one of an access point",
	  "a bucket is named s3://BUCKET/key" },
};

static bool refuse(const char *bucket, const char *service, const char *at,
		   struct err *err)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(others[i].service, service) != 0 ||
		    !str_starts(at, others[i].resource))
			continue;
		err_set(err, ERR_USAGE, "\"%.200s\": %s", bucket,
			others[i].what);
		return err_hint(err, "%s", others[i].hint);
	}
	err_set(err, ERR_USAGE, "\"%.200s\" is not an ARN of S3", bucket);
	return err_hint(err, "arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME");
}

bool s3_arn_parse(struct s3_arn *arn, const char *bucket, struct err *err)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *at = find_resource(bucket);
	size_t len = sizeof(resource) - 1;
	char service[32];

	if (!s3_arn_is(bucket) || at == NULL ||
	    !take_field(bucket, 1, arn->partition, sizeof(arn->partition)) ||
	    !take_field(bucket, 2, service, sizeof(service)))
		return refuse(bucket, "", "", err);
	if (strcmp(service, "s3") != 0 || !str_starts(at, resource) ||
	    (at[len] != '/' && at[len] != ':') ||
	    !take_field(bucket, 3, arn->region, sizeof(arn->region)) ||
	    !take_field(bucket, 4, arn->account, sizeof(arn->account)) ||
	    !take(arn->name, sizeof(arn->name), at + len + 1,
		  strlen(at + len + 1)))
		return refuse(bucket, service, at, err);
	if (strlen(arn->account) != 12 || !is_of(arn->account, "0123456789") ||
	    !is_of(arn->name, lower) || !is_of(arn->region, lower) ||
	    !is_of(arn->partition, lower) || strlen(arn->name) < 3 ||
	    arn->name[0] == '-')
		return refuse(bucket, service, at, err);
	return true;
}
