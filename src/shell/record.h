/* shell/record.h - what a person types goes into the history, with how long
 * it took, its rows, and how it ended. Scripts and -c are not recorded. */
#ifndef SHELL_RECORD_H
#define SHELL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct history;
struct session;

struct record { /* of the entry under way */
	bool is_open;
	int64_t begin_us;
	int64_t statements_us; /* of its statements, without the pager */
	int64_t rows;          /* of the last; -1: unknown */
	bool has_statements;
	bool failed;
	char sqlstate[8];
};

/* At start, before options and start-up files: at a terminal HISTSIZE and
 * HISTCONTROL are redsh's own, not psql's. */
void record_begin_session(struct session *session);

/* HISTSIZE has changed; is_default: it was unset. */
void record_set_size(struct session *session, bool is_default);

/* The history, made on first need; it opens no file. */
struct history *record_history(struct session *session);

/* At a first start: psql's history may be taken over. */
void record_offer_import(struct session *session);

/* Before a prompt: where statements go now, and what the history has to say. */
void record_follow(struct session *session);

/* text begins to run; and it has ended, well or not. */
void record_begin(struct session *session, const char *text);
void record_end(struct session *session, bool ok);

/* Of one statement in it. */
void record_statement(struct session *session, int64_t duration_us);
void record_rows(struct session *session, int64_t rows);
void record_error(struct session *session, const char *sqlstate);

#endif
