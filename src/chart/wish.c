#include "chart/wish.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/rows.h"

void chart_wish_done(struct chart_wish *wish)
{
	for (size_t i = 0; i < wish->words.count; i++)
		mem_free(wish->words.items[i]);
	vec_done(&wish->words);
	mem_free(wish->title);
	*wish = (struct chart_wish)CHART_WISH_EMPTY;
}

void chart_wish_copy(struct chart_wish *to, const struct chart_wish *from)
{
	*to = *from;
	to->words.items = NULL;
	to->words.count = to->words.cap = 0;
	for (size_t i = 0; i < from->words.count; i++)
		vec_push(&to->words, mem_copy_text(from->words.items[i]));
	to->title = mem_copy_text(from->title);
}

/* "a ""b""": a "b" */
void chart_wish_add(struct chart_wish *wish, const char *word)
{
	size_t len = strlen(word);
	struct str plain = STR_EMPTY;

	if (len < 2 || word[0] != '"' || word[len - 1] != '"') {
		vec_push(&wish->words, mem_copy_text(word));
		return;
	}
	for (size_t i = 1; i + 1 < len; i++) {
		str_add_char(&plain, word[i]);
		if (word[i] == '"' && word[i + 1] == '"' && i + 2 < len)
			i++;
	}
	vec_push(&wish->words, str_take(&plain));
}

/* ---- a line of them ---- */

/* The word at *at, and *at behind it. '...' and "..." may hold blanks; the
 * latter stay, as names have them. */
static bool next_word(const char **at, struct str *out)
{
	const char *text = *at + strspn(*at, " \t");
	char quote = '\0';

	str_clear(out);
	if (!*text)
		return false;
	for (; *text && (quote || !strchr(" \t", *text)); text++) {
		if (*text == quote)
			quote = '\0';
		else if (!quote && (*text == '\'' || *text == '"'))
			quote = *text;
		if (*text != '\'')
			str_add_char(out, *text);
	}
	*at = text;
	return true;
}

static bool next_number(const char **at, const char *name, int *out,
			struct err *err)
{
	CLEANUP(str_done) struct str word = STR_EMPTY;
	char *end;
	long number;

	if (!next_word(at, &word))
		return err_set(err, ERR_USAGE, "%s needs a value", name);
	number = strtol(word.text, &end, 10);
	if (*end || number < 1 || number > 1000)
		return err_set(err, ERR_USAGE, "%s must be 1 to 1000, not %s",
			       name, word.text);
	*out = (int)number;
	return true;
}

static bool take_option(struct chart_wish *wish, const char *name,
			const char **at, struct err *err)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (strcmp(name, "--top") == 0)
		return next_number(at, name, &wish->top, err);
	if (strcmp(name, "--title") == 0) {
		if (!next_word(at, &value))
			return err_set(err, ERR_USAGE, "%s needs a value",
				       name);
		mem_free(wish->title);
		wish->title = str_take(&value);
	} else if (strcmp(name, "--log") == 0) {
		wish->log = true;
	} else if (strcmp(name, "--stack") == 0) {
		wish->stack = true;
	} else if (strcmp(name, "--sort") == 0) {
		wish->sort = true;
	} else {
		err_set(err, ERR_USAGE, "a chart line has no option \"%s\"",
			name);
		return err_hint(err, "by COLUMN, --top N, --sort, --stack, "
				     "--log, --title TEXT");
	}
	return true;
}

bool chart_wish_parse(struct chart_wish *wish, const char *line,
		      struct err *err)
{
	CLEANUP(str_done) struct str word = STR_EMPTY;

	while (next_word(&line, &word)) {
		if (str_starts(word.text, "--")) {
			if (!take_option(wish, word.text, &line, err))
				return false;
		} else {
			chart_wish_add(wish, word.text);
		}
	}
	return true;
}

void chart_named_done(struct chart_named *named)
{
	vec_done(&named->columns);
}

static int find_exact(const struct rows *rows, const char *word)
{
	for (size_t i = 0; i < rows->column_count; i++)
		if (strcmp(rows->columns[i].name, word) == 0)
			return (int)i;
	for (size_t i = 0; i < rows->column_count; i++)
		if (str_equal_nocase(rows->columns[i].name, word))
			return (int)i;
	return -1;
}

static int find_column(const struct rows *rows, const char *word)
{
	int found = find_exact(rows, word);
	char *end;
	long number;

	if (found >= 0 || *word < '0' || *word > '9')
		return found;
	number = strtol(word, &end, 10);
	return *end == '\0' && number >= 1 && number <= (long)rows->column_count
		       ? (int)number - 1
		       : -1;
}

static bool no_column(const struct rows *rows, const char *word, bool first,
		      struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(mem_freep) char *shown = chart_safe_text(word, strlen(word));

	for (size_t i = 0; i < rows->column_count && i < 20; i++) {
		const char *name = rows->columns[i].name;
		CLEANUP(mem_freep)
		char *safe = chart_safe_text(name, strlen(name));

		str_addf(&names, "%s%s", i > 0 ? ", " : "", safe);
	}
	err_set(err, ERR_USAGE, "\\chart: the result has no column \"%s\"%s",
		shown, first ? ", and there is no such kind of chart" : "");
	if (first)
		return err_hint(err,
				"columns: %s; kinds: bar, hbar, line, "
				"area, scatter, hist, heat, spark",
				names.text);
	return err_hint(err, "its columns: %s", names.text);
}

/* The kind, where the first word is one. */
static bool is_kind(const struct rows *rows, const char *word,
		    enum chart_kind *out)
{
	enum chart_kind kind = chart_kind_find(word);

	if (kind == CHART_GUESS)
		return false;
	/* KPIs are drawn by guess; a column is more often called number. */
	if (kind == CHART_NUMBER && find_exact(rows, word) >= 0)
		return false;
	*out = kind;
	return true;
}

bool chart_wish_read(const struct chart_wish *wish, const struct rows *rows,
		     struct chart_named *out, struct err *err)
{
	size_t at = 0;

	*out = (struct chart_named){ .by = -1 };
	if (wish->words.count > 0 &&
	    is_kind(rows, wish->words.items[0], &out->kind))
		at = 1;
	for (; at < wish->words.count; at++) {
		const char *word = wish->words.items[at];
		bool by = str_equal_nocase(word, "by") &&
			  find_exact(rows, word) < 0;
		int column;

		if (by && ++at == wish->words.count) {
			err_set(err, ERR_USAGE,
				"\\chart: by needs a column behind it");
			return err_hint(err, "\\chart line month revenue by "
					     "region");
		}
		word = wish->words.items[at];
		column = find_column(rows, word);
		if (column < 0)
			return no_column(rows, word, at == 0, err);
		if (by)
			out->by = column;
		else
			vec_push(&out->columns, (size_t)column);
	}
	return true;
}
