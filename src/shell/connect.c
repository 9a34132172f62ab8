#include "shell/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/str.h"
#include "catalog/catalog.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "shell/cmdline.h"
#include "shell/iam.h"
#include "shell/input.h"
#include "shell/load_progress.h"
#include "shell/sandbox.h"
#include "shell/saved.h"
#include "shell/session_state.h"
#include "shell/tunnel.h"
#include "shell/var.h"
#include "shell/warehouses.h"

/* ---- passwords ---- */

/* One line from fd into out; Ctrl-C ends it. */
static bool read_secret(int fd, struct str *out)
{
	char c;

	for (;;) {
		if (cancel_poll(fd, POLLIN, -1) < 0)
			return false;
		if (read(fd, &c, 1) != 1)
			return out->len > 0;
		if (c == '\n' || c == '\r')
			return true;
		str_add_char(out, c);
	}
}

/* The next line of a script on standard input. */
static bool read_line(struct str *out)
{
	CLEANUP(input_closep) struct input *standard = input_stdin();

	return input_read(standard, out);
}

bool connect_ask_password(const char *question, struct str *out)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	int from = fd < 0 ? STDIN_FILENO : fd;
	int to = fd < 0 ? STDERR_FILENO : fd;
	struct termios old;
	bool is_tty = tcgetattr(from, &old) == 0;
	bool ok;

	if (is_tty) {
		struct termios quiet = old;

		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(from, TCSAFLUSH, &quiet);
	}
	ok = write(to, question, strlen(question)) >= 0 &&
	     (fd < 0 && !is_tty ? read_line(out) : read_secret(from, out));
	if (is_tty)
		tcsetattr(from, TCSAFLUSH, &old);
	ok = write(to, "\n", 1) == 1 && ok;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* user "": it is not known yet for sure. */
static bool ask_into(struct dsn *dsn, const char *user)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	CLEANUP(str_done) struct str password = STR_EMPTY;
	bool ok;

	if (*user)
		str_addf(&question, "Password for user %s: ", user);
	else
		str_add(&question, "Password: ");
	ok = connect_ask_password(question.text, &password);
	if (ok)
		dsn_set(dsn, "password", password.text);
	mem_wipe(password.text, password.len);
	return ok;
}

/* ---- the connection in the session ---- */

static void on_notice(void *context, const struct dberr *notice)
{
	struct session *session = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	dberr_format(notice, session->is.verbosity, session->is.show_context,
		     &text);
	session_progress(session, "");
	session->told_early = session->notty;
	say_info(&session->say, "%s", text.text);
	session->told_early = false;
}

static void on_cancelling(void *context)
{
	struct session *session = context;

	load_progress_end(session);
	say_raw(&session->say, "Cancel request sent\n");
}

const char *connect_service(const struct session *session)
{
	const char *named = dsn_get(db_dsn(session->db), "service");

	return named ? named : getenv("PGSERVICE");
}

static void set_variables(struct session *session)
{
	const struct db *db = session->db;
	const char *version = db_parameter(db, "server_version");
	CLEANUP(str_done) struct str number = STR_EMPTY;

	str_addf(&number, "%d", db_server_version(db));
	vars_set(session->vars, "DBNAME", db_name(db), NULL);
	vars_set(session->vars, "USER", db_user(db), NULL);
	vars_set(session->vars, "HOST", db_host(db), NULL);
	vars_set(session->vars, "PORT", db_port(db), NULL);
	vars_set(session->vars, "SERVICE", connect_service(session), NULL);
	vars_set(session->vars, "ENCODING", db_encoding(db), NULL);
	session->encoding = db_encoding_id(db);
	vars_set(session->vars, "SERVER_VERSION_NAME",
		 version ? version : number.text, NULL);
	vars_set(session->vars, "SERVER_VERSION_NUM", number.text, NULL);
}

static void unset_variables(struct session *session)
{
	static const char *const names[] = {
		"DBNAME",
		"USER",
		"HOST",
		"PORT",
		"SERVICE",
		"ENCODING",
		"SERVER_VERSION_NAME",
		"SERVER_VERSION_NUM",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		vars_set(session->vars, names[i], NULL, NULL);
}

void connect_forget(struct session *session)
{
	if (session->db)
		session->was_connected = true;
	connect_close_catalog(session);
	db_close(session->db);
	session->db = NULL;
	unset_variables(session);
}

static void adopt(struct session *session, struct db *db)
{
	db_on_notice(db, on_notice, session);
	db_on_cancelling(db, on_cancelling, session);
	connect_forget(session);
	session->db = db;
	session->was_connected = true;
	session->is_offline = false;
	set_variables(session);
}

static struct db *open_asking(struct session *session, struct dsn *dsn,
			      struct str *out_why, struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;
	struct db_options options = DB_OPTIONS_DEFAULT;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	struct db *db;

	options.application_name = session->say.program;
	if (cmdline_has(cmdline, OPTION_PASSWORD) && !dsn_get(dsn, "password"))
		ask_into(dsn, "");
	db = db_open_asking(dsn, &options, &user, out_why, err);
	if (db || !user.len || cmdline_has(cmdline, OPTION_NO_PASSWORD) ||
	    !ask_into(dsn, user.text))
		return db;
	str_clear(out_why);
	return db_open(dsn, &options, out_why, err);
}

/* ---- logins by IAM ---- */

/* A password from AWS does not go over an open wire. */
static void want_tls(struct dsn *dsn)
{
	if (!dsn_get(dsn, "sslmode") && !getenv("PGSSLMODE"))
		dsn_set(dsn, "sslmode", "require");
}

struct login_aside {
	struct iam *iam;
	struct dsn *dsn; /* what was asked for */
	const char *name;
	int tunnel_port; /* 0: none */
};

/* The way goes through a tunnel, the certificate is still host's. */
static void go_through(struct dsn *dsn, int port)
{
	CLEANUP(str_done) struct str number = STR_EMPTY;

	if (port <= 0)
		return;
	str_addf(&number, "%d", port);
	dsn_set(dsn, "hostaddr", "127.0.0.1");
	dsn_set(dsn, "port", number.text);
}

/* false: it could not be made. */
static bool open_tunnel(struct session *session, const struct dsn *dsn,
			int *out_port, struct err *err)
{
	*out_port = 0;
	if (!dsn_get(dsn, "ssh"))
		return true;
	*out_port = tunnel_open(&session->tunnel, dsn, err);
	return *out_port > 0;
}

/* A login that is kept may have been ended by others: one that is refused is
 * renewed once. */
static struct db *open_iam(const struct login_aside *from, int stop_fd,
			   struct str *out_why, struct err *err)
{
	struct db_options options = { .stop_fd = stop_fd,
				      .application_name = from->name };
	struct iam_want want = { .fresh = false, .stop_fd = stop_fd };
	struct err failed = ERR_EMPTY;

	for (;;) {
		CLEANUP(dsn_freep) struct dsn *full = dsn_copy(from->dsn);
		CLEANUP(str_done) struct str why = STR_EMPTY;
		bool kept;
		struct db *db;

		if (!iam_login(from->iam, from->dsn, &want, full, &kept, err))
			return NULL;
		want_tls(full);
		go_through(full, from->tunnel_port);
		db = db_open(full, &options, &why, &failed);
		if (db)
			return db;
		if (failed.kind == ERR_AUTH && kept && !want.fresh) {
			want.fresh = true;
			continue;
		}
		if (out_why)
			str_add(out_why, why.text);
		if (err)
			*err = failed;
		return NULL;
	}
}

static struct db *open_by_iam(struct session *session, struct dsn *dsn,
			      struct str *out_why, struct err *err)
{
	struct login_aside from = { session->iam, dsn, session->say.program,
				    0 };

	struct aws *aws = iam_aws(session, dsn, err);
	struct db *db;

	if (!aws)
		return NULL;
	session_ask_code(session, aws);
	if (!iam_use(session, dsn, err) || !iam_complete(session, dsn, err))
		return NULL;
	dsn_fill_redshift(dsn);
	if (!open_tunnel(session, dsn, &from.tunnel_port, err))
		return NULL;
	db = open_iam(&from, -1, out_why, err);
	if (db || err->kind != ERR_NETWORK)
		return db;
	/* Its words, where it has some, are better than libpq's. */
	if (!iam_wait(session, dsn, err)) {
		if (err->kind != ERR_NETWORK)
			str_clear(out_why);
		return NULL;
	}
	str_clear(out_why);
	return open_iam(&from, -1, out_why, err);
}

/* ---- further connections ---- */

struct login_aside *connect_aside_new(struct session *session)
{
	struct login_aside *aside = mem_alloc(sizeof(*aside));
	bool by_iam = iam_wanted(session->dsn);

	if (by_iam) {
		iam_use(session, session->dsn, NULL);
		if (dsn_get(session->dsn, "ssh"))
			aside->tunnel_port = tunnel_port(session->tunnel);
	}
	aside->iam = by_iam ? session->iam : NULL;
	aside->dsn = dsn_copy(by_iam ? session->dsn : db_dsn(session->db));
	aside->name = "redsh catalog";
	return aside;
}

void connect_aside_free(struct login_aside *aside)
{
	if (!aside)
		return;
	dsn_free(aside->dsn);
	mem_free(aside);
}

void connect_aside_name(struct login_aside *aside, const char *name)
{
	aside->name = name;
}

struct db *connect_aside(void *context, int stop_fd, struct err *err)
{
	const struct login_aside *aside = context;
	struct db_options options = {
		.stop_fd = stop_fd,
		.application_name = aside->name,
	};

	if (aside->iam)
		return open_iam(aside, stop_fd, NULL, err);
	return db_open(aside->dsn, &options, NULL, err);
}

void connect_close_catalog(struct session *session)
{
	load_progress_close(session);
	catalog_close(session->catalog);
	session->catalog = NULL;
	session->catalog_tried = false;
	connect_aside_free(session->catalog_login);
	session->catalog_login = NULL;
}

static struct db *open_by_password(struct session *session, struct dsn *dsn,
				   struct str *out_why, struct err *err)
{
	CLEANUP(dsn_freep) struct dsn *full = NULL;
	struct db *db;
	int port;

	if (!open_tunnel(session, dsn, &port, err))
		return NULL;
	full = dsn_copy(dsn);
	go_through(full, port);
	db = open_asking(session, full, out_why, err);
	/* Typed once for all. */
	if (db)
		dsn_set(dsn, "password", dsn_get(full, "password"));
	return db;
}

bool connect_to(struct session *session, struct dsn *dsn, struct str *out_why,
		struct err *err)
{
	struct db *db;

	dsn_fill_redshift(dsn);
	cancel_clear();
	if (iam_wanted(dsn))
		db = open_by_iam(session, dsn, out_why, err);
	else
		db = open_by_password(session, dsn, out_why, err);
	if (!db)
		return false;
	adopt(session, db);
	dsn_free(session->dsn);
	session->dsn = dsn;
	return true;
}

bool connect_again(struct session *session)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;
	struct dsn *dsn = dsn_copy(session->dsn);
	struct err err = ERR_EMPTY;

	if (connect_to(session, dsn, &why, &err))
		return true;
	if (iam_wanted(dsn) && !why.len)
		say_err(&session->say, &err);
	dsn_free(dsn);
	return false;
}

/* ---- the command line ---- */

bool connect_fill_saved(struct session *session, const char *name,
			struct dsn *dsn, struct err *err)
{
	CLEANUP(saved_freep) struct saved *saved = saved_open(err);

	if (!saved || !saved_fill(saved, name, dsn, err))
		return false;
	if (*saved_warning(saved))
		session_warn(session, "%s", saved_warning(saved));
	return true;
}

/* What was not given leaves what a saved connection says. */
static void take(struct dsn *dsn, const char *keyword, const char *value)
{
	if (value)
		dsn_set(dsn, keyword, value);
}

static bool fill_from_cmdline(struct session *session, struct dsn *dsn,
			      struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;
	const char *dbname = cmdline->dbname;

	/* A connection string wins over the options, as in psql. */
	if (saved_is_name(dbname)) {
		if (!connect_fill_saved(session, dbname, dsn, err))
			return false;
		dbname = NULL;
	}
	take(dsn, "host", cmdline_value(cmdline, OPTION_HOST));
	take(dsn, "port", cmdline_value(cmdline, OPTION_PORT));
	take(dsn, "user", cmdline->username);
	if (cmdline_has(cmdline, OPTION_IAM))
		dsn_set(dsn, "iam", "true");
	take(dsn, "cluster_identifier",
		cmdline_value(cmdline, OPTION_CLUSTER));
	take(dsn, "serverless_work_group",
		cmdline_value(cmdline, OPTION_WORKGROUP));
	take(dsn, "secret", cmdline_value(cmdline, OPTION_SECRET));
	take(dsn, "ssh", cmdline_value(cmdline, OPTION_SSH));
	take(dsn, "region", cmdline_value(cmdline, OPTION_REGION));
	if (dbname && dsn_is_conninfo(dbname))
		return dsn_parse(dsn, dbname, err);
	take(dsn, "dbname", dbname);
	return true;
}

bool connect_named(struct session *session, struct dsn *dsn, struct err *err)
{
	return fill_from_cmdline(session, dsn, err);
}

static bool fill_all(struct session *session, struct dsn *dsn, struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;

	if (cmdline_has(cmdline, OPTION_SANDBOX) &&
	    !sandbox_join(cmdline_value(cmdline, OPTION_SANDBOX), session, err))
		return false;
	return fill_from_cmdline(session, dsn, err);
}

/* What was chosen, as it was asked for: hosts may change. */
static void connect_save(struct session *session, const char *name)
{
	struct err err = ERR_EMPTY;
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_copy(session->dsn);

	dsn_set(dsn, "host", NULL);
	dsn_set(dsn, "port", NULL);
	if (saved_add(name, dsn, &err))
		session_info(session, "Saved: redsh @%s", name);
	else
		say_err(&session->say, &err);
}

bool connect_prepare(struct session *session)
{
	struct err err = ERR_EMPTY;
	struct dsn *dsn = dsn_new();

	if (!fill_all(session, dsn, &err)) {
		dsn_free(dsn);
		say_err(&session->say, &err);
		return false;
	}
	dsn_free(session->dsn);
	session->dsn = dsn;
	return true;
}

bool connect_first(struct session *session)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct dsn *dsn = dsn_new();
	struct err err = ERR_EMPTY;

	if (!fill_all(session, dsn, &err)) {
		dsn_free(dsn);
		say_err(&session->say, &err);
		return false;
	}
	if (warehouses_wanted(session))
		warehouses_choose(session, dsn, &name);
	if (connect_to(session, dsn, &why, &err)) {
		if (name.len > 0)
			connect_save(session, name.text);
		return true;
	}
	/* \c starts from what was asked for. */
	dsn_free(session->dsn);
	session->dsn = dsn;
	say_error(&session->say, "%s", why.len ? why.text : err.message);
	if (session->say.hints && err.hint[0])
		say_info(&session->say, "HINT:  %s", err.hint);
	return false;
}
