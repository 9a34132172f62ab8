#include "../check.h"

#include "aws/dbhost.h"

static const struct {
	const char *host;
	enum dbhost_kind kind;
	const char *name;
	const char *region;
} cases[] = {
	{ "examplecluster.abc123xyz789.us-west-2.redshift.amazonaws.com",
	  DBHOST_CLUSTER, "examplecluster", "us-west-2" },
	{ "C.x.cn-north-1.redshift.amazonaws.com.cn.", DBHOST_CLUSTER, "c",
	  "cn-north-1" },
	{ "default.123456789012.us-east-1.redshift-serverless.amazonaws.com",
	  DBHOST_WORKGROUP, "default", "us-east-1" },
	{ "c.x.eusc-de-east-1.redshift.amazonaws.eu", DBHOST_CLUSTER, "c",
	  "eusc-de-east-1" },
	{ "us-west-2.redshift.amazonaws.com", DBHOST_OTHER, "", "" },
	{ "x.us-west-2.redshift.amazonaws.com", DBHOST_OTHER, "", "" },
	{ "a.b.c.us-west-2.redshift.amazonaws.com", DBHOST_OTHER, "", "" },
	{ "c.x.us-west-2.redshift.amazonaws.com.evil.example", DBHOST_OTHER, "",
	  "" },
	{ "..us-west-2.redshift.amazonaws.com", DBHOST_OTHER, "", "" },
	{ ".redshift.amazonaws.com", DBHOST_OTHER, "", "" },
	{ "nlb.elb.us-west-2.amazonaws.com", DBHOST_OTHER, "", "" },
	{ "localhost", DBHOST_OTHER, "", "" },
	{ "", DBHOST_OTHER, "", "" },
};

static void names_say_what_they_are_of(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct dbhost host;

		dbhost_parse(cases[i].host, &host);
		assert_int_equal(host.kind, cases[i].kind);
		assert_text(host.name, cases[i].name);
		assert_text(host.region, cases[i].region);
	}
}

static void a_vpc_endpoint_is_no_cluster(void **state)
{
	struct dbhost host;

	(void)state;
	dbhost_parse("vp-endpoint-0a1b.x.us-east-1.redshift.amazonaws.com",
		     &host);
	assert_true(host.is_endpoint);
	dbhost_parse("sales.x.us-east-1.redshift.amazonaws.com", &host);
	assert_false(host.is_endpoint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_say_what_they_are_of),
		cmocka_unit_test(a_vpc_endpoint_is_no_cluster),
	};

	return RUN_TESTS(tests);
}
