/* data/rows.h - a stream of typed rows: what every table is.
 *
 * Query results, S3 listings, catalog look-ups and command output are all
 * struct rows, so every output format applies to all of them. A producer
 * embeds struct rows as its first member and fills the class; a consumer
 * calls rows_next until ROWS_END.
 */
#ifndef DATA_ROWS_H
#define DATA_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum rows_kind {
	ROWS_TEXT,
	ROWS_INTEGER,	/* smallint, integer, bigint, oid */
	ROWS_DECIMAL,	/* numeric, money */
	ROWS_FLOAT,	/* real, double: may be NaN, Infinity */
	ROWS_BOOL,	/* text is "t" or "f" */
	ROWS_DATE,
	ROWS_TIME,	/* time, timestamp, interval */
	ROWS_JSON,	/* json, SUPER: text is JSON */
	ROWS_BYTES,	/* bytea, VARBYTE, geometry: text is hex or escaped */
};

struct rows_column {
	const char *name;
	enum rows_kind kind;
	uint32_t oid;		/* the server's type, 0: not from a server */
	int type_modifier;	/* as libpq gives it, -1: none */
};

struct rows_value {
	const char *text;	/* NULL: SQL null; else NUL after len bytes */
	size_t len;
};

enum rows_step {
	ROWS_ROW,
	ROWS_END,
	ROWS_FAILED,
};

struct rows;

struct rows_class {
	/* *out_values points to rows->column_count values that are valid
	 * until the next call. */
	enum rows_step (*next)(struct rows *rows,
			       const struct rows_value **out_values,
			       struct err *err);
	void (*free)(struct rows *rows);
};

struct rows {
	const struct rows_class *class;
	size_t column_count;
	const struct rows_column *columns;	/* [column_count], ours */
	const char *title;		/* psql's table title, NULL: none */
};

enum rows_step rows_next(struct rows *rows,
			 const struct rows_value **out_values,
			 struct err *err);
void rows_free(struct rows *rows);		/* NULL is fine */
CLEANUP_FREE(struct rows, rows_free, rows_freep)

/* Numbers are aligned to the right. */
bool rows_kind_is_number(enum rows_kind kind);

#endif
