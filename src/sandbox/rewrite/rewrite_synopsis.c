/* sandbox/rewrite/rewrite_synopsis.c - a statement against its synopsis.
 *
 * The synopsis column of statements.tsv is written as Redshift's guide writes
 * it: WORDS and signs stand for themselves, [ ] may be left out, { a | b } is
 * one of them, ",..." behind an item repeats it with commas, "..." without.
 * Small words are placeholders, see the table; names are not reserved words. A
 * statement that fits no way of reading it is a syntax error at the first
 * token that fits nowhere.
 *
 * Matching goes through the pattern once with the set of all tokens that may
 * come next, so its cost is the pattern's length times the statement's. */
#include <string.h>

#include "base/vec.h"
#include "sandbox/rewrite/rewrite_shape.h"
#include "sandbox/rewrite/rewrite_work.h"

struct places { /* indexes of tokens, ascending, each once */
	VEC(size_t);
};

struct matcher {
	const struct work *work;
	size_t furthest; /* token at which a way of reading ended */
};

static void places_add(struct places *places, size_t at)
{
	size_t i = places->count;

	while (i > 0 && places->items[i - 1] > at)
		i--;
	if (i > 0 && places->items[i - 1] == at)
		return;
	vec_push(places, at);
	memmove(places->items + i + 1, places->items + i,
		(places->count - 1 - i) * sizeof(*places->items));
	places->items[i] = at;
}

static void places_add_all(struct places *places, const struct places *more)
{
	for (size_t i = 0; i < more->count; i++)
		places_add(places, more->items[i]);
}

/* ---- placeholders: from a token, where they may end */

typedef void placeholder(const struct matcher *matcher, size_t at,
			 struct places *out);

static bool is_free(const struct matcher *matcher, size_t at)
{
	return shape_is_name(patch_at(&matcher->work->patch, at)) &&
	       !work_is_reserved(matcher->work, at);
}

static void a_name(const struct matcher *matcher, size_t at, struct places *out)
{
	if (is_free(matcher, at))
		places_add(out, work_name_end(matcher->work, at));
}

static void an_id(const struct matcher *matcher, size_t at, struct places *out)
{
	if (is_free(matcher, at))
		places_add(out, at + 1);
}

/* A user of an identity provider has its namespace in front: aad:bob. */
static void a_user(const struct matcher *matcher, size_t at, struct places *out)
{
	const struct patch *patch = &matcher->work->patch;

	an_id(matcher, at, out);
	if (is_free(matcher, at) && at + 2 < patch->count &&
	    token_is_char(patch_at(patch, at + 1), ':'))
		places_add(out, at + 3);
}

static void a_number(const struct matcher *matcher, size_t at,
		     struct places *out)
{
	const struct patch *patch = &matcher->work->patch;
	bool sign = token_is_char(patch_at(patch, at), '-');

	if (patch_at(patch, at + sign)->kind == TOKEN_NUMBER)
		places_add(out, at + sign + 1);
}

static void a_string(const struct matcher *matcher, size_t at,
		     struct places *out)
{
	const struct token *token = patch_at(&matcher->work->patch, at);

	if (token->kind == TOKEN_LITERAL || token->kind == TOKEN_DOLLAR)
		places_add(out, at + 1);
}

static void a_value(const struct matcher *matcher, size_t at,
		    struct places *out)
{
	const struct token *token = patch_at(&matcher->work->patch, at);

	if (token_is(token, "true") || token_is(token, "false") ||
	    token_is(token, "on"))
		places_add(out, at + 1);
	an_id(matcher, at, out);
	a_number(matcher, at, out);
	a_string(matcher, at, out);
}

/* ( ... ) */
static void a_group(const struct matcher *matcher, size_t at,
		    struct places *out)
{
	const struct patch *patch = &matcher->work->patch;

	if (token_is_char(patch_at(patch, at), '(') &&
	    patch->items[at].pair > at)
		places_add(out, patch->items[at].pair + 1);
}

/* Any tokens, one at least, up to the parenthesis around them. */
static void an_expr(const struct matcher *matcher, size_t at,
		    struct places *out)
{
	const struct patch *patch = &matcher->work->patch;

	while (at < patch->count && !token_is_char(patch_at(patch, at), ')')) {
		if (token_is_char(patch_at(patch, at), '(') &&
		    patch->items[at].pair > at)
			at = patch->items[at].pair;
		at++;
		places_add(out, at);
	}
}

static void a_query(const struct matcher *matcher, size_t at,
		    struct places *out)
{
	const struct patch *patch = &matcher->work->patch;

	if (patch_match(patch, at, "select") ||
	    patch_match(patch, at, "with") || shape_is_subquery(patch, at))
		an_expr(matcher, at, out);
}

/* int, character varying(10), numeric(10, 2) */
static void a_type(const struct matcher *matcher, size_t at, struct places *out)
{
	const struct patch *patch = &matcher->work->patch;

	for (size_t i = at; i < at + 4; i++) {
		if (patch_at(patch, i)->kind != TOKEN_WORD ||
		    patch_match(patch, i, "as"))
			return;
		places_add(out, i + 1);
		a_group(matcher, i + 1, out);
	}
}

static void a_body(const struct matcher *matcher, size_t at, struct places *out)
{
	if (patch_at(&matcher->work->patch, at)->kind == TOKEN_DOLLAR ||
	    patch_at(&matcher->work->patch, at)->kind == TOKEN_LITERAL)
		places_add(out, at + 1);
}

static const struct {
	const char *name;
	placeholder *find;
} placeholders[] = {
	{ "name", a_name },   /* t, s.t, db.s.t */
	{ "id", an_id },      /* one name */
	{ "n", a_number },    /* 5, -1 */
	{ "text", a_string }, /* 'x' */
	{ "user", a_user },   /* id, or provider:id */
	{ "value", a_value }, /* an id, a number or a text */
	{ "group", a_group }, /* ( anything ) */
	{ "expr", an_expr },  /* anything but a closing parenthesis */
	{ "query", a_query }, /* SELECT, WITH */
	{ "type", a_type },   /* numeric(10, 2) */
	{ "body", a_body },   /* $$ ... $$ */
};

/* ---- patterns */

static void match_choice(struct matcher *matcher, const char **pattern,
			 const struct places *in, struct places *out);

static bool is_meta(char c)
{
	return c == '\0' || c == ' ' || c == '[' || c == ']' || c == '{' ||
	       c == '}' || c == '|';
}

static void match_token(struct matcher *matcher, const char *word, size_t len,
			const struct places *in, struct places *out)
{
	const struct patch *patch = &matcher->work->patch;
	CLEANUP(str_done) struct str lower = STR_EMPTY;
	placeholder *find = NULL;

	for (size_t i = 0; i < COUNT_OF(placeholders); i++)
		if (str_slice_equal(word, len, placeholders[i].name))
			find = placeholders[i].find;
	for (size_t i = 0; i < len; i++) {
		char c = word[i];

		str_add_char(&lower, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	for (size_t i = 0; i < in->count; i++) {
		size_t at = in->items[i];
		size_t before = out->count;

		if (find != NULL)
			find(matcher, at, out);
		else if (patch_match(patch, at, lower.text))
			places_add(out, at + 1);
		if (out->count == before && at > matcher->furthest)
			matcher->furthest = at;
	}
}

/* One word, [choice] or {choice}. */
static void match_atom(struct matcher *matcher, const char **pattern,
		       const struct places *in, struct places *out)
{
	const char *at = *pattern;
	size_t len = 0;

	if (*at == '[' || *at == '{') {
		*pattern = at + 1;
		match_choice(matcher, pattern, in, out);
		if (*at == '[')
			places_add_all(out, in);
		if (**pattern != '\0')
			(*pattern)++;
		return;
	}
	while (!is_meta(at[len]) && strncmp(at + len, "...", 3) != 0 &&
	       strncmp(at + len, ",...", 4) != 0)
		len++;
	match_token(matcher, at, len, in, out);
	*pattern = at + len;
}

/* Again and again, as long as a new place is reached. */
static void repeat(struct matcher *matcher, const char *atom, bool commas,
		   struct places *out)
{
	struct places frontier = { 0 };

	places_add_all(&frontier, out);
	while (frontier.count > 0) {
		struct places begins = { 0 };
		struct places ends = { 0 };
		const char *pattern = atom;

		if (commas)
			match_token(matcher, ",", 1, &frontier, &begins);
		else
			places_add_all(&begins, &frontier);
		match_atom(matcher, &pattern, &begins, &ends);
		vec_clear(&frontier);
		for (size_t i = 0; i < ends.count; i++) {
			size_t before = out->count;

			places_add(out, ends.items[i]);
			if (out->count > before)
				places_add(&frontier, ends.items[i]);
		}
		vec_done(&begins);
		vec_done(&ends);
	}
	vec_done(&frontier);
}

static void match_sequence(struct matcher *matcher, const char **pattern,
			   const struct places *in, struct places *out)
{
	struct places now = { 0 };

	places_add_all(&now, in);
	for (;;) {
		struct places next = { 0 };
		const char *atom;

		while (**pattern == ' ')
			(*pattern)++;
		if (**pattern == '\0' || **pattern == '|' || **pattern == ']' ||
		    **pattern == '}')
			break;
		atom = *pattern;
		match_atom(matcher, pattern, &now, &next);
		if (strncmp(*pattern, ",...", 4) == 0) {
			repeat(matcher, atom, true, &next);
			*pattern += 4;
		} else if (strncmp(*pattern, "...", 3) == 0) {
			repeat(matcher, atom, false, &next);
			*pattern += 3;
		}
		vec_done(&now);
		now = next;
	}
	places_add_all(out, &now);
	vec_done(&now);
}

static void match_choice(struct matcher *matcher, const char **pattern,
			 const struct places *in, struct places *out)
{
	for (;;) {
		match_sequence(matcher, pattern, in, out);
		if (**pattern != '|')
			return;
		(*pattern)++;
	}
}

bool rewrite_synopsis(struct work *work, const char *synopsis)
{
	struct matcher matcher = { .work = work };
	struct places start = { 0 };
	struct places ends = { 0 };
	size_t last;

	if (synopsis[0] == '\0')
		return true;
	places_add(&start, 0);
	match_choice(&matcher, &synopsis, &start, &ends);
	last = ends.count > 0 ? ends.items[ends.count - 1] : 0;
	vec_done(&start);
	vec_done(&ends);
	if (last == work->patch.count)
		return true;
	return work_syntax(work,
			   last > matcher.furthest ? last : matcher.furthest);
}
