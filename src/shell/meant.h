/* shell/meant.h - the table that was meant by one that does not exist.
 */
#ifndef SHELL_MEANT_H
#define SHELL_MEANT_H

struct dberr;
struct session;

/* A line more below an error that a person reads: the name nearest to the
 * unknown one among those that Tab knows. No server is asked; nothing is said
 * where nothing is near. */
void meant_tell(struct session *session, const struct dberr *error);

#endif
