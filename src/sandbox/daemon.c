#include "sandbox/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/login.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/membership.h"
#include "sandbox/gateway/pgparam.h"
#include "sandbox/gateway/private_pg.h"
#include "sandbox/gateway/server.h"
#include "sandbox/gateway/setup.h"
#include "sandbox/ground/place.h"
#include "sandbox/ground/tls.h"
#include "sandbox/kaggle/api_kaggle.h"
#include "sandbox/rewrite/rewrite.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"

#define GATEWAY_PORT 5439
#define HTTP_PORT    5480
#define STOP_MS      60000

/* All that runs; released in the reverse order of the fields. */
struct daemon {
	struct place *place;
	struct str share; /* .../share/sandbox */
	struct secret password;
	struct identity identity;
	struct private_pg *pg;
	struct tls_server *tls;
	struct login *login;
	struct pgparams *params;
	struct rewrite *rewrite;
	bool serverless;
	int base_capacity;
	struct idle_limits idle;
	struct s3_store *store;
	struct server *server;
	struct s3_http *http;
};

static void daemon_done(struct daemon *daemon)
{
	s3_http_stop(daemon->http);
	server_close(daemon->server);
	s3_store_close(daemon->store);
	rewrite_free(daemon->rewrite);
	pgparams_free(daemon->params);
	login_close(daemon->login);
	tls_server_free(daemon->tls);
	private_pg_stop(daemon->pg);
	identity_done(&daemon->identity);
	secret_done(&daemon->password);
	str_done(&daemon->share);
}

/* What a cluster has in its parameter group. */
static bool set_parameters(struct daemon *daemon, const char *const *parameters,
			   struct err *err)
{
	for (; parameters && *parameters; parameters++)
		if (!pgparams_override(daemon->params, *parameters, err))
			return false;
	return true;
}

static bool load_tables(struct daemon *daemon, struct err *err)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str parent = STR_EMPTY;

	if (!path_share("sandbox/settings.tsv", &file, err))
		return false;
	path_dir(file.text, &daemon->share);
	path_dir(daemon->share.text, &parent);
	daemon->params = pgparams_load(file.text, err);
	if (!daemon->params)
		return false;
	daemon->rewrite = rewrite_new(parent.text, err);
	return daemon->rewrite != NULL;
}

/* GetClusterCredentials succeeds for an unknown user too, as Amazon's does:
 * without AutoCreate it is the login that fails. */
static bool grant(void *context, const struct s3_http_grant *grant,
		  struct err *err)
{
	const struct daemon *daemon = context;

	struct login_pass pass = {
		.user = grant->user,
		.password = grant->password,
		.database = grant->database,
		.groups = grant->groups,
		.expires_ms = grant->expires_ms,
	};
	CLEANUP(str_done) struct str user = STR_EMPTY;

	login_database_user(grant->user, &user);
	if (grant->auto_create &&
	    !setup_user(private_pg_socket(daemon->pg), user.text, err))
		return false;
	return login_grant(daemon->login, &pass, err);
}

static bool make_database(void *context,
			  const struct s3_http_database *database,
			  struct err *err)
{
	const struct daemon *daemon = context;

	return setup_warehouse(private_pg_socket(daemon->pg), database->name,
			       database->user, database->password, err);
}

static bool drop_database(void *context,
			  const struct s3_http_database *database,
			  struct err *err)
{
	const struct daemon *daemon = context;

	return setup_drop_warehouse(private_pg_socket(daemon->pg),
				    database->name, database->user, err);
}

/* The exact port, or the one of the last start, the usual one, any. */
static struct server *open_server(const struct daemon_options *options,
				  const struct place_state *last,
				  struct err *err)
{
	const int wanted[] = { last->port, GATEWAY_PORT, 0 };
	struct server *server = NULL;

	if (options->port)
		return server_open(options->port, err);
	for (size_t i = 0; i < COUNT_OF(wanted) && !server; i++)
		if (wanted[i] || i + 1 == COUNT_OF(wanted))
			server = server_open(wanted[i], err);
	return server;
}

static struct s3_http *open_http(struct daemon *daemon,
				 const struct daemon_options *daemon_options,
				 const struct place_state *last,
				 struct err *err)
{
	const int wanted[] = { last->http_port, HTTP_PORT, 0 };
	struct s3_http_options options = {
		.store = daemon->store,
		.identity = &daemon->identity,
		.params = daemon->params,
		.grant = grant,
		.make_database = make_database,
		.drop_database = drop_database,
		.grant_context = daemon,
		.stack_step_ms = daemon_options->stack_step_ms,
		.dir = daemon->place->dir.text,
		.login_life_s = daemon_options->login_life_s,
	};
	struct s3_http *http = NULL;

	for (size_t i = 0; i < COUNT_OF(wanted) && !http; i++) {
		options.port = wanted[i];
		if (wanted[i] || i + 1 == COUNT_OF(wanted))
			http = s3_http_start(&options, err);
	}
	return http;
}

static bool open_ports(struct daemon *daemon,
		       const struct daemon_options *options, struct err *err)
{
	struct place_state state = { 0 };
	struct identity *identity = &daemon->identity;

	place_load(daemon->place, &state, NULL);
	daemon->server = open_server(options, &state, err);
	if (!daemon->server)
		return false;
	state.port = server_port(daemon->server);
	snprintf(identity->database, sizeof(identity->database), "%s",
		 PLACE_DATABASE);
	snprintf(identity->master_user, sizeof(identity->master_user), "%s",
		 PLACE_USER);
	snprintf(identity->host, sizeof(identity->host), "localhost");
	identity->port = state.port;
	identity->serverless = options->serverless;
	identity->base_capacity = options->base_capacity;
	daemon->http = open_http(daemon, options, &state, err);
	if (!daemon->http)
		return false;
	state.http_port = s3_http_port(daemon->http);
	state.pid = getpid();
	return place_save(daemon->place, &state, err);
}

struct settings {
	VEC(char *);
};

static void settings_done(struct settings *settings)
{
	for (size_t i = 0; i < settings->count; i++)
		mem_free(settings->items[i]);
	vec_done(settings);
}

/* name|how|values|initial; see settings.sql */
static void add_rule(const struct pgparam *param, struct str *rules)
{
	static const char *const how[] = {
		[PGPARAM_SERVER] = "send",
		[PGPARAM_OWN] = "keep",
		[PGPARAM_READONLY] = "read",
		[PGPARAM_DENIED] = "denied",
	};

	str_addf(rules, "%s|%s|%s|%s;", param->name, how[param->kind],
		 param->values, param->initial);
}

/* Defaults of Redshift's own settings, so that RESET finds them, and what the
 * parameter group has set of PostgreSQL's. */
static void list_settings(const struct daemon *daemon, struct settings *out)
{
	const struct pgparams *params = daemon->params;
	struct str rules = STR_EMPTY;
	struct str capacity = STR_EMPTY;

	vec_push(out,
		 mem_copy_text(daemon->serverless ? "redsh.kind=serverless"
						  : "redsh.kind=provisioned"));
	str_addf(&capacity, "redsh.base_capacity=%d", daemon->base_capacity);
	vec_push(out, str_take(&capacity));
	str_add(&rules, "redsh.rules=");
	for (size_t i = 0; i < pgparams_count(params); i++) {
		const struct pgparam *param = pgparams_at(params, i);
		CLEANUP(str_done) struct str text = STR_EMPTY;

		add_rule(param, &rules);
		if (param->kind == PGPARAM_SERVER && !param->overridden)
			continue;
		pgparam_server_name(param, &text);
		str_addf(&text, "=%s", param->initial);
		vec_push(out, str_take(&text));
	}
	vec_push(out, str_take(&rules));
	vec_push(out, NULL);
}

static bool start_pg(struct daemon *daemon, int log_fd, struct err *err)
{
	CLEANUP(settings_done) struct settings settings = { 0 };

	list_settings(daemon, &settings);
	daemon->pg = private_pg_start(daemon->place->dir.text,
				      (const char *const *)settings.items,
				      log_fd, err);
	return daemon->pg != NULL;
}

/* What the gateway tells and refuses, by the options. */
static void set_character(struct daemon *daemon,
			  const struct daemon_options *options)
{
	struct rewrite_character character = {
		.no_provisioned = options->serverless && !options->empty_views,
		.no_listings = options->no_listings,
	};

	rewrite_set_character(daemon->rewrite, &character);
	daemon->serverless = options->serverless;
	daemon->base_capacity = options->base_capacity;
	daemon->idle = options->idle;
}

static bool open_all(struct daemon *daemon,
		     const struct daemon_options *options, int log_fd,
		     struct err *err)
{
	const char *dir = daemon->place->dir.text;

	if (!place_lock(daemon->place, err) || !load_tables(daemon, err) ||
	    !set_parameters(daemon, options->parameters, err))
		return false;
	set_character(daemon, options);
	if (!place_password(daemon->place, true, &daemon->password, err) ||
	    !identity_load(&daemon->identity, dir, err))
		return false;
	daemon->tls = tls_server_new(dir, clock_wall_ms(), err);
	if (!daemon->tls)
		return false;
	daemon->login = login_open(dir, err);
	if (!daemon->login)
		return false;
	daemon->store = s3_store_open(dir, err);
	if (!daemon->store)
		return false;
	return start_pg(daemon, log_fd, err) &&
	       setup_run(daemon->place, private_pg_socket(daemon->pg),
			 daemon->share.text, &daemon->password, err) &&
	       membership_restore(daemon->login, private_pg_socket(daemon->pg),
				  err) &&
	       open_ports(daemon, options, err);
}

static void add_connection(const struct place *place,
			   const struct place_state *state, struct str *out)
{
	str_addf(out,
		 "  database  psql \"host=localhost port=%d user=%s dbname=%s "
		 "sslmode=verify-full sslrootcert=%s/ca.pem\"\n"
		 "  AWS       http://127.0.0.1:%d\n"
		 "  password  in %s/password\n",
		 state->port, PLACE_USER, PLACE_DATABASE, place->dir.text,
		 state->http_port, place->dir.text);
}

static bool keep_on(void *context)
{
	struct daemon *daemon = context;

	return !private_pg_ended(daemon->pg);
}

static bool serve(struct daemon *daemon, int signals, struct err *err)
{
	struct client_shared shared = {
		.socket_path = private_pg_socket(daemon->pg),
		.tls = daemon->tls,
		.login = daemon->login,
		.params = daemon->params,
		.rewrite = daemon->rewrite,
		.store = daemon->store,
		.identity = &daemon->identity,
		.idle = &daemon->idle,
	};
	struct server_watch watch = { signals, keep_on, daemon };

	return server_run(daemon->server, &shared, &watch, err);
}

/* SIGTERM and SIGINT as a descriptor; blocked before any thread starts, so
 * that all threads inherit it. */
static int take_signals(struct err *err)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		err_set_errno(err, errno, "signalfd");
	return fd;
}

/* A few for each client; often only 1,024 may be open. */
static void raise_limit(void)
{
	const rlim_t wanted = 8192;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Who was turned away, and why, is told in sandbox.log. */
static void open_debug_log(const struct place *place)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	place_path(place, "sandbox.log", &path);
	log_open(path.text, NULL);
}

/* ready is told once, with NULL when it serves, else with what failed. */
static bool run(struct place *place, const struct daemon_options *options,
		int log_fd, void (*ready)(void *context, const struct err *err),
		void *context)
{
	CLEANUP(daemon_done)
	struct daemon daemon = {
		.place = place,
		.share = STR_EMPTY,
		.password = SECRET_EMPTY,
		.identity = IDENTITY_EMPTY,
	};
	struct err err = ERR_EMPTY;
	int signals = take_signals(&err);

	raise_limit();
	open_debug_log(place);
	if (signals < 0 || !open_all(&daemon, options, log_fd, &err)) {
		ready(context, &err);
		return false;
	}
	ready(context, NULL);
	if (!serve(&daemon, signals, &err))
		dprintf(log_fd, "redsh-sandbox: %s\n", err.message);
	close(signals);
	return true;
}

/* What the daemon tells the process that waits for it: one byte K, or the
 * struct err. */
static void tell_parent(void *context, const struct err *err)
{
	int fd = *(int *)context;
	ssize_t done = err ? write(fd, err, sizeof(*err)) : write(fd, "K", 1);

	(void)done;
	close(fd);
}

static bool hear_child(int fd, struct err *err)
{
	struct err told;
	size_t len = 0;
	ssize_t got;

	while (len < sizeof(told) &&
	       (got = read(fd, (char *)&told + len, sizeof(told) - len)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		len += (size_t)got;
	}
	if (len == 1)
		return true;
	if (len == sizeof(told)) {
		*err = told;
		return false;
	}
	err_set(err, ERR_SYSTEM, "the sandbox ended before it was ready");
	return err_hint(err, "see sandbox.log in its folder");
}

static int open_log(const struct place *place, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	int fd;

	place_path(place, "sandbox.log", &path);
	fd = open(path.text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		err_set_errno(err, errno, "%s", path.text);
	return fd;
}

static void go_background(int log_fd)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	if (chdir("/") != 0)
		_exit(1);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(log_fd, STDOUT_FILENO);
	dup2(log_fd, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

static bool start_background(struct place *place,
			     const struct daemon_options *options, int log_fd,
			     struct err *err)
{
	int ends[2];
	pid_t pid;
	bool ok;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set_errno(err, errno, "pipe");
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return err_set_errno(err, errno, "fork");
	if (pid == 0) {
		close(ends[0]);
		go_background(log_fd);
		ok = run(place, options, log_fd, tell_parent, &ends[1]);
		place_done(place);
		_exit(ok ? 0 : 1);
	}
	close(ends[1]);
	ok = hear_child(ends[0], err);
	close(ends[0]);
	if (!ok)
		waitpid(pid, NULL, 0);
	return ok;
}

struct foreground {
	const struct place *place;
	struct err err;
};

static void say_ready(void *context, const struct err *err)
{
	struct foreground *foreground = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (err) {
		foreground->err = *err;
		return;
	}
	daemon_describe(foreground->place, &text);
	fputs(text.text, stdout);
	fflush(stdout);
}

bool daemon_start(struct place *place, const struct daemon_options *options,
		  struct str *told, struct err *err)
{
	struct foreground foreground = { .place = place };
	int log_fd;
	bool ok;

	if (!place_make(place, err))
		return false;
	log_fd = open_log(place, err);
	if (log_fd < 0)
		return false;
	if (options->foreground) {
		ok = run(place, options, log_fd, say_ready, &foreground);
		if (!ok)
			*err = foreground.err;
	} else {
		ok = start_background(place, options, log_fd, err);
		if (ok)
			daemon_describe(place, told);
	}
	close(log_fd);
	return ok;
}

bool daemon_stop(const struct place *place, bool *was_running, struct err *err)
{
	struct timespec nap = { 0, 20 * 1000 * 1000 };
	int64_t end_us = clock_monotonic_us() + (int64_t)STOP_MS * 1000;
	pid_t pid = place_holder(place);

	*was_running = pid != 0;
	if (pid == 0)
		return true;
	if (kill(pid, SIGTERM) != 0)
		return err_set_errno(err, errno, "stopping process %d",
				     (int)pid);
	while (place_holder(place) == pid) {
		if (clock_monotonic_us() > end_us) {
			err_set(err, ERR_SYSTEM, "process %d does not end",
				(int)pid);
			return err_hint(err, "see sandbox.log in %s",
					place->dir.text);
		}
		nanosleep(&nap, NULL);
	}
	return true;
}

bool daemon_describe(const struct place *place, struct str *out)
{
	struct place_state state;
	pid_t pid = place_holder(place);

	if (pid == 0 || !place_load(place, &state, NULL)) {
		str_addf(out, "no sandbox runs in %s\n", place->dir.text);
		return false;
	}
	str_addf(out, "sandbox in %s runs (process %d)\n", place->dir.text,
		 (int)pid);
	add_connection(place, &state, out);
	return true;
}

/* In single quotes for the shell. */
static void add_export(struct str *out, const char *name, const char *value)
{
	str_addf(out, "export %s='", name);
	for (; *value; value++)
		if (*value == '\'')
			str_add(out, "'\\''");
		else
			str_add_char(out, *value);
	str_add(out, "'\n");
}

static void add_number(struct str *out, const char *name, int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	add_export(out, name, text);
}

/* Of the sandbox's Kaggle; see shell/sandbox about whose are taken. */
static void add_kaggle(struct str *out, const char *base,
		       const struct identity *identity)
{
	CLEANUP(secret_done) struct secret secret = SECRET_EMPTY;

	add_export(out, "KAGGLE_API_ENDPOINT", base);
	add_export(out, "KAGGLE_USERNAME", API_KAGGLE_USER);
	api_kaggle_key(identity, &secret);
	add_export(out, "KAGGLE_KEY", secret_text(&secret));
	api_kaggle_token(identity, &secret);
	add_export(out, "KAGGLE_API_TOKEN", secret_text(&secret));
}

bool daemon_exports(const struct place *place, struct str *out, struct err *err)
{
	CLEANUP(secret_done) struct secret password = SECRET_EMPTY;
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct place_state state;

	if (place_holder(place) == 0) {
		err_set(err, ERR_MISSING, "no sandbox runs in %s",
			place->dir.text);
		return err_hint(err, "redsh-sandbox start");
	}
	if (!place_load(place, &state, err) ||
	    !place_password(place, false, &password, err) ||
	    !identity_load(&identity, place->dir.text, err))
		return false;
	add_export(out, "PGHOST", "localhost");
	add_number(out, "PGPORT", state.port);
	add_export(out, "PGUSER", PLACE_USER);
	add_export(out, "PGPASSWORD", secret_text(&password));
	add_export(out, "PGDATABASE", PLACE_DATABASE);
	add_export(out, "PGSSLMODE", "verify-full");
	place_path(place, "ca.pem", &text);
	add_export(out, "PGSSLROOTCERT", text.text);
	str_clear(&text);
	str_addf(&text, "http://127.0.0.1:%d", state.http_port);
	add_kaggle(out, text.text, &identity);
	add_export(out, "AWS_ENDPOINT_URL", text.text);
	add_export(out, "AWS_ACCESS_KEY_ID", identity.access_key_id);
	add_export(out, "AWS_SECRET_ACCESS_KEY",
		   secret_text(&identity.secret_key));
	add_export(out, "AWS_REGION", IDENTITY_REGION);
	add_export(out, "AWS_DEFAULT_REGION", IDENTITY_REGION);
	return true;
}

bool daemon_expire(const struct place *place, struct err *err)
{
	CLEANUP(login_closep)
	struct login *login = login_open(place->dir.text, err);

	return login && login_expire(login, err);
}
