#include "cmd/cmd_sandbox.h"

#include <string.h>

#include "base/str.h"
#include "db/dsn.h"
#include "shell/connect.h"
#include "shell/sandbox.h"
#include "shell/session_state.h"

static bool join(struct session *session, const char *dir, struct err *err)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;
	struct dsn *dsn;

	if (!sandbox_join(dir, session, err))
		return false;
	dsn = dsn_new();
	if (!connect_to(session, dsn, &why, err)) {
		dsn_free(dsn);
		return err_wrap(err, "connecting to the sandbox");
	}
	session_info(session, "connected to the sandbox");
	return true;
}

static bool sandbox_cmd_run(struct session *session, const struct args *args,
			    struct err *err)
{
	const char *verb = args_text(args, "VERB");
	const char *dir = args_text(args, "DIR");
	CLEANUP(str_done) struct str said = STR_EMPTY;

	if (!verb || strcmp(verb, "start") == 0)
		return join(session, dir, err);
	if (strcmp(verb, "status") != 0 && strcmp(verb, "stop") != 0 &&
	    strcmp(verb, "env") != 0) {
		err_set(err, ERR_USAGE, "\\sandbox does not know \"%s\"", verb);
		return err_hint(err, "say start, status, env or stop");
	}
	if (!sandbox_run(verb, dir, &said, err))
		return false;
	session_print(session, said.text);
	return true;
}

static const struct arg sandbox_args[] = {
	{ "VERB", ARG_WORD, ARG_OPTIONAL, "start, status, env or stop",
	  WANT_CHOICE, "start|status|env|stop" },
	{ "DIR", ARG_LOCAL_PATH, ARG_OPTIONAL, "folder of the sandbox",
	  WANT_FOLDER },
	ARG_END
};

const struct command cmd_sandbox_table[] = {
	{
		.name = "sandbox",
		.group = GROUP_AWS,
		.brief = "start a local sandbox and connect to it, or ask "
			 "about it",
		.args = sandbox_args,
		.run = sandbox_cmd_run,
	},
	COMMAND_END
};
