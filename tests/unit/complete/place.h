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
#include "complete/complete.h"
#include "data/lite.h"

static const char place_content[] =
	"insert into schemas values ('public', 1), ('attic', 0),"
	" ('pg_catalog', 0);"
	"insert into relations values ('public', 'sales', 0),"
	" ('public', 'stores', 0), ('public', 'Odd Name', 0),"
	" ('public', 'sales_by_day', 1), ('attic', 'old_things', 0),"
	" ('pg_catalog', 'svv_tables', 1);"
	"insert into columns values"
	" ('public', 'sales', 1, 'sale_id', 'integer'),"
	" ('public', 'sales', 2, 'amount', 'numeric(8,2)'),"
	" ('public', 'stores', 1, 'store_id', 'integer'),"
	" ('public', 'stores', 2, 'city', 'text');"
	"insert into databases values ('dev'), ('prod');"
	"insert into users values ('anna'), ('ben');"
	"insert into functions values ('public', 'f_tax', 'numeric');";

static char place_folder[] = "/tmp/redsh-complete-XXXXXX";
static struct lookup *place_lookup;

static void place_variables(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "COPY_ROLE", NULL);
	complete_offer_name(offer, "bucket", NULL);
}

static void place_roles(void *context, struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(offer, "arn:aws:iam::1:role/load", NULL);
}

static bool place_s3(void *context, const char *typed,
		     struct complete_offer *offer)
{
	(void)context;
	complete_offer_name(
		offer, strchr(typed, '/') ? "demo/plain.csv" : "demo/", NULL);
	return true;
}

static inline void place_ask(const char *text, size_t cursor,
			     struct complete_list *list)
{
	struct complete_source source = {
		.lookup = place_lookup,
		.variables = place_variables,
		.roles = place_roles,
		.s3 = place_s3,
	};

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
	if (lite == NULL || !lite_run(lite, place_content, NULL))
		return -1;
	lite_close(lite);
	place_lookup = lookup_open(path.text, NULL);
	return place_lookup != NULL ? 0 : -1;
}

static inline int place_remove(void **state)
{
	(void)state;
	lookup_close(place_lookup);
	return file_remove_tree(place_folder, NULL) ? 0 : -1;
}

#endif
