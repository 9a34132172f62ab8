#include "../check.h"

#include "aws/endpoint.h"

static const struct {
	enum endpoint_service service;
	const char *region;
	const char *bucket;
	const char *override;
	enum endpoint_style style;
	const char *base;		/* NULL: refused */
	const char *host;
	const char *path;
} cases[] = {
	{ ENDPOINT_S3, "eu-west-1", "", "", ENDPOINT_STYLE_AUTO,
	  "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com",
	  "" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "", ENDPOINT_STYLE_AUTO,
	  "https://bkt.s3.us-east-1.amazonaws.com",
	  "bkt.s3.us-east-1.amazonaws.com", "" },
	{ ENDPOINT_S3, "us-east-1", "my.bkt", "", ENDPOINT_STYLE_AUTO,
	  "https://s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com",
	  "/my.bkt" },
	{ ENDPOINT_S3, "us-east-1", "Upper", "", ENDPOINT_STYLE_AUTO,
	  "https://s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com",
	  "/Upper" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "", ENDPOINT_STYLE_PATH,
	  "https://s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com",
	  "/bkt" },
	{ ENDPOINT_S3, "cn-north-1", "bkt", "", ENDPOINT_STYLE_AUTO,
	  "https://bkt.s3.cn-north-1.amazonaws.com.cn",
	  "bkt.s3.cn-north-1.amazonaws.com.cn", "" },
	{ ENDPOINT_REDSHIFT, "us-gov-west-1", "", "", ENDPOINT_STYLE_AUTO,
	  "https://redshift.us-gov-west-1.amazonaws.com",
	  "redshift.us-gov-west-1.amazonaws.com", "" },
	{ ENDPOINT_STS, "eusc-de-east-1", "", "", ENDPOINT_STYLE_AUTO,
	  "https://sts.eusc-de-east-1.amazonaws.eu",
	  "sts.eusc-de-east-1.amazonaws.eu", "" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://127.0.0.1:9000",
	  ENDPOINT_STYLE_AUTO, "http://127.0.0.1:9000", "127.0.0.1:9000",
	  "/bkt" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://127.0.0.1:9000/",
	  ENDPOINT_STYLE_VIRTUAL, "http://127.0.0.1:9000", "127.0.0.1:9000",
	  "/bkt" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "https://s3.example:443/a%20b/",
	  ENDPOINT_STYLE_VIRTUAL, "https://bkt.s3.example", "bkt.s3.example",
	  "/a b" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "https://s3.example/pre",
	  ENDPOINT_STYLE_AUTO, "https://s3.example", "s3.example",
	  "/pre/bkt" },
	/* an access point, as botocore's rules of August 2026 answer */
	{ ENDPOINT_S3, "us-west-2",
	  "arn:aws:s3:us-west-2:123456789012:accesspoint:myendpoint", "",
	  ENDPOINT_STYLE_AUTO,
	  "https://myendpoint-123456789012.s3-accesspoint.us-west-2."
	  "amazonaws.com",
	  "myendpoint-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
	  "" },
	{ ENDPOINT_S3, "cn-north-1",
	  "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/ap1", "",
	  ENDPOINT_STYLE_PATH,
	  "https://ap1-123456789012.s3-accesspoint.cn-north-1.amazonaws.com.cn",
	  "ap1-123456789012.s3-accesspoint.cn-north-1.amazonaws.com.cn", "" },
	{ ENDPOINT_S3, "us-west-2",
	  "arn:aws:s3:us-west-2:123456789012:accesspoint/ap1",
	  "https://store.example", ENDPOINT_STYLE_AUTO,
	  "https://ap1-123456789012.store.example",
	  "ap1-123456789012.store.example", "" },
	{ ENDPOINT_S3, "us-west-2",
	  "arn:aws:s3:us-west-2:123456789012:accesspoint/ap1",
	  "http://127.0.0.1:9000", ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	{ ENDPOINT_S3, "us-west-2",
	  "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/ap1", "",
	  ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	/* directory buckets, plain HTTP */
	{ ENDPOINT_S3, "us-west-2", "bkt--usw2-az1--x-s3", "",
	  ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://store.example:9000",
	  ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://10.0.0.1",
	  ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://127.example:9000",
	  ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://[::1]:9000",
	  ENDPOINT_STYLE_AUTO, "http://[::1]:9000", "[::1]:9000", "/bkt" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://localhost:9000",
	  ENDPOINT_STYLE_AUTO, "http://localhost:9000", "localhost:9000",
	  "/bkt" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "http://s3.localhost:9000",
	  ENDPOINT_STYLE_VIRTUAL, "http://bkt.s3.localhost:9000",
	  "bkt.s3.localhost:9000", "" },
	{ ENDPOINT_S3, "us-east-1", "bkt", "ftp://x", ENDPOINT_STYLE_AUTO,
	  NULL, NULL, NULL },
	{ ENDPOINT_S3, "us-east-1", "bkt", "localhost:9000",
	  ENDPOINT_STYLE_AUTO, NULL, NULL, NULL },
	{ ENDPOINT_S3, "evil.host/", "bkt", "", ENDPOINT_STYLE_AUTO, NULL,
	  NULL, NULL },
	{ ENDPOINT_S3, "", "bkt", "", ENDPOINT_STYLE_AUTO, NULL, NULL,
	  NULL },
};

static void hosts_follow_service_region_bucket_and_override(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(endpoint_config_done) struct endpoint_config config;
		CLEANUP(endpoint_done) struct endpoint endpoint =
			ENDPOINT_EMPTY;
		struct err err = ERR_EMPTY;
		bool ok;

		endpoint_config_init(&config);
		config.s3_style = cases[i].style;
		str_set(&config.override[cases[i].service],
			cases[i].override);
		ok = endpoint_find(&config, cases[i].service,
				   cases[i].region, cases[i].bucket,
				   &endpoint, &err);
		assert_int_equal(ok, cases[i].base != NULL);
		if (!ok)
			continue;
		assert_text(endpoint.base.text, cases[i].base);
		assert_text(endpoint.host.text, cases[i].host);
		assert_text(endpoint.path.text, cases[i].path);
	}
}

/* What botocore's rules of August 2026 answer. */
static const struct {
	enum endpoint_service service;
	const char *region;
	bool fips;
	bool dualstack;
	bool global;
	const char *host;	/* NULL: refused */
} variants[] = {
	{ ENDPOINT_S3, "us-west-2", true, false, false,
	  "s3-fips.us-west-2.amazonaws.com" },
	{ ENDPOINT_S3, "us-west-2", false, true, false,
	  "s3.dualstack.us-west-2.amazonaws.com" },
	{ ENDPOINT_S3, "us-west-2", true, true, false,
	  "s3-fips.dualstack.us-west-2.amazonaws.com" },
	{ ENDPOINT_STS, "us-west-2", true, false, false,
	  "sts-fips.us-west-2.amazonaws.com" },
	{ ENDPOINT_STS, "us-west-2", false, true, false,
	  "sts.us-west-2.api.aws" },
	{ ENDPOINT_STS, "us-gov-west-1", true, false, false,
	  "sts.us-gov-west-1.amazonaws.com" },
	{ ENDPOINT_STS, "us-gov-west-1", true, true, false,
	  "sts-fips.us-gov-west-1.api.aws" },
	{ ENDPOINT_STS, "us-west-2", false, false, true,
	  "sts.amazonaws.com" },
	{ ENDPOINT_STS, "aws-global", false, false, true,
	  "sts.amazonaws.com" },
	{ ENDPOINT_STS, "il-central-1", false, false, true,
	  "sts.il-central-1.amazonaws.com" },
	{ ENDPOINT_STS, "us-west-2", true, false, true,
	  "sts-fips.us-west-2.amazonaws.com" },
	{ ENDPOINT_REDSHIFT, "us-west-2", true, false, false,
	  "redshift-fips.us-west-2.amazonaws.com" },
	{ ENDPOINT_REDSHIFT, "eu-west-1", false, true, false,
	  "redshift.eu-west-1.api.aws" },
	{ ENDPOINT_REDSHIFT, "us-gov-west-1", true, false, false,
	  "redshift.us-gov-west-1.amazonaws.com" },
	{ ENDPOINT_REDSHIFT, "us-gov-west-1", true, true, false,
	  "redshift-fips.us-gov-west-1.api.aws" },
	/* IAM has one host a partition */
	{ ENDPOINT_IAM, "eu-west-1", false, false, false,
	  "iam.amazonaws.com" },
	{ ENDPOINT_IAM, "us-west-2", true, false, false,
	  "iam-fips.amazonaws.com" },
	{ ENDPOINT_IAM, "us-gov-east-1", false, false, false,
	  "iam.us-gov.amazonaws.com" },
	{ ENDPOINT_IAM, "us-gov-east-1", true, false, false,
	  "iam.us-gov.amazonaws.com" },
	{ ENDPOINT_IAM, "cn-northwest-1", false, false, false,
	  "iam.cn-north-1.amazonaws.com.cn" },
	{ ENDPOINT_IAM, "us-isob-east-1", false, false, false,
	  "iam.us-isob-east-1.sc2s.sgov.gov" },
	{ ENDPOINT_KMS, "eu-west-1", false, false, false,
	  "kms.eu-west-1.amazonaws.com" },
	{ ENDPOINT_KMS, "us-gov-west-1", true, false, false,
	  "kms-fips.us-gov-west-1.amazonaws.com" },
	{ ENDPOINT_KMS, "eu-west-1", false, true, false,
	  "kms.eu-west-1.api.aws" },
	{ ENDPOINT_CLOUDFORMATION, "eu-west-1", false, false, false,
	  "cloudformation.eu-west-1.amazonaws.com" },
	{ ENDPOINT_CLOUDFORMATION, "us-west-2", true, false, false,
	  "cloudformation-fips.us-west-2.amazonaws.com" },
	{ ENDPOINT_CLOUDFORMATION, "us-gov-west-1", true, false, false,
	  "cloudformation.us-gov-west-1.amazonaws.com" },
	{ ENDPOINT_CLOUDFORMATION, "cn-north-1", false, false, false,
	  "cloudformation.cn-north-1.amazonaws.com.cn" },
	{ ENDPOINT_SSO, "cn-north-1", false, false, false,
	  "portal.sso.cn-north-1.amazonaws.com.cn" },
	{ ENDPOINT_SSO, "us-gov-west-1", true, false, false,
	  "portal.sso.us-gov-west-1.amazonaws.com" },
	{ ENDPOINT_SSO_OIDC, "eu-west-1", false, true, false,
	  "oidc.eu-west-1.api.aws" },
	{ ENDPOINT_SSO_OIDC, "cn-north-1", false, true, false,
	  "oidc.cn-north-1.api.amazonwebservices.com.cn" },
	{ ENDPOINT_SIGNIN, "eu-west-1", false, false, false,
	  "eu-west-1.signin.aws.amazon.com" },
	{ ENDPOINT_SIGNIN, "us-gov-west-1", false, false, false,
	  "us-gov-west-1.signin.amazonaws-us-gov.com" },
	{ ENDPOINT_SIGNIN, "cn-north-1", false, false, false,
	  "cn-north-1.signin.amazonaws.cn" },
	{ ENDPOINT_SIGNIN, "eu-west-1", true, false, false,
	  "signin-fips.eu-west-1.amazonaws.com" },
	{ ENDPOINT_SIGNIN, "us-iso-east-1", false, false, false, NULL },
};

static void fips_dualstack_and_global_hosts_have_names_of_their_own(
	void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(variants); i++) {
		CLEANUP(endpoint_config_done) struct endpoint_config config;
		CLEANUP(endpoint_done) struct endpoint endpoint =
			ENDPOINT_EMPTY;

		endpoint_config_init(&config);
		config.fips = variants[i].fips;
		config.dualstack = variants[i].dualstack;
		config.sts_global = variants[i].global;
		assert_int_equal(endpoint_find(&config, variants[i].service,
					       variants[i].region, "",
					       &endpoint, NULL),
				 variants[i].host != NULL);
		if (variants[i].host != NULL)
			assert_text(endpoint.host.text, variants[i].host);
	}
}

static void plain_http_goes_where_it_is_allowed_or_no_keys_go(void **state)
{
	CLEANUP(endpoint_config_done) struct endpoint_config config;
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	endpoint_config_init(&config);
	assert_text(endpoint_plain(&config), "");
	str_set(&config.override[ENDPOINT_STS], "http://127.0.0.1:1");
	str_set(&config.override[ENDPOINT_S3], "http://store.example");
	assert_text(endpoint_plain(&config), "http://store.example");
	assert_false(endpoint_find(&config, ENDPOINT_S3, "us-east-1", "bkt",
				   &endpoint, &err));
	assert_text(err.code, ENDPOINT_PLAIN);
	assert_true(endpoint_find_unsigned(&config, ENDPOINT_S3, "us-east-1",
					   "bkt", &endpoint, &err));
	assert_true(endpoint_find(&config, ENDPOINT_STS, "us-east-1", "",
				  &endpoint, &err));
	config.plain_allowed = true;
	assert_true(endpoint_find(&config, ENDPOINT_S3, "us-east-1", "bkt",
				  &endpoint, &err));
}

static void redirects_stay_in_the_house(void **state)
{
	static const struct {
		const char *region;
		const char *override;
		const char *host;
		bool owned;
	} hosts[] = {
		{ "us-east-1", "", "b.s3.eu-west-1.amazonaws.com", true },
		{ "us-east-1", "", "b.s3-eu-west-1.amazonaws.com", true },
		{ "us-east-1", "", "amazonaws.com.evil.example", false },
		{ "us-east-1", "", "evilamazonaws.com", false },
		{ "us-east-1", "", "s3.cn-north-1.amazonaws.com.cn", false },
		{ "us-east-1", "", "127.0.0.1", false },
		{ "cn-north-1", "", "s3.cn-north-1.amazonaws.com.cn", true },
		{ "us-east-1", "https://store.example", "store.example", true },
		{ "us-east-1", "https://store.example:9", "b.store.example",
		  true },
		{ "us-east-1", "https://store.example", "evil.example", false },
		{ "us-east-1", "https://store.example",
		  "s3.us-east-1.amazonaws.com", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		CLEANUP(endpoint_config_done) struct endpoint_config config;

		endpoint_config_init(&config);
		str_set(&config.override[ENDPOINT_S3], hosts[i].override);
		assert_int_equal(endpoint_owns_host(&config, ENDPOINT_S3,
						    hosts[i].region,
						    hosts[i].host),
				 hosts[i].owned);
	}
}

static void partitions_are_known_by_their_regions(void **state)
{
	(void)state;
	assert_text(endpoint_partition("eu-west-1"), "aws");
	assert_text(endpoint_partition("cn-north-1"), "aws-cn");
	assert_text(endpoint_partition("us-gov-east-1"), "aws-us-gov");
	assert_text(endpoint_partition("us-isob-east-1"), "aws-iso-b");
}

static void redshift_hosts_say_their_region(void **state)
{
	static const struct {
		const char *host;
		const char *region;
	} hosts[] = {
		{ "c.abc123.us-west-2.redshift.amazonaws.com", "us-west-2" },
		{ "w.123456789012.eu-west-1.redshift-serverless.amazonaws.com",
		  "eu-west-1" },
		{ "c.x.cn-north-1.redshift.amazonaws.com.cn", "cn-north-1" },
		{ "localhost", NULL },
		{ "db.example.com", NULL },
		{ "us-west-2.redshift.amazonaws.com", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		CLEANUP(str_done) struct str region = STR_EMPTY;
		bool ok = endpoint_region_of_host(hosts[i].host, &region);

		assert_int_equal(ok, hosts[i].region != NULL);
		if (ok)
			assert_text(region.text, hosts[i].region);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			hosts_follow_service_region_bucket_and_override),
		cmocka_unit_test(
			fips_dualstack_and_global_hosts_have_names_of_their_own),
		cmocka_unit_test(
			plain_http_goes_where_it_is_allowed_or_no_keys_go),
		cmocka_unit_test(redirects_stay_in_the_house),
		cmocka_unit_test(partitions_are_known_by_their_regions),
		cmocka_unit_test(redshift_hosts_say_their_region),
	};

	return RUN_TESTS(tests);
}
