#include "../check.h"

#include "base/str.h"
#include "data/xml.h"

static const char listing[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
	"<KeyCount>2</KeyCount><IsTruncated>true</IsTruncated>"
	"<Contents><Key>a &amp; b&#13;</Key><Size>17</Size></Contents>"
	"<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>"
	"<Contents><Key>\xc3\xbc</Key><Size>x</Size></Contents>"
	"</ListBucketResult>";

static const struct xml *read_all(struct xml_reader *reader, const char *text,
				  size_t piece, struct err *err)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len; at += piece) {
		size_t part = len - at < piece ? len - at : piece;

		if (!xml_reader_feed(reader, text + at, part, err))
			return NULL;
	}
	return xml_reader_end(reader, err);
}

static void a_listing_is_read_in_pieces_of_any_size(void **state)
{
	static const size_t pieces[] = { 1, 7, 1000 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		CLEANUP(xml_reader_freep)
		struct xml_reader *reader = xml_reader_new(0);
		struct err err = ERR_EMPTY;
		const struct xml *root =
			read_all(reader, listing, pieces[i], &err);
		const struct xml *item = xml_at(root, "Contents");

		assert_non_null(root);
		assert_text(root->name, "ListBucketResult");
		assert_int_equal(xml_number(root, "KeyCount", 0), 2);
		assert_true(xml_bool(root, "IsTruncated", false));
		assert_text(xml_text(item, "Key", NULL), "a & b\r");
		assert_int_equal(xml_number(item, "Size", 0), 17);
		item = xml_next(item);
		assert_text(xml_text(item, "Key", NULL), "\u00fc");
		assert_int_equal(xml_number(item, "Size", -1), -1);
		assert_null(xml_next(item));
		assert_text(xml_text(root, "CommonPrefixes/Prefix", NULL),
			    "p/");
		assert_text(xml_text(root, "No/Such", "?"), "?");
	}
}

static void hostile_or_broken_xml_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"<a>",
		"<a></b>",
		"plain text",
		"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
		"<a>&x;</a>",
		"<a/><b/>",
		"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
		"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(xml_reader_freep)
		struct xml_reader *reader = xml_reader_new(0);
		struct err err = ERR_EMPTY;

		assert_null(read_all(reader, bad[i], 1000, &err));
		assert_int_equal(err.kind, ERR_DATA);
	}
}

static void a_document_over_the_limit_is_refused(void **state)
{
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(10);
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(xml_reader_feed(reader, "<a>12345", 8, &err));
	assert_false(xml_reader_feed(reader, "678", 3, &err));
	assert_non_null(strstr(err.message, "longer than"));
}

static void what_is_written_is_read_back(void **state)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;
	const struct xml *root;

	(void)state;
	xml_declare(&out);
	xml_open(&out, "Error xmlns=\"x\"");
	xml_put(&out, "Key", "<k> & \"q\" 'a' \r\n\u20ac");
	xml_put_number(&out, "Size", -5);
	xml_put_bool(&out, "Quiet", false);
	xml_close(&out, "Error xmlns=\"x\"");
	root = read_all(reader, out.text, 100, &err);
	assert_text(xml_text(root, "Key", NULL), "<k> & \"q\" 'a' \r\n\u20ac");
	assert_int_equal(xml_number(root, "Size", 0), -5);
	assert_false(xml_bool(root, "Quiet", true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listing_is_read_in_pieces_of_any_size),
		cmocka_unit_test(hostile_or_broken_xml_is_refused),
		cmocka_unit_test(a_document_over_the_limit_is_refused),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return RUN_TESTS(tests);
}
