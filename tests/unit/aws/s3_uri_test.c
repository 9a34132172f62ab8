#include "../check.h"

#include "aws/s3_uri.h"

static const struct {
	const char *text;
	const char *bucket;		/* NULL: refused */
	const char *key;
} uris[] = {
	{ "s3://b-1/key", "b-1", "key" },
	{ "S3://bucket/Key", "bucket", "Key" },
	{ "s3://bucket", "bucket", "" },
	{ "s3://bucket/", "bucket", "" },
	{ "s3://", "", "" },
	{ "s3://bucket//a//b/../c", "bucket", "/a//b/../c" },
	{ "s3://bucket/a b?x=1#y", "bucket", "a b?x=1#y" },
	{ "s3://bucket/%41+%2F", "bucket", "%41+%2F" },
	{ "s3://bucket/`rm -rf`'\"\\:x|\n", "bucket", "`rm -rf`'\"\\:x|\n" },
	{ "s3://bucket/\xc3\xa9", "bucket", "\xc3\xa9" },
	{ "s3://Old_Bucket.X/k", "Old_Bucket.X", "k" },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/apt/k",
	  "arn:aws:s3:eu-west-1:123456789012:accesspoint/apt", "k" },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/apt/a/b:c/",
	  "arn:aws:s3:eu-west-1:123456789012:accesspoint/apt", "a/b:c/" },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint:apt//k",
	  "arn:aws:s3:eu-west-1:123456789012:accesspoint:apt", "/k" },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/apt",
	  "arn:aws:s3:eu-west-1:123456789012:accesspoint/apt", "" },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint", NULL, NULL },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/", NULL, NULL },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/a/k", NULL, NULL },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/Ap1/k", NULL, NULL },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/a.evil.host/k", NULL, NULL },
	{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/@evil/k", NULL, NULL },
	{ "s3://arn:aws:s3:eu-west-1:12345:accesspoint/apt/k", NULL, NULL },
	{ "s3://arn:aws:s3::123456789012:accesspoint/m.mrap/k", NULL, NULL },
	{ "s3://arn:aws:s3:::bucket/k", NULL, NULL },
	{ "s3://arn:aws:s3-outposts:eu-west-1:123456789012:outpost/o/k", NULL,
	  NULL },
	{ "s3://arn:", NULL, NULL },
	{ "s3://arn:aws:s3:/:/k", NULL, NULL },
	{ "s3:///key", NULL, NULL },
	{ "s3:/bucket/key", NULL, NULL },
	{ "http://bucket/key", NULL, NULL },
	{ "", NULL, NULL },
	{ "s3://ab/key", NULL, NULL },
	{ "s3://evil@host/key", NULL, NULL },
	{ "s3://a:80bc/key", NULL, NULL },
	{ "s3://a..b/key", NULL, NULL },
	{ "s3://.abc/key", NULL, NULL },
	{ "s3://bucket/\xff", NULL, NULL },
};

static void the_key_is_all_after_the_bucket_verbatim(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(uris); i++) {
		CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
		struct err err = ERR_EMPTY;
		bool ok = s3_uri_parse(&uri, uris[i].text, &err);

		if (uris[i].bucket == NULL) {
			assert_false(ok);
			assert_int_equal(err.kind, ERR_USAGE);
			continue;
		}
		assert_true(ok);
		assert_text(uri.bucket.text, uris[i].bucket);
		assert_text(uri.key.text, uris[i].key);
	}
}

static void a_key_has_at_most_1024_bytes(void **state)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	str_add(&text, "s3://bucket/");
	str_add_repeat(&text, 'k', 1024);
	assert_true(s3_uri_parse_object(&uri, text.text, NULL));
	str_add_char(&text, 'k');
	assert_false(s3_uri_parse_object(&uri, text.text, NULL));
}

static void messages_show_no_control_bytes(void **state)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	(void)state;
	assert_true(s3_uri_parse(&uri, "s3://bucket/a\n\033[31mb", NULL));
	s3_uri_add_shown(&uri, &shown);
	assert_text(shown.text, "s3://bucket/a\\x0a\\x1b[31mb");
}

static const struct {
	const char *pattern;
	const char *key;
	bool matches;
} globs[] = {
	{ "a", "a", true },
	{ "a", "b", false },
	{ "*", "abc", true },
	{ "*", "", true },
	{ "*", "a/b", false },
	{ "**", "a/b", true },
	{ "a/**/z", "a/b/c/z", true },
	{ "**.gz", "x/y.gz", true },
	{ "**/*.gz", "x/y.gz.txt", false },
	{ "*.csv.gz", "a.csv.gz.csv.gz", true },
	{ "a?c", "abc", true },
	{ "a?c", "a/c", false },
	{ "a?c", "a\xc3\xa9" "c", true },
	{ "[a-c]x", "bx", true },
	{ "[!a-c]x", "bx", false },
	{ "[^a-c]x", "dx", true },
	{ "[]]x", "]x", true },
	{ "[ab", "[ab", true },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true },
	{ "*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	{ "dir/*", "dir/", true },
	{ "*/", "dir/", true },
	{ "a", "ab", false },
	{ "ab", "a", false },
};

static void globs_match_whole_keys_level_by_level(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(globs); i++)
		if (s3_uri_glob_match(globs[i].pattern, globs[i].key) !=
		    globs[i].matches)
			fail_msg("%s against %s", globs[i].pattern,
				 globs[i].key);
}

static void what_stands_before_a_glob_can_be_asked_for(void **state)
{
	(void)state;
	assert_int_equal(s3_uri_glob_prefix("raw/2024-*.csv"), 9);
	assert_int_equal(s3_uri_glob_prefix("raw"), 3);
	assert_true(s3_uri_has_glob("a[b]"));
	assert_false(s3_uri_has_glob("a\\*b"));
	assert_false(s3_uri_has_glob("a\\"));
	assert_text(s3_uri_base("a/b"), "b");
	assert_text(s3_uri_base("a/"), "");
	assert_text(s3_uri_base("b"), "b");
}

static void new_buckets_must_have_names_that_s3_takes(void **state)
{
	static const char *const bad[] = {
		"ab", "Upper", "a_b_c", "-abc", "abc.", "a..b", "127.0.0.1",
		"xn--abc", "abc-s3alias", "abc--x-s3",
	};

	(void)state;
	assert_true(s3_uri_check_new_bucket("my.bucket-1", NULL));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (s3_uri_check_new_bucket(bad[i], NULL))
			fail_msg("%s was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_all_after_the_bucket_verbatim),
		cmocka_unit_test(a_key_has_at_most_1024_bytes),
		cmocka_unit_test(messages_show_no_control_bytes),
		cmocka_unit_test(globs_match_whole_keys_level_by_level),
		cmocka_unit_test(what_stands_before_a_glob_can_be_asked_for),
		cmocka_unit_test(new_buckets_must_have_names_that_s3_takes),
	};

	return RUN_TESTS(tests);
}
