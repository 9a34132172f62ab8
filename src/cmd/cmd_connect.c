#include "cmd/cmd_connect.h"

#include <string.h>

#include "base/str.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "shell/cmdline.h"
#include "shell/connect.h"
#include "shell/iam.h"
#include "shell/run.h"
#include "shell/saved.h"
#include "shell/session_state.h"
#include "shell/var.h"
#include "sql/quote.h"

/* ---- \c ---- */

/* "" or "-" stands for what is there already. */
static const char *given(const struct args *args, const char *name)
{
	const char *text = args_text(args, name);

	return text && *text && strcmp(text, "-") != 0 ? text : NULL;
}

static bool differs(const struct dsn *dsn, const char *keyword,
		    const char *value)
{
	const char *old = dsn_get(dsn, keyword);

	return value && (!old || strcmp(old, value) != 0);
}

/* A login by IAM is as somebody else, or to another warehouse, whose name its
 * host tells; to a host that tells none by password. */
static void change_login(struct dsn *dsn, const char *user, const char *host)
{
	if (!iam_wanted(dsn))
		return;
	/* A secret is of one user and one warehouse. */
	if (user && !dsn_get(dsn, "secret")) {
		dsn_set(dsn, "db_user", user);
		dsn_set(dsn, "user", NULL);
	}
	if (user || host)
		dsn_set(dsn, "secret", NULL);
	if (!host)
		return;
	dsn_set(dsn, "cluster_identifier", NULL);
	dsn_set(dsn, "serverless_work_group", NULL);
	dsn_set(dsn, "region", NULL);
	dsn_set(dsn, "iam", dsn_host_is_redshift(host) ? "true" : NULL);
	if (!dsn_host_is_redshift(host))
		dsn_set(dsn, "user", user);
}

static bool fill_by_words(struct dsn *dsn, const struct args *args)
{
	const char *user = given(args, "USER");
	const char *host = given(args, "HOST");
	const char *port = given(args, "PORT");

	/* A password goes only where it was meant for. */
	if (differs(dsn, "user", user) || differs(dsn, "host", host) ||
	    differs(dsn, "port", port))
		dsn_set(dsn, "password", NULL);
	if (differs(dsn, "host", host)) {
		dsn_set(dsn, "hostaddr", NULL);
		dsn_set(dsn, "connection", NULL);
		dsn_set(dsn, "production", NULL);
		dsn_set(dsn, "staging", NULL);
		dsn_set(dsn, "copy_role", NULL);
		dsn_set(dsn, "stack", NULL);
		change_login(dsn, NULL, host);
	}
	if (given(args, "DBNAME") && !saved_is_name(given(args, "DBNAME")))
		dsn_set(dsn, "dbname", given(args, "DBNAME"));
	if (user)
		dsn_set(dsn, "user", user);
	if (host)
		dsn_set(dsn, "host", host);
	if (port)
		dsn_set(dsn, "port", port);
	change_login(dsn, user, NULL);
	return true;
}

static struct dsn *target(struct session *session, const struct args *args,
			  bool keep, struct err *err)
{
	const char *name = given(args, "DBNAME");
	bool is_string = name && dsn_is_conninfo(name);
	bool is_saved = saved_is_name(name);
	struct dsn *dsn = keep && !is_saved ? dsn_copy(session->dsn) : dsn_new();

	/* The names in force, which may have come from the environment. */
	if (is_saved && !connect_fill_saved(session, name, dsn, err)) {
		dsn_free(dsn);
		return NULL;
	}
	if (keep && !is_saved && session->db) {
		dsn_set(dsn, "dbname", db_name(session->db));
		if (!iam_wanted(dsn))
			dsn_set(dsn, "user", db_user(session->db));
		/* Through a tunnel that is the port of its near end. */
		if (!dsn_get(dsn, "ssh"))
			dsn_set(dsn, "port", db_port(session->db));
		dsn_set(dsn, "host", db_host(session->db));
	}
	if (is_string ? dsn_parse(dsn, name, err) : fill_by_words(dsn, args))
		return dsn;
	dsn_free(dsn);
	return NULL;
}

static void add_where(const struct db *db, struct str *out)
{
	const char *host = db_host(db);
	const char *address = db_host_address(db);
	bool socket = *host == '/' || !*host;

	if (socket && *address)
		str_addf(out, " on address \"%s\"", address);
	else if (socket)
		str_addf(out, " via socket in \"%s\"", host);
	else if (*address && strcmp(host, address) != 0)
		str_addf(out, " on host \"%s\" (address \"%s\")", host,
			 address);
	else
		str_addf(out, " on host \"%s\"", host);
	str_addf(out, " at port \"%s\"", db_port(db));
}

static void tell(struct session *session, bool elsewhere)
{
	const struct db *db = session->db;
	CLEANUP(str_done) struct str line = STR_EMPTY;

	if (session->is.quiet)
		return;
	str_addf(&line,
		 "You are now connected to database \"%s\" as user "
		 "\"%s\"",
		 db_name(db), db_user(db));
	if (elsewhere)
		add_where(db, &line);
	str_add(&line, ".\n");
	session_put(session, line.text);
}

/* What psql does when it fails: a person keeps the old connection, a script
 * has none any more. */
static bool stay(struct session *session)
{
	if (session->interactive) {
		if (session->db)
			say_info(&session->say, "Previous connection kept");
		return false;
	}
	connect_forget(session);
	session->quit_lost = session->connect_failed = true;
	return false;
}

/* hint: "" where libpq's words are shown, as psql shows them. */
static void tell_failure(struct session *session, const char *text,
			 const char *hint)
{
	if (session->interactive)
		say_info(&session->say, "%s", text);
	else
		say_error(&session->say, "\\connect: %s", text);
	if (session->say.hints && *hint)
		say_info(&session->say, "HINT:  %s", hint);
}

/* -reuse-previous=on|off and a string with nothing beside it, or refused. */
static bool check_args(const struct args *args, bool *out_keep, struct err *err)
{
	const char *reuse = args_text(args, "-reuse-previous");
	const char *name = given(args, "DBNAME");
	bool is_string = name && dsn_is_conninfo(name);

	*out_keep = !is_string;
	if (reuse && !var_parse_bool(reuse, "-reuse-previous", out_keep, err))
		return false;
	if (!is_string || (!given(args, "USER") && !given(args, "HOST") &&
			   !given(args, "PORT")))
		return true;
	return err_set(err, ERR_USAGE,
		       "Do not give user, host, or port separately when using "
		       "a connection string");
}

static bool connect_run(struct session *session, const struct args *args,
			struct err *err)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;
	CLEANUP(str_done) struct str host = STR_EMPTY;
	CLEANUP(str_done) struct str port = STR_EMPTY;
	bool had = session->db != NULL;
	struct dsn *dsn;
	struct err failure = ERR_EMPTY;
	bool keep;

	if (!check_args(args, &keep, err))
		return false;
	dsn = target(session, args, keep, err);
	if (!dsn) {
		say_err(&session->say, err);
		err_clear(err);
		return stay(session);
	}
	if (had) {
		str_add(&host, db_host(session->db));
		str_add(&port, db_port(session->db));
	}
	if (!connect_to(session, dsn, &why, &failure)) {
		dsn_free(dsn);
		err_clear(err);
		tell_failure(session, why.len ? why.text : failure.message,
			     why.len ? "" : failure.hint);
		return stay(session);
	}
	session->quit_lost = session->connect_failed = false;
	tell(session, !had || strcmp(host.text, db_host(session->db)) != 0 ||
			      strcmp(port.text, db_port(session->db)) != 0);
	return true;
}

static const struct arg connect_args[] = {
	{ "-reuse-previous", ARG_SWITCH, ARG_OPTIONAL,
	  "keep what is not named: on, off" },
	{ "DBNAME", ARG_CONNECT, ARG_OPTIONAL,
	  "database, @NAME, connection string or URI", WANT_CONNECTION },
	{ "USER", ARG_CONNECT, ARG_OPTIONAL, "user", WANT_USER },
	{ "HOST", ARG_CONNECT, ARG_OPTIONAL, "host", WANT_HOST },
	{ "PORT", ARG_CONNECT, ARG_OPTIONAL, "port", WANT_PORT },
	ARG_END
};

/* ---- \conninfo ---- */

static bool conninfo_run(struct session *session, const struct args *args,
			 struct err *err)
{
	const struct db *db = session->db;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const char *cipher;

	(void)args;
	(void)err;
	if (!db) {
		session_put(session, "You are currently not connected to a "
				     "database.\n");
		return true;
	}
	str_addf(&line, "You are connected to database \"%s\" as user \"%s\"",
		 db_name(db), db_user(db));
	add_where(db, &line);
	str_add(&line, ".\n");
	cipher = db_tls_attribute(db, "cipher");
	if (cipher) {
		const char *protocol = db_tls_attribute(db, "protocol");
		const char *pack = db_tls_attribute(db, "compression");

		str_addf(&line,
			 "SSL connection (protocol: %s, cipher: %s, "
			 "compression: %s)\n",
			 protocol ? protocol : "unknown", cipher,
			 pack && strcmp(pack, "off") != 0 ? "on" : "off");
	}
	session_put(session, line.text);
	return true;
}

/* ---- \encoding ---- */

static bool encoding_run(struct session *session, const struct args *args,
			 struct err *err)
{
	const char *name = args_text(args, "ENCODING");
	CLEANUP(str_done) struct str line = STR_EMPTY;

	if (!name) {
		str_addf(&line, "%s\n", db_encoding(session->db));
		session_put(session, line.text);
		return true;
	}
	/* psql goes on after an unknown name, ON_ERROR_STOP or not. */
	if (db_set_encoding(session->db, name, err))
		session_sync(session);
	else
		say_err(&session->say, err);
	return true;
}

static const struct arg encoding_args[] = {
	{ "ENCODING", ARG_WORD, ARG_OPTIONAL, "client encoding", WANT_CHARSET },
	ARG_END
};

/* ---- \password ---- */

static bool password_run(struct session *session, const struct args *args,
			 struct err *err)
{
	const char *user = args_text(args, "USERNAME");
	CLEANUP(str_done) struct str question = STR_EMPTY;
	CLEANUP(str_done) struct str first = STR_EMPTY;
	CLEANUP(str_done) struct str second = STR_EMPTY;
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	bool ok;

	if (!user)
		user = db_user(session->db);
	session_flush(session);
	str_addf(&question, "Enter new password for user \"%s\": ", user);
	ok = connect_ask_password(question.text, &first) &&
	     connect_ask_password("Enter it again: ", &second);
	if (!ok)
		err_set(err, ERR_CANCELLED, "cancelled");
	else if (strcmp(first.text, second.text) != 0)
		ok = err_set(err, ERR_USAGE, "Passwords didn't match.");
	ok = ok && db_hash_password(session->db, user, first.text, &hash, err);
	mem_wipe(first.text, first.len);
	mem_wipe(second.text, second.len);
	if (!ok)
		return false;
	str_add(&sql, "ALTER USER ");
	quote_name(&sql, user);
	str_add(&sql, " PASSWORD ");
	quote_literal(&sql, hash.text, db_backslash_escapes(session->db));
	return run_quietly(session, sql.text);
}

static const struct arg password_args[] = {
	{ "USERNAME", ARG_CONNECT, ARG_OPTIONAL, "whose; your own if none",
	  WANT_USER },
	ARG_END
};

const struct command cmd_connect_table[] = {
	{
		.name = "c",
		.aliases = "connect",
		.group = GROUP_CONNECTION,
		.synopsis = "\\c[onnect] {[DBNAME|- USER|- HOST|- PORT|-] | "
			    "conninfo}",
		.brief = "connect to a database",
		.args = connect_args,
		.run = connect_run,
	},
	{
		.name = "conninfo",
		.group = GROUP_CONNECTION,
		.brief = "show who is connected where, and how",
		.run = conninfo_run,
	},
	{
		.name = "encoding",
		.group = GROUP_CONNECTION,
		.needs = NEEDS_DB,
		.brief = "show or set the client's encoding",
		.args = encoding_args,
		.run = encoding_run,
	},
	{
		.name = "password",
		.group = GROUP_CONNECTION,
		.needs = NEEDS_DB,
		.brief = "change a user's password, sent as a hash",
		.args = password_args,
		.run = password_run,
	},
	COMMAND_END
};
