/* complete/words.h - names that every Redshift knows: built-in functions,
 * types, encodings, settings, regions, parts of dates, time zones.
 *
 * The rows of share/sql/words.tsv.
 */
#ifndef COMPLETE_WORDS_H
#define COMPLETE_WORDS_H

#include <stddef.h>

enum words_kind {
	WORDS_FUNCTION, /* detail: "(arguments)" or "" */
	WORDS_TYPE,
	WORDS_ENCODING,  /* of columns */
	WORDS_SETTING,   /* detail: values, blank separated, or "" */
	WORDS_PARAMETER, /* likewise, which SET does not take */
	WORDS_REGION,
	WORDS_PART,  /* of a date, for DATE_TRUNC, DATEADD, DATEDIFF ... */
	WORDS_FIELD, /* and more of them, for EXTRACT and DATE_PART only */
	WORDS_ZONE,  /* time zones */
	WORDS_PRIORITY,
	WORDS_COLLATION,
	WORDS_STREAM,  /* of \copy */
	WORDS_CHARSET, /* client encodings */
};

struct word {
	enum words_kind kind;
	const char *text;
	const char *detail;
};

/* Those of a kind that start with prefix (without case), in order. Returns
 * how many. */
size_t words_each(enum words_kind kind, const char *prefix,
		  void (*each)(void *context, const struct word *word),
		  void *context);

/* NULL: none. */
const struct word *words_find(enum words_kind kind, const char *text);

/* All rows, kinds together. */
extern const struct word word_table[];
extern const size_t word_count;

#endif
