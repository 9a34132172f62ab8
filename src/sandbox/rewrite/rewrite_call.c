/* sandbox/rewrite/rewrite_call.c - function calls, by functions.tsv.
 *
 * Innermost first; the forms that PostgreSQL's grammar lacks each have a rule
 * here. */
#include <string.h>

#include "sandbox/rewrite/rewrite_call.h"
#include "sql/quote.h"

void call_use_own(struct work *work, const struct call *call)
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
	call_use_own(work, call);
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
	call_use_own(work, call);
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

	if (call->count < 3 || call->count > CALL_ARGUMENTS)
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

/* try_cast(x as type) is CAST that gives NULL for what the type refuses. */
static bool call_try_cast(struct work *work, const struct call *call)
{
	CLEANUP(str_done) struct str type = STR_EMPTY;
	CLEANUP(str_done) struct str literal = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t as = patch_find(&work->patch, call->open + 1, call->close, "as");
	size_t end;

	if (as == PATCH_NONE || as == call->open + 1)
		return work_syntax(work, call->close);
	if (!rewrite_type(work, as + 1, NULL, &end, &type))
		return false;
	if (end != call->close)
		return work_syntax(work, end);
	quote_literal(&literal, type.text, false);
	str_addf(&text, ")::text, %s, NULL::%s", literal.text, type.text);
	patch_before(&work->patch, call->open + 1, "(");
	patch_drop(&work->patch, as, call->close);
	patch_before(&work->patch, call->close, text.text);
	str_set(&text, "");
	str_addf(&text, "::%s", type.text);
	patch_after(&work->patch, call->close, text.text);
	call_use_own(work, call);
	return true;
}

/* collate(x, 'case_insensitive') is (x COLLATE ...). */
static bool call_collate(struct work *work, const struct call *call)
{
	static const char *const names[] = { "case_insensitive",
					     "case_sensitive" };
	const struct token *how =
		call->count == 2
			? patch_at(&work->patch, call->args[1].from)
			: NULL;

	if (how == NULL || how->kind != TOKEN_LITERAL)
		return work_syntax(work, call->close);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (how->len != strlen(names[i]) + 2 ||
		    !str_slice_equal_nocase(how->text + 1, how->len - 2,
					    names[i]))
			continue;
		patch_replace(&work->patch, call->at, "(");
		patch_replace(&work->patch, call->args[0].to,
			      ") COLLATE " REWRITE_SCHEMA ".%s", names[i]);
		patch_drop(&work->patch, call->args[1].from, call->close);
		return true;
	}
	return work_refuse(work, call->args[1].from, "22023",
			   "invalid collation %.*s", (int)how->len, how->text);
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

/* extract(part from x) is date_part('part', x) as an integer. */
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
	patch_before(&work->patch, call->close,
		     patch_match(&work->patch, call->open + 1, "epoch")
			     ? ", NULL::bigint"
			     : ", NULL::int");
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
	{ "median", call_median },   { "ratio", call_ratio },
	{ "nulls", call_nulls },     { "aggregate", call_aggregate },
	{ "aggregate:own", call_aggregate },
	{ "hll", call_hll },	     { "hll_sketches", call_hll },
	{ "convert", call_convert }, { "try_cast", call_try_cast },
	{ "collate", call_collate }, { "extract", call_extract },
	{ "cast", call_same },       { "bare", call_own },
	{ "word", call_same },       { "bare_later", call_later },
	{ "super", call_super },     { "super2", call_super },
	{ "object_transform", call_object_transform },
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
	call.how = row->cells[1];
	call.count =
		patch_arguments(patch, call.open, call.args, CALL_ARGUMENTS);
	return apply(work, &call, row);
}

/* SYSDATE and the like stand without parentheses; a column or an alias may
 * have the name of one. "word": PostgreSQL has it too. */
static bool take_bare(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct patch *patch = &work->patch;
	const struct tsv_row *row;
	bool own;

	work_name(work, at, &name);
	row = tsv_find(work->rules->functions, name.text);
	if (row == NULL || patch_at(patch, at)->kind == TOKEN_NAME ||
	    (at > 0 && (token_is(patch_at(patch, at - 1), "as") ||
			token_is_char(patch_at(patch, at - 1), '.'))) ||
	    token_is_char(patch_at(patch, at + 1), '.'))
		return true;
	own = strcmp(row->cells[1], "bare") == 0;
	if (strcmp(row->cells[1], "bare_later") == 0)
		return work_later(work, at, "function");
	if (!own && strcmp(row->cells[1], "word") != 0)
		return true;
	if (own)
		patch_replace(&work->patch, at, REWRITE_SCHEMA ".%s()",
			      name.text);
	return true;
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
		if (!(called ? take_call(work, i) : take_bare(work, i)))
			return false;
	}
	return true;
}
