#include "../check.h"

#include "aws/cloudformation.h"
#include "base/mem.h"
#include "base/str.h"
#include "platform/stack_story.h"

static struct cloudformation_event event(int64_t at_s, const char *logical,
					 const char *status, const char *reason)
{
	struct cloudformation_event made = {
		.id = (char *)"",
		.logical = (char *)logical,
		.physical = (char *)"",
		.type = (char *)"",
		.status = (char *)status,
		.reason = (char *)reason,
		.token = (char *)"",
		.at_ms = at_s * 1000,
		.is_stack = strcmp(logical, "sales") == 0,
	};

	return made;
}

/* "Cluster CREATE_COMPLETE 8" for each piece, a line each. */
static void tell(struct cloudformation_event *items, size_t count,
		 struct str *out)
{
	struct cloudformation_events events = { items, count, 0 };
	struct stack_story story = { 0 };

	stack_story_make(&story, &events);
	for (size_t i = 0; i < story.count; i++) {
		const struct stack_piece *piece = &story.items[i];

		str_addf(out, "%s %s %d%s%s\n", piece->event->logical,
			 piece->event->status,
			 piece->took_ms < 0 ? -1 : (int)(piece->took_ms / 1000),
			 piece->reason[0] != '\0' ? ": " : "", piece->reason);
	}
	stack_story_done(&story);
}

static void each_piece_of_work_is_told_once_by_its_end(void **state)
{
	struct cloudformation_event items[] = {
		event(0, "sales", "CREATE_IN_PROGRESS", "User Initiated"),
		event(1, "Cluster", "CREATE_IN_PROGRESS", ""),
		event(1, "Role", "CREATE_IN_PROGRESS", ""),
		event(2, "Cluster", "CREATE_IN_PROGRESS",
		      "Resource creation Initiated"),
		event(2, "Role", "CREATE_IN_PROGRESS",
		      "Resource creation Initiated"),
		event(4, "Role", "CREATE_COMPLETE", ""),
		event(9, "Cluster", "CREATE_COMPLETE", ""),
		event(10, "sales", "CREATE_COMPLETE", ""),
	};
	CLEANUP(str_done) struct str told = STR_EMPTY;

	(void)state;
	tell(items, COUNT_OF(items), &told);
	assert_text(told.text, "Role CREATE_COMPLETE 3\n"
			       "Cluster CREATE_COMPLETE 8\n"
			       "sales CREATE_COMPLETE 10\n");
	/* what goes on stands where it was last heard of */
	str_clear(&told);
	tell(items, 6, &told);
	assert_text(told.text, "sales CREATE_IN_PROGRESS -1\n"
			       "Cluster CREATE_IN_PROGRESS -1\n"
			       "Role CREATE_COMPLETE 3\n");
}

static void the_cause_comes_first_and_the_way_back_is_work_of_its_own(
	void **state)
{
	struct cloudformation_event items[] = {
		event(0, "sales", "CREATE_IN_PROGRESS", "User Initiated"),
		event(1, "Role", "CREATE_IN_PROGRESS", ""),
		event(1, "Bucket", "CREATE_IN_PROGRESS", ""),
		event(2, "Role", "CREATE_COMPLETE", ""),
		event(3, "Cluster", "CREATE_IN_PROGRESS", ""),
		event(4, "Bucket", "CREATE_FAILED",
		      "Resource creation cancelled"),
		event(4, "Cluster", "CREATE_FAILED", "no capacity"),
		event(5, "sales", "ROLLBACK_IN_PROGRESS", "[Cluster] failed"),
		event(6, "Role", "DELETE_IN_PROGRESS", ""),
		event(8, "Role", "DELETE_COMPLETE", ""),
		event(9, "sales", "ROLLBACK_COMPLETE", ""),
	};
	CLEANUP(str_done) struct str told = STR_EMPTY;

	(void)state;
	tell(items, COUNT_OF(items), &told);
	assert_text(told.text, "Cluster CREATE_FAILED 1: no capacity\n"
			       "sales CREATE_IN_PROGRESS -1\n"
			       "Role CREATE_COMPLETE 1\n"
			       "Bucket CREATE_FAILED 3: Resource creation "
			       "cancelled\n"
			       "Role DELETE_COMPLETE 2\n"
			       "sales ROLLBACK_COMPLETE 4: [Cluster] "
			       "failed\n");
}

static void a_second_try_and_a_clean_up_are_kept_apart(void **state)
{
	struct cloudformation_event items[] = {
		event(0, "sales", "UPDATE_IN_PROGRESS", "User Initiated"),
		event(1, "A", "UPDATE_IN_PROGRESS",
		      "Requested update requires "
		      "a new one"),
		event(2, "A", "UPDATE_IN_PROGRESS",
		      "Resource creation Initiated"),
		event(3, "A", "UPDATE_COMPLETE", ""),
		event(4, "A", "UPDATE_IN_PROGRESS", ""),
		event(6, "A", "UPDATE_COMPLETE", ""),
		event(7, "sales", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""),
		event(7, "A", "DELETE_IN_PROGRESS", ""),
		event(8, "A", "DELETE_COMPLETE", ""),
		event(9, "sales", "UPDATE_COMPLETE", ""),
		event(9, "B", "STRANGE", ""),
	};
	CLEANUP(str_done) struct str told = STR_EMPTY;

	(void)state;
	tell(items, COUNT_OF(items), &told);
	assert_text(told.text, "A UPDATE_COMPLETE 2: Requested update requires "
			       "a new one\n"
			       "A UPDATE_COMPLETE 2\n"
			       "A DELETE_COMPLETE 1\n"
			       "sales UPDATE_COMPLETE 9\n"
			       "B STRANGE -1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_of_work_is_told_once_by_its_end),
		cmocka_unit_test(
			the_cause_comes_first_and_the_way_back_is_work_of_its_own),
		cmocka_unit_test(a_second_try_and_a_clean_up_are_kept_apart),
	};

	return RUN_TESTS(tests);
}
