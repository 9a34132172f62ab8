/* The input is a stack of frames: the fed line below, on top of it the value
 * of a variable that is being read, and so on. A token never crosses from
 * one frame to the next, an open quote does (lexer_state is one for all). */
#include "sql/split.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "sql/interp.h"
#include "sql/lexer.h"
#include "sql/skim.h"

struct frame {
	char *text;
	size_t len;
	size_t at;
	char *name; /* of the variable; NULL: fed */
};

enum {
	HEAD_WORDS = 8 /* psql looks at no more of them */
};

struct split {
	struct split_options options;
	struct {
		VEC(struct frame);
	} frames;        /* items[0] is the fed text */
	struct str fed;  /* its bytes */
	struct str text; /* the statement so far, but for the run */
	/* Bytes of the top frame that follow text, up to where the lexer is:
	 * copied in one go. NULL: none. */
	const char *run;
	struct lexer lexer; /* reads the top frame; its state is for all */
	int paren_depth;
	int begin_depth;       /* of BEGIN and CASE in a function */
	size_t word_count;     /* in this statement, but for parentheses */
	char head[HEAD_WORDS]; /* see count_word */
	size_t copies;         /* see split_copies; without the last */
	bool newline_added;    /* text ends in the line feed before this line */
};

static struct frame *top_frame(struct split *split)
{
	return &split->frames.items[split->frames.count - 1];
}

static void read_top(struct split *split)
{
	const struct frame *frame = top_frame(split);

	split->lexer.text = frame->text;
	split->lexer.len = frame->len;
	split->lexer.at = frame->at;
}

static void push_frame(struct split *split, struct frame frame)
{
	if (split->frames.count > 0)
		top_frame(split)->at = split->lexer.at;
	vec_push(&split->frames, frame);
	read_top(split);
}

/* The text of the frame without a name belongs to fed. */
static void pop_frames(struct split *split, size_t keep)
{
	while (split->frames.count > keep) {
		struct frame *frame = top_frame(split);

		if (frame->name)
			mem_free(frame->text);
		mem_free(frame->name);
		split->frames.count--;
	}
	if (keep > 0)
		read_top(split);
}

struct split *split_new(const struct split_options *options)
{
	struct split *split = mem_alloc(sizeof(*split));

	split->options = *options;
	split->text = (struct str)STR_EMPTY;
	split->fed = (struct str)STR_EMPTY;
	lexer_init(&split->lexer, "", 0, 0, NULL);
	split_set_escapes(split, options->escapes);
	return split;
}

void split_free(struct split *split)
{
	if (split == NULL)
		return;
	pop_frames(split, 0);
	vec_done(&split->frames);
	str_done(&split->text);
	str_done(&split->fed);
	mem_free(split);
}

void split_set_escapes(struct split *split, bool escapes)
{
	split->lexer.options = LEXER_JUNK | (escapes ? LEXER_ESCAPES : 0);
	if (split->options.vars)
		split->lexer.options |= LEXER_VARIABLES;
}

/* What is in fed becomes the only frame. */
static void set_fed(struct split *split)
{
	struct frame frame = { .text = split->fed.text, .len = split->fed.len };

	pop_frames(split, 0);
	split->run = NULL;
	push_frame(split, frame);
}

/* Empty lines outside of quotes leave no trace in the statement, as in
 * psql. */
void split_feed_take(struct split *split, struct str *line)
{
	struct str old = split->fed;

	if (line->len > 0 && line->text[line->len - 1] == '\n')
		str_cut(line, line->len - 1);
	split->fed = *line;
	*line = old;
	set_fed(split);
	split->newline_added = false;
	if (split->fed.len == 0 && split->lexer.state.inside == LEXER_NOTHING)
		return;
	if (split->text.len > 0) {
		str_add_char(&split->text, '\n');
		split->newline_added = true;
	}
}

void split_feed(struct split *split, const char *text, size_t len)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_add_slice(&line, text, len);
	split_feed_take(split, &line);
}

static void add_text(struct split *split, const char *text, size_t len)
{
	if (len == 0)
		return;
	split->newline_added = false;
	str_add_slice(&split->text, text, len);
}

/* The token goes into the statement where it stands in the frame. */
static void add_token(struct split *split, const struct token *token)
{
	if (split->run)
		return;
	split->newline_added = false;
	split->run = token->text;
}

/* The whole of what was fed is a statement's beginning: it changes hands. */
static void take_fed(struct split *split)
{
	struct str old = split->text;

	split->text = split->fed;
	split->fed = old;
	str_clear(&split->fed);
	set_fed(split);
}

/* What has been read up to the byte at end is copied. */
static void end_run(struct split *split, const char *end)
{
	if (split->run == split->fed.text && split->text.len == 0 &&
	    split->frames.count == 1 && end == split->run + split->fed.len)
		take_fed(split);
	else if (split->run)
		str_add_slice(&split->text, split->run,
			      (size_t)(end - split->run));
	split->run = NULL;
}

/* Words that tell a statement which psql's scanner treats in its own way. */
static const struct {
	const char *word;
	char mark;
} heads[] = {
	{ "create", 'c' }, { "or", 'o' },        { "replace", 'r' },
	{ "function", 'f' }, { "procedure", 'p' }, { "copy", 'C' },
	{ "from", 'F' },   { "stdin", 'S' },     { "stdout", 'S' },
};

static char head_mark(const struct token *token)
{
	for (size_t i = 0; i < COUNT_OF(heads); i++)
		if (token_is(token, heads[i].word))
			return heads[i].mark;
	return '\0';
}

/* No statement in which words mean anything. */
static bool is_plain(const struct split *split)
{
	return split->word_count > 0 && split->head[0] != 'c' &&
	       split->head[0] != 'C';
}

static bool in_function(const struct split *split)
{
	const char *head = split->head;
	size_t last = head[1] == 'o' && head[2] == 'r' ? 3 : 1;

	return head[0] == 'c' && (head[last] == 'f' || head[last] == 'p');
}

/* COPY ... FROM STDIN; the server takes STDOUT for the same. */
static bool takes_data(const struct split *split)
{
	const char *from;

	if (split->word_count == 0 || split->head[0] != 'C')
		return false;
	from = memchr(split->head, 'F', HEAD_WORDS - 1);
	return from && from[1] == 'S';
}

/* A semicolon that counts: what comes now is another statement. */
static void end_statement(struct split *split)
{
	split->copies += takes_data(split);
	split->word_count = 0;
	memset(split->head, 0, sizeof(split->head));
}

/* psql's heuristic: in CREATE FUNCTION or PROCEDURE a BEGIN needs its END
 * before a semicolon counts. head holds the marks of the first words. */
static void count_word(struct split *split, const struct token *token)
{
	if (split->paren_depth > 0 || is_plain(split))
		return;
	if (split->word_count < HEAD_WORDS)
		split->head[split->word_count] = head_mark(token);
	split->word_count++;
	if (!in_function(split))
		return;
	if (token_is(token, "begin"))
		split->begin_depth++;
	else if (token_is(token, "case") && split->begin_depth > 0)
		split->begin_depth++;
	else if (token_is(token, "end") && split->begin_depth > 0)
		split->begin_depth--;
}

static bool is_being_read(const struct split *split, const char *name)
{
	for (size_t i = 0; i < split->frames.count; i++)
		if (split->frames.items[i].name != NULL &&
		    strcmp(split->frames.items[i].name, name) == 0)
			return true;
	return false;
}

/* A plain value is read as if it had been typed; the others go into the
 * statement as they are. */
static void take_variable(struct split *split, const struct token *token)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	struct frame frame = { 0 };
	struct interp_ref ref;

	if (!interp_match(token->text, token->len, &ref) ||
	    !interp_value(split->options.vars, &ref, &value)) {
		add_text(split, token->text, token->len);
		return;
	}
	if (ref.kind != INTERP_PLAIN) {
		add_text(split, value.text, value.len);
		return;
	}
	frame.name = mem_copy_slice(ref.name, ref.name_len);
	if (is_being_read(split, frame.name)) {
		if (split->options.recursion != NULL)
			split->options.recursion(split->options.context,
						 frame.name);
		add_text(split, token->text, token->len);
		mem_free(frame.name);
		return;
	}
	frame.len = value.len;
	frame.text = str_take(&value);
	push_frame(split, frame);
}

/* Makes one text of what all frames still hold, for the command's parser. */
static void join_frames(struct split *split)
{
	struct str rest = STR_EMPTY;

	top_frame(split)->at = split->lexer.at;
	if (split->frames.count == 1)
		return;
	for (size_t i = split->frames.count; i > 0; i--) {
		struct frame *frame = &split->frames.items[i - 1];

		str_add_slice(&rest, frame->text + frame->at,
			      frame->len - frame->at);
	}
	str_done(&split->fed);
	split->fed = rest;
	set_fed(split);
}

/* \; and \: put the character into the statement. */
static bool take_escaped(struct split *split)
{
	struct lexer *lexer = &split->lexer;
	char c = lexer->at < lexer->len ? lexer->text[lexer->at] : '\0';

	if (c != ';' && c != ':')
		return false;
	add_text(split, &c, 1);
	lexer->at++;
	if (c == ';' && split->paren_depth == 0 && split->begin_depth == 0)
		end_statement(split);
	return true;
}

/* What psql leaves out at the start: blanks and -- comments. */
static bool is_droppable(const struct token *token, bool continued)
{
	return token->kind == TOKEN_BLANK ||
	       (token->kind == TOKEN_COMMENT && !continued &&
		token->text[0] == '-');
}

/* A token without variables and backslashes; true: a statement ends. */
static bool take_plain(struct split *split, const struct token *token)
{
	add_token(split, token);
	if (token->kind == TOKEN_WORD)
		count_word(split, token);
	if (token->kind != TOKEN_PUNCT)
		return false;
	if (*token->text == '(')
		split->paren_depth++;
	if (*token->text == ')' && split->paren_depth > 0)
		split->paren_depth--;
	if (*token->text != ';' || split->paren_depth > 0 ||
	    split->begin_depth > 0)
		return false;
	end_run(split, token->text + token->len);
	end_statement(split);
	return true;
}

static enum split_event begin_command(struct split *split)
{
	join_frames(split);
	if (split->newline_added)
		str_cut(&split->text, split->text.len - 1);
	split->newline_added = false;
	return SPLIT_COMMAND;
}

/* Does a token that is no plain part of the statement; SPLIT_MORE: goes on. */
static enum split_event take_special(struct split *split,
				     const struct token *token)
{
	bool line_begins = split->run && token->text > split->run &&
			   token->text[-1] == '\n' && split->frames.count == 1;

	end_run(split, token->text);
	if (line_begins)
		split->newline_added = true;
	if (token->kind == TOKEN_VARIABLE)
		take_variable(split, token);
	else if (!take_escaped(split))
		return begin_command(split);
	return SPLIT_MORE;
}

/* The end of the top frame. false: it was the last. */
static bool end_frame(struct split *split)
{
	end_run(split, split->lexer.text + split->lexer.len);
	top_frame(split)->at = split->lexer.at;
	if (split->frames.count == 1)
		return false;
	pop_frames(split, split->frames.count - 1);
	return true;
}

static bool can_skim(const struct split *split)
{
	return is_plain(split) && (split->run || split->text.len > 0) &&
	       split->lexer.state.inside == LEXER_NOTHING;
}

static void skim_words(struct split *split)
{
	const char *from = split->lexer.text + split->lexer.at;

	skim(&split->lexer, &split->paren_depth);
	if (from == split->lexer.text + split->lexer.at)
		return;
	if (!split->run)
		split->run = from;
	split->newline_added = false;
}

enum split_event split_next(struct split *split)
{
	while (split->frames.count > 0) {
		bool continued = split->lexer.state.inside != LEXER_NOTHING;
		struct token token;
		bool ended = false;

		if (can_skim(split))
			skim_words(split);
		token = lexer_next(&split->lexer);
		if (token.kind == TOKEN_END) {
			if (!end_frame(split))
				return SPLIT_MORE;
			continue;
		}
		if (token.kind == TOKEN_VARIABLE ||
		    token.kind == TOKEN_BACKSLASH) {
			if (take_special(split, &token) == SPLIT_COMMAND)
				return SPLIT_COMMAND;
			continue;
		}
		if (split->run || split->text.len > 0 ||
		    !is_droppable(&token, continued))
			ended = take_plain(split, &token);
		if (ended) {
			top_frame(split)->at = split->lexer.at;
			return SPLIT_STATEMENT;
		}
	}
	return SPLIT_MORE;
}

const char *split_text(const struct split *split)
{
	return split->text.text;
}

size_t split_text_len(const struct split *split)
{
	return split->text.len;
}

void split_reset(struct split *split)
{
	str_clear(&split->text);
	split->run = NULL;
	split->lexer.state.inside = LEXER_NOTHING;
	split->lexer.state.escapes = false;
	split->lexer.state.depth = 0;
	split->paren_depth = 0;
	split->begin_depth = 0;
	split->word_count = 0;
	memset(split->head, 0, sizeof(split->head));
	split->copies = 0;
	split->newline_added = false;
}

size_t split_copies(const struct split *split)
{
	return split->copies + takes_data(split);
}

void split_take(struct split *split, struct str *out)
{
	struct str old = *out;

	*out = split->text;
	split->text = old;
	split_reset(split);
}

void split_clear(struct split *split)
{
	split_reset(split);
	str_clear(&split->fed);
	if (split->frames.count > 0)
		set_fed(split);
}

void split_set_text(struct split *split, const char *text, size_t len)
{
	split_reset(split);
	add_text(split, text, len);
}

struct split_mark split_mark(const struct split *split)
{
	return (struct split_mark){ split->text.len, split->paren_depth };
}

void split_cut(struct split *split, const struct split_mark *mark)
{
	if (split->text.len > mark->len)
		str_cut(&split->text, mark->len);
	split->paren_depth = mark->paren_depth;
}

const char *split_rest(const struct split *split)
{
	const struct frame *frame = split->frames.items;

	return split->frames.count > 0 ? frame->text + frame->at : "";
}

size_t split_rest_len(const struct split *split)
{
	const struct frame *frame = split->frames.items;

	return split->frames.count > 0 ? frame->len - frame->at : 0;
}

void split_skip(struct split *split, size_t bytes)
{
	if (split->frames.count == 0 || bytes > split_rest_len(split))
		return;
	split->frames.items[0].at += bytes;
	if (split->frames.count == 1)
		read_top(split);
}

enum split_inside split_inside(const struct split *split)
{
	switch (split->lexer.state.inside) {
	case LEXER_LITERAL:
		return SPLIT_IN_LITERAL;
	case LEXER_NAME:
		return SPLIT_IN_NAME;
	case LEXER_DOLLAR:
		return SPLIT_IN_DOLLAR;
	case LEXER_COMMENT:
		return SPLIT_IN_COMMENT;
	case LEXER_NOTHING:
		break;
	}
	if (split->paren_depth > 0)
		return SPLIT_IN_PAREN;
	return split->text.len > 0 ? SPLIT_IN_STATEMENT : SPLIT_NOTHING;
}

char split_prompt(const struct split *split)
{
	static const char prompts[] = {
		[SPLIT_NOTHING] = '=',     [SPLIT_IN_STATEMENT] = '-',
		[SPLIT_IN_LITERAL] = '\'', [SPLIT_IN_NAME] = '"',
		[SPLIT_IN_DOLLAR] = '$',   [SPLIT_IN_COMMENT] = '*',
		[SPLIT_IN_PAREN] = '(',
	};

	return prompts[split_inside(split)];
}
