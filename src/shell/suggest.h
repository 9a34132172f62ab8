/* shell/suggest.h - what Tab may offer, from all that the session knows. */
#ifndef SHELL_SUGGEST_H
#define SHELL_SUGGEST_H

#include <stddef.h>

struct complete_list;
struct session;

/* For editor_options.complete; context is the session. */
void suggest_complete(void *context, const char *text, size_t cursor,
		      struct complete_list *list);

/* S3 names that come in while the person waits at the prompt. */
void suggest_watch_aws(struct session *session);

#endif
