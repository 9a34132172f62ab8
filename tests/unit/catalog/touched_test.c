#include "../check.h"

#include "base/str.h"
#include "catalog/question.h"
#include "catalog/touched.h"

/* What is to be read again: names, then parts by a letter. */
static const struct {
	const char *sql;
	const char *expected;
} cases[] = {
	{ "grant select on t to anna", "t SR" },
	{ "GRANT SELECT (a, b), UPDATE ON TABLE Shop.Sales, x TO GROUP g",
	  "sales Sales x SR" },
	{ "revoke all on \"Odd \"\"Name\" from public",
	  "odd \"name Odd \"Name SR" },
	{ "grant usage on schema shop to anna", "S" },
	{ "grant usage on external schema lake to anna", "S" },
	{ "grant create on database dev to anna", "D" },
	{ "grant select on all tables in schema shop to anna", "all SR" },
	{ "grant role looker to anna", "O" },
	{ "grant execute on function f(int) to anna", "" },
	{ "grant usage on language plpythonu to anna", "" },
	{ "select 'grant select on t to anna'", "" },
};

static void add_shown(const struct touched *touched, struct str *out)
{
	static const struct {
		unsigned part;
		char letter;
	} letters[] = { { PART_SCHEMAS, 'S' },
			{ PART_RELATIONS, 'R' },
			{ PART_DATABASES, 'D' },
			{ PART_ROLES, 'O' } };

	if (touched->all_relations)
		str_add(out, "all ");
	/* Names that are spelled alike stand once. */
	for (size_t i = 0; i < touched->count; i++)
		str_addf(out, "%s ", touched->items[i]);
	for (size_t i = 0; i < COUNT_OF(letters); i++)
		if (touched->parts & letters[i].part)
			str_add_char(out, letters[i].letter);
}

static void grants_read_privileges_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(touched_done) struct touched touched = TOUCHED_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		touched_add(&touched, cases[i].sql, strlen(cases[i].sql));
		add_shown(&touched, &text);
		assert_text(text.text, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_read_privileges_again),
	};

	return RUN_TESTS(tests);
}
