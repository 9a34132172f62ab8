/* cmd/s3_where.h - the session's place in S3, and names relative to it: \s3cd
 * and \s3pwd.
 *
 * The place is the variable S3_DIR, an s3:// URI that ends in '/', or unset.
 * A name that is no URI is meant below it: "." and ".." at its start walk, a
 * '/' at its start means the bucket's top, all else is the key verbatim.
 */
#ifndef CMD_S3_WHERE_H
#define CMD_S3_WHERE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct s3_uri;
struct session;

/* "" when there is none. Borrowed until the variable changes. */
const char *s3_where_now(const struct session *session);

/* A name as a whole URI (see s3_uri_join), parsed; name NULL: the place itself. ERR_USAGE: no URI, and no
 * place to be relative to; no bucket; of _any that may be missing. */
bool s3_where_parse(const struct session *session, const char *name,
		    struct s3_uri *uri, struct err *err);
bool s3_where_parse_any(const struct session *session, const char *name,
			struct s3_uri *uri, struct err *err);

bool s3_where_cd(struct session *session, const struct args *args,
		 struct err *err);
bool s3_where_pwd(struct session *session, const struct args *args,
		  struct err *err);

#endif
