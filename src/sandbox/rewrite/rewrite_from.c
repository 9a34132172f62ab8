#include "sandbox/rewrite/rewrite_from.h"

#include <string.h>

#include "sandbox/ground/tsv.h"

enum {
	MAX_BRACKETS = 64 /* in each other; deeper ones are no path */
};

/* Words that end a list of FROM, or cannot be an alias in it. */
static const char *const clauses[] = {
	"where",  "group",  "having", "order",	   "limit",	"offset",
	"union",  "minus",  "except", "intersect", "qualify",	"window",
	"fetch",  "for",    "set",    "when",	   "returning", "connect",
	"start",  "values", "select", "with",	   "using",	"on",
	"loop",	  "into",
};
static const char *const joins[] = {
	"join", "inner", "left", "right", "full",    "outer",
	"cross", "natural", "lateral", "only", "pivot", "unpivot",
	"tablesample", "at", "as",
};

static bool is_one_of(const struct token *token, const char *const *words,
		      size_t count)
{
	if (token->kind != TOKEN_WORD)
		return false;
	for (size_t i = 0; i < count; i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

static bool ends_list(const struct token *token)
{
	return is_one_of(token, clauses, COUNT_OF(clauses)) &&
	       !token_is(token, "using") && !token_is(token, "on");
}

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_TEMP;
}

static bool is_alias(const struct token *token)
{
	return is_name(token) &&
	       !is_one_of(token, clauses, COUNT_OF(clauses)) &&
	       !is_one_of(token, joins, COUNT_OF(joins));
}

static size_t bracket_end(const struct patch *patch, size_t open)
{
	int inside = 0;

	for (size_t i = open; i < patch->count; i++) {
		if (token_is_char(patch_at(patch, i), '['))
			inside++;
		else if (token_is_char(patch_at(patch, i), ']') &&
			 --inside == 0)
			return i + 1;
		if (inside > MAX_BRACKETS)
			return open;
	}
	return open;
}

size_t scope_path_end(const struct patch *patch, size_t at)
{
	size_t i = at;

	if (!is_name(patch_at(patch, at)))
		return at;
	i++;
	for (;;) {
		if (token_is_char(patch_at(patch, i), '.') &&
		    is_name(patch_at(patch, i + 1))) {
			i += 2;
		} else if (token_is_char(patch_at(patch, i), '[')) {
			size_t end = bracket_end(patch, i);

			if (end == i)
				return i;
			i = end;
		} else {
			return i;
		}
	}
}

static char *name_at(const struct work *work, size_t at)
{
	struct str name = STR_EMPTY;

	work_name(work, at, &name);
	return str_take(&name);
}

/* The parts of a name without brackets, joined by periods. */
static char *chain_of(const struct work *work, size_t from, size_t to)
{
	struct str chain = STR_EMPTY;

	for (size_t i = from; i < to; i += 2) {
		if (i > from)
			str_add_char(&chain, '.');
		work_name(work, i, &chain);
	}
	return str_take(&chain);
}

static bool is_catalog(const struct work *work, size_t from, size_t to)
{
	CLEANUP(str_done) struct str first = STR_EMPTY;
	CLEANUP(str_done) struct str last = STR_EMPTY;

	work_name(work, from, &first);
	work_name(work, to - 1, &last);
	return strcmp(first.text, "pg_catalog") == 0 ||
	       strcmp(first.text, "information_schema") == 0 ||
	       str_starts(last.text, "pg_") ||
	       tsv_find(work->rules->relations, last.text) != NULL;
}

/* [AS] alias [(columns)] [AT alias]; *at moves behind. */
static void read_alias(const struct work *work, size_t *at,
		       struct scope_item *item)
{
	const struct patch *patch = &work->patch;
	bool as = patch_match(patch, *at, "as") > 0;

	if (as)
		(*at)++;
	if (as ? is_name(patch_at(patch, *at)) : is_alias(patch_at(patch, *at))) {
		mem_free(item->name);
		item->name = name_at(work, *at);
		mem_free(item->chain);
		item->chain = mem_copy_text("");
		(*at)++;
		if (token_is_char(patch_at(patch, *at), '(') &&
		    patch->items[*at].pair > *at)
			*at = patch->items[*at].pair + 1;
	}
	if (patch_match(patch, *at, "at") &&
	    is_name(patch_at(patch, *at + 1))) {
		item->at = name_at(work, *at + 1);
		*at += 2;
	}
}

static const struct scope_item *find_in(const struct scope *scope,
					const char *name)
{
	for (size_t i = 0; i < scope->count; i++)
		if (strcmp(scope->items[i].name, name) == 0)
			return &scope->items[i];
	return NULL;
}

const struct scope_item *scopes_find(const struct scopes *scopes, size_t scope,
				     const char *name)
{
	for (;;) {
		const struct scope *here = &scopes->items[scope];
		const struct scope_item *item = find_in(here, name);

		if (item != NULL || scope == here->parent)
			return item;
		scope = here->parent;
	}
}

const struct scope_item *scopes_find_chain(const struct scopes *scopes,
					   size_t scope, const char *chain)
{
	for (;;) {
		const struct scope *here = &scopes->items[scope];

		for (size_t i = 0; i < here->count; i++)
			if (strcmp(here->items[i].chain, chain) == 0)
				return &here->items[i];
		if (scope == here->parent)
			return NULL;
		scope = here->parent;
	}
}

bool scopes_has_tables(const struct scopes *scopes, size_t scope)
{
	for (;;) {
		const struct scope *here = &scopes->items[scope];

		for (size_t i = 0; i < here->count; i++)
			if (!here->items[i].catalog)
				return true;
		if (scope == here->parent)
			return false;
		scope = here->parent;
	}
}

/* A path whose first name is in FROM already goes into the value of a column;
 * others are tables. */
static bool is_path(const struct scopes *scopes, size_t scope,
		    const struct work *work, size_t from, size_t to)
{
	CLEANUP(str_done) struct str first = STR_EMPTY;
	const struct scope_item *item;

	work_name(work, from, &first);
	item = scopes_find(scopes, scope, first.text);
	if (item == NULL)
		return false;
	return to > from + 1 || item->kind != SCOPE_TABLE;
}

/* One item of FROM at; behind it. at itself: nothing that could be one. */
static size_t read_item(struct scopes *scopes, size_t scope, struct work *work,
			size_t at)
{
	const struct patch *patch = &work->patch;
	struct scope_item item = { .kind = SCOPE_TABLE, .start = at };
	bool unpivot = patch_match(patch, at, "unpivot") > 0;

	item.from = at + unpivot;
	item.name = mem_copy_text("");
	item.chain = mem_copy_text("");
	if (token_is_char(patch_at(patch, at), '(')) {
		item.to = patch->items[at].pair + 1;
	} else {
		item.to = scope_path_end(patch, item.from);
		if (unpivot) {
			item.kind = SCOPE_UNPIVOT;
		} else if (token_is_char(patch_at(patch, item.to), '(')) {
			item.to = patch->items[item.to].pair + 1;
		} else if (is_path(scopes, scope, work, item.from, item.to)) {
			item.kind = SCOPE_UNNEST;
		} else if (item.to > item.from) {
			size_t last = work_name_end(work, item.from);

			mem_free(item.name);
			mem_free(item.chain);
			item.name = name_at(work, last - 1);
			item.chain = chain_of(work, item.from, last);
			item.catalog = is_catalog(work, item.from, last);
		}
	}
	item.end = item.to;
	read_alias(work, &item.end, &item);
	vec_push(&scopes->items[scope], item);
	return item.end;
}

/* Items of [from, to), parted by commas and joins; what stands between (ON
 * conditions) is passed over. */
static void read_list(struct scopes *scopes, size_t scope, struct work *work,
		      size_t from, size_t to)
{
	const struct patch *patch = &work->patch;
	bool wanted = true;
	size_t at = from;

	while (at < to) {
		const struct token *token = patch_at(patch, at);
		bool open = token_is_char(token, '(') &&
			    patch->items[at].pair > at;
		bool joined = open && wanted &&
			      !patch_match(patch, at + 1, "select") &&
			      !patch_match(patch, at + 1, "with") &&
			      !patch_match(patch, at + 1, "values") &&
			      !token_is_char(patch_at(patch, at + 1), '(');

		if (token_is_char(token, ',') || token_is(token, "join")) {
			wanted = true;
			at++;
		} else if (joined) {
			read_list(scopes, scope, work, at + 1,
				  patch->items[at].pair);
			at = patch->items[at].pair + 1;
			wanted = false;
		} else if (wanted &&
			   (open || is_alias(token) ||
			    (token_is(token, "unpivot") &&
			     is_name(patch_at(patch, at + 1))))) {
			size_t end = read_item(scopes, scope, work, at);

			at = end > at ? end : at + 1;
			wanted = false;
		} else {
			at = open ? patch->items[at].pair + 1 : at + 1;
		}
	}
}

/* What UPDATE, DELETE, INSERT and MERGE name outside of any SELECT. */
static void read_root(struct scopes *scopes, struct work *work)
{
	static const char *const before[] = { "from", "update", "into",
					      "using" };
	const struct patch *patch = &work->patch;

	for (size_t i = 0; i < patch->count; i++) {
		size_t end = i + 1;

		if (patch->items[i].depth > 0 || scopes->owner[i] != 0 ||
		    !is_one_of(patch_at(patch, i), before, COUNT_OF(before)))
			continue;
		while (end < patch->count && scopes->owner[end] == 0 &&
		       !ends_list(patch_at(patch, end)) &&
		       !token_is_char(patch_at(patch, end), ';') &&
		       !is_one_of(patch_at(patch, end), before,
				  COUNT_OF(before)) &&
		       !token_is(patch_at(patch, end), "on"))
			end++;
		read_list(scopes, 0, work, i + 1, end);
	}
}

static bool is_set_operator(const struct token *token)
{
	return token_is(token, "union") || token_is(token, "intersect") ||
	       token_is(token, "except") || token_is(token, "minus");
}

/* Cuts the statement into SELECTs, in one walk. */
static void cut(struct scopes *scopes, const struct patch *patch)
{
	size_t now = 0;

	for (size_t i = 0; i < patch->count; i++) {
		const struct token *token = patch_at(patch, i);
		int depth = patch->items[i].depth;
		struct scope *scope = &scopes->items[now];

		while (now != 0 &&
		       (depth < scope->depth || token_is_char(token, ';') ||
			(depth == scope->depth && is_set_operator(token)))) {
			scope->to = i;
			if (scope->list > 0 && scope->list_end == 0)
				scope->list_end = i;
			now = scope->parent;
			scope = &scopes->items[now];
		}
		if (token_is(token, "select")) {
			struct scope made = { .from = i, .depth = depth,
					      .parent = now };

			vec_push(scopes, made);
			now = scopes->count - 1;
		} else if (now != 0 && depth == scope->depth) {
			if (scope->list == 0 && token_is(token, "from") &&
			    !token_is(patch_at(patch, i - 1), "distinct"))
				scope->list = i + 1;
			else if (scope->list > 0 && scope->list_end == 0 &&
				 ends_list(token))
				scope->list_end = i;
		}
		scopes->owner[i] = now;
	}
}

void scopes_init(struct scopes *scopes, struct work *work)
{
	const struct patch *patch = &work->patch;
	struct scope root = { .to = patch->count };

	*scopes = (struct scopes){ 0 };
	vec_push(scopes, root);
	scopes->owner = mem_alloc((patch->count + 1) * sizeof(size_t));
	cut(scopes, patch);
	for (size_t s = 1; s < scopes->count; s++) {
		struct scope *scope = &scopes->items[s];

		if (scope->to == 0)
			scope->to = patch->count;
		if (scope->list > 0 && scope->list_end == 0)
			scope->list_end = scope->to;
	}
	read_root(scopes, work);
	for (size_t s = 1; s < scopes->count; s++)
		if (scopes->items[s].list > 0)
			read_list(scopes, s, work, scopes->items[s].list,
				  scopes->items[s].list_end);
}

void scopes_done(struct scopes *scopes)
{
	for (size_t s = 0; s < scopes->count; s++) {
		struct scope *scope = &scopes->items[s];

		for (size_t i = 0; i < scope->count; i++) {
			mem_free(scope->items[i].name);
			mem_free(scope->items[i].chain);
			mem_free(scope->items[i].at);
		}
		vec_done(scope);
	}
	vec_done(scopes);
	mem_free(scopes->owner);
}
