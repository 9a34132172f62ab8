#include "catalog/catalog.h"

#include "base/clock.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/refresh.h"
#include "catalog/store.h"

static const int64_t day_ms = 24LL * 3600 * 1000;

struct catalog {
	struct lookup *lookup;
	struct refresh *refresh;
};

struct catalog *catalog_open(const struct catalog_options *options,
			     struct err *err)
{
	CLEANUP(catalog_closep)
	struct catalog *catalog = mem_alloc(sizeof(*catalog));
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct store_key key = {
		.host = options->host,
		.port = options->port,
		.database = options->database,
		.user = options->user,
	};
	int64_t max_age_ms =
		options->max_age_ms > 0 ? options->max_age_ms : day_ms;
	int64_t age_ms;
	struct catalog *opened;

	store_path(options->folder, &key, &path);
	catalog->lookup = lookup_open(path.text, err);
	if (catalog->lookup == NULL)
		return NULL;
	lookup_set_database(catalog->lookup, options->database);
	catalog->refresh =
		refresh_new(path.text, options->connect, options->context, err);
	if (catalog->refresh == NULL)
		return NULL;
	age_ms = clock_wall_ms() - lookup_harvested_ms(catalog->lookup);
	/* A clock set back makes the age negative: then it says nothing. */
	if (age_ms > max_age_ms || age_ms < 0)
		refresh_note(catalog->refresh, REFRESH_AGED, NULL);
	opened = catalog;
	catalog = NULL;
	return opened;
}

void catalog_close(struct catalog *catalog)
{
	if (catalog == NULL)
		return;
	refresh_free(catalog->refresh);
	lookup_close(catalog->lookup);
	mem_free(catalog);
}

struct lookup *catalog_lookup(struct catalog *catalog)
{
	return catalog->lookup;
}

void catalog_note_changed(struct catalog *catalog)
{
	refresh_note(catalog->refresh, REFRESH_CHANGED, NULL);
}

void catalog_note_refresh(struct catalog *catalog)
{
	refresh_note(catalog->refresh, REFRESH_ASKED, NULL);
}

bool catalog_is_reading(struct catalog *catalog)
{
	return refresh_is_open(catalog->refresh);
}

bool catalog_wait(struct catalog *catalog, int timeout_ms, struct err *err)
{
	return refresh_wait(catalog->refresh, timeout_ms, err);
}
