/* net/retry.h - what is worth a second try, when, and how often. Pure.
 *
 * The table holds AWS's transient and throttling codes and S3's own. Tries
 * and tokens are those of the standard mode, delays those of its revision of
 * 2026: AWS SDKs and Tools reference guide, "Retry behavior".
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdbool.h>
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

enum retry_mode {
	RETRY_STANDARD,
	RETRY_LEGACY,		/* five tries, no tokens */
	RETRY_ADAPTIVE,		/* standard, and net/pace slows down */
};

/* By error code, else by HTTP status; code may be "". */
enum retry_class retry_classify(int status, const char *code);

/* Tries of a call when no setting says, the first included: 3; legacy 5. */
int retry_default_attempts(enum retry_mode mode);

/* Milliseconds to wait before try number attempt (2 is the first retry):
 * random * min(base * 2^n, 20 s), base 50 ms, 1 s when throttled. random is
 * any 32 bits. */
int64_t retry_delay_ms(enum retry_class class, int attempt, uint32_t random);

/* What the server wishes, within bounds: x-amz-retry-after (milliseconds) at
 * most 5 s more than delay_ms, else Retry-After (seconds or a date) at most
 * 20 s. NULL: the reply has no such header. */
int64_t retry_wish_ms(int64_t delay_ms, const char *amz_after,
		      const char *after, int64_t now_wall_ms);

/* One bucket for all calls to a service, so that a service in trouble is not
 * asked everything three times. */
struct retry_tokens {
	int left;
};

void retry_tokens_init(struct retry_tokens *tokens);

/* Tokens for one retry, which is owed back on success; 0: none are left. */
int retry_take(struct retry_tokens *tokens, bool timed_out);

/* A call that came to its end: owed is what its last retry took, 0: it
 * needed none. */
void retry_give_back(struct retry_tokens *tokens, int owed);

#endif
