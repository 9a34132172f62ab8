/* sandbox/rewrite/rewrite_star.c - SELECT * over relations with hidden columns.
 *
 * The catalog of 8.0 shows its oids to those who name them only. The views of
 * ours have them as a last column, so the star is written out, from the
 * columns of relations.tsv. */
#include <string.h>

#include "base/vec.h"
#include "sandbox/rewrite/rewrite_work.h"

/* One relation or subquery in FROM. */
struct item {
	const char *columns; /* what a star shows; NULL: all */
	struct str name;     /* that qualifies its columns, as written */
};

struct items {
	VEC(struct item);
};

static void items_done(struct items *items)
{
	for (size_t i = 0; i < items->count; i++)
		str_done(&items->items[i].name);
	vec_done(items);
}

static bool is_any(const struct patch *patch, size_t at,
		   const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (token_is(patch_at(patch, at), words[i]))
			return true;
	return false;
}

/* Words that may not be an alias: what goes on behind a relation. */
static bool continues(const struct patch *patch, size_t at)
{
	static const char *const words[] = {
		"on",   "join",  "inner",   "left",  "right",
		"full", "cross", "natural", "using",
	};

	return is_any(patch, at, words, COUNT_OF(words));
}

static bool ends_from(const struct patch *patch, size_t at)
{
	static const char *const words[] = {
		"where", "group",     "order",  "having", "limit",  "offset",
		"union", "intersect", "except", "minus",  "window", "qualify",
	};

	return patch_at(patch, at)->kind == TOKEN_END ||
	       is_any(patch, at, words, COUNT_OF(words));
}

static void add_token(const struct patch *patch, size_t at, struct str *out)
{
	const struct token *token = patch_at(patch, at);

	str_add_slice(out, token->text, token->len);
}

/* The columns of the relation [from, to), a dotted name. */
static const char *columns_of(const struct work *work, size_t from, size_t to)
{
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct tsv_row *row;

	if (to - from > 3)
		return NULL;
	work_name(work, to - 1, &name);
	if (to - from == 3)
		work_name(work, from, &schema);
	row = tsv_find(work->rules->relations, name.text);
	if (row == NULL || row->cells[2][0] == '\0' ||
	    (schema.len > 0 && strcmp(schema.text, "pg_catalog") != 0))
		return NULL;
	return row->cells[2];
}

/* Reads one item at; the index behind it and its alias. */
static size_t read_item(const struct work *work, size_t at, struct items *items)
{
	const struct patch *patch = &work->patch;
	struct item item = { .columns = NULL, .name = STR_EMPTY };
	size_t end = work_name_end(work, at);

	if (end > at) {
		item.columns = columns_of(work, at, end);
		add_token(patch, end - 1, &item.name);
	} else if (token_is_char(patch_at(patch, at), '(')) {
		/* rewrite_relation.c calls it so when it has no name */
		str_addf(&item.name, "derived_table%zu", at);
		end = patch->items[at].pair + 1;
	} else {
		return at;
	}
	if (token_is_char(patch_at(patch, end), '('))
		end = patch->items[end].pair + 1;
	if (token_is(patch_at(patch, end), "as"))
		end++;
	if (work_name_end(work, end) > end && !continues(patch, end) &&
	    !ends_from(patch, end)) {
		str_clear(&item.name);
		add_token(patch, end, &item.name);
		end++;
	}
	vec_push(items, item);
	return end;
}

/* The items of the FROM at; false: none has hidden columns, or a join merges
 * columns (USING, NATURAL), which is left as it is. */
static bool read_from(const struct work *work, size_t at, struct items *items)
{
	const struct patch *patch = &work->patch;
	int depth = patch->items[at].depth;
	bool hidden = false;
	bool begins = true;

	for (at++; !ends_from(patch, at) && patch->items[at].depth >= depth;) {
		size_t end = begins ? read_item(work, at, items) : at;

		if (token_is(patch_at(patch, at), "using") ||
		    token_is(patch_at(patch, at), "natural"))
			return false;
		begins = patch->items[end].depth == depth &&
			 (token_is_char(patch_at(patch, end), ',') ||
			  token_is(patch_at(patch, end), "join"));
		if (end == at || begins)
			end++;
		at = end;
	}
	for (size_t i = 0; i < items->count; i++)
		hidden = hidden || items->items[i].columns != NULL;
	return hidden;
}

static void add_columns(struct str *out, const struct item *item)
{
	const char *at = item->columns;

	if (out->len > 0)
		str_add(out, ", ");
	if (at == NULL) {
		str_addf(out, "%s.*", item->name.text);
		return;
	}
	while (*at != '\0') {
		size_t len = strcspn(at, " ");

		str_addf(out, "%s.%.*s", item->name.text, (int)len, at);
		at += len;
		if (*at == ' ') {
			str_add(out, ", ");
			at++;
		}
	}
}

/* Is the star at one of a select list? *out_name: the token that qualifies
 * it, PATCH_NONE: none does. */
static bool is_star(const struct patch *patch, size_t at, size_t *out_name)
{
	static const char *const before[] = { "select", "distinct", "all",
					      "," };

	*out_name = PATCH_NONE;
	if (!token_is_char(patch_at(patch, at), '*') || at == 0)
		return false;
	if (at > 1 && token_is_char(patch_at(patch, at - 1), '.')) {
		*out_name = at - 2;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(before); i++)
		if (patch_match(patch, at - 1, before[i]))
			return true;
	return false;
}

static bool same_name(const struct patch *patch, size_t at, const char *name)
{
	const struct token *token = patch_at(patch, at);

	return str_slice_equal_nocase(token->text, token->len, name);
}

static void write_out(struct work *work, size_t at, size_t name,
		      const struct items *items)
{
	CLEANUP(str_done) struct str list = STR_EMPTY;

	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->items[i];

		if (name == PATCH_NONE)
			add_columns(&list, item);
		else if (item->columns != NULL && list.len == 0 &&
			 same_name(&work->patch, name, item->name.text))
			add_columns(&list, item);
	}
	if (list.len == 0)
		return;
	if (name != PATCH_NONE) {
		patch_drop(&work->patch, name + 1, at + 1);
		at = name;
	}
	patch_replace(&work->patch, at, "%s", list.text);
}

void rewrite_stars(struct work *work)
{
	struct patch *patch = &work->patch;

	for (size_t i = 1; i < patch->count; i++) {
		CLEANUP(items_done) struct items items = { 0 };
		size_t name;
		size_t from;

		if (!is_star(patch, i, &name))
			continue;
		from = patch_find(patch, i + 1, patch->count, "from");
		if (from != PATCH_NONE && read_from(work, from, &items))
			write_out(work, i, name, &items);
	}
}
