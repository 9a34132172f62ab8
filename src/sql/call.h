/* sql/call.h - which arguments of functions are names of a fixed list.
 *
 * The first of DATEADD, the zone of CONVERT_TIMEZONE or behind AT TIME ZONE,
 * the type of CAST. Looks at the tokens before the cursor. Pure.
 */
#ifndef SQL_CALL_H
#define SQL_CALL_H

#include <stddef.h>

enum call_place {
	CALL_NOTHING,
	CALL_PART,      /* of a date, quoted or not */
	CALL_FIELD,     /* likewise; parts that only EXTRACT knows, too */
	CALL_PART_TEXT, /* in quotes */
	CALL_ZONE,      /* in quotes: a time zone */
	CALL_SETTING,   /* in quotes */
	CALL_PRIORITY,  /* in quotes */
	CALL_COLLATION, /* in quotes */
	CALL_TYPE,
};

/* cursor: where the word at the cursor begins, its quote included. */
enum call_place call_at(const char *sql, size_t cursor);

#endif
