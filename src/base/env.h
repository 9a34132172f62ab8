/* base/env.h - environment variables, set while other threads read them.
 *
 * setenv(3) may free what a getenv(3) of another thread is reading, and libpq,
 * the credential chain and jobs read from threads of their own. Here nothing
 * is ever freed: a change is a new list, put in place of the old one.
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

/* Copies both; value NULL: the name goes. UI thread only. */
void env_set(const char *name, const char *value);

#endif
