/* sandbox/rewrite/decimal.h - precision and scale of computed DECIMAL values.
 *
 * PostgreSQL's numeric carries no type of a computed value; Redshift's
 * follows from those of the operands [r_numeric_computations201, c_AVG, SUM].
 * Works on an analyzed statement (sandbox/rewrite/nodetree) and its text. Pure.
 */
#ifndef SANDBOX_REWRITE_DECIMAL_H
#define SANDBOX_REWRITE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct decimal {
	int precision; /* 0: not known, or no DECIMAL */
	int scale;
};

enum decimal_operation {
	DECIMAL_ADD, /* and subtract */
	DECIMAL_MULTIPLY,
	DECIMAL_DIVIDE,
	DECIMAL_MODULO,
	DECIMAL_MERGE, /* UNION, CASE, COALESCE */
};

/* The result's type; unknown when one of them is. */
struct decimal decimal_computed(enum decimal_operation operation,
				struct decimal a, struct decimal b);

/* PostgreSQL's modifier of the type, -1 when it is not known. */
int32_t decimal_modifier(struct decimal type);

/* A place in the statement where PostgreSQL would give other digits. */
struct decimal_place {
	size_t at;   /* byte of the text: "/", or the name of the aggregate */
	bool is_avg; /* else a division */
	int scale;   /* of the result */
};

struct decimal_places {
	struct decimal_place *items; /* ascending, each once */
	size_t count;
	size_t cap;
};

struct decimal_columns { /* modifiers, -1 for all but computed DECIMAL */
	VEC(int32_t);
};

/* tree: debug_print_parse's words on sql. false: not to be read. */
bool decimal_find(const char *tree, const char *sql, size_t len,
		  struct decimal_places *places,
		  struct decimal_columns *columns);

#endif
