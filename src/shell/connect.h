/* shell/connect.h - the session's connection: made, changed, lost. */
#ifndef SHELL_CONNECT_H
#define SHELL_CONNECT_H

#include <stdbool.h>

#include "base/err.h"

struct db;
struct dsn;
struct login_aside;
struct session;
struct str;

/* Connects as the command line says; asks for a password where allowed.
 * false: it failed and has been said. */
bool connect_first(struct session *session);

/* For commands that need no server: the sandbox that the command line names
 * is joined, and what it says of a connection is known as session->dsn.
 * false: it failed and has been said. */
bool connect_prepare(struct session *session);

/* What the command line says to connect to, without asking anybody: host,
 * port, dbname, user as far as they are known. false: a broken URI. */
bool connect_named(struct session *session, struct dsn *dsn, struct err *err);

/* Sets what connections.conf says of "@NAME"; warns of an open file. */
bool connect_fill_saved(struct session *session, const char *name,
			struct dsn *dsn, struct err *err);

/* Connects to dsn in place of the current connection, which stays when that
 * fails. out_why gets libpq's text. The dsn is taken over on success. */
bool connect_to(struct session *session, struct dsn *dsn, struct str *out_why,
		struct err *err);

/* A further connection as the session's is, for a thread of its own: login and
 * settings are copied, and a login by IAM is renewed there, without a question
 * to anybody. context of connect_aside: a struct login_aside. */
struct login_aside *connect_aside_new(struct session *session);
void connect_aside_free(struct login_aside *aside); /* NULL is fine */
/* What the server shows as application_name; a static text. */
void connect_aside_name(struct login_aside *aside, const char *name);
struct db *connect_aside(void *context, int stop_fd, struct err *err);

/* Ends the catalog's thread and forgets what it logged in with; likewise who
 * watches a load. */
void connect_close_catalog(struct session *session);

/* One more try with the settings of the connection that was lost. */
bool connect_again(struct session *session);

/* Closes; the session is offline afterwards. */
void connect_forget(struct session *session);

/* "Password for user ...: " from the terminal, without echo. Appends. */
bool connect_ask_password(const char *question, struct str *out);

/* The entry of the service file that was asked for, or NULL. */
const char *connect_service(const struct session *session);

#endif
