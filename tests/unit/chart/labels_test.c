#include "../check.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/column.h"
#include "chart/labels.h"

enum { LONG = 60000, MANY = 50 };

static void a_key_is_short_and_the_text_s_own(void **state)
{
	CLEANUP(str_done) struct str room = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(mem_freep) char *one = NULL;
	struct rows_value value = { .text = "North", .len = 5 };

	(void)state;
	assert_string_equal(labels_key(&value, &room), "North");
	for (int i = 0; i < LONG; i++)
		str_add_char(&text, 'x');
	value.text = text.text;
	value.len = text.len;
	one = mem_copy_text(labels_key(&value, &room));
	assert_true(strlen(one) < 300);
	assert_string_equal(labels_key(&value, &room), one);
	/* Texts that differ at their ends only are two. */
	text.text[LONG - 1] = 'y';
	assert_string_not_equal(labels_key(&value, &room), one);
	value.len--;
	assert_string_not_equal(labels_key(&value, &room), one);
	/* A text that is written as a key is none. */
	value.text = one;
	value.len = strlen(one);
	assert_string_not_equal(labels_key(&value, &room), one);
}

static void long_texts_have_places_of_their_own(void **state)
{
	struct column column = { .use = COLUMN_CATEGORY, .kind = ROWS_TEXT };
	struct labels labels;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(mem_freep) char *name = NULL;

	(void)state;
	labels_init(&labels, &column, MANY);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < MANY; i++) {
			struct rows_value value;

			str_clear(&text);
			for (int at = 0; at < 1000; at++)
				str_add(&text, "e\xcc\x81");
			str_addf(&text, "%zu", i);
			value = (struct rows_value){ .text = text.text,
						     .len = text.len };
			assert_int_equal(labels_place(&labels, &value), i);
		}
	name = labels_name(&labels, labels.items.items[7]);
	assert_int_equal(strncmp(name, text.text, 150), 0);
	assert_true(strlen(name) < 210);
	assert_int_equal(strcmp(name + strlen(name) - 3, "\xe2\x80\xa6"), 0);
	labels_done(&labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_short_and_the_text_s_own),
		cmocka_unit_test(long_texts_have_places_of_their_own),
	};

	return RUN_TESTS(tests);
}
