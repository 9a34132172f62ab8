/* All meta-commands: Tab knows something for each of their arguments, or it
 * is listed here why not. */
#include "tests/unit/complete/place.h"

#include "cmd/table.h"
#include "shell/command.h"
#include "shell/meaning.h"
#include "shell/setting.h"
#include "shell/suggest.h"

/* Numbers, texts and names that only the person knows. */
/* The name of \\aws goes by the verb before it: see the cases. */
static const char *const free_ones[] = { "aws NAME",
					 "chart --title",
					 "chart --top",
					 "chart --width",
					 "chart --height",
					 "report --rows",
					 "connections --save",
					 "platform NAME",
					 "platform --name",
					 "platform --cidr",
					 "platform --quicksight",
					 "platform --skip",
					 "platform --set",
					 "infer --sample",
					 "copyfrom --auto",
					 "copyfrom --job",
					 "copyfrom --map",
					 "copyfrom --max-errors",
					 "staged ID",
					 "loads COUNT",
					 "unloads COUNT",
					 "copyjobs JOB",
					 "bind VALUE",
					 "bind_named NAME",
					 "bind_named VALUE",
					 "parse NAME",
					 "close_prepared NAME",
					 "getresults N",
					 "echo TEXT",
					 "qecho TEXT",
					 "warn TEXT",
					 "restrict KEY",
					 "unrestrict KEY",
					 "C TITLE",
					 "f SEPARATOR",
					 "T TEXT",
					 "gset PREFIX",
					 "edit LINE",
					 "e LINE",
					 "prompt TEXT",
					 "setenv VALUE",
					 "R SEPARATOR",
					 "s3find --name",
					 "s3head LINES",
					 "s3head -n",
					 "s3head -c",
					 "s3head --member",
					 "s3cat --member",
					 "s3put --part-size",
					 "s3put --exclude",
					 "s3put --include",
					 "s3put --sse-kms-key-id",
					 "s3put --content-type",
					 "s3put --content-encoding",
					 "s3put --content-language",
					 "s3put --content-disposition",
					 "s3put --cache-control",
					 "s3put --metadata",
					 "s3put --expected-owner",
					 "s3sync --part-size",
					 "s3sync --exclude",
					 "s3sync --include",
					 "s3sync --sse-kms-key-id",
					 "s3sync --content-type",
					 "s3sync --content-encoding",
					 "s3sync --content-language",
					 "s3sync --content-disposition",
					 "s3sync --cache-control",
					 "s3sync --metadata",
					 "s3sync --expected-owner",
					 "s3get --part-size",
					 "s3get --exclude",
					 "s3get --include",
					 "s3get --expected-owner",
					 "history --count",
					 "history --delete",
					 "quicksight --user",
					 "quicksight --source",
					 "quicksight --secret",
					 "quicksight --vpc",
					 "quicksight --sheet",
					 "do PATTERN" };

/* ... of whichever command. */
static const char *const free_everywhere[] = {
	"--expected-owner",	 "--version-id",       "--sse-kms-key-id",
	"--content-language",	 "--content-type",     "--content-encoding",
	"--content-disposition", "--cache-control",    "--metadata",
	"--part-size",
};

static struct complete_arg args[32];
static struct complete_source source;

static bool is_free(const struct command *command, const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	str_addf(&key, "%s %s", command->name, name);
	for (size_t i = 0; i < COUNT_OF(free_ones); i++)
		if (strcmp(free_ones[i], key.text) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(free_everywhere); i++)
		if (strcmp(free_everywhere[i], name) == 0)
			return true;
	/* Redshift has no large objects: \lo_import and its kin say so. */
	return strncmp(command->name, "lo_", 3) == 0;
}

static void offer_command(void *context, const struct command *command)
{
	complete_offer_name(context, command->name, command->brief);
}

static void commands(void *context, struct complete_offer *offer)
{
	(void)context;
	command_each(cmd_tables, offer_command, offer);
}

static const struct complete_arg *args_of(void *context, const char *name,
					  size_t *out_count)
{
	const struct command *command = command_find(cmd_tables, name);

	(void)context;
	if (command == NULL)
		return NULL;
	*out_count = suggest_args(command, args, COUNT_OF(args));
	return args;
}

static void variables(void *context, struct complete_offer *offer)
{
	(void)context;
	for (const struct var_hook *row = meaning_table; row->name; row++)
		complete_offer_name(offer, row->name, row->brief);
}

static void settings(void *context, struct complete_offer *offer)
{
	(void)context;
	for (const struct setting *row = setting_table; row->name; row++)
		complete_offer_name(offer, row->name, row->brief);
}

static void values(void *context, const char *name,
		   struct complete_offer *offer)
{
	static const struct {
		const char *name, *value;
	} rows[] = { { "format", "csv" },
		     { "HOST", "db" },
		     { "PORT", "5439" },
		     { "ON_ERROR_STOP", "on" } };

	(void)context;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			complete_offer_name(offer, rows[i].value, NULL);
}

static void jobs(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "12", "\\s3put a s3://b/k");
}

static void profiles(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "dev-profile", "profile");
}

static void dashboards(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "Weekly", "dashboard");
}

static bool s3_near(void *context, const char *typed,
		    struct complete_offer *offer)
{
	(void)context;
	if (strncmp(typed, "../", 3) == 0) {
		complete_offer_name(offer, "../other/", NULL);
		return true;
	}
	complete_offer_name(offer, "year=1/", NULL);
	complete_offer_name(offer, "it's one.csv", NULL);
	return true;
}

static void ask(const char *text, struct complete_list *list)
{
	source = place_source();
	source.commands = commands;
	source.args = args_of;
	source.variables = variables;
	source.settings = settings;
	source.values = values;
	source.jobs = jobs;
	source.profiles = profiles;
	source.dashboards = dashboards;
	source.s3_near = s3_near;
	complete_at(&source, text, strlen(text), list);
}

/* A value of this kind, where the one behind it is asked for. */
static const char *example(const struct complete_arg *arg)
{
	switch (arg->want) {
	case WANT_SETTING:
		return "format";
	case WANT_VARIABLE:
		return "ON_ERROR_STOP";
	case WANT_S3_URI:
	case WANT_PATH_OR_URI:
		return "s3://demo/a";
	default:
		return "x";
	}
}

static size_t check_argument(const struct command *command,
			     const struct complete_arg *all, size_t count,
			     size_t which)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "select sale_id from sales \\%s ", command->name);
	if (all[which].name[0] == '-')
		str_addf(&text, "%s%s", all[which].name,
			 all[which].want == WANT_FLAG ? "" : " ");
	else
		for (size_t i = 0; i < which; i++)
			if (all[i].name[0] != '-')
				str_addf(&text, "%s ", example(&all[i]));
	if (all[which].want == WANT_S3_URI)
		str_add(&text, "s3://");
	(void)count;
	ask(text.text, &list);
	if (list.count > 0 || is_free(command, all[which].name))
		return 0;
	print_error("\"%s\" offers nothing\n", text.text);
	return 1;
}

static void check_command(void *context, const struct command *command)
{
	struct complete_arg all[COUNT_OF(args)];
	size_t count = suggest_args(command, all, COUNT_OF(all));
	size_t *wrong = context;

	/* What Redshift has none of has no names. */
	if (strcmp(command->name, "di") == 0)
		return;
	for (size_t i = 0; i < count; i++)
		*wrong += check_argument(command, all, count, i);
}

static void every_argument_of_every_command_has_an_offer(void **state)
{
	size_t wrong = 0;

	(void)state;
	command_each(cmd_tables, check_command, &wrong);
	assert_int_equal(wrong, 0);
}

/* What is written when Tab is typed and there is one candidate; " a b": all
 * labels, in order; "+x": x is among them; "-x": not. */
static const struct {
	const char *text;
	const char *becomes;
} cases[] = {
	{ "\\copyf", "\\copyfrom" },
	{ "\\quicksight pub", "\\quicksight publish" },
	{ "\\quicksight refresh ", "\\quicksight refresh Weekly" },
	{ "\\quicksight publish W", "\\quicksight publish Weekly" },
	{ "\\quicksight publish W sto", "\\quicksight publish W stores" },
	{ "\\quicksight publish W sales as piv",
	  "\\quicksight publish W sales as pivot" },
	{ "\\quicksight permissions W g", "\\quicksight permissions W grant" },
	{ "\\quicksight publish W (select * from sto",
	  "\\quicksight publish W (select * from stores" },
	{ "\\dt sa", "+sales" },
	{ "\\dL pl", " plpgsql plpythonu" },
	{ "\\dn spe", "\\dn spectrum" },
	{ "\\du ann", "\\du anna" },
	{ "\\l pr", "\\l prod" },
	{ "\\dv sales_b", "\\dv sales_by_day" },
	{ "\\dv sal", "+sales_by_day" },
	{ "\\dv sal", "-sales" },
	{ "\\d spectrum.", "\\d spectrum.clicks" },
	{ "\\d+ sto", "\\d+ stores" },
	{ "\\dtS+ sto", "\\dtS+ stores" },
	{ "\\z sto", "\\z stores" },
	{ "\\df f_", "\\df f_tax(" },
	{ "\\dT hll", "\\dT hllsketch" },
	{ "\\dconfig search", "\\dconfig search_path" },
	{ "\\dR re", "\\dR reader" },
	{ "\\dshares sh", "\\dshares share1" },
	{ "\\dm sal", "\\dm sales_mv" },
	{ "\\dE cli", "\\dE spectrum.clicks" },
	{ "\\dfp lo", "\\dfp load_all(" },
	{ "\\du anal", "\\du analysts" },
	{ "\\st sto", "\\st stores" },
	{ "\\drds anna pr", "\\drds anna prod" },
	{ "\\di sa", "" },
	{ "\\sv sales_b", "\\sv sales_by_day" },
	{ "\\sf f_", "\\sf f_tax(" },
	{ "\\c pr", "\\c prod" },
	{ "\\c prod be", "\\c prod ben" },
	{ "\\c prod ben ", "\\c prod ben db" },
	{ "\\c prod ben db ", "\\c prod ben db 5439" },
	{ "\\password be", "\\password ben" },
	{ "\\encoding lat", "+LATIN1" },
	{ "\\encoding UTF", "\\encoding UTF8" },
	{ "\\set ON_ERROR_S", "\\set ON_ERROR_STOP" },
	{ "\\set ON_ERROR_STOP ", "\\set ON_ERROR_STOP on" },
	{ "\\unset ON_ERROR_S", "\\unset ON_ERROR_STOP" },
	{ "\\echo :ON_ERROR_S", "\\echo :ON_ERROR_STOP" },
	{ "\\echo :'ON_ERROR_S", "\\echo :'ON_ERROR_STOP" },
	{ "\\getenv x PAT", "+PATH" },
	{ "\\if :{?ON_ERROR_S", "\\if :{?ON_ERROR_STOP" },
	{ "\\pset for", "\\pset format" },
	{ "\\pset format c", "\\pset format csv" },
	{ "\\last c", "\\last csv" },
	{ "\\jobs c", "\\jobs cancel" },
	{ "\\jobs cancel ", "\\jobs cancel 12" },
	{ "\\fg ", "\\fg 12" },
	{ "\\wait 1", "\\wait 12" },
	{ "\\h refr", "\\h refresh materialized view" },
	{ "\\h alter ta", "\\h alter table" },
	{ "\\h create ", "-sales" },
	{ "\\? var", "\\? variables" },
	{ "\\? copyf", "\\? copyfrom" },
	{ "\\if t", "\\if true" },
	{ "\\sandbox st", " start status stop" },
	{ "\\g (for", "\\g (format" },
	{ "\\g (format=c", "\\g (format=csv" },
	{ "\\copyfrom --ro", "\\copyfrom --role" },
	{ "\\copyfrom --role ", " arn:aws:iam::1:role/load default" },
	{ "\\copyfrom --role=def", "\\copyfrom --role=default" },
	{ "\\copyfrom sto", "\\copyfrom stores" },
	{ "\\copyfrom stores s3://demo/a cs",
	  "\\copyfrom stores s3://demo/a csv" },
	{ "\\copyfrom stores s3://demo/a csv ", "-csv" },
	{ "\\copyfrom stores s3://demo/a csv ", "-escape" },
	{ "\\copyfrom stores s3://demo/a csv ", "+IGNOREHEADER" },
	{ "\\copyfrom stores from s3://demo/a --print delim",
	  "\\copyfrom stores from s3://demo/a --print delimiter" },
	{ "\\copyto stores s3://demo/a par", " PARQUET PARALLEL PARTITION BY" },
	{ "\\copyto stores to s3://demo/a parquet ", "+ROWGROUPSIZE" },
	{ "\\copyto stores to s3://demo/a parquet ", "-HEADER" },
	{ "\\copyto (select * from sto", "\\copyto (select * from stores" },
	{ "\\copyto sto", "\\copyto stores" },
	{ "\\copy sto", "\\copy stores" },
	{ "\\copy stores fr", "\\copy stores from" },
	{ "\\copy stores from st", "+stdin" },
	{ "\\copy (select 1) t", "\\copy (select 1) to" },
	{ "\\copy stores from x cs", "\\copy stores from x csv" },
	{ "select store_id, city from stores \\crosstabview ci",
	  "select store_id, city from stores \\crosstabview city" },
	{ "\\s3ls s3://de", "\\s3ls s3://demo/" },
	{ "\\s3ls ", " it's one.csv year=1/" },
	{ "\\s3ls ye", "\\s3ls year=1/" },
	{ "\\s3cat it", "\\s3cat 'it''s one.csv'" },
	{ "\\s3cd ../o", "\\s3cd ../other/" },
	{ "\\s3cp year=1/a ../", "\\s3cp year=1/a ../other/" },
	{ "\\s3ls s3:", "\\s3ls s3://demo/" },
	{ "\\aws profile d", "\\aws profile dev-profile" },
	{ "\\aws region eu-north", "\\aws region eu-north-1" },
	{ "\\aws whoami ", "" },
	{ "\\sso login ", "\\sso login dev-profile" },
	{ "\\warehouses eu-north", "\\warehouses eu-north-1" },
	{ "\\s3mb s3://x --region eu-north", "\\s3mb s3://x --region eu-north-1" },
	{ "\\s3cp --storage-class GLACIER_", "\\s3cp --storage-class GLACIER_IR" },
};

static const struct complete_item *find_label(const struct complete_list *list,
					      const char *label)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].label, label) == 0)
			return &list->items[i];
	return NULL;
}

static size_t check_case(size_t i)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str result = STR_EMPTY;
	const char *becomes = cases[i].becomes;

	ask(cases[i].text, &list);
	if (*becomes == '+' || *becomes == '-') {
		bool there = find_label(&list, becomes + 1) != NULL;

		if (there == (*becomes == '+'))
			return 0;
		print_error("%s: %s\n", cases[i].text, becomes);
		return 1;
	}
	if (list.count == 1) {
		str_add_slice(&result, cases[i].text, list.from);
		str_add(&result, list.items[0].text);
	}
	for (size_t k = 0; list.count > 1 && k < list.count; k++)
		str_addf(&result, " %s", list.items[k].label);
	if (strcmp(result.text, becomes) == 0)
		return 0;
	print_error("%s: \"%s\" instead of \"%s\"\n", cases[i].text,
		    result.text, becomes);
	return 1;
}

static void arguments_complete_by_their_kind(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		wrong += check_case(i);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_argument_of_every_command_has_an_offer),
		cmocka_unit_test(arguments_complete_by_their_kind),
	};

	return cmocka_run_group_tests(tests, place_make, place_remove);
}
