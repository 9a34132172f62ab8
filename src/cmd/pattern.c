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
	bool capitals;    /* in quotes */
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
	part->capitals = part->capitals || (c >= 'A' && c <= 'Z');
}

/* A character outside of quotes. A dollar is a character of names. */
static void add_char(struct part *part, char c, bool symbols)
{
	if (c == '$' ||
	    (symbols && c != '*' && c != '?' && !isalpha((unsigned char)c))) {
		add_literal_char(part, c);
		return;
	}
	if (strchr("|*+?()[]{}.^\\", c) == NULL) {
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

/* How many parts a name may have. */
static size_t parts_limit(const struct pattern_columns *columns)
{
	if (columns->schema != NULL)
		return 3;
	return columns->in_database ? 2 : 1;
}

static bool split(const char *pattern, const struct pattern_columns *columns,
		  struct parts *parts, struct err *err)
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
		} else if (*at == '[' && at[1] == ']') {
			/* the end of an array type's name, not a set */
			add_literal_char(part, *at++);
			add_literal_char(part, *at);
		} else if (*at != '.' || columns->dots) {
			add_char(part, *at, columns->symbols);
		} else if (parts->count == parts_limit(columns)) {
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

static void add_match(const struct part *part, const char *column, bool small,
		      const struct pattern_world *world, struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (part->special)
		str_addf(&text, "^(%s)$", part->regex.text);
	else
		str_add(&text, part->plain.text);
	for (size_t i = 0; small && i < text.len; i++)
		text.text[i] = (char)tolower((unsigned char)text.text[i]);
	str_addf(out, "%s %s ", column, part->special ? "~" : "=");
	quote_literal(out, text.text, world->escapes);
}

static void add_condition(const struct part *part, const char *column,
			  const char *other, const struct pattern_world *world,
			  struct str *out)
{
	const char *either[] = { column, other };
	bool folds = world->folds && part->capitals;
	bool many = folds || other != NULL;
	size_t count = 0;

	if (strcmp(part->regex.text, ".*") == 0 || column == NULL ||
	    (part->regex.len == 0 && part->plain.len == 0))
		return;
	str_add(out, many ? "\n  and (" : "\n  and ");
	for (size_t i = 0; i < COUNT_OF(either); i++)
		for (int small = 0; small <= folds && either[i]; small++) {
			str_add(out, count++ > 0 ? " or " : "");
			add_match(part, either[i], small, world, out);
		}
	if (many)
		str_add_char(out, ')');
}

/* The first part of a name with all its parts is the database. */
static bool check_database(const char *pattern, const struct parts *parts,
			   const struct pattern_columns *columns,
			   const struct pattern_world *world, struct err *err)
{
	size_t limit = parts_limit(columns);

	if (limit == 1 || parts->count < limit ||
	    (!parts->items[0].special &&
	     strcmp(parts->items[0].plain.text, world->database) == 0))
		return true;
	err_set(err, ERR_USAGE,
		"cross-database references are not implemented: %s", pattern);
	return err_hint(err,
			"look into svv_all_tables and svv_all_columns, or "
			"connect by \\c %s",
			parts->items[0].plain.text);
}

static void add_parts(const struct parts *parts,
		      const struct pattern_columns *columns,
		      const struct pattern_world *world, struct str *out)
{
	size_t last = parts->count - 1;

	add_condition(&parts->items[last], columns->name, columns->other, world,
		      out);
	if (last > 0)
		add_condition(&parts->items[last - 1], columns->schema, NULL,
			      world, out);
	else if (columns->visible != NULL)
		str_addf(out, "\n  and %s", columns->visible);
}

bool pattern_where(const char *pattern, const struct pattern_columns *columns,
		   const struct pattern_world *world, struct str *out,
		   struct err *err)
{
	struct parts parts = { .count = 0 };
	const struct str empty = STR_EMPTY;
	bool ok = true;

	for (size_t i = 0; i < PARTS_MAX; i++)
		parts.items[i] =
			(struct part){ .regex = empty, .plain = empty };
	if (pattern == NULL || *pattern == '\0') {
		if (columns->visible != NULL)
			str_addf(out, "\n  and %s", columns->visible);
		return true;
	}
	ok = split(pattern, columns, &parts, err) &&
	     check_database(pattern, &parts, columns, world, err);
	if (ok)
		add_parts(&parts, columns, world, out);
	parts_done(&parts);
	return ok;
}
