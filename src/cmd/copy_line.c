#include "cmd/copy_line.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/path.h"

#define BLANKS " \t\n\r"

/* Which characters are words of their own, and which begin quoted ones. */
struct lexis {
	const char *alone;
	const char *quotes;
	char escape; /* 0: none */
};

static const struct lexis name_lexis = { ".,()", "\"", 0 };
static const struct lexis side_lexis = { ";", "'", 0 };

struct words {
	const char *rest;
	struct str word; /* the last one; empty at the end */
};

void copy_line_done(struct copy_line *line)
{
	str_done(&line->what);
	str_done(&line->side);
	str_done(&line->options);
}

/* From the quote to its partner, doubled ones included, or to the end. */
static size_t quoted_len(const char *text, char escape)
{
	char quote = *text;
	size_t i = 1;

	for (; text[i]; i++) {
		if (escape && text[i] == escape && text[i + 1])
			i++;
		else if (text[i] == quote && text[i + 1] == quote)
			i++;
		else if (text[i] == quote)
			return i + 1;
	}
	return i;
}

static size_t word_len(const char *text, const struct lexis *lexis)
{
	size_t i = 0;

	if (!*text)
		return 0;
	if (strchr(lexis->alone, *text))
		return 1;
	if (lexis->escape && (*text == 'e' || *text == 'E') && text[1] == '\'')
		return 1 + quoted_len(text + 1, '\\');
	if (strchr(lexis->quotes, *text))
		return quoted_len(text, lexis->escape);
	while (text[i] && !strchr(BLANKS, text[i]) &&
	       !strchr(lexis->alone, text[i]) &&
	       !strchr(lexis->quotes, text[i]))
		i++;
	return i;
}

/* false: there is no word any more. */
static bool next(struct words *words, const struct lexis *lexis)
{
	size_t len;

	words->rest += strspn(words->rest, BLANKS);
	len = word_len(words->rest, lexis);
	str_set_slice(&words->word, words->rest, len);
	words->rest += len;
	return len > 0;
}

static bool is(const struct words *words, const char *word)
{
	return strcasecmp(words->word.text, word) == 0;
}

static void take(struct copy_line *line, const struct words *words,
		 const char *before)
{
	str_addf(&line->what, "%s%s", before, words->word.text);
}

/* (QUERY): the reader stands at "(" and ends behind its partner. */
static bool read_query(struct copy_line *line, struct words *words,
		       bool escapes)
{
	const struct lexis lexis = { "()", "\"'", escapes ? '\\' : 0 };
	int depth = 1;

	line->is_query = true;
	while (depth > 0) {
		take(line, words, " ");
		if (!next(words, &lexis))
			return false;
		if (words->word.text[0] == '(')
			depth++;
		else if (words->word.text[0] == ')')
			depth--;
	}
	return true;
}

static bool read_columns(struct copy_line *line, struct words *words)
{
	static const struct lexis lexis = { "()", "\"", 0 };

	do {
		take(line, words, " ");
		if (!next(words, &lexis))
			return false;
	} while (words->word.text[0] != ')');
	take(line, words, " ");
	return next(words, &name_lexis);
}

/* All before FROM or TO, which is the word at hand then. */
static bool read_what(struct copy_line *line, struct words *words, bool escapes)
{
	if (!next(words, &name_lexis))
		return false;
	if (is(words, "binary")) {
		take(line, words, "");
		if (!next(words, &name_lexis))
			return false;
	}
	if (words->word.text[0] == '(' && !read_query(line, words, escapes))
		return false;
	take(line, words, " ");
	if (!next(words, &name_lexis))
		return false;
	if (words->word.text[0] == '.') {
		take(line, words, "");
		if (!next(words, &name_lexis))
			return false;
		take(line, words, "");
		if (!next(words, &name_lexis))
			return false;
	}
	return words->word.text[0] != '(' || read_columns(line, words);
}

/* Without its quotes, if it has them. */
static void unquote(const struct str *word, struct str *out)
{
	if (word->text[0] != '\'') {
		str_add_slice(out, word->text, word->len);
		return;
	}
	for (size_t i = 1; i < word->len; i++) {
		if (word->text[i] == '\'' && word->text[i + 1] != '\'')
			break;
		i += word->text[i] == '\'';
		str_add_char(out, word->text[i]);
	}
}

static bool read_program(struct copy_line *line, struct words *words)
{
	const struct str *word = &words->word;

	if (!next(words, &side_lexis) || word->text[0] != '\'' ||
	    word->len < 2 || word->text[word->len - 1] != '\'')
		return false;
	line->kind = COPY_SIDE_PROGRAM;
	unquote(word, &line->side);
	return true;
}

static bool read_side(struct copy_line *line, struct words *words)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!next(words, &side_lexis))
		return false;
	if (is(words, "program"))
		return read_program(line, words);
	if (is(words, "stdin") || is(words, "stdout")) {
		line->kind = COPY_SIDE_SCRIPT;
		return true;
	}
	if (is(words, "pstdin") || is(words, "pstdout")) {
		line->kind = COPY_SIDE_PROCESS;
		return true;
	}
	line->kind = COPY_SIDE_FILE;
	unquote(&words->word, &path);
	path_expand(path.text, &line->side);
	return true;
}

static bool read_line(struct copy_line *line, struct words *words, bool escapes)
{
	if (!read_what(line, words, escapes))
		return false;
	line->from = is(words, "from");
	if (!line->from && !is(words, "to"))
		return false;
	return read_side(line, words);
}

bool copy_line_parse(struct copy_line *line, const char *text, bool escapes,
		     struct err *err)
{
	struct words words = { text, STR_EMPTY };
	bool ok;

	if (!text[strspn(text, BLANKS)])
		return err_set(err, ERR_USAGE, "\\copy: arguments required");
	ok = read_line(line, &words, escapes);
	if (ok) /* one blank ended the word before */
		str_add(&line->options,
			words.rest +
				(*words.rest && strchr(BLANKS, *words.rest)));
	else if (words.word.len > 0)
		err_set(err, ERR_USAGE, "\\copy: parse error at \"%s\"",
			words.word.text);
	else
		err_set(err, ERR_USAGE, "\\copy: parse error at end of line");
	str_done(&words.word);
	return ok;
}

void copy_line_sql(const struct copy_line *line, struct str *out)
{
	str_addf(out, "COPY %s%s%s", line->what.text,
		 line->from ? " FROM STDIN " : " TO STDOUT ",
		 line->options.text);
}
