#include "complete/argument.h"

#include <dirent.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "complete/argument_sql.h"
#include "complete/clause.h"
#include "complete/described.h"
#include "complete/source.h"
#include "sql/syntax.h"

extern char **environ;

struct complete_offer argument_offer_of(const struct argument *argument,
					enum complete_kind kind)
{
	struct complete_offer offer = OFFER_EMPTY;

	offer.list = argument->list;
	offer.kind = kind;
	offer.style = OFFER_AS_IS;
	offer.after = ' ';
	return offer;
}

static size_t word_len(const struct argument *argument)
{
	return argument->cursor - argument->word.start;
}

void argument_decode(const struct argument *argument, struct str *out)
{
	typed_decode(argument->text + argument->word.start, word_len(argument),
		     argument->word.quote, out);
}

/* ---- places: S3, files ---- */

/* Names below the folder of \s3cd. */
static void offer_near(const struct argument *argument, const char *typed,
		       struct complete_offer *offer)
{
	const struct complete_source *source = argument->source;

	if (source->s3_near == NULL || strncmp(typed, "s3://", 5) == 0)
		return;
	offer->prefix = typed;
	offer->exact_case = true;
	if (!source->s3_near(source->context, typed, offer))
		offer->list->waiting = true;
}

static void offer_uri(const struct argument *argument)
{
	struct complete_offer offer = argument_offer_of(argument, COMPLETE_KEY);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	argument_decode(argument, &typed);
	argument->list->from = argument->word.start;
	argument->list->to = argument->cursor;
	offer.style = OFFER_ARGUMENT;
	offer.quote = argument->word.quote;
	offer_begin(&offer);
	offer_near(argument, typed.text, &offer);
	if (typed.len > 0 || argument->source->s3_near == NULL)
		source_offer_s3(argument->source, typed.text, &offer);
	offer_end(&offer);
}

static bool is_hidden(const char *name, const char *typed)
{
	return name[0] == '.' &&
	       (typed[0] != '.' || name[1] == '\0' || strcmp(name, "..") == 0);
}

/* Names of one folder that begin with the last part of typed. */
static void offer_files(const char *typed, bool folders_only,
			struct complete_offer *offer)
{
	CLEANUP(str_done) struct str expanded = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const char *slash = strrchr(typed, '/');
	size_t shown_len = slash != NULL ? (size_t)(slash - typed) + 1 : 0;
	const char *base = typed + shown_len;
	struct dirent *entry;
	DIR *dir;

	path_expand(typed, &expanded);
	str_add_slice(&folder, expanded.text,
		      expanded.len >= strlen(base) ? expanded.len - strlen(base)
						   : 0);
	dir = opendir(folder.len > 0 ? folder.text : ".");
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str path = STR_EMPTY;
		bool is_folder;

		if (is_hidden(entry->d_name, base))
			continue;
		str_add_slice(&name, typed, shown_len);
		str_add(&name, entry->d_name);
		str_addf(&path, "%s%s", folder.text, entry->d_name);
		is_folder = file_is_dir(path.text);
		if (is_folder)
			str_add_char(&name, '/');
		if (is_folder || !folders_only)
			complete_offer_name(offer, name.text, NULL);
	}
	if (dir != NULL)
		closedir(dir);
}

static void offer_path(const struct argument *argument, bool folders_only)
{
	struct complete_offer offer =
		argument_offer_of(argument, COMPLETE_PATH);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	argument_decode(argument, &typed);
	offer.prefix = typed.text;
	offer.style = OFFER_ARGUMENT;
	offer.quote = argument->word.quote;
	offer.exact_case = true;
	offer_begin(&offer);
	offer_files(typed.text, folders_only, &offer);
	offer_end(&offer);
}

static void offer_any_path(const struct argument *argument)
{
	offer_path(argument, false);
}

static void offer_folder(const struct argument *argument)
{
	offer_path(argument, true);
}

static void offer_path_or_uri(const struct argument *argument)
{
	offer_uri(argument);
	if (argument->list->count == 0 && !argument->list->waiting)
		offer_any_path(argument);
}

/* ---- plain names ---- */

/* Names that a callback supplies. */
static void offer_supplied(const struct argument *argument,
			   enum complete_kind kind,
			   void (*supply)(void *context,
					  struct complete_offer *offer))
{
	struct complete_offer offer = argument_offer_of(argument, kind);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	if (supply == NULL)
		return;
	argument_decode(argument, &typed);
	offer.prefix = typed.text;
	offer_begin(&offer);
	supply(argument->source->context, &offer);
	offer_end(&offer);
}

/* Those of a list, '|' between. */
static void offer_list(const struct argument *argument, const char *list)
{
	struct complete_offer offer =
		argument_offer_of(argument, COMPLETE_VALUE);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	argument_decode(argument, &typed);
	offer.prefix = typed.text;
	offer_begin(&offer);
	while (list != NULL && *list != '\0') {
		size_t len = strcspn(list, "|");
		CLEANUP(mem_freep) char *name = mem_copy_slice(list, len);

		complete_offer_name(&offer, name, NULL);
		list += len + (list[len] != '\0');
	}
	offer_end(&offer);
}

static void offer_variables(const struct argument *argument)
{
	offer_supplied(argument, COMPLETE_VARIABLE,
		       argument->source->variables);
}

static void offer_settings(const struct argument *argument)
{
	offer_supplied(argument, COMPLETE_SETTING, argument->source->settings);
}

static void offer_connections(const struct argument *argument)
{
	offer_supplied(argument, COMPLETE_VALUE,
		       argument->source->connections);
}

static void offer_profiles(const struct argument *argument)
{
	offer_supplied(argument, COMPLETE_VALUE, argument->source->profiles);
}

static void offer_regions(const struct argument *argument)
{
	argument_words(argument, WORDS_REGION);
}

static void offer_aws_names(const struct argument *argument)
{
	if (strcmp(argument->before, "profile") == 0)
		offer_profiles(argument);
	if (strcmp(argument->before, "region") == 0)
		offer_regions(argument);
}

static void offer_jobs(const struct argument *argument)
{
	offer_supplied(argument, COMPLETE_VALUE, argument->source->jobs);
}

/* \kaggle ls SET, get SET [FILE...] PLACE. */
static void offer_kaggle(const struct argument *argument)
{
	struct complete_offer offer =
		argument_offer_of(argument, COMPLETE_VALUE);
	bool first = strcmp(argument->before, "ls") == 0 ||
		     strcmp(argument->before, "get") == 0;
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	if (strcmp(argument->before, "search") == 0)
		return;
	if (!first)
		offer_path_or_uri(argument);
	if (argument->source->kaggle == NULL)
		return;
	argument_decode(argument, &typed);
	argument->list->from = argument->word.start;
	argument->list->to = argument->cursor;
	offer.prefix = typed.text;
	offer.style = OFFER_ARGUMENT;
	offer.quote = argument->word.quote;
	offer_begin(&offer);
	argument->source->kaggle(argument->source->context,
				 first ? NULL : argument->before, &offer);
	offer_end(&offer);
}

static void offer_commands(const struct argument *argument)
{
	offer_supplied(argument, COMPLETE_COMMAND, argument->source->commands);
}

static void offer_switch(const struct argument *argument)
{
	offer_list(argument, "on|off");
}

static void offer_choices(const struct argument *argument)
{
	offer_list(argument, argument->arg->choices);
}

static void offer_topics(const struct argument *argument)
{
	offer_list(argument, "commands|options|variables|keys");
	offer_commands(argument);
}

static void offer_roles(const struct argument *argument)
{
	offer_list(argument, "default");
	offer_supplied(argument, COMPLETE_VALUE, argument->source->roles);
}

/* Values of the setting or variable called name. */
static void offer_values_of(const struct argument *argument, const char *name)
{
	struct complete_offer offer =
		argument_offer_of(argument, COMPLETE_VALUE);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	if (argument->source->values == NULL)
		return;
	argument_decode(argument, &typed);
	offer.prefix = typed.text;
	offer_begin(&offer);
	argument->source->values(argument->source->context, name, &offer);
	offer_end(&offer);
}

static void offer_values(const struct argument *argument)
{
	offer_values_of(argument, argument->before);
}

static void offer_formats(const struct argument *argument)
{
	offer_values_of(argument, "format");
}

static void offer_hosts(const struct argument *argument)
{
	offer_values_of(argument, "HOST");
}

static void offer_ports(const struct argument *argument)
{
	offer_values_of(argument, "PORT");
}

static void offer_word(void *context, const struct word *word)
{
	complete_offer_name(context, word->text, word->detail);
}

void argument_words(const struct argument *argument, enum words_kind kind)
{
	struct complete_offer offer =
		argument_offer_of(argument, COMPLETE_VALUE);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	argument_decode(argument, &typed);
	offer.prefix = typed.text;
	offer_begin(&offer);
	words_each(kind, typed.text, offer_word, &offer);
	offer_end(&offer);
}

static void offer_charsets(const struct argument *argument)
{
	argument_words(argument, WORDS_CHARSET);
}

static void offer_environment(const struct argument *argument)
{
	struct complete_offer offer =
		argument_offer_of(argument, COMPLETE_VARIABLE);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	argument_decode(argument, &typed);
	offer.prefix = typed.text;
	offer.exact_case = true;
	offer_begin(&offer);
	/* Names alone: a value may be a secret. */
	for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
		size_t len = strcspn(*entry, "=");
		CLEANUP(mem_freep) char *name = mem_copy_slice(*entry, len);

		complete_offer_name(&offer, name, NULL);
	}
	offer_end(&offer);
}

/* ---- names of the catalog ---- */

static void offer_names(const struct argument *argument, unsigned kinds,
			uint64_t others)
{
	source_complete_name(argument->source, kinds, others,
			     argument->text + argument->word.start,
			     word_len(argument), argument->word.start,
			     argument->list);
}

/* The letters behind the d say what is described. */
static void offer_described(const struct argument *argument)
{
	const struct described *row = described_by(argument->command);

	if (str_starts(argument->command, "dL"))
		offer_list(argument, "sql|plpgsql|plpythonu|c|internal");
	else if (row != NULL)
		offer_names(argument, row->what, row->others);
}

/* Arguments that are names of one kind. */
static const struct {
	enum complete_want want;
	unsigned kinds;
	uint64_t others;
} names[] = {
	{ WANT_RELATION, EXPECT_RELATION, 0 },
	{ WANT_VIEW, EXPECT_VIEW, 0 },
	{ WANT_DATABASE, EXPECT_DATABASE, 0 },
	{ WANT_CONNECTION, EXPECT_DATABASE, 0 },
	{ WANT_USER, EXPECT_USER, 0 },
	{ WANT_ROUTINE, EXPECT_PROCEDURE, UINT64_C(1) << SYNTAX_FUNCTION },
	{ WANT_TYPE, EXPECT_TYPE, 0 },
};

/* ---- \g ---- */

/* (format=csv tuples_only=on) FILE */
static void offer_go(const struct argument *argument)
{
	struct argument part = *argument;
	const char *word = argument->text + argument->word.start;
	bool open = false;
	const char *equals;

	for (size_t at = argument->rest; at < argument->cursor; at++)
		if (strchr("()", argument->text[at]) != NULL)
			open = argument->text[at] == '(';
	if (!open) {
		offer_any_path(argument);
		return;
	}
	if (*word == '(')
		part.word.start++;
	word = part.text + part.word.start;
	equals = memchr(word, '=', word_len(&part));
	if (equals != NULL) {
		CLEANUP(mem_freep)
		char *name = mem_copy_slice(word, (size_t)(equals - word));

		part.word.start += (size_t)(equals - word) + 1;
		part.list->from = part.word.start;
		offer_values_of(&part, name);
		return;
	}
	part.list->from = part.word.start;
	offer_settings(&part);
}

/* ---- \\chart ---- */

static bool in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list ? list : ""; *at; at += strcspn(at, "|")) {
		at += *at == '|';
		if (strncmp(at, word, len) == 0 &&
		    (at[len] == '|' || at[len] == '\0'))
			return true;
	}
	return false;
}

/* [KIND] [X] [Y ...] [by COLUMN] [(QUERY)]: columns of the query before the
 * command, else of the last result. */
static void offer_chart(const struct argument *argument)
{
	bool first = *argument->before == '\0';
	bool after_by = strcmp(argument->before, "by") == 0;

	if (argument_sql_in_query(argument))
		return;
	if (argument->start >= 2)
		argument_sql_column(argument);
	argument->list->from = argument->word.start;
	argument->list->to = argument->cursor;
	if (argument->start < 2)
		offer_supplied(argument, COMPLETE_COLUMN,
			       argument->source->columns);
	if (first)
		offer_list(argument, argument->arg->choices);
	else if (!after_by && !in_list(argument->arg->choices, argument->before))
		offer_list(argument, "by");
}

/* ---- \quicksight ---- */

static void offer_relations(const struct argument *argument)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].want == WANT_RELATION)
			offer_names(argument, names[i].kinds, names[i].others);
}

/* VERB NAME [TABLE | (QUERY)] [as KIND]; permissions NAME [grant USER]. */
static void offer_dashboard(const struct argument *argument)
{
	const char *line = argument->text + argument->rest;
	size_t blanks = strspn(line, " \t");
	size_t len = strcspn(line + blanks, " \t");
	bool first = str_slice_equal(line + blanks, len, argument->before);
	bool publish = str_slice_equal(line + blanks, len, "publish");

	if (publish && argument_sql_in_query(argument))
		return;
	if (first) {
		offer_supplied(argument, COMPLETE_VALUE,
			       argument->source->dashboards);
	} else if (publish && strcmp(argument->before, "as") == 0) {
		offer_list(argument, argument->arg->choices);
	} else if (publish) {
		offer_relations(argument);
		offer_list(argument, "as");
	} else if (str_slice_equal(line + blanks, len, "permissions")) {
		offer_list(argument, "grant|revoke");
	}
}

/* ---- all ---- */

static const struct {
	enum complete_want want;
	void (*offer)(const struct argument *argument);
} offerers[] = {
	{ WANT_PATTERN, offer_described },
	{ WANT_VALUE, offer_values },
	{ WANT_PATH, offer_any_path },
	{ WANT_SHELL, offer_any_path },
	{ WANT_FOLDER, offer_folder },
	{ WANT_S3_URI, offer_uri },
	{ WANT_PATH_OR_URI, offer_path_or_uri },
	{ WANT_VARIABLE, offer_variables },
	{ WANT_SETTING, offer_settings },
	{ WANT_CONNECTION, offer_connections },
	{ WANT_JOB, offer_jobs },
	{ WANT_PROFILE, offer_profiles },
	{ WANT_REGION, offer_regions },
	{ WANT_AWS_NAME, offer_aws_names },
	{ WANT_KAGGLE, offer_kaggle },
	{ WANT_SWITCH, offer_switch },
	{ WANT_COMMAND, offer_commands },
	{ WANT_CHOICE, offer_choices },
	{ WANT_TOPIC, offer_topics },
	{ WANT_ROLE, offer_roles },
	{ WANT_FORMAT, offer_formats },
	{ WANT_HOST, offer_hosts },
	{ WANT_PORT, offer_ports },
	{ WANT_CHARSET, offer_charsets },
	{ WANT_ENVIRONMENT, offer_environment },
	{ WANT_GO, offer_go },
	{ WANT_SQL, argument_sql_statement },
	{ WANT_SQL_WORD, argument_sql_topic },
	{ WANT_OUTPUT_COLUMN, argument_sql_column },
	{ WANT_COPY, argument_sql_copy },
	{ WANT_CHART, offer_chart },
	{ WANT_DASHBOARD, offer_dashboard },
};

void argument_offer(const struct argument *argument)
{
	for (size_t i = 0; i < COUNT_OF(offerers); i++)
		if (offerers[i].want == argument->arg->want)
			offerers[i].offer(argument);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].want == argument->arg->want)
			offer_names(argument, names[i].kinds, names[i].others);
}
