/* sandbox/rewrite/rewrite_refusal.c - refusals by words, by refused.tsv.
 *
 * A statement may be 16 MB long and the table has many rows, so rows are
 * found by the letter that their first word begins with. */
#include <string.h>

#include "base/vec.h"
#include "sandbox/account/refusal.h"
#include "sandbox/rewrite/rewrite_work.h"

enum {
	LETTERS = 27,        /* a to z, and all that is no letter */
	NAME_MAX_BYTES = 127, /* of Redshift's identifiers */
	NAME_HELD_BYTES = 63, /* that the private PostgreSQL can hold */
};

/* Rows that apply to the statement, chained by their first letter. */
struct shelf {
	size_t first[LETTERS]; /* row + 1; 0: none */
	struct {
		VEC(size_t);
	} next; /* of each row, as first */
};

static size_t letter_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (size_t)(c - 'A');
	return c >= 'a' && c <= 'z' ? (size_t)(c - 'a') : LETTERS - 1;
}

static bool row_applies(const struct work *work, const struct tsv_row *row)
{
	const char *statement = row->cells[0];
	bool known = work->out->statement.kind != STATEMENT_UNKNOWN;

	if (strcmp(statement, "!") == 0)
		return !known;
	return strcmp(statement, "*") == 0 ||
	       strcmp(statement, work->out->statement.name) == 0;
}

/* Rows stand in the order of the table: the first that matches counts. */
static void fill_shelf(const struct work *work, struct shelf *shelf)
{
	const struct tsv *refused = work->rules->refused;

	for (size_t r = 0; r < tsv_count(refused); r++)
		vec_push(&shelf->next, 0);
	for (size_t r = tsv_count(refused); r-- > 0;) {
		const struct tsv_row *row = tsv_row(refused, r);
		const char *word = row->cells[1] + (row->cells[1][0] == '^');
		size_t letter = letter_of(word[0]);

		if (!row_applies(work, row))
			continue;
		shelf->next.items[r] = shelf->first[letter];
		shelf->first[letter] = r + 1;
	}
}

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME;
}

/* The words of a row from token at on; the number of tokens, 0: no match.
 * *out_marked is the token that the row marks with ^. */
static size_t match_words(const struct patch *patch, size_t at,
			  const char *words, size_t *out_marked)
{
	size_t i = at;

	*out_marked = PATCH_NONE;
	while (*words != '\0') {
		char word[32];
		size_t len = strcspn(words, " ");
		size_t mark = words[0] == '^' && len > 1 ? 1 : 0;

		if (len - mark >= sizeof(word))
			return 0;
		memcpy(word, words + mark, len - mark);
		word[len - mark] = '\0';
		if (mark)
			*out_marked = i;
		if (strcmp(word, "<name>") == 0
			    ? !is_name(patch_at(patch, i))
			    : patch_match(patch, i, word) == 0)
			return 0;
		i++;
		words += len + (words[len] == ' ');
	}
	return i - at;
}

/* %s: what is refused, as typed; %q: the whole statement. */
static void add_message(const struct work *work, const struct tsv_row *row,
			size_t from, size_t to, struct str *out)
{
	const struct token *first = patch_at(&work->patch, from);
	const struct token *last = patch_at(&work->patch, to - 1);
	const char *text = row->cells[3];
	const char *mark = strchr(text, '%');

	if (mark == NULL) {
		str_add(out, text);
		return;
	}
	str_add_slice(out, text, (size_t)(mark - text));
	if (mark[1] == 'q') {
		first = patch_at(&work->patch, 0);
		last = patch_at(&work->patch, work->patch.count - 1);
	}
	str_add_slice(out, first->text, last->at + last->len - first->at);
	str_add(out, mark + 2);
}

static bool refuse_row(struct work *work, const struct tsv_row *row, size_t at,
		       size_t words, size_t marked)
{
	CLEANUP(str_done) struct str message = STR_EMPTY;
	size_t from = marked == PATCH_NONE ? at : marked;
	bool one = marked != PATCH_NONE || strcmp(row->cells[2], "42601") == 0;

	add_message(work, row, from, one ? from + 1 : at + words, &message);
	work_refuse(work, from, row->cells[2], "%s", message.text);
	if (row->cells[4][0] != '\0')
		err_hint(work->err, "%s", row->cells[4]);
	return false;
}

static bool check_token(struct work *work, const struct shelf *shelf, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);
	size_t r = shelf->first[letter_of(token->text[0])];

	for (; r > 0; r = shelf->next.items[r - 1]) {
		const struct tsv_row *row =
			tsv_row(work->rules->refused, r - 1);
		size_t marked;
		size_t n = match_words(&work->patch, at, row->cells[1],
				       &marked);

		if (n > 0)
			return refuse_row(work, row, at, n, marked);
	}
	return true;
}

/* PostgreSQL's system columns do not exist for Redshift's users. */
static bool check_system_column(struct work *work, size_t at)
{
	static const char *const names[] = { "ctid", "xmin", "xmax",
					     "cmin", "cmax", "tableoid" };
	const struct patch *patch = &work->patch;
	const struct token *token = patch_at(patch, at);
	const struct token *next = patch_at(patch, at + 1);
	bool defined = at > 0 && next->kind == TOKEN_WORD &&
		       (token_is_char(patch_at(patch, at - 1), '(') ||
			token_is_char(patch_at(patch, at - 1), ','));

	if (token->kind != TOKEN_WORD || defined ||
	    token_is_char(next, '(') ||
	    (at > 0 && token_is(patch_at(patch, at - 1), "as")))
		return true;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (token_is(token, names[i]))
			return work_refuse(work, at, "42703",
					   "column \"%s\" does not exist",
					   names[i]);
	return true;
}

/* Columnar files are read where they lie: no REGION. */
static bool check_copy_region(struct work *work)
{
	static const char *const formats[] = { "parquet", "orc" };
	const struct patch *patch = &work->patch;
	size_t region = patch_find(patch, 1, patch->count, "region");

	if (work->out->statement.kind != STATEMENT_COPY || region == PATCH_NONE)
		return true;
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		size_t at = patch_find(patch, 1, patch->count, formats[i]);

		if (at != PATCH_NONE && at > 2)
			return work_refuse(work, region, "0A000",
					   "REGION argument is not supported "
					   "for %s based COPY",
					   i == 0 ? "PARQUET" : "ORC");
	}
	return true;
}

/* The name by which MERGE's columns are qualified: of the relation at, or its
 * alias. */
static void add_range(const struct work *work, size_t at, struct str *out)
{
	size_t end = work_name_end(work, at);

	if (end == at)
		return;
	end += patch_match(&work->patch, end, "as");
	work_name(work, end, out);
	if (strcmp(out->text, "using") != 0 && strcmp(out->text, "on") != 0 &&
	    out->len > 0)
		return;
	str_clear(out);
	work_name(work, work_name_end(work, at) - 1, out);
}

/* MERGE takes SUPER columns whole: no alias.column.part. */
static bool check_merge_parts(struct work *work)
{
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str target = STR_EMPTY;
	CLEANUP(str_done) struct str source = STR_EMPTY;
	size_t using = patch_find(patch, 1, patch->count, "using");
	size_t on = patch_find(patch, 1, patch->count, "on");

	if (strcmp(work->out->statement.name, "MERGE") != 0 ||
	    using == PATCH_NONE || on == PATCH_NONE)
		return true;
	add_range(work, 2, &target);
	add_range(work, using + 1, &source);
	for (size_t i = on + 1; i < patch->count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		size_t end = work_name_end(work, i);
		bool part = end > i + 4 ||
			    (end > i + 1 &&
			     token_is_char(patch_at(patch, end), '['));

		if (end == i)
			continue;
		work_name(work, i, &name);
		if (part && (strcmp(name.text, target.text) == 0 ||
			     strcmp(name.text, source.text) == 0))
			return work_refuse(work, i, "0A000",
					   "Partial reference of SUPER column "
					   "is not supported in MERGE "
					   "statement.");
		i = end - 1;
	}
	return true;
}

/* Longer names would be cut, and two of them could become one. */
static bool check_length(struct work *work, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (!is_name(token) && token->kind != TOKEN_TEMP)
		return true;
	if (token->len <= NAME_HELD_BYTES)
		return true;
	work_name(work, at, &name);
	if (name.len > NAME_MAX_BYTES)
		return work_refuse(work, at, "42622",
				   "identifier \"%s\" is longer than %d bytes",
				   name.text, NAME_MAX_BYTES);
	if (name.len <= NAME_HELD_BYTES)
		return true;
	return work_refuse(work, at, REFUSAL_LACKS,
			   "the sandbox has no identifiers of more than %d "
			   "bytes: \"%s\"",
			   NAME_HELD_BYTES, name.text);
}

bool rewrite_refusals(struct work *work)
{
	const struct patch *patch = &work->patch;
	bool known = work->out->statement.kind != STATEMENT_UNKNOWN;
	size_t last = known ? patch->count : 1;
	struct shelf shelf = { 0 };
	bool fine = true;

	fill_shelf(work, &shelf);
	for (size_t i = 0; fine && i < last; i++) {
		bool qualified =
			i > 0 && token_is_char(patch_at(patch, i - 1), '.');

		fine = check_length(work, i) &&
		       (qualified || check_token(work, &shelf, i)) &&
		       (!known || check_system_column(work, i));
	}
	vec_done(&shelf.next);
	return fine && check_copy_region(work) && check_merge_parts(work);
}
