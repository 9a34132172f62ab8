#include "shell/saved.h"
#include "shell/suggest.h"

#include <string.h>

#include "aws/listing.h"
#include "aws/profile.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/map.h"
#include "base/file.h"
#include "base/mailbox.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/store.h"
#include "complete/complete.h"
#include "complete/usage.h"
#include "db/conn.h"
#include "edit/editor.h"
#include "shell/cmdline.h"
#include "shell/command.h"
#include "shell/jobs.h"
#include "shell/kaggle_seen.h"
#include "shell/last.h"
#include "shell/meaning.h"
#include "shell/session_state.h"
#include "shell/setting.h"
#include "shell/var.h"

enum {
	S3_NAMES = COMPLETE_MAX,
	ARGS_MAX = 32, /* rows of one command's arguments */
};

/* ---- commands and their arguments ---- */

struct offering {
	struct complete_offer *offer;
};

/* \d with a letter is a listing of its own: \dt, \dfp. */
static void offer_lettered(const struct command *command,
			   struct complete_offer *offer)
{
	static const char modifiers[] = "Sx+";

	for (const char *at = command->suffixes; at && *at; at++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (strchr(modifiers, *at))
			continue;
		str_addf(&name, "%s%c", command->name, *at);
		complete_offer_name(offer, name.text, command->brief);
	}
}

static void offer_command(void *context, const struct command *command)
{
	struct offering *offering = context;
	const char *alias = command->aliases;

	if (!command->brief)
		return;
	complete_offer_name(offering->offer, command->name, command->brief);
	if (command->group == GROUP_DESCRIBE && !command->aliases)
		offer_lettered(command, offering->offer);
	while (alias && *alias) {
		size_t len = strcspn(alias, " ");
		CLEANUP(mem_freep) char *name = mem_copy_slice(alias, len);

		complete_offer_name(offering->offer, name, command->brief);
		alias += len + strspn(alias + len, " ");
	}
}

static void commands(void *context, struct complete_offer *offer)
{
	struct session *session = context;
	struct offering offering = { offer };

	command_each(session->tables, offer_command, &offering);
}

static enum complete_want want_of(enum arg_kind kind)
{
	static const enum complete_want wants[] = {
		[ARG_FLAG] = WANT_FLAG,
		[ARG_WORD] = WANT_NOTHING,
		[ARG_PATTERN] = WANT_PATTERN,
		[ARG_SQL_NAME] = WANT_RELATION,
		[ARG_LOCAL_PATH] = WANT_PATH,
		[ARG_S3_URI] = WANT_S3_URI,
		[ARG_PATH_OR_URI] = WANT_PATH_OR_URI,
		[ARG_NUMBER] = WANT_NOTHING,
		[ARG_BYTES] = WANT_NOTHING,
		[ARG_VARIABLE] = WANT_VARIABLE,
		[ARG_SETTING] = WANT_SETTING,
		[ARG_SWITCH] = WANT_SWITCH,
		[ARG_SWITCH_WORD] = WANT_SWITCH,
		[ARG_COMMAND] = WANT_COMMAND,
		[ARG_SQL_WORD] = WANT_SQL_WORD,
		[ARG_REST] = WANT_REST,
		[ARG_SHELL] = WANT_SHELL,
		[ARG_SQL_REST] = WANT_SQL,
		[ARG_SQL] = WANT_SQL,
		[ARG_NAME] = WANT_NOTHING,
		[ARG_CONNECT] = WANT_NOTHING,
		[ARG_FILE_OR_PIPE] = WANT_PATH,
		[ARG_LEADING_FLAG] = WANT_FLAG,
		[ARG_CHART] = WANT_CHART,
		[ARG_MAYBE_PATH] = WANT_FLAG,
		[ARG_GO] = WANT_GO,
	};

	return (size_t)kind < COUNT_OF(wants) ? wants[kind] : WANT_NOTHING;
}

size_t suggest_args(const struct command *command, struct complete_arg *out,
		    size_t max)
{
	size_t count = 0;

	for (const struct arg *arg = command->args;
	     arg && arg->name && count < max; arg++) {
		struct complete_arg *to = &out[count++];

		to->name = arg->name;
		to->want = arg->offers != WANT_NOTHING ? arg->offers
						       : want_of(arg->kind);
		to->repeated = arg->use == ARG_REPEATED;
		to->choices = arg->choices;
		to->brief = arg->brief;
	}
	return count;
}

static const struct complete_arg *args_of(void *context, const char *name,
					  size_t *out_count)
{
	struct session *session = context;
	const struct command *command = command_find(session->tables, name);

	if (!command)
		return NULL;
	*out_count = suggest_args(command, session->suggest_args, ARGS_MAX);
	return session->suggest_args;
}

/* ---- variables and settings ---- */

static void variables(void *context, struct complete_offer *offer)
{
	struct session *session = context;
	const char *name;
	const char *value;

	for (size_t i = 0; vars_item(session->vars, i, &name, &value); i++)
		complete_offer_name(offer, name, value);
	for (const struct var_hook *row = meaning_table; row->name; row++)
		if (!vars_get(session->vars, row->name))
			complete_offer_name(offer, row->name, row->brief);
}

static void kaggle(void *context, const char *set,
		   struct complete_offer *offer)
{
	kaggle_seen_offer(context, set, offer);
}

static void jobs(void *context, struct complete_offer *offer)
{
	struct session *session = context;

	jobs_offer(session, offer);
}

/* Those of the last result, for \chart. */
static void columns(void *context, struct complete_offer *offer)
{
	struct session *session = context;
	const char *name;

	for (size_t i = 0;
	     session->last && (name = last_column(session->last, i)); i++)
		complete_offer_name(offer, name, "of the last result");
}

static void connections(void *context, struct complete_offer *offer)
{
	struct err err = ERR_EMPTY;
	CLEANUP(saved_freep) struct saved *saved = saved_open(&err);
	const char *name;

	(void)context;
	for (size_t i = 0; saved && (name = saved_name(saved, i)); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_addf(&text, "@%s", name);
		complete_offer_name(offer, text.text, "saved connection");
	}
}

/* The role of COPY_ROLE; others nobody has told. */
static void roles(void *context, struct complete_offer *offer)
{
	struct session *session = context;
	const char *role = vars_get(session->vars, "COPY_ROLE");

	if (role && str_starts(role, "arn:"))
		complete_offer_name(offer, role, "COPY_ROLE");
}

static void settings(void *context, struct complete_offer *offer)
{
	(void)context;
	for (const struct setting *row = setting_table; row->name; row++)
		complete_offer_name(offer, row->name, row->brief);
}

/* "on, off, auto" */
static void offer_list(const char *list, struct complete_offer *offer)
{
	while (list && *list) {
		size_t len = strcspn(list, ",");
		CLEANUP(mem_freep) char *word = mem_copy_slice(list, len);

		complete_offer_name(offer, word, NULL);
		list += len;
		list += strspn(list, ", ");
	}
}

/* "number", "text": no value to offer. */
static bool is_placeholder(const char *values)
{
	return strcmp(values, "number") == 0 || strcmp(values, "text") == 0 ||
	       strcmp(values, "character") == 0 || strcmp(values, "name") == 0;
}

static void offer_known(const char *values, struct complete_offer *offer)
{
	if (values && !is_placeholder(values))
		offer_list(values, offer);
}

/* What the rows say, and what it is now. */
static void values(void *context, const char *name,
		   struct complete_offer *offer)
{
	struct session *session = context;
	const char *now = vars_get(session->vars, name);

	for (const struct setting *row = setting_table; row->name; row++)
		if (strcmp(row->name, name) == 0)
			offer_known(row->values, offer);
	for (const struct var_hook *row = meaning_table; row->name; row++)
		if (strcmp(row->name, name) == 0)
			offer_known(row->values, offer);
	if (now)
		complete_offer_name(offer, now, "as it is");
}

/* ---- S3 ---- */

static void offer_s3(void *context, const char *name, int64_t size)
{
	(void)size;
	complete_offer_name(context, name, NULL);
}

static bool s3_names(void *context, const char *typed,
		     struct complete_offer *offer)
{
	struct session *session = context;
	struct err err = ERR_EMPTY;
	struct aws *aws = session_aws(session, &err);
	struct listing *listing = aws ? worker_listing(aws) : NULL;

	if (listing && cmdline_has(session->cmdline, OPTION_COMPLETE))
		listing_stop_asking(listing);
	return !listing || listing_match(listing, typed, S3_NAMES, offer_s3,
					 offer) != LISTING_ASKING;
}

/* The names of the level, with what was typed before their last part. */
struct near {
	struct complete_offer *offer;
	const char *typed;
	size_t shown; /* bytes of typed up to its last '/' */
	size_t level; /* bytes of names before their last part */
};

static void offer_near(void *context, const char *name, int64_t size)
{
	const struct near *near = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)size;
	str_add_slice(&text, near->typed, near->shown);
	str_add(&text, name + near->level);
	complete_offer_name(near->offer, text.text, NULL);
}

static bool s3_near(void *context, const char *typed,
		    struct complete_offer *offer)
{
	struct session *session = context;
	struct err err = ERR_EMPTY;
	struct aws *aws = session_aws(session, &err);
	struct listing *listing = aws ? worker_listing(aws) : NULL;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	struct near near = { offer, typed, 0, 0 };
	const char *name;

	if (!listing)
		return true;
	if (cmdline_has(session->cmdline, OPTION_COMPLETE))
		listing_stop_asking(listing);
	s3_uri_join(vars_get(session->vars, "S3_DIR"), typed, &whole);
	if (!s3_uri_is(whole.text))
		return true;
	name = whole.text + strlen("s3://");
	near.shown = (size_t)(s3_uri_base(typed) - typed);
	near.level = (size_t)(s3_uri_base(name) - name);
	return listing_match(listing, name, S3_NAMES, offer_near, &near) !=
	       LISTING_ASKING;
}

static void profiles(void *context, struct complete_offer *offer)
{
	CLEANUP(profile_freep) struct profile *profile =
		profile_open(NULL, NULL);
	const char *name;
	size_t at = 0;

	(void)context;
	while (profile && (name = profile_next(profile, &at)) != NULL)
		complete_offer_name(offer, name, "profile");
}

static void dashboards(void *context, struct complete_offer *offer)
{
	struct session *session = context;
	const char *name;
	size_t at = 0;

	while (session->dashboards &&
	       map_next(session->dashboards, &at, &name, NULL))
		complete_offer_name(offer, name, "dashboard");
}

/* ---- the editor's questions ---- */

static struct complete_source source_of(struct session *session,
					struct lookup *lookup)
{
	return (struct complete_source){
		.context = session,
		.lookup = lookup,
		.keyword_case = session_var(session, "COMP_KEYWORD_CASE"),
		.commands = commands,
		.args = args_of,
		.variables = variables,
		.settings = settings,
		.connections = connections,
		.jobs = jobs,
		.kaggle = kaggle,
		.values = values,
		.roles = roles,
		.s3 = s3_names,
		.s3_near = vars_get(session->vars, "S3_DIR") ? s3_near : NULL,
		.profiles = profiles,
		.dashboards = dashboards,
		.columns = columns,
	};
}

void suggest_complete(void *context, const char *text, size_t cursor,
		      struct complete_list *list)
{
	struct session *session = context;
	struct catalog *catalog = session_catalog(session);
	struct complete_source source =
		source_of(session, catalog ? catalog_lookup(catalog) : NULL);

	complete_at(&source, text, cursor, list);
	/* Just started, or just after DDL: the editor asks again. */
	if (list->count == 0 && catalog && catalog_is_reading(catalog))
		list->waiting = true;
}

void suggest_note_used(struct session *session, const char *sql)
{
	struct catalog *catalog = session_catalog(session);

	if (catalog)
		usage_note(catalog_lookup(catalog), sql, strlen(sql));
}

void suggest_cached(struct session *session, struct lookup *lookup,
		    const char *text, size_t cursor, struct complete_list *list)
{
	struct complete_source source = source_of(session, lookup);

	session->is_offline = true;
	complete_at(&source, text, cursor, list);
}

/* Runs in the AWS thread: only wakes the editor. */
static void listing_came(void *context)
{
	struct session *session = context;

	mailbox_post(session->s3_news, session->s3_news);
}

/* On the UI thread; the editor tries the waiting Tab again by itself. */
static void news_ready(void *context)
{
	struct session *session = context;

	while (mailbox_take(session->s3_news))
		;
}

void suggest_watch_aws(struct session *session)
{
	struct listing *listing = worker_listing(session->aws);

	if (!listing || !session->editor)
		return;
	if (session->s3_news) {
		listing_on_change(listing, listing_came, session);
		return;
	}
	session->s3_news = mailbox_new(NULL, NULL);
	if (!session->s3_news)
		return;
	listing_on_change(listing, listing_came, session);
	editor_watch(session->editor, mailbox_fd(session->s3_news), news_ready,
		     session);
}

static void open_catalog(void *context)
{
	struct session *session = context;

	while (mailbox_take(session->catalog_news))
		;
	session_catalog(session);
}

/* The file that session_catalog will open. */
static void find_catalog(struct session *session, struct str *out)
{
	const char *file = cmdline_value(session->cmdline, OPTION_CACHE);
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct store_key key = {
		.host = db_host(session->db),
		.port = db_port(session->db),
		.user = db_user(session->db),
	};

	path_xdg(PATH_CACHE, NULL, &folder);
	if (file)
		str_set(out, file);
	else
		store_path(folder.text, &key, out);
}

void suggest_start_catalog(struct session *session)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!session->db)
		return;
	find_catalog(session, &path);
	if (file_size(path.text) > 0)
		session->catalog_news = mailbox_new(NULL, NULL);
	if (!session->catalog_news) {
		session_catalog(session);
		session_tell_catalog(session);
		return;
	}
	editor_watch(session->editor, mailbox_fd(session->catalog_news),
		     open_catalog, session);
	mailbox_post(session->catalog_news, session->catalog_news);
}
