/* db/dsn_option.h - words of connection strings that are not libpq's.
 *
 * Amazon's drivers for Python, JDBC and ODBC name what belongs to a login by
 * IAM; a dsn keeps these under the Python driver's names ("cluster_identifier",
 * "db_user", ...) and takes the others' as well, in any case. Neither reaches
 * libpq. What those drivers know and this program cannot do is refused by
 * name.
 */
#ifndef DB_DSN_OPTION_H
#define DB_DSN_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct dsn;
struct str;

/* True for a name under which a dsn keeps something that is not for libpq. */
bool dsn_option_is_own(const char *keyword);

enum dsn_option_step {
	DSN_OPTION_TAKEN,
	DSN_OPTION_NOT_OURS, /* libpq may know it */
	DSN_OPTION_REFUSED,  /* err says why */
};

/* Sets what name, of whichever driver, stands for. */
enum dsn_option_step dsn_option_put(struct dsn *dsn, const char *name,
				    const char *value, struct err *err);

/* "redshift://", "redshift-iam://", "jdbc:redshift:iam://" ... */
bool dsn_option_is_uri(const char *text);

/* Takes our options out of a URI or of "key=value ...", sets them in dsn and
 * appends to out the rest as libpq reads it. */
bool dsn_option_split(struct dsn *dsn, const char *text, struct str *out,
		      struct err *err);

/* The name at, in the order of the table; NULL past the end. For those who
 * look for the nearest one. */
const char *dsn_option_name(size_t at);

#endif
