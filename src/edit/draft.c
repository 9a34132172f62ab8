#include "edit/draft.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "edit/flow.h"
#include "edit/theme.h"

enum {
	STATES_LOOKED_AT = 8, /* of the newest, to find one again */
	PROMPTS = 8,
	BRACKET_BYTES = 64 << 10, /* looked through for a bracket's match */
};

struct line {
	size_t at;
	uint32_t state; /* index: what the line begins in */
	uint32_t rows;  /* 0: not counted */
};

struct prompt {      /* of further lines, by what they begin in */
	char inside; /* 0: not asked for yet */
	struct str text;
};

struct draft {
	struct draft_options options;
	bool escapes;
	int columns;
	struct str text;
	struct str first; /* prompt of the first line */
	struct {
		VEC(struct line);
	} lines;
	struct {
		VEC(struct highlight_state);
	} states;
	uint32_t end_state;
	size_t rows;
	struct prompt prompts[PROMPTS];
	bool numbered; /* prompts hold the line's number */
	struct str styles;
};

struct draft *draft_new(const struct draft_options *options)
{
	struct draft *draft = mem_alloc(sizeof(*draft));
	const struct str empty = STR_EMPTY;

	draft->options = *options;
	draft->text = draft->first = draft->styles = empty;
	for (size_t i = 0; i < PROMPTS; i++)
		draft->prompts[i].text = empty;
	return draft;
}

void draft_free(struct draft *draft)
{
	if (draft == NULL)
		return;
	str_done(&draft->text);
	str_done(&draft->first);
	str_done(&draft->styles);
	for (size_t i = 0; i < PROMPTS; i++)
		str_done(&draft->prompts[i].text);
	vec_done(&draft->lines);
	vec_done(&draft->states);
	mem_free(draft);
}

static void forget_rows(struct draft *draft)
{
	for (size_t i = 0; i < draft->lines.count; i++)
		draft->lines.items[i].rows = 0;
}

void draft_begin(struct draft *draft, const char *prompt,
		 const struct highlight_state *state, bool escapes)
{
	static const struct highlight_state start;
	struct line first = { 0 };

	draft->escapes = escapes;
	str_set(&draft->first, prompt);
	/* A large text is not kept beyond its use. */
	if (draft->text.cap > 1 << 20) {
		str_done(&draft->text);
		draft->text = (struct str)STR_EMPTY;
		vec_done(&draft->lines);
	}
	str_clear(&draft->text);
	vec_clear(&draft->states);
	vec_clear(&draft->lines);
	vec_push(&draft->states, state ? *state : start);
	vec_push(&draft->lines, first);
	draft->end_state = 0;
	for (size_t i = 0; i < PROMPTS; i++)
		draft->prompts[i].inside = '\0';
	draft->numbered = false;
}

void draft_set_prompt(struct draft *draft, const char *prompt)
{
	if (strcmp(draft->first.text, prompt) == 0)
		return;
	str_set(&draft->first, prompt);
	draft->lines.items[0].rows = 0;
}

/* The state's index: one of the newest when it is the same. */
static uint32_t keep_state(struct draft *draft,
			   const struct highlight_state *state)
{
	size_t count = draft->states.count;

	for (size_t i = 0; i < STATES_LOOKED_AT && i < count; i++)
		if (highlight_same(&draft->states.items[count - 1 - i], state))
			return (uint32_t)(count - 1 - i);
	vec_push(&draft->states, *state);
	return (uint32_t)count;
}

/* ---- what has changed ---- */

struct change { /* old[from..old_to) became new[from..new_to) */
	size_t from, old_to, new_to;
};

static size_t same_start(const char *a, const char *b, size_t len)
{
	size_t at = 0;

	/* memcmp is fast where nothing differs, which is most of it. */
	while (at + 256 <= len && memcmp(a + at, b + at, 256) == 0)
		at += 256;
	while (at < len && a[at] == b[at])
		at++;
	return at;
}

static size_t same_end(const char *a_end, const char *b_end, size_t len)
{
	size_t n = 0;

	while (n + 256 <= len &&
	       memcmp(a_end - n - 256, b_end - n - 256, 256) == 0)
		n += 256;
	while (n < len && a_end[-1 - (ptrdiff_t)n] == b_end[-1 - (ptrdiff_t)n])
		n++;
	return n;
}

static struct change find_change(const struct str *old, const char *text,
				 size_t len)
{
	size_t shorter = old->len < len ? old->len : len;
	size_t start = same_start(old->text, text, shorter);
	size_t end =
		same_end(old->text + old->len, text + len, shorter - start);

	return (struct change){ start, old->len - end, len - end };
}

size_t draft_line_of(const struct draft *draft, size_t at)
{
	size_t low = 0, high = draft->lines.count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (draft->lines.items[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static size_t count_newlines(const char *text, size_t len)
{
	size_t count = 0;
	const char *at = text, *end = text + len;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		count++;
		at++;
	}
	return count;
}

/* Makes room for the lines of the new middle part, and moves those behind.
 * Returns the first line behind the change. */
static size_t move_lines(struct draft *draft, const struct change *change,
			 const char *text)
{
	size_t first = draft_line_of(draft, change->from);
	size_t old_last = draft_line_of(draft, change->old_to);
	size_t fresh = count_newlines(text + change->from,
				      change->new_to - change->from);
	size_t behind = draft->lines.count - old_last - 1;
	size_t new_count = first + 1 + fresh + behind;
	struct line *items;
	size_t at = change->from;

	if (new_count > draft->lines.count)
		vec_reserve(&draft->lines, new_count - draft->lines.count);
	items = draft->lines.items;
	memmove(items + first + 1 + fresh, items + old_last + 1,
		behind * sizeof(*items));
	draft->lines.count = new_count;
	for (size_t i = 0; i < fresh; i++) {
		const char *end = memchr(text + at, '\n', change->new_to - at);

		at = (size_t)(end - text) + 1;
		items[first + 1 + i] =
			(struct line){ .at = at, .state = UINT32_MAX };
	}
	for (size_t i = first + 1 + fresh; i < new_count; i++)
		items[i].at += change->new_to - change->old_to;
	items[first].rows = 0;
	return first + 1 + fresh;
}

/* Reads lines from first on, until the state is what it was behind the
 * change. */
static void read_states(struct draft *draft, size_t first, size_t behind)
{
	size_t count = draft->lines.count;

	for (size_t i = first; i < count; i++) {
		struct highlight_state state =
			draft->states.items[draft->lines.items[i].state];
		struct highlight_line line = { .styles = NULL };
		uint32_t next;

		highlight_read(&state,
			       draft->text.text + draft_line_start(draft, i),
			       draft_line_len(draft, i), draft->escapes, &line);
		next = keep_state(draft, &state);
		if (i + 1 == count) {
			draft->end_state = next;
			return;
		}
		if (i + 1 >= behind &&
		    draft->lines.items[i + 1].state != UINT32_MAX &&
		    (draft->lines.items[i + 1].state == next ||
		     highlight_same(
			     &draft->states
				      .items[draft->lines.items[i + 1].state],
			     &state)))
			return;
		draft->lines.items[i + 1].state = next;
		draft->lines.items[i + 1].rows = 0;
	}
}

static void count_rows(struct draft *draft)
{
	size_t rows = 0;

	for (size_t i = 0; i < draft->lines.count; i++) {
		struct line *line = &draft->lines.items[i];

		if (line->rows == 0) {
			struct flow flow = { 0 };

			flow_start(&flow, draft->columns, NULL);
			flow_prompt(&flow, draft_prompt(draft, i), 0, 0);
			flow_text(&flow, draft->text.text + line->at,
				  draft_line_len(draft, i), NULL, 0);
			line->rows = (uint32_t)flow.row + 1;
		}
		rows += line->rows;
	}
	draft->rows = rows;
}

void draft_update(struct draft *draft, const char *text, size_t len,
		  int columns)
{
	struct change change = find_change(&draft->text, text, len);
	bool changed =
		change.old_to > change.from || change.new_to > change.from;

	if (columns != draft->columns) {
		draft->columns = columns;
		forget_rows(draft);
	}
	if (changed) {
		size_t first = draft_line_of(draft, change.from);
		size_t lines = draft->lines.count;
		size_t behind = move_lines(draft, &change, text);

		if (draft->numbered && lines != draft->lines.count)
			forget_rows(draft);

		str_cut(&draft->text, change.from);
		str_add_slice(&draft->text, text + change.from,
			      len - change.from);
		read_states(draft, first, behind);
	}
	count_rows(draft);
}

/* ---- questions ---- */

size_t draft_lines(const struct draft *draft)
{
	return draft->lines.count;
}

size_t draft_rows(const struct draft *draft)
{
	return draft->rows;
}

size_t draft_line_start(const struct draft *draft, size_t line)
{
	return draft->lines.items[line].at;
}

size_t draft_line_len(const struct draft *draft, size_t line)
{
	size_t at = draft->lines.items[line].at;

	return line + 1 < draft->lines.count
		       ? draft->lines.items[line + 1].at - 1 - at
		       : draft->text.len - at;
}

size_t draft_line_rows(const struct draft *draft, size_t line)
{
	return draft->lines.items[line].rows;
}

size_t draft_rows_before(const struct draft *draft, size_t line)
{
	size_t rows = 0;

	for (size_t i = 0; i < line; i++)
		rows += draft->lines.items[i].rows;
	return rows;
}

const struct highlight_state *draft_state(const struct draft *draft,
					  size_t line)
{
	return &draft->states.items[draft->lines.items[line].state];
}

const struct highlight_state *draft_end_state(const struct draft *draft)
{
	return &draft->states.items[draft->end_state];
}

bool draft_escapes(const struct draft *draft)
{
	return draft->escapes;
}

const char *draft_prompt(struct draft *draft, size_t line)
{
	char inside;
	size_t i = 0;
	struct prompt *prompt;

	if (line == 0)
		return draft->first.text;
	inside = highlight_inside(draft_state(draft, line));
	while (i < PROMPTS - 1 && draft->prompts[i].inside != '\0' &&
	       draft->prompts[i].inside != inside)
		i++;
	prompt = &draft->prompts[i];
	if (prompt->inside == inside && !draft->numbered)
		return prompt->text.text;
	prompt->inside = inside;
	str_clear(&prompt->text);
	if (draft->options.further != NULL &&
	    draft->options.further(draft->options.context, inside, line + 1,
				   &prompt->text))
		draft->numbered = true;
	return prompt->text.text;
}

/* Where the quote that is never closed begins: its line. */
static size_t open_line(const struct draft *draft)
{
	size_t line = draft->lines.count - 1;

	if (draft_end_state(draft)->lexer.inside == LEXER_NOTHING)
		return SIZE_MAX;
	while (line > 0 &&
	       draft_state(draft, line)->lexer.inside != LEXER_NOTHING)
		line--;
	return line;
}

unsigned char *draft_styles(struct draft *draft, size_t line)
{
	struct highlight_state state = *draft_state(draft, line);
	size_t len = draft_line_len(draft, line);
	struct highlight_line out;

	str_clear(&draft->styles);
	str_add_repeat(&draft->styles, (char)THEME_PLAIN, len);
	out.styles = (unsigned char *)draft->styles.text;
	if (len == 0)
		return out.styles;
	highlight_read(&state, draft->text.text + draft_line_start(draft, line),
		       len, draft->escapes, &out);
	if (out.open_at != SIZE_MAX && line == open_line(draft))
		memset(out.styles + out.open_at, THEME_BAD, out.open_len);
	return out.styles;
}

/* ---- brackets ---- */

struct bracket_search {
	struct {
		VEC(size_t);
	} opened;    /* brackets not closed yet */
	size_t base; /* of the line */
	size_t at;   /* the bracket asked for */
	size_t match;
	const char *text;
};

static void on_bracket(void *context, size_t at, char bracket)
{
	struct bracket_search *search = context;
	size_t open;

	at += search->base;
	if (search->match != SIZE_MAX)
		return;
	if (bracket == '(' || bracket == '[') {
		vec_push(&search->opened, at);
		return;
	}
	if (search->opened.count == 0)
		return;
	open = search->opened.items[--search->opened.count];
	if ((search->text[open] == '(') != (bracket == ')'))
		return;
	if (at == search->at)
		search->match = open;
	if (open == search->at)
		search->match = at;
}

size_t draft_bracket(struct draft *draft, size_t at)
{
	struct bracket_search search = { .at = at,
					 .match = SIZE_MAX,
					 .text = draft->text.text };
	size_t from = at > BRACKET_BYTES ? at - BRACKET_BYTES : 0;
	size_t line;

	if (at >= draft->text.len ||
	    strchr("()[]", draft->text.text[at]) == NULL)
		return SIZE_MAX;
	for (line = draft_line_of(draft, from);
	     line < draft->lines.count && search.match == SIZE_MAX; line++) {
		search.base = draft_line_start(draft, line);
		if (search.base > at + BRACKET_BYTES)
			break;
		highlight_brackets(draft_state(draft, line),
				   draft->text.text + search.base,
				   draft_line_len(draft, line), draft->escapes,
				   on_bracket, &search);
	}
	vec_done(&search.opened);
	return search.match;
}
