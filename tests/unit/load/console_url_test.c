/* Addresses that people copy from the browser. */
#include "../check.h"

#include "base/str.h"
#include "load/console_url.h"

static const struct {
	const char *from;
	const char *to; /* NULL: stays */
} cases[] = {
	{ "https://s3.console.aws.amazon.com/s3/buckets/acme-sales"
	  "?region=eu-west-1&prefix=2024/q1/&showversions=false",
	  "s3://acme-sales/2024/q1/" },
	{ "https://eu-west-1.console.aws.amazon.com/s3/object/acme-sales"
	  "?region=eu-west-1&prefix=a+b/c%2Bd.csv#tab",
	  "s3://acme-sales/a b/c+d.csv" },
	{ "https://s3.console.aws.amazon.com/s3/buckets/acme-sales/?tab=x",
	  "s3://acme-sales/" },
	{ "https://acme-sales.s3.eu-west-1.amazonaws.com/2024/a%20b+c.csv",
	  "s3://acme-sales/2024/a b+c.csv" },
	{ "https://my.dotted.bucket.s3.amazonaws.com/k",
	  "s3://my.dotted.bucket/k" },
	{ "https://acme.s3.dualstack.us-east-1.amazonaws.com/k", "s3://acme/k" },
	{ "https://s3.eu-west-1.amazonaws.com/acme-sales/2024/x.csv",
	  "s3://acme-sales/2024/x.csv" },
	{ "https://s3-eu-west-1.amazonaws.com/acme-sales/x", "s3://acme-sales/x" },
	{ "https://acme.s3.cn-north-1.amazonaws.com.cn/k", "s3://acme/k" },
	/* a presigned link names its object; the signature is no part of it */
	{ "https://acme.s3.us-east-1.amazonaws.com/k.csv?X-Amz-Signature=abc",
	  "s3://acme/k.csv" },
	{ "https://example.com/s3/buckets/x", NULL },
	{ "https://evil.com/acme.s3.amazonaws.com/k", NULL },
	{ "https://acme.s3.amazonaws.com.evil.com/k", NULL },
	{ "https://acme.s3.us-east-1.amazonaws.com/%zz", NULL },
	{ "https://s3.console.aws.amazon.com/s3/buckets/", NULL },
	{ "s3://acme/k", NULL },
	{ "", NULL },
};

static void addresses_become_uris(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_set(&text, cases[i].from);
		assert_int_equal(console_url_read(&text), cases[i].to != NULL);
		assert_text(text.text, cases[i].to != NULL ? cases[i].to
							   : cases[i].from);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_become_uris),
	};

	return RUN_TESTS(tests);
}
