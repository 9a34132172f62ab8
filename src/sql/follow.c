/* How: a thread is a place in the steps of sql/syntax. All threads take one
 * item of the statement at a time; those that cannot are dropped. What the
 * last ones wait for is the answer. */
#include "sql/follow.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "sql/keyword.h"
#include "sql/lexer.h"

#define NO_THREAD SIZE_MAX

enum {
	THREADS_MAX = 2000,
	NONE = -1, /* no item */
};

/* ---- the statement as items ---- */

enum item_kind {
	ITEM_WORD,
	ITEM_NAME,    /* quoted, dotted, :"name" */
	ITEM_LITERAL, /* also between dollars, :'name' */
	ITEM_NUMBER,
	ITEM_VARIABLE, /* :name, $1: any of these */
	ITEM_MARK,     /* punctuation, operators */
};

struct item {
	enum item_kind kind;
	const char *text;
	size_t len;
	size_t behind; /* of "(": the item after its ")", SIZE_MAX: open */
	bool in_case;  /* from CASE to its END: words are none of ours */
};

struct items {
	VEC(struct item);
	struct {
		VEC(size_t);
	} open;
	bool dotted;  /* the last item is a name that goes on */
	size_t cases; /* open ones */
};

static enum item_kind kind_of(const struct token *token)
{
	switch (token->kind) {
	case TOKEN_WORD:
		return ITEM_WORD;
	case TOKEN_NAME:
	case TOKEN_TEMP:
		return ITEM_NAME;
	case TOKEN_LITERAL:
	case TOKEN_DOLLAR:
		return ITEM_LITERAL;
	case TOKEN_NUMBER:
		return ITEM_NUMBER;
	case TOKEN_PARAM:
		return ITEM_VARIABLE;
	case TOKEN_VARIABLE:
		return token->text[1] == '\''  ? ITEM_LITERAL
		       : token->text[1] == '"' ? ITEM_NAME
					       : ITEM_VARIABLE;
	case TOKEN_END:
	case TOKEN_BLANK:
	case TOKEN_COMMENT:
	case TOKEN_CAST:
	case TOKEN_OPERATOR:
	case TOKEN_PUNCT:
	case TOKEN_BACKSLASH:
	case TOKEN_BAD:
		break;
	}
	return ITEM_MARK;
}

static bool is_name(const struct item *item)
{
	return item->kind == ITEM_WORD || item->kind == ITEM_NAME ||
	       item->kind == ITEM_VARIABLE;
}

static void push(struct items *items, const struct token *token)
{
	struct item item = {
		.kind = kind_of(token),
		.text = token->text,
		.len = token->len,
		.behind = SIZE_MAX,
		.in_case = items->cases > 0,
	};
	struct item *last =
		items->count > 0 ? &items->items[items->count - 1] : NULL;

	if (token_is_char(token, '.') && last != NULL && is_name(last)) {
		items->dotted = true;
		return;
	}
	if (items->dotted && is_name(&item)) {
		last->kind = ITEM_NAME;
		last->len = (size_t)(item.text + item.len - last->text);
		items->dotted = false;
		return;
	}
	items->dotted = false;
	if (token_is(token, "CASE"))
		items->cases++;
	else if (token_is(token, "END") && items->cases > 0)
		items->cases--;
	if (token_is_char(token, '(')) {
		vec_push(&items->open, items->count);
	} else if (token_is_char(token, ')') && items->open.count > 0) {
		size_t at = items->open.items[--items->open.count];

		items->items[at].behind = items->count + 1;
	}
	vec_push(items, item);
}

/* false: the text ends inside quotes, of which sql/expect knows more. */
static bool read_items(const char *sql, size_t len, struct items *items)
{
	struct lexer lexer;
	struct token token;
	bool open = false;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		open = token.open;
		if (token_is_char(&token, ';')) {
			vec_clear(items);
			vec_clear(&items->open);
			items->dotted = false;
			items->cases = 0;
		} else {
			push(items, &token);
		}
	}
	return !open;
}

static bool is_mark(const struct item *item, char c)
{
	return item->kind == ITEM_MARK && item->len == 1 && *item->text == c;
}

/* ---- threads ---- */

struct thread {
	size_t at;        /* step */
	uint64_t used;    /* choices of the ~{...} it is in */
	size_t until;     /* waits for this item */
	bool deep;        /* took something as <expr>, <query>, <rest> */
	int about, first; /* items, or NONE */
	size_t same;      /* thread before it at this step, or NO_THREAD */
};

struct threads {
	VEC(struct thread);
};

struct mark {          /* of a step */
	size_t item;   /* the threads behind this item are meant */
	uint64_t used; /* as the last of them at this step had it */
	size_t until;
	size_t last; /* that one on the list, or NO_THREAD */
};

struct walk {
	struct syntax syntax;
	size_t item; /* threads go on behind it; counted from 1 */
	struct {
		VEC(struct mark);
	} marks; /* one a step */
	struct items items;
	struct threads now, next;
	struct follow *out;
};

/* Was there such a thread already? */
static bool note_thread(struct walk *walk, struct thread *thread, bool waits)
{
	struct mark *mark = &walk->marks.items[thread->at];
	const struct threads *to = &walk->next;
	bool marked = mark->item == walk->item;
	size_t last = marked ? mark->last : NO_THREAD;

	if (marked && mark->used == thread->used &&
	    mark->until == thread->until)
		return true;
	thread->same = last;
	for (; last != NO_THREAD; last = to->items[last].same)
		if (to->items[last].used == thread->used &&
		    to->items[last].until == thread->until)
			return true;
	mark->item = walk->item;
	mark->used = thread->used;
	mark->until = thread->until;
	mark->last = waits ? to->count : NO_THREAD;
	return false;
}

static bool waits(const struct syntax_step *step)
{
	return step->op == SYNTAX_WORD || step->op == SYNTAX_LITERAL ||
	       step->op == SYNTAX_MARK || step->op == SYNTAX_IS ||
	       step->op == SYNTAX_END;
}

/* Puts a thread, moved to step at, onto the list, and those that it becomes
 * without taking an item. Only those that wait for one are on the list; no
 * step on the way is visited twice in the same state. */
static void add(struct walk *walk, struct thread thread, size_t at)
{
	const struct syntax_step *step = &walk->syntax.items[at];
	struct threads *to = &walk->next;

	thread.at = at;
	if (to->count >= THREADS_MAX || note_thread(walk, &thread, waits(step)))
		return;
	if (waits(step))
		vec_push(to, thread);
	switch (step->op) {
	case SYNTAX_FORK:
		add(walk, thread, at + 1);
		add(walk, thread, step->to);
		break;
	case SYNTAX_JUMP:
		add(walk, thread, step->to);
		break;
	case SYNTAX_FORGET:
		thread.used = 0;
		add(walk, thread, at + 1);
		break;
	case SYNTAX_ONCE:
		if (!step->must)
			add(walk, thread, at + 1 + step->count);
		for (size_t i = 0; i < step->count; i++) {
			struct thread taken = thread;

			if ((thread.used & (UINT64_C(1) << i)) != 0)
				continue;
			taken.used |= UINT64_C(1) << i;
			add(walk, taken, at + 1 + i);
		}
		break;
	case SYNTAX_WORD:
	case SYNTAX_LITERAL:
	case SYNTAX_MARK:
	case SYNTAX_IS:
	case SYNTAX_END:
		break;
	}
}

/* ---- one item ---- */

static bool is_free_name(const struct item *item)
{
	if (item->kind == ITEM_WORD)
		return !keyword_is_reserved(item->text, item->len);
	return item->kind == ITEM_NAME || item->kind == ITEM_VARIABLE;
}

static bool is_text(const struct item *item)
{
	return item->kind == ITEM_LITERAL || item->kind == ITEM_VARIABLE;
}

static bool fits_kind(enum syntax_kind kind, const struct item *item)
{
	switch (kind) {
	case SYNTAX_NUMBER:
		return item->kind == ITEM_NUMBER || item->kind == ITEM_VARIABLE;
	case SYNTAX_VALUE:
	case SYNTAX_SETTING_VALUE:
		return item->kind != ITEM_MARK || is_mark(item, '-');
	case SYNTAX_PARENS:
		return is_mark(item, '(');
	case SYNTAX_EXPR:
		return !is_mark(item, ')') && !is_mark(item, ',');
	case SYNTAX_PROPERTIES:
	case SYNTAX_QUERY:
	case SYNTAX_REST:
	case SYNTAX_COPY:
	case SYNTAX_UNLOAD:
	case SYNTAX_TEMPLATE:
		return !is_mark(item, ')');
	case SYNTAX_TEXT:
	case SYNTAX_BODY:
	case SYNTAX_QUERY_TEXT:
	case SYNTAX_SOURCE:
	case SYNTAX_S3:
	case SYNTAX_ARN:
	case SYNTAX_REGION:
		return is_text(item);
	case SYNTAX_TYPE:
	case SYNTAX_ENCODING:
		return is_name(item);
	case SYNTAX_NEW:
	case SYNTAX_NAME:
	case SYNTAX_TABLE:
	case SYNTAX_RELATION:
	case SYNTAX_EXTERNAL_TABLE:
	case SYNTAX_VIEW:
	case SYNTAX_MVIEW:
	case SYNTAX_NEW_TABLE:
	case SYNTAX_COLUMN:
	case SYNTAX_TARGET_COLUMN:
	case SYNTAX_TABLE_COLUMN:
	case SYNTAX_NEW_COLUMN:
	case SYNTAX_OWN_COLUMN:
	case SYNTAX_SCHEMA:
	case SYNTAX_DATABASE:
	case SYNTAX_USER:
	case SYNTAX_GROUP:
	case SYNTAX_ROLE:
	case SYNTAX_FUNCTION:
	case SYNTAX_PROCEDURE:
	case SYNTAX_LIBRARY:
	case SYNTAX_DATASHARE:
	case SYNTAX_SETTING:
	case SYNTAX_PARAMETER:
	case SYNTAX_KIND_COUNT:
		break;
	}
	return is_free_name(item);
}

static bool fits(const struct syntax_step *step, const struct item *item)
{
	switch (step->op) {
	case SYNTAX_WORD:
		return item->kind == ITEM_WORD && !item->in_case &&
		       item->len == step->len &&
		       strncasecmp(item->text, step->text, step->len) == 0;
	case SYNTAX_LITERAL:
		return item->kind == ITEM_LITERAL &&
		       item->len == step->len + 2 &&
		       strncmp(item->text + 1, step->text, step->len) == 0;
	case SYNTAX_MARK:
		return is_mark(item, *step->text);
	case SYNTAX_IS:
		return fits_kind(step->kind, item);
	case SYNTAX_FORK:
	case SYNTAX_JUMP:
	case SYNTAX_FORGET:
	case SYNTAX_ONCE:
	case SYNTAX_END:
		break;
	}
	return false;
}

/* A word of the row is that, and no name; a query goes on all the same. */
static bool gives_way(const struct syntax_step *step)
{
	return step->op == SYNTAX_IS && step->kind != SYNTAX_QUERY &&
	       step->kind != SYNTAX_REST;
}

static bool is_long(enum syntax_kind kind)
{
	return kind == SYNTAX_QUERY || kind == SYNTAX_REST ||
	       kind == SYNTAX_EXPR;
}

static void note_own(struct follow *out, const struct item *item)
{
	struct follow_name name = { item->text, item->len };

	if (out->own.count == 0 ||
	    out->own.items[out->own.count - 1].text != name.text)
		vec_push(&out->own, name);
}

static void take(struct walk *walk, struct thread thread, size_t i)
{
	const struct syntax_step *step = &walk->syntax.items[thread.at];
	const struct item *item = &walk->items.items[i];

	thread.deep = false;
	if (step->op == SYNTAX_IS) {
		thread.deep = is_long(step->kind);
		switch (step->kind) {
		case SYNTAX_NEW_COLUMN:
			note_own(walk->out, item);
			break;
		case SYNTAX_TABLE:
		case SYNTAX_RELATION:
		case SYNTAX_EXTERNAL_TABLE:
		case SYNTAX_VIEW:
		case SYNTAX_MVIEW:
		case SYNTAX_SETTING:
			thread.about = (int)i;
			if (thread.first == NONE)
				thread.first = (int)i;
			break;
		default:
			break;
		}
		/* These take a pair of parentheses as one. */
		if (is_mark(item, '(')) {
			thread.until = item->behind;
			if (item->behind == SIZE_MAX) {
				vec_push(&walk->next, thread);
				return;
			}
		}
	}
	add(walk, thread, thread.at + 1);
}

static void swap_lists(struct walk *walk)
{
	struct threads old = walk->now;

	walk->now = walk->next;
	walk->next = old;
	vec_clear(&walk->next);
}

static void step_all(struct walk *walk, size_t i)
{
	const struct item *item = &walk->items.items[i];
	const struct syntax_step *steps = walk->syntax.items;
	bool as_word = false;

	walk->item = i + 1;
	for (size_t k = 0; k < walk->now.count; k++) {
		const struct thread *thread = &walk->now.items[k];

		if (thread->until <= i && steps[thread->at].op == SYNTAX_WORD)
			as_word = as_word || fits(&steps[thread->at], item);
	}
	for (size_t k = 0; k < walk->now.count; k++) {
		struct thread thread = walk->now.items[k];
		const struct syntax_step *step = &steps[thread.at];

		if (thread.until > i)
			vec_push(&walk->next, thread);
		else if (fits(step, item) && !(as_word && gives_way(step)))
			take(walk, thread, i);
	}
	swap_lists(walk);
}

/* ---- the answer ---- */

static void add_text(struct follow_words *words, struct str *text)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i], text->text) == 0)
			return;
	vec_push(words, str_take(text));
}

/* How much both begin with, in whole words; a "(" counts as one. */
static size_t common_words(const char *a, const char *b)
{
	size_t len = 0;
	size_t at = 0;

	for (;; at++) {
		bool ends_a = a[at] == '\0' || strchr(" (", a[at]) != NULL;
		bool ends_b = b[at] == '\0' || strchr(" (", b[at]) != NULL;

		if (ends_a && ends_b)
			len = at;
		if (a[at] != b[at])
			return len;
		if (a[at] == '\0')
			return at;
	}
}

/* Phrases of one first word are one: what they have in common. */
static void add_phrase(struct follow_words *words, struct str *text)
{
	for (size_t i = 0; i < words->count; i++) {
		size_t common = common_words(words->items[i], text->text);

		if (common > 0) {
			words->items[i][common] = '\0';
			return;
		}
	}
	vec_push(words, str_take(text));
}

/* The word, and those of the same piece that must come behind it: NOT NULL,
 * DISTKEY(. */
static void add_word(struct walk *walk, size_t at)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct syntax_step *steps = walk->syntax.items;

	if (steps[at].quiet)
		return;
	for (; steps[at].op == SYNTAX_WORD; at++) {
		if (text.len > 0)
			str_add_char(&text, ' ');
		str_add_slice(&text, steps[at].text, steps[at].len);
	}
	if (steps[at].op == SYNTAX_MARK && *steps[at].text == '(')
		str_add_char(&text, '(');
	add_phrase(&walk->out->words, &text);
}

static struct follow_name name_of(const struct walk *walk, int item)
{
	struct follow_name name = { NULL, 0 };

	if (item != NONE) {
		name.text = walk->items.items[item].text;
		name.len = walk->items.items[item].len;
	}
	return name;
}

static void collect_kind(struct walk *walk, const struct thread *thread,
			 enum syntax_kind kind)
{
	struct follow *out = walk->out;

	if (kind == SYNTAX_REST ||
	    (thread->deep &&
	     (kind == SYNTAX_QUERY || thread->until == SIZE_MAX))) {
		out->deep = true;
		return;
	}
	if (thread->until == SIZE_MAX)
		return;
	out->kinds |= UINT64_C(1) << kind;
	if (out->about.len == 0)
		out->about = name_of(walk, thread->about);
	if (out->first.len == 0)
		out->first = name_of(walk, thread->first);
}

static void collect(struct walk *walk)
{
	for (size_t i = 0; i < walk->now.count; i++) {
		const struct thread *thread = &walk->now.items[i];
		const struct syntax_step *step =
			&walk->syntax.items[thread->at];

		if (thread->until != SIZE_MAX &&
		    thread->until > walk->items.count)
			continue;
		walk->out->known = true;
		if (step->op == SYNTAX_IS) {
			collect_kind(walk, thread, step->kind);
		} else if (step->op == SYNTAX_WORD) {
			add_word(walk, thread->at);
		} else if (step->op == SYNTAX_LITERAL) {
			CLEANUP(str_done) struct str text = STR_EMPTY;

			str_add_slice(&text, step->text, step->len);
			add_text(&walk->out->literals, &text);
		}
	}
}

static bool is_only_rest(const struct walk *walk)
{
	for (size_t i = 0; i < walk->now.count; i++) {
		const struct syntax_step *step =
			&walk->syntax.items[walk->now.items[i].at];

		if (step->op != SYNTAX_END &&
		    (step->op != SYNTAX_IS || step->kind != SYNTAX_REST))
			return false;
	}
	return walk->now.count > 0;
}

static void start(struct walk *walk)
{
	const struct item *head =
		walk->items.count > 0 ? walk->items.items : NULL;
	struct thread thread = { .about = NONE, .first = NONE };

	if (head != NULL && head->kind != ITEM_WORD)
		return;
	syntax_compile(&walk->syntax, head != NULL ? head->text : "",
		       head != NULL ? head->len : 0);
	for (size_t i = 0; i < walk->syntax.count; i++)
		vec_push(&walk->marks, ((struct mark){ .item = SIZE_MAX,
						       .last = NO_THREAD }));
	for (size_t i = 0; i < walk->syntax.starts.count; i++)
		add(walk, thread, walk->syntax.starts.items[i]);
	swap_lists(walk);
}

void follow_at(const char *sql, size_t cursor, struct follow *out)
{
	struct walk walk = { .out = out };

	if (read_items(sql, cursor, &walk.items))
		start(&walk);
	for (size_t i = 0; i < walk.items.count && walk.now.count > 0; i++) {
		step_all(&walk, i);
		if (is_only_rest(&walk))
			break;
	}
	collect(&walk);
	syntax_done(&walk.syntax);
	vec_done(&walk.items);
	vec_done(&walk.items.open);
	vec_done(&walk.marks);
	vec_done(&walk.now);
	vec_done(&walk.next);
}

static void free_words(struct follow_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		mem_free(words->items[i]);
	vec_done(words);
}

void follow_done(struct follow *follow)
{
	free_words(&follow->words);
	free_words(&follow->literals);
	vec_done(&follow->own);
}

bool follow_has(const struct follow *follow, enum syntax_kind kind)
{
	return (follow->kinds & (UINT64_C(1) << kind)) != 0;
}
