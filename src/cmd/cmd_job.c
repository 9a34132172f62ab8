#include "cmd/cmd_job.h"

#include <stdlib.h>
#include <string.h>

#include "shell/jobs.h"

enum { NUMBER_DIGITS = 9 };

/* "3", or "%3" as shells have it. */
static bool parse_number(const char *text, int *out_number, struct err *err)
{
	const char *digits = *text == '%' ? text + 1 : text;
	size_t len = strspn(digits, "0123456789");

	*out_number = len <= NUMBER_DIGITS ? (int)strtol(digits, NULL, 10) : 0;
	if (digits[len] == '\0' && *out_number > 0)
		return true;
	err_set(err, ERR_USAGE, "\"%s\" is not the number of a job", text);
	return err_hint(err, "\\jobs lists them");
}

/* ---- \jobs ---- */

static const struct arg jobs_args[] = {
	{ "cancel", ARG_WORD, ARG_OPTIONAL, "stops those that are named",
	  WANT_CHOICE, "cancel" },
	{ "JOB", ARG_WORD, ARG_REPEATED, "number of a job, or all", WANT_JOB },
	ARG_END
};

static bool cancel_named(struct session *session, const struct args *args,
			 struct err *err)
{
	size_t count = args_count(args, "JOB");
	int number;

	if (count == 0) {
		err_set(err, ERR_USAGE, "\\jobs cancel: name a job");
		return err_hint(err, "\\jobs cancel 1, or \\jobs cancel all");
	}
	for (size_t i = 0; i < count; i++) {
		const char *name = args_item(args, "JOB", i);

		if (strcmp(name, "all") == 0)
			number = 0;
		else if (!parse_number(name, &number, err))
			return false;
		if (!jobs_cancel(session, number, err))
			return false;
	}
	return true;
}

static bool jobs_run(struct session *session, const struct args *args,
		     struct err *err)
{
	const char *word = args_text(args, "cancel");

	if (word && strcmp(word, "cancel") == 0)
		return cancel_named(session, args, err);
	if (word) {
		err_set(err, ERR_USAGE, "\\jobs: \"%s\" is nothing to do",
			word);
		return err_hint(err, "\\jobs lists them, \\jobs cancel N stops "
				     "one");
	}
	return jobs_print(session, err);
}

/* ---- \fg, \wait ---- */

static const struct arg fg_args[] = { { "JOB", ARG_WORD, ARG_OPTIONAL,
					"number of a job; none: the newest",
					WANT_JOB },
				      ARG_END };

static bool fg_run(struct session *session, const struct args *args,
		   struct err *err)
{
	const char *name = args_text(args, "JOB");
	int number = 0;

	return (!name || parse_number(name, &number, err)) &&
	       jobs_foreground(session, number, err);
}

static const struct arg wait_args[] = { { "JOB", ARG_WORD, ARG_REPEATED,
					  "number of a job; none: all",
					  WANT_JOB },
					ARG_END };

static bool wait_run(struct session *session, const struct args *args,
		     struct err *err)
{
	size_t count = args_count(args, "JOB");
	bool ok = true;

	if (count == 0)
		return jobs_wait(session, 0, err);
	for (size_t i = 0; i < count; i++) {
		int number;

		if (!parse_number(args_item(args, "JOB", i), &number, err))
			return false;
		ok = jobs_wait(session, number, err) && ok;
		if (!ok && err->kind != ERR_SERVER)
			return false;
	}
	return ok;
}

const struct command cmd_job_table[] = {
	{
		.name = "jobs",
		.group = GROUP_S3,
		.synopsis = "\\jobs [cancel N|all]",
		.brief = "list or cancel transfers behind the prompt (\\s3... "
			 "&)",
		.args = jobs_args,
		.run = jobs_run,
	},
	{
		.name = "fg",
		.group = GROUP_S3,
		.synopsis = "\\fg [N]",
		.brief = "wait for a job with its progress; Ctrl-C cancels it",
		.args = fg_args,
		.run = fg_run,
	},
	{
		.name = "wait",
		.group = GROUP_S3,
		.synopsis = "\\wait [N...]",
		.brief = "wait for jobs; Ctrl-C ends the wait alone",
		.args = wait_args,
		.run = wait_run,
	},
	COMMAND_END
};
