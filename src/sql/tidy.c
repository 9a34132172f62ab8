/* A clause (SELECT, FROM, WHERE ...) begins a line. What fits into a line
 * stays in one; else lists have an item a line, conditions a line each,
 * parentheses and CASE a block of their own. */
#include "sql/tidy.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "sql/lexer.h"

enum {
	WIDTH = 80,
	STEP = 4,
	DEPTH = 100, /* of blocks; deeper ones stay in their line */
	MAX_BYTES = 4 << 20,
};

struct piece { /* a token or comment, with what stood before it */
	struct token token;
	size_t partner; /* of ( [ and CASE: what closes it; else 0 */
	int width;      /* columns */
	bool blank;     /* something stood between it and the one before */
	bool line_end;  /* a line end did */
	bool empty_line;
};

struct tidy {
	struct {
		VEC(struct piece);
	} pieces;
	struct str *out;
	int column;
	int indent;      /* of the line that is being written */
	bool must_break; /* a comment to the line's end was written */
	bool escapes;
	int depth;
};

/* ---- reading ---- */

static void begin_lexer(struct lexer *lexer, const char *text, size_t len,
			bool escapes)
{
	lexer_init(lexer, text, len,
		   LEXER_VARIABLES | (escapes ? LEXER_ESCAPES : 0), NULL);
}

static size_t count_line_ends(const struct token *token)
{
	size_t count = 0;

	for (size_t i = 0; i < token->len; i++)
		count += token->text[i] == '\n';
	return count;
}

/* The next token that is not blank; what was blank before it. */
static struct piece next_piece(struct lexer *lexer)
{
	struct piece piece = { 0 };

	for (;;) {
		piece.token = lexer_next(lexer);
		if (piece.token.kind != TOKEN_BLANK)
			return piece;
		piece.blank = true;
		piece.line_end = count_line_ends(&piece.token) > 0;
		piece.empty_line = count_line_ends(&piece.token) > 1;
	}
}

/* False: not for us. */
static bool read_pieces(struct tidy *tidy, const char *text, size_t len)
{
	struct lexer lexer;

	begin_lexer(&lexer, text, len, tidy->escapes);
	for (;;) {
		struct piece piece = next_piece(&lexer);

		if (piece.token.kind == TOKEN_END)
			break;
		if (piece.token.kind == TOKEN_BACKSLASH ||
		    piece.token.kind == TOKEN_BAD)
			return false;
		piece.width =
			utf8_width_cols(piece.token.text, piece.token.len);
		vec_push(&tidy->pieces, piece);
	}
	return lexer.state.inside == LEXER_NOTHING;
}

static bool is_opening(const struct token *token)
{
	return token_is_char(token, '(') || token_is_char(token, '[') ||
	       token_is(token, "case");
}

static bool closes(const struct token *open, const struct token *token)
{
	if (token_is(open, "case"))
		return token_is(token, "end");
	return token_is_char(token, token_is_char(open, '(') ? ')' : ']');
}

/* What is left open or closes nothing has no partner, and is then an ordinary
 * token. */
static void find_partners(struct tidy *tidy)
{
	struct {
		VEC(size_t);
	} open = { 0 };

	for (size_t i = 0; i < tidy->pieces.count; i++) {
		const struct token *token = &tidy->pieces.items[i].token;
		struct piece *last;

		if (token_is_char(token, ';'))
			vec_clear(&open);
		if (is_opening(token)) {
			vec_push(&open, i);
			continue;
		}
		if (open.count == 0)
			continue;
		last = &tidy->pieces.items[open.items[open.count - 1]];
		if (closes(&last->token, token)) {
			last->partner = i;
			open.count--;
		}
	}
	vec_done(&open);
}

/* ---- blanks between two tokens ---- */

static bool is_line_comment(const struct piece *piece)
{
	return piece->token.kind == TOKEN_COMMENT &&
	       piece->token.text[0] == '-';
}

/* A comment or literal over several lines. */
static bool is_tall(const struct piece *piece)
{
	return memchr(piece->token.text, '\n', piece->token.len) != NULL;
}

/* Operators that always have two sides. */
static bool is_binary(const struct token *token)
{
	static const char *const operators[] = { "=",  "<",  ">",  "<=", ">=",
						 "<>", "!=", "||", ":=" };

	if (token->kind != TOKEN_OPERATOR)
		return false;
	for (size_t i = 0; i < COUNT_OF(operators); i++)
		if (str_slice_equal(token->text, token->len, operators[i]))
			return true;
	return false;
}

/* Whether a blank stands between a and b. */
static bool is_apart(const struct piece *a, const struct piece *b)
{
	if (token_is_char(&b->token, ',') || token_is_char(&b->token, ';') ||
	    token_is_char(&b->token, ')'))
		return false;
	if (token_is_char(&a->token, '('))
		return false;
	if (token_is_char(&a->token, ',') || is_binary(&a->token) ||
	    is_binary(&b->token))
		return true;
	return b->blank;
}

/* Columns of pieces [from, to) in one line; INT32_MAX: they cannot be. */
static int flat_width(const struct tidy *tidy, size_t from, size_t to)
{
	int width = 0;

	for (size_t i = from; i < to; i++) {
		const struct piece *piece = &tidy->pieces.items[i];

		if (is_line_comment(piece) || is_tall(piece))
			return INT32_MAX / 2;
		width += piece->width;
		if (i > from)
			width += is_apart(piece - 1, piece);
		if (width > WIDTH)
			break;
	}
	return width;
}

/* ---- writing ---- */

static void new_line(struct tidy *tidy, int indent)
{
	while (tidy->out->len > 0 && tidy->out->text[tidy->out->len - 1] == ' ')
		str_cut(tidy->out, tidy->out->len - 1);
	str_add_char(tidy->out, '\n');
	str_add_repeat(tidy->out, ' ', (size_t)indent);
	tidy->column = indent;
	tidy->indent = indent;
	tidy->must_break = false;
}

static bool at_line_start(const struct tidy *tidy)
{
	return tidy->column == tidy->indent;
}

/* Two literals with a line end between them are one to the server. */
static bool is_joined(const struct piece *a, const struct piece *b)
{
	return a->token.kind == TOKEN_LITERAL &&
	       b->token.kind == TOKEN_LITERAL && b->line_end;
}

static void put(struct tidy *tidy, size_t i)
{
	const struct piece *piece = &tidy->pieces.items[i];
	const char *last_line;

	if (tidy->must_break ||
	    (i > 0 && is_joined(piece - 1, piece) && !at_line_start(tidy)))
		new_line(tidy, tidy->indent);
	else if (i > 0 && !at_line_start(tidy) && is_apart(piece - 1, piece)) {
		str_add_char(tidy->out, ' ');
		tidy->column++;
	}
	str_add_slice(tidy->out, piece->token.text, piece->token.len);
	last_line = memrchr(piece->token.text, '\n', piece->token.len);
	if (last_line != NULL)
		tidy->column = utf8_width_cols(last_line + 1,
					       (size_t)(piece->token.text +
							piece->token.len -
							last_line - 1));
	else
		tidy->column += piece->width;
	tidy->must_break = is_line_comment(piece);
}

/* ---- what begins a line ---- */

enum starts { STARTS_NOTHING, STARTS_CLAUSE, STARTS_LIST };

static const struct {
	const char *word;
	enum starts starts;
} clauses[] = {
	{ "select", STARTS_LIST },      { "from", STARTS_CLAUSE },
	{ "where", STARTS_CLAUSE },     { "group", STARTS_LIST },
	{ "having", STARTS_CLAUSE },    { "qualify", STARTS_CLAUSE },
	{ "order", STARTS_LIST },       { "limit", STARTS_CLAUSE },
	{ "offset", STARTS_CLAUSE },    { "union", STARTS_CLAUSE },
	{ "intersect", STARTS_CLAUSE }, { "except", STARTS_CLAUSE },
	{ "minus", STARTS_CLAUSE },     { "values", STARTS_LIST },
	{ "set", STARTS_LIST },         { "join", STARTS_CLAUSE },
	{ "with", STARTS_LIST },
};

static const char *const join_words[] = { "left",  "right",   "full", "inner",
					  "cross", "natural", "outer" };

static bool is_join_word(const struct token *token)
{
	for (size_t i = 0; i < COUNT_OF(join_words); i++)
		if (token_is(token, join_words[i]))
			return true;
	return false;
}

/* LEFT OUTER JOIN, not left(x, 1): JOIN follows in [i, to). */
static bool leads_to_join(const struct tidy *tidy, size_t i, size_t to)
{
	while (i < to && is_join_word(&tidy->pieces.items[i].token))
		i++;
	return i < to && token_is(&tidy->pieces.items[i].token, "join");
}

static enum starts starts_at(const struct tidy *tidy, size_t from, size_t i,
			     size_t to)
{
	const struct token *token = &tidy->pieces.items[i].token;
	const struct token *before =
		i > from ? &tidy->pieces.items[i - 1].token : NULL;

	if (token->kind != TOKEN_WORD)
		return STARTS_NOTHING;
	/* A column of that name. */
	if (before != NULL && token_is_char(before, '.'))
		return STARTS_NOTHING;
	if (is_join_word(token) && leads_to_join(tidy, i, to) &&
	    (before == NULL || !is_join_word(before)))
		return STARTS_CLAUSE;
	if (token_is(token, "join") && before != NULL && is_join_word(before))
		return STARTS_NOTHING;
	for (size_t k = 0; k < COUNT_OF(clauses); k++)
		if (token_is(token, clauses[k].word))
			return clauses[k].starts;
	return STARTS_NOTHING;
}

/* The statements whose clauses these are; others (COPY, CREATE TABLE, GRANT)
 * only have their lists laid out. */
static bool is_query(const struct tidy *tidy, size_t from, size_t to)
{
	static const char *const words[] = { "select", "with",   "insert",
					     "update", "delete", "values",
					     "merge",  "explain" };

	while (from < to &&
	       (tidy->pieces.items[from].token.kind == TOKEN_COMMENT ||
		token_is_char(&tidy->pieces.items[from].token, '(')))
		from++;
	for (size_t i = 0; from < to && i < COUNT_OF(words); i++)
		if (token_is(&tidy->pieces.items[from].token, words[i]))
			return true;
	return false;
}

static void lay_out(struct tidy *tidy, size_t from, size_t to, int indent);

/* AS SELECT of CREATE TABLE or VIEW: where the query begins; to: there is
 * none. */
static size_t find_query(const struct tidy *tidy, size_t from, size_t to)
{
	for (size_t i = from; i + 1 < to; i++) {
		const struct piece *piece = &tidy->pieces.items[i];

		if (piece->partner > i) {
			i = piece->partner;
			continue;
		}
		if (token_is(&piece->token, "as") &&
		    (token_is(&piece[1].token, "select") ||
		     token_is(&piece[1].token, "with")))
			return i + 1;
	}
	return to;
}

/* ---- blocks ---- */

static void put_flat(struct tidy *tidy, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		put(tidy, i);
}

/* ( ... ) over several lines. */
static void put_paren(struct tidy *tidy, size_t from, size_t to)
{
	int outside = tidy->indent;
	int indent = outside + STEP;

	put(tidy, from);
	if (from + 1 < to) {
		new_line(tidy, indent);
		if (is_query(tidy, from + 1, to)) {
			lay_out(tidy, from + 1, to, indent);
		} else {
			for (size_t i = from + 1; i < to; i++) {
				size_t partner = tidy->pieces.items[i].partner;

				if (partner > i && partner < to) {
					lay_out(tidy, i, partner + 1, indent);
					i = partner;
					continue;
				}
				put(tidy, i);
				if (token_is_char(&tidy->pieces.items[i].token,
						  ',') &&
				    i + 1 < to &&
				    tidy->pieces.items[i + 1].token.kind !=
					    TOKEN_COMMENT)
					new_line(tidy, indent);
			}
		}
		new_line(tidy, outside);
	}
	tidy->indent = outside;
	put(tidy, to);
}

/* CASE ... END over several lines. */
static void put_case(struct tidy *tidy, size_t from, size_t to)
{
	int outside = tidy->indent;
	int indent = outside + STEP;

	put(tidy, from);
	for (size_t i = from + 1; i < to; i++) {
		const struct piece *piece = &tidy->pieces.items[i];

		if (token_is(&piece->token, "when") ||
		    token_is(&piece->token, "else"))
			new_line(tidy, indent);
		if (piece->partner > i && piece->partner < to) {
			lay_out(tidy, i, piece->partner + 1, tidy->indent);
			i = piece->partner;
			continue;
		}
		put(tidy, i);
	}
	new_line(tidy, outside);
	put(tidy, to);
}

/* The block that begins at i and ends at its partner. */
static void put_block(struct tidy *tidy, size_t i)
{
	size_t to = tidy->pieces.items[i].partner;
	bool fits = tidy->column + 1 + flat_width(tidy, i, to + 1) <= WIDTH;

	if (fits || tidy->depth >= DEPTH) {
		put_flat(tidy, i, to + 1);
		return;
	}
	tidy->depth++;
	if (token_is(&tidy->pieces.items[i].token, "case"))
		put_case(tidy, i, to);
	else if (token_is_char(&tidy->pieces.items[i].token, '('))
		put_paren(tidy, i, to);
	else
		put_flat(tidy, i, to + 1);
	tidy->depth--;
}

/* ---- clauses ---- */

static size_t end_of_clause(const struct tidy *tidy, size_t from, size_t to)
{
	size_t i = from;

	do {
		size_t partner = tidy->pieces.items[i].partner;

		i = partner > i ? partner + 1 : i + 1;
	} while (i < to && starts_at(tidy, from, i, to) == STARTS_NOTHING);
	return i < to ? i : to;
}

/* The words of the clause's head that stay in its line: SELECT DISTINCT,
 * GROUP BY. */
static size_t end_of_head(const struct tidy *tidy, size_t from, size_t to)
{
	static const char *const words[] = { "distinct", "all", "by",
					     "recursive" };
	size_t i = from + 1;

	for (size_t k = 0; i < to && k < COUNT_OF(words); k++) {
		if (token_is(&tidy->pieces.items[i].token, words[k])) {
			i++;
			break;
		}
	}
	return i;
}

struct clause {
	bool breaks;  /* it does not fit into a line */
	bool is_list; /* an item a line */
	bool between; /* BETWEEN a AND b: that AND joins no conditions */
	int indent, item_indent;
};

static void put_in_clause(struct tidy *tidy, struct clause *clause, size_t i,
			  size_t to)
{
	const struct piece *piece = &tidy->pieces.items[i];
	bool joins =
		token_is(&piece->token, "and") || token_is(&piece->token, "or");

	if (token_is(&piece->token, "between"))
		clause->between = true;
	if (joins && clause->breaks && !clause->between && !at_line_start(tidy))
		new_line(tidy, clause->indent + 2);
	if (joins && token_is(&piece->token, "and"))
		clause->between = false;
	put(tidy, i);
	if (token_is_char(&piece->token, ',') && clause->breaks &&
	    clause->is_list && i + 1 < to &&
	    piece[1].token.kind != TOKEN_COMMENT)
		new_line(tidy, clause->item_indent);
}

static void put_clause(struct tidy *tidy, size_t from, size_t to, int indent)
{
	enum starts starts = starts_at(tidy, from, from, to);
	bool with = token_is(&tidy->pieces.items[from].token, "with");
	struct clause clause = {
		.breaks = indent + flat_width(tidy, from, to) > WIDTH,
		.is_list = starts == STARTS_LIST,
		.indent = indent,
		.item_indent = with ? indent : indent + STEP,
	};
	size_t head = end_of_head(tidy, from, to);

	put_flat(tidy, from, head);
	if (clause.breaks && clause.is_list && !with && head < to)
		new_line(tidy, indent + STEP);
	for (size_t i = head; i < to; i++) {
		size_t partner = tidy->pieces.items[i].partner;

		if (partner > i && partner < to) {
			put_block(tidy, i);
			i = partner;
			continue;
		}
		put_in_clause(tidy, &clause, i, to);
	}
}

/* Pieces [from, to) from where the line is; further lines at indent. */
static void lay_out(struct tidy *tidy, size_t from, size_t to, int indent)
{
	if (from < to && tidy->pieces.items[from].partner == to - 1 &&
	    to - from > 1) {
		put_block(tidy, from);
		return;
	}
	for (size_t i = from; i < to;) {
		size_t end = end_of_clause(tidy, i, to);

		if (i > from && !tidy->must_break && !at_line_start(tidy))
			new_line(tidy, indent);
		tidy->indent = indent;
		put_clause(tidy, i, end, indent);
		i = end;
	}
}

static void put_other(struct tidy *tidy, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		size_t partner = tidy->pieces.items[i].partner;
		const struct piece *piece = &tidy->pieces.items[i];

		if (partner > i && partner < to) {
			put_block(tidy, i);
			i = partner;
			continue;
		}
		if (!at_line_start(tidy) &&
		    tidy->column + 1 + piece->width > WIDTH && i > from &&
		    is_apart(piece - 1, piece))
			new_line(tidy, STEP);
		put(tidy, i);
	}
	tidy->indent = 0;
}

static void put_statement(struct tidy *tidy, size_t from, size_t to)
{
	size_t query = find_query(tidy, from, to);

	if (flat_width(tidy, from, to) <= WIDTH / 2) {
		put_flat(tidy, from, to);
		return;
	}
	if (is_query(tidy, from, to)) {
		lay_out(tidy, from, to, 0);
		return;
	}
	put_other(tidy, from, query);
	if (query < to) {
		new_line(tidy, 0);
		lay_out(tidy, query, to, 0);
	}
}

static size_t end_of_statement(const struct tidy *tidy, size_t from)
{
	size_t i = from;

	while (i < tidy->pieces.count &&
	       !token_is_char(&tidy->pieces.items[i].token, ';'))
		i++;
	if (i == tidy->pieces.count)
		return i;
	i++;
	/* A comment in the same line belongs to it. */
	if (i < tidy->pieces.count && !tidy->pieces.items[i].line_end &&
	    is_line_comment(&tidy->pieces.items[i]))
		i++;
	return i;
}

static void put_statements(struct tidy *tidy)
{
	for (size_t i = 0; i < tidy->pieces.count;) {
		size_t end = end_of_statement(tidy, i);

		if (i > 0) {
			new_line(tidy, 0);
			if (tidy->pieces.items[i].empty_line)
				new_line(tidy, 0);
		}
		put_statement(tidy, i, end);
		i = end;
	}
}

/* ---- the check ---- */

bool tidy_is_same(const char *a, size_t a_len, const char *b, size_t b_len,
		  bool escapes)
{
	struct lexer a_lexer, b_lexer;
	bool after_literal = false;

	begin_lexer(&a_lexer, a, a_len, escapes);
	begin_lexer(&b_lexer, b, b_len, escapes);
	for (;;) {
		struct piece x = next_piece(&a_lexer);
		struct piece y = next_piece(&b_lexer);

		if (x.token.kind != y.token.kind ||
		    x.token.len != y.token.len ||
		    memcmp(x.token.text, y.token.text, x.token.len) != 0)
			return false;
		if (x.token.kind == TOKEN_END)
			return true;
		if (after_literal && x.token.kind == TOKEN_LITERAL &&
		    x.line_end != y.line_end)
			return false;
		after_literal = x.token.kind == TOKEN_LITERAL;
	}
}

void tidy_sql(const char *text, size_t len, bool escapes, struct str *out)
{
	CLEANUP(str_done) struct str laid = STR_EMPTY;
	struct tidy tidy = { .out = &laid, .escapes = escapes };
	bool ok = len <= MAX_BYTES && read_pieces(&tidy, text, len);

	if (ok) {
		find_partners(&tidy);
		put_statements(&tidy);
		ok = tidy_is_same(text, len, laid.text, laid.len, escapes);
	}
	vec_done(&tidy.pieces);
	if (ok)
		str_add_slice(out, laid.text, laid.len);
	else
		str_add_slice(out, text, len);
}
