#include "../check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/proc.h"
#include "base/str.h"

static void output_is_captured_with_the_exit_code(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	int status = 0;

	(void)state;
	assert_true(proc_capture("printf 'a b'; exit 3", 100, &out, &status,
				 NULL));
	assert_text(out.text, "a b");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	str_clear(&out);
	proc_describe(status, &out);
	assert_text(out.text, "exited with code 3");
}

static void too_much_output_is_refused(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;
	int status;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_false(proc_capture("while :; do echo x; done", 100, &out,
				  &status, &err));
	assert_int_equal(err.kind, ERR_DATA);
}

static void children_start_with_default_signals(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	int status = 0;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_true(proc_capture("kill -PIPE $$", 100, &out, &status, NULL));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGPIPE);
}

static void a_missing_program_is_an_error(void **state)
{
	const char *argv[] = { "/no/such/program", NULL };
	struct err err = ERR_EMPTY;
	int status = 0;

	(void)state;
	assert_false(proc_run(argv, &status, &err));
	assert_text(err.code, "ENOENT");
}

static void what_we_write_the_child_reads(void **state)
{
	struct proc proc = PROC_EMPTY;
	int status = 0;

	(void)state;
	assert_true(proc_open(&proc, "read x; test \"$x\" = ours", PROC_WRITE,
			      NULL));
	assert_int_equal(write(proc.fd, "ours\n", 5), 5);
	assert_true(proc_close(&proc, &status, NULL));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_is_captured_with_the_exit_code),
		cmocka_unit_test(too_much_output_is_refused),
		cmocka_unit_test(children_start_with_default_signals),
		cmocka_unit_test(a_missing_program_is_an_error),
		cmocka_unit_test(what_we_write_the_child_reads),
	};

	return RUN_TESTS(tests);
}
