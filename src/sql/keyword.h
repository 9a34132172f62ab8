/* sql/keyword.h - keywords of Redshift, from share/sql/keywords.tsv.
 *
 * The table is made by keyword_table.awk when building.
 */
#ifndef SQL_KEYWORD_H
#define SQL_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

struct keyword {
	const char *text; /* upper case */
	bool reserved;    /* cannot be a name without quotes */
};

extern const struct keyword keyword_table[]; /* sorted by text */
extern const size_t keyword_count;

/* NULL: no keyword. Case does not matter. */
const struct keyword *keyword_find(const char *text, size_t len);

bool keyword_is_reserved(const char *text, size_t len);

#endif
