#include "../check.h"

#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/gateway/startup.h"
#include "sandbox/ground/lobby.h"

enum { MAX = 3 };

static struct lobby *new_lobby(void)
{
	return lobby_new(MAX, startup_is_there, NULL);
}

/* A guest's other end. */
static int come(struct lobby *lobby, int64_t now_us, int *out_fd)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	*out_fd = ends[0];
	lobby_add(lobby, ends[0], now_us);
	return ends[1];
}

static void speak(int fd, const char *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
}

static bool is_open(int fd)
{
	return send(fd, "", 0, MSG_NOSIGNAL) == 0;
}

static void who_has_sent_a_whole_packet_is_next(void **state)
{
	CLEANUP(lobby_freep) struct lobby *lobby = new_lobby();
	int first, second;
	int one = come(lobby, 1, &first);
	int two = come(lobby, 2, &second);

	(void)state;
	assert_int_equal(lobby_next(lobby), -1);
	speak(one, "\0\0\0\x09part", 8);
	assert_int_equal(lobby_next(lobby), -1);
	speak(two, "\0\0\0\x08pair", 8);
	assert_int_equal(lobby_next(lobby), second);
	assert_int_equal(lobby_next(lobby), -1);
	speak(one, "s", 1);
	assert_int_equal(lobby_next(lobby), first);
	assert_int_equal(lobby_next(lobby), -1);
	close(first);
	close(second);
	close(one);
	close(two);
}

static void who_can_be_refused_or_has_left_is_next_too(void **state)
{
	CLEANUP(lobby_freep) struct lobby *lobby = new_lobby();
	int first, second, third;
	int one = come(lobby, 1, &first);
	int two = come(lobby, 2, &second);
	int three = come(lobby, 3, &third);

	(void)state;
	speak(one, "\x7f\xff\xff\xff", 4);
	assert_int_equal(lobby_next(lobby), first);
	speak(two, "\0\0\0\0", 4);
	assert_int_equal(lobby_next(lobby), second);
	close(three);
	assert_int_equal(lobby_next(lobby), third);
	close(first);
	close(second);
	close(third);
	close(one);
	close(two);
}

static void the_longest_waiting_one_makes_room(void **state)
{
	CLEANUP(lobby_freep) struct lobby *lobby = new_lobby();
	int fds[MAX + 1];
	int ends[MAX + 1];

	(void)state;
	for (int i = 0; i <= MAX; i++)
		ends[i] = come(lobby, i, &fds[i]);
	assert_false(is_open(ends[0]));
	for (int i = 1; i <= MAX; i++)
		assert_true(is_open(ends[i]));
	assert_int_equal(lobby_dropped(lobby), 1);
	assert_int_equal(lobby_dropped(lobby), 0);
	lobby_expire(lobby, 2); /* those of before 2 */
	assert_false(is_open(ends[1]));
	assert_true(is_open(ends[2]));
	assert_true(lobby_drop_oldest(lobby));
	assert_false(is_open(ends[2]));
	assert_true(lobby_drop_oldest(lobby));
	assert_false(lobby_drop_oldest(lobby));
	assert_int_equal(lobby_dropped(lobby), 3);
	for (int i = 0; i <= MAX; i++)
		close(ends[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_sent_a_whole_packet_is_next),
		cmocka_unit_test(who_can_be_refused_or_has_left_is_next_too),
		cmocka_unit_test(the_longest_waiting_one_makes_room),
	};

	return RUN_TESTS(tests);
}
