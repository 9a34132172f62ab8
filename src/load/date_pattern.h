/* load/date_pattern.h - which DATEFORMAT or TIMEFORMAT reads these values.
 *
 * Patterns are those of COPY (r_DATEFORMAT_and_TIMEFORMAT_strings): YYYY YY
 * MM MON DD HH (24 hours) HH12 MI SS (with fractions) AM. One digit is enough
 * where two may stand, as COPY has it. Texts that only 'auto' reads (ISO 8601
 * with its T, dates with and without a time) are known too. Pure.
 */
#ifndef LOAD_DATE_PATTERN_H
#define LOAD_DATE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DATE_PATTERN_MAX = 288 };	/* more than dates x times */

/* Starts as DATE_GUESS_EMPTY; what every value so far agrees with. */
struct date_guess {
	bool started;
	size_t alive;				/* patterns left */
	bool dead[DATE_PATTERN_MAX];
};

#define DATE_GUESS_EMPTY                                                       \
	{                                                                      \
		.started = false                                               \
	}

struct date_answer {
	char pattern[32];	/* "MM/DD/YYYY HH:MI", or "auto" */
	bool time;		/* it has a time of day */
	bool zone;		/* and an offset from UTC */
	bool standard;		/* COPY's default: no option is needed */
	bool ambiguous;		/* day and month could be swapped, */
	char other[32];		/* ... as this pattern does */
};

/* Values must be trimmed and not empty. */
void date_guess_add(struct date_guess *guess, const char *text, size_t len);

/* false: no pattern reads all the values. */
bool date_guess_answer(const struct date_guess *guess,
		       struct date_answer *out_answer);

/* Which TIMEFORMAT reads a number as a time of 2001 to 2100: "epochsecs" or
 * "epochmillisecs", seconds or milliseconds since 1970. NULL: none. */
const char *date_epoch(int64_t number);

/* True when text is a date of that pattern. */
bool date_pattern_match(const char *pattern, const char *text, size_t len);

#endif
