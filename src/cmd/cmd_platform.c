#include "cmd/cmd_platform.h"

#include <string.h>

#include "base/mem.h"
#include "cmd/platform_delete.h"
#include "cmd/platform_deploy.h"
#include "cmd/platform_init.h"
#include "cmd/platform_show.h"
#include "shell/session.h"

/* Switches of some verbs only. */
enum {
	TAKES_NEW = 1,	/* --serverless, --name, --cidr */
	TAKES_YES = 2,
	TAKES_SKIP = 4,
	TAKES_DELETE = 8, /* NAME, --with-data, --retain */
	TAKES_ALL = 16,
	TAKES_OUTPUTS = 32, /* --set, --describe */
};

static const struct {
	const char *verb;
	unsigned takes;
	bool (*run)(struct session *session, const struct args *args,
		    struct err *err);
} verbs[] = {
	{ "init", TAKES_NEW, platform_init_run },
	{ "plan", 0, platform_deploy_plan },
	{ "create", TAKES_YES, platform_deploy_create },
	{ "update", TAKES_YES | TAKES_SKIP, platform_deploy_update },
	{ "status", 0, platform_show_status },
	{ "events", TAKES_ALL, platform_show_events },
	{ "outputs", TAKES_OUTPUTS, platform_show_outputs },
	{ "delete", TAKES_YES | TAKES_DELETE, platform_delete_run },
};

static const struct {
	const char *name;
	unsigned takes;
	bool is_flag;
} switches[] = {
	{ "--serverless", TAKES_NEW, true },
	{ "--name", TAKES_NEW, false },
	{ "--cidr", TAKES_NEW, false },
	{ "--yes", TAKES_YES, true },
	{ "--quicksight", TAKES_NEW, false },
	{ "--skip", TAKES_SKIP, false },
	{ "NAME", TAKES_DELETE, false },
	{ "--with-data", TAKES_DELETE, true },
	{ "--retain", TAKES_DELETE, true },
	{ "--all", TAKES_ALL, true },
	{ "--set", TAKES_OUTPUTS, false },
	{ "--describe", TAKES_OUTPUTS, true },
};

/* A switch of another verb is a slip that must not pass in silence. */
static bool check_switches(const struct args *args, const char *verb,
			   unsigned takes, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(switches); i++) {
		const char *name = switches[i].name;
		bool given = switches[i].is_flag ? args_flag(args, name)
						 : args_text(args, name) !=
							   NULL;

		if (!given || (switches[i].takes & takes) != 0)
			continue;
		err_set(err, ERR_USAGE, "\\platform %s takes no %s", verb,
			name[0] == '-' ? name : "second name");
		return err_hint(err, "\\? \\platform tells what each takes");
	}
	return true;
}

static bool platform_run(struct session *session, const struct args *args,
			 struct err *err)
{
	const char *verb = args_text(args, "VERB");

	if (verb == NULL)
		verb = "status";
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].verb, verb) == 0)
			return check_switches(args, verb, verbs[i].takes,
					      err) &&
			       verbs[i].run(session, args, err);
	err_set(err, ERR_USAGE, "\\platform does not know \"%s\"", verb);
	return err_hint(err, "say init, plan, create, update, status, events, "
			     "outputs or delete");
}

static const struct arg platform_args[] = {
	{ "VERB", ARG_WORD, ARG_OPTIONAL,
	  "init, plan, create, update, status, events, outputs or delete",
	  WANT_CHOICE, "init|plan|create|update|status|events|outputs|delete" },
	{ "DIR", ARG_LOCAL_PATH, ARG_OPTIONAL,
	  "the platform's folder; else the current one" },
	{ "NAME", ARG_WORD, ARG_OPTIONAL,
	  "of delete with --yes: the stack's name" },
	{ "--serverless", ARG_FLAG, ARG_OPTIONAL,
	  "init: a workgroup instead of a cluster" },
	{ "--name", ARG_WORD, ARG_OPTIONAL,
	  "init: the stack's name, else that of the folder" },
	{ "--cidr", ARG_WORD, ARG_OPTIONAL,
	  "init: addresses that may connect, as 10.20.0.0/16" },
	{ "--quicksight", ARG_WORD, ARG_OPTIONAL,
	  "init: with QuickSight's way in, for this user of it" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL,
	  "create, update: do not ask; delete: with the stack's name" },
	{ "--skip", ARG_WORD, ARG_OPTIONAL,
	  "update: resources that the way back leaves alone" },
	{ "--with-data", ARG_FLAG, ARG_OPTIONAL,
	  "delete: the data bucket as well, when all else is gone" },
	{ "--retain", ARG_FLAG, ARG_OPTIONAL,
	  "delete: leave alone what could not be deleted" },
	{ "--all", ARG_FLAG, ARG_OPTIONAL,
	  "events: every single one, of all operations" },
	{ "--set", ARG_WORD, ARG_OPTIONAL,
	  "outputs: into variables whose names begin so" },
	{ "--describe", ARG_FLAG, ARG_OPTIONAL,
	  "outputs: with what each of them is" },
	{ "--poll", ARG_WORD, ARG_OPTIONAL, "how often AWS is asked",
	  WANT_CHOICE, "5s|10s|30s" },
	ARG_END
};

const struct command cmd_platform_table[] = {
	{
		.name = "platform",
		.group = GROUP_AWS,
		.synopsis = "\\platform VERB [DIR] [OPTION...]",
		.brief = "make, change or delete a warehouse with its bucket and "
			 "role",
		.args = platform_args,
		.run = platform_run,
	},
	COMMAND_END
};
