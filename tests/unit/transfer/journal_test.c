#include "../check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "transfer/journal.h"

static char folder[] = "/tmp/redsh-journal-XXXXXX";

static const struct journal_name up = { JOURNAL_UPLOAD, "f", "s3://b/k", "" };
static const struct journal_name down = { JOURNAL_DOWNLOAD, "f", "s3://b/k",
					  "http://x" };

static int start(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	return setenv("XDG_STATE_HOME", folder, 1);
}

static int stop(void **state)
{
	(void)state;
	return chdir("/") == 0 && file_remove_tree(folder, NULL) ? 0 : -1;
}

static void begin(struct journal *journal)
{
	struct err err = ERR_EMPTY;

	assert_true(journal_open(journal, &up, &err));
	journal->size = 30;
	journal->mtime_ns = 1700000000123456789;
	journal->part_bytes = 10;
	str_set(&journal->upload_id, "id/+=");
	str_set(&journal->made, "like this");
	str_set(&journal->sum_name, "CRC64NVME");
	if (!journal_start(journal, &err))
		fail_msg("%s", err.message);
}

static void what_was_written_is_read(void **state)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal again = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal after = JOURNAL_EMPTY;

	(void)state;
	begin(&journal);
	journal_add(&journal, 2, "\"c\"", "sum=");
	journal_add(&journal, 0, "\"a\"", "");
	journal_done(&journal);
	assert_true(journal_open(&again, &up, NULL));
	assert_int_equal(again.size, 30);
	assert_true(again.mtime_ns == 1700000000123456789);
	assert_int_equal(again.part_bytes, 10);
	assert_text(again.upload_id.text, "id/+=");
	assert_text(again.made.text, "like this");
	assert_text(again.sum_name.text, "CRC64NVME");
	assert_int_equal(again.count, 2);
	assert_int_equal(again.items[0].number, 2);
	assert_text(again.items[0].etag, "\"c\"");
	assert_text(again.items[0].sum, "sum=");
	assert_int_equal(again.items[1].number, 0);
	journal_remove(&again);
	assert_true(journal_open(&after, &up, NULL));
	assert_int_equal(after.fd, -1);
	assert_int_equal(after.upload_id.len, 0);
}

static void a_line_cut_short_is_dropped(void **state)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal again = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal third = JOURNAL_EMPTY;

	(void)state;
	begin(&journal);
	journal_add(&journal, 0, "\"a\"", "");
	journal_add(&journal, 1, "\"b\"", "");
	assert_int_equal(ftruncate(journal.fd,
				   lseek(journal.fd, 0, SEEK_END) - 4),
			 0);
	journal_done(&journal);
	assert_true(journal_open(&again, &up, NULL));
	assert_int_equal(again.count, 1);
	journal_add(&again, 2, "\"c\"", "");
	journal_done(&again);
	assert_true(journal_open(&third, &up, NULL));
	assert_int_equal(third.count, 2);
	assert_int_equal(third.items[1].number, 2);
	journal_remove(&third);
}

static void nobody_else_may_use_it(void **state)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal other = JOURNAL_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	begin(&journal);
	assert_false(journal_open(&other, &up, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_non_null(strstr(err.message, "is being transferred already"));
	journal_remove(&journal);
}

static void
a_record_knows_whether_the_machine_was_started_since(void **state)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal again = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal old = JOURNAL_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	char *boot;

	(void)state;
	assert_true(journal_open(&journal, &down, NULL));
	str_set(&journal.temporary, "/tmp/x.part");
	str_set(&journal.etag, "\"e\"");
	assert_true(journal_start(&journal, NULL));
	journal_add(&journal, 7, "", "sum");
	str_set(&file, journal.file.text);
	journal_done(&journal);
	assert_true(journal_open(&again, &down, NULL));
	assert_text(again.temporary.text, "/tmp/x.part");
	assert_int_equal(again.count, 1);
	assert_true(again.this_boot);
	journal_done(&again);
	assert_true(file_read(file.text, 4096, &text, NULL));
	boot = strstr(text.text, "\"boot\":");
	assert_non_null(boot);
	boot[9] = boot[9] == 'x' ? 'y' : 'x';
	assert_true(file_write(file.text, text.text, text.len, 0600, NULL));
	assert_true(journal_open(&old, &down, NULL));
	assert_int_equal(old.count, 1);
	assert_false(old.this_boot);
	journal_remove(&old);
}

static void rubbish_is_no_record(void **state)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(journal_done) struct journal again = JOURNAL_EMPTY;

	(void)state;
	begin(&journal);
	assert_true(file_write(journal.file.text, "{}\n[1\n", 6, 0600, NULL));
	journal_done(&journal);
	assert_true(journal_open(&again, &up, NULL));
	assert_int_equal(again.upload_id.len, 0);
	assert_int_equal(again.count, 0);
	journal_remove(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_line_cut_short_is_dropped),
		cmocka_unit_test(nobody_else_may_use_it),
		cmocka_unit_test(
			a_record_knows_whether_the_machine_was_started_since),
		cmocka_unit_test(rubbish_is_no_record),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
