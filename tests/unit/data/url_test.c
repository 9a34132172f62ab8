#include "../check.h"

#include "base/str.h"
#include "data/url.h"

static const struct {
	const char *text;
	const char *scheme, *user, *host;
	int port;
	const char *path, *query, *fragment;
	const char *authority;
} good[] = {
	{ "https://S3.example.com", "https", "", "s3.example.com", 0, "", "",
	  "", "s3.example.com" },
	{ "http://127.0.0.1:9000/b/k%20x?list-type=2&prefix=a#f", "http", "",
	  "127.0.0.1", 9000, "/b/k%20x", "list-type=2&prefix=a", "f",
	  "127.0.0.1:9000" },
	{ "postgresql://me:p@ss@[::1]:5439/dev", "postgresql", "me:p@ss", "::1",
	  5439, "/dev", "", "", "[::1]:5439" },
	{ "https://h:443/", "https", "", "h", 443, "/", "", "", "h" },
	{ "https://h?q", "https", "", "h", 0, "", "q", "", "h" },
};

static void urls_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		CLEANUP(url_done) struct url url = URL_EMPTY;
		CLEANUP(str_done) struct str authority = STR_EMPTY;
		struct err err = ERR_EMPTY;

		assert_true(url_parse(&url, good[i].text, &err));
		assert_text(url.scheme, good[i].scheme);
		assert_text(url.user, good[i].user);
		assert_text(url.host, good[i].host);
		assert_int_equal(url.port, good[i].port);
		assert_text(url.path, good[i].path);
		assert_text(url.query, good[i].query);
		assert_text(url.fragment, good[i].fragment);
		url_add_authority(&url, &authority);
		assert_text(authority.text, good[i].authority);
	}
}

static void malformed_urls_are_refused(void **state)
{
	static const char *const bad[] = {
		"",          "host/path",   "://x",           "https://",
		"http://:1", "http://h:0",  "http://h:70000", "http://h:x",
		"http://[1", "http://[1]x", "http://a b/",    "1http://h",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(url_done) struct url url = URL_EMPTY;
		struct err err = ERR_EMPTY;

		assert_false(url_parse(&url, bad[i], &err));
		assert_int_equal(err.kind, ERR_USAGE);
		assert_null(url.host);
	}
}

static void escaping_follows_rfc_3986(void **state)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const char *text = "a/b c+~\u00fc%`";

	(void)state;
	url_escape(&all, text, strlen(text), URL_ESCAPE_ALL);
	assert_text(all.text, "a%2Fb%20c%2B~%C3%BC%25%60");
	url_escape(&path, text, strlen(text), URL_KEEP_SLASH);
	assert_text(path.text, "a/b%20c%2B~%C3%BC%25%60");
}

static void unescaping_undoes_it(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	assert_true(url_unescape(&out, "a%2fb+c%20", 10, URL_PLUS_STAYS));
	assert_text(out.text, "a/b+c ");
	str_clear(&out);
	assert_true(url_unescape(&out, "a+b", 3, URL_PLUS_IS_BLANK));
	assert_text(out.text, "a b");
	str_clear(&out);
	assert_false(url_unescape(&out, "5% %4 %zz", 9, URL_PLUS_STAYS));
	assert_text(out.text, "5% %4 %zz");
}

static void a_query_string_is_walked(void **state)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *at = "&uploads&prefix=a%2Fb+c&x==y&";
	bool has_value;

	(void)state;
	assert_true(url_query_next(&at, &name, &value, &has_value));
	assert_text(name.text, "uploads");
	assert_false(has_value);
	assert_true(url_query_next(&at, &name, &value, &has_value));
	assert_text(name.text, "prefix");
	assert_text(value.text, "a/b c");
	assert_true(has_value);
	assert_true(url_query_next(&at, &name, &value, NULL));
	assert_text(value.text, "=y");
	assert_false(url_query_next(&at, &name, &value, NULL));
}

static void parameters_are_joined_escaped(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	url_add_param(&out, "Action", "AssumeRole");
	url_add_param(&out, "RoleArn", "arn:aws:iam::1:role/r x");
	assert_text(out.text, "Action=AssumeRole&"
			      "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr%20x");
}

static void loopback_is_told_from_names_that_look_like_it(void **state)
{
	static const char *const yes[] = {
		"127.0.0.1", "127.1.2.3", "::1", "localhost", "LocalHost",
		"b.s3.localhost",
	};
	static const char *const no[] = {
		"", "127.example", "127.0.0.1.example.com", "128.0.0.1",
		"localhost.example", "mylocalhost", ".", "10.0.0.1", "::2",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		assert_true(url_is_loopback(yes[i]));
	for (size_t i = 0; i < COUNT_OF(no); i++)
		assert_false(url_is_loopback(no[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_is_told_from_names_that_look_like_it),
		cmocka_unit_test(urls_are_taken_apart),
		cmocka_unit_test(malformed_urls_are_refused),
		cmocka_unit_test(escaping_follows_rfc_3986),
		cmocka_unit_test(unescaping_undoes_it),
		cmocka_unit_test(a_query_string_is_walked),
		cmocka_unit_test(parameters_are_joined_escaped),
	};

	return RUN_TESTS(tests);
}
