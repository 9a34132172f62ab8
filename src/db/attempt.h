/* db/attempt.h - one try to connect, which Ctrl-C can end.
 *
 * Only for the files of db/.
 */
#ifndef DB_ATTEMPT_H
#define DB_ATTEMPT_H

#include "base/err.h"
#include "db/pq.h"

struct db_options;
struct dsn;

/* A connection in whatever state libpq left it, yours to PQfinish. NULL: it
 * was stopped (ERR_CANCELLED), or could not even begin. */
PGconn *attempt_connect(const struct dsn *dsn, const struct db_options *options,
			struct err *err);

#endif
