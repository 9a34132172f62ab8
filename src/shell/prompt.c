#include "shell/prompt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/proc.h"
#include "base/str.h"
#include "base/utf8.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "db/prepared.h"
#include "shell/cond.h"
#include "shell/connect.h"
#include "shell/mainloop.h"
#include "shell/production.h"
#include "shell/session_state.h"
#include "shell/var.h"

enum { COMMAND_BYTES = 8192 }; /* most that %`command` may print */

/* Debian's libpq looks for sockets there. */
#define SOCKET_FOLDER "/var/run/postgresql"

struct writer {
	struct session *session;
	const char *at; /* in the format, after '%' */
	struct str *out;
	char inside; /* mainloop_inside */
	size_t line; /* of the statement */
};

/* A row: the letter after '%' and what it adds. It leaves at behind what it
 * has read. */
struct escape {
	char letter;
	void (*add)(struct writer *writer);
};

static void add_host_to(struct writer *writer, const char *stop_at)
{
	const struct db *db = writer->session->db;
	const char *host = db ? db_host(db) : "";

	if (!db)
		return;
	if (*host == '/' && !*stop_at && strcmp(host, SOCKET_FOLDER) != 0) {
		str_addf(writer->out, "[local:%s]", host);
		return;
	}
	if (!*host || *host == '/') {
		str_add(writer->out, "[local]");
		return;
	}
	str_add_slice(writer->out, host, strcspn(host, stop_at));
}

static void add_full_host(struct writer *writer)
{
	add_host_to(writer, "");
}

static void add_host(struct writer *writer)
{
	add_host_to(writer, ".");
}

static void add_port(struct writer *writer)
{
	if (writer->session->db)
		str_add(writer->out, db_port(writer->session->db));
}

static const char *user_name(const struct session *session)
{
	const char *now = db_parameter(session->db, "session_authorization");

	return now ? now : db_user(session->db);
}

static void add_service(struct writer *writer)
{
	const struct session *session = writer->session;
	const char *named = session->db ? connect_service(session) : NULL;

	if (named)
		str_add(writer->out, named);
}

static void add_user(struct writer *writer)
{
	const struct session *session = writer->session;

	/* The server tells the name. */
	if (session->db)
		say_add_shown(&session->say, user_name(session), writer->out);
}

static void add_database(struct writer *writer)
{
	if (writer->session->db)
		str_add(writer->out, db_name(writer->session->db));
	else
		str_add(writer->out, "offline");
}

static void add_short_database(struct writer *writer)
{
	const struct session *session = writer->session;
	const char *own = getenv("PGDATABASE");

	if (session->db &&
	    (strcmp(db_name(session->db), user_name(session)) == 0 ||
	     (own && strcmp(db_name(session->db), own) == 0)))
		str_add_char(writer->out, '~');
	else
		add_database(writer);
}

static void add_superuser(struct writer *writer)
{
	const struct db *db = writer->session->db;
	const char *super = db ? db_parameter(db, "is_superuser") : NULL;
	bool yes = super && strcmp(super, "on") == 0;

	str_add_char(writer->out, yes ? '#' : '>');
}

static void add_pid(struct writer *writer)
{
	if (writer->session->db)
		str_addf(writer->out, "%d",
			 db_backend_pid(writer->session->db));
}

static void add_ready(struct writer *writer)
{
	const struct session *session = writer->session;
	char c = writer->inside;

	if (c == '=' && session->cond && !cond_active(session->cond))
		c = '@';
	else if (c == '=' && !session->db && session->was_connected)
		c = '!';
	else if (c == '=' && session->is.singleline)
		c = '^';
	str_add_char(writer->out, c);
}

static void add_transaction(struct writer *writer)
{
	const struct db *db = writer->session->db;

	if (!db) {
		if (writer->session->was_connected)
			str_add_char(writer->out, '?');
		return;
	}
	switch (db_transaction(db)) {
	case DB_IDLE:
		break;
	case DB_ACTIVE:
	case DB_IN_BLOCK:
		str_add_char(writer->out, '*');
		break;
	case DB_IN_FAILED_BLOCK:
		str_add_char(writer->out, '!');
		break;
	case DB_UNKNOWN:
		str_add_char(writer->out, '?');
		break;
	}
}

static void add_pipeline(struct writer *writer)
{
	static const char *const words[] = { "off", "on", "abort" };
	const struct db *db = writer->session->db;

	str_add(writer->out, words[db ? prepared_pipeline(db) : PIPELINE_OFF]);
}

static void add_line(struct writer *writer)
{
	str_addf(writer->out, "%zu", writer->line);
}

/* The text up to the closing character, which is skipped. */
static void take_until(struct writer *writer, char close, struct str *out)
{
	const char *end = strchr(writer->at, close);

	if (!end)
		end = writer->at + strlen(writer->at);
	str_add_slice(out, writer->at, (size_t)(end - writer->at));
	writer->at = *end ? end + 1 : end;
}

static void add_variable(struct writer *writer)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *value;

	take_until(writer, ':', &name);
	value = vars_get(writer->session->vars, name.text);
	if (value)
		str_add(writer->out, value);
}

/* The first line of what it prints. */
static void add_command(struct writer *writer)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str told = STR_EMPTY;

	take_until(writer, '`', &line);
	proc_capture(line.text, COMMAND_BYTES, &told, NULL, NULL);
	str_add_slice(writer->out, told.text, strcspn(told.text, "\n"));
}

static void add_invisible_start(struct writer *writer)
{
	str_add_char(writer->out, '\001');
}

static void add_invisible_end(struct writer *writer)
{
	str_add_char(writer->out, '\002');
}

/* @NAME of a saved connection; in production so that it is seen. */
static void add_connection(struct writer *writer)
{
	const struct session *session = writer->session;
	const char *name = session->db ? dsn_get(session->dsn, "connection")
				       : NULL;
	bool production = production_is_on(session);
	bool red = production && !session->notty && session->say.hints &&
		   !getenv("NO_COLOR");

	if (red)
		str_add(writer->out, "\001\033[1;37;41m\002");
	if (name)
		str_addf(writer->out, "@%s", name);
	if (production)
		str_addf(writer->out, "%sPRODUCTION", name ? " " : "");
	if (red)
		str_add(writer->out, "\001\033[0m\002");
}

static void add_percent(struct writer *writer)
{
	str_add_char(writer->out, '%');
}

static void format(struct session *session, const char *text, char inside,
		   struct str *out);

/* Columns of a prompt: what stands between \001 and \002 takes none. */
static size_t width_cols(const struct str *prompt)
{
	CLEANUP(str_done) struct str seen = STR_EMPTY;
	const char *line = strrchr(prompt->text, '\n');
	bool visible = true;

	for (const char *at = line ? line + 1 : prompt->text; *at; at++) {
		if (*at == '\001')
			visible = false;
		else if (*at == '\002')
			visible = true;
		else if (visible)
			str_add_char(&seen, *at);
	}
	return (size_t)utf8_width_cols(seen.text, seen.len);
}

/* As wide as PROMPT1. */
static void add_blanks(struct writer *writer)
{
	CLEANUP(str_done) struct str first = STR_EMPTY;
	const char *text = writer->session->is.prompt1;

	if (!text || strstr(text, "%w"))
		return;
	format(writer->session, text, '=', &first);
	str_add_repeat(writer->out, ' ', width_cols(&first));
}

static const struct escape escapes[] = {
	{ 'M', add_full_host },
	{ 'm', add_host },
	{ '>', add_port },
	{ 'n', add_user },
	{ '/', add_database },
	{ '~', add_short_database },
	{ '#', add_superuser },
	{ 'p', add_pid },
	{ 'R', add_ready },
	{ 'x', add_transaction },
	{ 'P', add_pipeline },
	{ 'l', add_line },
	{ ':', add_variable },
	{ '`', add_command },
	{ '[', add_invisible_start },
	{ ']', add_invisible_end },
	{ 'w', add_blanks },
	{ '%', add_percent },
	{ 's', add_service },
	{ '@', add_connection },
};

static void add_octal(struct writer *writer)
{
	unsigned value = 0;

	while (*writer->at >= '0' && *writer->at <= '7')
		value = value * 8 + (unsigned)(*writer->at++ - '0');
	if ((char)value)
		str_add_char(writer->out, (char)value);
}

static void add_escape(struct writer *writer)
{
	char letter = *writer->at;

	if (isdigit((unsigned char)letter) && letter < '8') {
		add_octal(writer);
		return;
	}
	if (letter)
		writer->at++;
	for (size_t i = 0; i < COUNT_OF(escapes); i++)
		if (escapes[i].letter == letter) {
			escapes[i].add(writer);
			return;
		}
	if (letter)
		str_add_char(writer->out, letter);
}

static void format_line(struct session *session, const char *text, char inside,
			size_t line, struct str *out)
{
	struct writer writer = { session, text, out, inside, line };

	while (*writer.at) {
		if (*writer.at != '%') {
			str_add_char(out, *writer.at++);
			continue;
		}
		writer.at++;
		add_escape(&writer);
	}
}

static void format(struct session *session, const char *text, char inside,
		   struct str *out)
{
	format_line(session, text, inside, mainloop_line(session->loop), out);
}

bool prompt_further(struct session *session, char inside, size_t line,
		    struct str *out)
{
	const char *text =
		inside == '=' ? session->is.prompt1 : session->is.prompt2;

	if (!text)
		return false;
	format_line(session, text, inside,
		    mainloop_line(session->loop) + line - 1, out);
	return strstr(text, "%l") != NULL;
}

void prompt_format(struct session *session, struct str *out)
{
	char inside = mainloop_inside(session->loop);
	const char *text =
		inside == '=' ? session->is.prompt1 : session->is.prompt2;

	if (!text)
		return;
	/* Production shows, whatever the prompt is made of. */
	if (inside == '=' && production_is_on(session) && !strstr(text, "%@"))
		format(session, "%@ ", inside, out);
	format(session, text, inside, out);
}
