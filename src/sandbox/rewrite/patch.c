#include "sandbox/rewrite/patch.h"

#include <string.h>

#include "base/vec.h"

/* Partners and depths; one stack over the array. */
static void pair_brackets(struct patch *patch)
{
	struct {
		VEC(size_t);
	} open = { 0 };

	patch->balanced = true;
	for (size_t i = 0; i < patch->count; i++) {
		struct patch_token *item = &patch->items[i];

		if (token_is_char(&item->token, ')')) {
			if (open.count == 0) {
				patch->balanced = false;
				continue;
			}
			item->pair = open.items[--open.count];
			patch->items[item->pair].pair = i;
		}
		item->depth = (int)open.count;
		if (token_is_char(&item->token, '('))
			vec_push(&open, i);
	}
	if (open.count > 0)
		patch->balanced = false;
	vec_done(&open);
}

void patch_init(struct patch *patch, const char *sql, size_t len)
{
	struct lexer lexer;
	struct token token;
	size_t end = 0;

	*patch = (struct patch){ .sql = sql, .len = len };
	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	do {
		struct patch_token item = { .token = lexer_next_solid(&lexer) };

		token = item.token;
		item.gap = token.at - end;
		end = token.at + token.len;
		vec_push(patch, item);
	} while (token.kind != TOKEN_END);
	patch->count--;
	while (patch->count > 0 &&
	       token_is_char(&patch->items[patch->count - 1].token, ';')) {
		patch->count--;
		patch->items[patch->count].token.kind = TOKEN_END;
		patch->items[patch->count].token.len = 0;
	}
	pair_brackets(patch);
}

void patch_done(struct patch *patch)
{
	for (size_t i = 0; i < patch->count; i++) {
		mem_free(patch->items[i].before);
		mem_free(patch->items[i].text);
		mem_free(patch->items[i].after);
	}
	vec_done(patch);
}

const struct token *patch_at(const struct patch *patch, size_t at)
{
	return &patch->items[at < patch->count ? at : patch->count].token;
}

static bool is_word(const struct token *token, const char *word, size_t len)
{
	bool sign = token->kind == TOKEN_PUNCT ||
		    token->kind == TOKEN_OPERATOR || token->kind == TOKEN_CAST;

	if (token->len != len || (token->kind != TOKEN_WORD && !sign))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = token->text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != word[i])
			return false;
	}
	return true;
}

size_t patch_match(const struct patch *patch, size_t at, const char *words)
{
	size_t i = at;

	while (*words != '\0') {
		size_t len = strcspn(words, " ");

		if (!is_word(patch_at(patch, i), words, len))
			return 0;
		i++;
		words += len + (words[len] == ' ');
	}
	return i - at;
}

size_t patch_find(const struct patch *patch, size_t from, size_t to,
		  const char *word)
{
	if (to > patch->count)
		to = patch->count;
	for (size_t i = from; i < to; i++) {
		if (is_word(&patch->items[i].token, word, strlen(word)))
			return i;
		if (token_is_char(&patch->items[i].token, '(') &&
		    patch->items[i].pair > i)
			i = patch->items[i].pair;
	}
	return PATCH_NONE;
}

static void put(char **slot, char *text)
{
	mem_free(*slot);
	*slot = text;
}

void patch_replace(struct patch *patch, size_t at, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	put(&patch->items[at].text, str_take(&text));
}

void patch_drop(struct patch *patch, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < patch->count; i++) {
		put(&patch->items[i].text, mem_copy_text(""));
		put(&patch->items[i].before, NULL);
		put(&patch->items[i].after, NULL);
	}
}

static void join(char **slot, const char *first, const char *second)
{
	struct str text = STR_EMPTY;

	str_add(&text, first != NULL ? first : "");
	str_add(&text, second != NULL ? second : "");
	put(slot, str_take(&text));
}

void patch_before(struct patch *patch, size_t at, const char *text)
{
	join(&patch->items[at].before, text, patch->items[at].before);
}

void patch_after(struct patch *patch, size_t at, const char *text)
{
	join(&patch->items[at].after, patch->items[at].after, text);
}

static void render_token(const struct patch *patch,
			 const struct patch_token *item, struct str *out,
			 struct patch_spans *spans)
{
	struct patch_span span = { 0 };

	if (item->before != NULL)
		str_add(out, item->before);
	span.to = out->len;
	span.from = item->token.at;
	if (spans != NULL)
		vec_push(spans, span);
	if (item->text != NULL)
		str_add(out, item->text);
	else
		str_add_slice(out, patch->sql + item->token.at,
			      item->token.len);
	if (item->after != NULL)
		str_add(out, item->after);
}

void patch_render(const struct patch *patch, size_t from, size_t to,
		  struct str *out, struct patch_spans *spans)
{
	bool skipped = false;

	for (size_t i = from; i < to && i < patch->count; i++) {
		const struct patch_token *item = &patch->items[i];
		bool dropped = item->text != NULL && item->text[0] == '\0' &&
			       item->before == NULL && item->after == NULL;

		if (dropped) {
			skipped = true;
			continue;
		}
		if (i > from)
			str_add_slice(out,
				      patch->sql + item->token.at - item->gap,
				      item->gap);
		if (skipped && item->gap == 0)
			str_add_char(out, ' ');
		skipped = false;
		render_token(patch, item, out, spans);
	}
}

size_t patch_arguments(const struct patch *patch, size_t open,
		       struct patch_range *out, size_t max)
{
	size_t close = patch->items[open].pair;
	size_t from = open + 1;
	size_t count = 0;

	if (close <= open + 1)
		return 0;
	for (;;) {
		size_t comma = patch_find(patch, from, close, ",");
		size_t to = comma == PATCH_NONE ? close : comma;

		if (count < max)
			out[count] = (struct patch_range){ from, to };
		count++;
		if (comma == PATCH_NONE)
			return count;
		from = comma + 1;
	}
}
