/* base/nocore.h - no core dump of a process that holds secrets. */
#ifndef BASE_NOCORE_H
#define BASE_NOCORE_H

/* From now on a crash leaves no core, and other processes of the same user
 * cannot read this one's memory. REDSH_CORE=1 in the environment leaves all
 * as it is, for debugging. Calling it again is cheap and fine. */
void nocore_set(void);

#endif
