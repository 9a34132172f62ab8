/* db/position.h - the line of a statement that an error or notice points at.
 *
 * As libpq draws it for the results it makes itself; for messages that libpq
 * has not seen (db/wire).
 */
#ifndef DB_POSITION_H
#define DB_POSITION_H

struct str;

/* Appends "LINE n: ..." and the caret below; position counts characters of
 * query from 1, encoding is libpq's number of the query's encoding. Nothing
 * when the query is shorter than that. */
void position_format(const char *query, int position, int encoding,
		     struct str *out);

#endif
