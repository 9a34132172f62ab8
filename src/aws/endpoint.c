#include "aws/endpoint.h"

#include <stdatomic.h>
#include <string.h>

#include "aws/s3_arn.h"
#include "base/mem.h"
#include "data/url.h"

static const struct {
	const char *id; /* of AWS_ENDPOINT_URL_<id> */
	const char *signing_name;
	const char *host_name; /* first labels */
	const char *words;     /* for people */
} services[ENDPOINT_SERVICE_COUNT] = {
	[ENDPOINT_S3] = { "S3", "s3", "s3", "S3" },
	[ENDPOINT_STS] = { "STS", "sts", "sts", "STS" },
	[ENDPOINT_REDSHIFT] = { "REDSHIFT", "redshift", "redshift",
				"Redshift" },
	[ENDPOINT_SSO] = { "SSO", "awsssoportal", "portal.sso",
			   "IAM Identity Center" },
	[ENDPOINT_SSO_OIDC] = { "SSO_OIDC", "sso-oauth", "oidc",
				"IAM Identity Center" },
	[ENDPOINT_SIGNIN] = { "SIGNIN", "signin", "signin", "AWS sign-in" },
	[ENDPOINT_REDSHIFT_SERVERLESS] = { "REDSHIFT_SERVERLESS",
					   "redshift-serverless",
					   "redshift-serverless",
					   "Redshift Serverless" },
	[ENDPOINT_SECRETS] = { "SECRETS_MANAGER", "secretsmanager",
			       "secretsmanager", "Secrets Manager" },
	[ENDPOINT_IAM] = { "IAM", "iam", "iam", "IAM" },
	[ENDPOINT_KMS] = { "KMS", "kms", "kms", "KMS" },
	[ENDPOINT_QUICKSIGHT] = { "QUICKSIGHT", "quicksight", "quicksight",
				  "QuickSight" },
	[ENDPOINT_CLOUDFORMATION] = { "CLOUDFORMATION", "cloudformation",
				      "cloudformation", "CloudFormation" },
};

/* First match wins; the last row takes all the rest. NULL: nothing of that
 * kind is documented. */
static const struct {
	const char *prefix;
	const char *partition;
	const char *suffix;
	const char *dualstack;
	const char *signin; /* suffix of ENDPOINT_SIGNIN */
	const char *iam;    /* region that calls of IAM are signed for */
	const char *iam_label; /* between "iam" and the suffix; NULL: iam */
} partitions[] = {
	{ "cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
	  "amazonaws.cn", "cn-north-1", NULL },
	{ "us-gov-", "aws-us-gov", "amazonaws.com", "api.aws",
	  "amazonaws-us-gov.com", "us-gov-west-1", "us-gov" },
	{ "us-isob-", "aws-iso-b", "sc2s.sgov.gov", NULL, NULL,
	  "us-isob-east-1", NULL },
	{ "us-isof-", "aws-iso-f", "csp.hci.ic.gov", NULL, NULL,
	  "us-isof-south-1", NULL },
	{ "us-iso-", "aws-iso", "c2s.ic.gov", NULL, NULL, "us-iso-east-1",
	  NULL },
	{ "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", NULL, NULL,
	  "eu-isoe-west-1", NULL },
	{ "eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu",
	  NULL, "eusc-de-east-1", NULL },
	{ "", "aws", "amazonaws.com", "api.aws", "aws.amazon.com", "us-east-1",
	  "" },
};

void endpoint_config_init(struct endpoint_config *config)
{
	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++)
		config->override[i] = (struct str)STR_EMPTY;
	config->s3_style = ENDPOINT_STYLE_AUTO;
	config->fips = false;
	config->dualstack = false;
	config->sts_global = false;
	atomic_init(&config->plain_allowed, false);
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

const char *endpoint_service_words(enum endpoint_service service)
{
	return services[service].words;
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

static bool is_number(const char *host)
{
	return strchr(host, ':') != NULL ||
	       strspn(host, "0123456789.") == strlen(host);
}

static bool is_address(const char *host)
{
	return is_number(host) || str_equal_nocase(host, "localhost");
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

static bool is_plain(const struct url *url)
{
	return strcmp(url->scheme, "http") == 0 && !url_is_loopback(url->host);
}

const char *endpoint_plain(const struct endpoint_config *config)
{
	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++) {
		CLEANUP(url_done) struct url url = URL_EMPTY;
		const char *text = config->override[i].text;

		if (config->override[i].len > 0 &&
		    url_parse(&url, text, NULL) && is_plain(&url))
			return text;
	}
	return "";
}

static bool parse_override(const char *text, struct url *url, struct err *err)
{
	if (!url_parse(url, text, err))
		return err_wrap(err, "endpoint \"%s\"", text);
	if (strcmp(url->scheme, "http") == 0 ||
	    strcmp(url->scheme, "https") == 0)
		return true;
	err_set(err, ERR_USAGE, "endpoint \"%s\" is not http or https", text);
	return err_hint(err, "endpoints look like http://127.0.0.1:9000");
}

/* An access point is a host of its own, never a path. */
static bool add_bucket(const struct endpoint_config *config, const char *bucket,
		       const struct url *override, struct endpoint *endpoint,
		       struct err *err)
{
	struct s3_arn arn;

	if (bucket[0] == '\0')
		return true;
	if (s3_arn_is(bucket)) {
		if (!s3_arn_parse(&arn, bucket, err))
			return false;
		if (override != NULL && is_number(override->host)) {
			err_set(err, ERR_USAGE,
				"access points need a host name, the endpoint "
				"has only the address %s",
				override->host);
			return err_hint(err, "name the bucket itself, or an "
					     "endpoint by its name");
		}
		str_addf(&endpoint->host, "%s-%s.", arn.name, arn.account);
	} else if (!wants_path(config, bucket, override)) {
		str_addf(&endpoint->host, "%s.", bucket);
	} else {
		str_addf(&endpoint->path, "/%s", bucket);
	}
	return true;
}

static bool find_override(const struct endpoint_config *config,
			  enum endpoint_service service, const char *bucket,
			  struct endpoint *endpoint, struct err *err)
{
	CLEANUP(url_done) struct url url = URL_EMPTY;
	const char *text = config->override[service].text;
	size_t len;

	if (!parse_override(text, &url, err) ||
	    !add_bucket(config, bucket, &url, endpoint, err))
		return false;
	endpoint->plain = is_plain(&url);
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

/* Regions that the global host of STS has always served. */
static bool is_of_global_sts(const char *region)
{
	static const char *const names[] = {
		"ap-northeast-1", "ap-south-1",	  "ap-southeast-1",
		"ap-southeast-2", "aws-global",	  "ca-central-1",
		"eu-central-1",	  "eu-north-1",	  "eu-west-1",
		"eu-west-2",	  "eu-west-3",	  "sa-east-1",
		"us-east-1",	  "us-east-2",	  "us-west-1",
		"us-west-2",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], region) == 0)
			return true;
	return false;
}

const char *endpoint_signing_region(const struct endpoint_config *config,
				    enum endpoint_service service,
				    const char *region)
{
	bool global = service == ENDPOINT_STS && config->sts_global &&
		      !config->fips && !config->dualstack &&
		      is_of_global_sts(region);

	if (service == ENDPOINT_IAM && config->override[service].len == 0)
		return partitions[partition_of(region)].iam;
	return global || strcmp(region, "aws-global") == 0 ? "us-east-1"
							   : region;
}

/* The plain names of GovCloud are FIPS ones already. */
static bool is_fips_already(const struct endpoint_config *config,
			    enum endpoint_service service, const char *region)
{
	return str_starts(region, "us-gov-") && !config->dualstack &&
	       (service == ENDPOINT_STS || service == ENDPOINT_REDSHIFT ||
		service == ENDPOINT_IAM || service == ENDPOINT_CLOUDFORMATION ||
		service == ENDPOINT_SSO || service == ENDPOINT_SSO_OIDC);
}

/* One host for all regions of a partition, whatever else is asked for but
 * FIPS. */
static void add_iam_host(size_t partition, bool fips, struct str *host)
{
	const char *label = partitions[partition].iam_label;

	if (label == NULL)
		label = partitions[partition].iam;
	str_addf(host, "iam%s%s%s.%s", fips ? "-fips" : "",
		 label[0] != '\0' ? "." : "", label,
		 partitions[partition].suffix);
}

static bool add_host(const struct endpoint_config *config,
		     enum endpoint_service service, const char *region,
		     bool access_point, struct str *host, struct err *err)
{
	size_t partition = partition_of(region);
	const char *suffix = partitions[partition].suffix;
	const char *signing = endpoint_signing_region(config, service, region);
	bool fips = config->fips && !is_fips_already(config, service, region);

	if (service == ENDPOINT_SIGNIN && !fips) {
		if (partitions[partition].signin == NULL)
			return err_set(err, ERR_USAGE,
				       "\"aws login\" has no endpoint in "
				       "region %s",
				       region);
		str_addf(host, "%s.signin.%s", region,
			 partitions[partition].signin);
		return true;
	}
	if (service == ENDPOINT_IAM) {
		add_iam_host(partition, fips, host);
		return true;
	}
	if (service == ENDPOINT_STS && config->sts_global &&
	    strcmp(signing, "us-east-1") == 0 && !fips && !config->dualstack &&
	    is_of_global_sts(region)) {
		str_add(host, "sts.amazonaws.com");
		return true;
	}
	str_addf(host, "%s%s%s.", services[service].host_name,
		 access_point ? "-accesspoint" : "", fips ? "-fips" : "");
	if (config->dualstack && service == ENDPOINT_S3)
		str_add(host, "dualstack.");
	else if (config->dualstack && partitions[partition].dualstack != NULL)
		suffix = partitions[partition].dualstack;
	str_addf(host, "%s.%s", signing, suffix);
	return true;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static bool check_bucket(const char *region, const char *bucket,
			 struct err *err)
{
	struct s3_arn arn;

	if (ends_in(bucket, "--x-s3")) {
		err_set(err, ERR_USAGE,
			"s3://%s is a directory bucket (S3 Express), which is "
			"not supported",
			bucket);
		return err_hint(err, "aws s3 can copy from it to a bucket");
	}
	if (!s3_arn_is(bucket))
		return true;
	if (!s3_arn_parse(&arn, bucket, err))
		return false;
	if (strcmp(arn.partition, endpoint_partition(region)) == 0)
		return true;
	return err_set(err, ERR_USAGE,
		       "%s: region %s is not of the partition \"%s\"", bucket,
		       region, arn.partition);
}

bool endpoint_find_unsigned(const struct endpoint_config *config,
			    enum endpoint_service service, const char *region,
			    const char *bucket, struct endpoint *endpoint,
			    struct err *err)
{
	str_clear(&endpoint->base);
	str_clear(&endpoint->host);
	str_clear(&endpoint->path);
	endpoint->overridden = false;
	endpoint->plain = false;
	if (!endpoint_region_valid(region)) {
		err_set(err, ERR_USAGE, "\"%.80s\" is not a region", region);
		return err_hint(err, "regions look like eu-west-1");
	}
	if (!check_bucket(region, bucket, err))
		return false;
	if (config->override[service].len > 0)
		return find_override(config, service, bucket, endpoint, err);
	if (!add_bucket(config, bucket, NULL, endpoint, err) ||
	    !add_host(config, service, region, s3_arn_is(bucket),
		      &endpoint->host, err))
		return false;
	str_addf(&endpoint->base, "https://%s", endpoint->host.text);
	return true;
}

bool endpoint_find(const struct endpoint_config *config,
		   enum endpoint_service service, const char *region,
		   const char *bucket, struct endpoint *endpoint,
		   struct err *err)
{
	if (!endpoint_find_unsigned(config, service, region, bucket, endpoint,
				    err))
		return false;
	if (!endpoint->plain || atomic_load(&config->plain_allowed))
		return true;
	err_set(err, ERR_USAGE,
		"endpoint \"%.200s\" has no TLS: whoever is on the way reads "
		"and changes what is sent with your AWS keys",
		config->override[service].text);
	err_set_code(err, ENDPOINT_PLAIN);
	return err_hint(err, "use https://, or where the way is safe "
			     "-v ALLOW_HTTP_ENDPOINT=on (in a session: "
			     "\\set ALLOW_HTTP_ENDPOINT on)");
}

static bool is_under(const char *host, const char *domain)
{
	size_t len = strlen(host);
	size_t end = strlen(domain);

	if (len < end || !str_equal_nocase(host + len - end, domain))
		return false;
	return len == end || host[len - end - 1] == '.';
}

bool endpoint_owns_host(const struct endpoint_config *config,
			enum endpoint_service service, const char *region,
			const char *host)
{
	size_t partition = partition_of(region);
	const char *dualstack = partitions[partition].dualstack;
	CLEANUP(url_done) struct url url = URL_EMPTY;

	if (config->override[service].len > 0)
		return url_parse(&url, config->override[service].text, NULL) &&
		       is_under(host, url.host);
	return is_under(host, partitions[partition].suffix) ||
	       (dualstack != NULL && is_under(host, dualstack));
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
