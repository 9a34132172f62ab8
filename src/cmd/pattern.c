#include "cmd/pattern.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/quote.h"

enum { PARTS_MAX = 3 }; /* database.schema.name */

struct part {
	struct str regex; /* without anchors */
	struct str plain; /* the name itself, when it is not special */
	bool special;     /* has more than literal characters */
};

struct parts {
	struct part items[PARTS_MAX];
	size_t count;
};

static void parts_done(struct parts *parts)
{
	for (size_t i = 0; i < PARTS_MAX; i++) {
		str_done(&parts->items[i].regex);
		str_done(&parts->items[i].plain);
	}
}

static void add_literal_char(struct part *part, char c)
{
	if (strchr("|*+?()[]{}.^$\\", c) != NULL)
		str_add_char(&part->regex, '\\');
	str_add_char(&part->regex, c);
	str_add_char(&part->plain, c);
}

/* A character outside of quotes. A dollar is a character of names. */
static void add_char(struct part *part, char c)
{
	if (c == '$') {
		add_literal_char(part, c);
		return;
	}
	if (strchr("|*+?()[]{}^\\", c) == NULL) {
		str_add_char(&part->regex, (char)tolower((unsigned char)c));
		str_add_char(&part->plain, (char)tolower((unsigned char)c));
		return;
	}
	part->special = true;
	if (c == '*')
		str_add(&part->regex, ".*");
	else if (c == '?')
		str_add_char(&part->regex, '.');
	else
		str_add_char(&part->regex, c);
}

static bool split(const char *pattern, struct parts *parts, struct err *err)
{
	bool quoted = false;

	parts->count = 1;
	for (const char *at = pattern; *at != '\0'; at++) {
		struct part *part = &parts->items[parts->count - 1];

		if (*at == '"' && quoted && at[1] == '"') {
			add_literal_char(part, '"');
			at++;
		} else if (*at == '"') {
			quoted = !quoted;
		} else if (quoted) {
			add_literal_char(part, *at);
		} else if (*at != '.') {
			add_char(part, *at);
		} else if (parts->count == PARTS_MAX) {
			return err_set(err, ERR_USAGE,
				       "improper qualified name (too many "
				       "dotted names): %s",
				       pattern);
		} else {
			parts->count++;
		}
	}
	return true;
}

static void add_condition(const struct part *part, const char *column,
			  const struct pattern_world *world, struct str *out)
{
	CLEANUP(str_done) struct str anchored = STR_EMPTY;

	if (strcmp(part->regex.text, ".*") == 0 || column == NULL ||
	    (part->regex.len == 0 && part->plain.len == 0))
		return;
	str_addf(out, "\n  and %s ", column);
	if (!part->special) {
		str_add(out, "= ");
		quote_literal(out, part->plain.text, world->escapes);
		return;
	}
	str_addf(&anchored, "^(%s)$", part->regex.text);
	str_add(out, "~ ");
	quote_literal(out, anchored.text, world->escapes);
}

bool pattern_where(const char *pattern, const struct pattern_columns *columns,
		   const struct pattern_world *world, struct str *out,
		   struct err *err)
{
	struct parts parts = { .count = 0 };
	const struct str empty = STR_EMPTY;
	bool ok = true;

	for (size_t i = 0; i < PARTS_MAX; i++)
		parts.items[i] = (struct part){ empty, empty, false };
	if (pattern == NULL || *pattern == '\0') {
		if (columns->visible != NULL)
			str_addf(out, "\n  and %s", columns->visible);
		return true;
	}
	ok = split(pattern, &parts, err);
	if (ok && parts.count == PARTS_MAX &&
	    (parts.items[0].special ||
	     strcmp(parts.items[0].plain.text, world->database) != 0)) {
		err_set(err, ERR_USAGE,
			"cross-database references are not implemented: %s",
			pattern);
		ok = err_hint(err,
			      "look into svv_all_tables and "
			      "svv_all_columns, or connect by \\c %s",
			      parts.items[0].plain.text);
	}
	if (ok) {
		size_t last = parts.count - 1;

		add_condition(&parts.items[last], columns->name, world, out);
		if (last > 0)
			add_condition(&parts.items[last - 1], columns->schema,
				      world, out);
		else if (columns->visible != NULL)
			str_addf(out, "\n  and %s", columns->visible);
	}
	parts_done(&parts);
	return ok;
}
