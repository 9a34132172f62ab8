/* base/mailbox.h - messages from any thread to one thread, waking its poll.
 *
 * Ownership of a message passes with it. The receiver polls mailbox_fd.
 */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stdbool.h>

#include "base/err.h"

struct mailbox;

/* free_message runs for what is left at mailbox_free. */
struct mailbox *mailbox_new(void (*free_message)(void *message),
			    struct err *err);
void mailbox_free(struct mailbox *mailbox);

int mailbox_fd(const struct mailbox *mailbox);
void mailbox_post(struct mailbox *mailbox, void *message);

/* NULL: none waiting. Oldest first. */
void *mailbox_take(struct mailbox *mailbox);

/* Waits up to timeout_ms (-1: for ever); NULL: none came. Does not watch
 * Ctrl-C: the UI thread polls mailbox_fd by cancel_poll instead. */
void *mailbox_wait(struct mailbox *mailbox, int timeout_ms);

#endif
