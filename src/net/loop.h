/* net/loop.h - one thread's event loop: descriptors, timers, curl multi.
 *
 * Everything runs inside loop_turn, in the thread that calls it; callbacks
 * may add and remove watches, timers and transfers.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct loop;

struct loop *loop_new(struct err *err);
void loop_free(struct loop *loop);	/* NULL is fine */
CLEANUP_FREE(struct loop, loop_free, loop_freep)

/* ready runs whenever fd is readable. One watch a descriptor. */
void loop_watch(struct loop *loop, int fd, void (*ready)(void *context),
		void *context);
void loop_unwatch(struct loop *loop, int fd);

/* run is called once, delay_ms from now. Returns an id, never 0. */
int64_t loop_after(struct loop *loop, int64_t delay_ms,
		   void (*run)(void *context), void *context);
void loop_forget(struct loop *loop, int64_t timer);	/* 0 is fine */

/* For net/http only: a curl easy handle that has been used before, or a new
 * one; NULL: libcurl has none. And back, to be used again (reset). */
void *loop_take_handle(struct loop *loop);
void loop_give_handle(struct loop *loop, void *easy);

/* For net/http only: a curl easy handle whose end calls done with its
 * CURLcode; removing one that is not there is fine. */
bool loop_add_transfer(struct loop *loop, void *easy,
		       void (*done)(void *context, int curl_code),
		       void *context);
void loop_remove_transfer(struct loop *loop, void *easy);

/* Waits for something to do, at most max_wait_ms (-1: no limit), does it. */
void loop_turn(struct loop *loop, int max_wait_ms);

#endif
