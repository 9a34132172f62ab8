/* shell/session_state.h - the fields of a session; for shell/ and the
 * families of cmd/ that change the shell itself. */
#ifndef SHELL_SESSION_STATE_H
#define SHELL_SESSION_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "complete/complete.h"
#include "db/dberr.h"
#include "db/prepared.h"
#include "edit/editor.h"
#include "print/measure.h"
#include "shell/command.h"
#include "shell/explain.h"
#include "shell/record.h"
#include "shell/say.h"
#include "shell/session.h"
#include "shell/setting.h"

struct cmdline;
struct cond;
struct copy_end;
struct db;
struct dsn;
struct history;
struct iam;
struct input;
struct job;
struct jobs;
struct load_progress;
struct login_aside;
struct mainloop;
struct map;
struct output;
struct picture;
struct rows;
struct tunnel;
struct vars;

enum session_echo { /* ECHO, in the order of its choices */
		    ECHO_NONE,
		    ECHO_ERRORS,
		    ECHO_QUERIES,
		    ECHO_ALL,
};

enum session_hidden { /* ECHO_HIDDEN */
		      HIDDEN_OFF,
		      HIDDEN_NOEXEC,
		      HIDDEN_ON,
};

enum session_rollback { /* ON_ERROR_ROLLBACK */
			ROLLBACK_OFF,
			ROLLBACK_INTERACTIVE,
			ROLLBACK_ON,
};

/* What a command wants done after it: a statement sent, the loop left. */
enum session_after {
	AFTER_NOTHING,
	AFTER_SEND,   /* \g and its kin: send the query buffer, an empty
		       * one: what was sent before */
	AFTER_SEND_AS_IS, /* the query buffer, empty or not */
	AFTER_EDITED, /* \e: scan the new query buffer */
	AFTER_RETYPE, /* \format: the query buffer is to be typed on, or
		       * shown where it cannot be */
	AFTER_QUIT,
};

enum send_use { /* what becomes of the result */
		SEND_PRINT,
		SEND_GSET,
		SEND_GEXEC,
		SEND_GDESC,
		SEND_CROSSTAB,
		SEND_CHART,
		SEND_TAKE,
};

struct send { /* for the next statement only */
	enum send_use use;
	char *target;           /* \g FILE or |command; NULL: as \o says */
	char *prefix;           /* \gset */
	char *crosstab[4];      /* \crosstabview; NULL: not given */
	struct picture *picture; /* \chart */
	/* SEND_TAKE: a command of ours has the rows, and reads them all. */
	bool (*take)(void *context, struct rows *rows, struct err *err);
	void *take_context;
	struct settings *saved; /* put back afterwards (\gx) */
	bool prepared;          /* \bind, \parse ...: by that protocol */
	enum prepared_kind kind;
	char *name;    /* of the prepared statement, or NULL */
	char **values; /* [value_count] */
	size_t value_count;
	const struct copy_end *copy; /* of a \copy; borrowed */
};

struct outcome_mark { /* the variables are as an outcome left them */
	bool is_known;
	unsigned changes; /* vars_changes then */
};

struct pipeline { /* see shell/pipeline.h */
	int commands;
	int results;
	int syncs;
};

/* Variables with a meaning, as their hooks parsed them. */
struct meanings {
	bool autocommit;
	bool allow_destructive;
	bool allow_http;
	bool on_error_stop;
	bool quiet;
	bool singleline;
	bool singlestep;
	bool show_all_results;
	enum session_echo echo;
	enum session_hidden echo_hidden;
	enum session_rollback on_error_rollback;
	enum dberr_verbosity verbosity;
	enum dberr_context show_context;
	int fetch_count;
	int watch_ms;
	int histsize;
	int64_t catalog_age_ms; /* CATALOG_AGE; 0: a day */
	int ignoreeof;
	const char *prompt1; /* borrowed from the variables */
	const char *prompt2;
	const char *prompt3;
};

struct session {
	const struct command *const *tables;
	const struct cmdline *cmdline;
	struct say say;
	bool as_psql; /* invoked under the name psql */

	struct dsn *dsn;    /* where \c starts from */
	struct db *db;      /* NULL: offline */
	struct map *lost_settings; /* names that were set; NULL: none */
	bool lost_tables;          /* temporary ones were made */
	bool was_connected; /* offline by loss, not by choice */
	bool is_offline;    /* --offline: nobody expects a connection */
	bool block_told;    /* of a catalog query in this transaction block */
	struct dberr *last_error;

	struct vars *vars;
	struct meanings is;
	struct settings settings;
	bool timing;
	bool styled;    /* STYLE is redsh, at a terminal */
	bool blank_nulls; /* a listing: null is nothing to be told of */
	enum editor_theme theme; /* THEME */
	int cell_width; /* longest cell shown when styled; 0: any */
	struct last *last; /* NULL: no result yet */
	int64_t rows_end_us; /* of what was drawn last at a prompt, before
			      * the pager was left; 0: unknown */

	struct output *base;      /* standard output */
	struct output *out;       /* base, or what \o opened */
	struct output *temporary; /* \g FILE while it is written, or NULL */
	char *log_path;
	struct output *log; /* -L; NULL: none */

	bool notty;            /* input or output is no terminal */
	bool interactive;      /* the current source is a person */
	struct input *input;   /* the current source; NULL: -c */
	int stdin_scripts;     /* sources, this or outer, on standard input */
	struct mainloop *loop; /* NULL: -c with a command */
	struct cond *cond;     /* of the current loop */
	bool evaluating;       /* the words of an \elif: variables count */
	struct editor *editor;
	struct history *history; /* NULL: not needed yet */
	struct record record;    /* of its entry under way */
	bool progress_shown;
	int64_t progress_us; /* when it was drawn; monotonic */
	struct job *job;     /* this is the session of a job; see job.h */
	struct jobs *jobs;   /* NULL: none yet */
	struct map *kaggle;  /* shell/kaggle_seen; NULL: none yet */
	struct load_progress *load_progress; /* of the last load; or NULL */
	bool savepoint;          /* set around the statement under way */
	bool savepoint_touched;  /* which ended savepoints itself */
	bool savepoints_refused; /* said once that there are none */
	bool told_early;         /* a notice: goes before what is held ... */
	size_t notice_place;     /* ... from this place of base on */
	bool expects_tag; /* the statement is one that gives no rows */
	bool lone_query;         /* what runs is one SELECT in autocommit */

	char *restrict_key; /* of \restrict; NULL: commands run */
	enum session_after after;
	struct send send;
	struct pipeline pipeline;
	struct explain explain; /* of loads that failed */
	struct map *prepared; /* name -> char * text, where production is on;
			       * NULL: none yet */
	int inputs_due;       /* COPY FROM STDIN that the server may begin */
	bool watching;        /* \watch: no echo, no variables */
	int64_t watched_rows; /* ROW_COUNT of what was sent last */
	struct outcome_mark good;     /* of a success with as many rows */
	struct outcome_mark inserted; /* of a tag */
	int64_t batch_rows; /* FETCH_COUNT, of the query under way; 0: none */

	struct measure_charset charset; /* of the result being drawn */
	int encoding; /* the client's, as last seen; db_encoding_id */

	struct aws *aws;
	char *aws_profile;	/* of \aws profile; NULL: as started */
	char *aws_region;	/* of \aws region; NULL: as started */
	bool http_asked;	/* about an endpoint without TLS */
	bool http_allowed;	/* ... and the answer was yes */
	bool aws_warned;	/* what worker_warning says has been shown */
	struct iam *iam;
	struct tunnel *tunnel; /* of --ssh; NULL: none */
	struct map *dashboards; /* QuickSight's, by name, that were heard of;
				 * NULL: none yet */
	struct catalog *catalog;
	struct login_aside *catalog_login; /* of its thread; see connect.h */
	bool catalog_tried;
	bool catalog_told;           /* the trouble with its file */
	char *catalog_trouble;       /* why there is none, to be told */
	struct mailbox *catalog_news; /* it is to be opened */
	bool catalog_changed; /* DDL went into a pipeline */
	struct complete_arg suggest_args[32]; /* of the command at Tab */
	struct mailbox *s3_news;              /* S3 names for Tab have come */
	bool connect_failed; /* that it was lost is \c's doing */
	bool quit_lost;      /* the connection was lost: exit code 2 */
	bool incomplete;     /* an output could not be written: exit code 1 */
	int include_depth;   /* scripts that are open, one inside the other */
};

struct session *session_new(const struct command *const tables[],
			    const struct cmdline *cmdline, const char *program);
void session_free(struct session *session);
CLEANUP_FREE(struct session, session_free, session_freep)

/* The output for results: \g's target, else \o's, else stdout. */
struct output *session_output(struct session *session);

/* Opens FILE or "|command"; what stdout holds goes out first, so that the
 * command's own output comes behind it. */
struct output *session_open_output(struct session *session, const char *target,
				   struct err *err);

/* Text to the current output; failures are told at the next flush. */
void session_print(struct session *session, const char *text);
void session_printf(struct session *session, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Text to standard output whatever \o says (\echo, ECHO). */
void session_put(struct session *session, const char *text);

/* Appends sql as it may be shown: keys of AWS are hidden, and passwords unless
 * the server is a plain PostgreSQL, whose scripts are echoed as psql does. */
void session_mask(const struct session *session, const char *sql, size_t len,
		  struct str *out);

/* As session_put, as session_mask has it; no newline is added. */
void session_put_masked(struct session *session, const char *sql, size_t len);

/* Appends text of the server as the current output may show it: a styled
 * terminal gets no orders. */
void session_add_shown(const struct session *session, const char *text,
		       struct str *out);

/* Everything held goes out; tells what could not be written. */
bool session_flush(struct session *session);

/* false: something could not be written and that has been said. */
bool session_is_complete(const struct session *session);

/* After a statement: what must not wait goes out. false: it could not, and
 * that has been said. */
bool session_settle(struct session *session);

/* "could not write ..., the output is incomplete". */
void say_incomplete(struct session *session, const struct err *err);

/* One line from where answers come: the terminal or standard input. */
bool session_read_answer(struct session *session, struct str *out);

/* Asks for the MFA code that the next fetch of credentials needs, if any, and
 * if a person is there. Never from behind a Tab or another thread. */
void session_ask_code(struct session *session, struct aws *aws);

/* Variables that follow the connection: encoding, names. */
void session_sync(struct session *session);

void session_send_clear(struct session *session);

/* The variable's value for :name, nothing while an \if skips. */
const char *session_lookup(void *context, const char *name);

/* Whether value may stand in quotes in SQL; tells why not, as psql does. */
bool session_may_quote(void *context, const char *value);

/* Runs the command named in text ("echo a b", without the backslash); the
 * bytes that belong to it are *out_used. */
bool session_command(struct session *session, const char *text,
		     size_t *out_used);

/* How wide and high the screen is; 0: no terminal. */
int session_screen_columns(void);
int session_screen_lines(void);

#endif
