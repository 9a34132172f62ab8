/* db/result_make.h - how exec.c builds the results it hands out. */
#ifndef DB_RESULT_MAKE_H
#define DB_RESULT_MAKE_H

#include "db/exec.h"
#include "db/pq.h"
#include "db/result.h"

/* From the first PGresult of a statement's answer, which is taken over. */
struct result *result_new(struct exec *exec, PGresult *first);

/* A failure that the server did not report. */
struct result *result_new_failure(struct exec *exec, const char *text);

/* The next PGresult of the request, NULL at its end. Waits, cancels. */
PGresult *exec_next_raw(struct exec *exec);

#endif
