#include "../check.h"

#include <poll.h>
#include <pthread.h>

#include "base/mailbox.h"

static void *post_numbers(void *argument)
{
	static int numbers[1000];

	for (int i = 0; i < 1000; i++) {
		numbers[i] = i;
		mailbox_post(argument, &numbers[i]);
	}
	return NULL;
}

static void messages_arrive_in_order_from_another_thread(void **state)
{
	struct mailbox *mailbox = mailbox_new(NULL, NULL);
	pthread_t thread;

	(void)state;
	pthread_create(&thread, NULL, post_numbers, mailbox);
	for (int i = 0; i < 1000; i++) {
		int *number = mailbox_wait(mailbox, -1);

		assert_non_null(number);
		assert_int_equal(*number, i);
	}
	pthread_join(thread, NULL);
	assert_null(mailbox_take(mailbox));
	mailbox_free(mailbox);
}

static void an_empty_mailbox_does_not_wake_poll(void **state)
{
	struct mailbox *mailbox = mailbox_new(mem_free, NULL);
	struct pollfd fds = { .events = POLLIN };

	(void)state;
	fds.fd = mailbox_fd(mailbox);
	assert_int_equal(poll(&fds, 1, 0), 0);
	mailbox_post(mailbox, mem_alloc(1));
	mailbox_post(mailbox, mem_alloc(1));
	mem_free(mailbox_take(mailbox));
	assert_int_equal(poll(&fds, 1, 0), 1);
	mailbox_free(mailbox);	/* frees the second */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_arrive_in_order_from_another_thread),
		cmocka_unit_test(an_empty_mailbox_does_not_wake_poll),
	};

	return RUN_TESTS(tests);
}
