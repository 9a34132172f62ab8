/* sandbox/rewrite/rewrite_view.c - views, late-binding and materialized ones.
 *
 * A late-binding view is a view over a function that runs its query anew
 * each time (objects.sql: late_view), so that its tables may come and go. */
#include <string.h>

#include "sandbox/rewrite/rewrite_shape.h"
#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

/* Is the name at a common table of the statement? */
static bool is_common_table(const struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, at, &name);
	for (size_t i = 1; i + 2 < patch->count; i++) {
		CLEANUP(str_done) struct str other = STR_EMPTY;
		size_t as = i + 1;

		if (!shape_is_name(patch_at(patch, i)) ||
		    !(patch_match(patch, i - 1, "with") ||
		      patch_match(patch, i - 1, "recursive") ||
		      token_is_char(patch_at(patch, i - 1), ',')))
			continue;
		if (token_is_char(patch_at(patch, as), '('))
			as = patch->items[as].pair + 1;
		if (!patch_match(patch, as, "as ("))
			continue;
		work_name(work, i, &other);
		if (strcmp(name.text, other.text) == 0)
			return true;
	}
	return false;
}

/* The table at, in FROM: a name needs its schema. */
static bool check_table(struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;
	size_t end = work_name_end(work, at);

	if (end != at + 1 || token_is_char(patch_at(patch, end), '(') ||
	    is_common_table(work, at))
		return true;
	return work_refuse(work, at, "42601",
			   "All the relation names inside should be qualified "
			   "when creating views with no schema binding.");
}

static bool check_tables(struct work *work, size_t from)
{
	const struct patch *patch = &work->patch;

	for (size_t s = from; s < patch->count; s++) {
		struct shape shape;
		const struct shape_part *part;

		if (!shape_is_select(patch, s))
			continue;
		shape_read(patch, s, &shape);
		part = &shape.parts[SHAPE_FROM];
		for (size_t i = part->body; i < part->to; i++) {
			bool begins =
				i == part->body ||
				patch_match(patch, i - 1, "join") ||
				token_is_char(patch_at(patch, i - 1), ',');

			if (begins && !check_table(work, i))
				return false;
			if (token_is_char(patch_at(patch, i), '(') &&
			    patch->items[i].pair > i)
				i = patch->items[i].pair;
		}
	}
	return true;
}

/* SELECT note_late_view(name, replace, columns, query of PostgreSQL, source) */
static void note_late_view(struct work *work, size_t name, size_t as, size_t to)
{
	struct patch *patch = &work->patch;
	struct str *after = &work->out->after;
	CLEANUP(str_done) struct str query = STR_EMPTY;
	CLEANUP(str_done) struct str columns = STR_EMPTY;
	size_t end = work_name_end(work, name);
	const struct token *last = patch_at(patch, to - 1);
	const struct token *first = patch_at(patch, as + 1);

	patch_render(patch, as + 1, to, &query, NULL);
	str_add(after, "SELECT " REWRITE_SCHEMA ".note_late_view(");
	work_name_literal(work, name, end, after);
	str_addf(after, ", %s, ",
		 patch_match(patch, 1, "or replace") ? "true" : "false");
	if (token_is_char(patch_at(patch, end), '(')) {
		rewrite_name_list(work, end, &columns);
		str_addf(after, "ARRAY[%s], ", columns.text);
	} else {
		str_add(after, "NULL, ");
	}
	quote_literal(after, query.text, false);
	str_add(after, ", ");
	quote_literal_slice(after, first->text,
			    last->at + last->len - first->at, false);
	str_add(after, ");\n");
}

bool rewrite_create_view(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t name = patch_match(patch, 1, "or replace") ? 4 : 2;
	size_t tail = patch->count > 4 ? patch->count - 4 : 0;
	size_t as;

	if (!patch_match(patch, tail, "with no schema binding")) {
		for (size_t i = name; i < patch->count; i++)
			if (patch_match(patch, i, "check option") &&
			    i + 2 == patch->count)
				return work_syntax(work, i);
		str_add(&work->out->after,
			"SELECT " REWRITE_SCHEMA ".bind_late_views();\n");
		return true;
	}
	as = patch_find(patch, name, tail, "as");
	if (as == PATCH_NONE)
		return work_syntax(work, name + 1);
	if (!check_tables(work, as))
		return false;
	note_late_view(work, name, as, tail);
	work_silent(work, "CREATE VIEW");
	return true;
}

/* ---- materialized views */

/* AUTO REFRESH {YES | NO} at; *out_end behind it. */
static bool take_auto_refresh(struct work *work, size_t at, const char **out,
			      size_t *out_end)
{
	struct patch *patch = &work->patch;

	*out_end = at;
	if (!patch_match(patch, at, "auto refresh"))
		return true;
	if (patch_match(patch, at + 2, "yes"))
		*out = "true";
	else if (patch_match(patch, at + 2, "no"))
		*out = "false";
	else
		return work_syntax(work, at + 2);
	*out_end = at + 3;
	patch_drop(patch, at, *out_end);
	return true;
}

static void note_refresh(struct work *work, const char *table,
			 const char *refresh)
{
	str_addf(&work->out->after,
		 "SELECT " REWRITE_SCHEMA ".note_refresh(%s, %s);\n", table,
		 refresh);
}

/* CREATE MATERIALIZED VIEW mv [BACKUP ..] [keys] [AUTO REFRESH ..] AS query:
 * the clauses stand in any order. */
static bool create_matview(struct work *work, struct rewrite_keys *keys)
{
	size_t end = work_name_end(work, 3);
	const char *refresh = NULL;
	size_t before;

	if (end == 3)
		return work_syntax(work, 3);
	work_name_literal(work, 3, end, &keys->table);
	do {
		before = end;
		if (!rewrite_attributes(work, keys, end, &end) ||
		    !take_auto_refresh(work, end, &refresh, &end))
			return false;
	} while (end > before);
	if (!patch_match(&work->patch, end, "as"))
		return work_syntax(work, end);
	rewrite_note_keys(work, keys);
	if (refresh != NULL)
		note_refresh(work, keys->table.text, refresh);
	return true;
}

bool rewrite_create_matview(struct work *work)
{
	struct rewrite_keys keys = REWRITE_KEYS_EMPTY;
	bool fine = create_matview(work, &keys);

	rewrite_keys_done(&keys);
	return fine;
}

static bool alter_matview(struct work *work, struct rewrite_keys *keys)
{
	struct patch *patch = &work->patch;
	size_t at = work_name_end(work, 3);
	const char *refresh = NULL;
	size_t end;

	if (at == 3)
		return work_syntax(work, 3);
	work_name_literal(work, 3, at, &keys->table);
	if (patch_match(patch, at, "row level security"))
		return work_lacks(work, at,
				  "row-level security of materialized views");
	str_addf(&work->out->after,
		 "SELECT " REWRITE_SCHEMA ".require_matview(%s);\n",
		 keys->table.text);
	if (patch_match(patch, at, "alter")) {
		if (!rewrite_alter_keys(work, keys, at))
			return false;
		work->out->tag = "ALTER MATERIALIZED VIEW";
		return true;
	}
	if (!take_auto_refresh(work, at, &refresh, &end))
		return false;
	if (refresh == NULL || end < patch->count)
		return work_syntax(work, end);
	note_refresh(work, keys->table.text, refresh);
	work_silent(work, "ALTER MATERIALIZED VIEW");
	return true;
}

bool rewrite_alter_matview(struct work *work)
{
	struct rewrite_keys keys = REWRITE_KEYS_EMPTY;
	bool fine = alter_matview(work, &keys);

	rewrite_keys_done(&keys);
	return fine;
}

/* CASCADE refreshes the materialized views it is made of first. */
bool rewrite_refresh_matview(struct work *work)
{
	struct str *after = &work->out->after;
	size_t end = work_name_end(work, 3);

	str_add(after, "SELECT " REWRITE_SCHEMA ".refresh_matview(");
	work_name_literal(work, 3, end, after);
	str_addf(after, ", %s);\n",
		 patch_match(&work->patch, end, "cascade") ? "true" : "false");
	work_silent(work, "REFRESH MATERIALIZED VIEW");
	return true;
}
