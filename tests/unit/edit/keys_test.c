#include "tests/unit/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/cancel.h"
#include "edit/keys.h"

static const struct {
	const char *bytes;
	bool patient;
	int kind; /* -1: more must come */
	char letter;
	const char *rest;
} sequences[] = {
	{ "a", true, KEY_TEXT, 0, "" },
	{ "\xe6\x97\xa5z", true, KEY_TEXT, 0, "z" },
	{ "\xe6\x97", true, -1, 0, "\xe6\x97" },
	{ "\xe6\x97", false, KEY_OTHER, 0, "\x97" },
	{ "\xff", true, KEY_OTHER, 0, "" },
	{ "\r", true, KEY_ENTER, 0, "" },
	{ "\t", true, KEY_TAB, 0, "" },
	{ "\x7f", true, KEY_BACKSPACE, 0, "" },
	{ "\007", true, KEY_CTRL, 'g', "" },
	{ "\033", true, -1, 0, "\033" },
	{ "\033", false, KEY_ESC, 0, "" },
	{ "\033\033[A", true, KEY_ESC, 0, "\033[A" },
	{ "\033[A", true, KEY_UP, 0, "" },
	{ "\033OB", true, KEY_DOWN, 0, "" },
	{ "\033[", true, -1, 0, "\033[" },
	{ "\033[", false, KEY_ALT, '[', "" },
	{ "\033[5~x", true, KEY_PAGE_UP, 0, "x" },
	{ "\033[3~", true, KEY_DELETE, 0, "" },
	{ "\033[Z", true, KEY_BACK_TAB, 0, "" },
	{ "\033[1;5D", true, KEY_LEFT, 0, "" },
	{ "\033[200~text", true, KEY_PASTE, 0, "text" },
	{ "\033]11;rgb", true, KEY_ANSWER, 0, "11;rgb" },
	{ "\033f", true, KEY_ALT, 'f', "" },
	{ "\033[24~", true, KEY_OTHER, 0, "" },
};

static void bytes_become_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sequences); i++) {
		struct keys keys;
		struct key key;
		bool whole;

		keys_init(&keys, -1);
		str_add(&keys.held, sequences[i].bytes);
		whole = keys_decode(&keys, sequences[i].patient, &key);
		assert_int_equal(whole ? (int)key.kind : -1, sequences[i].kind);
		if (whole)
			assert_int_equal(key.letter, sequences[i].letter);
		assert_text(keys.held.text + keys.at, sequences[i].rest);
		if (whole) {
			keys_give_back(&keys, key.bytes, key.len);
			assert_text(keys.held.text + keys.at,
				    sequences[i].bytes);
		}
		keys_done(&keys);
	}
}

/* A pipe is the terminal. */
static int feed(struct keys *keys, const char *bytes, size_t len)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	keys_init(keys, ends[0]);
	assert_int_equal(write(ends[1], bytes, len), len);
	return ends[1];
}

static void a_paste_ends_at_its_mark(void **state)
{
	static const char bytes[] = "one\033[201\ntwo\033[201~after";
	CLEANUP(str_done) struct str paste = STR_EMPTY;
	struct keys keys;
	int writer = feed(&keys, bytes, sizeof(bytes) - 1);

	(void)state;
	assert_true(keys_take_paste(&keys, &paste));
	assert_text(paste.text, "one\033[201\ntwo");
	assert_int_equal(keys_take(&keys), 'a');
	close(writer);
	close(keys.fd);
	keys_done(&keys);
}

static void a_paste_without_its_mark_ends_with_the_terminal(void **state)
{
	CLEANUP(str_done) struct str paste = STR_EMPTY;
	struct keys keys;
	int writer = feed(&keys, "half", 4);

	(void)state;
	close(writer);
	assert_false(keys_take_paste(&keys, &paste));
	assert_text(paste.text, "half");
	assert_true(keys.ended);
	close(keys.fd);
	keys_done(&keys);
}

static void an_answer_ends_at_bel_or_st(void **state)
{
	CLEANUP(str_done) struct str answer = STR_EMPTY;
	static const char bytes[] = "11;a\a11;b\033\\x";
	struct keys keys;
	int writer = feed(&keys, bytes, sizeof(bytes) - 1);

	(void)state;
	assert_true(keys_take_answer(&keys, &answer));
	assert_text(answer.text, "11;a");
	assert_true(keys_take_answer(&keys, &answer));
	assert_text(answer.text, "11;b");
	assert_true(keys_fill(&keys, 0));
	assert_int_equal(keys_take(&keys), 'x');
	close(writer);
	close(keys.fd);
	keys_done(&keys);
}

/* ---- Ctrl-C, which makes the kernel throw away what was typed ---- */

enum {
	INTERRUPTS = 5000,
	PATIENCE_S = 120, /* ends a test that waits for ever */
};

struct terminal {
	int master, slave;
	int answered[2]; /* a byte: the reader has heard of the Ctrl-C */
};

/* A key and a Ctrl-C right behind it, as the kernel does it. */
static void *type_and_interrupt(void *context)
{
	const struct terminal *terminal = context;
	char byte;

	for (int i = 0; i < INTERRUPTS; i++) {
		if (write(terminal->master, "k", 1) != 1)
			break;
		tcflush(terminal->slave, TCIFLUSH);
		cancel_raise();
		if (read(terminal->answered[0], &byte, 1) != 1)
			break;
	}
	return NULL;
}

static void open_terminal(struct terminal *terminal)
{
	struct termios mode;

	terminal->master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(terminal->master >= 0);
	assert_int_equal(grantpt(terminal->master), 0);
	assert_int_equal(unlockpt(terminal->master), 0);
	terminal->slave = open(ptsname(terminal->master), O_RDWR | O_NOCTTY);
	assert_true(terminal->slave >= 0);
	assert_int_equal(tcgetattr(terminal->slave, &mode), 0);
	mode.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	assert_int_equal(tcsetattr(terminal->slave, TCSANOW, &mode), 0);
	assert_int_equal(pipe(terminal->answered), 0);
}

static void ctrl_c_right_behind_a_key_is_heard_of(void **state)
{
	struct terminal terminal;
	struct keys keys;
	pthread_t typist;

	(void)state;
	alarm(PATIENCE_S);
	open_terminal(&terminal);
	keys_no_wait(terminal.slave);
	keys_init(&keys, terminal.slave);
	assert_int_equal(pthread_create(&typist, NULL, type_and_interrupt,
					&terminal),
			 0);
	for (int i = 0; i < INTERRUPTS; i++) {
		while (!cancel_raised())
			keys_fill(&keys, -1);
		assert_false(keys.ended);
		cancel_clear();
		assert_int_equal(write(terminal.answered[1], "x", 1), 1);
	}
	pthread_join(typist, NULL);
	close(terminal.master); /* that is an end, and no silence */
	while (!keys.ended)
		keys_fill(&keys, -1);
	alarm(0);
	close(terminal.slave);
	close(terminal.answered[0]);
	close(terminal.answered[1]);
	keys_done(&keys);
}

static int set_up(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	return cancel_open(&err) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_become_keys),
		cmocka_unit_test(a_paste_ends_at_its_mark),
		cmocka_unit_test(
			a_paste_without_its_mark_ends_with_the_terminal),
		cmocka_unit_test(an_answer_ends_at_bel_or_st),
		cmocka_unit_test(ctrl_c_right_behind_a_key_is_heard_of),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
