/* sandbox/rewrite/rewrite_call_window.c - aggregates in an order of their own,
 * windows.
 *
 * PostgreSQL has no WITHIN GROUP over a window, no DISTINCT there and no
 * IGNORE NULLS: such a call collects its values in an array, over the same
 * window, and a function of ours takes from it. */
#include <string.h>

#include "sandbox/rewrite/rewrite_call.h"

/* What may stand behind the brackets of a call. */
struct behind {
	size_t end;   /* behind all of it */
	size_t close; /* where OVER begins, else end */
	size_t over;  /* '(' of OVER (...), 0: none */
	bool ignore;  /* IGNORE NULLS */
	bool falling; /* the one order ends in DESC */
	struct patch_range order; /* expressions of WITHIN GROUP, or empty */
};

static bool skip_nulls(const struct patch *patch, size_t *at, bool *ignore)
{
	if (patch_match(patch, *at, "ignore nulls"))
		*ignore = true;
	else if (!patch_match(patch, *at, "respect nulls"))
		return false;
	*at += 2;
	return true;
}

static struct behind read_behind(const struct work *work,
				 const struct call *call)
{
	const struct patch *patch = &work->patch;
	struct behind out = { 0 };
	size_t at = call->close + 1;

	if (patch_match(patch, at, "within group (")) {
		size_t open = at + 2;
		size_t close = patch->items[open].pair;

		if (patch_match(patch, open + 1, "order by"))
			out.order = (struct patch_range){ open + 3, close };
		at = close + 1;
	}
	skip_nulls(patch, &at, &out.ignore);
	out.close = at;
	if (patch_match(patch, at, "over (")) {
		out.over = at + 1;
		at = patch->items[at + 1].pair + 1;
	}
	out.end = at;
	return out;
}

/* One expression with a direction: the direction is cut off. */
static bool read_direction(const struct work *work, struct behind *behind)
{
	const struct patch *patch = &work->patch;
	struct patch_range *order = &behind->order;
	size_t last = order->to - 1;

	if (order->to <= order->from ||
	    patch_find(patch, order->from, order->to, ",") != PATCH_NONE)
		return false;
	if (patch_match(patch, last, "desc") || patch_match(patch, last, "asc")) {
		behind->falling = patch_match(patch, last, "desc") > 0;
		order->to = last;
	}
	return order->to > order->from;
}

/* name(array_agg(x) OVER (...), and the call and all behind it is gone. */
static void collect(struct work *work, const struct call *call,
		    const struct behind *behind, struct patch_range value,
		    const char *name, const char *rest)
{
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str x = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	patch_render(patch, value.from, value.to, &x, NULL);
	str_addf(&text, REWRITE_SCHEMA ".%s(pg_catalog.array_agg(%s)", name,
		 x.text);
	if (behind->ignore)
		str_addf(&text, " FILTER (WHERE (%s) IS NOT NULL)", x.text);
	if (behind->over > 0) {
		str_add_char(&text, ' ');
		patch_render(patch, behind->close, behind->end, &text, NULL);
	}
	str_add(&text, rest);
	str_add_char(&text, ')');
	patch_drop(patch, call->at + 1, behind->end);
	patch_replace(patch, call->at, "%s", text.text);
}

static bool refuse_frameless(struct work *work, const struct call *call,
			     const struct behind *behind)
{
	const struct patch *patch = &work->patch;
	size_t close = behind->over > 0 ? patch->items[behind->over].pair : 0;

	if (close == 0 ||
	    patch_find(patch, behind->over + 1, close, "order") == PATCH_NONE ||
	    patch_find(patch, behind->over + 1, close, "rows") != PATCH_NONE)
		return true;
	return work_refuse(work, call->at, "0A000",
			   "Aggregate window functions with an ORDER BY clause "
			   "require a frame clause");
}

/* SUM, COUNT and the like; "own" stands in functions.tsv behind a colon. */
bool call_aggregate(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);

	if (!refuse_frameless(work, call, &behind))
		return false;
	if (strcmp(call->how, "aggregate:own") == 0)
		call_use_own(work, call);
	return true;
}

/* DISTINCT over a window: sorted by itself, as it must be in one. */
static bool listagg_distinct(struct work *work, const struct call *call,
			     struct behind *behind)
{
	struct patch *patch = &work->patch;
	struct patch_range value = { call->args[0].from + 1, call->args[0].to };
	CLEANUP(str_done) struct str rest = STR_EMPTY;
	CLEANUP(str_done) struct str x = STR_EMPTY;
	CLEANUP(str_done) struct str order = STR_EMPTY;

	if (behind->order.to > 0) {
		read_direction(work, behind);
		patch_render(patch, behind->order.from, behind->order.to,
			     &order, NULL);
		patch_render(patch, value.from, value.to, &x, NULL);
		if (!str_equal_nocase(order.text, x.text))
			return work_refuse(work, call->at, "SB001",
					   "the sandbox has no LISTAGG of "
					   "DISTINCT values over a window in "
					   "the order of others");
	}
	str_add(&rest, ", ");
	if (call->count > 1)
		patch_render(patch, call->args[1].from, call->args[1].to, &rest,
			     NULL);
	else
		str_add(&rest, "''");
	str_add(&rest, behind->falling ? ", true" : ", false");
	collect(work, call, behind, value, "listagg", rest.text);
	return true;
}

/* A function of ours looks at the length. PostgreSQL's aggregate is faster
 * than ours, which knows DISTINCT of what is no text. */
static void use_aggregate(struct work *work, const struct call *call,
			  const struct behind *behind, bool distinct)
{
	struct patch *patch = &work->patch;
	size_t from = call->args[0].from;

	if (patch_match(patch, from, "all"))
		patch_drop(patch, from, from + 1);
	patch_replace(patch, call->at, REWRITE_SCHEMA ".listagg(%s",
		      distinct ? REWRITE_SCHEMA ".listagg_of"
			       : "pg_catalog.string_agg");
	if (!distinct) {
		patch_after(patch, call->open, "(");
		patch_after(patch, call->args[0].to - 1,
			    call->count > 1 ? ")::text" : ")::text, ''");
	}
	patch_after(patch, behind->over > 0 ? behind->end - 1 : call->close,
		    ")");
}

/* listagg(x, ',') within group (order by y): PostgreSQL takes the order as
 * part of the arguments, or as part of the window. */
bool call_listagg(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str order = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (call->count < 1 || call->count > 2)
		return work_syntax(work, call->close);
	if (behind.over > 0 && patch_match(patch, call->open + 1, "distinct"))
		return listagg_distinct(work, call, &behind);
	patch_render(patch, behind.order.from, behind.order.to, &order, NULL);
	use_aggregate(work, call, &behind,
		      patch_match(patch, call->open + 1, "distinct") > 0);
	patch_drop(patch, call->close + 1, behind.close);
	if (order.len > 0 && behind.over > 0) {
		str_addf(&text,
			 " ORDER BY %s ROWS BETWEEN UNBOUNDED PRECEDING AND "
			 "UNBOUNDED FOLLOWING",
			 order.text);
		patch_before(patch, patch->items[behind.over].pair, text.text);
	} else if (order.len > 0) {
		str_addf(&text, " ORDER BY %s", order.text);
		patch_before(patch, call->close, text.text);
	}
	return true;
}

/* percentile_cont(p) within group (order by x) */
bool call_percentile(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);
	CLEANUP(str_done) struct str rest = STR_EMPTY;

	if (call->count != 1 || !read_direction(work, &behind))
		return work_syntax(work, call->close + 1);
	str_add(&rest, ", ");
	patch_render(&work->patch, call->args[0].from, call->args[0].to, &rest,
		     NULL);
	str_add(&rest, behind.falling ? ", true" : ", false");
	collect(work, call, &behind, behind.order, call->name, rest.text);
	return true;
}

bool call_median(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);

	if (call->count != 1)
		return work_syntax(work, call->close);
	collect(work, call, &behind, call->args[0], "median", "");
	return true;
}

/* HLL aggregates get the hashes of their values, or the sketches. */
bool call_hll(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);
	CLEANUP(str_done) struct str x = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (call->count != 1)
		return work_syntax(work, call->close);
	if (behind.end > call->close + 1)
		return work_syntax(work, call->close + 1);
	if (strcmp(call->how, "hll_sketches") == 0) {
		collect(work, call, &behind, call->args[0], call->name, "");
		return true;
	}
	patch_render(&work->patch, call->args[0].from, call->args[0].to, &x,
		     NULL);
	str_addf(&text,
		 "pg_catalog.array_agg(pg_catalog.hashtextextended((%s)::text,"
		 " 0))",
		 x.text);
	patch_drop(&work->patch, call->open + 1, call->close);
	patch_before(&work->patch, call->close, text.text);
	call_use_own(work, call);
	return true;
}

/* ratio_to_report(x) over (w) is x / sum(x) over (w). */
bool call_ratio(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (behind.over == 0)
		return work_refuse(work, call->at, "42809",
				   "RATIO_TO_REPORT needs an OVER clause");
	str_add(&text, ", pg_catalog.sum(");
	patch_render(patch, call->open + 1, call->close, &text, NULL);
	str_add(&text, ") ");
	patch_render(patch, call->close + 1, behind.end, &text, NULL);
	patch_drop(patch, call->close + 1, behind.end);
	patch_before(patch, call->close, text.text);
	call_use_own(work, call);
	return true;
}

/* Rows before or behind this one, for LAG and LEAD. */
static void add_frame(struct work *work, const struct call *call,
		      const struct behind *behind)
{
	size_t close = work->patch.items[behind->over].pair;

	if (strcmp(call->name, "lag") == 0)
		patch_before(&work->patch, close,
			     " ROWS BETWEEN UNBOUNDED PRECEDING AND "
			     "1 PRECEDING");
	else if (strcmp(call->name, "lead") == 0)
		patch_before(&work->patch, close,
			     " ROWS BETWEEN 1 FOLLOWING AND "
			     "UNBOUNDED FOLLOWING");
}

/* FIRST_VALUE, LAST_VALUE, NTH_VALUE, LAG, LEAD; NULLS may stand inside the
 * brackets of the first two. */
bool call_nulls(struct work *work, const struct call *call)
{
	struct behind behind = read_behind(work, call);
	struct patch *patch = &work->patch;
	struct patch_range value = { call->open + 1, call->close };
	size_t inside = patch_find(patch, value.from, call->close, "nulls");
	bool shifts = call->name[0] == 'l' && strcmp(call->name, "last_value");
	CLEANUP(str_done) struct str rest = STR_EMPTY;

	if (shifts && call->count > 2)
		return work_refuse(work, call->args[2].from, "0A000",
				   "Default parameter not be supported for "
				   "window function %s",
				   call->name);
	if (call->count > 0)
		value = call->args[0];
	if (inside != PATCH_NONE && inside == value.to - 1) {
		size_t at = inside - 1;

		if (!skip_nulls(patch, &at, &behind.ignore))
			return work_syntax(work, inside);
		value.to = inside - 1;
		patch_drop(patch, inside - 1, inside + 1);
	}
	if (!shifts && !refuse_frameless(work, call, &behind))
		return false;
	if (behind.over == 0 || !behind.ignore) {
		patch_drop(patch, call->close + 1, behind.close);
		return true;
	}
	add_frame(work, call, &behind);
	str_add(&rest, ", ");
	if (call->count > 1)
		patch_render(patch, call->args[1].from, call->args[1].to, &rest,
			     NULL);
	else
		str_add(&rest, "1");
	collect(work, call, &behind, value, call->name, rest.text);
	return true;
}
