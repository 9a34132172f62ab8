/* s3://bucket/key: parsed as it stands or refused; globs match no more than
 * the prefix that they ask for.
 *
 * Up to the first line end: the URI and the pattern; the rest: a key. */
#include "fuzz.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/mem.h"
#include "base/utf8.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("s3://bucket/key\nkey"),
	FUZZ_TEXT("S3://b.u-c/a//b/../c?d#e f\n"),
	FUZZ_TEXT("s3://\ns3:///\n"),
	FUZZ_TEXT("a*/[!b-d]?**\\*x\na1/ez/z/z*x"),
	FUZZ_TEXT("s3://bucket/**/[]-a].csv\n/x/].csv"),
	FUZZ_TEXT("*a*a*a*a*a*a*a*a*b\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	FUZZ_TEXT("**a**a**a**a**a**a**b\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	{ NULL, 0 },
};

static const char *const words[] = { "s3://", "/", "//", "..", "*",  "**",
				     "?",     "[", "]",  "[!", "-]", "\\",
				     "[a-z]", "\n", "\xc3\xa4", NULL };

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 60000,
};

static void check_uri(const char *text)
{
	struct s3_uri uri = S3_URI_EMPTY;
	struct s3_uri copy = S3_URI_EMPTY;
	CLEANUP(str_done) struct str again = STR_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (s3_uri_parse(&uri, text, &err)) {
		FUZZ_CHECK(s3_uri_is(text));
		s3_uri_add(&uri, &again);
		/* all but the case of the s, and a "/" behind the bucket */
		FUZZ_CHECK(uri.bucket.len == 0 ||
			   strncmp(again.text + 1, text + 1, strlen(text + 1)) ==
			   0);
		FUZZ_CHECK(again.len <= strlen(text) + 1);
		s3_uri_copy(&copy, &uri);
		FUZZ_CHECK(strcmp(copy.key.text, uri.key.text) == 0);
		s3_uri_add_shown(&uri, &shown);
		for (size_t i = 0; i < shown.len; i++)
			FUZZ_CHECK((unsigned char)shown.text[i] >= 0x20 &&
				   shown.text[i] != 0x7f);
		s3_uri_base(uri.key.text);
		s3_uri_check_new_bucket(uri.bucket.text, &err);
	} else {
		FUZZ_CHECK(err.kind == ERR_USAGE && err.message[0] != '\0');
	}
	s3_uri_done(&uri);
	s3_uri_done(&copy);
}

static void check_glob(const char *pattern, const char *key)
{
	size_t prefix = s3_uri_glob_prefix(pattern);

	FUZZ_CHECK(prefix <= strlen(pattern));
	FUZZ_CHECK(s3_uri_has_glob(pattern) || strchr(pattern, '\\') != NULL ||
		   prefix == strlen(pattern));
	if (s3_uri_glob_match(pattern, key))
		FUZZ_CHECK(strncmp(pattern, key, prefix) == 0);
	if (!s3_uri_has_glob(pattern) && strchr(pattern, '\\') == NULL)
		FUZZ_CHECK(s3_uri_glob_match(pattern, key) ==
			   (strcmp(pattern, key) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(mem_freep) char *text =
		mem_copy_slice((const char *)data, size);
	char *key = strchr(text, '\n');

	if (key != NULL)
		*key++ = '\0';
	check_uri(text);
	if (key != NULL && strlen(key) > S3_URI_KEY_MAX)
		key[S3_URI_KEY_MAX] = '\0';
	check_glob(text, key == NULL ? "" : key);
	return 0;
}
