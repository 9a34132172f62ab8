#include "edit/menu.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "complete/complete.h"

enum { GAP_COLS = 2 };

static size_t common_length(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] != '\0' && a[i] == b[i])
		i++;
	/* Not in the middle of a character. */
	while (i > 0 && ((unsigned char)a[i] & 0xc0) == 0x80)
		i--;
	return i;
}

/* An odd number of backslashes at the end of text[0..len). */
static bool ends_in_escape(const char *text, size_t len)
{
	size_t count = 0;

	while (count < len && text[len - 1 - count] == '\\')
		count++;
	return count % 2 == 1;
}

size_t menu_common(const struct complete_list *list, char next, struct str *out)
{
	const struct complete_item *first = NULL;
	bool prefixes = false;
	size_t count = 0, len = 0;

	str_clear(out);
	for (size_t i = 0; i < list->count; i++)
		prefixes |= list->items[i].match == COMPLETE_PREFIX;
	for (size_t i = 0; i < list->count; i++) {
		const struct complete_item *item = &list->items[i];

		if (prefixes && item->match != COMPLETE_PREFIX)
			continue;
		if (count++ == 0) {
			first = item;
			len = strlen(item->text);
			continue;
		}
		len = common_length(first->text, item->text) < len
			      ? common_length(first->text, item->text)
			      : len;
	}
	if (first == NULL)
		return 0;
	/* Not behind half an escape. */
	if (count > 1 && ends_in_escape(first->text, len))
		len--;
	str_add_slice(out, first->text, len);
	if (count == 1 && first->after != '\0' && first->after != next)
		str_add_char(out, first->after);
	return count;
}

static void add_safe(const char *label, struct str *out)
{
	size_t len = strlen(label);

	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t bytes = utf8_decode(label + at, len - at, &code);

		if (code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		    code == UINT32_MAX)
			str_add_char(out, '?');
		else
			str_add_slice(out, label + at, bytes);
		at += bytes;
	}
}

static int safe_width(const char *label)
{
	CLEANUP(str_done) struct str safe = STR_EMPTY;

	add_safe(label, &safe);
	return utf8_width_cols(safe.text, safe.len);
}

void menu_format(const struct complete_list *list, int width_cols, int max_rows,
		 struct str *out)
{
	size_t folder = complete_list_folder(list);
	int widest = 1;
	size_t columns, rows, shown_rows;

	for (size_t i = 0; i < list->count; i++) {
		int width = safe_width(list->items[i].label + folder);

		widest = width > widest ? width : widest;
	}
	columns = width_cols > widest + GAP_COLS
			  ? (size_t)(width_cols / (widest + GAP_COLS))
			  : 1;
	rows = (list->count + columns - 1) / columns;
	shown_rows = rows;
	if (max_rows > 1 && rows > (size_t)max_rows)
		shown_rows = (size_t)max_rows - 1;

	/* Down the columns, as ls does; a list that is cut goes across, so
	 * that the nearest candidates are those that stay. */
	for (size_t row = 0; row < shown_rows; row++) {
		for (size_t column = 0; column < columns; column++) {
			size_t at = shown_rows < rows ? row * columns + column
						      : column * rows + row;
			size_t next = shown_rows < rows ? at + 1 : at + rows;

			if (at >= list->count)
				break;
			add_safe(list->items[at].label + folder, out);
			if (column + 1 < columns && next < list->count)
				str_add_repeat(
					out, ' ',
					(size_t)(widest + GAP_COLS -
						 safe_width(
							 list->items[at].label +
							 folder)));
		}
		str_add_char(out, '\n');
	}
	if (shown_rows < rows)
		str_addf(out, "... and %zu more%s\n",
			 list->count - shown_rows * columns,
			 list->cut ? " at least" : "");
}
