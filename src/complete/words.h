/* complete/words.h - names that every Redshift knows: built-in functions,
 * types, encodings, settings, regions. A static table.
 */
#ifndef COMPLETE_WORDS_H
#define COMPLETE_WORDS_H

#include <stddef.h>

enum words_kind {
	WORDS_FUNCTION, /* detail: "(arguments)" or "" */
	WORDS_TYPE,
	WORDS_ENCODING, /* of columns */
	WORDS_SETTING,  /* detail: values, blank separated, or "" */
	WORDS_REGION,
};

struct word {
	enum words_kind kind;
	const char *text; /* lower case */
	const char *detail;
};

/* Those of a kind that start with prefix (without case), in order. Returns
 * how many. */
size_t words_each(enum words_kind kind, const char *prefix,
		  void (*each)(void *context, const struct word *word),
		  void *context);

/* NULL: none. */
const struct word *words_find(enum words_kind kind, const char *text);

#endif
