#include "base/nocore.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void nocore_set(void)
{
	const char *wanted = getenv("REDSH_CORE");
	struct rlimit limit;

	if (wanted != NULL && strcmp(wanted, "1") == 0)
		return;
	/* Only the soft limit: children may raise it again. */
	if (getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur != 0) {
		limit.rlim_cur = 0;
		setrlimit(RLIMIT_CORE, &limit);
	}
	/* The limit does not count where cores go to a program. The leak
	 * sanitizer, though, must be able to read its own process. */
#ifndef __SANITIZE_ADDRESS__
	prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
}
