/* net/retry.h - what is worth a second try, and when. Pure.
 *
 * The table holds AWS's transient and throttling codes (SDKs reference
 * guide, retry behaviour) and S3's own.
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdint.h>

enum retry_class {
	RETRY_NEVER,
	RETRY_TRANSIENT,	/* soon */
	RETRY_THROTTLE,		/* later, and less at once */
	RETRY_ONCE,		/* a digest did not match: once more */
	RETRY_CLOCK,		/* set the clock offset, sign again, once */
	RETRY_CREDENTIALS,	/* fetch new ones, once */
	RETRY_REGION,		/* another region's endpoint, once */
};

enum { RETRY_MAX_ATTEMPTS = 5 };	/* the first one included */

/* By error code, else by HTTP status; code may be "". */
enum retry_class retry_classify(int status, const char *code);

/* Milliseconds to wait before try number attempt (2 is the first retry):
 * random * min(base * 2^n, 20 s), base 50 ms, 1 s when throttled. random is
 * any 32 bits. */
int64_t retry_delay_ms(enum retry_class class, int attempt, uint32_t random);

#endif
