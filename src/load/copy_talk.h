/* load/copy_talk.h - what \copyfrom tells before it loads: objects, format,
 * and what looks wrong. Above it is load/copyfrom; nothing else includes it.
 */
#ifndef LOAD_COPY_TALK_H
#define LOAD_COPY_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "load/infer.h"
#include "load/sniff.h"
#include "load/warehouse.h"

struct copy_args;
struct load_world;
struct rows;

/* What lies under the URI, and the object that is looked into. */
struct copy_found {
	int64_t objects; /* with bytes */
	int64_t bytes;
	int64_t packed;     /* of them by their name's end */
	struct str sample;  /* URI */
	struct str stray;   /* a key of another folder's or name's kind */
	const char *prefix; /* key part of the URI; borrowed */
	struct str bucket;  /* "s3://bucket/" */
};

struct copyfrom {
	const struct copy_args *args;
	const struct load_world *world;
	struct copy_found found;
	struct sniff sniff;
	struct infer infer;
	bool looked; /* sniff holds something */
	struct str proposed;
	struct str sql;
	struct str create_sql;            /* "": none needed */
	struct str empty_sql;             /* of --replace and --truncate */
	struct warehouse_columns columns; /* of the table; none: no table */
};

/* Objects and format as information; strays, mixed compression, ragged lines,
 * swapped dates and columns that do not fit as warnings. */
void copy_talk_describe(const struct copyfrom *copy);

/* Columns, types and samples as rows; yours to rows_free. */
struct rows *copy_talk_columns(const struct infer *infer);

#endif
