/* load/money.h - numbers written for people: "$1,234.50", "1.234,50 €",
 * "12 %", "(5.00)". COPY takes none of them as a number. Pure.
 */
#ifndef LOAD_MONEY_H
#define LOAD_MONEY_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum money_mark { /* a bit set: what is in the way of a number */
		  MONEY_DOLLAR = 1,
		  MONEY_EURO = 2,
		  MONEY_POUND = 4,
		  MONEY_YEN = 8,
		  MONEY_PERCENT = 16,
		  MONEY_BRACKETS = 32,     /* (5.00): less than nothing */
		  MONEY_COMMA_GROUPS = 64, /* 1,234,567.50 */
		  MONEY_POINT_GROUPS = 128, /* 1.234.567,50 */
		  MONEY_COMMA_POINT = 256,  /* 12,5 */
};

/* Trimmed text, not empty. True for plain decimals too; marks are added to
 * *marks. */
bool money_read(const char *text, size_t len, unsigned *marks);

/* Appends the SQL that makes a number of such a column's text:
 * "cast(replace(price, '$', '') as decimal(18,2))". column is SQL text. */
void money_add_cast(struct str *out, const char *column, unsigned marks);

/* Appends "a dollar sign and commas between thousands". */
void money_add_marks(struct str *out, unsigned marks);

#endif
