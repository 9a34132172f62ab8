#include "complete/argument_sql.h"

#include <string.h>

#include "base/str.h"
#include "complete/argument.h"
#include "complete/source.h"
#include "complete/words.h"

static const char *word_of(const struct argument *argument)
{
	return argument->text + argument->word.start;
}

static size_t word_len(const struct argument *argument)
{
	return argument->cursor - argument->word.start;
}

/* Completes sql, whose end is what is typed of the argument. */
static void complete_sql(const struct argument *argument, const struct str *sql)
{
	struct complete_list *list = argument->list;
	size_t behind;

	source_complete_sql(argument->source, sql->text, sql->len, sql->len, 0,
			    list);
	/* The end of both texts is the same. */
	behind = sql->len - list->from;
	list->from = argument->cursor - behind;
	list->to = argument->cursor;
}

/* Only offers of one kind stay. */
static void keep_kind(struct complete_list *list, enum complete_kind kind)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == kind)
			list->items[kept++] = list->items[i];
		else
			complete_item_done(&list->items[i]);
	}
	list->count = kept;
	list->heap = false;
}

/* ---- \copyfrom, \copyto ---- */

/* Their authorization is made up: it stands elsewhere. */
static const char from_place[] = "from 's3://' iam_role default ";
static const char to_place[] = "unload ('') to 's3://' iam_role default ";

static bool is_copyto(const struct argument *argument)
{
	return strcmp(argument->command, "copyto") == 0;
}

static void add_place(const struct argument *argument, struct str *sql)
{
	if (is_copyto(argument)) {
		str_set(sql, to_place);
		return;
	}
	if (str_ends(sql->text, "from ") || str_ends(sql->text, "FROM "))
		str_cut(sql, sql->len - strlen("from "));
	str_add(sql, from_place);
}

static bool is_uri(const char *word, size_t len)
{
	static const char scheme[] = "s3://";

	if (len > 0 && (*word == '\'' || *word == '"')) {
		word++;
		len--;
	}
	return len >= strlen(scheme) &&
	       strncmp(word, scheme, strlen(scheme)) == 0;
}

/* The words before the cursor's as SQL, without switches. */
static void add_words(const struct argument *argument, struct str *sql)
{
	struct typed word;

	str_add(sql, is_copyto(argument) ? "select * from " : "copy ");
	for (size_t at = argument->rest;
	     typed_next(argument->text, at, argument->word.start, &word);
	     at = word.end) {
		const char *text = argument->text + word.start;
		size_t len = word.end - word.start;

		if (is_uri(text, len)) {
			add_place(argument, sql);
		} else if (strncmp(text, "--", 2) != 0) {
			str_add_slice(sql, text, len);
			str_add_char(sql, ' ');
		}
	}
}

static int depth_behind(const char *text, size_t len, int depth)
{
	for (size_t i = 0; i < len; i++)
		depth += (text[i] == '(') - (text[i] == ')');
	return depth;
}

/* Whether \copyfrom's table stands before the cursor, with its columns if
 * any, and nothing else: a file or a URI is next. */
static bool is_source_next(const struct argument *argument)
{
	struct typed word;
	int depth = 0;
	int words = 0;

	if (is_copyto(argument))
		return false;
	for (size_t at = argument->rest;
	     typed_next(argument->text, at, argument->word.start, &word);
	     at = word.end) {
		const char *text = argument->text + word.start;
		size_t len = word.end - word.start;

		if (strncmp(text, "--", 2) == 0)
			continue;
		words += depth == 0 && *text != '(';
		depth = depth_behind(text, len, depth);
	}
	return words == 1 && depth == 0 && *word_of(argument) != '(' &&
	       strncmp(word_of(argument), "--", 2) != 0;
}

static void offer_place(const struct argument *argument,
			enum complete_want want)
{
	struct complete_arg arg = { .name = "SOURCE", .want = want };
	struct argument place = *argument;

	place.arg = &arg;
	argument_offer(&place);
}

void argument_sql_statement(const struct argument *argument)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (is_uri(word_of(argument), word_len(argument))) {
		offer_place(argument, WANT_S3_URI);
		return;
	}
	if (is_source_next(argument)) {
		offer_place(argument, WANT_PATH_OR_URI);
		return;
	}
	add_words(argument, &sql);
	str_add_slice(&sql, word_of(argument), word_len(argument));
	complete_sql(argument, &sql);
}

/* ---- \h ---- */

/* Statements by their words, as they are written. */
void argument_sql_topic(const struct argument *argument)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add_slice(&sql, argument->text + argument->rest,
		      argument->cursor - argument->rest);
	complete_sql(argument, &sql);
	keep_kind(argument->list, COMPLETE_KEYWORD);
}

/* ---- \crosstabview ---- */

/* Columns of the query that stands before the command. */
void argument_sql_column(const struct argument *argument)
{
	struct complete_list *list = argument->list;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	size_t cursor;

	if (argument->start < 2)
		return;
	str_set(&sql, "select ");
	str_add_slice(&sql, word_of(argument), word_len(argument));
	cursor = sql.len;
	str_add(&sql, " from (");
	str_add_slice(&sql, argument->text, argument->start - 1);
	/* Behind what may be a comment. */
	str_add(&sql, "\n) as result");
	source_complete_sql(argument->source, sql.text, sql.len, cursor, 0,
			    list);
	list->from = argument->cursor - (cursor - list->from);
	list->to = argument->cursor;
	keep_kind(list, COMPLETE_COLUMN);
	for (size_t i = 0; i < list->count; i++)
		list->items[i].after = ' ';
}

/* ---- \chart ---- */

bool argument_sql_in_query(const struct argument *argument)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const char *open = memchr(argument->text + argument->rest, '(',
				  argument->cursor - argument->rest);
	size_t from;

	if (open == NULL)
		return false;
	from = (size_t)(open + 1 - argument->text);
	str_add_slice(&sql, open + 1, argument->cursor - from);
	complete_sql(argument, &sql);
	return true;
}

/* ---- \copy ---- */

enum copy_word { COPY_TABLE, COPY_WAY, COPY_FILE, COPY_OPTIONS };

static bool is_way(const char *word, size_t len)
{
	return str_slice_equal_nocase(word, len, "from") ||
	       str_slice_equal_nocase(word, len, "to");
}

/* Which word of \copy {table | (query)} {from | to} file [options] is due. */
static enum copy_word copy_word(const struct argument *argument)
{
	enum copy_word due = COPY_TABLE;
	struct typed word;
	int depth = 0;

	for (size_t at = argument->rest;
	     typed_next(argument->text, at, argument->word.start, &word);
	     at = word.end) {
		const char *text = argument->text + word.start;
		size_t len = word.end - word.start;

		for (size_t i = 0; i < len; i++)
			depth += (text[i] == '(') - (text[i] == ')');
		if (depth > 0)
			continue;
		if (due == COPY_TABLE || due == COPY_FILE)
			due++;
		else if (due == COPY_WAY && is_way(text, len))
			due = COPY_FILE;
	}
	return due;
}

void argument_sql_copy(const struct argument *argument)
{
	static const struct complete_arg words[] = {
		[COPY_TABLE] = { .name = "TABLE", .want = WANT_RELATION },
		[COPY_WAY] = { .name = "from|to",
			       .want = WANT_CHOICE,
			       .choices = "from|to" },
		[COPY_FILE] = { .name = "FILE", .want = WANT_PATH },
		[COPY_OPTIONS] = { .name = "OPTIONS",
				   .want = WANT_CHOICE,
				   .choices =
					   "with|csv|binary|delimiter|header|"
					   "null|quote|escape|encoding|"
					   "force quote|force not null" },
	};
	enum copy_word due = copy_word(argument);
	struct argument part = *argument;

	part.arg = &words[due];
	argument_offer(&part);
	if (due == COPY_FILE)
		argument_words(argument, WORDS_STREAM);
}
