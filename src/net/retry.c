#include "net/retry.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "data/isotime.h"

enum {
	TOKENS_FULL = 500,
	TOKENS_RETRY = 5,
	TOKENS_TIMEOUT = 10,
	MAX_DELAY_MS = 20 * 1000,
	MAX_WISH_MS = 5 * 1000, /* over the delay of our own */
};

static const struct {
	const char *code;
	enum retry_class class;
} codes[] = {
	{ "InternalError", RETRY_TRANSIENT },
	{ "InternalFailure", RETRY_TRANSIENT },
	{ "ServiceUnavailable", RETRY_THROTTLE },
	{ "Busy", RETRY_THROTTLE },
	{ "RequestTimeout", RETRY_TRANSIENT },
	{ "RequestTimeoutException", RETRY_TRANSIENT },
	{ "OperationAborted", RETRY_TRANSIENT },
	{ "ConditionalRequestConflict", RETRY_TRANSIENT },
	{ "IDPCommunicationError", RETRY_TRANSIENT },
	{ "SlowDown", RETRY_THROTTLE },
	{ "Throttling", RETRY_THROTTLE },
	{ "ThrottlingException", RETRY_THROTTLE },
	{ "ThrottledException", RETRY_THROTTLE },
	{ "RequestThrottled", RETRY_THROTTLE },
	{ "RequestThrottledException", RETRY_THROTTLE },
	{ "TooManyRequestsException", RETRY_THROTTLE },
	{ "RequestLimitExceeded", RETRY_THROTTLE },
	{ "BandwidthLimitExceeded", RETRY_THROTTLE },
	{ "LimitExceededException", RETRY_THROTTLE },
	{ "PriorRequestNotComplete", RETRY_THROTTLE },
	{ "ProvisionedThroughputExceededException", RETRY_THROTTLE },
	{ "TransactionInProgressException", RETRY_THROTTLE },
	{ "EC2ThrottledException", RETRY_THROTTLE },
	{ "BadDigest", RETRY_ONCE },
	{ "XAmzContentChecksumMismatch", RETRY_ONCE },
	{ "XAmzContentSHA256Mismatch", RETRY_ONCE },
	{ "InvalidDigest", RETRY_ONCE },
	{ "IncompleteBody", RETRY_ONCE },
	{ "ChecksumMismatch", RETRY_ONCE }, /* ours, of a reply */
	{ "RequestTimeTooSkewed", RETRY_CLOCK },
	{ "RequestExpired", RETRY_CLOCK },
	{ "RequestInTheFuture", RETRY_CLOCK },
	{ "ExpiredToken", RETRY_CREDENTIALS },
	{ "ExpiredTokenException", RETRY_CREDENTIALS },
	{ "TokenRefreshRequired", RETRY_CREDENTIALS },
	{ "InvalidToken", RETRY_CREDENTIALS },
	{ "PermanentRedirect", RETRY_REGION },
	{ "TemporaryRedirect", RETRY_REGION },
	{ "AuthorizationHeaderMalformed", RETRY_REGION },
	{ "IllegalLocationConstraintException", RETRY_REGION },
};

static const struct {
	int status;
	enum retry_class class;
} statuses[] = {
	{ 301, RETRY_REGION },    { 302, RETRY_REGION },
	{ 307, RETRY_REGION },    { 408, RETRY_TRANSIENT },
	{ 429, RETRY_THROTTLE },  { 500, RETRY_TRANSIENT },
	{ 502, RETRY_TRANSIENT }, { 503, RETRY_THROTTLE },
	{ 504, RETRY_TRANSIENT },
};

enum retry_class retry_classify(int status, const char *code)
{
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(codes[i].code, code) == 0)
			return codes[i].class;
	for (size_t i = 0; i < COUNT_OF(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].class;
	return RETRY_NEVER;
}

int retry_default_attempts(enum retry_mode mode)
{
	return mode == RETRY_LEGACY ? 5 : 3;
}

int64_t retry_delay_ms(enum retry_class class, int attempt, uint32_t random)
{
	int64_t delay = class == RETRY_THROTTLE ? 1000 : 50;

	for (int i = 2; i < attempt && delay < MAX_DELAY_MS; i++)
		delay *= 2;
	if (delay > MAX_DELAY_MS)
		delay = MAX_DELAY_MS;
	return (int64_t)((double)delay * random / UINT32_MAX);
}

static bool parse_number(const char *text, int64_t *out)
{
	*out = 0;
	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		if (*out < INT32_MAX)
			*out = *out * 10 + (*text - '0');
	return *text == '\0';
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
	if (value > most)
		value = most;
	return value < least ? least : value;
}

int64_t retry_wish_ms(int64_t delay_ms, const char *amz_after,
		      const char *after, int64_t now_wall_ms)
{
	int64_t wish;

	if (amz_after != NULL && parse_number(amz_after, &wish))
		return clamp(wish, delay_ms, delay_ms + MAX_WISH_MS);
	if (after == NULL)
		return delay_ms;
	if (parse_number(after, &wish))
		return clamp(wish * 1000, delay_ms, MAX_DELAY_MS);
	if (isotime_parse_http(after, &wish, NULL))
		return clamp(wish - now_wall_ms, delay_ms, MAX_DELAY_MS);
	return delay_ms;
}

void retry_tokens_init(struct retry_tokens *tokens)
{
	tokens->left = TOKENS_FULL;
}

int retry_take(struct retry_tokens *tokens, bool timed_out)
{
	int cost = timed_out ? TOKENS_TIMEOUT : TOKENS_RETRY;

	if (tokens->left < cost)
		return 0;
	tokens->left -= cost;
	return cost;
}

void retry_give_back(struct retry_tokens *tokens, int owed)
{
	tokens->left += owed > 0 ? owed : 1;
	if (tokens->left > TOKENS_FULL)
		tokens->left = TOKENS_FULL;
}
