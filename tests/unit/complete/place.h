/* A made-up catalog and session for the tests of complete/. */
#ifndef TESTS_UNIT_COMPLETE_PLACE_H
#define TESTS_UNIT_COMPLETE_PLACE_H

#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/store.h"
#include "catalog/words.h"
#include "complete/complete.h"
#include "data/lite.h"

static const char place_content[] =
	"insert into databases (name, search_path, harvested_ms)"
	" values ('dev', 'public', 5), ('prod', '', 0);"
	"insert into schemas (id, database, name, kind) values"
	" (1, 'dev', 'public', 'local'), (2, 'dev', 'attic', 'local'),"
	" (3, 'dev', 'pg_catalog', 'local'),"
	" (4, 'dev', 'spectrum', 'external');"
	"insert into relations (id, schema_id, name, kind) values"
	" (1, 1, 'sales', 0), (2, 1, 'stores', 0), (3, 1, 'Odd Name', 0),"
	" (4, 1, 'sales_by_day', 1), (5, 2, 'old_things', 0),"
	" (6, 3, 'svv_tables', 1), (7, 1, 'sales_mv', 4),"
	" (8, 4, 'clicks', 2);"
	"insert into columns (relation_id, position, name, type) values"
	" (1, 1, 'sale_id', 'integer'), (1, 2, 'amount', 'numeric(8,2)'),"
	" (2, 1, 'store_id', 'integer'), (2, 2, 'city', 'text'),"
	" (7, 1, 'day', 'date');"
	"insert into functions (schema_id, name, arguments, kind) values"
	" (1, 'f_tax', 'numeric', 5), (1, 'load_all', 'date', 6);"
	"insert into names (what, database, name, detail) values"
	" (5, '', 'anna', ''), (5, '', 'ben', ''), (6, '', 'analysts', ''),"
	" (7, '', 'reader', ''), (9, 'dev', 'geo', ''),"
	" (10, 'dev', 'share1', '');";

static char place_folder[] = "/tmp/redsh-complete-XXXXXX";
static struct lookup *place_lookup;

static inline void place_variables(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "COPY_ROLE", NULL);
	complete_offer_name(offer, "bucket", NULL);
}

static inline void place_roles(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "arn:aws:iam::1:role/load", NULL);
}

static inline bool place_s3(void *context, const char *typed,
			    struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(
		offer, strchr(typed, '/') ? "demo/plain.csv" : "demo/", NULL);
	return true;
}

static inline struct complete_source place_source(void)
{
	const struct complete_source source = {
		.lookup = place_lookup,
		.variables = place_variables,
		.roles = place_roles,
		.s3 = place_s3,
	};

	return source;
}

static inline void place_ask(const char *text, size_t cursor,
			     struct complete_list *list)
{
	const struct complete_source source = place_source();

	complete_at(&source, text, cursor, list);
}

static inline int place_make(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct lite *lite;

	(void)state;
	if (mkdtemp(place_folder) == NULL)
		return -1;
	str_addf(&path, "%s/cache.db", place_folder);
	lite = store_open(path.text, NULL);
	if (lite == NULL || !lite_run(lite, place_content, NULL) ||
	    !words_fill(lite, NULL))
		return -1;
	lite_close(lite);
	place_lookup = lookup_open(path.text, NULL);
	if (place_lookup != NULL)
		lookup_set_database(place_lookup, "dev");
	return place_lookup != NULL ? 0 : -1;
}

static inline int place_remove(void **state)
{
	(void)state;
	lookup_close(place_lookup);
	return file_remove_tree(place_folder, NULL) ? 0 : -1;
}

#endif
