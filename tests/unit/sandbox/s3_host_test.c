#include "../check.h"

#include "sandbox/s3/s3_host.h"

static const struct {
	const char *host;
	const char *bucket;
	const char *region;
	const char *account;
} cases[] = {
	{ "b.s3.eu-west-1.amazonaws.com", "b", "eu-west-1", "" },
	{ "b.c.s3.eu-west-1.amazonaws.com:80", "b.c", "eu-west-1", "" },
	{ "b.s3-eu-west-1.amazonaws.com", "b", "eu-west-1", "" },
	{ "b.s3.cn-north-1.amazonaws.com.cn", "b", "cn-north-1", "" },
	{ "b.s3.dualstack.us-gov-west-1.amazonaws.com", "b", "us-gov-west-1",
	  "" },
	{ "b.s3-fips.us-east-1.amazonaws.com", "b", "us-east-1", "" },
	{ "s3.us-east-1.amazonaws.com", "", "us-east-1", "" },
	{ "s3.amazonaws.com", "", "", "" },
	{ "B.LocalHost", "b", "", "" },
	{ "a.b.localhost:1", "a.b", "", "" },
	{ "b.s3.localhost", "b", "", "" },
	{ "b.s3.eu-west-1.localhost", "b", "eu-west-1", "" },
	{ "s3.localhost", "", "", "" },
	{ "localhost", "", "", "" },
	{ ".localhost", "", "", "" },
	{ "127.0.0.1", "", "", "" },
	{ "b.127.0.0.1.nip.io", "b", "", "" },
	{ "b.127.0.0.1.sslip.io:9", "b", "", "" },
	{ "p-123456789012.s3-accesspoint.eu-west-1.amazonaws.com", "p",
	  "eu-west-1", "123456789012" },
	{ "p-12345.s3-accesspoint.eu-west-1.amazonaws.com", "p-12345",
	  "eu-west-1", "" },
	{ "sts.us-east-1.amazonaws.com", "", "", "" },
	{ "redshift.amazonaws.com", "", "", "" },
	{ "example.com", "", "", "" },
	{ "", "", "", "" },
};

static void hosts_name_buckets_and_regions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct s3_host host = S3_HOST_EMPTY;

		s3_host_parse(&host, cases[i].host);
		assert_text(host.bucket.text, cases[i].bucket);
		assert_text(host.region.text, cases[i].region);
		assert_text(host.account.text, cases[i].account);
		s3_host_done(&host);
	}
}

static void regions_have_a_shape(void **state)
{
	(void)state;
	assert_true(s3_host_is_region("eu-west-1"));
	assert_true(s3_host_is_region("us-gov-east-1"));
	assert_false(s3_host_is_region("eu-west"));
	assert_false(s3_host_is_region("eu-1"));
	assert_false(s3_host_is_region("EU-WEST-1"));
	assert_false(s3_host_is_region("eu-west-1a"));
	assert_false(s3_host_is_region(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_name_buckets_and_regions),
		cmocka_unit_test(regions_have_a_shape),
	};

	return RUN_TESTS(tests);
}
