#include "sandbox/gateway/startup.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "sandbox/gateway/authenticate.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/membership.h"
#include "sandbox/gateway/perform.h"
#include "sandbox/gateway/pgparam.h"
#include "sandbox/gateway/querylog.h"
#include "sandbox/gateway/server.h"
#include "sandbox/ground/tls.h"
#include "sandbox/rewrite/rewrite.h"

#define LOGIN_SECONDS 60
#define PADB_REVISION "80491"

/* One start-up parameter as the backend gets it. */
struct pair {
	char *name;
	char *value;
};

struct request {
	char *login_user; /* as sent: may begin with IAM: */
	char *database;   /* NULL: as the user */
	char *space;      /* identity_namespace */
	bool by_token;    /* an identity provider is named */
	struct {
		VEC(struct pair);
	} settings;
};

static void request_done(struct request *request)
{
	mem_free(request->login_user);
	mem_free(request->database);
	mem_free(request->space);
	for (size_t i = 0; i < request->settings.count; i++) {
		mem_free(request->settings.items[i].name);
		mem_free(request->settings.items[i].value);
	}
	vec_done(&request->settings);
}

static bool send_fatal(struct client *client, const struct err *why)
{
	struct frame_report report = {
		.severity = "FATAL",
		.sqlstate = why->code[0] ? why->code : "08P01",
		.message = why->message,
		.hint = why->hint,
	};

	frame_add_report(&client->stream.out, 'E', &report);
	stream_flush(&client->stream, NULL);
	return false;
}

static bool refuse(struct err *err, const char *sqlstate, const char *message)
{
	err_set(err, ERR_SERVER, "%s", message);
	return err_set_code(err, sqlstate);
}

/* Names that clients send and Redshift takes without keeping them as a
 * setting. */
static bool is_told_only(const char *name)
{
	static const char *const names[] = {
		"driver_version",
		"os_version",
		"plugin_name",
		"client_protocol_version",
		"driver_discovery_version",
		"fallback_application_name",
		"provider_name",
		"idc_client_display_name",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return str_starts(name, "_pq_.");
}

/* Those that SYS_CONNECTION_LOG tells. */
static void keep_for_log(struct request *request, const char *name,
			 const char *value)
{
	CLEANUP(str_done) struct str server_name = STR_EMPTY;
	struct pair pair;

	if (strcmp(name, "driver_version") != 0 &&
	    strcmp(name, "os_version") != 0 && strcmp(name, "plugin_name") != 0)
		return;
	str_addf(&server_name, "redsh.%s", name);
	pair.name = str_take(&server_name);
	pair.value = mem_copy_text(value);
	vec_push(&request->settings, pair);
}

static bool add_setting(const struct pgparams *params, struct request *request,
			const char *name, const char *value, struct err *err)
{
	CLEANUP(str_done) struct str server_name = STR_EMPTY;
	CLEANUP(str_done) struct str canonical = STR_EMPTY;
	const struct pgparam *param;
	struct pair pair;

	if (is_told_only(name)) {
		keep_for_log(request, name, value);
		return true;
	}
	param = pgparams_find(params, name, err);
	if (!param || !pgparam_check(param, value, err))
		return false;
	/* whatever it says, text is UTF-8 here and is reported as UNICODE */
	if (strcmp(param->name, "client_encoding") == 0)
		return true;
	pgparam_server_name(param, &server_name);
	pair.name = str_take(&server_name);
	pgparam_canonical(param, value, &canonical);
	pair.value = str_take(&canonical);
	vec_push(&request->settings, pair);
	return true;
}

/* One word of the options parameter; a backslash keeps a blank. */
static const char *option_word(const char *at, struct str *out)
{
	str_clear(out);
	at += strspn(at, " \t\n");
	while (*at && !strchr(" \t\n", *at)) {
		if (*at == '\\' && at[1])
			at++;
		str_add_char(out, *at++);
	}
	return at;
}

static bool add_option(const struct pgparams *params, struct request *request,
		       char *text, struct err *err)
{
	char *equals = strchr(text, '=');

	if (!equals) {
		err_set(err, ERR_SERVER, "-c %s requires a value", text);
		return err_set_code(err, "42601");
	}
	*equals = '\0';
	for (char *c = text; c < equals; c++)
		if (*c == '-')
			*c = '_';
	return add_setting(params, request, text, equals + 1, err);
}

/* "-c name=value -c name=value" and "--name=value", as PostgreSQL reads it */
static bool add_options(const struct pgparams *params, struct request *request,
			const char *text, struct err *err)
{
	CLEANUP(str_done) struct str word = STR_EMPTY;
	const char *at = option_word(text, &word);

	for (; word.len > 0; at = option_word(at, &word)) {
		bool ok;

		if (strcmp(word.text, "-c") == 0) {
			at = option_word(at, &word);
			ok = add_option(params, request, word.text, err);
		} else if (str_starts(word.text, "-c") ||
			   str_starts(word.text, "--")) {
			ok = add_option(params, request, word.text + 2, err);
		} else {
			err_set(err, ERR_SERVER,
				"invalid command-line argument for server "
				"process: %s",
				word.text);
			ok = err_set_code(err, "42601");
		}
		if (!ok)
			return false;
	}
	return true;
}

static bool read_parameter(const struct pgparams *params,
			   struct request *request, const char *name,
			   const char *value, struct err *err)
{
	if (strcmp(name, "user") == 0) {
		mem_free(request->login_user);
		request->login_user = mem_copy_text(value);
		return true;
	}
	if (strcmp(name, "database") == 0) {
		mem_free(request->database);
		request->database = mem_copy_text(value);
		return true;
	}
	if (strcmp(name, "identity_namespace") == 0) {
		mem_free(request->space);
		request->space = mem_copy_text(value);
		return true;
	}
	if (strcmp(name, "idp_type") == 0 || strcmp(name, "token_type") == 0) {
		request->by_token = request->by_token || *value != '\0';
		return true;
	}
	if (strcmp(name, "options") == 0)
		return add_options(params, request, value, err);
	return add_setting(params, request, name, value, err);
}

static bool read_request(struct client *client, struct frame_cursor *cursor,
			 struct request *request, struct err *err)
{
	for (;;) {
		const char *name = frame_text(cursor);
		const char *value;

		if (cursor->bad)
			break;
		if (*name == '\0')
			break;
		value = frame_text(cursor);
		if (cursor->bad)
			break;
		if (!read_parameter(client->shared->params, request, name,
				    value, err))
			return false;
	}
	if (cursor->bad)
		return refuse(err, "08P01",
			      "invalid startup packet layout: "
			      "expected terminator as last byte");
	if (!request->by_token &&
	    (!request->login_user || !*request->login_user))
		return refuse(err, "28000",
			      "no PostgreSQL user name specified "
			      "in startup packet");
	if (request->database && !*request->database) {
		mem_free(request->database);
		request->database = NULL;
	}
	return true;
}

/* require_ssl of the parameter group; in the words that clusters have for a
 * client they do not let in. */
static bool check_tls(struct client *client, const struct request *request,
		      struct err *err)
{
	const struct pgparam *param =
		pgparams_find(client->shared->params, "require_ssl", NULL);
	CLEANUP(str_done) struct str host = STR_EMPTY;

	if (client->stream.tls || !param || strcmp(param->initial, "true") != 0)
		return true;
	server_peer(client->stream.fd, &host);
	err_set(err, ERR_SERVER,
		"no pg_hba.conf entry for host \"%s\", user \"%s\", database "
		"\"%s\", SSL off",
		host.text, request->login_user ? request->login_user : "",
		request->database ? request->database : "");
	return err_set_code(err, "28000");
}

/* The user of the database, and the groups of this session. */
static bool let_in(struct client *client, const struct request *request,
		   struct err *err)
{
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	CLEANUP(str_done) struct str joined = STR_EMPTY;
	struct authenticate_claim claim = {
		.user = request->login_user,
		.database = request->database,
		.by_token = request->by_token,
		.space = request->space,
	};

	if (!authenticate_run(client, &claim, &user, &groups, err) ||
	    !membership_join(client->shared->login,
			     client->shared->socket_path, user.text,
			     groups.text, &joined, err))
		return false;
	client->database = mem_copy_text(
		request->database ? request->database : user.text);
	client->user = str_take(&user);
	client->joined = str_take(&joined);
	return true;
}

static void add_status(struct str *out, const char *name, const char *value)
{
	size_t begun = frame_begin(out, 'S');

	frame_add_text(out, name);
	frame_add_text(out, value);
	frame_end(out, begun);
}

/* What Redshift tells of itself; the list of wire.md's drivers. No
 * standard_conforming_strings: libpq then knows that backslashes escape. */
static void add_statuses(struct client *client, const struct str *from_server)
{
	static const char *const fixed[][2] = {
		{ "server_version", "8.0.2" },
		{ "server_encoding", "UNICODE" },
		{ "client_encoding", "UNICODE" },
		{ "integer_datetimes", "on" },
		{ "padb_revision", PADB_REVISION },
		{ "padb_version", "1.0." PADB_REVISION },
		{ "server_protocol_version", "0" },
		{ "datashare_enabled", "off" },
		{ "external_database", "off" },
	};
	static const char *const passed[] = { "DateStyle", "TimeZone",
					      "is_superuser",
					      "session_authorization" };
	const struct rewrite *rewrite = client->shared->rewrite;
	struct str *out = &client->stream.out;
	size_t at = 0;

	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		add_status(out, fixed[i][0], fixed[i][1]);
	/* 4: constraints, functions, procedures too [driver] */
	add_status(out, "show_discovery",
		   rewrite_character(rewrite)->no_listings ? "0" : "4");
	while (at < from_server->len) {
		const char *message = from_server->text + at;
		const char *name = message + 5;

		for (size_t i = 0; i < COUNT_OF(passed); i++)
			if (strcmp(name, passed[i]) == 0)
				add_status(out, name, name + strlen(name) + 1);
		at += 5 + strlen(name) + 1;
		at += strlen(from_server->text + at) + 1;
	}
}

static bool open_backend(struct client *client, const struct request *request,
			 struct str *parameters, struct err *err)
{
	/* standard_conforming_strings stays on: rewrite has turned the
	 * literals already */
	struct {
		VEC(struct backend_setting);
	} settings = { 0 };
	struct backend_login login = {
		.socket_path = client->shared->socket_path,
		.user = client->user,
		.database = client->database,
		.parameters = parameters,
	};
	struct backend *backend;

	for (size_t i = 0; i < request->settings.count; i++) {
		struct backend_setting setting = {
			request->settings.items[i].name,
			request->settings.items[i].value,
		};

		vec_push(&settings, setting);
	}
	login.settings = settings.items;
	login.setting_count = settings.count;
	backend = backend_open(&login, err);
	vec_done(&settings);
	if (!backend && strcmp(err->code, "53300") == 0) {
		/* CONNECTION LIMIT: PostgreSQL's users are called roles */
		err_set(err, ERR_SERVER, "too many connections for user \"%s\"",
			client->user);
		err_set_code(err, "53300");
	}
	if (backend && !server_attach(client->server, client, backend, err)) {
		backend_close(backend);
		return false;
	}
	return backend != NULL;
}

static bool log_in(struct client *client, struct frame_cursor *cursor,
		   struct err *err)
{
	CLEANUP(request_done) struct request request = { 0 };
	CLEANUP(str_done) struct str parameters = STR_EMPTY;
	struct str *out = &client->stream.out;
	size_t begun;

	if (!read_request(client, cursor, &request, err) ||
	    !check_tls(client, &request, err))
		return false;
	if (!let_in(client, &request, err)) {
		querylog_refused(client,
				 request.login_user ? request.login_user : "",
				 request.database ? request.database : "");
		return false;
	}
	/* the gateway's own, without Redshift's catalog */
	if (strcmp(client->database, "postgres") == 0)
		return refuse(err, "3D000",
			      "database \"postgres\" does not exist");
	if (!open_backend(client, &request, &parameters, err) ||
	    !perform_read_settings(client, err))
		return false;
	querylog_open(client);
	begun = frame_begin(out, 'R');
	frame_add_int32(out, 0);
	frame_end(out, begun);
	add_statuses(client, &parameters);
	begun = frame_begin(out, 'K');
	frame_add_int32(out, client->backend->pid);
	frame_add_int32(out, client->backend->key);
	frame_end(out, begun);
	frame_add(out, 'Z', "I", 1);
	return stream_flush(&client->stream, err);
}

/* Bytes that came before the handshake are not covered by it: PostgreSQL
 * refuses them too (CVE-2021-23214). */
static bool start_tls(struct client *client, struct err *err)
{
	str_add_char(&client->stream.out, 'S');
	if (!stream_flush(&client->stream, err))
		return false;
	if (stream_buffered(&client->stream) > 0)
		return refuse(err, "08P01",
			      "received unencrypted data after SSL request");
	return stream_start_tls(&client->stream, client->shared->tls, err);
}

static void limit_waiting(struct client *client, int seconds)
{
	struct timeval limit = { .tv_sec = seconds };

	setsockopt(client->stream.fd, SOL_SOCKET, SO_RCVTIMEO, &limit,
		   sizeof(limit));
}

/* One packet without type; *out_done: the session has begun. */
static bool answer_packet(struct client *client, bool *out_done,
			  struct err *err)
{
	struct frame frame;
	struct frame_cursor cursor;
	int32_t code;

	if (!frame_read_startup(&client->stream, &frame, err))
		return false;
	cursor = frame_cursor(&frame);
	code = frame_int32(&cursor);
	if (code == FRAME_CANCEL_REQUEST) {
		int32_t pid = frame_int32(&cursor);
		int32_t key = frame_int32(&cursor);

		if (!cursor.bad)
			server_cancel(client->server, pid, key);
		return false;
	}
	if (code == FRAME_SSL_REQUEST && !client->stream.tls)
		return start_tls(client, err);
	if (code == FRAME_GSS_REQUEST || code == FRAME_SSL_REQUEST) {
		str_add_char(&client->stream.out, 'N');
		return stream_flush(&client->stream, err);
	}
	*out_done = true;
	if (code >> 16 != FRAME_PROTOCOL_3 >> 16) {
		err_set(err, ERR_SERVER,
			"unsupported frontend protocol %d.%d: server supports "
			"1.0 to 3.0",
			code >> 16, code & 0xffff);
		return err_set_code(err, "0A000");
	}
	return log_in(client, &cursor, err);
}

bool startup_run(struct client *client, struct err *err)
{
	struct err why = ERR_EMPTY;
	bool done = false;

	limit_waiting(client, LOGIN_SECONDS);
	while (!done) {
		if (answer_packet(client, &done, &why))
			continue;
		if (why.kind == ERR_SERVER || why.kind == ERR_AUTH ||
		    (done && why.kind != ERR_NONE))
			send_fatal(client, &why);
		if (err)
			*err = why;
		return false;
	}
	return true;
}

bool startup_is_there(int fd)
{
	unsigned char head[4];
	int available = 0;
	uint32_t len;

	if (recv(fd, head, sizeof(head), MSG_PEEK | MSG_DONTWAIT) <
	    (ssize_t)sizeof(head))
		return false;
	len = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 |
	      (uint32_t)head[2] << 8 | head[3];
	if (len > FRAME_STARTUP_MAX || ioctl(fd, FIONREAD, &available) != 0)
		return true;
	return (uint32_t)available >= len;
}
