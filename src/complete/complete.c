#include "complete/complete.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "complete/meta.h"
#include "complete/rank.h"
#include "complete/source.h"
#include "sql/excerpt.h"

void complete_item_done(struct complete_item *item)
{
	mem_free(item->text);
	mem_free(item->label);
	mem_free(item->detail);
	mem_free(item->of);
	mem_free(item->marks);
	mem_free(item->comment);
}

void complete_list_done(struct complete_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		complete_item_done(&list->items[i]);
	vec_done(list);
}

size_t complete_list_folder(const struct complete_list *list)
{
	const char *first = list->count > 0 ? list->items[0].label : "";
	size_t shared = strlen(first);

	for (size_t i = 0; i < list->count; i++) {
		const struct complete_item *item = &list->items[i];
		size_t len = strlen(item->label);
		size_t at = 0;

		if (item->kind != COMPLETE_PATH &&
		    item->kind != COMPLETE_BUCKET && item->kind != COMPLETE_KEY)
			return 0;
		/* Of "a/b/" the name is "b/". */
		while (at < shared && at + 1 < len &&
		       item->label[at] == first[at])
			at++;
		shared = at;
	}
	while (shared > 0 && first[shared - 1] != '/')
		shared--;
	return shared;
}

const char *complete_kind_name(enum complete_kind kind)
{
	static const char *const names[COMPLETE_KIND_COUNT] = {
		[COMPLETE_KEYWORD] = "keyword",
		[COMPLETE_TABLE] = "table",
		[COMPLETE_VIEW] = "view",
		[COMPLETE_COLUMN] = "column",
		[COMPLETE_SCHEMA] = "schema",
		[COMPLETE_DATABASE] = "database",
		[COMPLETE_FUNCTION] = "function",
		[COMPLETE_TYPE] = "type",
		[COMPLETE_USER] = "user",
		[COMPLETE_COMMAND] = "command",
		[COMPLETE_SWITCH] = "switch",
		[COMPLETE_SETTING] = "setting",
		[COMPLETE_VARIABLE] = "variable",
		[COMPLETE_VALUE] = "value",
		[COMPLETE_PATH] = "path",
		[COMPLETE_BUCKET] = "bucket",
		[COMPLETE_KEY] = "key",
		[COMPLETE_CTE] = "cte",
		[COMPLETE_ALIAS] = "alias",
		[COMPLETE_JOIN] = "join",
		[COMPLETE_EXPRESSION] = "expression",
		[COMPLETE_COLUMNS] = "columns",
		[COMPLETE_PROCEDURE] = "procedure",
		[COMPLETE_WINDOW] = "window",
	};

	return names[kind];
}

static void add_piece(const char *piece, struct str *out)
{
	if (*piece == '\0')
		return;
	if (out->len > 0)
		str_add(out, "  ");
	str_add(out, piece);
}

void complete_add_detail(const struct complete_item *item, struct str *out)
{
	add_piece(item->detail, out);
	add_piece(item->of, out);
	add_piece(item->marks, out);
	add_piece(item->comment, out);
}

static void complete_sql(const struct complete_source *source, const char *text,
			 size_t len, size_t cursor, struct complete_list *list)
{
	static const struct excerpt_limits limits = EXCERPT_LIMITS;
	struct excerpt excerpt;

	excerpt_make(&excerpt, text, len, cursor, &limits);
	source_complete_sql(source, excerpt.text, excerpt.len, excerpt.cursor,
			    0, list);
	list->from += cursor - excerpt.cursor;
	list->to += cursor - excerpt.cursor;
	excerpt_done(&excerpt);
}

void complete_at(const struct complete_source *source, const char *text,
		 size_t cursor, struct complete_list *list)
{
	size_t len = strlen(text);
	size_t start;

	if (cursor > len)
		cursor = len;
	start = meta_start(text, cursor);
	list->from = list->to = cursor;
	if (start != SIZE_MAX)
		meta_complete(source, text, start, cursor, list);
	else
		complete_sql(source, text, len, cursor, list);
	rank_sort(list);
}
