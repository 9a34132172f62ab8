/* sandbox/rewrite/rewrite_merge.c - MERGE and ALTER TABLE APPEND.
 *
 * Redshift keeps one of several target rows that match the same source row
 * [r_MERGE, usage notes]; PostgreSQL changes all of them, so the surplus is
 * deleted first. A target row that several source rows match is an error in
 * both. */
#include <string.h>

#include "sandbox/rewrite/rewrite_shape.h"
#include "sandbox/rewrite/rewrite_work.h"

struct merge {
	size_t target; /* MERGE INTO [target, target_end) */
	size_t target_end;
	size_t source; /* USING [source, source_end) [alias] */
	size_t source_end;
	size_t alias; /* its name in the statement */
	size_t on;    /* ON [on + 1, when) */
	size_t when;  /* WHEN or REMOVE */
	struct str condition;
};

static bool read_merge(struct work *work, struct merge *merge)
{
	const struct patch *patch = &work->patch;
	size_t at;

	if (!patch_match(patch, 1, "into"))
		return work_syntax(work, 1);
	merge->target = 2;
	merge->target_end = at = work_name_end(work, 2);
	if (at == 2 || !patch_match(patch, at, "using"))
		return work_syntax(work, at);
	merge->source = at + 1;
	merge->source_end = at = work_name_end(work, at + 1);
	if (at == merge->source)
		return work_syntax(work, at);
	merge->alias = at - 1;
	if (patch_match(patch, at, "as"))
		at++;
	if (!patch_match(patch, at, "on")) {
		if (!shape_is_name(patch_at(patch, at)))
			return work_syntax(work, at);
		merge->alias = at++;
	}
	if (!patch_match(patch, at, "on"))
		return work_syntax(work, at);
	merge->on = at;
	while (at < patch->count && !patch_match(patch, at, "when matched") &&
	       !patch_match(patch, at, "when not matched") &&
	       !patch_match(patch, at, "remove duplicates"))
		at++;
	merge->when = at;
	if (at == merge->on + 1 || at == patch->count)
		return work_syntax(work, at);
	patch_render(patch, merge->on + 1, at, &merge->condition, NULL);
	return true;
}

/* WHEN MATCHED THEN {UPDATE SET .. | DELETE} WHEN NOT MATCHED THEN INSERT:
 * both, in this order. */
static bool check_actions(struct work *work, const struct merge *merge)
{
	const struct patch *patch = &work->patch;
	size_t at = merge->when;
	size_t other;

	if (!patch_match(patch, at, "when matched then"))
		return work_syntax(work, at + 1);
	if (!patch_match(patch, at + 3, "update set") &&
	    !patch_match(patch, at + 3, "delete"))
		return work_syntax(work, at + 3);
	for (other = at + 4; other < patch->count; other++) {
		if (token_is_char(patch_at(patch, other), '(') &&
		    patch->items[other].pair > other)
			other = patch->items[other].pair;
		else if (patch_match(patch, other, "when matched") ||
			 patch_match(patch, other, "when not matched"))
			break;
	}
	if (!patch_match(patch, other, "when not matched then insert"))
		return work_syntax(work, other >= patch->count ? patch->count
							       : other + 1);
	for (size_t i = other + 5; i < patch->count; i++)
		if (patch_match(patch, i, "when matched") ||
		    patch_match(patch, i, "when not matched"))
			return work_syntax(work, i);
	return true;
}

static void add_tables(const struct work *work, const struct merge *merge,
		       struct str *out)
{
	const struct patch *patch = &work->patch;

	patch_render(patch, merge->target, merge->target_end, out, NULL);
	str_add(out, " JOIN ");
	patch_render(patch, merge->source, merge->source_end, out, NULL);
	str_add(out, " AS ");
	patch_render(patch, merge->alias, merge->alias + 1, out, NULL);
	str_addf(out, " ON %s", merge->condition.text);
}

/* DELETE of all but the first target row of each source row. */
static void delete_surplus(struct work *work, const struct merge *merge)
{
	const struct patch *patch = &work->patch;
	struct str *before = &work->out->before;
	CLEANUP(str_done) struct str target = STR_EMPTY;
	CLEANUP(str_done) struct str source = STR_EMPTY;

	patch_render(patch, merge->target_end - 1, merge->target_end, &target,
		     NULL);
	patch_render(patch, merge->alias, merge->alias + 1, &source, NULL);
	str_add(before, "DELETE FROM ");
	patch_render(patch, merge->target, merge->target_end, before, NULL);
	str_addf(before,
		 " WHERE ctid IN (SELECT redsh_at FROM (SELECT %s.ctid AS "
		 "redsh_at, row_number() OVER (PARTITION BY %s.ctid ORDER BY "
		 "%s.ctid) AS redsh_n FROM ",
		 target.text, source.text, target.text);
	add_tables(work, merge, before);
	str_add(before, ") AS redsh_match WHERE redsh_n > 1);\n");
}

/* REMOVE DUPLICATES: matched rows take all values of their source row, the
 * rest of the source is inserted. With a target row matched twice refused,
 * that is to delete what matches and insert the source. */
static void remove_duplicates(struct work *work, const struct merge *merge)
{
	struct patch *patch = &work->patch;
	struct str *before = &work->out->before;
	CLEANUP(str_done) struct str target = STR_EMPTY;
	CLEANUP(str_done) struct str source = STR_EMPTY;
	CLEANUP(str_done) struct str target_table = STR_EMPTY;

	patch_render(patch, merge->target_end - 1, merge->target_end, &target,
		     NULL);
	patch_render(patch, merge->target, merge->target_end, &target_table,
		     NULL);
	patch_render(patch, merge->source, merge->source_end, &source, NULL);
	str_addf(before,
		 "SELECT " REWRITE_SCHEMA ".check_matches(n) FROM (SELECT "
		 "max(redsh_n) AS n FROM (SELECT count(*) AS redsh_n FROM ");
	add_tables(work, merge, before);
	str_addf(before,
		 " GROUP BY %s.ctid) AS redsh_match) AS redsh_most;\n"
		 "DELETE FROM %s WHERE ctid IN (SELECT %s.ctid FROM ",
		 target.text, target_table.text, target.text);
	add_tables(work, merge, before);
	str_add(before, ");\n");
	patch_drop(patch, 0, patch->count);
	patch_replace(patch, 0, "INSERT INTO %s SELECT * FROM %s",
		      target_table.text, source.text);
	work->out->tag = "MERGE";
}

static void check_tables(struct work *work, const struct merge *merge)
{
	struct str *before = &work->out->before;

	str_add(before, "SELECT " REWRITE_SCHEMA ".check_merge(");
	work_name_literal(work, merge->target, merge->target_end, before);
	str_add(before, ", ");
	work_name_literal(work, merge->source, merge->source_end, before);
	str_add(before, ");\n");
}

static bool merge_rule(struct work *work, struct merge *merge)
{
	if (!read_merge(work, merge))
		return false;
	check_tables(work, merge);
	if (patch_match(&work->patch, merge->when, "remove duplicates")) {
		if (merge->when + 2 < work->patch.count)
			return work_syntax(work, merge->when + 2);
		remove_duplicates(work, merge);
		return true;
	}
	if (!check_actions(work, merge))
		return false;
	delete_surplus(work, merge);
	return true;
}

bool rewrite_merge(struct work *work)
{
	struct merge merge = { .condition = STR_EMPTY };
	bool fine = merge_rule(work, &merge);

	str_done(&merge.condition);
	return fine;
}

bool rewrite_append(struct work *work)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;
	size_t end = work_name_end(work, 2);
	size_t source_end = work_name_end(work, end + 2);

	str_add(after, "SELECT " REWRITE_SCHEMA ".append_table(");
	work_name_literal(work, 2, end, after);
	str_add(after, ", ");
	work_name_literal(work, end + 2, source_end, after);
	str_addf(after, ", %s, %s);\n",
		 patch_match(patch, source_end, "ignoreextra") ? "true"
							       : "false",
		 patch_match(patch, source_end, "filltarget") ? "true"
							      : "false");
	work_silent(work, "ALTER TABLE APPEND");
	return true;
}
