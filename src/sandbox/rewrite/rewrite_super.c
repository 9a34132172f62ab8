/* sandbox/rewrite/rewrite_super.c - into SUPER: a.b.c[0], FROM t, t.list AS x
 * AT i.
 *
 * A name of several parts is a column and steps into its value when more
 * parts stand there than a column's name has; what FROM lists tells which
 * those are. The steps become calls of super_at, and a path in FROM a call of
 * super_each or super_unpivot. */
#include <string.h>

#include "sandbox/rewrite/rewrite_from.h"
#include "sql/quote.h"

enum {
	MAX_STEPS = 1000 /* each is a call inside of a call */
};

struct path {
	size_t from, to; /* all tokens of it */
	size_t base;     /* behind the column */
	bool value;      /* the column is what FROM names by an alias */
	size_t steps;
};

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_TEMP;
}

/* How many of the first parts, which have no brackets, are the column. */
static size_t column_parts(const struct scopes *scopes, size_t scope,
			   const struct work *work, size_t from, size_t parts,
			   bool *value)
{
	CLEANUP(str_done) struct str chain = STR_EMPTY;
	CLEANUP(str_done) struct str first = STR_EMPTY;
	const struct scope_item *item;

	work_name(work, from, &first);
	item = scopes_find(scopes, scope, first.text);
	if (item != NULL) {
		*value = item->kind != SCOPE_TABLE;
		return item->catalog ? parts : *value ? 1 : 2;
	}
	for (size_t n = 1; n < parts; n++) {
		CLEANUP(str_done) struct str last = STR_EMPTY;

		if (n > 1)
			str_add_char(&chain, '.');
		work_name(work, from + (n - 1) * 2, &chain);
		work_name(work, from + (n - 1) * 2, &last);
		item = n > 1 ? scopes_find_chain(scopes, scope, chain.text)
			     : NULL;
		if (item == NULL && n > 1)
			item = scopes_find(scopes, scope, last.text);
		if (item != NULL)
			return item->catalog ? parts : n + 1;
	}
	return 1;
}

/* Whether a name that FROM does not tell may be a column: not in CREATE TABLE
 * s.t and the like, nor in a procedure, where it may be a record. */
static bool may_be_column(const struct work *work, const struct scopes *scopes,
			  size_t scope)
{
	static const char *const changes[] = { "UPDATE", "DELETE", "MERGE" };
	const char *name = work->out->statement.name;

	if (!scopes_has_tables(scopes, scope) ||
	    strcmp(name, "CREATE PROCEDURE") == 0 ||
	    strcmp(name, "CREATE FUNCTION") == 0)
		return false;
	if (scope != 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(changes); i++)
		if (strcmp(changes[i], name) == 0)
			return true;
	return false;
}

/* false: no steps. */
static bool read_path(const struct work *work, const struct scopes *scopes,
		      size_t from, struct path *out)
{
	const struct patch *patch = &work->patch;
	size_t scope = scopes->owner[from];
	size_t parts = 1;
	size_t column;
	size_t i = from + 1;

	*out = (struct path){ .from = from, .to = scope_path_end(patch, from) };
	if (out->to <= from + 1)
		return false;
	while (i < out->to && token_is_char(patch_at(patch, i), '.')) {
		parts++;
		i += 2;
	}
	column = column_parts(scopes, scope, work, from, parts, &out->value);
	if (column >= parts) {
		if (i == out->to)
			return false;
		column = parts;
	}
	out->base = from + column * 2 - 1;
	for (i = out->base; i < out->to; i++)
		if (patch->items[i].depth == patch->items[from].depth &&
		    (token_is_char(patch_at(patch, i), '.') ||
		     token_is_char(patch_at(patch, i), '[')))
			out->steps++;
	return true;
}

/* Steps inside of [ ] are other paths. */
static size_t close_of(const struct patch *patch, size_t open)
{
	int inside = 0;
	size_t i = open;

	for (;; i++) {
		if (token_is_char(patch_at(patch, i), '['))
			inside++;
		else if (token_is_char(patch_at(patch, i), ']') &&
			 --inside == 0)
			return i;
	}
}

/* A field's name: in quotes it keeps its case by either setting. */
static void add_field(const struct work *work, size_t at, struct str *out)
{
	const struct token *token = patch_at(&work->patch, at);

	if (work->input->case_sensitive_fields && token->kind == TOKEN_NAME)
		quote_name_read(out, token->text, token->len, false);
	else
		work_name(work, at, out);
}

static void write_step(struct work *work, size_t dot)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str literal = STR_EMPTY;

	add_field(work, dot + 1, &name);
	quote_literal(&literal, name.text, false);
	patch_replace(&work->patch, dot, ", ");
	patch_replace(&work->patch, dot + 1, "%s::text)", literal.text);
}

static void write_path(struct work *work, const struct path *path)
{
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str before = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	size_t at = path->base;

	while (at < path->to) {
		str_add(&before, REWRITE_SCHEMA ".super_at(");
		if (token_is_char(patch_at(patch, at), '.')) {
			write_step(work, at);
			at += 2;
		} else {
			size_t close = close_of(patch, at);

			patch_replace(patch, at, ", (");
			patch_replace(patch, close, "))");
			at = close + 1;
		}
	}
	if (path->value) {
		str_add_char(&value, '.');
		patch_render(patch, path->from, path->from + 1, &value, NULL);
		patch_after(patch, path->from, value.text);
	}
	patch_before(patch, path->from, before.text);
}

/* The name that a column of this path has: its last attribute. */
static void path_name(const struct work *work, const struct path *path,
		      struct str *out)
{
	const struct patch *patch = &work->patch;
	size_t last = path->from;
	int depth = 0;

	for (size_t i = path->from; i < path->to; i++) {
		const struct token *token = patch_at(patch, i);

		if (token_is_char(token, '['))
			depth++;
		else if (token_is_char(token, ']'))
			depth--;
		else if (depth == 0 && is_name(token))
			last = i;
	}
	work_name(work, last, out);
}

static bool is_dropped(const struct patch *patch, size_t at)
{
	const char *text = patch->items[at].text;

	return text != NULL && text[0] == '\0';
}

/* Behind casts that follow. */
static size_t casts_end(const struct patch *patch, size_t at)
{
	while (patch_at(patch, at)->kind == TOKEN_CAST) {
		at += 2;
		while (at < patch->count && is_dropped(patch, at))
			at++;
	}
	return at;
}

/* A path that is a whole column of a select list is named as in Redshift. */
static void name_column(struct work *work, const struct scope *scope,
			const struct path *path)
{
	struct patch *patch = &work->patch;
	size_t end = casts_end(patch, path->to);
	size_t before = path->from - 1;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str as = STR_EMPTY;

	while (before > scope->from && is_dropped(patch, before))
		before--;
	if (patch->items[path->from].depth != scope->depth ||
	    (scope->list > 0 && path->from >= scope->list) ||
	    !(before == scope->from ||
	      token_is_char(patch_at(patch, before), ',') ||
	      token_is(patch_at(patch, before), "distinct") ||
	      token_is(patch_at(patch, before), "all")))
		return;
	if (end != scope->to && end + 1 != scope->list &&
	    !token_is_char(patch_at(patch, end), ',') &&
	    !token_is(patch_at(patch, end), "into"))
		return;
	path_name(work, path, &name);
	str_add(&as, " AS ");
	quote_name_always(&as, name.text, name.len);
	patch_after(patch, end - 1, as.text);
}

/* path IN ('a', 'b'): the literals are strings, not JSON. */
static void mark_list(struct work *work, size_t at)
{
	struct patch *patch = &work->patch;
	size_t open;

	if (patch_match(patch, at, "not"))
		at++;
	open = at + 1;
	if (!patch_match(patch, at, "in (") ||
	    patch_match(patch, open + 1, "select"))
		return;
	for (size_t i = open + 1; i < patch->items[open].pair; i++)
		if (patch_at(patch, i)->kind == TOKEN_LITERAL)
			patch_after(patch, i, "::text");
}

/* FROM ..., path AS x AT i */
static bool write_item(struct work *work, const struct scopes *scopes,
		       const struct scope_item *item)
{
	struct patch *patch = &work->patch;
	const char *call = item->kind == SCOPE_UNPIVOT ? "super_unpivot"
			   : item->at != NULL          ? "super_each_at"
						       : "super_each";
	CLEANUP(str_done) struct str before = STR_EMPTY;
	CLEANUP(str_done) struct str after = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct path path;

	if (item->to <= item->from)
		return work_syntax(work, item->start + 1);
	if (read_path(work, scopes, item->from, &path))
		write_path(work, &path);
	else if (item->kind == SCOPE_UNNEST && item->to == item->from + 1)
		write_path(work, &(struct path){ .from = item->from,
						 .to = item->to,
						 .base = item->to,
						 .value = true });
	if (item->name[0] != '\0')
		str_add(&name, item->name);
	else
		path_name(work,
			  &(struct path){ .from = item->from, .to = item->to },
			  &name);
	str_addf(&before, "LATERAL " REWRITE_SCHEMA ".%s(", call);
	str_add(&after, ") AS ");
	quote_name_always(&after, name.text, name.len);
	str_add_char(&after, '(');
	quote_name_always(&after, name.text, name.len);
	if (item->at != NULL) {
		str_add(&after, ", ");
		quote_name_always(&after, item->at, strlen(item->at));
	}
	str_add_char(&after, ')');
	patch_drop(patch, item->start, item->from);
	patch_drop(patch, item->to, item->end);
	patch_before(patch, item->from, before.text);
	patch_after(patch, item->to - 1, after.text);
	return true;
}

/* Tokens that name what FROM lists. */
static void mark_items(const struct scopes *scopes, bool *taken)
{
	for (size_t s = 0; s < scopes->count; s++)
		for (size_t i = 0; i < scopes->items[s].count; i++) {
			const struct scope_item *item =
				&scopes->items[s].items[i];

			if (item->chain[0] != '\0' ||
			    item->kind != SCOPE_TABLE ||
			    item->to == item->from + 1 || item->name[0])
				taken[item->from] = true;
		}
}

static bool begins_path(const struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;
	const struct token *token = patch_at(patch, at);
	const struct token *before = patch_at(patch, at - 1);
	size_t end;

	if (!is_name(token) || token_is(token, "array"))
		return false;
	if (at > 0 &&
	    (token_is_char(before, '.') || before->kind == TOKEN_CAST ||
	     token_is(before, "as") || token_is(before, "into")))
		return false;
	end = scope_path_end(patch, at);
	return end > at + 1 && !token_is_char(patch_at(patch, end), '(');
}

static bool take_path(struct work *work, const struct scopes *scopes, size_t at)
{
	size_t scope = scopes->owner[at];
	CLEANUP(str_done) struct str first = STR_EMPTY;
	const struct scope_item *item;
	struct path path;

	work_name(work, at, &first);
	item = scopes_find(scopes, scope, first.text);
	if (item != NULL ? item->catalog : !may_be_column(work, scopes, scope))
		return true;
	if (!read_path(work, scopes, at, &path))
		return true;
	if (path.steps > MAX_STEPS)
		return work_refuse(work, at, "54000",
				   "a path of more than %d steps", MAX_STEPS);
	write_path(work, &path);
	if (scope != 0)
		name_column(work, &scopes->items[scope], &path);
	mark_list(work, path.to);
	return true;
}

bool rewrite_super(struct work *work)
{
	struct scopes scopes;
	bool *taken = mem_alloc(work->patch.count + 1);
	bool fine = true;

	scopes_init(&scopes, work);
	mark_items(&scopes, taken);
	for (size_t i = 1; fine && i < work->patch.count; i++)
		if (!taken[i] && begins_path(work, i))
			fine = take_path(work, &scopes, i);
	for (size_t s = 0; fine && s < scopes.count; s++)
		for (size_t i = 0; fine && i < scopes.items[s].count; i++)
			if (scopes.items[s].items[i].kind != SCOPE_TABLE)
				fine = write_item(work, &scopes,
						  &scopes.items[s].items[i]);
	scopes_done(&scopes);
	mem_free(taken);
	return fine;
}
