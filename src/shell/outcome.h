/* shell/outcome.h - what a statement leaves in the variables: ERROR, SQLSTATE,
 * ROW_COUNT and LAST_ERROR_*. \watch leaves them alone, as in psql. */
#ifndef SHELL_OUTCOME_H
#define SHELL_OUTCOME_H

struct dberr;
struct session;

/* count: the number in the tag, "" for none. */
void outcome_good(struct session *session, const char *count);

/* A tag has been shown: LASTOID, which no server of today tells. */
void outcome_inserted(struct session *session);

/* Shows the error, keeps it for \errverbose (error is clear afterwards) and
 * sets the variables. */
void outcome_bad(struct session *session, const struct dberr *error);

#endif
