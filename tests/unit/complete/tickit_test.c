/* Runs every tests/cases/complete/tickit/NAME.txt: a text with | at the
 * cursor, a blank line, then lines about what Tab offers there, all of which
 * must hold:
 *
 *	= a        the first of such lines is the first candidate, and so on
 *	+ a        is among the candidates
 *	- a        is not
 *	kind a: b  is among them, and of that kind
 *	no kind    none is of that kind
 *	only kind  all are
 *	> text     the text, when the first candidate is taken
 *	(nothing)  there are none
 *	(end)      behind "=" lines: there are no more
 */
#include "tests/unit/complete/tickit.h"

#include <glob.h>
#include <stdio.h>

#include "complete/complete.h"
#include "complete/usage.h"
#include "tests/unit/cases.h"

struct one {
	const char *input; /* without the bar */
	size_t cursor;
	struct complete_list list;
	size_t at; /* the candidate of the next "=" line */
};

static const struct complete_item *find_item(const struct complete_list *list,
					     const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].text, text) == 0)
			return &list->items[i];
	return NULL;
}

static size_t count_kind(const struct complete_list *list, const char *kind)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += strcmp(complete_kind_name(list->items[i].kind),
				kind) == 0;
	return count;
}

static bool becomes(const struct one *one, const char *text)
{
	CLEANUP(str_done) struct str result = STR_EMPTY;

	if (one->list.count == 0)
		return false;
	str_add_slice(&result, one->input, one->list.from);
	str_add(&result, one->list.items[0].text);
	str_add(&result, one->input + one->list.to);
	return strcmp(result.text, text) == 0;
}

static bool kind_holds(const struct one *one, const char *line)
{
	const char *colon = strstr(line, ": ");
	const struct complete_item *item;
	CLEANUP(mem_freep) char *kind = NULL;

	if (strncmp(line, "kind ", 5) != 0 || colon == NULL)
		return false;
	kind = mem_copy_slice(line + 5, (size_t)(colon - line) - 5);
	item = find_item(&one->list, colon + 2);
	return item != NULL &&
	       strcmp(complete_kind_name(item->kind), kind) == 0;
}

static bool line_holds(struct one *one, const char *line)
{
	const struct complete_list *list = &one->list;

	if (strcmp(line, "(nothing)") == 0)
		return list->count == 0;
	if (strcmp(line, "(end)") == 0)
		return list->count == one->at;
	if (strncmp(line, "= ", 2) == 0)
		return one->at < list->count &&
		       strcmp(list->items[one->at++].text, line + 2) == 0;
	if (strncmp(line, "+ ", 2) == 0)
		return find_item(list, line + 2) != NULL;
	if (strncmp(line, "- ", 2) == 0)
		return find_item(list, line + 2) == NULL;
	if (strncmp(line, "> ", 2) == 0)
		return becomes(one, line + 2);
	if (strncmp(line, "no ", 3) == 0)
		return count_kind(list, line + 3) == 0;
	if (strncmp(line, "only ", 5) == 0)
		return list->count > 0 &&
		       count_kind(list, line + 5) == list->count;
	return kind_holds(one, line);
}

/* Line ends are written \n. */
static void put_line_ends(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		if (text[0] == '\\' && text[1] == 'n') {
			*to++ = '\n';
			text++;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* Behind long statements, and with a long list in it, the same is offered. */
static bool is_same_when_long(const struct complete_source *source,
			      const struct one *one)
{
	enum { BEFORE = 3000 };
	struct complete_list list = COMPLETE_LIST_EMPTY;
	struct str text = STR_EMPTY;
	bool same;
	size_t before;

	for (size_t i = 0; i < BEFORE; i++)
		str_addf(&text, "select 'x;', %zu from venue v;\n", i);
	before = text.len;
	str_add(&text, one->input);
	complete_at(source, text.text, before + one->cursor, &list);
	same = list.count == one->list.count &&
	       list.from == before + one->list.from &&
	       list.to == before + one->list.to;
	for (size_t i = 0; same && i < list.count; i++)
		same = strcmp(list.items[i].text, one->list.items[i].text) == 0;
	complete_list_done(&list);
	str_done(&text);
	return same;
}

static bool run_case(const char *path, char *input, char *expected)
{
	struct one one = { .list = COMPLETE_LIST_EMPTY };
	struct complete_source source = {
		.lookup = tickit_lookup,
		.keyword_case = "preserve-upper",
	};
	bool right = expected != NULL;

	put_line_ends(input);
	one.cursor = cases_cursor(input);
	one.input = input;
	complete_at(&source, input, one.cursor, &one.list);
	for (char *line; right && (line = strsep(&expected, "\n")) != NULL;) {
		put_line_ends(line);
		right = line_holds(&one, line);
		if (!right)
			fprintf(stderr, "# %s: %.*s|%s\n#   not: %s\n", path,
				(int)one.cursor, input, input + one.cursor,
				line);
	}
	if (right && !is_same_when_long(&source, &one)) {
		right = false;
		fprintf(stderr, "# %s: otherwise in a long text: %s\n", path,
			input);
	}
	for (size_t i = 0; !right && i < one.list.count && i < 12; i++)
		fprintf(stderr, "#   %s (%s)\n", one.list.items[i].text,
			complete_kind_name(one.list.items[i].kind));
	complete_list_done(&one.list);
	return right;
}

static size_t run_file(const char *path, size_t *count)
{
	struct cases_file file = { .text = STR_EMPTY };
	struct err err = ERR_EMPTY;
	size_t wrong = 0;
	char *input;

	if (!file_read(path, 4 << 20, &file.text, &err))
		fail_msg("%s", err.message);
	file.rest = file.text.text;
	while ((input = cases_paragraph(&file)) != NULL) {
		char *expected = cases_paragraph(&file);

		wrong += !run_case(path, input, expected);
		*count += 1;
		mem_free(input);
		mem_free(expected);
	}
	str_done(&file.text);
	return wrong;
}

static void every_place_offers_what_it_says(void **state)
{
	CLEANUP(str_done) struct str pattern = STR_EMPTY;
	size_t wrong = 0;
	size_t count = 0;
	glob_t found;

	(void)state;
	assert_non_null(getenv("TESTS_DIR"));
	str_addf(&pattern, "%s/cases/complete/tickit/*.txt",
		 getenv("TESTS_DIR"));
	assert_int_equal(glob(pattern.text, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		wrong += run_file(found.gl_pathv[i], &count);
	globfree(&found);
	assert_int_equal(wrong, 0);
	assert_true(count >= 200);
}

static const char *first_of(const char *text, size_t at, struct str *out)
{
	struct complete_source source = { .lookup = tickit_lookup };
	struct complete_list list = COMPLETE_LIST_EMPTY;

	complete_at(&source, text, strlen(text), &list);
	str_set(out, at < list.count ? list.items[at].text : "");
	complete_list_done(&list);
	return out->text;
}

static void what_is_used_comes_first(void **state)
{
	static const char *const ran[] = {
		"select v.venuecity, count(*) from venue v join event e"
		" on true where v.venuecity <> 'x' group by 1;",
		"select venuecity from public.venue where exists (select 1"
		" from nosuch) and \"venueid\" = 1",
		"select 1 from generate_series(1, 2), attic.old_sales o",
	};
	CLEANUP(str_done) struct str first = STR_EMPTY;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ran); i++)
		usage_note(tickit_lookup, ran[i], strlen(ran[i]));
	assert_text(first_of("select * from ", 0, &first), "venue");
	assert_text(first_of("select * from ", 1, &first), "event");
	assert_text(first_of("select * from old", 0, &first),
		    "attic.old_sales");
	assert_text(first_of("delete from venue where ", 0, &first),
		    "venuecity");
	assert_text(first_of("delete from venue where ", 1, &first), "venueid");
	/* With the alias they keep their order. */
	assert_text(first_of("delete from venue where venue.", 0, &first),
		    "venueid");
	assert_text(first_of("delete from venue where venue.", 1, &first),
		    "venuename");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_offers_what_it_says),
		cmocka_unit_test(what_is_used_comes_first),
	};

	return cmocka_run_group_tests(tests, tickit_make, tickit_remove);
}
