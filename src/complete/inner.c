#include "complete/inner.h"

#include <string.h>

#include "base/str.h"
#include "complete/source.h"

/* What the literal means, as far as it goes. */
struct inner {
	struct str text;
	size_t cursor;
};

static void read_quoted(const struct source_ask *ask, struct inner *inner)
{
	const char *sql = ask->sql;

	for (size_t i = ask->expect.start; i < ask->len; i++) {
		if (i == ask->cursor)
			inner->cursor = inner->text.len;
		if (sql[i] == '\'' && sql[i + 1] != '\'')
			break;
		if ((sql[i] == '\'' || sql[i] == '\\') && i + 1 < ask->len) {
			i++;
			if (i == ask->cursor)
				inner->cursor = inner->text.len;
		}
		str_add_char(&inner->text, sql[i]);
	}
	if (ask->cursor >= ask->len)
		inner->cursor = inner->text.len;
}

/* Up to the $tag$ that began it. */
static void read_dollars(const struct source_ask *ask, struct inner *inner)
{
	const char *from = ask->sql + ask->expect.start;
	size_t rest = ask->len - ask->expect.start;
	size_t tag = 1;
	const char *end = NULL;

	while (tag < ask->expect.start && from[-1 - (ptrdiff_t)tag] != '$')
		tag++;
	for (const char *at = from; end == NULL && at < from + rest; at++) {
		at = memchr(at, '$', (size_t)(from + rest - at));
		if (at == NULL)
			break;
		if ((size_t)(from + rest - at) > tag &&
		    memcmp(at, from - 1 - tag, tag + 1) == 0)
			end = at;
	}
	str_add_slice(&inner->text, from,
		      end != NULL ? (size_t)(end - from) : rest);
	inner->cursor = ask->cursor - ask->expect.start;
}

static void double_quotes(struct complete_item *item)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (strpbrk(item->text, "'\\") == NULL)
		return;
	for (const char *c = item->text; *c != '\0'; c++) {
		if (*c == '\'' || *c == '\\')
			str_add_char(&text, *c);
		str_add_char(&text, *c);
	}
	mem_free(item->text);
	item->text = str_take(&text);
}

void inner_complete(struct source_ask *ask, size_t offset)
{
	struct inner inner = { STR_EMPTY, 0 };
	struct complete_list *list = ask->list;
	size_t first = list->count;

	if (ask->expect.quote == '$')
		read_dollars(ask, &inner);
	else
		read_quoted(ask, &inner);
	source_complete_query(ask->from, inner.text.text, inner.text.len,
			      inner.cursor, list);
	/* What is replaced has no quotes to be doubled. */
	list->from = offset + ask->cursor - (inner.cursor - list->from);
	list->to = offset + ask->cursor + (list->to - inner.cursor);
	for (size_t i = first; i < list->count && ask->expect.quote != '$'; i++)
		double_quotes(&list->items[i]);
	str_done(&inner.text);
}
