/* JSON: parsed or refused; what is written is read back the same; any bytes
 * become a JSON string. */
#include "fuzz.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "data/json.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("{\"Clusters\":[{\"Endpoint\":{\"Address\":\"h\",\"Port\":"
		  "5439}}],\"a.b\":null}"),
	FUZZ_TEXT("{\"entries\":[{\"url\":\"s3://b/k\",\"mandatory\":true,"
		  "\"meta\":{\"content_length\":12}}]}"),
	FUZZ_TEXT("{\"jsonpaths\":[\"$.a\",\"$['b'][0]\"]}"),
	FUZZ_TEXT("[1,-0,1.5e300,9223372036854775807,18446744073709551616,"
		  "\"\\u00e4\\ud83d\\ude00\\n\",true,false,null,[],{}]"),
	FUZZ_TEXT("\"\\ud800\""),
	FUZZ_TEXT("{\"a\":1,\"a\":2}"),
	FUZZ_TEXT("[[[[[[[[[["),
	FUZZ_TEXT("\xef\xbb\xbf{}"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud83d", "\\ude00",
	"null", "true", "1e999", "-", "0", "\"a\":", "\"\\\"", "[[", "{\"a\":",
	NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 40000,
};

static void look(const struct json *json, int depth)
{
	const struct json *value;
	const char *key;
	size_t at = 0;

	json_text(json, NULL, "");
	json_number(json, "Clusters.0.Endpoint.Port", 0);
	json_double(json, "0", 0);
	json_bool(json, "entries.0.mandatory", false);
	if (depth > 40)
		return;
	while (json_next(json, &at, &key, &value)) {
		FUZZ_CHECK(key != NULL && json_key(json, key) == value);
		look(value, depth + 1);
	}
	if (json_shape(json) == JSON_SHAPE_ARRAY)
		for (size_t i = 0; i < json_count(json); i++)
			look(json_item(json, i), depth + 1);
}

static void check_value(const struct json *json)
{
	CLEANUP(str_done) struct str first = STR_EMPTY;
	CLEANUP(str_done) struct str second = STR_EMPTY;
	CLEANUP(str_done) struct str pretty = STR_EMPTY;
	CLEANUP(json_freep) struct json *again = NULL;
	struct err err = ERR_EMPTY;

	look(json, 0);
	json_add(&first, json);
	json_add_pretty(&pretty, json);
	again = json_parse(first.text, first.len, &err);
	FUZZ_CHECK(again != NULL);
	json_add(&second, again);
	FUZZ_CHECK(strcmp(first.text, second.text) == 0);
}

static void check_string(const char *bytes, size_t len)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = NULL;
	struct err err = ERR_EMPTY;

	json_add_string(&text, bytes, len);
	if (memchr(bytes, '\0', len) != NULL)
		return; /* our reader takes no \u0000 */
	json = json_parse(text.text, text.len, &err);
	FUZZ_CHECK(json != NULL && json_shape(json) == JSON_SHAPE_TEXT);
	if (utf8_valid(bytes, len)) {
		const char *told = json_text(json, NULL, NULL);

		FUZZ_CHECK(strlen(told) == len &&
			   memcmp(told, bytes, len) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct err err = ERR_EMPTY;
	CLEANUP(json_freep) struct json *json = json_parse(bytes, size, &err);

	if (json != NULL)
		check_value(json);
	else
		FUZZ_CHECK(err.kind == ERR_DATA && err.message[0] != '\0');
	check_string(bytes, size);
	return 0;
}
