/* The last pass: PostgreSQL says how it understands the rewritten statement,
 * sandbox/rewrite/decimal where it would give other digits than Redshift and
 * which types the columns have. A quotient is cut where its DECIMAL ends by a
 * mark between the signs, a / mark / b, so that precedence stays as it was; an
 * AVG by a function around it that has its name: columns are called so. */
#include "sandbox/rewrite/rewrite_work.h"

#include <string.h>

#include "sandbox/rewrite/rewrite_query.h"

/* Whether a statement may compute a DECIMAL: only then it is asked about. */
static bool may_compute(const struct patch *patch)
{
	static const char *const words[] = { "/",        "+",    "-",
					     "%",        "sum",  "avg",
					     "coalesce", "case", "union" };

	for (size_t i = 0; i < patch->count; i++) {
		const struct token *token = patch_at(patch, i);

		if (token->kind == TOKEN_NUMBER &&
		    memchr(token->text, '.', token->len) != NULL)
			return true;
		for (size_t w = 0; w < COUNT_OF(words); w++)
			if (patch_match(patch, i, words[w]))
				return true;
		/* not the star of a list or a count */
		if (patch_match(patch, i, "*") && i > 0 &&
		    !patch_match(patch, i - 1, "(") &&
		    !patch_match(patch, i - 1, ",") &&
		    !patch_match(patch, i - 1, ".") &&
		    !patch_match(patch, i - 1, "select"))
			return true;
	}
	return false;
}

/* Where the query begins in what makes something of one; *out_name: of what
 * it makes, PATCH_NONE: of nothing that stays. */
static size_t query_start(const struct patch *patch, size_t *out_name)
{
	static const char *const plain[] = { "select", "with",   "insert",
					     "update", "delete", "(" };
	size_t at;
	size_t name;

	*out_name = PATCH_NONE;
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (patch_match(patch, 0, plain[i]))
			return 0;
	if (!patch_match(patch, 0, "create"))
		return PATCH_NONE;
	name = patch_find(patch, 1, patch->count, "table");
	if (name == PATCH_NONE)
		name = patch_find(patch, 1, patch->count, "view");
	at = name == PATCH_NONE ? PATCH_NONE
				: patch_find(patch, name, patch->count, "as");
	if (at == PATCH_NONE)
		return PATCH_NONE;
	name += 1 + patch_match(patch, name + 1, "if not exists");
	*out_name = name;
	return at + 1;
}

/* Blanks for the tokens [from, to): places stay what they are. */
static void blank(struct str *text, const struct patch *patch, size_t from,
		  size_t to)
{
	for (size_t i = from; i < to; i++)
		memset(text->text + patch_at(patch, i)->at, ' ',
		       patch_at(patch, i)->len);
}

/* INTO [TEMP] [TABLE] name of a SELECT; the name's token. */
static size_t blank_into(struct work *work, const struct patch *patch,
			 struct str *text)
{
	size_t into = patch_find(patch, 0, patch->count, "into");
	size_t name = into;

	if (strcmp(work->out->statement.name, "SELECT INTO") != 0 ||
	    into == PATCH_NONE)
		return PATCH_NONE;
	do
		name++;
	while (patch_match(patch, name, "temp") ||
	       patch_match(patch, name, "temporary") ||
	       patch_match(patch, name, "local") ||
	       patch_match(patch, name, "table"));
	blank(text, patch, into, work_name_end(work, name));
	return name;
}

static size_t token_at(const struct patch *patch, size_t offset)
{
	size_t from = 0;
	size_t to = patch->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (patch_at(patch, middle)->at < offset)
			from = middle + 1;
		else
			to = middle;
	}
	return patch_at(patch, from)->at == offset ? from : PATCH_NONE;
}

/* The last token of a call with FILTER and OVER; name begins at. */
static size_t call_end(const struct patch *patch, size_t at)
{
	size_t end;

	while (patch_match(patch, at + 1, "."))
		at += 2;
	if (!patch_match(patch, at + 1, "("))
		return PATCH_NONE;
	end = patch->items[at + 1].pair;
	while (patch_match(patch, end + 1, "filter (") ||
	       patch_match(patch, end + 1, "over ("))
		end = patch->items[end + 2].pair;
	if (patch_match(patch, end + 1, "over"))
		end += 2;
	return end;
}

static void cut_quotient(struct patch *patch, size_t at, int scale)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, " ROW(1e%d, 1e-%d)::" REWRITE_SCHEMA ".decimal_mark /",
		 scale, scale);
	patch_after(patch, at, text.text);
}

static void cut_average(struct patch *patch, size_t at, int scale)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t end = call_end(patch, at);

	if (end == PATCH_NONE)
		return;
	str_addf(&text, ", %d)", scale);
	patch_before(patch, at, REWRITE_SCHEMA ".avg(");
	patch_after(patch, end, text.text);
}

static bool same_text(const struct patch *patch, size_t a, size_t b)
{
	const struct token *one = patch_at(patch, a);
	const struct token *other = patch_at(patch, b);

	return one->len == other->len &&
	       memcmp(one->text, other->text, one->len) == 0;
}

/* PostgreSQL tells of an expression in GROUP BY and ORDER BY that is in the
 * list as well only once: the other is known by its operands. */
static void cut_again(struct patch *patch, size_t at, size_t again, int scale)
{
	if (!same_text(patch, at, again) ||
	    !same_text(patch, at - 1, again - 1) ||
	    !same_text(patch, at + 1, again + 1) ||
	    patch->items[again].after != NULL)
		return;
	cut_quotient(patch, again, scale);
}

/* *out_guessed: what is cut has to be looked at again. */
static void cut_places(struct patch *patch, const struct decimal_places *places,
		       bool *out_guessed)
{
	size_t by = 0;

	for (size_t i = 0; i < places->count; i++) {
		const struct decimal_place *place = &places->items[i];
		size_t at = token_at(patch, place->at);

		if (at == PATCH_NONE)
			continue;
		if (place->is_avg)
			cut_average(patch, at, place->scale);
		else
			cut_quotient(patch, at, place->scale);
	}
	while (by < patch->count && !patch_match(patch, by, "by"))
		by++;
	*out_guessed = by < patch->count;
	for (size_t i = 0; i < places->count; i++) {
		size_t at = token_at(patch, places->items[i].at);

		if (at == PATCH_NONE || at == 0 || places->items[i].is_avg)
			continue;
		for (size_t again = by + 2; again < patch->count; again++)
			cut_again(patch, at, again, places->items[i].scale);
	}
}

/* The types of the columns of a table or view, once it is there. */
static void note_types(struct work *work, const struct patch *patch,
		       size_t name)
{
	const struct decimal_columns *columns = &work->out->decimals;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str list = STR_EMPTY;
	struct work named = *work;
	bool known = false;

	for (size_t i = 0; i < columns->count; i++) {
		str_addf(&list, "%s%d", i > 0 ? "," : "", columns->items[i]);
		known = known || columns->items[i] >= 0;
	}
	if (!known)
		return;
	named.patch = *patch;
	str_add(&text, "SELECT " REWRITE_SCHEMA ".note_decimals(");
	work_name_literal(&named, name, work_name_end(&named, name), &text);
	str_addf(&text, ", '{%s}');\n", list.text);
	str_add(&text, work->out->after.text);
	str_set(&work->out->after, text.text);
}

/* How PostgreSQL understands the query in the statement; *out_made: the token
 * of the name that it becomes. */
static bool ask_tree(struct work *work, const struct patch *patch,
		     size_t *out_made, struct str *tree)
{
	const struct rewrite_ask *ask = &work->input->ask;
	CLEANUP(str_done) struct str question = STR_EMPTY;
	size_t start = query_start(patch, out_made);

	if (start == PATCH_NONE)
		return false;
	str_add_slice(&question, patch->sql, patch->len);
	blank(&question, patch, 0, start);
	if (*out_made == PATCH_NONE)
		*out_made = blank_into(work, patch, &question);
	return ask->tree(ask->context, question.text, tree);
}

/* Whether PostgreSQL takes the statement as it is now. */
static bool is_understood(struct work *work, const struct str *sql)
{
	CLEANUP(str_done) struct str tree = STR_EMPTY;
	struct patch patch;
	size_t made;
	bool fine;

	patch_init(&patch, sql->text, sql->len);
	fine = ask_tree(work, &patch, &made, &tree);
	patch_done(&patch);
	return fine;
}

static void replace_sql(struct work *work, struct patch *patch, bool guessed)
{
	struct rewrite_result *out = work->out;
	struct patch_spans spans = { 0 };
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	patch_render(patch, 0, patch->count, &sql, &spans);
	if (guessed && !is_understood(work, &sql)) {
		vec_done(&spans);
		vec_clear(&out->decimals);
		return;
	}
	for (size_t i = 0; i < spans.count; i++)
		spans.items[i].from =
			draft_origin(&out->spans, spans.items[i].from);
	vec_done(&out->spans);
	out->spans = spans;
	str_set_slice(&out->sql, sql.text, sql.len);
}

static void compute(struct work *work, struct patch *patch)
{
	struct rewrite_result *out = work->out;
	CLEANUP(str_done) struct str tree = STR_EMPTY;
	struct decimal_places places = { 0 };
	bool guessed = false;
	size_t made;

	if (ask_tree(work, patch, &made, &tree) &&
	    decimal_find(tree.text, patch->sql, patch->len, &places,
			 &out->decimals)) {
		cut_places(patch, &places, &guessed);
		if (places.count > 0)
			replace_sql(work, patch, guessed);
		if (made != PATCH_NONE)
			note_types(work, patch, made);
	}
	vec_done(&places);
}

void rewrite_decimals(struct work *work)
{
	const struct rewrite_result *out = work->out;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct patch patch;

	if (work->input->ask.tree == NULL || out->action != REWRITE_SEND ||
	    out->sql.len == 0)
		return;
	/* what patch borrows must outlive the change of out->sql */
	str_add_slice(&sql, out->sql.text, out->sql.len);
	patch_init(&patch, sql.text, sql.len);
	if (patch.balanced && may_compute(&patch))
		compute(work, &patch);
	patch_done(&patch);
}
