/* cmd/s3_zip.h - one member of a zip archive in S3, by ranges: the directory
 * at its end, then the member alone. */
#ifndef CMD_S3_ZIP_H
#define CMD_S3_ZIP_H

#include <stdbool.h>

#include "base/err.h"

struct aws;
struct s3_uri;
struct session;
struct sink;

struct s3_zip_wish {
	const char *member; /* NULL: the first that is no folder */
	/* Asked between pieces: is this all that is wanted? NULL: never. */
	bool (*enough)(void *context);
	void *context;
};

/* Writes the member unpacked. Says which one was taken when there are several
 * and none was named. ERR_MISSING: no such member; the hint names some. */
bool s3_zip_read(struct session *session, struct aws *aws,
		 const struct s3_uri *uri, const struct s3_zip_wish *wish,
		 struct sink *sink, struct err *err);

#endif
