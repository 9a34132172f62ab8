/* shell/pipeline.h - many requests sent before the first answer is read:
 * \startpipeline and its kin, as psql 18 has them.
 *
 * PIPELINE_COMMAND_COUNT: requests since the last sync or flush request;
 * PIPELINE_RESULT_COUNT: requests before it whose answers are unread;
 * PIPELINE_SYNC_COUNT: syncs unread.
 */
#ifndef SHELL_PIPELINE_H
#define SHELL_PIPELINE_H

#include <stdbool.h>

#include "base/err.h"

struct session;

bool pipeline_is_open(const struct session *session);

/* Refuses what needs its answer at once (\g, \watch ...); name without the
 * backslash. */
bool pipeline_allows(const struct session *session, const char *name,
		     struct err *err);

/* An open one stays as it is. */
bool pipeline_start(struct session *session, struct err *err);

/* Queues sql, or what session->send says. */
bool pipeline_add(struct session *session, const char *sql, struct err *err);

bool pipeline_sync(struct session *session, struct err *err);
bool pipeline_request_flush(struct session *session, struct err *err);
bool pipeline_flush(struct session *session, struct err *err);

/* Reads and shows the next count answers, 0: all that were asked for. What
 * fails is shown; false then, with an empty err. */
bool pipeline_read(struct session *session, int count, struct err *err);

/* A last sync, all answers, and back to one statement at a time. */
bool pipeline_end(struct session *session, struct err *err);

/* The program ends: tells when requests of an open pipeline are lost. */
void pipeline_leave(struct session *session);

#endif
