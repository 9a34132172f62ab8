/* sandbox/copy/rscopy_time.h - dates and times as COPY reads them.
 *
 * Patterns are those of DATEFORMAT and TIMEFORMAT: YYYY YY MM MON MONTH DD
 * HH HH24 HH12 MI SS (with a fraction) AM PM OF TZ J DDD BC DY DAY; one digit
 * is enough where two may stand and a separator follows. Pure.
 */
#ifndef SANDBOX_COPY_RSCOPY_TIME_H
#define SANDBOX_COPY_RSCOPY_TIME_H

#include <stdbool.h>
#include <stddef.h>

struct str;

struct rscopy_time {
	int year, month, day;
	int hour, minute, second, micros;
	bool has_time;
	bool bc;
	bool has_zone;
	int zone_s; /* east of UTC */
};

/* pattern NULL: 'auto'. "epochsecs" and "epochmillisecs" are patterns too.
 * The whole text must fit, blanks at its end aside, and be a real date. */
bool rscopy_time_read(struct rscopy_time *out, const char *pattern,
		      const char *text, size_t len);

/* COPY's own formats, when none is given: YYYY-MM-DD [HH:MI[:SS[.f]][zone]] */
bool rscopy_time_read_iso(struct rscopy_time *out, const char *text,
			  size_t len);

/* HH:MI[:SS[.f]][zone] */
bool rscopy_time_read_clock(struct rscopy_time *out, const char *text,
			    size_t len);

/* As PostgreSQL reads it whatever DateStyle says. */
void rscopy_time_add_date(struct str *out, const struct rscopy_time *time);
/* A date of before Christ has " BC" behind all else. */
void rscopy_time_add_era(struct str *out, const struct rscopy_time *time);
void rscopy_time_add_clock(struct str *out, const struct rscopy_time *time,
			   bool with_zone);

#endif
