#include "base/mailbox.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct letter {
	struct letter *next;
	void *message;
};

struct mailbox {
	pthread_mutex_t lock;
	struct letter *first;	/* lock */
	struct letter *last;	/* lock */
	int fd;
	void (*free_message)(void *message);
};

struct mailbox *mailbox_new(void (*free_message)(void *message),
			    struct err *err)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct mailbox *mailbox;

	if (fd < 0) {
		err_set_errno(err, errno, "cannot make an eventfd");
		return NULL;
	}
	mailbox = mem_alloc(sizeof(*mailbox));
	pthread_mutex_init(&mailbox->lock, NULL);
	mailbox->fd = fd;
	mailbox->free_message = free_message;
	return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
	void *message;

	if (mailbox == NULL)
		return;
	while ((message = mailbox_take(mailbox)) != NULL)
		if (mailbox->free_message)
			mailbox->free_message(message);
	close(mailbox->fd);
	pthread_mutex_destroy(&mailbox->lock);
	mem_free(mailbox);
}

int mailbox_fd(const struct mailbox *mailbox)
{
	return mailbox->fd;
}

void mailbox_post(struct mailbox *mailbox, void *message)
{
	struct letter *letter = mem_alloc(sizeof(*letter));
	uint64_t one = 1;
	bool was_empty;

	letter->message = message;
	pthread_mutex_lock(&mailbox->lock);
	was_empty = mailbox->first == NULL;
	if (mailbox->last)
		mailbox->last->next = letter;
	else
		mailbox->first = letter;
	mailbox->last = letter;
	pthread_mutex_unlock(&mailbox->lock);
	/* One wakes for all that lie there: take empties the eventfd with the
	 * last. A write that comes after that wakes once for nothing. */
	while (was_empty && write(mailbox->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void *mailbox_take(struct mailbox *mailbox)
{
	struct letter *letter;
	void *message = NULL;
	uint64_t count;

	pthread_mutex_lock(&mailbox->lock);
	letter = mailbox->first;
	if (letter) {
		mailbox->first = letter->next;
		message = letter->message;
	}
	if (mailbox->first == NULL) {
		mailbox->last = NULL;
		while (read(mailbox->fd, &count, sizeof(count)) < 0 &&
		       errno == EINTR)
			;
	}
	pthread_mutex_unlock(&mailbox->lock);
	mem_free(letter);
	return message;
}

void *mailbox_wait(struct mailbox *mailbox, int timeout_ms)
{
	struct pollfd fds = { .fd = mailbox->fd, .events = POLLIN };

	while (poll(&fds, 1, timeout_ms) < 0 && errno == EINTR)
		;
	return mailbox_take(mailbox);
}
