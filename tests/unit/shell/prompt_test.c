#include "../check.h"

#include "base/str.h"
#include "shell/cmdline.h"
#include "shell/cond.h"
#include "shell/prompt.h"
#include "shell/session_state.h"
#include "shell/var.h"

static const struct command none[] = { COMMAND_END };
static const struct command *const tables[] = { none, NULL };

/* Without a connection; that of one is seen by tests/screen/test_shell.py. */
static const struct {
	const char *format;
	const char *expected;
} cases[] = {
	{ "%/%R%x%# ", "offline=> " },
	{ "100%%", "100%" },
	{ "%M%m%>%n%p", "" },
	{ "%033[1m", "\033[1m" },
	{ "%[%033[1m%]a", "\001\033[1m\002a" },
	{ "<%:color:>", "<green>" },
	{ "<%:nosuch:>", "<>" },
	{ "<%:color", "<green" },
	{ "%`echo from the shell`>", "from the shell>" },
	{ "%l", "1" },
	{ "%q", "q" },
	{ "end%", "end" },
	{ "", "" },
};

static void escapes_are_replaced(void **state)
{
	struct cmdline cmdline = { .program = "redsh" };
	CLEANUP(session_freep)
	struct session *session = session_new(tables, &cmdline, "redsh");

	(void)state;
	vars_set(session->vars, "color", "green", NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str got = STR_EMPTY;

		vars_set(session->vars, "PROMPT1", cases[i].format, NULL);
		prompt_format(session, &got);
		assert_text(got.text, cases[i].expected);
	}
}

static void ready_shows_why_nothing_would_run(void **state)
{
	struct cmdline cmdline = { .program = "redsh" };
	CLEANUP(session_freep)
	struct session *session = session_new(tables, &cmdline, "redsh");
	CLEANUP(cond_freep) struct cond *cond = cond_new();
	CLEANUP(str_done) struct str got = STR_EMPTY;

	(void)state;
	vars_set(session->vars, "PROMPT1", "%R", NULL);
	session->was_connected = true;
	prompt_format(session, &got);
	assert_text(got.text, "!");
	session->was_connected = false;
	session->cond = cond;
	cond_if(cond, false);
	str_clear(&got);
	prompt_format(session, &got);
	assert_text(got.text, "@");
	session->cond = NULL;
	vars_set(session->vars, "SINGLELINE", "on", NULL);
	str_clear(&got);
	prompt_format(session, &got);
	assert_text(got.text, "^");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_are_replaced),
		cmocka_unit_test(ready_shows_why_nothing_would_run),
	};

	return RUN_TESTS(tests);
}
