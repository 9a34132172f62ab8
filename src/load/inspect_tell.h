/* load/inspect_tell.h - an inspection in words: warnings, rows, statements,
 * JSON. Pure.
 */
#ifndef LOAD_INSPECT_TELL_H
#define LOAD_INSPECT_TELL_H

#include <stdbool.h>

#include "base/err.h"

struct inspection;
struct rows;
struct str;

struct inspect_target {
	const char *table;	/* SQL text */
	const char *uri;	/* where COPY finds the data */
	const char *added;	/* parameters that go with it; NULL */
	const char *role;	/* as copy_login.role; may be NULL */
};

/* Fills inspection->warnings: what the server would refuse or take wrongly,
 * each with its line and what to do. */
void inspect_warn(struct inspection *inspection);

/* Why it cannot be loaded as it is, with what to do; true: it can. */
bool inspect_check(const struct inspection *inspection, const char *name,
		   struct err *err);

/* Columns: name, type, share of empty values, longest, sample; yours to
 * rows_free. */
struct rows *inspect_rows(const struct inspection *inspection);

/* Appends COPY; nothing where COPY cannot load the file. */
void inspect_add_copy(const struct inspection *inspection,
		      const struct inspect_target *target, struct str *out);

/* Appends one object: format, encoding, compression, delimiter, quote,
 * escape, header, skip, rows, columns, warnings, create, copy. */
void inspect_add_json(const struct inspection *inspection,
		      const struct inspect_target *target, struct str *out);

#endif
