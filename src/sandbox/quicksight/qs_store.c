#include "sandbox/quicksight/qs_store.h"

#include <pthread.h>

#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "data/lite.h"

static const char *const migrations[] = {
	"create table records (number integer primary key autoincrement,"
	" kind text not null, parent text not null, id text not null,"
	" record text not null, unique (kind, parent, id));"
	"create table work (number integer primary key autoincrement,"
	" kind text not null, parent text not null, id text not null)",
	NULL
};

struct qs_store {
	pthread_mutex_t lock;
	struct lite *lite; /* under lock */
};

struct qs_store *qs_store_open(const char *dir, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct qs_store *store;
	struct lite *lite;

	path_join(dir, "quicksight.db", &path);
	lite = lite_open(path.text, migrations, err);
	if (lite == NULL)
		return NULL;
	store = mem_alloc(sizeof(*store));
	store->lite = lite;
	pthread_mutex_init(&store->lock, NULL);
	return store;
}

void qs_store_close(struct qs_store *store)
{
	if (store == NULL)
		return;
	lite_close(store->lite);
	pthread_mutex_destroy(&store->lock);
	mem_free(store);
}

/* --- with the lock held --- */

static struct lite_query *query_for(struct qs_store *store, const char *sql,
				    struct qs_key key, struct err *err)
{
	struct lite_query *query = lite_query(store->lite, sql, err);

	if (query == NULL)
		return NULL;
	lite_bind_text(query, 1, key.kind);
	lite_bind_text(query, 2, key.parent);
	lite_bind_text(query, 3, key.id);
	return query;
}

static struct json *get(struct qs_store *store, struct qs_key key,
			struct err *err)
{
	struct lite_query *query =
		query_for(store,
			  "select record from records where kind = ?1"
			  " and parent = ?2 and id = ?3",
			  key, err);
	struct json *record = NULL;
	enum lite_step step;

	if (query == NULL)
		return NULL;
	step = lite_step(query, err);
	if (step == LITE_ROW)
		record = json_parse(lite_text(query, 0), lite_len(query, 0),
				    err);
	else if (step == LITE_DONE)
		err_set(err, ERR_MISSING, "no %s %s", key.kind, key.id);
	lite_reset(query);
	return record;
}

static bool put(struct qs_store *store, struct qs_key key,
		const struct json *record, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct lite_query *query =
		query_for(store,
			  "insert into records (kind, parent, id, record)"
			  " values (?1, ?2, ?3, ?4)"
			  " on conflict (kind, parent, id)"
			  " do update set record = excluded.record",
			  key, err);

	if (query == NULL)
		return false;
	json_add(&text, record);
	lite_bind_slice(query, 4, text.text, text.len);
	return lite_do(query, err);
}

/* --- from outside --- */

struct json *qs_store_get(struct qs_store *store, struct qs_key key,
			  struct err *err)
{
	struct json *record;

	pthread_mutex_lock(&store->lock);
	record = get(store, key, err);
	pthread_mutex_unlock(&store->lock);
	return record;
}

bool qs_store_has(struct qs_store *store, struct qs_key key)
{
	CLEANUP(json_freep) struct json *record = qs_store_get(store, key, NULL);

	return record != NULL;
}

bool qs_store_put(struct qs_store *store, struct qs_key key,
		  const struct json *record, struct err *err)
{
	bool done;

	pthread_mutex_lock(&store->lock);
	done = put(store, key, record, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

static bool run(struct qs_store *store, const char *sql, struct qs_key key,
		struct err *err)
{
	struct lite_query *query;
	bool done;

	pthread_mutex_lock(&store->lock);
	query = query_for(store, sql, key, err);
	done = query != NULL && lite_do(query, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

bool qs_store_drop(struct qs_store *store, struct qs_key key, struct err *err)
{
	return run(store,
		   "delete from records where kind = ?1 and parent = ?2"
		   " and id = ?3",
		   key, err);
}

bool qs_store_drop_all(struct qs_store *store, const char *kind,
		       const char *parent, struct err *err)
{
	struct qs_key key = { kind, parent, NULL };

	return run(store,
		   "delete from records where kind = ?1 and parent = ?2"
		   " and ?3 is null",
		   key, err);
}

bool qs_store_change(struct qs_store *store, struct qs_key key,
		     qs_store_changer *change, void *context, struct err *err)
{
	CLEANUP(json_freep) struct json *record = NULL;
	bool done;

	pthread_mutex_lock(&store->lock);
	record = get(store, key, err);
	done = record != NULL && change(context, record, err) &&
	       put(store, key, record, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

struct json *qs_store_list(struct qs_store *store, struct qs_key key,
			   struct err *err)
{
	struct json *list = json_new_array();
	struct lite_query *query;
	enum lite_step step = LITE_FAILED;

	key.id = NULL;
	pthread_mutex_lock(&store->lock);
	query = query_for(store,
			  "select record from records where kind = ?1"
			  " and (parent = ?2 or ?2 is null) and ?3 is null"
			  " order by number",
			  key, err);
	while (query != NULL && (step = lite_step(query, err)) == LITE_ROW) {
		struct json *record = json_parse(lite_text(query, 0),
						 lite_len(query, 0), err);

		if (record != NULL)
			json_push_take(list, record);
	}
	pthread_mutex_unlock(&store->lock);
	if (step == LITE_DONE)
		return list;
	json_free(list);
	return NULL;
}

/* --- work --- */

bool qs_store_add_work(struct qs_store *store, struct qs_key key,
		       struct err *err)
{
	return run(store,
		   "insert into work (kind, parent, id) values (?1, ?2, ?3)",
		   key, err);
}

bool qs_store_next_work(struct qs_store *store, int64_t *out_number,
			struct str *out_kind, struct str *out_parent,
			struct str *out_id)
{
	struct lite_query *query;
	bool found;

	pthread_mutex_lock(&store->lock);
	query = lite_query(store->lite,
			   "select number, kind, parent, id from work"
			   " order by number limit 1",
			   NULL);
	found = query != NULL && lite_step(query, NULL) == LITE_ROW;
	if (found) {
		*out_number = lite_number(query, 0);
		str_add(out_kind, lite_text(query, 1));
		str_add(out_parent, lite_text(query, 2));
		str_add(out_id, lite_text(query, 3));
	}
	if (query != NULL)
		lite_reset(query);
	pthread_mutex_unlock(&store->lock);
	return found;
}

void qs_store_end_work(struct qs_store *store, int64_t number)
{
	struct lite_query *query;

	pthread_mutex_lock(&store->lock);
	query = lite_query(store->lite, "delete from work where number = ?1",
			   NULL);
	if (query != NULL) {
		lite_bind_number(query, 1, number);
		lite_do(query, NULL);
	}
	pthread_mutex_unlock(&store->lock);
}
