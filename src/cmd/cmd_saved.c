#include "cmd/cmd_saved.h"

#include <string.h>

#include "base/str.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "shell/iam.h"
#include "shell/saved.h"
#include "shell/session_state.h"

/* ---- \connections --save ---- */

/* The names in force may have come from the environment. */
static struct dsn *in_force(const struct session *session)
{
	struct dsn *dsn = dsn_copy(session->dsn);

	dsn_set(dsn, "dbname", db_name(session->db));
	dsn_set(dsn, "host", db_host(session->db));
	if (!dsn_get(dsn, "ssh"))
		dsn_set(dsn, "port", db_port(session->db));
	if (!iam_wanted(dsn))
		dsn_set(dsn, "user", db_user(session->db));
	return dsn;
}

static bool save(struct session *session, const char *name, struct err *err)
{
	CLEANUP(dsn_freep) struct dsn *dsn = NULL;

	if (!session->db) {
		err_set(err, ERR_USAGE, "there is no connection to save");
		return err_hint(err, "connect with \\c first");
	}
	dsn = in_force(session);
	if (!saved_add(name, dsn, err))
		return false;
	session_info(session, "Saved as @%s, without a password.",
		     name + (*name == '@'));
	return true;
}

/* ---- \connections ---- */

static void add(struct rows_mem *mem, const struct dsn *dsn,
		const char *keyword)
{
	const char *value = dsn_get(dsn, keyword);

	rows_mem_add(mem, value ? value : "");
}

static const char *where(const struct dsn *dsn)
{
	static const char *const keywords[] = { "cluster_identifier",
						"serverless_work_group",
						"host", "service", "secret" };

	for (size_t i = 0; i < COUNT_OF(keywords); i++)
		if (dsn_get(dsn, keywords[i]))
			return dsn_get(dsn, keywords[i]);
	return "";
}

static const char *how(const struct dsn *dsn)
{
	if (dsn_get(dsn, "secret"))
		return "secret";
	if (iam_wanted(dsn))
		return "IAM";
	return "password";
}

static bool list(struct session *session, struct err *err)
{
	CLEANUP(saved_freep) struct saved *saved = saved_open(err);
	static const char *const titles[] = { "Name",   "Where",   "Database",
					      "User",   "Login",   "Region",
					      "Profile", "Production" };
	struct rows_mem *mem;
	const char *name;

	if (!saved)
		return false;
	if (*saved_warning(saved))
		session_warn(session, "%s", saved_warning(saved));
	mem = rows_mem_new("Saved connections");
	for (size_t i = 0; i < COUNT_OF(titles); i++)
		rows_mem_column(mem, titles[i], ROWS_TEXT);
	for (size_t i = 0; (name = saved_name(saved, i)); i++) {
		CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

		if (!saved_fill(saved, name, dsn, err)) {
			rows_free(rows_mem_rows(mem));
			return false;
		}
		rows_mem_addf(mem, "@%s", name);
		rows_mem_add(mem, where(dsn));
		add(mem, dsn, "dbname");
		add(mem, dsn,
		    dsn_get(dsn, "db_user") ? "db_user" : "user");
		rows_mem_add(mem, how(dsn));
		add(mem, dsn, "region");
		add(mem, dsn, "profile");
		rows_mem_add(mem, dsn_get(dsn, "production") &&
						  strcmp(dsn_get(dsn, "production"),
							 "true") == 0
					  ? "yes"
					  : "");
	}
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

static bool connections_run(struct session *session, const struct args *args,
			    struct err *err)
{
	const char *name = args_text(args, "--save");
	CLEANUP(str_done) struct str told = STR_EMPTY;

	if (name)
		return save(session, name, err);
	if (!args_flag(args, "--import-odbc"))
		return list(session, err);
	if (!saved_import_odbc(args_text(args, "FILE"), &told, err))
		return false;
	session_print(session, told.text);
	return true;
}

static const struct arg connections_args[] = {
	{ "--save", ARG_WORD, ARG_OPTIONAL,
	  "a name for the connection in use, which is saved" },
	{ "--import-odbc", ARG_FLAG, ARG_OPTIONAL,
	  "add the entries of odbc.ini that are of Redshift" },
	{ "FILE", ARG_LOCAL_PATH, ARG_OPTIONAL, "an odbc.ini" },
	ARG_END
};

const struct command cmd_saved_table[] = {
	{
		.name = "connections",
		.group = GROUP_AWS,
		.brief = "list, save or import connections: \\c @NAME",
		.args = connections_args,
		.run = connections_run,
	},
	COMMAND_END
};
