/* load/copyfrom.h - \copyfrom: look, check, propose, ask, load, report.
 *
 * Knows neither terminal nor session: all it needs comes through callbacks.
 * --create and --replace are one transaction of ours; inside the person's own
 * block BEGIN, COMMIT and ROLLBACK are never sent.
 */
#ifndef LOAD_COPYFROM_H
#define LOAD_COPYFROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct aws;
struct copy_args;
struct rows;
struct secret;

/* One object found under a prefix; key is borrowed for the call. */
typedef bool load_visit(void *visitor, const char *key, int64_t size);

struct load_world {
	void *context;
	/* Runs a statement as if typed; false: it failed and was shown. */
	bool (*run)(void *context, const char *sql, struct err *err);
	/* Rows of a small query, shown nowhere; yours to rows_free. NULL with
	 * err. The member itself is NULL when there is no connection. */
	struct rows *(*ask)(void *context, const char *sql, struct err *err);
	/* Inside the person's own block, which a failed question would
	 * abort: only what cannot fail is asked there. */
	bool (*in_block)(void *context);
	/* Appends bytes of an object. */
	bool (*read_range)(void *context, const char *uri, int64_t offset,
			   int64_t length, struct str *out, struct err *err);
	/* Calls visit for each object whose key begins with that of uri,
	 * until it says false. */
	bool (*list)(void *context, const char *uri, load_visit *visit,
		     void *visitor, struct err *err);
	/* Appends the region of a bucket. */
	bool (*region)(void *context, const char *bucket, struct str *out,
		       struct err *err);
	/* Asks a person; without one *out_yes is true. */
	bool (*confirm)(void *context, const char *question, bool *out_yes,
			struct err *err);
	/* Asks a person for a line; the member is NULL where nobody is. */
	bool (*answer)(void *context, const char *question, struct str *out,
		       struct err *err);
	void (*preview)(void *context, struct rows *rows_take);
	void (*info)(void *context, const char *text);
	void (*warn)(void *context, const char *text);
	void (*progress)(void *context, const char *text); /* "": none */
	bool (*print)(void *context, const char *text, struct err *err);
	/* The variable ROW_COUNT: COPY's own tag tells no rows. */
	void (*set_row_count)(void *context, int64_t rows);
	/* The person's own keys, for --keys. */
	bool (*keys)(void *context, struct secret *id, struct secret *key,
		     struct secret *token, struct err *err);
	/* S3, for what is sent there. */
	struct aws *(*aws)(void *context, struct err *err);
	const char *role;	/* the variable COPY_ROLE, or NULL */
	const char *staging;	/* of the saved connection, else the variable
				 * STAGING; NULL: see load/stage_place */
	int data;		/* what "-" is; -1: it holds the commands */
	const char *data_name;	/* for messages: "standard input" */
	/* All of it was read and nothing is loaded yet: false: it is not
	 * good, as when a program has failed. NULL: it always is. */
	bool (*data_end)(void *data_context, struct err *err);
	void *data_context;
	/* It goes whole to S3, by this, as the object uri; the function is NULL
	 * where it is read from data, a piece at a time. */
	bool (*fetch)(void *data_context, const char *uri, int64_t *out_bytes,
		      struct err *err);
	const char *data_cure;	/* what to do where a pipe does not go; NULL */
	bool only_nulls;	/* of local files, see load/stage_cut */
	const char *host;	/* of the server, "" when offline */
	int port;
	bool escapes;		/* see sql/quote.h */
};

/* The same for one table, without --each. *out_rows, if not NULL: how many
 * were loaded, -1 when that is not known. */
bool copyfrom_load(const struct copy_args *args,
		   const struct load_world *world, int64_t *out_rows,
		   struct err *err);

/* Did the server say why, or was it refused before? Else the connection is
 * gone. */
bool copyfrom_is_answer(const struct err *err);

/* false with an empty err: a statement failed and was shown, or the person
 * said no. */
bool copyfrom_run(const struct copy_args *args,
		  const struct load_world *world, struct err *err);

#endif
