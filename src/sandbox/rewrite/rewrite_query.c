#include "sandbox/rewrite/rewrite_query.h"

#include <string.h>

#include "base/vec.h"
#include "sql/quote.h"

/* More than any text by hand; what a generator makes beyond is refused. */
#define ROUNDS_MAX 500

/* ---- drafts */

void draft_done(struct draft *draft)
{
	str_done(&draft->sql);
	vec_done(&draft->spans);
}

void draft_add(struct draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	str_addv(&draft->sql, fmt, args);
	va_end(args);
}

void draft_name(struct draft *draft, const char *name)
{
	quote_name_always(&draft->sql, name, strlen(name));
}

void draft_range(struct draft *draft, const struct patch *patch, size_t from,
		 size_t to)
{
	if (from >= to)
		return;
	if (draft->sql.len > 0)
		str_add_char(&draft->sql, ' ');
	patch_render(patch, from, to, &draft->sql, &draft->spans);
}

size_t draft_origin(const struct patch_spans *spans, size_t at)
{
	size_t from = 0;
	size_t to = spans->count;

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (spans->items[middle].to <= at)
			from = middle + 1;
		else
			to = middle;
	}
	return from > 0 ? spans->items[from - 1].from : 0;
}

/* Appends a draft of the same patch. */
static void append(struct draft *draft, const struct draft *piece)
{
	for (size_t i = 0; i < piece->spans.count; i++) {
		struct patch_span span = piece->spans.items[i];

		span.to += draft->sql.len;
		vec_push(&draft->spans, span);
	}
	str_add_slice(&draft->sql, piece->sql.text, piece->sql.len);
}

/* ---- what the rules share */

bool query_lacks(struct query *query, size_t at, const char *what)
{
	return work_refuse(query->work, at, "SB001", "the sandbox has no %s",
			   what);
}

/* Does the WITH at w hold the SELECT at s in its reach? Its list ends where
 * *out_to stands: before the common table that s is in. */
static bool reaches(const struct patch *patch, size_t w, size_t s,
		    size_t *out_from, size_t *out_to)
{
	size_t i = w + 1;

	if (!patch_match(patch, w, "with"))
		return false;
	if (patch_match(patch, i, "recursive"))
		i++;
	*out_from = *out_to = i;
	while (shape_is_name(patch_at(patch, i))) {
		size_t open = i + 1;

		if (token_is_char(patch_at(patch, open), '('))
			open = patch->items[open].pair + 1;
		if (!patch_match(patch, open, "as") ||
		    !token_is_char(patch_at(patch, open + 1), '('))
			return false;
		i = patch->items[open + 1].pair + 1;
		if (i > s)
			return *out_to > *out_from;
		*out_to = i;
		if (!token_is_char(patch_at(patch, i), ','))
			break;
		i++;
	}
	/* the query behind the list ends with the parentheses around WITH */
	for (i = *out_to; i <= s && i < patch->count; i++)
		if (patch->items[i].depth < patch->items[w].depth ||
		    (token_is_char(patch_at(patch, i), ')') &&
		     patch->items[i].pair < w))
			return false;
	return *out_to > *out_from;
}

void query_add_with(const struct query *query, struct draft *out)
{
	const struct patch *patch = &query->work->patch;
	bool any = false;

	for (size_t w = 0; w < query->shape.select; w++) {
		size_t from;
		size_t to;

		if (!reaches(patch, w, query->shape.select, &from, &to))
			continue;
		/* RECURSIVE only lets a table name itself */
		draft_add(out, any ? "," : "WITH RECURSIVE");
		draft_range(out, patch, from, to);
		any = true;
	}
	if (any)
		draft_add(out, " ");
}

bool query_columns(struct query *query, const struct draft *draft,
		   struct rewrite_columns *out)
{
	struct work *work = query->work;
	const struct rewrite_ask *ask = &work->input->ask;
	struct rewrite_input input = *work->input;
	struct rewrite_result result = REWRITE_RESULT_EMPTY;
	size_t position = 0;
	bool ok;

	if (ask->context == NULL)
		return query_lacks(query, query->shape.select,
				   "way to know the columns of this query "
				   "here: name them");
	input.sql = draft->sql.text;
	input.len = draft->sql.len;
	ok = rewrite_statement(work->rules, &input, &result, work->err);
	if (!ok) {
		work->out->refused_at =
			result.refused_at == PATCH_NONE
				? PATCH_NONE
				: draft_origin(&draft->spans,
					       result.refused_at);
	} else {
		ok = ask->columns(ask->context, result.sql.text, out, &position,
				  work->err);
		if (!ok && position > 0)
			position = rewrite_offset(&result, position);
		work->out->refused_at =
			!ok && position > 0
				? draft_origin(&draft->spans, position)
				: PATCH_NONE;
	}
	rewrite_result_done(&result);
	return ok;
}

/* ---- the rounds */

static query_rule *const rules[] = { query_pivot,   query_connect,
				     query_exclude, query_lateral,
				     query_where,   query_group_all,
				     query_qualify };

/* The first rule that changes the SELECT. */
static bool try_rules(struct query *query, bool *out_did)
{
	for (size_t r = 0; r < COUNT_OF(rules); r++) {
		if (!rules[r](query, out_did))
			return false;
		if (*out_did)
			return true;
		draft_done(query->draft);
		*query->draft = (struct draft)DRAFT_EMPTY;
	}
	return true;
}

/* The last SELECT that a rule changes: inner ones stand behind outer ones. */
static bool step(struct work *work, struct draft *out, bool *out_did)
{
	const struct patch *patch = &work->patch;
	struct draft piece = DRAFT_EMPTY;
	struct query query = { .work = work, .draft = &piece };
	bool ok = true;

	for (size_t i = patch->count; ok && !*out_did && i-- > 0;) {
		if (!shape_is_select(patch, i))
			continue;
		shape_read(patch, i, &query.shape);
		ok = try_rules(&query, out_did);
	}
	if (ok && *out_did) {
		draft_range(out, patch, 0, query.shape.select);
		draft_add(out, " ");
		append(out, &piece);
		draft_range(out, patch, query.shape.end, patch->count);
	}
	draft_done(&piece);
	return ok;
}

/* next's spans lead to before's text; now to the first text. */
static void compose(struct draft *next, const struct draft *before)
{
	for (size_t i = 0; i < next->spans.count; i++)
		next->spans.items[i].from =
			draft_origin(&before->spans, next->spans.items[i].from);
}

static bool has_select(const struct patch *patch)
{
	for (size_t i = 0; i < patch->count; i++)
		if (shape_is_select(patch, i))
			return true;
	return false;
}

static bool run_rounds(struct work *work, struct work *round, struct draft *out,
		       bool *out_changed)
{
	for (int i = 0; i < ROUNDS_MAX; i++) {
		struct draft next = DRAFT_EMPTY;
		bool did = false;

		if (!step(round, &next, &did)) {
			draft_done(&next);
			if (*out_changed && work->out->refused_at != PATCH_NONE)
				work->out->refused_at = draft_origin(
					&out->spans, work->out->refused_at);
			return false;
		}
		if (!did) {
			draft_done(&next);
			return true;
		}
		if (*out_changed) {
			compose(&next, out);
			patch_done(&round->patch);
		}
		draft_done(out);
		*out = next;
		*out_changed = true;
		patch_init(&round->patch, out->sql.text, out->sql.len);
	}
	return work_refuse(work, PATCH_NONE, "54001",
			   "the query has too many clauses for the sandbox");
}

bool rewrite_query(struct work *work, struct draft *out, bool *out_changed)
{
	struct work round = *work;
	bool ok;

	*out_changed = false;
	if (!work->patch.balanced || !has_select(&work->patch))
		return true;
	ok = run_rounds(work, &round, out, out_changed);
	if (*out_changed)
		patch_done(&round.patch);
	return ok;
}
