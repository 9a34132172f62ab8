/* sandbox/copy/rscopy_jsontext.h - JSON as it stands in a file: values as
 * slices.
 *
 * COPY loads numbers and nested values as they are written, so nothing is
 * turned into a tree. A value is checked whole before it is given out. Pure.
 */
#ifndef SANDBOX_COPY_RSCOPY_JSONTEXT_H
#define SANDBOX_COPY_RSCOPY_JSONTEXT_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum rscopy_jsontext_kind {
	RSCOPY_JSONTEXT_NONE,
	RSCOPY_JSONTEXT_OBJECT,
	RSCOPY_JSONTEXT_ARRAY,
	RSCOPY_JSONTEXT_STRING,
	RSCOPY_JSONTEXT_NUMBER,
	RSCOPY_JSONTEXT_WORD, /* true, false */
	RSCOPY_JSONTEXT_NULL,
};

struct rscopy_jsontext {
	enum rscopy_jsontext_kind kind;
	const char *text; /* borrowed from what was read */
	size_t len;
};

enum rscopy_jsontext_fault {
	RSCOPY_JSONTEXT_GOOD,
	RSCOPY_JSONTEXT_BAD,     /* no JSON, or nested too deep */
	RSCOPY_JSONTEXT_BAD_HEX, /* \uXXXX with another character in it */
};

/* The one value that text holds, blanks around it aside. *out_at: where the
 * fault is. */
enum rscopy_jsontext_fault rscopy_jsontext_read(struct rscopy_jsontext *out,
						const char *text, size_t len,
						size_t *out_at);

/* Walks a good object or array in order. */
struct rscopy_jsonwalk {
	const char *at;
	const char *end;
};

void rscopy_jsonwalk_begin(struct rscopy_jsonwalk *walk,
			   const struct rscopy_jsontext *value);
/* false: no more. In an array *out_key is left alone; it may be NULL there. */
bool rscopy_jsonwalk_next(struct rscopy_jsonwalk *walk,
			  struct rscopy_jsontext *out_key,
			  struct rscopy_jsontext *out);

/* Appends what a string means; a lone surrogate becomes its three bytes,
 * which no UTF-8 has. */
void rscopy_jsontext_decode(const struct rscopy_jsontext *string,
			    struct str *out);

#endif
