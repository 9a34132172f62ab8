/* load/access_statement.h - the question for load/access that a COPY or
 * UNLOAD statement asks by itself.
 */
#ifndef LOAD_ACCESS_STATEMENT_H
#define LOAD_ACCESS_STATEMENT_H

#include <stdbool.h>

#include "aws/s3_uri.h"
#include "load/access.h"
#include "load/copy_parse.h"

struct access_statement {
	struct copy_statement copy;	/* one of the two is filled */
	struct unload_statement unload;
	struct s3_uri uri;
	struct str sample;
	struct access_ask ask;		/* borrows from the rest */
};

#define ACCESS_STATEMENT_EMPTY                                                 \
	{                                                                      \
		.copy = COPY_STATEMENT_EMPTY,                                  \
		.unload = UNLOAD_STATEMENT_EMPTY, .uri = S3_URI_EMPTY,         \
		.sample = STR_EMPTY                                            \
	}

void access_statement_done(struct access_statement *statement);

/* Reads the first COPY or UNLOAD among the statements of the text. sample: URI
 * of an object that COPY will read, "" where none is known; host and port of
 * the server. false: there is none, or it does not read from or write to S3. */
struct access_server {
	const char *host; /* borrowed */
	int port;
};

bool access_statement_read(struct access_statement *out, const char *sql,
			   const char *sample,
			   const struct access_server *server);

#endif
