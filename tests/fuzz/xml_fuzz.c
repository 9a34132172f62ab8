/* Small XML: well-formed or refused, never more than was asked for, and what
 * was written is read back. */
#include "fuzz.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "data/xml.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		  "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/"
		  "2006-03-01/\"><Name>b</Name><Contents><Key>a&amp;b</Key>"
		  "<Size>5</Size></Contents><IsTruncated>false</IsTruncated>"
		  "</ListBucketResult>"),
	FUZZ_TEXT("<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object>"
		  "<Object><Key>&#xe4;&lt;</Key></Object></Delete>"),
	FUZZ_TEXT("<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
		  "<d>&b;</d>"),
	FUZZ_TEXT("<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
		  "<d>&x;</d>"),
	FUZZ_TEXT("<a:b xmlns:a='u'><![CDATA[<&>]]><!-- c --><?p i?></a:b>"),
	FUZZ_TEXT("\xff\xfe<\0a\0/\0>\0"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"<Delete>", "</Delete>", "<Object>", "</Object>", "<Key>", "</Key>",
	"<a>", "</a>", "<a/>", "<a ", "='", "'", "\"", "&amp;", "&lt;", "&#0;",
	"&#x10ffff;", "&a;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE ",
	"<!ENTITY ", "%p;", "]>", "xmlns:x='u'", "encoding='utf-16'", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 40000,
};

static size_t walk(const struct xml *node, int depth)
{
	size_t bytes = node->text_len;

	FUZZ_CHECK(depth <= 32);
	FUZZ_CHECK(node->text != NULL && node->text[node->text_len] == '\0');
	FUZZ_CHECK(strchr(node->name, '<') == NULL);
	for (const struct xml *c = node->first; c != NULL; c = c->next)
		bytes += walk(c, depth + 1);
	return bytes;
}

static void read_all(const char *bytes, size_t len, size_t piece)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader =
		xml_reader_new(0);
	const struct xml *root = NULL;
	struct err err = ERR_EMPTY;
	bool going = true;

	for (size_t at = 0; going && at < len; at += piece)
		going = xml_reader_feed(reader, bytes + at,
					len - at < piece ? len - at : piece,
					&err);
	if (going)
		root = xml_reader_end(reader, &err);
	if (root == NULL) {
		FUZZ_CHECK(err.kind != ERR_NONE && err.message[0] != '\0');
		return;
	}
	/* no entity makes text out of nothing; UTF-16 and Latin-1 may grow */
	FUZZ_CHECK(walk(root, 1) <= 2 * len);
	xml_number(root, "Contents/Size", 0);
	xml_bool(root, "IsTruncated", false);
	for (const struct xml *c = xml_at(root, "Object"); c != NULL;
	     c = xml_next(c))
		FUZZ_CHECK(xml_text(c, "Key", "") != NULL);
}

/* XML cannot hold controls, and makes line ends one. */
static bool is_told(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 && text[i] != '\n' &&
		    text[i] != '\t')
			return false;
	/* U+FFFE and U+FFFF are no characters of XML */
	return utf8_valid(text, len) &&
	       memmem(text, len, "\xef\xbf\xbe", 3) == NULL &&
	       memmem(text, len, "\xef\xbf\xbf", 3) == NULL;
}

static void check_written(const char *text, size_t len)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader =
		xml_reader_new(0);
	CLEANUP(str_done) struct str out = STR_EMPTY;
	const struct xml *root;

	xml_declare(&out);
	xml_open(&out, "a");
	xml_escape(&out, text, len);
	xml_close(&out, "a");
	if (!is_told(text, len))
		return;
	FUZZ_CHECK(xml_reader_feed(reader, out.text, out.len, NULL));
	root = xml_reader_end(reader, NULL);
	FUZZ_CHECK(root != NULL && root->text_len == len &&
		   memcmp(root->text, text, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	read_all(bytes, size, size + 1);
	read_all(bytes, size, 1 + size / 5);
	check_written(bytes, size);
	return 0;
}
