#include "net/retry.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

static const struct {
	const char *code;
	enum retry_class class;
} codes[] = {
	{ "InternalError", RETRY_TRANSIENT },
	{ "InternalFailure", RETRY_TRANSIENT },
	{ "ServiceUnavailable", RETRY_TRANSIENT },
	{ "Busy", RETRY_TRANSIENT },
	{ "RequestTimeout", RETRY_TRANSIENT },
	{ "RequestTimeoutException", RETRY_TRANSIENT },
	{ "OperationAborted", RETRY_TRANSIENT },
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
	{ "BadDigest", RETRY_ONCE },
	{ "XAmzContentChecksumMismatch", RETRY_ONCE },
	{ "XAmzContentSHA256Mismatch", RETRY_ONCE },
	{ "IncompleteBody", RETRY_ONCE },
	{ "RequestTimeTooSkewed", RETRY_CLOCK },
	{ "RequestExpired", RETRY_CLOCK },
	{ "RequestInTheFuture", RETRY_CLOCK },
	{ "ExpiredToken", RETRY_CREDENTIALS },
	{ "ExpiredTokenException", RETRY_CREDENTIALS },
	{ "TokenRefreshRequired", RETRY_CREDENTIALS },
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

int64_t retry_delay_ms(enum retry_class class, int attempt, uint32_t random)
{
	int64_t delay = class == RETRY_THROTTLE ? 1000 : 50;

	for (int i = 2; i < attempt && delay < 20 * 1000; i++)
		delay *= 2;
	if (delay > 20 * 1000)
		delay = 20 * 1000;
	return (int64_t)((double)delay * random / UINT32_MAX);
}
