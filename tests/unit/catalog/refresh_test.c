#include "tests/unit/check.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/lookup.h"

struct place {
	char folder[64];
	atomic_int connects;
	bool hang; /* connect waits until it is told to stop */
};

static int make_place(void **state)
{
	struct place *place = mem_alloc(sizeof(*place));

	memcpy(place->folder, "/tmp/redsh-refresh-XXXXXX", 26);
	*state = place;
	return cancel_open(NULL) && mkdtemp(place->folder) != NULL ? 0 : -1;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	file_remove_tree(place->folder, NULL);
	mem_free(place);
	return 0;
}

static struct db *connect(void *context, int stop_fd, struct err *err)
{
	struct place *place = context;
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };

	atomic_fetch_add(&place->connects, 1);
	if (place->hang)
		poll(&stop, 1, -1);
	err_set(err, ERR_NETWORK, "nobody answers");
	return NULL;
}

static struct catalog *open_catalog(struct place *place)
{
	struct catalog_options options = {
		.folder = place->folder,
		.host = "h",
		.port = "1",
		.database = "d",
		.user = "u",
		.connect = connect,
		.context = place,
	};

	return catalog_open(&options, NULL);
}

static void an_empty_cache_is_harvested_at_once(void **state)
{
	struct place *place = *state;
	CLEANUP(catalog_closep) struct catalog *catalog = open_catalog(place);
	struct err err = ERR_EMPTY;

	assert_non_null(catalog);
	assert_false(catalog_wait(catalog, 60000, &err));
	assert_non_null(strstr(err.message, "nobody answers"));
	assert_int_equal(atomic_load(&place->connects), 1);
	assert_int_equal(lookup_harvested_ms(catalog_lookup(catalog)), 0);
}

static void a_failure_is_not_tried_again_by_itself(void **state)
{
	struct place *place = *state;
	CLEANUP(catalog_closep) struct catalog *catalog = open_catalog(place);
	struct err err = ERR_EMPTY;

	assert_false(catalog_wait(catalog, 60000, &err));
	assert_false(catalog_is_reading(catalog));
	catalog_note_refresh(catalog);
	assert_false(catalog_wait(catalog, 60000, &err));
	assert_int_equal(atomic_load(&place->connects), 2);
}

static void many_notes_are_few_harvests(void **state)
{
	struct place *place = *state;
	CLEANUP(catalog_closep) struct catalog *catalog = open_catalog(place);
	struct err err = ERR_EMPTY;

	assert_false(catalog_wait(catalog, 60000, &err));
	for (int i = 0; i < 1000; i++)
		catalog_note_changed(catalog);
	assert_true(catalog_is_reading(catalog));
	assert_false(catalog_wait(catalog, 60000, &err));
	assert_true(atomic_load(&place->connects) < 100);
}

static void closing_ends_what_hangs(void **state)
{
	struct place *place = *state;
	struct catalog *catalog;
	struct err err = ERR_EMPTY;

	place->hang = true;
	catalog = open_catalog(place);
	assert_false(catalog_wait(catalog, 0, &err));
	assert_non_null(strstr(err.message, "still being read"));
	catalog_close(catalog);
	assert_true(atomic_load(&place->connects) <= 1);
}

static void ctrl_c_ends_the_wait_but_not_the_harvest(void **state)
{
	struct place *place = *state;
	struct catalog *catalog;
	struct err err = ERR_EMPTY;

	place->hang = true;
	catalog = open_catalog(place);
	cancel_raise();
	assert_false(catalog_wait(catalog, -1, &err));
	assert_int_equal(err.kind, ERR_CANCELLED);
	cancel_clear();
	assert_true(catalog_is_reading(catalog));
	catalog_close(catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)
		PLACED(an_empty_cache_is_harvested_at_once),
		PLACED(a_failure_is_not_tried_again_by_itself),
		PLACED(many_notes_are_few_harvests),
		PLACED(closing_ends_what_hangs),
		PLACED(ctrl_c_ends_the_wait_but_not_the_harvest),
	};

	return RUN_TESTS(tests);
}
