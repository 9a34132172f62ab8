/* load/facts.h - what all values of a column have in common so far.
 *
 * Fed one value at a time, at some hundred million bytes a second: a value is
 * looked at only for the kinds that all the earlier ones could be. Pure.
 */
#ifndef LOAD_FACTS_H
#define LOAD_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/date_pattern.h"

enum { FACTS_NULL_WORDS = 12 };

/* Words that stand for "no value" in files that people share. COPY takes one
 * of them by NULL AS; \N, the first, is its default. */
extern const char *const facts_null_words[FACTS_NULL_WORDS];

/* Starts as FACTS_EMPTY. */
struct facts {
	size_t values;	/* neither empty nor a null word */
	size_t empty;
	size_t longest;	/* bytes of UTF-8, blanks around it counted */
	size_t words[FACTS_NULL_WORDS];
	bool not_whole, not_decimal, not_float, not_bool;
	bool not_clock;	/* no time of day, as TIME takes it */
	bool bool_word;	/* more than the digits 1 and 0 */
	bool not_money;	/* see load/money.h */
	unsigned money;	/* enum money_mark */
	bool text;	/* none of these and no date: not looked at again */
	bool padded;	/* blanks around it; COPY takes none of numbers */
	bool zero_led;	/* 007: an identifier, not a number */
	bool plus;	/* +49 30 ...: of telephones, unless it is a change */
	bool minus;
	bool falls;	/* some number is not above the one before */
	int64_t first, last;	   /* whole numbers: of the column's start, */
	int64_t smallest, largest; /* ... and the one before this one */
	int int_digits, scale;
	int significant; /* digits of the longest number, from its first that
			  * is not 0; of those with more than 8 */
	int iso;	/* shape of the last date, see facts.c */
	struct date_guess date;
};

#define FACTS_EMPTY                                                            \
	{                                                                      \
		.values = 0                                                    \
	}

/* Unquoted text; spare: bytes of it that are no part of the value, such as
 * quotes written twice. */
void facts_add(struct facts *facts, const char *text, size_t len,
	       size_t spare);

#endif
