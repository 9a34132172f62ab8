/* base/clock.h - time, which tests can set.
 *
 * Wall time is for signatures, ages and dates; monotonic time for durations
 * and time-outs. Modules that stamp things take the time as a parameter or
 * ask here; none calls time(2) itself.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void);		/* since 1970-01-01 UTC */
int64_t clock_monotonic_us(void);

#endif
