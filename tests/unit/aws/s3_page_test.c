#include "../check.h"

#include "aws/s3_page.h"

static const char page_text[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
	"<Name>b</Name><EncodingType>url</EncodingType>"
	"<IsTruncated>true</IsTruncated>"
	"<NextContinuationToken>1/+=</NextContinuationToken>"
	"<Contents><Key>a+b%2Bc%0A%60</Key><Size>12345678901</Size>"
	"<LastModified>2026-03-14T15:09:26.000Z</LastModified>"
	"<ETag>&quot;abc&quot;</ETag><StorageClass>GLACIER</StorageClass>"
	"</Contents>"
	"<Contents><Key>z</Key><Size>0</Size></Contents>"
	"<CommonPrefixes><Prefix>m%2Fn%2F</Prefix></CommonPrefixes>"
	"</ListBucketResult>";

static void a_page_gives_decoded_keys_and_folders_in_order(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(s3_page_freep) struct s3_page *page =
		s3_page_parse(page_text, strlen(page_text), &err);
	const struct s3_list_entry *entry;

	(void)state;
	assert_non_null(page);
	assert_text(s3_page_token(page), "1/+=");
	entry = s3_page_next(page);
	assert_text(entry->key, "a b+c\n`");
	assert_false(entry->folder);
	assert_int_equal(entry->size, INT64_C(12345678901));
	assert_int_equal(entry->modified_ms, INT64_C(1773500966000));
	assert_text(entry->etag, "\"abc\"");
	assert_text(entry->storage_class, "GLACIER");
	entry = s3_page_next(page);
	assert_text(entry->key, "m/n/");
	assert_true(entry->folder);
	entry = s3_page_next(page);
	assert_text(entry->key, "z");
	assert_text(entry->storage_class, "STANDARD");
	assert_null(s3_page_next(page));
}

static void keys_stay_as_they_are_without_encoding_type(void **state)
{
	static const char text[] =
		"<ListBucketResult><Contents><Key>a+b%41</Key></Contents>"
		"<IsTruncated>false</IsTruncated></ListBucketResult>";
	CLEANUP(s3_page_freep) struct s3_page *page =
		s3_page_parse(text, strlen(text), NULL);

	(void)state;
	assert_text(s3_page_next(page)->key, "a+b%41");
	assert_null(s3_page_token(page));
}

static void other_documents_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "<html><body>Proxy</body></html>", "<ListBucketResult>",
		"not xml",
		"<!DOCTYPE a [<!ENTITY b \"c\">]><ListBucketResult/>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = ERR_EMPTY;

		assert_null(s3_page_parse(bad[i], strlen(bad[i]), &err));
		assert_int_equal(err.kind, ERR_DATA);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_page_gives_decoded_keys_and_folders_in_order),
		cmocka_unit_test(keys_stay_as_they_are_without_encoding_type),
		cmocka_unit_test(other_documents_are_refused),
	};

	return RUN_TESTS(tests);
}
