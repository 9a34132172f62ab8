#include "cmd/cmd_loaderrors.h"

#include "load/load_error.h"
#include "shell/session_state.h"

static const struct arg loaderrors_args[] = {
	{ "COUNT", ARG_NUMBER, ARG_OPTIONAL, "how many, 20 by default" },
	ARG_END
};

static bool loaderrors_handler(struct session *session, const struct args *args,
			       struct err *err)
{
	CLEANUP(load_errors_done) struct load_errors errors = { .count = 0 };
	int64_t limit = args_number(args, "COUNT", 20);

	if (limit < 1 || limit > 100000)
		return err_set(err, ERR_USAGE,
			       "\\loaderrors: COUNT must be from 1 to 100000");
	if (!load_error_read(&errors, session_db(session), 0, (int)limit, err))
		return false;
	return session_print_rows(session, load_error_rows(&errors), NULL, err);
}

const struct command cmd_loaderrors_table[] = {
	{
		.name = "loaderrors",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB,
		.brief = "show recent errors of COPY, newest first",
		.args = loaderrors_args,
		.run = loaderrors_handler,
	},
	COMMAND_END
};
