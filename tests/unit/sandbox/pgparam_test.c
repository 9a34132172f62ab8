#include "../check.h"

#include <stdlib.h>

#include "base/path.h"
#include "base/str.h"
#include "sandbox/gateway/pgparam.h"

static struct pgparams *load(void)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct pgparams *params;

	assert_true(path_share("sandbox/settings.tsv", &path, &err));
	params = pgparams_load(path.text, &err);
	if (!params)
		fail_msg("%s", err.message);
	return params;
}

static const struct {
	const char *name;
	const char *value;
	const char *code; /* SQLSTATE of the refusal; NULL: taken */
} cases[] = {
	{ "extra_float_digits", "2", NULL },
	{ "extra_float_digits", "-15", NULL },
	{ "extra_float_digits", "3", "22023" },
	{ "extra_float_digits", "many", "22023" },
	{ "Extra_Float_Digits", "0", NULL },
	{ "IntervalStyle", "iso_8601", "42704" },
	{ "standard_conforming_strings", "on", "42704" },
	{ "ssl_renegotiation_limit", "0", "42704" },
	{ "lc_monetary", "C", "42501" },
	{ "server_version", "9", "55P02" },
	{ "require_ssl", "true", "55P02" },
	{ "client_encoding", "utf8", NULL },
	{ "client_encoding", "LATIN1", "22023" },
	{ "enable_result_cache_for_session", "off", NULL },
	{ "enable_result_cache_for_session", "perhaps", "22023" },
	{ "statement_timeout", "60000", NULL },
	{ "statement_timeout", "-1", "22023" },
	{ "analyze_threshold_percent", "12.5", NULL },
	{ "query_group", "any text", NULL },
};

static void settings_are_taken_or_refused_as_redshift_does(void **state)
{
	CLEANUP(pgparams_freep) struct pgparams *params = load();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_EMPTY;
		const struct pgparam *param =
			pgparams_find(params, cases[i].name, &err);
		bool ok = param && pgparam_check(param, cases[i].value, &err);

		if (ok != !cases[i].code)
			fail_msg("%s = %s", cases[i].name, cases[i].value);
		assert_text(err.code, cases[i].code ? cases[i].code : "");
	}
}

static void the_refusal_of_three_float_digits_is_word_for_word(void **state)
{
	CLEANUP(pgparams_freep) struct pgparams *params = load();
	struct err err = ERR_EMPTY;

	(void)state;
	pgparam_check(pgparams_find(params, "extra_float_digits", &err), "3",
		      &err);
	assert_text(err.message, "3 is outside the valid range for parameter "
				 "\"extra_float_digits\" (-15 .. 2)");
}

static void context_variables_have_two_parts(void **state)
{
	(void)state;
	assert_true(pgparam_is_context("app_context.user_id"));
	assert_false(pgparam_is_context("search_path"));
	assert_false(pgparam_is_context("a."));
	assert_false(pgparam_is_context(".b"));
	assert_false(pgparam_is_context("a.b.c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			settings_are_taken_or_refused_as_redshift_does),
		cmocka_unit_test(
			the_refusal_of_three_float_digits_is_word_for_word),
		cmocka_unit_test(context_variables_have_two_parts),
	};

	return RUN_TESTS(tests);
}
