#include "aws/endpoint.h"

#include <string.h>

#include "base/mem.h"
#include "data/url.h"

static const struct {
	const char *id; /* of AWS_ENDPOINT_URL_<id> */
	const char *signing_name;
	const char *host_name; /* first label */
} services[ENDPOINT_SERVICE_COUNT] = {
	[ENDPOINT_S3] = { "S3", "s3", "s3" },
	[ENDPOINT_STS] = { "STS", "sts", "sts" },
	[ENDPOINT_REDSHIFT] = { "REDSHIFT", "redshift", "redshift" },
};

/* First match wins; the last row takes all the rest. */
static const struct {
	const char *prefix;
	const char *partition;
	const char *suffix;
} partitions[] = {
	{ "cn-", "aws-cn", "amazonaws.com.cn" },
	{ "us-gov-", "aws-us-gov", "amazonaws.com" },
	{ "us-isob-", "aws-iso-b", "sc2s.sgov.gov" },
	{ "us-isof-", "aws-iso-f", "csp.hci.ic.gov" },
	{ "us-iso-", "aws-iso", "c2s.ic.gov" },
	{ "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk" },
	{ "eusc-", "aws-eusc", "amazonaws.eu" },
	{ "", "aws", "amazonaws.com" },
};

void endpoint_config_init(struct endpoint_config *config)
{
	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++)
		config->override[i] = (struct str)STR_EMPTY;
	config->s3_style = ENDPOINT_STYLE_AUTO;
}

void endpoint_config_done(struct endpoint_config *config)
{
	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++)
		str_done(&config->override[i]);
}

void endpoint_done(struct endpoint *endpoint)
{
	str_done(&endpoint->base);
	str_done(&endpoint->host);
	str_done(&endpoint->path);
}

static size_t partition_of(const char *region)
{
	size_t at = 0;

	while (!str_starts(region, partitions[at].prefix))
		at++;
	return at;
}

const char *endpoint_partition(const char *region)
{
	return partitions[partition_of(region)].partition;
}

const char *endpoint_signing_name(enum endpoint_service service)
{
	return services[service].signing_name;
}

const char *endpoint_service_id(enum endpoint_service service)
{
	return services[service].id;
}

static const char lower_alnum[] = "abcdefghijklmnopqrstuvwxyz0123456789";

bool endpoint_region_valid(const char *region)
{
	size_t len = strlen(region);

	return len >= 1 && len <= 63 && region[0] != '-' &&
	       strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* One DNS label of 3 to 63: the wildcard of S3's certificates covers just
 * one, hence no dots. */
static bool fits_host(const char *bucket)
{
	size_t len = strlen(bucket);

	return len >= 3 && len <= 63 &&
	       strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-") == len &&
	       strchr(lower_alnum, bucket[0]) != NULL &&
	       strchr(lower_alnum, bucket[len - 1]) != NULL;
}

static bool is_address(const char *host)
{
	return strchr(host, ':') != NULL ||
	       str_equal_nocase(host, "localhost") ||
	       strspn(host, "0123456789.") == strlen(host);
}

/* An emulator's wildcard names seldom resolve, so an override means path
 * style unless virtual hosts were asked for. */
static bool wants_path(const struct endpoint_config *config, const char *bucket,
		       const struct url *override)
{
	if (config->s3_style == ENDPOINT_STYLE_PATH || !fits_host(bucket))
		return true;
	if (override == NULL)
		return false;
	return config->s3_style != ENDPOINT_STYLE_VIRTUAL ||
	       is_address(override->host);
}

static bool find_override(const struct endpoint_config *config,
			  enum endpoint_service service, const char *bucket,
			  struct endpoint *endpoint, struct err *err)
{
	CLEANUP(url_done) struct url url = URL_EMPTY;
	const char *text = config->override[service].text;
	size_t len;

	if (!url_parse(&url, text, err))
		return err_wrap(err, "endpoint \"%s\"", text);
	if (strcmp(url.scheme, "http") != 0 &&
	    strcmp(url.scheme, "https") != 0) {
		err_set(err, ERR_USAGE, "endpoint \"%s\" is not http or https",
			text);
		return err_hint(err, "endpoints look like "
				     "http://127.0.0.1:9000");
	}
	if (bucket[0] != '\0' && !wants_path(config, bucket, &url))
		str_addf(&endpoint->host, "%s.", bucket);
	else if (bucket[0] != '\0')
		str_addf(&endpoint->path, "/%s", bucket);
	url_add_authority(&url, &endpoint->host);
	len = strlen(url.path);
	while (len > 0 && url.path[len - 1] == '/')
		len--;
	if (len > 0) {
		CLEANUP(str_done) struct str path = STR_EMPTY;

		url_unescape(&path, url.path, len, URL_PLUS_STAYS);
		str_add_slice(&path, endpoint->path.text, endpoint->path.len);
		str_set_slice(&endpoint->path, path.text, path.len);
	}
	str_addf(&endpoint->base, "%s://%s", url.scheme, endpoint->host.text);
	endpoint->overridden = true;
	return true;
}

bool endpoint_find(const struct endpoint_config *config,
		   enum endpoint_service service, const char *region,
		   const char *bucket, struct endpoint *endpoint,
		   struct err *err)
{
	str_clear(&endpoint->base);
	str_clear(&endpoint->host);
	str_clear(&endpoint->path);
	endpoint->overridden = false;
	if (!endpoint_region_valid(region)) {
		err_set(err, ERR_USAGE, "\"%.80s\" is not a region", region);
		return err_hint(err, "regions look like eu-west-1");
	}
	if (config->override[service].len > 0)
		return find_override(config, service, bucket, endpoint, err);
	if (bucket[0] != '\0' && !wants_path(config, bucket, NULL))
		str_addf(&endpoint->host, "%s.", bucket);
	else if (bucket[0] != '\0')
		str_addf(&endpoint->path, "/%s", bucket);
	str_addf(&endpoint->host, "%s.%s.%s", services[service].host_name,
		 region, partitions[partition_of(region)].suffix);
	str_addf(&endpoint->base, "https://%s", endpoint->host.text);
	return true;
}

/* NAME.HASH.REGION.redshift(-serverless).SUFFIX */
bool endpoint_region_of_host(const char *host, struct str *out_region)
{
	static const char *const kinds[] = { ".redshift.",
					     ".redshift-serverless." };

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const char *kind = strstr(host, kinds[i]);
		const char *from = kind;

		if (kind == NULL)
			continue;
		while (from > host && from[-1] != '.')
			from--;
		if (from == host || from == kind)
			return false;
		str_add_slice(out_region, from, (size_t)(kind - from));
		return true;
	}
	return false;
}
