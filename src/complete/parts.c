#include "complete/parts.h"

#include <stdbool.h>

#include "sql/quote.h"

void parts_read(struct parts *parts, const char *text, size_t len)
{
	size_t end = len;

	*parts = (struct parts){ { STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY },
				 0 };
	while (end > 0 && parts->count < PARTS_MAX) {
		size_t start = end;
		size_t from;
		bool quoted = false;

		/* Back to the dot before this part; a dot between quotes is
		 * none. */
		while (start > 0) {
			char c = text[start - 1];

			if (c == '"')
				quoted = !quoted;
			else if (c == '.' && !quoted)
				break;
			start--;
		}
		for (from = start;
		     from < end && (text[from] == ' ' || text[from] == '\n' ||
				    text[from] == '\t');)
			from++;
		while (end > from &&
		       (text[end - 1] == ' ' || text[end - 1] == '\n' ||
			text[end - 1] == '\t'))
			end--;
		quote_name_read(&parts->items[parts->count++], text + from,
				end - from, false);
		end = start > 0 ? start - 1 : 0;
	}
}

void parts_done(struct parts *parts)
{
	for (size_t i = 0; i < PARTS_MAX; i++)
		str_done(&parts->items[i]);
}

const char *parts_at(const struct parts *parts, size_t at)
{
	return at < parts->count ? parts->items[at].text : "";
}
