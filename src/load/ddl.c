#include "load/ddl.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "load/infer.h"
#include "sql/quote.h"

enum { NAME_BYTES = 127 }; /* Redshift's longest identifier */

static bool is_letter(char c)
{
	/* bytes of multibyte characters stay: names may hold them */
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

void ddl_add_name(struct str *out, const char *header, size_t number)
{
	size_t begin = out->len;
	bool gap = false;

	for (; *header != '\0'; header++) {
		if (!is_letter(*header)) {
			gap = out->len > begin;
			continue;
		}
		if (gap)
			str_add_char(out, '_');
		else if (out->len == begin && isdigit((unsigned char)*header))
			str_add_char(out, '_');
		gap = false;
		str_add_char(out, (char)tolower((unsigned char)*header));
	}
	if (out->len - begin > NAME_BYTES) {
		size_t len = NAME_BYTES;

		while (len > 0 &&
		       ((unsigned char)out->text[begin + len] & 0xc0) == 0x80)
			len--;
		str_cut(out, begin + len);
	}
	if (!utf8_valid(out->text + begin, out->len - begin))
		str_cut(out, begin);
	if (out->len == begin)
		str_addf(out, "column_%zu", number);
}

/* name, name_2, name_3 ...: the first that is not taken. */
static void make_unique(struct str *name, struct map *taken)
{
	size_t base = name->len < NAME_BYTES - 6 ? name->len : NAME_BYTES - 6;

	for (size_t n = 2; map_has(taken, name->text); n++) {
		str_cut(name, base);
		str_addf(name, "_%zu", n);
	}
	map_put(taken, name->text, NULL);
}

/* Whether a name can stay; control bytes and quotes cannot be typed. */
static bool add_member_name(struct str *out, const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_BYTES || !utf8_valid(name, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < ' ' || name[i] == '"')
			return false;
		str_add_char(out, (char)tolower((unsigned char)name[i]));
	}
	return true;
}

void ddl_name_columns(struct infer *infer)
{
	CLEANUP(map_freep) struct map *taken = map_new(NULL);

	for (size_t i = 0; i < infer->columns.count; i++) {
		struct infer_column *column = &infer->columns.items[i];
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (column->name == NULL || !infer->members ||
		    !add_member_name(&name, column->name)) {
			str_clear(&name);
			ddl_add_name(&name, column->name ? column->name : "",
				     i + 1);
		}
		make_unique(&name, taken);
		mem_free(column->column);
		column->column = mem_copy_text(name.text);
	}
}

void ddl_add_create(struct str *out, const char *table,
		    const struct infer *infer)
{
	str_addf(out, "create table %s (", table);
	for (size_t i = 0; i < infer->columns.count; i++) {
		const struct infer_column *column = &infer->columns.items[i];

		str_add(out, i > 0 ? ",\n    " : "\n    ");
		quote_name(out, column->column);
		str_add_char(out, ' ');
		infer_add_type(column, out);
	}
	str_add(out, "\n)");
}
