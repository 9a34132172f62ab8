#include "load/copy_edit.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/lexer.h"

void copy_changes_done(struct copy_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		mem_free(changes->items[i].text);
	vec_done(changes);
}

void copy_changes_set(struct copy_changes *changes, enum copy_option_id id,
		      const char *text)
{
	struct copy_change change = {
		.id = id,
		.text = text == NULL ? NULL : mem_copy_text(text),
	};

	for (size_t i = 0; i < changes->count; i++) {
		if (changes->items[i].id != id)
			continue;
		mem_free(changes->items[i].text);
		changes->items[i] = change;
		return;
	}
	vec_push(changes, change);
}

/* --- the tail --- */

struct tokens { VEC(struct token); };

static void read_tokens(struct tokens *out, const char *text, size_t len)
{
	struct lexer lexer;

	lexer_init(&lexer, text, len, LEXER_ESCAPES, NULL);
	for (;;) {
		struct token token = lexer_next_solid(&lexer);

		if (token.kind == TOKEN_END)
			return;
		vec_push(out, token);
	}
}

static const struct token *token_at(const struct tokens *tokens, size_t i)
{
	static const struct token none = { .kind = TOKEN_END };

	return i < tokens->count ? &tokens->items[i] : &none;
}

/* The index behind the argument of the parameter whose name is tokens[i]. */
static size_t behind_argument(const struct tokens *tokens, size_t i,
			      const struct copy_option *option)
{
	const struct token *next;
	bool as;

	i++;
	if (option->argument == COPY_ARG_NONE)
		return i;
	if (option->argument == COPY_ARG_REST)
		return tokens->count;
	as = token_is(token_at(tokens, i), "AS");
	i += as;
	next = token_at(tokens, i);
	if (option->argument == COPY_ARG_CHAR_MAYBE ||
	    option->argument == COPY_ARG_STRING_MAYBE)
		return i + (next->kind == TOKEN_LITERAL ||
			    next->kind == TOKEN_DOLLAR);
	if (option->argument == COPY_ARG_WORD_MAYBE)
		return i + (next->kind == TOKEN_WORD &&
			    copy_option_in(option->choices, next->text,
					   next->len));
	if (option->argument != COPY_ARG_SIMPLIFY)
		return next->kind == TOKEN_END ? i : i + 1;
	while (token_is(next, "SIMPLIFY") || token_is(next, "AUTO") ||
	       next->kind == TOKEN_NUMBER)
		next = token_at(tokens, ++i);
	return i;
}

/* FORMAT [AS] before a format belongs to it. */
static size_t with_format_word(const struct tokens *tokens, size_t i,
			       const struct copy_option *option)
{
	size_t at = i;

	if (option->group != COPY_GROUP_FORMAT)
		return i;
	if (at > 0 && token_is(token_at(tokens, at - 1), "AS"))
		at--;
	return at > 0 && token_is(token_at(tokens, at - 1), "FORMAT") ? at - 1
								      : i;
}

static const struct copy_change *change_of(const struct copy_changes *changes,
					   enum copy_option_id id)
{
	for (size_t i = 0; i < changes->count; i++)
		if (changes->items[i].id == id)
			return &changes->items[i];
	return NULL;
}

/* It cannot stay beside what is set, or without what goes. */
static bool must_go(const struct copy_changes *changes,
		    const struct copy_option *option)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct copy_change *change = &changes->items[i];
		const struct copy_option *other =
			copy_option_by_id(COPY_VERB_COPY, change->id);

		if (other == NULL || other == option)
			continue;
		if (change->text != NULL && copy_option_excludes(other, option))
			return true;
		if (change->text == NULL && option->needs != NULL &&
		    copy_option_in(option->needs, other->name,
				   strlen(other->name)))
			return true;
	}
	return false;
}

struct editor {
	struct str *out;
	const char *tail;
	const struct tokens *tokens;
	const struct copy_changes *changes;
	bool used[64];	/* the change stands */
	size_t kept;	/* bytes of tail that are in out, or left out */
};

static void keep_up_to(struct editor *editor, size_t at)
{
	if (at > editor->kept)
		str_add_slice(editor->out, editor->tail + editor->kept,
			      at - editor->kept);
	editor->kept = at;
}

static size_t end_of(const struct token *token)
{
	return token->at + token->len;
}

/* Takes out tokens [from, to) with the blanks behind them, or puts text in
 * their place. */
static void replace(struct editor *editor, size_t from, size_t to,
		    const char *text)
{
	size_t end = end_of(token_at(editor->tokens, to - 1));

	keep_up_to(editor, token_at(editor->tokens, from)->at);
	if (text != NULL)
		str_add(editor->out, text);
	else if (to < editor->tokens->count)
		end = token_at(editor->tokens, to)->at;
	editor->kept = end;
}

/* Returns the index of the token to go on with. */
static size_t edit_token(struct editor *editor, size_t i)
{
	const struct token *token = token_at(editor->tokens, i);
	const struct copy_option *option =
		token->kind == TOKEN_WORD
			? copy_option_find(COPY_VERB_COPY, token->text,
					   token->len)
			: NULL;
	const struct copy_change *change;
	size_t behind;
	bool again;

	if (option == NULL)
		return i + 1;
	behind = behind_argument(editor->tokens, i, option);
	change = change_of(editor->changes, option->id);
	if (change == NULL && !must_go(editor->changes, option))
		return behind;
	again = change != NULL &&
		editor->used[change - editor->changes->items];
	if (change != NULL)
		editor->used[change - editor->changes->items] = true;
	replace(editor, with_format_word(editor->tokens, i, option), behind,
		change == NULL || again ? NULL : change->text);
	return behind;
}

void copy_edit_tail(struct str *out, const char *tail, size_t len,
		    const struct copy_changes *changes)
{
	struct tokens tokens = { 0 };
	struct editor editor = { .out = out,
				 .tail = tail,
				 .tokens = &tokens,
				 .changes = changes };
	size_t before = out->len;

	read_tokens(&tokens, tail, len);
	for (size_t i = 0; i < tokens.count;)
		i = edit_token(&editor, i);
	keep_up_to(&editor, len);
	while (out->len > before && strchr(" \t\r\n", out->text[out->len - 1]))
		str_cut(out, out->len - 1);
	for (size_t i = 0; i < changes->count && i < COUNT_OF(editor.used);
	     i++) {
		if (editor.used[i] || changes->items[i].text == NULL)
			continue;
		str_addf(out, "%s%s", out->len > before ? " " : "",
			 changes->items[i].text);
	}
	vec_done(&tokens);
}

/* --- the statement --- */

/* Where its parts stand among the tokens; all 0: no COPY ... FROM. */
struct places {
	size_t copy, table_end, from, source, end;
};

static size_t find_copy(const struct tokens *tokens)
{
	bool begins = true;

	for (size_t i = 0; i < tokens->count; i++) {
		if (begins && token_is(&tokens->items[i], "COPY"))
			return i;
		begins = token_is_char(&tokens->items[i], ';');
	}
	return tokens->count;
}

static bool find_places(const struct tokens *tokens, struct places *out)
{
	size_t i = find_copy(tokens);

	*out = (struct places){ .copy = i };
	for (; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];

		if (token_is_char(token, ';'))
			break;
		if (out->table_end == 0 && (token_is_char(token, '(') ||
					    token_is(token, "FROM")))
			out->table_end = i;
		if (out->from == 0 && token_is(token, "FROM"))
			out->from = i;
	}
	out->end = i;
	out->source = out->from + 1;
	return out->from > out->copy + 1 && out->source < out->end;
}

static void add_tokens(struct str *out, const char *sql,
		       const struct tokens *tokens, size_t from, size_t to)
{
	size_t begin = tokens->items[from].at;

	if (to > from)
		str_add_slice(out, sql + begin,
			      end_of(&tokens->items[to - 1]) - begin);
}

static void add_statement(struct str *out, const char *sql,
			  const struct tokens *tokens,
			  const struct places *places, const char *columns,
			  const char *table,
			  const struct copy_changes *changes)
{
	size_t tail = end_of(&tokens->items[places->source]);
	size_t end = places->end < tokens->count
			     ? tokens->items[places->end].at
			     : strlen(sql);
	CLEANUP(str_done) struct str parameters = STR_EMPTY;

	add_tokens(out, sql, tokens, places->copy, places->copy + 1);
	str_add_char(out, ' ');
	if (table != NULL)
		str_add(out, table);
	else
		add_tokens(out, sql, tokens, places->copy + 1,
			   places->table_end);
	if (columns != NULL)
		str_addf(out, "%s%s", columns[0] == '\0' ? "" : " ", columns);
	else if (places->table_end < places->from) {
		str_add_char(out, ' ');
		add_tokens(out, sql, tokens, places->table_end, places->from);
	}
	str_add(out, columns != NULL || table != NULL ? "\n" : " ");
	add_tokens(out, sql, tokens, places->from, places->source + 1);
	copy_edit_tail(&parameters, sql + tail, end - tail, changes);
	if (parameters.len > 0 && !isspace((unsigned char)parameters.text[0]))
		str_add_char(out, ' ');
	str_add_slice(out, parameters.text, parameters.len);
	mem_wipe(parameters.text, parameters.cap > 0 ? parameters.len : 0);
}

bool copy_edit_statement(struct str *out, const char *sql, const char *table,
			 const char *columns,
			 const struct copy_changes *changes)
{
	struct tokens tokens = { 0 };
	struct places places;
	bool good;

	read_tokens(&tokens, sql, strlen(sql));
	good = find_places(&tokens, &places);
	if (good)
		add_statement(out, sql, &tokens, &places, columns, table,
			      changes);
	vec_done(&tokens);
	return good;
}
