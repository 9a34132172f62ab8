/* sandbox/rewrite/rewrite_call_super.c - calls that take values of any type as
 * SUPER. */
#include <string.h>

#include "sandbox/rewrite/rewrite_call.h"

static void make_super(struct work *work, struct patch_range range)
{
	patch_before(&work->patch, range.from, REWRITE_SCHEMA ".super_of(");
	patch_after(&work->patch, range.to - 1, ")");
}

bool call_super(struct work *work, const struct call *call)
{
	size_t count = call->count;

	if (strcmp(call->how, "super2") == 0 && count > 2)
		count = 2;
	for (size_t i = 0; i < count && i < CALL_ARGUMENTS; i++)
		make_super(work, call->args[i]);
	call_use_own(work, call);
	return true;
}

/* A list of expressions from at on as far as end (a word or the bracket);
 * each is called with its number. */
static bool add_paths(struct work *work, size_t from, size_t to, bool pairs)
{
	struct patch *patch = &work->patch;
	size_t start = from;
	size_t number = 0;

	while (start < to) {
		struct patch_range range = { start, start };
		size_t comma = patch_find(patch, start, to, ",");

		range.to = comma == PATCH_NONE ? to : comma;
		if (range.to == range.from)
			return work_syntax(work, range.from);
		if (!pairs || number % 2 == 0) {
			if (patch_at(patch, range.from)->kind != TOKEN_LITERAL)
				return work_syntax(work, range.from);
		} else {
			make_super(work, range);
		}
		number++;
		start = range.to + 1;
	}
	return number > 0 && (!pairs || number % 2 == 0) ? true
							 : work_syntax(work, to);
}

/* Literals and values of SET stand in turn; PostgreSQL gets two arrays. */
static void split_pairs(struct work *work, size_t from, size_t to)
{
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str paths = STR_EMPTY;
	CLEANUP(str_done) struct str values = STR_EMPTY;
	size_t start = from;
	bool path = true;

	while (start < to) {
		size_t comma = patch_find(patch, start, to, ",");
		size_t end = comma == PATCH_NONE ? to : comma;
		struct str *list = path ? &paths : &values;

		if (list->len > 0)
			str_add(list, ", ");
		patch_render(patch, start, end, list, NULL);
		path = !path;
		start = end + 1;
	}
	str_add(&paths, "], ARRAY[");
	str_add(&paths, values.text);
	patch_drop(patch, from + 1, to);
	patch_replace(patch, from, "%s", paths.text);
}

/* object_transform(x keep 'p', ... set 'p', v, ...) */
bool call_object_transform(struct work *work, const struct call *call)
{
	struct patch *patch = &work->patch;
	size_t keep = patch_find(patch, call->open + 1, call->close, "keep");
	size_t set = patch_find(patch, call->open + 1, call->close, "set");
	size_t end = set == PATCH_NONE ? call->close : set;

	if ((keep != PATCH_NONE && set != PATCH_NONE && set < keep) ||
	    (keep == PATCH_NONE && set == PATCH_NONE && call->count != 1))
		return work_syntax(work, call->open + 1);
	if (keep != PATCH_NONE) {
		if (!add_paths(work, keep + 1, end, false))
			return false;
		patch_replace(patch, keep, ", ARRAY[");
		patch_after(patch, end - 1, "]");
	} else {
		patch_after(patch, end - 1, ", NULL");
	}
	if (set != PATCH_NONE) {
		if (!add_paths(work, set + 1, call->close, true))
			return false;
		patch_replace(patch, set, ", ARRAY[");
		split_pairs(work, set + 1, call->close);
		patch_before(patch, call->close, "]");
	} else {
		patch_before(patch, call->close, ", NULL, NULL");
	}
	call_use_own(work, call);
	return true;
}
