#include "catalog/used.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/lite.h"

enum { WEIGHT_SCALE = 100 };

static const double half_life_ms = 14.0 * 24 * 3600 * 1000;

struct one {
	char *schema;
	char *name;
	int what;
	double score; /* at used_ms */
	int64_t used_ms;
	bool unsaved;
};

struct used {
	struct lite *lite;
	bool loaded;
	bool sorted;
	bool unsaved;
	int64_t now_ms; /* weights are of then */
	VEC(struct one *);
	struct map *by_name; /* key_of to struct one, borrowed */
};

struct used *used_new(struct lite *lite)
{
	struct used *used = mem_alloc(sizeof(*used));

	used->lite = lite;
	used->by_name = map_new(NULL);
	return used;
}

/* US parts: no identifier's business. */
static void key_of(int what, const char *schema, const char *name,
		   struct str *out)
{
	str_addf(out, "%d\x1f%s\x1f%s", what, schema, name);
}

static struct one *find(struct used *used, int what, const char *schema,
			const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	key_of(what, schema, name, &key);
	return map_get(used->by_name, key.text);
}

static struct one *add(struct used *used, int what, const char *schema,
		       const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct one *one = mem_alloc(sizeof(*one));

	one->what = what;
	one->schema = mem_copy_text(schema);
	one->name = mem_copy_text(name);
	vec_push(used, one);
	key_of(what, schema, name, &key);
	map_put(used->by_name, key.text, one);
	return one;
}

static void load(struct used *used)
{
	struct lite_query *query;

	if (used->loaded)
		return;
	used->loaded = true;
	used->now_ms = clock_wall_ms();
	query = lite_query(used->lite,
			   "select what, schema, name,"
			   " cast(score * 1000 as integer), used_ms from used"
			   " order by used_ms desc limit ?1",
			   NULL);
	if (query == NULL)
		return;
	/* Room for new ones. */
	lite_bind_number(query, 1, USED_MAX * 3 / 4);
	while (lite_step(query, NULL) == LITE_ROW) {
		struct one *one = add(used, (int)lite_number(query, 0),
				      lite_text(query, 1), lite_text(query, 2));

		one->score = (double)lite_number(query, 3) / 1000;
		one->used_ms = lite_number(query, 4);
	}
}

static double score_at(const struct one *one, int64_t now_ms)
{
	double age_ms = (double)(now_ms - one->used_ms);

	return age_ms <= 0 ? one->score
			   : one->score * exp2(-age_ms / half_life_ms);
}

static int weight(const struct used *used, const struct one *one)
{
	double now = score_at(one, used->now_ms) * WEIGHT_SCALE;

	return now < 1 ? 1 : now > 1e9 ? 1000000000 : (int)now;
}

static bool save_one(struct used *used, const struct one *one)
{
	struct lite_query *query =
		lite_query(used->lite,
			   "insert or replace into used values"
			   " (?1, ?2, ?3, ?4 / 1000.0, ?5)",
			   NULL);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, one->what);
	lite_bind_text(query, 2, one->schema);
	lite_bind_text(query, 3, one->name);
	lite_bind_number(query, 4, (int64_t)(one->score * 1000));
	lite_bind_number(query, 5, one->used_ms);
	return lite_do(query, NULL);
}

static bool prune(struct used *used)
{
	struct lite_query *query = lite_query(
		used->lite,
		"delete from used where used_ms < (select used_ms from used"
		" order by used_ms desc limit 1 offset ?1)",
		NULL);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, USED_MAX);
	return lite_do(query, NULL);
}

/* The lite of a look-up does not wait for another writer. */
static void save(struct used *used)
{
	bool ok = used->unsaved && lite_begin(used->lite, NULL);

	if (!ok)
		return;
	for (size_t i = 0; i < used->count && ok; i++)
		ok = !used->items[i]->unsaved || save_one(used, used->items[i]);
	if (!ok || !prune(used) || !lite_commit(used->lite, NULL)) {
		lite_rollback(used->lite);
		return;
	}
	for (size_t i = 0; i < used->count; i++)
		used->items[i]->unsaved = false;
	used->unsaved = false;
}

void used_free(struct used *used)
{
	if (used == NULL)
		return;
	save(used);
	for (size_t i = 0; i < used->count; i++) {
		mem_free(used->items[i]->schema);
		mem_free(used->items[i]->name);
		mem_free(used->items[i]);
	}
	map_free(used->by_name);
	vec_done(used);
	mem_free(used);
}

void used_note(struct used *used, int what, const char *schema,
	       const char *name, int64_t now_ms)
{
	struct one *one;

	load(used);
	one = find(used, what, schema, name);
	if (one == NULL && used->count >= USED_MAX)
		return;
	if (one == NULL)
		one = add(used, what, schema, name);
	one->score = score_at(one, now_ms) + 1;
	one->used_ms = now_ms;
	one->unsaved = true;
	used->unsaved = true;
	used->sorted = false;
	used->now_ms = now_ms;
	save(used);
}

int used_weight(struct used *used, int what, const char *schema,
		const char *name)
{
	const struct one *one;

	load(used);
	if (used->count == 0)
		return 0;
	one = find(used, what, schema, name);
	return one != NULL ? weight(used, one) : 0;
}

static int by_weight(const void *a, const void *b)
{
	const struct one *one = *(const struct one *const *)a;
	const struct one *two = *(const struct one *const *)b;
	int64_t now_ms =
		one->used_ms > two->used_ms ? one->used_ms : two->used_ms;
	double first = score_at(one, now_ms);
	double second = score_at(two, now_ms);

	if (first != second)
		return first > second ? -1 : 1;
	return strcmp(one->name, two->name);
}

bool used_best(struct used *used, size_t at, struct used_name *out)
{
	const struct one *one;

	load(used);
	if (!used->sorted && used->count > 0)
		qsort(used->items, used->count, sizeof(*used->items),
		      by_weight);
	used->sorted = true;
	if (at >= used->count)
		return false;
	one = used->items[at];
	*out = (struct used_name){
		.schema = one->schema,
		.name = one->name,
		.what = one->what,
		.weight = weight(used, one),
	};
	return true;
}
