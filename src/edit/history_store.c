#include "edit/history_store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "data/lite.h"

enum {
	ASIDE_MAX = 100,  /* damaged files that are kept */
	WORDS_MAX = 16,   /* of a filter; the rest is not looked at */
	BEGIN_CHARS = 24, /* of a text in the index, as in the migrations */
	NEAR_ENTRIES = 500,
	PATIENCE_MS = 500, /* with another shell; a person waits meanwhile */
};

struct history_store {
	struct lite *lite;
};

/* status: enum history_status. -1 in duration_us and row_count: unknown. */
static const char *const migrations[] = {
	"create table entry ("
	" id integer primary key autoincrement,"
	" started_ms integer not null,"
	" shell integer not null,"
	" profile text not null,"
	" dbname text not null,"
	" risky integer not null,"
	" status integer not null,"
	" sqlstate text not null,"
	" duration_us integer not null,"
	" row_count integer not null,"
	" text text not null);"
	"create index entry_profile on entry (profile, id);"
	"create index entry_begins on entry (profile, substr(text, 1, 24))"
	" where risky = 0;",
	NULL,
};

#define COLUMNS                                                                \
	"id, started_ms, status, sqlstate, duration_us, row_count, profile,"   \
	" dbname, text"

/* ---- opening ---- */

/* The file and what SQLite has beside it get a name that is free. */
bool history_store_set_aside(const char *path, struct str *out_aside,
			     struct err *err)
{
	static const char *const beside[] = { "-wal", "-shm" };

	for (int i = 1; i < ASIDE_MAX; i++) {
		str_clear(out_aside);
		str_addf(out_aside, "%s.damaged-%d", path, i);
		if (file_exists(out_aside->text))
			continue;
		if (rename(path, out_aside->text) != 0)
			break;
		for (size_t k = 0; k < COUNT_OF(beside); k++) {
			CLEANUP(str_done) struct str from = STR_EMPTY;
			CLEANUP(str_done) struct str to = STR_EMPTY;

			str_addf(&from, "%s%s", path, beside[k]);
			str_addf(&to, "%s%s", out_aside->text, beside[k]);
			rename(from.text, to.text);
		}
		return true;
	}
	str_clear(out_aside);
	return err_set(err, ERR_DATA, "%s is damaged and cannot be set aside",
		       path);
}

static struct lite *open_file(const char *path, bool *out_new,
			      struct str *out_aside, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct err first = ERR_EMPTY;
	struct lite *lite;

	path_dir(path, &folder);
	if (!file_make_dirs(folder.text, 0700, err))
		return NULL;
	*out_new = !file_exists(path);
	lite = lite_open(path, migrations, &first);
	if (!lite && lite_is_corrupt(&first)) {
		if (!history_store_set_aside(path, out_aside, err))
			return NULL;
		*out_new = true;
		return lite_open(path, migrations, err);
	}
	if (!lite && err)
		*err = first;
	return lite;
}

struct history_store *history_store_open(const char *path, bool *out_new,
					 struct str *out_aside, struct err *err)
{
	struct history_store *store;
	struct lite *lite;

	*out_new = true;
	str_clear(out_aside);
	lite = path ? open_file(path, out_new, out_aside, err)
		    : lite_open(":memory:", migrations, err);
	if (!lite)
		return NULL;
	/* What is deleted is gone from the file too. */
	if (!lite_run(lite, "pragma secure_delete = on", err)) {
		lite_close(lite);
		return NULL;
	}
	lite_set_patience(lite, PATIENCE_MS);
	store = mem_alloc(sizeof(*store));
	store->lite = lite;
	return store;
}

void history_store_close(struct history_store *store)
{
	if (store == NULL)
		return;
	lite_close(store->lite);
	mem_free(store);
}

/* ---- changes ---- */

bool history_store_add(struct history_store *store,
		       const struct history_entry *entry, bool risky,
		       int64_t shell, int64_t *out_id, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "insert into entry (started_ms, shell, profile,"
			   " dbname, risky, status, sqlstate, duration_us,"
			   " row_count, text, id)"
			   " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			   " ?11)",
			   err);

	if (!query)
		return false;
	lite_bind_number(query, 1, entry->started_ms);
	lite_bind_number(query, 2, shell);
	lite_bind_text(query, 3, entry->profile);
	lite_bind_text(query, 4, entry->database);
	lite_bind_number(query, 5, risky);
	lite_bind_number(query, 6, entry->outcome.status);
	lite_bind_text(query, 7, entry->outcome.sqlstate);
	lite_bind_number(query, 8, entry->outcome.duration_us);
	lite_bind_number(query, 9, entry->outcome.rows);
	lite_bind_slice(query, 10, entry->text, entry->len);
	if (entry->id > 0)
		lite_bind_number(query, 11, entry->id);
	if (!lite_do(query, err))
		return false;
	*out_id = lite_last_id(store->lite);
	return true;
}

bool history_store_finish(struct history_store *store,
			  const struct history_entry *entry, int64_t shell,
			  struct err *err)
{
	const struct history_outcome *outcome = &entry->outcome;
	struct lite_query *query =
		lite_query(store->lite,
			   "update entry set status = ?2, sqlstate = ?3,"
			   " duration_us = ?4, row_count = ?5"
			   " where id = ?1 and shell = ?6 and started_ms = ?7",
			   err);

	if (!query)
		return false;
	lite_bind_number(query, 1, entry->id);
	lite_bind_number(query, 2, outcome->status);
	lite_bind_text(query, 3, outcome->sqlstate);
	lite_bind_number(query, 4, outcome->duration_us);
	lite_bind_number(query, 5, outcome->rows);
	lite_bind_number(query, 6, shell);
	lite_bind_number(query, 7, entry->started_ms);
	return lite_do(query, err);
}

bool history_store_begin(struct history_store *store, struct err *err)
{
	return lite_begin(store->lite, err);
}

bool history_store_commit(struct history_store *store, struct err *err)
{
	return lite_commit(store->lite, err);
}

void history_store_rollback(struct history_store *store)
{
	lite_rollback(store->lite);
}

bool history_store_shift(struct history_store *store, int64_t count,
			 struct err *err)
{
	/* By way of negative ids: no two are equal on the way. */
	static const char *const steps[] = {
		"update entry set id = -(id + ?1)",
		"update entry set id = -id where ?1 > 0",
	};

	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct lite_query *query =
			lite_query(store->lite, steps[i], err);

		if (!query)
			return false;
		lite_bind_number(query, 1, count);
		if (!lite_do(query, err))
			return false;
	}
	return true;
}

/* Nothing of what was deleted stays in the log beside the file; while another
 * shell reads it stays until later. */
static void empty_log(struct history_store *store)
{
	lite_run(store->lite, "pragma wal_checkpoint(truncate)", NULL);
}

bool history_store_remove(struct history_store *store, int64_t id,
			  int64_t *out_count, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "delete from entry where text ="
			   " (select text from entry where id = ?1)",
			   err);

	if (!query)
		return false;
	lite_bind_number(query, 1, id);
	if (!lite_do(query, err))
		return false;
	*out_count = lite_changes(store->lite);
	if (*out_count == 0)
		return err_set(err, ERR_MISSING,
			       "the history has no entry %lld", (long long)id);
	empty_log(store);
	return true;
}

bool history_store_trim(struct history_store *store, int64_t keep,
			struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"delete from entry where id <="
		" (select id from entry order by id desc limit 1 offset ?1)",
		err);

	if (!query)
		return false;
	lite_bind_number(query, 1, keep);
	return lite_do(query, err);
}

/* ---- filters ---- */

static size_t count_words(const struct history_filter *filter)
{
	size_t count = 0;

	while (filter->words && filter->words[count] && count < WORDS_MAX)
		count++;
	return count;
}

static void add_condition(struct str *sql, const char *condition)
{
	str_add(sql, str_ends(sql->text, " entry") ? " where " : " and ");
	str_add(sql, condition);
}

/* ?1 profile, ?2 database, ?3 limit, ?4 ... words. */
static void add_conditions(const struct history_filter *filter, struct str *sql)
{
	size_t words = count_words(filter);

	if (filter->profile)
		add_condition(sql, "profile in (?1, '')");
	if (filter->database)
		add_condition(sql, "dbname in (?2, '')");
	if (filter->only_failed)
		add_condition(sql, "status = 2");
	if (filter->no_failed)
		add_condition(sql, "status <> 2");
	for (size_t i = 0; i < words; i++) {
		CLEANUP(str_done) struct str like = STR_EMPTY;

		str_addf(&like, "text like ?%zu escape '\\'", 4 + i);
		add_condition(sql, like.text);
	}
}

static void add_like(const char *word, struct str *out)
{
	str_add_char(out, '%');
	for (; *word; word++) {
		if (*word == '%' || *word == '_' || *word == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *word);
	}
	str_add_char(out, '%');
}

static struct lite_query *filtered(struct history_store *store,
				   const struct history_filter *filter,
				   const struct str *sql, struct err *err)
{
	struct lite_query *query = lite_query(store->lite, sql->text, err);
	size_t words = count_words(filter);

	if (!query)
		return NULL;
	if (filter->profile)
		lite_bind_text(query, 1, filter->profile);
	if (filter->database)
		lite_bind_text(query, 2, filter->database);
	if (filter->limit > 0)
		lite_bind_number(query, 3, filter->limit);
	for (size_t i = 0; i < words; i++) {
		CLEANUP(str_done) struct str like = STR_EMPTY;

		add_like(filter->words[i], &like);
		lite_bind_slice(query, (int)(4 + i), like.text, like.len);
	}
	return query;
}

bool history_store_remove_all(struct history_store *store,
			      const struct history_filter *filter,
			      int64_t *out_count, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct history_filter all = *filter;
	struct lite_query *query;

	all.limit = 0;
	str_add(&sql, "delete from entry");
	add_conditions(&all, &sql);
	query = filtered(store, &all, &sql, err);
	if (!query || !lite_do(query, err))
		return false;
	*out_count = lite_changes(store->lite);
	empty_log(store);
	return true;
}

bool history_store_count(struct history_store *store,
			 const struct history_filter *filter,
			 int64_t *out_count, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct history_filter all = *filter;
	struct lite_query *query;

	all.limit = 0;
	str_add(&sql, "select count(*) from entry");
	add_conditions(&all, &sql);
	query = filtered(store, &all, &sql, err);
	if (!query || lite_step(query, err) != LITE_ROW)
		return false;
	*out_count = lite_number(query, 0);
	lite_reset(query);
	return true;
}

/* ---- reading ---- */

static const char *text_of(struct lite_query *query, int at)
{
	const char *text = lite_text(query, at);

	return text ? text : "";
}

static void read_entry(struct lite_query *query, struct history_entry *entry)
{
	*entry = (struct history_entry){
		.id = lite_number(query, 0),
		.started_ms = lite_number(query, 1),
		.profile = text_of(query, 6),
		.database = text_of(query, 7),
		.text = text_of(query, 8),
	};
	entry->len = lite_len(query, 8);
	entry->outcome.status = (enum history_status)lite_number(query, 2);
	snprintf(entry->outcome.sqlstate, sizeof(entry->outcome.sqlstate), "%s",
		 text_of(query, 3));
	entry->outcome.duration_us = lite_number(query, 4);
	entry->outcome.rows = lite_number(query, 5);
}

static bool give(struct lite_query *query,
		 bool (*take)(void *context, const struct history_entry *entry),
		 void *context, struct err *err)
{
	struct history_entry entry;
	enum lite_step step;

	while ((step = lite_step(query, err)) == LITE_ROW) {
		read_entry(query, &entry);
		if (!take(context, &entry)) {
			lite_reset(query);
			return true;
		}
	}
	return step == LITE_DONE;
}

bool history_store_each(struct history_store *store,
			const struct history_filter *filter,
			bool (*take)(void *context,
				     const struct history_entry *entry),
			void *context, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct lite_query *query;

	if (filter->oldest_first)
		str_add(&sql, "select * from (");
	str_add(&sql, "select " COLUMNS " from entry");
	add_conditions(filter, &sql);
	str_add(&sql, " order by id desc");
	if (filter->limit > 0)
		str_add(&sql, " limit ?3");
	if (filter->oldest_first)
		str_add(&sql, ") order by id");
	query = filtered(store, filter, &sql, err);
	return query && give(query, take, context, err);
}

bool history_store_page(struct history_store *store, int64_t before, int count,
			bool (*take)(void *context,
				     const struct history_entry *entry),
			void *context, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "select " COLUMNS " from entry where id < ?1"
			   " order by id desc limit ?2",
			   err);

	if (!query)
		return false;
	lite_bind_number(query, 1, before > 0 ? before : INT64_MAX);
	lite_bind_number(query, 2, count);
	return give(query, take, context, err);
}

int64_t history_store_last(struct history_store *store)
{
	struct lite_query *query = lite_query(
		store->lite, "select coalesce(max(id), 0) from entry", NULL);
	int64_t last = 0;

	if (query && lite_step(query, NULL) == LITE_ROW) {
		last = lite_number(query, 0);
		lite_reset(query);
	}
	return last;
}

/* The text of the one row a query may give. */
static bool take_text(struct lite_query *query, int at, struct str *out_text)
{
	if (!query || lite_step(query, NULL) != LITE_ROW)
		return false;
	str_set_slice(out_text, text_of(query, at), lite_len(query, at));
	return true;
}

bool history_store_text(struct history_store *store, int64_t id,
			struct str *out_text)
{
	struct lite_query *query = lite_query(
		store->lite, "select text from entry where id = ?1", NULL);
	bool found;

	if (query)
		lite_bind_number(query, 1, id);
	found = take_text(query, 0, out_text);
	if (found)
		lite_reset(query);
	return found;
}

bool history_store_older(struct history_store *store,
			 const struct history_walk *walk, int64_t before,
			 int64_t *out_id, struct str *out_text)
{
	CLEANUP(str_done) struct str like = STR_EMPTY;
	struct lite_query *query =
		lite_query(store->lite,
			   "select id, text from entry where id < ?1"
			   " and (shell = ?2 or (id <= ?3 and"
			   " (?4 is null or profile = ?4 or profile = '')))"
			   " and (?5 is null or text like ?5 escape '\\')"
			   " order by id desc limit 1",
			   NULL);

	if (!query)
		return false;
	lite_bind_number(query, 1, before > 0 ? before : INT64_MAX);
	lite_bind_number(query, 2, walk->shell);
	lite_bind_number(query, 3, walk->since);
	lite_bind_text(query, 4, walk->profile);
	if (*walk->containing) {
		add_like(walk->containing, &like);
		lite_bind_text(query, 5, like.text);
	}
	if (!take_text(query, 1, out_text))
		return false;
	*out_id = lite_number(query, 0);
	lite_reset(query);
	return true;
}

/* ---- what begins with a text ---- */

#define FITS                                                                   \
	" risky = 0 and status <> 2 and length(text) > length(?2)"             \
	" and substr(text, 1, length(?2)) = ?2"

/* Most often it is among the newest; else few begin alike, so that not all of
 * them need be sorted. Both cost no more in a long history. */
static const char *const begin_queries[] = {
	"select text from (select id, text, risky, status from entry"
	" where profile = ?1 order by id desc limit ?3)"
	" where" FITS " order by id desc limit 1",
	"select text from (select id, text, risky, status from entry"
	" where profile = ?1 and risky = 0"
	" and substr(text, 1, 24) >= substr(?2, 1, ?4)"
	" and substr(text, 1, 24) < substr(?2, 1, ?4) || char(1114111)"
	" limit ?3)"
	" where" FITS " order by id desc limit 1",
};

bool history_store_begins(struct history_store *store, const char *profile,
			  const char *text, size_t len, struct str *out_text)
{
	for (size_t i = 0; i < COUNT_OF(begin_queries); i++) {
		struct lite_query *query =
			lite_query(store->lite, begin_queries[i], NULL);

		if (!query)
			return false;
		lite_bind_text(query, 1, profile);
		lite_bind_slice(query, 2, text, len);
		lite_bind_number(query, 3, NEAR_ENTRIES);
		if (i > 0)
			lite_bind_number(query, 4, BEGIN_CHARS);
		if (take_text(query, 0, out_text)) {
			lite_reset(query);
			return true;
		}
	}
	return false;
}
