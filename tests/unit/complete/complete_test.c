#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/store.h"
#include "catalog/words.h"
#include "complete/complete.h"
#include "data/lite.h"

static const char content[] =
	"insert into databases (name, search_path, harvested_ms)"
	" values ('dev', 'public', 5), ('prod', '', 0);"
	"insert into schemas (id, database, name, kind) values"
	" (1, 'dev', 'public', 'local'), (2, 'dev', 'attic', 'local'),"
	" (3, 'dev', 'pg_catalog', 'local'),"
	" (4, 'dev', 'spectrum', 'external');"
	"insert into relations (id, schema_id, name, kind) values"
	" (1, 1, 'sales', 0), (2, 1, 'stores', 0), (3, 1, 'Odd Name', 0),"
	" (4, 1, 'sales_by_day', 1), (5, 2, 'old_things', 0),"
	" (6, 3, 'svv_tables', 1), (8, 4, 'clicks', 2);"
	"insert into columns (relation_id, position, name, type) values"
	" (1, 1, 'sale_id', 'integer'), (1, 2, 'amount', 'numeric(8,2)'),"
	" (1, 3, 'select', 'text'), (2, 1, 'store_id', 'integer'),"
	" (2, 2, 'city', 'text');"
	"insert into functions (schema_id, name, arguments, kind) values"
	" (1, 'f_tax', 'numeric', 5), (1, 'load_all', 'date', 6);"
	"insert into names (what, database, name, detail) values"
	" (5, '', 'anna', ''), (5, '', 'ben', ''), (6, '', 'analysts', ''),"
	" (7, '', 'reader', ''), (9, 'dev', 'geo', ''),"
	" (10, 'dev', 'share1', '');";

static char folder[] = "/tmp/redsh-complete-XXXXXX";
static struct lookup *lookup;

static void offer_commands(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "s3ls", NULL);
	complete_offer_name(offer, "s3get", NULL);
	complete_offer_name(offer, "dt", NULL);
	complete_offer_name(offer, "pset", NULL);
}

static const struct complete_arg s3ls_args[] = {
	{ "-l", WANT_FLAG, false },
	{ "--role", WANT_NOTHING, false },
	{ "URI", WANT_S3_URI, true },
};
static const struct complete_arg dt_args[] = {
	{ "PATTERN", WANT_PATTERN, false },
};
static const struct complete_arg i_args[] = {
	{ "FILE", WANT_PATH, false },
};
static const struct complete_arg pset_args[] = {
	{ "NAME", WANT_SETTING, false },
	{ "VALUE", WANT_VALUE, false },
};
static const struct complete_arg sql_args[] = {
	{ "--print", WANT_FLAG, false },
	{ "REST", WANT_SQL, false },
};

static const struct complete_arg *args_of(void *context, const char *command,
					  size_t *out_count)
{
	(void)context;
	*out_count = 1;
	if (strcmp(command, "s3ls") == 0) {
		*out_count = COUNT_OF(s3ls_args);
		return s3ls_args;
	}
	if (strcmp(command, "pset") == 0 || strcmp(command, "copyfrom") == 0)
		*out_count = 2;
	return strcmp(command, "copyfrom") == 0 ? sql_args
	       : strcmp(command, "pset") == 0   ? pset_args
	       : strcmp(command, "i") == 0      ? i_args
	       : command[0] == 'd'              ? dt_args
						: NULL;
}

static void offer_variables(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "COPY_ROLE", NULL);
	complete_offer_name(offer, "bucket", NULL);
}

static void offer_settings(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "format", NULL);
	complete_offer_name(offer, "fieldsep", NULL);
}

static void offer_values(void *context, const char *name,
			 struct complete_offer *offer)
{
	(void)context;
	if (strcmp(name, "format") != 0)
		return;
	complete_offer_name(offer, "aligned", NULL);
	complete_offer_name(offer, "csv", NULL);
}

static bool offer_s3(void *context, const char *typed,
		     struct complete_offer *offer)
{
	static const char *const names[] = {
		"demo/",        "demo-2/",           "demo/plain.csv",
		"demo/folder/", "demo/x back`t`",    "demo/x it's",
		"demo/y\nline", "demo/z \"quoted\"", "demo/w a\\b",
		"demo/v a:b|c", "demo/u $(x)",       "demo/my dir/",
	};

	(void)context;
	if (strncmp(typed, "slow/", 5) == 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *slash = strchr(names[i], '/');
		bool bucket = slash[1] == '\0';

		if (bucket == (strchr(typed, '/') == NULL))
			complete_offer_name(offer, names[i], NULL);
	}
	return true;
}

static int make_place(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct lite *lite;

	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	file_write("plain.sql", "", 0, 0600, NULL);
	file_write("with blank.sql", "", 0, 0600, NULL);
	file_write("with`tick.sql", "", 0, 0600, NULL);
	file_make_dirs("dir", 0700, NULL);
	file_write("dir/inner.sql", "", 0, 0600, NULL);
	str_addf(&path, "%s/cache.db", folder);
	lite = store_open(path.text, NULL);
	if (lite == NULL || !lite_run(lite, content, NULL) ||
	    !words_fill(lite, NULL))
		return -1;
	lite_close(lite);
	lookup = lookup_open(path.text, NULL);
	if (lookup != NULL)
		lookup_set_database(lookup, "dev");
	return lookup != NULL ? 0 : -1;
}

static int remove_place(void **state)
{
	(void)state;
	lookup_close(lookup);
	return chdir("/") == 0 && file_remove_tree(folder, NULL) ? 0 : -1;
}

static void ask(const char *text_with_bar, struct complete_list *list,
		struct str *text)
{
	struct complete_source source = {
		.lookup = lookup,
		.commands = offer_commands,
		.args = args_of,
		.variables = offer_variables,
		.settings = offer_settings,
		.values = offer_values,
		.s3 = offer_s3,
	};
	size_t cursor = strcspn(text_with_bar, "|");

	str_add_slice(text, text_with_bar, cursor);
	if (text_with_bar[cursor] == '|')
		str_add(text, text_with_bar + cursor + 1);
	complete_at(&source, text->text, cursor, list);
}

/* One candidate: what the text becomes with it. Several: their labels, in
 * order, each behind a blank; after "..." only the first ones count. */
static const struct {
	const char *text;
	const char *becomes;
} cases[] = {
	{ "select * from sto|", "select * from stores" },
	{ "select * from public.sto|", "select * from public.stores" },
	{ "select * from \"Odd|", "select * from \"Odd Name\"" },
	{ "select * from od|", "select * from \"Odd Name\"" },
	{ "select * from \"Odd|\" where", "select * from \"Odd Name\" where" },
	{ "select * from old|", "select * from attic.old_things" },
	{ "select * from atti|", "select * from attic." },
	{ "select * from sal|", " sales sales_by_day" },
	{ "select * from svv_t|", "select * from svv_tables" },
	{ "with recent as (select 1) select * from rec|",
	  "with recent as (select 1) select * from recent" },
	{ "select s.am| from sales s", "select s.amount from sales s" },
	{ "select s.| from sales s", " sale_id amount select" },
	{ "select s.sel| from sales s", "select s.\"select\" from sales s" },
	{ "select x.| from stores s", "" },
	{ "select s.| from sales s join stores t on true",
	  " sale_id amount select" },
	{ "select t.ci| from sales s join stores t on true",
	  "select t.city from sales s join stores t on true" },
	{ "insert into stores (ci|", "insert into stores (city" },
	{ "update stores set ci|", "update stores set city" },
	{ "select f_t|", "select f_tax(" },
	{ "select listag|", "select listagg(" },
	{ "select 1::hlls|", "select 1::hllsketch" },
	{ "selec|", "select" },
	{ "SELEC|", "SELECT" },
	{ "create table t (a int encode byte|",
	  "create table t (a int encode bytedict" },
	{ "set statement_time|", "set statement_timeout" },
	{ "select :buck|", "select :bucket" },
	{ "select :'buck|", "select :'bucket" },
	{ "select :'COPY|", "select :'COPY_ROLE" },
	{ "select 'sal|", "" },
	{ "select 1 -- sal|", "" },

	/* Meta-commands. */
	{ "\\s3l|", "\\s3ls" },
	{ "\\s3|", " s3get s3ls" },
	{ "select 1 \\s3l|", "select 1 \\s3ls" },
	{ "\\dt sto|", "\\dt stores" },
	{ "\\dt public.sto|", "\\dt public.stores" },
	{ "\\dt \"Odd|", "\\dt \"Odd Name\"" },
	{ "\\dv sal|", "\\dv sales_by_day" },
	{ "\\dn atti|", "\\dn attic" },
	{ "\\pset for|", "\\pset format" },
	{ "\\pset format c|", "\\pset format csv" },
	{ "\\pset fieldsep c|", "" },
	{ "\\s3ls --r|", "\\s3ls --role" },
	{ "\\s3ls :buck|", "\\s3ls :bucket" },
	{ "\\i pl|", "\\i plain.sql" },
	{ "\\i di|", "\\i dir/" },
	{ "\\i dir/in|", "\\i dir/inner.sql" },
	{ "\\i with\\ |", "" },
	{ "\\i with b|", "" },
	{ "\\i 'with b|", "\\i 'with blank.sql'" },
	{ "\\i 'with`|", "\\i 'with`tick.sql'" },

	/* Buckets and keys, as arguments and in COPY and UNLOAD. */
	{ "\\s3ls s3://dem|", " s3://demo-2/ s3://demo/" },
	{ "\\s3ls s3://demo-|", "\\s3ls s3://demo-2/" },
	{ "\\s3ls -l s3://demo/pl|", "\\s3ls -l s3://demo/plain.csv" },
	{ "\\s3ls s3://demo/fo|", "\\s3ls s3://demo/folder/" },
	{ "\\s3ls s3://demo/my|", "\\s3ls 's3://demo/my dir/" },
	{ "\\s3ls 's3://demo/x b|", "\\s3ls 's3://demo/x back`t`'" },
	{ "\\s3ls 's3://demo/x it|", "\\s3ls 's3://demo/x it''s'" },
	{ "\\s3ls s3://demo/y|", "\\s3ls 's3://demo/y\\nline'" },
	{ "\\s3ls s3://demo/z|", "\\s3ls 's3://demo/z \"quoted\"'" },
	{ "\\s3ls s3://demo/w|", "\\s3ls 's3://demo/w a\\\\b'" },
	{ "\\s3ls 's3://demo/w a\\\\|", "\\s3ls 's3://demo/w a\\\\b'" },
	{ "\\s3ls s3://demo/v|", "\\s3ls 's3://demo/v a:b|c'" },
	{ "\\s3ls s3://demo/u|", "\\s3ls 's3://demo/u $(x)'" },
	{ "copy t from 's3://demo-|", "copy t from 's3://demo-2/" },
	{ "copy t from 's3://demo/pl|'", "copy t from 's3://demo/plain.csv'" },
	{ "copy t from 's3://demo/x it|", "copy t from 's3://demo/x it''s'" },
	{ "copy t from 's3://demo/w|", "copy t from 's3://demo/w a\\\\b'" },
	{ "copy t from 's3://demo/y|", "copy t from 's3://demo/y\\nline'" },
	{ "unload ('select 1') to 's3://demo/fo|",
	  "unload ('select 1') to 's3://demo/folder/" },
	{ "\\copyfrom sto|", "\\copyfrom stores" },
	{ "\\copyfrom --print stores s3://demo/pl|",
	  "\\copyfrom --print stores s3://demo/plain.csv" },
	{ "\\copyfrom stores pla|", "\\copyfrom stores plain.sql" },
	{ "\\copyfrom stores (id, name) dir/|",
	  "\\copyfrom stores (id, name) dir/inner.sql" },
	{ "\\copyfrom --print stores (id, na|", "" },
	{ "\\copyfrom stores plain.sql pla|", "" },
	{ "\\copyfrom stores 's3://demo/x b|",
	  "\\copyfrom stores 's3://demo/x back`t`'" },
	{ "\\copyfrom stores s3://demo/plain.csv ignoreh|",
	  "\\copyfrom stores s3://demo/plain.csv ignoreheader" },
};

static void check_case(size_t i)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str result = STR_EMPTY;

	ask(cases[i].text, &list, &text);
	if (list.count == 1) {
		str_add_slice(&result, text.text, list.from);
		str_add(&result, list.items[0].text);
		str_add(&result, text.text + list.to);
	}
	for (size_t k = 0; list.count > 1 && k < list.count; k++)
		str_addf(&result, " %s", list.items[k].label);
	if (strcmp(result.text, cases[i].becomes) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].text,
			 result.text, cases[i].becomes);
}

static void candidates_fit_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_case(i);
}

static void what_is_not_known_yet_is_waited_for(void **state)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	ask("\\s3ls s3://slow/|", &list, &text);
	assert_int_equal(list.count, 0);
	assert_true(list.waiting);
}

static void nothing_is_offered_without_sources(void **state)
{
	static const char *const texts[] = {
		"select s.", "\\s3ls s3://", "\\",
		"\\d x",     "select :x",    "copy t from 's3://",
	};
	struct complete_source none = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		CLEANUP(complete_list_done)
		struct complete_list list = COMPLETE_LIST_EMPTY;

		complete_at(&none, texts[i], strlen(texts[i]), &list);
		assert_false(list.waiting);
		assert_int_equal(list.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(candidates_fit_the_place),
		cmocka_unit_test(what_is_not_known_yet_is_waited_for),
		cmocka_unit_test(nothing_is_offered_without_sources),
	};

	return cmocka_run_group_tests(tests, make_place, remove_place);
}
