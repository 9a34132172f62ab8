#include "cmd/cmd_kaggle.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/kaggle_report.h"
#include "cmd/s3_where.h"
#include "data/rows_mem.h"
#include "kaggle/kaggle_api.h"
#include "kaggle/kaggle_client.h"
#include "kaggle/kaggle_get.h"
#include "kaggle/kaggle_name.h"
#include "shell/session.h"
#include "shell/session_state.h"

enum { FOUND_MOST = 20, TOLD_MAX = 20 };

static const char words_arg[] = "WORDS";

static const struct arg kaggle_args[] = {
	{ "VERB", ARG_NAME, ARG_OPTIONAL, "search, ls or get", WANT_CHOICE,
	  "search|ls|get" },
	{ words_arg, ARG_PATH_OR_URI, ARG_REPEATED,
	  "words; or OWNER/DATASET, files of it, then s3://bucket/folder/ or a "
	  "folder",
	  WANT_KAGGLE },
	{ "-n", ARG_FLAG, ARG_OPTIONAL, "get: overwrite nothing" },
	{ "--no-clobber", ARG_FLAG, ARG_OPTIONAL, "likewise" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "get: say what would be done" },
	{ "--limit", ARG_NUMBER, ARG_OPTIONAL,
	  "search: so many at most; default 20", WANT_CHOICE, "20|100|1000" },
	ARG_END
};

/* --- what all share --- */

static void note(void *context, const char *text)
{
	struct session *session = context;

	session_progress(session, "");
	session_info(session, "kaggle: %s", text);
}

static struct kaggle_client *open_client(struct session *session,
					 struct err *err)
{
	struct kaggle_watch watch = { .note = note, .context = session };
	struct kaggle_client *client = kaggle_client_new(&watch, err);

	if (client != NULL && kaggle_client_warning(client)[0] != '\0')
		session_warn(session, "%s", kaggle_client_warning(client));
	return client;
}

/* The data set that a verb is for. */
static bool read_name(const struct args *args, struct kaggle_name *name,
		      struct err *err)
{
	const char *verb = args_text(args, "VERB");

	if (args_count(args, words_arg) == 0) {
		err_set(err, ERR_USAGE, "\\kaggle %s: which data set?", verb);
		return err_hint(err, "\\kaggle %s OWNER/DATASET; \\kaggle "
				     "search WORDS finds some",
				verb);
	}
	return kaggle_name_parse(name, args_item(args, words_arg, 0), err);
}

static void add_number(struct rows_mem *mem, int64_t number)
{
	if (number >= 0)
		rows_mem_add_number(mem, number);
	else
		rows_mem_add(mem, NULL);
}

static void add_text(struct rows_mem *mem, const char *text)
{
	rows_mem_add(mem, text[0] != '\0' ? text : NULL);
}

static bool print(struct session *session, struct rows_mem *mem,
		  struct err *err)
{
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

/* --- search --- */

static bool search(struct session *session, const struct args *args,
		   struct err *err)
{
	CLEANUP(str_done) struct str words = STR_EMPTY;
	CLEANUP(kaggle_founds_done) struct kaggle_founds founds = { 0 };
	int64_t most = args_number(args, "--limit", FOUND_MOST);
	struct rows_mem *mem;

	for (size_t i = 0; i < args_count(args, words_arg); i++)
		str_addf(&words, "%s%s", i > 0 ? " " : "",
			 args_item(args, words_arg, i));
	if (words.len == 0) {
		err_set(err, ERR_USAGE, "\\kaggle search: for what?");
		return err_hint(err, "\\kaggle search ticket sales");
	}
	if (most < 1)
		return err_set(err, ERR_USAGE, "--limit: at least 1");
	CLEANUP(kaggle_client_freep)
	struct kaggle_client *client = open_client(session, err);

	if (client == NULL || !kaggle_api_search(client, words.text,
						 (size_t)most, &founds, err))
		return false;
	if (founds.count == 0) {
		session_found_none(session,
				   "Did not find any data set for \"%s\".",
				   words.text);
		return true;
	}
	mem = rows_mem_new("Data sets of Kaggle");
	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_column(mem, "title", ROWS_TEXT);
	rows_mem_column(mem, "size", ROWS_INTEGER);
	rows_mem_column(mem, "updated", ROWS_TIME);
	rows_mem_column(mem, "downloads", ROWS_INTEGER);
	rows_mem_column(mem, "votes", ROWS_INTEGER);
	rows_mem_column(mem, "licence", ROWS_TEXT);
	for (size_t i = 0; i < founds.count; i++) {
		const struct kaggle_found *found = &founds.items[i];

		session_saw_kaggle(session, found->ref, NULL);
		add_text(mem, found->ref);
		add_text(mem, found->title);
		add_number(mem, found->bytes);
		add_text(mem, found->updated);
		add_number(mem, found->downloads);
		add_number(mem, found->votes);
		add_text(mem, found->licence);
	}
	return print(session, mem, err);
}

/* --- ls --- */

static bool ls(struct session *session, const struct args *args,
	       struct err *err)
{
	CLEANUP(kaggle_name_done) struct kaggle_name name = KAGGLE_NAME_EMPTY;
	CLEANUP(kaggle_files_done) struct kaggle_files files = { 0 };
	CLEANUP(str_done) struct str title = STR_EMPTY;
	CLEANUP(str_done) struct str set = STR_EMPTY;
	struct rows_mem *mem;

	if (!read_name(args, &name, err))
		return false;
	if (args_count(args, words_arg) > 1)
		return err_set(err, ERR_USAGE,
			       "\\kaggle ls: one data set at a time");
	CLEANUP(kaggle_client_freep)
	struct kaggle_client *client = open_client(session, err);

	if (client == NULL || !kaggle_api_list(client, &name, &files, err))
		return false;
	kaggle_name_add(&name, &set);
	str_addf(&title, "Files of %s", set.text);
	mem = rows_mem_new(title.text);
	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_column(mem, "size", ROWS_INTEGER);
	rows_mem_column(mem, "created", ROWS_TIME);
	for (size_t i = 0; i < files.count; i++) {
		session_saw_kaggle(session, set.text, files.items[i].name);
		add_text(mem, files.items[i].name);
		add_number(mem, files.items[i].bytes);
		add_text(mem, files.items[i].created);
	}
	session_keep_kaggle(session, set.text);
	return print(session, mem, err);
}

/* --- get --- */

struct fetch {
	struct session *session;
	int64_t told;
	struct err held; /* the first failure, shown with the second */
	struct kaggle_report report;
	struct str set; /* its name */
};

static void show_progress(void *context, const struct progress *progress,
			  const char *subject)
{
	struct fetch *fetch = context;

	session_show_transfer(fetch->session, "kaggle", subject, progress);
}

static void show_note(void *context, const char *text)
{
	note(((struct fetch *)context)->session, text);
}

static void warn(struct fetch *fetch, const struct err *err)
{
	session_progress(fetch->session, "");
	if (++fetch->told > TOLD_MAX)
		return;
	session_warn(fetch->session, "%s", err->message);
	if (err->hint[0] != '\0' && fetch->told == 1)
		session_info(fetch->session, "HINT:  %s", err->hint);
}

/* One failure is the command's error; of several each is a warning. */
static void show_failure(void *context, const struct err *err)
{
	struct fetch *fetch = context;

	if (fetch->told == 0 && fetch->held.kind == ERR_NONE) {
		fetch->held = *err;
		return;
	}
	if (fetch->told == 0)
		warn(fetch, &fetch->held);
	warn(fetch, err);
}

/* What is a place for files, and none of their names. */
static bool is_place(const char *word)
{
	return s3_uri_is(word) || str_ends(word, "/") || word[0] == '/' ||
	       word[0] == '~' || strcmp(word, ".") == 0 ||
	       strcmp(word, "..") == 0 || str_starts(word, "./") ||
	       str_starts(word, "../") || file_is_dir(word);
}

static bool find_place(struct session *session, const char *word,
		       struct kaggle_get *get, struct str *folder,
		       struct err *err)
{
	if (s3_uri_is(word)) {
		if (!s3_where_parse(session, word, &get->to, err))
			return false;
		get->aws = session_aws_ready(session, err);
		return get->aws != NULL;
	}
	path_expand(word, folder);
	get->folder = folder->text;
	if (!file_exists(folder->text) || file_is_dir(folder->text))
		return true;
	return err_set(err, ERR_USAGE, "%s is no folder", folder->text);
}

static void note_there(void *context, const char *name, int64_t bytes)
{
	struct fetch *fetch = context;

	kaggle_report_there(&fetch->report, name, bytes);
	session_saw_kaggle(fetch->session, fetch->set.text, name);
}

static void fetch_done(struct fetch *fetch)
{
	kaggle_report_done(&fetch->report);
	str_done(&fetch->set);
}

static bool run_get(struct session *session, struct kaggle_get *get,
		    struct err *err)
{
	CLEANUP(fetch_done)
	struct fetch fetch = { .session = session,
			       .report = KAGGLE_REPORT_EMPTY,
			       .set = STR_EMPTY };
	CLEANUP(kaggle_client_freep)
	struct kaggle_client *client = open_client(session, err);
	bool good;

	if (client == NULL)
		return false;
	get->watch.progress = show_progress;
	get->watch.note = show_note;
	get->watch.failed = show_failure;
	get->watch.there = note_there;
	get->watch.context = &fetch;
	kaggle_name_add(get->name, &fetch.set);
	fetch.report.start_us = clock_monotonic_us();
	good = kaggle_get_run(get, client, err);
	session_progress(session, "");
	if (good && !get->dry_run)
		session_keep_kaggle(session, fetch.set.text);
	if (good || get->files + get->before > 0)
		kaggle_report(&fetch.report, session, get, good);
	if (!good && fetch.told > 0 && get->failed > 0 &&
	    err->kind == get->first.kind)
		return err_set(err, err->kind, "%lld of %lld files failed",
			       (long long)get->failed,
			       (long long)(get->failed + get->files +
					   get->before + get->left));
	return good;
}

static bool get(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(kaggle_name_done) struct kaggle_name name = KAGGLE_NAME_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct {
		VEC(const char *);
	} names = { 0 };
	struct kaggle_get what = {
		.name = &name,
		.to = S3_URI_EMPTY,
		.keep_existing = args_flag(args, "-n") ||
				 args_flag(args, "--no-clobber"),
		.dry_run = args_flag(args, "--dry-run"),
	};
	size_t count = args_count(args, words_arg);
	const char *place = ".";
	bool good;

	if (!read_name(args, &name, err))
		return false;
	if (count > 1 && is_place(args_item(args, words_arg, count - 1)))
		place = args_item(args, words_arg, --count);
	if (name.file.len > 0)
		vec_push(&names, name.file.text);
	for (size_t i = 1; i < count; i++)
		vec_push(&names, args_item(args, words_arg, i));
	what.choice = (struct kaggle_choice){ names.items, names.count };
	good = find_place(session, place, &what, &folder, err) &&
	       run_get(session, &what, err);
	vec_done(&names);
	s3_uri_done(&what.to);
	return good;
}

/* --- the verbs --- */

static const struct {
	const char *name;
	bool (*run)(struct session *session, const struct args *args,
		    struct err *err);
} verbs[] = {
	{ "search", search },
	{ "ls", ls },
	{ "get", get },
};

static bool kaggle_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *verb = args_text(args, "VERB");

	if (verb == NULL) {
		err_set(err, ERR_USAGE, "\\kaggle: search, ls or get?");
		return err_hint(err, "\\kaggle search WORDS finds data sets; "
				     "\\? kaggle tells all");
	}
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, verb) == 0)
			return verbs[i].run(session, args, err);
	err_set(err, ERR_USAGE, "\\kaggle does not know \"%s\"", verb);
	return err_hint(err, "say \\kaggle search, \\kaggle ls or \\kaggle "
			     "get");
}

const struct command cmd_kaggle_table[] = {
	{
		.name = "kaggle",
		.group = GROUP_S3,
		.synopsis = "\\kaggle search WORDS | ls OWNER/DATASET | get "
			    "[-n] [--dry-run] OWNER/DATASET [FILE...] "
			    "[s3://BUCKET/FOLDER/ | DIR]",
		.brief = "data sets of Kaggle: find, list, bring to S3 or here",
		.args = kaggle_args,
		.run = kaggle_run,
	},
	COMMAND_END
};
