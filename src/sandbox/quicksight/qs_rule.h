/* sandbox/quicksight/qs_rule.h - a shape and its rules, for
 * sandbox/quicksight/qs_shape alone. */
#ifndef SANDBOX_QUICKSIGHT_QS_RULE_H
#define SANDBOX_QUICKSIGHT_QS_RULE_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

enum qs_type {
	QS_STRUCTURE,
	QS_LIST,
	QS_MAP,
	QS_STRING,
	QS_INTEGER,
	QS_DOUBLE,
	QS_BOOLEAN,
	QS_TIMESTAMP, /* seconds since 1970, or text */
	QS_BLOB,
};

struct qs_member {
	const char *name;
	const struct qs_shape *shape;
	bool required;
	const char *where; /* "": the body; "uri"; "query:NAME" */
};

struct qs_shape {
	const char *name;
	enum qs_type type;
	int64_t min; /* length or value; INT64_MIN: any */
	int64_t max;
	bool one; /* only one of the members may be there */
	struct {
		VEC(struct qs_member);
	} members;
	const struct qs_shape *key;  /* of a map */
	const struct qs_shape *item; /* of a list or map */
	const char *pattern;         /* "": any */
	const char *values;          /* blank separated; "": any */
	bool has_regex;
	regex_t regex;
};

/* Borrows both. */
void qs_rule_text(struct qs_shape *shape, const char *pattern,
		  const char *values);
void qs_rule_done(struct qs_shape *shape);

#endif
