/* cmd/lister_postgres.h - the listings of a plain PostgreSQL, as psql 15 has
 * them: the rows. */
#ifndef CMD_LISTER_POSTGRES_H
#define CMD_LISTER_POSTGRES_H

#include "cmd/lister.h"

extern const struct lister lister_postgres[];

#endif
