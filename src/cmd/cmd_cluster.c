#include "cmd/cmd_cluster.h"

#include "base/str.h"
#include "shell/session.h"
#include "shell/warehouses.h"

static bool warehouses_run(struct session *session, const struct args *args,
			   struct err *err)
{
	CLEANUP(str_done) struct str regions = STR_EMPTY;
	size_t count = args_count(args, "REGION");

	for (size_t i = 0; i < count; i++)
		str_addf(&regions, "%s%s", i > 0 ? "," : "",
			 args_item(args, "REGION", i));
	return warehouses_show(session, count > 0 ? regions.text : NULL, err);
}

static const struct arg warehouses_args[] = {
	{ "REGION", ARG_WORD, ARG_REPEATED, "AWS regions, or all", WANT_REGION },
	ARG_END
};

const struct command cmd_cluster_table[] = {
	{
		.name = "warehouses",
		.aliases = "clusters",
		.group = GROUP_AWS,
		.needs = NEEDS_AWS,
		.brief = "list the clusters and workgroups of the account",
		.args = warehouses_args,
		.run = warehouses_run,
	},
	COMMAND_END
};
