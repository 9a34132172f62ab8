/* aws/worker_state.h - the fields of the AWS thread and of those who share it;
 * for the files of aws/worker. */
#ifndef AWS_WORKER_STATE_H
#define AWS_WORKER_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "aws/call.h"
#include "base/vec.h"

struct listing;
struct loop;
struct mailbox;
struct worker_queue;

struct active {
	struct call *call;
	struct worker_queue *queue; /* NULL: the call's own done */
	void (*own_done)(struct call *call);
};

struct worker_thread { /* the AWS thread */
	atomic_int users; /* struct aws that share it */
	struct mailbox *inbox;
	struct loop *loop;
	pthread_t thread;
	bool stopping; /* of the thread itself */
};

struct aws {
	atomic_int owners;
	struct worker_thread *thread;
	char region[64];
	bool overridden;
	struct listing *listing;

	/* of the AWS thread once worker_new has returned */
	struct call_core core;
	struct {
		VEC(struct active);
	} active;
};

#endif
