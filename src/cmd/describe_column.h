/* cmd/describe_column.h - the columns of one relation of Redshift.
 *
 * Names and types are on the leader in pg_attribute, encodings and keys in
 * SVV_REDSHIFT_COLUMNS, which shows the tables that one may read; columns of
 * late-binding views and of external tables are known elsewhere.
 */
#ifndef CMD_DESCRIBE_COLUMN_H
#define CMD_DESCRIBE_COLUMN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

struct describe_relation;
struct session;
struct str;

struct describe_column {
	char *name;
	char *type;
	char *default_text; /* "" none */
	char *encoding;     /* "" not known, or the kind has none */
	char *description;
	char *collation; /* "case_insensitive", or "" */
	bool not_null;
	bool distkey;
	int sortkey; /* position, 0: none */
	bool interleaved;
	int partition; /* of external tables, 0: none */
};

struct describe_columns {
	VEC(struct describe_column);
	bool keys_known; /* encodings and keys were to be seen */
};

#define DESCRIBE_COLUMNS_EMPTY                                                 \
	{                                                                      \
		.keys_known = false                                            \
	}

void describe_columns_done(struct describe_columns *columns);

/* collations: asked for as well. */
bool describe_columns_read(struct session *session,
			   const struct describe_relation *relation,
			   bool collations, struct describe_columns *out,
			   struct err *err);

/* "a, b" quoted where needed, in the key's order; "" there is none. */
void describe_columns_sort_key(const struct describe_columns *columns,
			       struct str *out);
bool describe_columns_interleaved(const struct describe_columns *columns);

/* NULL: there is none. */
const char *describe_columns_dist_key(const struct describe_columns *columns);

/* "1,1" of a default like "identity"(108, 0, '1,1'::text); by_default: the
 * column takes other values too. false: it is no IDENTITY. */
bool describe_column_identity(const char *default_text, struct str *out_numbers,
			      bool *out_by_default);

#endif
