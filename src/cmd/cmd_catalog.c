#include "cmd/cmd_catalog.h"

#include "catalog/catalog.h"
#include "shell/session.h"

static bool refresh_run(struct session *session, const struct args *args,
			struct err *err)
{
	struct catalog *catalog = session_catalog(session);

	(void)args;
	if (catalog == NULL)
		return err_set(err, ERR_USAGE,
			       "\\refresh: there is no cache") ||
		       err_hint(err, "--no-cache and \\c decide about it");
	catalog_note_refresh(catalog);
	session_progress(session, "reading the catalog ...");
	if (!catalog_wait(catalog, -1, err)) {
		session_progress(session, "");
		return err_wrap(err, "\\refresh");
	}
	session_progress(session, "");
	session_info(session, "Tab knows what the database holds now.");
	return true;
}

const struct command cmd_catalog_table[] = {
	{
		.name = "refresh",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "read the names that Tab completes from the server "
			 "again",
		.run = refresh_run,
	},
	COMMAND_END,
};
