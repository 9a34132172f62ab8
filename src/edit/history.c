#include "edit/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <readline/history.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/lite.h"
#include "data/lite_load.h"
#include "edit/history_file.h"
#include "edit/history_store.h"
#include "edit/history_text.h"

enum {
	TRIM_EVERY = 64,     /* entries; the size is kept that exactly */
	LIST_ENTRIES = 1000, /* in Readline's list */
	LIST_BYTES = 4 << 20,
	SAVED_ENTRIES = 5000, /* taken along when a file cannot be written */
	PID_BITS = 20,
};

struct step { /* of a walk */
	int64_t id;
	uint64_t hash;
};

struct history {
	char *path;
	char *text_path;
	char *old_path;
	int64_t size;
	bool ignore_space;
	bool ignore_dups;
	bool list_is_filled;

	struct history_store *store; /* NULL: not opened yet */
	bool in_memory;              /* the store is no file */
	int64_t shell;
	int64_t since; /* newest entry when it was opened */
	unsigned added;
	struct str note;
	struct str profile;
	struct str database;

	struct history_entry open; /* id 0: none is */
	struct str last;           /* text of the newest of this shell */

	bool walking;
	struct str typed;
	struct str found;
	struct {
		VEC(struct step);
	} steps;
};

/* ---- life ---- */

/* Positive, and no other shell's, nor another history's of this program. */
static int64_t new_shell(const struct history *history)
{
	uint64_t here = (uint64_t)getpid() ^ (uintptr_t)history >> 4;

	return clock_wall_ms() << PID_BITS |
	       (int64_t)(here & ((1 << PID_BITS) - 1));
}

struct history *history_new(const struct history_options *options)
{
	const struct str empty = STR_EMPTY;
	struct history *history = mem_alloc(sizeof(*history));

	history->path = mem_copy_text(options->path);
	history->text_path = mem_copy_text(options->text_path);
	history->old_path = mem_copy_text(options->old_path);
	history->size = options->size;
	history->shell = new_shell(history);
	history->note = history->profile = history->database = empty;
	history->last = history->typed = history->found = empty;
	return history;
}

void history_free(struct history *history)
{
	if (history == NULL)
		return;
	history_store_close(history->store);
	if (history->list_is_filled)
		clear_history();
	mem_free(history->path);
	mem_free(history->text_path);
	mem_free(history->old_path);
	str_done(&history->note);
	str_done(&history->profile);
	str_done(&history->database);
	str_done(&history->last);
	str_done(&history->typed);
	str_done(&history->found);
	vec_done(&history->steps);
	mem_free(history);
}

void history_set_control(struct history *history, const char *value)
{
	bool both = value != NULL && strcasecmp(value, "ignoreboth") == 0;

	history->ignore_space = both || (value != NULL &&
					 strcasecmp(value, "ignorespace") == 0);
	history->ignore_dups =
		both || (value != NULL && strcasecmp(value, "ignoredups") == 0);
}

static void stifle(const struct history *history)
{
	if (history->size >= 0 && history->size < LIST_ENTRIES)
		stifle_history((int)history->size);
	else
		unstifle_history();
}

void history_set_size(struct history *history, int64_t size)
{
	history->size = size;
	if (history->list_is_filled)
		stifle(history);
}

static void set_text(struct str *str, const char *text)
{
	if (strcmp(str->text, text) != 0)
		str_set(str, text);
}

void history_set_place(struct history *history, const char *profile,
		       const char *database)
{
	set_text(&history->profile, profile);
	set_text(&history->database, database);
}

const char *history_profile(const struct history *history)
{
	return history->profile.text;
}

const char *history_database(const struct history *history)
{
	return history->database.text;
}

/* ---- opening ---- */

static void add_note(struct history *history, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

static void add_note(struct history *history, const char *fmt, ...)
{
	va_list args;

	if (history->note.len > 0)
		str_add_char(&history->note, '\n');
	va_start(args, fmt);
	str_addv(&history->note, fmt, args);
	va_end(args);
}

bool history_take_note(struct history *history, struct str *out)
{
	if (history->note.len == 0)
		return false;
	str_set_slice(out, history->note.text, history->note.len);
	str_clear(&history->note);
	return true;
}

static void open_memory(struct history *history)
{
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	bool is_new;

	lite_load_or_end();
	history->in_memory = true;
	history->store = history_store_open(NULL, &is_new, &aside, NULL);
	if (!history->store)
		abort(); /* SQLite without memory: as mem_alloc */
}

struct import {
	struct history_store *store;
	int64_t shell;
	int64_t first_id; /* 0: behind the others */
	int64_t count;
	struct err *err;
	bool failed;
};

static void import_entry(void *context, const char *text, int64_t at_ms)
{
	struct import *import = context;
	CLEANUP(str_done) struct str clean = STR_EMPTY;
	struct history_entry entry = {
		.started_ms = at_ms,
		.outcome = { .duration_us = -1, .rows = -1 },
		.profile = "",
		.database = "",
	};
	int64_t id;

	if (import->failed || !history_text_clean(text, &clean))
		return;
	if (import->first_id > 0)
		entry.id = import->first_id + import->count;
	entry.text = clean.text;
	entry.len = clean.len;
	if (!history_store_add(import->store, &entry,
			       history_text_is_risky(clean.text, clean.len), 0,
			       &id, import->err))
		import->failed = true;
	else
		import->count++;
}

static void count_entry(void *context, const char *text, int64_t at_ms)
{
	int64_t *count = context;

	(void)text;
	(void)at_ms;
	++*count;
}

static bool import_file(struct history *history, const char *path,
			int64_t newest, int64_t *out_count, struct err *err)
{
	struct import import = { .store = history->store, .err = err };
	int64_t count = 0;

	if (!history_file_read(path, newest, count_entry, &count, err) ||
	    !history_store_begin(history->store, err))
		return false;
	if (history_store_last(history->store) > 0)
		import.first_id = 1;
	if (import.first_id > 0 &&
	    !history_store_shift(history->store, count, err))
		import.failed = true;
	if (!import.failed &&
	    !history_file_read(path, newest, import_entry, &import, err))
		import.failed = true;
	if (!import.failed && history_store_commit(history->store, err)) {
		*out_count = import.count;
		return true;
	}
	history_store_rollback(history->store);
	return false;
}

static void open_text(struct history *history)
{
	struct err err = ERR_EMPTY;
	int64_t count;

	open_memory(history);
	if ((file_exists(history->text_path) &&
	     file_size(history->text_path) < 0 &&
	     !file_is_dir(history->text_path)) ||
	    (history_file_trim(history->text_path, history->size, &err) &&
	     import_file(history, history->text_path, history->size, &count,
			 &err)) ||
	    err.kind == ERR_MISSING)
		return;
	add_note(history,
		 "history: %s; statements are remembered until redsh ends",
		 err.message);
	mem_free(history->text_path);
	history->text_path = NULL;
}

static void open_sqlite(struct history *history)
{
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	struct err err = ERR_EMPTY;
	int64_t count = 0;
	bool is_new = false;

	history->store =
		history_store_open(history->path, &is_new, &aside, &err);
	if (!history->store) {
		add_note(history,
			 "history: %s; statements are remembered until redsh "
			 "ends",
			 err.message);
		open_memory(history);
		return;
	}
	if (aside.len > 0)
		add_note(history,
			 "history: %s was damaged and is now %s; a new one has "
			 "been begun",
			 history->path, aside.text);
	if (is_new && history->old_path && file_exists(history->old_path) &&
	    import_file(history, history->old_path, -1, &count, NULL) &&
	    count > 0)
		add_note(history,
			 "history: %lld statements of %s were taken over",
			 (long long)count, history->old_path);
}

struct history_store *history_store(struct history *history)
{
	if (history->store)
		return history->store;
	if (history->text_path)
		open_text(history);
	else if (history->path)
		open_sqlite(history);
	else
		open_memory(history);
	history->since = history_store_last(history->store);
	return history->store;
}

/* ---- when it cannot be kept ---- */

struct saving {
	struct history_store *to;
	const struct history *history;
};

static bool save_entry(void *context, const struct history_entry *entry)
{
	const struct saving *saving = context;
	const struct history *history = saving->history;
	int64_t shell = entry->id == history->open.id ? history->shell : 0;
	int64_t id;

	return history_store_add(saving->to, entry,
				 history_text_is_risky(entry->text, entry->len),
				 shell, &id, NULL);
}

/* What can still be read goes along, with its ids. */
static void save_newest(const struct history *history,
			struct history_store *from, struct history_store *to)
{
	struct saving saving = { .to = to, .history = history };

	if (!history_store_begin(to, NULL))
		return;
	history_store_page(from, 0, SAVED_ENTRIES, save_entry, &saving, NULL);
	if (!history_store_commit(to, NULL))
		history_store_rollback(to);
}

static void go_on_in_memory(struct history *history, const struct err *err)
{
	struct history_store *old = history->store;

	add_note(history,
		 "history: %s: %s; statements are remembered until redsh ends",
		 history->path, err->message);
	open_memory(history);
	save_newest(history, old, history->store);
	history_store_close(old);
}

static void begin_anew(struct history *history, const struct err *err)
{
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	CLEANUP(str_done) struct str none = STR_EMPTY;
	struct history_store *old = history->store;
	struct history_store *saved = NULL;
	bool is_new;

	saved = history_store_open(NULL, &is_new, &none, NULL);
	if (saved)
		save_newest(history, old, saved);
	history_store_close(old);
	history->store = NULL;
	if (history_store_set_aside(history->path, &aside, NULL))
		history->store =
			history_store_open(history->path, &is_new, &none, NULL);
	if (!history->store) {
		history->store = saved;
		history->in_memory = true;
		add_note(history,
			 "history: %s: %s; statements are remembered until "
			 "redsh ends",
			 history->path, err->message);
		return;
	}
	if (saved)
		save_newest(history, saved, history->store);
	history_store_close(saved);
	add_note(history,
		 "history: %s was damaged and is now %s; a new one has been "
		 "begun",
		 history->path, aside.text);
}

void history_failed(struct history *history, const struct err *err)
{
	if (err->retry && !history->in_memory) {
		add_note(history,
			 "history: this one is not kept, another program holds "
			 "%s: %s",
			 history->path, err->message);
		return;
	}
	if (history->in_memory) {
		add_note(history, "history: this one is not kept: %s",
			 err->message);
		return;
	}
	history_walk_end(history);
	if (lite_is_corrupt(err))
		begin_anew(history, err);
	else
		go_on_in_memory(history, err);
}

/* ---- keeping ---- */

static void trim(struct history *history)
{
	struct err err = ERR_EMPTY;

	if (history->size >= 0 && history->added % TRIM_EVERY == 0 &&
	    !history_store_trim(history->store, history->size, &err))
		history_failed(history, &err);
	history->added++;
}

static bool add_open(struct history *history, bool risky, struct err *err)
{
	history->open.id = 0;
	return history_store_add(history_store(history), &history->open, risky,
				 history->shell, &history->open.id, err);
}

static void append_text(struct history *history)
{
	struct err err = ERR_EMPTY;

	if (!history->text_path ||
	    history_file_append(history->text_path, history->last.text,
				history->last.len, &err))
		return;
	add_note(history,
		 "history: %s; statements are remembered until redsh ends",
		 err.message);
	mem_free(history->text_path);
	history->text_path = NULL;
}

bool history_begin(struct history *history, const char *text)
{
	CLEANUP(str_done) struct str entry = STR_EMPTY;
	struct err err = ERR_EMPTY;
	bool risky;

	history_walk_end(history);
	history->open.id = 0;
	if (history->size == 0 ||
	    (history->ignore_space && (*text == ' ' || *text == '\t')) ||
	    !history_text_clean(text, &entry))
		return false;
	if (history->ignore_dups && strcmp(history->last.text, entry.text) == 0)
		return false;
	str_set_slice(&history->last, entry.text, entry.len);
	/* What had a secret in it cannot be run as it is. */
	risky = strstr(entry.text, "***") != NULL ||
		history_text_is_risky(entry.text, entry.len);
	history->open = (struct history_entry){
		.started_ms = clock_wall_ms(),
		.outcome = { .duration_us = -1, .rows = -1 },
		.profile = history->profile.text,
		.database = history->database.text,
		.text = history->last.text,
		.len = history->last.len,
	};
	if (!add_open(history, risky, &err)) {
		history_failed(history, &err);
		if (!err.retry)
			add_open(history, risky, NULL);
	}
	append_text(history);
	if (history->list_is_filled) {
		add_history(history->last.text);
		using_history();
	}
	trim(history);
	return true;
}

void history_end(struct history *history, const struct history_outcome *outcome)
{
	struct err err = ERR_EMPTY;

	if (history->open.id == 0)
		return;
	history->open.outcome = *outcome;
	if (!history_store_finish(history->store, &history->open,
				  history->shell, &err)) {
		history_failed(history, &err);
		if (!err.retry)
			history_store_finish(history->store, &history->open,
					     history->shell, NULL);
	}
	history->open.id = 0;
}

/* ---- offering ---- */

bool history_suggest(struct history *history, const char *text, size_t len,
		     struct str *out)
{
	struct history_store *store = history_store(history);

	if (len == 0)
		return false;
	return history_store_begins(store, history->profile.text, text, len,
				    out) ||
	       (history->profile.len > 0 &&
		history_store_begins(store, "", text, len, out));
}

static uint64_t hash(const struct str *text)
{
	uint64_t value = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < text->len; i++)
		value = (value ^ (unsigned char)text->text[i]) * 1099511628211u;
	return value;
}

static bool was_seen(const struct history *history, uint64_t value)
{
	for (size_t i = 0; i < history->steps.count; i++)
		if (history->steps.items[i].hash == value)
			return true;
	return false;
}

void history_walk_end(struct history *history)
{
	history->walking = false;
	vec_clear(&history->steps);
}

const char *history_walk_text(const struct history *history)
{
	return history->walking ? history->typed.text : NULL;
}

const char *history_older(struct history *history, const char *typed)
{
	struct history_store *store = history_store(history);
	struct history_walk walk = {
		.shell = history->shell,
		.since = history->since,
		.profile =
			history->profile.len > 0 ? history->profile.text : NULL,
	};
	struct step step = { .id = 0 };

	if (!history->walking) {
		history_walk_end(history);
		str_set(&history->typed, typed);
		history->walking = true;
	}
	walk.containing = history->typed.text;
	if (history->steps.count > 0)
		step.id = history->steps.items[history->steps.count - 1].id;
	while (history_store_older(store, &walk, step.id, &step.id,
				   &history->found)) {
		step.hash = hash(&history->found);
		if (was_seen(history, step.hash) ||
		    strcmp(history->found.text, history->typed.text) == 0)
			continue;
		vec_push(&history->steps, step);
		return history->found.text;
	}
	if (history->steps.count == 0)
		history->walking = false;
	return NULL;
}

const char *history_newer(struct history *history)
{
	size_t count = history->steps.count;

	if (!history->walking)
		return NULL;
	if (count < 2) {
		history_walk_end(history);
		return history->typed.text;
	}
	history->steps.count = count - 1;
	if (!history_store_text(history_store(history),
				history->steps.items[count - 2].id,
				&history->found))
		return history_newer(history); /* deleted meanwhile */
	return history->found.text;
}

/* ---- Readline's list ---- */

struct list {
	struct {
		VEC(char *);
	} texts; /* newest first */
	size_t bytes;
};

static bool list_entry(void *context, const struct history_entry *entry)
{
	struct list *list = context;

	list->bytes += entry->len;
	if (list->bytes > LIST_BYTES)
		return false;
	vec_push(&list->texts, mem_copy_slice(entry->text, entry->len));
	return true;
}

void history_fill_list(struct history *history)
{
	struct history_store *store = history_store(history);
	struct list list = { .bytes = 0 };
	struct history_filter filter = {
		.profile =
			history->profile.len > 0 ? history->profile.text : NULL,
		.limit = LIST_ENTRIES,
	};

	if (history->list_is_filled)
		return;
	history->list_is_filled = true;
	using_history();
	clear_history();
	stifle(history);
	history_store_each(store, &filter, list_entry, &list, NULL);
	for (size_t i = list.texts.count; i-- > 0;) {
		add_history(list.texts.items[i]);
		mem_free(list.texts.items[i]);
	}
	vec_done(&list.texts);
	using_history();
}

/* ---- files ---- */

static void rewrite_text(struct history *history)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!history->text_path || file_size(history->text_path) < 0)
		return;
	if (!history_print(history, true, &all, &err) ||
	    !file_write(history->text_path, all.text, all.len, 0600, &err))
		add_note(history, "history: %s", err.message);
}

void history_forget(struct history *history)
{
	history_walk_end(history);
	str_clear(&history->last);
	str_clear(&history->found);
	if (history->list_is_filled)
		clear_history();
	history->list_is_filled = false;
	rewrite_text(history);
}

bool history_import(struct history *history, const char *path,
		    int64_t *out_count, struct err *err)
{
	history_store(history);
	history_walk_end(history);
	return import_file(history, path, -1, out_count, err);
}

struct printing {
	struct str *out;
	bool coded;
};

static bool print_entry(void *context, const struct history_entry *entry)
{
	struct printing *printing = context;

	if (printing->coded)
		history_text_encode(entry->text, entry->len, printing->out);
	else
		str_add_slice(printing->out, entry->text, entry->len);
	str_add_char(printing->out, '\n');
	return true;
}

bool history_print(struct history *history, bool coded, struct str *out,
		   struct err *err)
{
	struct printing printing = { .out = out, .coded = coded };
	struct history_filter filter = {
		.limit = history->size > 0 ? history->size : 0,
		.oldest_first = true,
	};

	return history_store_each(history_store(history), &filter, print_entry,
				  &printing, err);
}
