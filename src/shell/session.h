/* shell/session.h - all state of one running shell, and what handlers may do.
 *
 * Made in main. A command handler uses the functions below; the fields are
 * for shell/ only (shell/session_state.h).
 */
#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct session;
struct rows;
struct db;
struct aws;
struct progress;
struct catalog;
struct sink;

/* The connection; NULL when offline. See db/conn.h. */
struct db *session_db(struct session *session);

/* The AWS thread, started on first need; NULL and err when there is no
 * region or configuration to start with. See aws/worker.h. */
struct aws *session_aws(struct session *session, struct err *err);

/* May AWS keys sign requests that go over plain HTTP to another machine: the
 * variable ALLOW_HTTP_ENDPOINT, or what was answered. */
bool session_allows_http(const struct session *session);

/* The same for a command that will ask AWS: on a terminal the person is asked
 * for the code of an MFA device when one is needed. */
struct aws *session_aws_ready(struct session *session, struct err *err);

/* What the AWS thread is started with: \aws profile and \aws region, else
 * the options of the command line; NULL: as the environment and files say. */
const char *session_aws_profile(const struct session *session);
const char *session_aws_region(const struct session *session);
const char *session_aws_endpoint(const struct session *session);

/* Starts it anew with another profile or region (NULL: as it is). What is
 * wrong with the new one leaves the old one in use. */
bool session_switch_aws(struct session *session, const char *profile,
			const char *region, struct err *err);

/* The metadata cache; NULL with --no-cache or offline. See catalog/. */
struct catalog *session_catalog(struct session *session);

/* Says once what is wrong with its file, if anything is. */
void session_tell_catalog(struct session *session);

/* psql variables; NULL: not set. */
const char *session_var(const struct session *session, const char *name);
void session_set_var(struct session *session, const char *name,
		     const char *value);

/* Draws rows in the current format to the current output (\o, pager, \g's
 * file), frees them. footer NULL: "(N rows)" as set; "": none. */
bool session_print_rows(struct session *session, struct rows *rows,
			const char *footer, struct err *err);

/* The same with \x on or off, whatever is set. */
bool session_print_expanded(struct session *session, struct rows *rows,
			    const char *footer, bool expanded, struct err *err);

/* Bytes to the current output as they are (\s3cat, \echo). */
struct sink *session_out(struct session *session);

/* May a command read standard input as data? ERR_USAGE: the commands come
 * from there. */
bool session_may_read_stdin(const struct session *session, struct err *err);

/* Does a person see it on a terminal, so that bytes of others must not reach
 * it as they are? */
bool session_out_is_screen(struct session *session);

/* Talk: stderr in a pipe, the screen on a terminal; quiet silences info. */
void session_info(struct session *session, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void session_warn(struct session *session, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* "Did not find any ...": shown as an error that fails nothing. false: QUIET
 * is on, nothing was said. */
bool session_found_none(struct session *session, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* QuickSight's dashboard of that name is offered by Tab from now on. */
void session_note_dashboard(struct session *session, const char *name);

/* A transient progress line, on a terminal only; "" removes it. */
void session_progress(struct session *session, const char *text);

/* The same for a transfer, ten times a second at most: "put s3://b/k  52% ..."
 * cut to the screen's width. For many files subject is "" and progress counts
 * them. */
void session_show_transfer(struct session *session, const char *verb,
			   const char *subject,
			   const struct progress *progress);

/* Asks on the terminal; ERR_USAGE naming switch_name ("--yes") when there
 * is no terminal. */
bool session_confirm(struct session *session, const char *question,
		     const char *switch_name, bool *out_yes, struct err *err);

/* Appends the line that a person types as an answer. ERR_CANCELLED. Only where
 * session_is_interactive. */
struct str;
bool session_ask(struct session *session, const char *question,
		 struct str *out, struct err *err);

/* True when a person sits at a terminal and may be asked. */
bool session_is_interactive(const struct session *session);

/* The query buffer, and the last statement sent; "" when none. */
const char *session_query_buffer(const struct session *session);
const char *session_last_query(const struct session *session);

/* To be called with every query that a command of ours sends by itself:
 * shows it when ECHO_HIDDEN asks for that. false: it is not to be sent
 * (noexec), err is marked as shown. */
bool session_hidden_sql(struct session *session, const char *sql,
			struct err *err);

/* What a query of a command of ours answers. NULL: it failed, which has been
 * shown as a statement's failure is, or was not sent (ECHO_HIDDEN noexec);
 * err is marked as shown. */
struct rows *session_query(struct session *session, const char *sql,
			   struct err *err);

/* Sends sql as if typed with a semicolon: echo, timing, results printed,
 * errors shown, variables set. false: it failed and has been shown, err is
 * marked as shown. */
bool session_run_sql(struct session *session, const char *sql, struct err *err);

/* For Tab: a data set of Kaggle is there, or a file of it (NULL: none). */
void session_saw_kaggle(struct session *session, const char *set,
			const char *file);

/* The data set was used: it and its files are there in other sessions, too. */
void session_keep_kaggle(struct session *session, const char *set);

#endif
