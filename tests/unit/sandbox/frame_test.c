#include "../check.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/ground/stream.h"

/* A stream whose peer has sent bytes and closed. */
static void open_with(struct stream *stream, const char *bytes, size_t len)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[1], bytes, len), (ssize_t)len);
	close(ends[1]);
	stream_open(stream, ends[0]);
}

static void a_message_comes_back_as_it_was_built(void **state)
{
	CLEANUP(stream_close) struct stream stream;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct frame frame;
	struct frame_cursor cursor;
	size_t begun = frame_begin(&bytes, 'D');

	(void)state;
	frame_add_int16(&bytes, -2);
	frame_add_int32(&bytes, 0x01020304);
	frame_add_text(&bytes, "text");
	frame_end(&bytes, begun);
	frame_add(&bytes, 'Z', "I", 1);
	open_with(&stream, bytes.text, bytes.len);

	assert_true(frame_read(&stream, &frame, &err));
	cursor = frame_cursor(&frame);
	assert_int_equal(frame.type, 'D');
	assert_int_equal(frame_int16(&cursor), -2);
	assert_int_equal(frame_int32(&cursor), 0x01020304);
	assert_text(frame_text(&cursor), "text");
	assert_false(cursor.bad);
	assert_true(frame_read(&stream, &frame, &err));
	assert_int_equal(frame.type, 'Z');
	assert_int_equal(frame.len, 1);
	assert_false(frame_read(&stream, &frame, &err));
	assert_int_equal(err.kind, ERR_NONE); /* a clean end */
}

static void hostile_lengths_are_refused_before_memory_is_taken(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "Q\0\0\0\0", 5 }, /* shorter than itself */
		{ "Q\0\0\0\3", 5 },
		{ "Q\x7f\xff\xff\xff", 5 }, /* 2 GiB */
		{ "Q\xff\xff\xff\xff", 5 }, /* negative */
		{ "Q\0\0\0\x08oh", 7 },     /* cut short */
		{ "Q\0\0", 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(stream_close) struct stream stream;
		struct err err = ERR_EMPTY;
		struct frame frame;

		open_with(&stream, cases[i].bytes, cases[i].len);
		assert_false(frame_read(&stream, &frame, &err));
		assert_int_not_equal(err.kind, ERR_NONE);
		assert_true(stream.in.cap < 65536);
	}
}

static void startup_packets_have_a_limit_of_their_own(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "\0\0\0\x04", 4 },
		{ "\0\0\x27\x11", 4 },        /* 10001 */
		{ "GET / HTTP/1.1\r\n", 16 }, /* a lost browser */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(stream_close) struct stream stream;
		struct err err = ERR_EMPTY;
		struct frame frame;

		open_with(&stream, cases[i].bytes, cases[i].len);
		assert_false(frame_read_startup(&stream, &frame, &err));
		assert_int_equal(err.kind, ERR_DATA);
	}
}

static void reading_over_the_end_of_a_body_is_bad_and_harmless(void **state)
{
	struct frame frame = { 'B', "\0\1ab", 4 };
	struct frame_cursor cursor = frame_cursor(&frame);

	(void)state;
	assert_int_equal(frame_int16(&cursor), 1);
	assert_text(frame_text(&cursor), ""); /* no NUL in "ab" */
	assert_true(cursor.bad);
	assert_int_equal(frame_int32(&cursor), 0);
	assert_null(frame_slice(&cursor, 1));
	assert_int_equal(frame_byte(&cursor), 0);
}

static void a_report_leaves_out_what_is_empty(void **state)
{
	static const char want[] = "E\0\0\0\x1aSERROR\0C22023\0Mno\0P7\0";
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct frame_report report = { .severity = "ERROR",
				       .sqlstate = "22023",
				       .message = "no",
				       .detail = "",
				       .position = 7 };

	(void)state;
	frame_add_report(&out, 'E', &report);
	assert_int_equal(out.len, sizeof(want));
	assert_memory_equal(out.text, want, sizeof(want));
}

static void what_no_client_sends_is_refused_before_its_body(void **state)
{
	static const struct {
		const char *bytes;
		const char *message;
	} cases[] = {
		{ "Q\0\0\0\5", "connection closed inside a message" },
		{ "Z\0\0\0\5", "invalid frontend message type 90" },
		{ "\0\0\0\0\5", "invalid frontend message type 0" },
		{ "\xe4\0\0\0\5", "invalid frontend message type 228" },
		{ "S\0\0\x27\x15", "invalid message length 10005" },
		{ "p\0\1\0\4", "invalid message length 65540" },
		{ "Q\x04\0\0\x05", "invalid message length 67108869" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(stream_close) struct stream stream;
		struct err err = ERR_EMPTY;
		struct frame frame;

		open_with(&stream, cases[i].bytes, 5);
		assert_false(frame_read_client(&stream, &frame, &err));
		assert_text(err.message, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_comes_back_as_it_was_built),
		cmocka_unit_test(
			hostile_lengths_are_refused_before_memory_is_taken),
		cmocka_unit_test(
			what_no_client_sends_is_refused_before_its_body),
		cmocka_unit_test(startup_packets_have_a_limit_of_their_own),
		cmocka_unit_test(
			reading_over_the_end_of_a_body_is_bad_and_harmless),
		cmocka_unit_test(a_report_leaves_out_what_is_empty),
	};

	return RUN_TESTS(tests);
}
