/* Files of \report: whatever is in one, it is read or refused with its line;
 * what is read has statements or text, charts have statements, and the page
 * of it is well-formed but for what HTML closes by itself. */
#include "fuzz.h"

#include <string.h>

#include "base/str.h"
#include "data/xml.h"
#include "report/document.h"
#include "report/script.h"
#include "sql/interp.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("-- # Title\n-- ## Part\n-- Text\n--\n-- more\n"
		  "-- \\chart line a b by c --top 5 --title 'T'\n"
		  "select 1,\n-- inside\n2;\n"),
	FUZZ_TEXT("select 1 \\chart bar x y --log\n\\chart hist\nselect 2 \\g\n"),
	FUZZ_TEXT("\\set a 'x y'\n\\pset null -\n\\x\n\\unset a\nselect :a, :'a', "
		  ":\"a\";\n\\q\nselect 3;"),
	FUZZ_TEXT("select $$ ; -- \\chart\n $$; /* -- \\chart\n */ select 'a;b'\n"),
	FUZZ_TEXT("-- Text only\r\n\r\n-- ## Last\r\nselect 4\r\n;;\n"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"-- ",	 "--",	    "# ",    "## ",   "\\chart", "\\g",	 "\\gx",
	"\\q",	 "\\set ",  "\\unset ", "\\pset ", "\\x",   "\\\\", "\n",
	"\r\n",	 ";",	    "'",     "\"",    "$$",	"/*",	 "*/",
	"(",	 ")",	    ":a",    ":'a'",  ":\"a\"", "select ", "bar",
	" by ",	 "--top ",  "--title ", "--sort", "1001", "\xff", "\x1b[31m",
	"</script>", "<!--", "&",    "]]>",   "\\i x",	NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 6000,
};

static const char *lookup(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "a") == 0 ? "it's; \\chart \"x\" :a" : NULL;
}

static bool may_quote(void *context, const char *value)
{
	(void)context;
	(void)value;
	return true;
}

static bool set(void *context, const char *command, size_t *out_used)
{
	int *sets = context;

	FUZZ_CHECK(strncmp(command, "set", 3) == 0 ||
		   strncmp(command, "unset", 5) == 0);
	FUZZ_CHECK(strchr(command, '\n') == NULL);
	*out_used = strcspn(command, "\\");
	return ++*sets < 100;
}

/* A page without statements' rows: sections, titles and texts. */
static void check_page(const struct script *script)
{
	CLEANUP(str_done) struct str page = STR_EMPTY;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(0);
	struct document_facts facts = { .most = 10, .count = 20, .cut = true };
	struct err err = ERR_EMPTY;

	for (size_t i = 0; i < script->parts.count; i++) {
		const struct script_part *part = &script->parts.items[i];

		document_section_begin(&page, part, i + 1, &facts);
		if (part->sql)
			document_no_chart(&page, part->sql);
		document_section_end(&page, part->sql, &facts);
	}
	str_addf(&whole, "<body>%s</body>", page.text);
	FUZZ_CHECK(xml_reader_feed(reader, whole.text, whole.len, &err));
	FUZZ_CHECK(xml_reader_end(reader, &err) != NULL);
	FUZZ_CHECK(memchr(page.text, '\033', page.len) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct interp vars = { .lookup = lookup, .may_quote = may_quote };
	int sets = 0;
	const struct script_world world = { size % 2 == 0, &vars, set, &sets };
	CLEANUP(script_done) struct script script = SCRIPT_EMPTY;
	struct err err = ERR_EMPTY;

	if (!script_read(&script, (const char *)data, size, &world, &err)) {
		FUZZ_CHECK(err.kind != ERR_NONE && err.message[0] != '\0');
		FUZZ_CHECK(strncmp(err.message, "line ", 5) == 0 ||
			   script.parts.count == 0);
		return 0;
	}
	FUZZ_CHECK(script.parts.count > 0);
	for (size_t i = 0; i < script.parts.count; i++) {
		const struct script_part *part = &script.parts.items[i];

		FUZZ_CHECK(part->sql || part->title ||
			   part->paragraphs.count > 0);
		FUZZ_CHECK(part->charts.count == 0 || part->sql);
		FUZZ_CHECK(!part->sql || (*part->sql && part->line > 0));
	}
	check_page(&script);
	return 0;
}
