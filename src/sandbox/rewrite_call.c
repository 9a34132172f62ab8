/* sandbox/rewrite_call.c - function calls, by functions.tsv.
 *
 * Innermost first; the forms that PostgreSQL's grammar lacks each have a rule
 * here. */
#include <string.h>

#include "sandbox/rewrite_work.h"
#include "sql/quote.h"

enum {
	MAX_ARGUMENTS = 512 /* of DECODE; others have few */
};

struct call {
	size_t at; /* of the name */
	size_t open;
	size_t close;
	const char *name; /* lower case */
	struct patch_range args[MAX_ARGUMENTS];
	size_t count;
};

typedef bool call_rule(struct work *work, const struct call *call);

static void use_own(struct work *work, const struct call *call)
{
	patch_replace(&work->patch, call->at, REWRITE_SCHEMA ".%s", call->name);
}

static bool call_same(struct work *work, const struct call *call)
{
	(void)work;
	(void)call;
	return true;
}

static bool call_own(struct work *work, const struct call *call)
{
	use_own(work, call);
	return true;
}

static bool call_later(struct work *work, const struct call *call)
{
	return work_later(work, call->at, "function");
}

/* A date part may be a bare word: dateadd(month, 1, d). */
static bool call_part(struct work *work, const struct call *call)
{
	const struct token *part = patch_at(&work->patch, call->open + 1);
	bool single =
		call->count > 0 && call->args[0].to == call->args[0].from + 1;

	if (single && (part->kind == TOKEN_WORD || part->kind == TOKEN_NAME)) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str literal = STR_EMPTY;

		work_name(work, call->open + 1, &name);
		quote_literal(&literal, name.text, false);
		patch_replace(&work->patch, call->open + 1, "%s", literal.text);
	}
	use_own(work, call);
	return true;
}

static bool call_coalesce(struct work *work, const struct call *call)
{
	patch_replace(&work->patch, call->at, "coalesce");
	return true;
}

static bool call_nvl2(struct work *work, const struct call *call)
{
	if (call->count != 3)
		return work_refuse(work, call->at, "42601",
				   "NVL2 takes three arguments");
	patch_replace(&work->patch, call->at, "CASE WHEN ");
	patch_replace(&work->patch, call->args[0].to, ") IS NOT NULL THEN (");
	patch_replace(&work->patch, call->args[1].to, ") ELSE (");
	patch_after(&work->patch, call->close, " END");
	return true;
}

static bool is_constant(const struct work *work, struct patch_range range)
{
	enum token_kind kind = patch_at(&work->patch, range.from)->kind;

	return range.to == range.from + 1 &&
	       (kind == TOKEN_LITERAL || kind == TOKEN_NUMBER);
}

/* A NULL search matches a NULL value, so = will not do unless all searches
 * are constants. */
static bool call_decode(struct work *work, const struct call *call)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	bool constant = true;

	if (call->count < 3 || call->count > MAX_ARGUMENTS)
		return work_refuse(work, call->at, "42601",
				   "DECODE takes an expression and pairs of "
				   "search and result");
	for (size_t i = 1; i + 1 < call->count; i += 2)
		constant = constant && is_constant(work, call->args[i]);
	patch_render(&work->patch, call->args[0].from, call->args[0].to, &value,
		     NULL);
	if (value.len > 4096)
		constant = true;
	patch_replace(&work->patch, call->at,
		      constant ? "CASE " : "CASE WHEN ");
	for (size_t i = 1; i < call->count; i++) {
		size_t comma = call->args[i].from - 1;
		bool last = i + 1 == call->count;

		if (i % 2 == 0)
			patch_replace(&work->patch, comma, ") THEN (");
		else if (last)
			patch_replace(&work->patch, comma, ") ELSE (");
		else if (constant)
			patch_replace(&work->patch, comma, ") WHEN (");
		else if (i == 1)
			patch_replace(&work->patch, comma,
				      ") IS NOT DISTINCT FROM (");
		else
			patch_replace(&work->patch, comma,
				      ") WHEN (%s) IS NOT DISTINCT FROM (",
				      value.text);
	}
	patch_after(&work->patch, call->close, " END");
	return true;
}

/* WITHIN GROUP (ORDER BY ...) behind a call. */
struct within {
	size_t end;       /* behind it; the call's end when there is none */
	size_t over;      /* '(' of OVER (...), 0: none */
	struct str order; /* ORDER BY ..., "" */
};

static void read_within(const struct work *work, const struct call *call,
			struct within *out)
{
	const struct patch *patch = &work->patch;
	size_t at = call->close + 1;

	if (patch_match(patch, at, "within group (")) {
		size_t open = at + 2;

		patch_render(patch, open + 1, patch->items[open].pair,
			     &out->order, NULL);
		at = patch->items[open].pair + 1;
	}
	out->end = at;
	if (patch_match(patch, at, "over ("))
		out->over = at + 1;
}

/* listagg(x, ',') within group (order by y): PostgreSQL takes the order as
 * part of the arguments, or as part of the window. */
static bool call_listagg(struct work *work, const struct call *call)
{
	struct within within = { .order = STR_EMPTY };
	struct patch *patch = &work->patch;
	struct str text = STR_EMPTY;

	read_within(work, call, &within);
	use_own(work, call);
	patch_drop(patch, call->close + 1, within.end);
	if (within.order.len > 0 && within.over > 0) {
		str_addf(&text,
			 " %s ROWS BETWEEN UNBOUNDED PRECEDING AND "
			 "UNBOUNDED FOLLOWING",
			 within.order.text);
		patch_before(patch, patch->items[within.over].pair, text.text);
	} else if (within.order.len > 0) {
		str_addf(&text, " %s", within.order.text);
		patch_before(patch, call->close, text.text);
	}
	str_done(&text);
	str_done(&within.order);
	return true;
}

/* As an aggregate PostgreSQL has it; over a window an own one does it. */
static bool call_percentile(struct work *work, const struct call *call)
{
	struct within within = { .order = STR_EMPTY };
	struct str value = STR_EMPTY;
	size_t words = strlen("ORDER BY");

	read_within(work, call, &within);
	if (within.over > 0 && within.order.len > words) {
		bool falling = str_ends(within.order.text, "desc") ||
			       str_ends(within.order.text, "DESC");

		str_set(&value, within.order.text + words);
		if (falling)
			str_cut(&value, value.len - 4);
		use_own(work, call);
		patch_drop(&work->patch, call->close + 1, within.end);
		patch_before(&work->patch, call->args[0].from,
			     falling ? "1 - (" : "(");
		patch_after(&work->patch, call->close - 1, "), ");
		patch_after(&work->patch, call->close - 1, value.text);
	}
	str_done(&value);
	str_done(&within.order);
	return true;
}

/* ratio_to_report(x) over (w) is x / sum(x) over (w). */
static bool call_ratio(struct work *work, const struct call *call)
{
	struct within within = { .order = STR_EMPTY };
	struct patch *patch = &work->patch;
	struct str text = STR_EMPTY;
	size_t end;

	read_within(work, call, &within);
	str_done(&within.order);
	if (within.over == 0)
		return work_refuse(work, call->at, "42809",
				   "RATIO_TO_REPORT needs an OVER clause");
	end = patch->items[within.over].pair + 1;
	str_add(&text, ", pg_catalog.sum(");
	patch_render(patch, call->open + 1, call->close, &text, NULL);
	str_add(&text, ") ");
	patch_render(patch, call->close + 1, end, &text, NULL);
	patch_drop(patch, call->close + 1, end);
	patch_before(patch, call->close, text.text);
	use_own(work, call);
	str_done(&text);
	return true;
}

/* convert(type, x) is CAST(x AS type). */
static bool call_convert(struct work *work, const struct call *call)
{
	CLEANUP(str_done) struct str type = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t end;

	if (call->count != 2)
		return work_syntax(work, call->at);
	if (!rewrite_type(work, call->open + 1, NULL, &end, &type))
		return false;
	if (end != call->args[0].to)
		return work_syntax(work, end);
	str_addf(&text, " AS %s", type.text);
	patch_replace(&work->patch, call->at, "CAST");
	patch_drop(&work->patch, call->args[0].from, call->args[1].from);
	patch_before(&work->patch, call->close, text.text);
	return true;
}

/* extract(part from x) is date_part('part', x). */
static bool call_extract(struct work *work, const struct call *call)
{
	struct call as = { .at = call->at,
			   .open = call->open,
			   .close = call->close,
			   .name = "date_part",
			   .count = 1,
			   .args = { { call->open + 1, call->open + 2 } } };

	if (!patch_match(&work->patch, call->open + 2, "from"))
		return work_syntax(work, call->open + 2);
	patch_replace(&work->patch, call->open + 2, ",");
	return call_part(work, &as);
}

static const struct {
	const char *how;
	call_rule *rule;
} rules[] = {
	{ "same", call_same },       { "own", call_own },
	{ "gateway", call_own },     { "later", call_later },
	{ "part", call_part },       { "coalesce", call_coalesce },
	{ "nvl2", call_nvl2 },       { "decode", call_decode },
	{ "listagg", call_listagg }, { "percentile", call_percentile },
	{ "ratio", call_ratio },     { "convert", call_convert },
	{ "extract", call_extract }, { "cast", call_same },
	{ "bare", call_own },
};

static bool apply(struct work *work, struct call *call,
		  const struct tsv_row *row)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (strcmp(rules[i].how, row->cells[1]) == 0)
			return rules[i].rule(work, call);
	return work_later(work, call->at, "function");
}

/* Words before '(' that are no call: a table's columns. */
static bool names_a_table(const struct patch *patch, size_t at)
{
	static const char *const before[] = { "into", "table", "view",
					      "references", "exists" };

	for (size_t i = 0; at > 0 && i < COUNT_OF(before); i++)
		if (token_is(patch_at(patch, at - 1), before[i]))
			return true;
	return false;
}

/* A name without a schema, or of pg_catalog, which is dropped. */
static bool is_qualified(struct work *work, size_t at)
{
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str schema = STR_EMPTY;

	if (at == 0 || !token_is_char(patch_at(patch, at - 1), '.'))
		return false;
	if (at > 1)
		work_name(work, at - 2, &schema);
	if (strcmp(schema.text, "pg_catalog") != 0)
		return true;
	patch_drop(patch, at - 2, at);
	return false;
}

/* CREATE TABLE t (a bit(3)): a type, which its own rule judges. */
static bool defines_column(const struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;

	return at > 1 &&
	       strcmp(work->out->statement.name, "CREATE TABLE") == 0 &&
	       work_name_end(work, at - 1) > at - 1 &&
	       (token_is_char(patch_at(patch, at - 2), '(') ||
		token_is_char(patch_at(patch, at - 2), ','));
}

static bool take_call(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct patch *patch = &work->patch;
	const struct tsv_row *row;
	struct call call;

	work_name(work, at, &name);
	row = tsv_find(work->rules->functions, name.text);
	if (is_qualified(work, at))
		return true;
	if (row == NULL && tsv_find(work->rules->pg_functions, name.text) &&
	    !defines_column(work, at))
		return work_refuse(work, at, "42883",
				   "function %s does not exist", name.text);
	if (row == NULL)
		return true;
	call.at = at;
	call.open = at + 1;
	call.close = patch->items[at + 1].pair;
	call.name = name.text;
	call.count =
		patch_arguments(patch, call.open, call.args, MAX_ARGUMENTS);
	return apply(work, &call, row);
}

/* SYSDATE and the like stand without parentheses. */
static void take_bare(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct tsv_row *row;

	work_name(work, at, &name);
	row = tsv_find(work->rules->functions, name.text);
	if (row == NULL || strcmp(row->cells[1], "bare") != 0)
		return;
	if (at > 0 && (token_is(patch_at(&work->patch, at - 1), "as") ||
		       token_is_char(patch_at(&work->patch, at - 1), '.')))
		return;
	patch_replace(&work->patch, at, REWRITE_SCHEMA ".%s()", name.text);
}

bool rewrite_calls(struct work *work)
{
	struct patch *patch = &work->patch;

	for (size_t i = patch->count; i-- > 0;) {
		const struct token *token = patch_at(patch, i);
		bool called = token_is_char(patch_at(patch, i + 1), '(') &&
			      !names_a_table(patch, i);

		if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
			continue;
		if (!called)
			take_bare(work, i);
		else if (!take_call(work, i))
			return false;
	}
	return true;
}
