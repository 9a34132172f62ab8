/* Names live in SQLite: level -> names. The UI reads by one handle, the AWS
 * thread writes by another (WAL lets both). A level is asked for by one call
 * a page, whose done runs in the AWS thread and starts the next page. */
#include "aws/listing.h"

#include <pthread.h>
#include <string.h>

#include "aws/call.h"
#include "aws/s3_page.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/vec.h"
#include "data/lite.h"
#include "data/xml.h"

enum {
	YOUNG_MS = 60 * 1000,
	FAILED_MS = 10 * 1000, /* before a failed level is tried */
	MAX_PAGES = 10,        /* of 1,000 names a level */
	KEEP_MS = 7 * 24 * 3600 * 1000,
};

static const char *const migrations[] = {
	"create table level (id integer primary key, realm text not null, "
	"name text not null, asked_ms integer not null, "
	"state integer not null, unique (realm, name));"
	"create table name (level integer not null references level "
	"on delete cascade, name text not null, size integer not null, "
	"primary key (level, name)) without rowid;",
	NULL
};

struct listing {
	struct aws *aws;
	bool quiet;          /* of the UI thread */
	char *realm;         /* profile and endpoint */
	pthread_mutex_t reading;
	struct lite *reader; /* reading: not in the AWS thread */
	struct lite *writer; /* of the AWS thread */
	pthread_mutex_t lock;
	struct {
		VEC(char *);
	} asking;                      /* lock: levels under way */
	void (*notify)(void *context); /* lock */
	void *notify_context;          /* lock */
};

/* One level being fetched; hangs on call->user. */
struct fetch {
	struct listing *listing;
	char *level;
	int pages;
	int64_t id; /* of its row, 0: not yet */
};

enum { STATE_FAILED, STATE_PARTIAL, STATE_COMPLETE };

struct listing *listing_new(struct aws *aws, const char *path,
			    const char *profile, const char *endpoint)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str realm = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct lite *reader = NULL, *writer = NULL;
	struct listing *listing;

	path_dir(path, &folder);
	if (file_make_dirs(folder.text, 0700, &err))
		reader = lite_open_cache(path, migrations, &err);
	if (reader != NULL)
		writer = lite_open_cache(path, migrations, &err);
	if (writer == NULL) {
		log_debug(LOG_AWS, "no cache of S3 names: %s", err.message);
		lite_close(reader);
		return NULL;
	}
	listing = mem_alloc(sizeof(*listing));
	listing->aws = aws;
	str_addf(&realm, "%s %s", profile, endpoint);
	listing->realm = str_take(&realm);
	listing->reader = reader;
	listing->writer = writer;
	pthread_mutex_init(&listing->lock, NULL);
	pthread_mutex_init(&listing->reading, NULL);
	return listing;
}

void listing_free(struct listing *listing)
{
	if (listing == NULL)
		return;
	lite_close(listing->reader);
	lite_close(listing->writer);
	for (size_t i = 0; i < listing->asking.count; i++)
		mem_free(listing->asking.items[i]);
	vec_done(&listing->asking);
	pthread_mutex_destroy(&listing->lock);
	pthread_mutex_destroy(&listing->reading);
	mem_free(listing->realm);
	mem_free(listing);
}

void listing_on_change(struct listing *listing, void (*notify)(void *context),
		       void *context)
{
	pthread_mutex_lock(&listing->lock);
	listing->notify = notify;
	listing->notify_context = context;
	pthread_mutex_unlock(&listing->lock);
}

/* --- levels under way --- */

/* False: it is under way already. */
static bool begin_asking(struct listing *listing, const char *level)
{
	bool fresh = true;

	pthread_mutex_lock(&listing->lock);
	for (size_t i = 0; i < listing->asking.count; i++)
		if (strcmp(listing->asking.items[i], level) == 0)
			fresh = false;
	if (fresh)
		vec_push(&listing->asking, mem_copy_text(level));
	pthread_mutex_unlock(&listing->lock);
	return fresh;
}

static void end_asking(struct listing *listing, const char *level)
{
	void (*notify)(void *context);
	void *context;

	pthread_mutex_lock(&listing->lock);
	for (size_t i = listing->asking.count; i-- > 0;)
		if (strcmp(listing->asking.items[i], level) == 0) {
			mem_free(listing->asking.items[i]);
			vec_remove(&listing->asking, i);
		}
	notify = listing->notify;
	context = listing->notify_context;
	pthread_mutex_unlock(&listing->lock);
	if (notify != NULL)
		notify(context);
}

/* --- writing, in the AWS thread --- */

static bool set_level(struct fetch *fetch, int state, struct err *err)
{
	struct lite *lite = fetch->listing->writer;
	struct lite_query *query = lite_query(
		lite,
		"insert into level (realm, name, asked_ms, state) "
		"values (?1, ?2, ?3, ?4) on conflict (realm, name) do update "
		"set asked_ms = excluded.asked_ms, state = excluded.state "
		"returning id",
		err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, fetch->listing->realm);
	lite_bind_text(query, 2, fetch->level);
	lite_bind_number(query, 3, clock_wall_ms());
	lite_bind_number(query, 4, state);
	if (lite_step(query, err) == LITE_ROW)
		fetch->id = lite_number(query, 0);
	lite_reset(query);
	return fetch->id != 0;
}

static bool drop_names(struct fetch *fetch, struct err *err)
{
	struct lite_query *query =
		lite_query(fetch->listing->writer,
			   "delete from name where level = ?1", err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, fetch->id);
	return lite_do(query, err);
}

static bool drop_old_levels(struct listing *listing, struct err *err)
{
	struct lite_query *query = lite_query(
		listing->writer, "delete from level where asked_ms < ?1", err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, clock_wall_ms() - KEEP_MS);
	return lite_do(query, err);
}

static bool add_name(struct fetch *fetch, const char *name, int64_t size,
		     struct err *err)
{
	struct lite_query *query = lite_query(
		fetch->listing->writer,
		"insert or replace into name values (?1, ?2, ?3)", err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, fetch->id);
	lite_bind_text(query, 2, name);
	lite_bind_number(query, 3, size);
	return lite_do(query, err);
}

/* The level is "bucket/dir/": names below it are stored whole. */
static bool add_page(struct fetch *fetch, struct s3_page *page, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	size_t bucket = strcspn(fetch->level, "/") + 1;
	const struct s3_list_entry *entry;

	while ((entry = s3_page_next(page)) != NULL) {
		/* the folder's own marker */
		if (strcmp(entry->key, fetch->level + bucket) == 0)
			continue;
		str_set_slice(&name, fetch->level, bucket);
		str_add(&name, entry->key);
		if (!add_name(fetch, name.text, entry->size, err))
			return false;
	}
	return true;
}

static bool add_buckets(struct fetch *fetch, const struct xml *root,
			struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (const struct xml *at = xml_at(root, "Buckets/Bucket"); at != NULL;
	     at = xml_next(at)) {
		str_set(&name, xml_text(at, "Name", ""));
		str_add_char(&name, '/');
		if (!add_name(fetch, name.text, 0, err))
			return false;
	}
	return true;
}

/* --- fetching --- */

static void fetch_done(struct call *call);

static struct call *fetch_call(struct fetch *fetch, const char *token)
{
	size_t bucket = strcspn(fetch->level, "/");
	struct call *call;

	if (fetch->level[0] == '\0') {
		call = call_new(OPERATION_LIST_BUCKETS);
	} else {
		CLEANUP(mem_freep)
		char *name = mem_copy_slice(fetch->level, bucket);

		call = call_new(OPERATION_LIST_OBJECTS);
		call_set_bucket(call, name);
		call_add_query(call, "encoding-type", "url");
		call_add_query(call, "delimiter", "/");
		call_add_query(call, "prefix", fetch->level + bucket + 1);
		if (token != NULL)
			call_add_query(call, "continuation-token", token);
	}
	call->done = fetch_done;
	call->user = fetch;
	return call;
}

static void fetch_end(struct fetch *fetch)
{
	end_asking(fetch->listing, fetch->level);
	mem_free(fetch->level);
	mem_free(fetch);
}

/* Stores a reply; *out_token gets that of the next page. */
static bool store(struct fetch *fetch, const struct call *call,
		  char **out_token, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = NULL;
	CLEANUP(s3_page_freep) struct s3_page *page = NULL;
	const struct str *body = &call->reply.body;
	const struct xml *root = NULL;

	if (fetch->level[0] == '\0') {
		reader = xml_reader_new(0);
		if (!xml_reader_feed(reader, body->text, body->len, err))
			return false;
		root = xml_reader_end(reader, err);
		return root != NULL && add_buckets(fetch, root, err);
	}
	page = s3_page_parse(body->text, body->len, err);
	if (page == NULL || !add_page(fetch, page, err))
		return false;
	*out_token = mem_copy_text(s3_page_token(page));
	return true;
}

static bool take_reply(struct fetch *fetch, const struct call *call,
		       char **out_token, struct err *err)
{
	struct lite *lite = fetch->listing->writer;

	if (!lite_begin(lite, err))
		return false;
	if (set_level(fetch, STATE_PARTIAL, err) &&
	    (fetch->pages++ > 0 || drop_names(fetch, err)) &&
	    store(fetch, call, out_token, err) &&
	    ((*out_token != NULL && fetch->pages < MAX_PAGES) ||
	     set_level(fetch, STATE_COMPLETE, err)) &&
	    drop_old_levels(fetch->listing, err) && lite_commit(lite, err))
		return true;
	lite_rollback(lite);
	return false;
}

static void fetch_done(struct call *call)
{
	struct fetch *fetch = call->user;
	struct listing *listing = fetch->listing;
	CLEANUP(mem_freep) char *token = NULL;
	struct err err = ERR_EMPTY;

	if (!call->ok || !take_reply(fetch, call, &token, &err)) {
		log_debug(LOG_AWS, "listing \"%s\": %s", fetch->level,
			  call->ok ? err.message : call->err.message);
		set_level(fetch, STATE_FAILED, NULL);
	} else if (token != NULL && fetch->pages < MAX_PAGES) {
		worker_start_take(listing->aws, fetch_call(fetch, token));
		call_free(call);
		return;
	}
	call_free(call);
	fetch_end(fetch);
}

static void ask(struct listing *listing, const char *level)
{
	struct fetch *fetch;

	if (listing->quiet || !begin_asking(listing, level))
		return;
	fetch = mem_alloc(sizeof(*fetch));
	fetch->listing = listing;
	fetch->level = mem_copy_text(level);
	worker_start_take(listing->aws, fetch_call(fetch, NULL));
}

/* --- reading, in the UI thread --- */

static int64_t find_level(struct listing *listing, const char *level,
			  int64_t *out_age_ms, int *out_state)
{
	struct lite_query *query =
		lite_query(listing->reader,
			   "select id, asked_ms, state from level "
			   "where realm = ?1 and name = ?2",
			   NULL);
	int64_t id = 0;

	if (query == NULL)
		return 0;
	lite_bind_text(query, 1, listing->realm);
	lite_bind_text(query, 2, level);
	if (lite_step(query, NULL) == LITE_ROW) {
		id = lite_number(query, 0);
		*out_age_ms = clock_wall_ms() - lite_number(query, 1);
		*out_state = (int)lite_number(query, 2);
	}
	lite_reset(query);
	return id;
}

static void give(struct listing *listing, int64_t id, const char *typed,
		 size_t limit,
		 void (*found)(void *context, const char *name, int64_t size),
		 void *context)
{
	/* All names of a level share its head, so an index range is found by
	 * the primary key; substr compares bytes as blobs do. */
	struct lite_query *query =
		lite_query(listing->reader,
			   "select name, size from name where level = ?1 and "
			   "name >= ?2 and substr(cast(name as blob), 1, ?3) = "
			   "cast(?2 as blob) order by name limit ?4",
			   NULL);

	if (query == NULL)
		return;
	lite_bind_number(query, 1, id);
	lite_bind_text(query, 2, typed);
	lite_bind_number(query, 3, (int64_t)strlen(typed));
	lite_bind_number(query, 4, (int64_t)limit);
	while (lite_step(query, NULL) == LITE_ROW)
		found(context, lite_text(query, 0), lite_number(query, 1));
	lite_reset(query);
}

enum listing_state listing_match(struct listing *listing, const char *typed,
				 size_t limit,
				 void (*found)(void *context, const char *name,
					       int64_t size),
				 void *context)
{
	CLEANUP(mem_freep) char *level = NULL;
	const char *slash = strrchr(typed, '/');
	int64_t age_ms = 0;
	int state = STATE_FAILED;
	int64_t id;

	level = mem_copy_slice(typed,
			       slash != NULL ? (size_t)(slash - typed) + 1 : 0);
	pthread_mutex_lock(&listing->reading);
	id = find_level(listing, level, &age_ms, &state);
	if (id != 0)
		give(listing, id, typed, limit, found, context);
	pthread_mutex_unlock(&listing->reading);
	if (id != 0 && state == STATE_COMPLETE && age_ms < YOUNG_MS)
		return LISTING_KNOWN;
	if (id != 0 && state == STATE_FAILED && age_ms < FAILED_MS)
		return LISTING_FAILED;
	ask(listing, level);
	return id != 0 && state == STATE_COMPLETE ? LISTING_OLD
						  : LISTING_ASKING;
}

void listing_stop_asking(struct listing *listing)
{
	listing->quiet = true;
}

void listing_forget(struct listing *listing, const char *level)
{
	struct lite_query *query;

	pthread_mutex_lock(&listing->reading);
	query = lite_query(listing->reader,
			   "update level set asked_ms = 0 where realm = ?1 and "
			   "(name = ?2 or name = '')",
			   NULL);
	if (query != NULL) {
		lite_bind_text(query, 1, listing->realm);
		lite_bind_text(query, 2, level);
		lite_do(query, NULL);
	}
	pthread_mutex_unlock(&listing->reading);
}
