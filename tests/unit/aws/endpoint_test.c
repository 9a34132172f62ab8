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
		cmocka_unit_test(partitions_are_known_by_their_regions),
		cmocka_unit_test(redshift_hosts_say_their_region),
	};

	return RUN_TESTS(tests);
}
