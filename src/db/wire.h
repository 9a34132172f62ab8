/* db/wire.h - rows of a large answer, taken off the socket before libpq reads.
 *
 * libpq makes a PGresult of each row in single-row mode, which costs several
 * times what all else does. So while libpq has read nothing of an answer, the
 * answer's first bytes are peeked at. When they are a RowDescription and
 * DataRows that go on, those messages (and notices and parameters between
 * them) are read from the socket here, and only those: from the first other
 * message on (CommandComplete, ErrorResponse) libpq reads itself, and knows
 * no more than that a statement without rows has ended. Its state, errors and
 * transaction status stay its own.
 *
 * Works on plain sockets and through libpq's own TLS; with GSSAPI encryption
 * there is no wire and libpq reads all. Messages: PostgreSQL's protocol 3,
 * "Message Formats".
 */
#ifndef DB_WIRE_H
#define DB_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "data/rows.h"
#include "db/pq.h"

struct wire;

/* NULL: this connection's bytes cannot be had. Borrows conn; the wire dies
 * before it. */
struct wire *wire_new(PGconn *conn);
void wire_free(struct wire *wire);	/* NULL is fine */

/* TLS may hold bytes already read from the socket: poll would not see them. */
bool wire_is_pending(const struct wire *wire);	/* NULL: false */

enum wire_look {
	WIRE_NOTHING,	/* no byte there yet: wait for input */
	WIRE_WHOLE,	/* all of the answer is there, and it is small */
	WIRE_ROWS,	/* rows that go on: wire_begin */
	WIRE_OTHER,	/* anything else: libpq reads it */
};

/* What the answer begins with; takes nothing. */
enum wire_look wire_look(struct wire *wire);

/* Readies for the rows of the answer that wire_look saw. */
void wire_begin(struct wire *wire);

enum wire_step {
	WIRE_GOT,	/* what was asked for */
	WIRE_WAIT,	/* wait for input, then ask again */
	WIRE_END,	/* the rows are over: the rest is libpq's */
	WIRE_BROKEN,	/* the server sent nonsense */
};

/* Columns of the rows; *out_columns is yours to mem_free, with the names in
 * *out_names, which is yours as well. Called until it gives WIRE_GOT. */
enum wire_step wire_columns(struct wire *wire, struct rows_column **out_columns,
			    size_t *out_count, char **out_names);

/* The next row into values[0..count); texts are borrowed until the next
 * call. Notices and parameters on the way go to the db. */
enum wire_step wire_row(struct wire *wire, struct db *db,
			struct rows_value *values, size_t count);

#endif
