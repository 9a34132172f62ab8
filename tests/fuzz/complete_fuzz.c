/* SQL text of any kind, and Tab anywhere in it: the candidates are bounded,
 * what they replace holds the cursor, and taking one leaves no quote open that
 * was closed before.
 *
 * Bytes 0 and 1: where the cursor is, as a part of the text. */
#include "fuzz.h"

#include <string.h>

#include "complete/complete.h"
#include "tests/unit/complete/tickit.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\x40\0select s.* from sales s join event e on "),
	FUZZ_TEXT("\xff\0with a(x) as (select * from sales) select a. from a"),
	FUZZ_TEXT("\x80\0insert into venue (venueid, ) select from venue"),
	FUZZ_TEXT("\xff\0merge into sales using listing l on "),
	FUZZ_TEXT("\x80\0select sum(x) over (partition by a order by ) from t"),
	FUZZ_TEXT("\xff\0unload ('select * from ') to 's3://"),
	FUZZ_TEXT("\xff\0select \"Odd one\".\"Order\".\"a"),
	{ NULL, 0 },
};

static const char *const files[] = {
	"cases/complete/tickit/*.txt",
	"cases/expect/*.txt",
	"cases/rewrite/*.txt",
	"fuzz/hard.txt",
	NULL,
};

static const char *const words[] = {
	"select ",      "from ",    "sales",       "event e",     " join ",
	" on ",         " using (", "with a as (", ")",           "(",
	"\"",           "'",        "$$",          ".",           ", ",
	" union all ",  " where ",  " group by ",  " order by ",  "*",
	"insert into ", "update ",  " set ",       "merge into ", "copy ",
	"unload ('",    "::",       "case when ",  ";",           "/*",
	"--",           "\n",       "#",           " over (",     "\\",
	" exclude (",   "[",        NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.files = files,
	.words = words,
	.count = 4000,
};

static void make(void)
{
	void *state = NULL;

	FUZZ_CHECK(tickit_make(&state) == 0);
}

static void remove_place(void)
{
	void *state = NULL;

	tickit_remove(&state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complete_source source = { 0 };
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(mem_freep) char *text = NULL;
	size_t cursor, len;

	if (tickit_lookup == NULL) {
		make();
		atexit(remove_place);
	}
	if (size < 2)
		return 0;
	source.lookup = tickit_lookup;
	text = mem_copy_slice((const char *)data + 2, size - 2);
	len = strlen(text);
	cursor = len * data[0] / 255;
	if (cursor > 0 && data[1] % 8 == 1)
		cursor--;
	complete_at(&source, text, cursor, &list);
	FUZZ_CHECK(list.count <= COMPLETE_MAX);
	FUZZ_CHECK(list.from <= cursor && cursor <= list.to);
	FUZZ_CHECK(list.to <= len);
	for (size_t i = 0; i < list.count; i++) {
		FUZZ_CHECK(*list.items[i].text != '\0');
		FUZZ_CHECK(i == 0 || strcmp(list.items[i].text,
					    list.items[i - 1].text) != 0);
	}
	complete_list_done(&list);
	return 0;
}
