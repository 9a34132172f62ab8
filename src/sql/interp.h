/* sql/interp.h - psql's variables in SQL text.
 *
 * :name as it is, :'name' as a literal, :"name" as a name, :{?name} TRUE or
 * FALSE. A name that is not set stays as it was written. A value may hold
 * quotes, semicolons and further variables, which count.
 */
#ifndef SQL_INTERP_H
#define SQL_INTERP_H

#include <stdbool.h>
#include <stddef.h>

struct str;

struct interp {
	/* NULL: no such variable. Borrowed until the next call. */
	const char *(*lookup)(void *context, const char *name);
	void *context;
	/* false: value must not be quoted, which has been told; the reference
	 * stays as it was written. NULL: all may. */
	bool (*may_quote)(void *context, const char *value);
	bool escapes;   /* of plain literals; see quote.h */
	bool e_strings; /* :'x' with a backslash is E'...', as libpq has it */
};

enum interp_kind {
	INTERP_PLAIN,
	INTERP_LITERAL,
	INTERP_NAME,
	INTERP_TEST,
};

struct interp_ref { /* one :name in text */
	enum interp_kind kind;
	const char *name; /* into the text */
	size_t name_len;
	size_t len; /* of the whole reference */
};

enum {
	INTERP_NAME_BYTES = 255 /* longest name that is looked up */
};

/* Whether a reference begins at text[0] == ':'. */
bool interp_match(const char *text, size_t len, struct interp_ref *out);

/* Appends the value; false: not set, nothing appended. vars may be NULL. */
bool interp_value(const struct interp *vars, const struct interp_ref *ref,
		  struct str *out);

/* Appends text with all references outside of quotes and comments filled in:
 * what a command's SQL argument means. */
void interp_text(const struct interp *vars, const char *text, size_t len,
		 struct str *out);

#endif
