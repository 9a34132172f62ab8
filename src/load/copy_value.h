/* load/copy_value.h - would COPY take this text for a value of that type?
 *
 * By the pages on data conversion and the load error codes. Where the guide
 * leaves room (what 'auto' reads) a doubtful text counts as taken. Pure.
 */
#ifndef LOAD_COPY_VALUE_H
#define LOAD_COPY_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct copy_options;

enum copy_kind {
	COPY_KIND_INTEGER, COPY_KIND_DECIMAL, COPY_KIND_FLOAT,
	COPY_KIND_BOOLEAN, COPY_KIND_CHAR, COPY_KIND_VARCHAR,
	COPY_KIND_DATE, COPY_KIND_TIME, COPY_KIND_TIMESTAMP,
	COPY_KIND_SUPER, COPY_KIND_VARBYTE, COPY_KIND_OTHER,
};

struct copy_type {
	enum copy_kind kind;
	int size;		/* bytes of numbers; length of text, 0: not
				 * known; precision */
	int scale;
};

/* name: as the views of load errors or format_type write it ("int4",
 * "numeric", "character varying(9)"); length: "9", "4, 2" or "". */
struct copy_type copy_type_read(const char *name, const char *length);

/* What is NULL by NULL AS, or empty where the type knows no empty value, is
 * taken. quoted: it stood in quotes of CSV. */
bool copy_value_is_null(const struct copy_type *type,
			const struct copy_options *options, const char *text,
			size_t len, bool quoted);
bool copy_value_fits(const struct copy_type *type,
		     const struct copy_options *options, const char *text,
		     size_t len);

#endif
