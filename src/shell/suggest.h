/* shell/suggest.h - what Tab may offer, from all that the session knows. */
#ifndef SHELL_SUGGEST_H
#define SHELL_SUGGEST_H

#include <stddef.h>

struct command;
struct complete_arg;
struct complete_list;
struct lookup;
struct session;

/* For editor_options.complete; context is the session. */
void suggest_complete(void *context, const char *text, size_t cursor,
		      struct complete_list *list);

/* The arguments of a command as complete/ knows them: out[0..result). */
size_t suggest_args(const struct command *command, struct complete_arg *out,
		    size_t max);

/* A statement of the person succeeded: its names are nearer from now on. */
void suggest_note_used(struct session *session, const char *sql);

/* The same from a cache alone: nothing is asked of a server or of AWS. lookup
 * may be NULL. */
void suggest_cached(struct session *session, struct lookup *lookup,
		    const char *text, size_t cursor,
		    struct complete_list *list);

/* S3 names that come in while the person waits at the prompt. */
void suggest_watch_aws(struct session *session);

/* Opens the cache of names: now when there is none yet or it is no file, so
 * that what is wrong is said before the prompt, else once the prompt stands. */
void suggest_start_catalog(struct session *session);

#endif
