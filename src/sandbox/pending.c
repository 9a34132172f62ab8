/* Stands in, weakly, for modules that are still being written; shrinks with
 * each that lands and then goes. */
#include "base/str.h"
#include "sandbox/rscopy.h"

#define WEAK __attribute__((weak))

WEAK bool rscopy_run(const struct rscopy_call *call, const char *sql,
		     struct rscopy_result *result)
{
	(void)call;
	(void)sql;
	str_set(&result->message, "COPY is not there yet");
	return false;
}

WEAK void rscopy_result_done(struct rscopy_result *result)
{
	str_done(&result->message);
}

