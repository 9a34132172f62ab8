/* edit/picker_match.h - does a text fit what was typed into the picker, and
 * how well. Pure.
 *
 * Words are parted by blanks and each must fit: as it stands, or letter by
 * letter with little between ("slsord" fits sales_orders). Letters of ASCII
 * are alike in both cases.
 */
#ifndef EDIT_PICKER_MATCH_H
#define EDIT_PICKER_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum picker_fit {               /* the better the lower */
		  PICKER_WHOLE, /* all that was typed, blanks too */
		  PICKER_WORDS, /* each word */
		  PICKER_NEAR,  /* letter by letter, at most 2 between */
		  PICKER_FAR,   /* ... at most 8 */
		  PICKER_FITS,
		  PICKER_NONE = PICKER_FITS,
};

enum {
	PICKER_WORDS_MAX = 16, /* further ones are part of the last */
};

struct picker_query {
	struct str text; /* folded, without blanks around it */
	struct {
		size_t at, len; /* in text */
	} words[PICKER_WORDS_MAX];
	size_t count;
	uint64_t mask; /* see picker_mask */
};

#define PICKER_QUERY_EMPTY                                                     \
	{                                                                      \
		.text = STR_EMPTY                                              \
	}

void picker_query_set(struct picker_query *query, const char *typed,
		      size_t len);
void picker_query_done(struct picker_query *query);

/* Appends text as it is compared: A to Z small. */
void picker_fold(const char *text, size_t len, struct str *out);

/* A bit for each byte there is, several to a bit: what lacks one of the
 * query's cannot fit. */
uint64_t picker_mask(const char *folded, size_t len);

/* An empty query fits all wholly. */
enum picker_fit picker_match(const struct picker_query *query,
			     const char *folded, size_t len);

/* marks[i] becomes 1 where folded[i] is part of what fits. */
void picker_mark(const struct picker_query *query, const char *folded,
		 size_t len, unsigned char *marks);

#endif
