#include "net/loop.h"

#include <curl/curl.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/vec.h"
#include "net/curl_load.h"

struct watch {
	int fd;
	void (*ready)(void *context);
	void *context;
};

struct timer {
	int64_t id;
	int64_t due_us;
	void (*run)(void *context);
	void *context;
};

struct transfer {
	CURL *easy;
	void (*done)(void *context, int curl_code);
	void *context;
};

struct loop {
	CURLM *multi;
	struct {
		VEC(struct watch);
	} watches;
	struct {
		VEC(struct timer);
	} timers;
	struct {
		VEC(struct transfer);
	} transfers;
	struct {
		VEC(CURL *);
	} idle; /* at most MAX_IDLE */
	int64_t last_timer;
};

/* As many as there are requests under way at most (net/pace). */
enum { MAX_CONNECTIONS = 64, MAX_IDLE = 32 };

/* It is given keys and tokens in headers, and copies them: what it lets go is
 * wiped. Counted by libcurl, and safe from several threads since 7.84. */
static CURLcode init_curl(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, mem_alloc,
				    mem_free_wiped, mem_resize_wiped,
				    mem_copy_text, mem_alloc_array);
}

struct loop *loop_new(struct err *err)
{
	struct loop *loop;
	CURLM *multi;

	if (!curl_load(err))
		return NULL;
	if (init_curl() != CURLE_OK || (multi = curl_multi_init()) == NULL) {
		err_set(err, ERR_SYSTEM, "libcurl cannot be started");
		return NULL;
	}
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
			  (long)MAX_CONNECTIONS);
	loop = mem_alloc(sizeof(*loop));
	loop->multi = multi;
	return loop;
}

void loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	for (size_t i = 0; i < loop->transfers.count; i++)
		curl_multi_remove_handle(loop->multi,
					 loop->transfers.items[i].easy);
	for (size_t i = 0; i < loop->idle.count; i++)
		curl_easy_cleanup(loop->idle.items[i]);
	vec_done(&loop->idle);
	curl_multi_cleanup(loop->multi);
	vec_done(&loop->watches);
	vec_done(&loop->timers);
	vec_done(&loop->transfers);
	mem_free(loop);
	curl_global_cleanup();
}

void loop_watch(struct loop *loop, int fd, void (*ready)(void *context),
		void *context)
{
	struct watch watch = { fd, ready, context };

	loop_unwatch(loop, fd);
	vec_push(&loop->watches, watch);
}

void loop_unwatch(struct loop *loop, int fd)
{
	for (size_t i = loop->watches.count; i-- > 0;)
		if (loop->watches.items[i].fd == fd)
			vec_remove(&loop->watches, i);
}

int64_t loop_after(struct loop *loop, int64_t delay_ms,
		   void (*run)(void *context), void *context)
{
	struct timer timer = { ++loop->last_timer,
			       clock_monotonic_us() + delay_ms * 1000, run,
			       context };

	vec_push(&loop->timers, timer);
	return timer.id;
}

void loop_forget(struct loop *loop, int64_t timer)
{
	for (size_t i = loop->timers.count; i-- > 0;)
		if (loop->timers.items[i].id == timer)
			vec_remove(&loop->timers, i);
}

void *loop_take_handle(struct loop *loop)
{
	CURL *easy;

	if (loop->idle.count == 0)
		return curl_easy_init();
	easy = loop->idle.items[loop->idle.count - 1];
	vec_remove(&loop->idle, loop->idle.count - 1);
	return easy;
}

void loop_give_handle(struct loop *loop, void *easy)
{
	CURL *mine = easy;

	if (loop->idle.count >= MAX_IDLE) {
		curl_easy_cleanup(mine);
		return;
	}
	curl_easy_reset(mine);
	vec_push(&loop->idle, mine);
}

bool loop_add_transfer(struct loop *loop, void *easy,
		       void (*done)(void *context, int curl_code),
		       void *context)
{
	struct transfer transfer = { easy, done, context };

	if (curl_multi_add_handle(loop->multi, easy) != CURLM_OK)
		return false;
	vec_push(&loop->transfers, transfer);
	return true;
}

void loop_remove_transfer(struct loop *loop, void *easy)
{
	for (size_t i = loop->transfers.count; i-- > 0;)
		if (loop->transfers.items[i].easy == easy) {
			curl_multi_remove_handle(loop->multi, easy);
			vec_remove(&loop->transfers, i);
		}
}

static int wait_ms(const struct loop *loop, int max_wait_ms)
{
	int64_t now_us = clock_monotonic_us();
	int64_t wait = max_wait_ms < 0 ? 60 * 1000 : max_wait_ms;

	for (size_t i = 0; i < loop->timers.count; i++) {
		int64_t left_us = loop->timers.items[i].due_us - now_us;
		int64_t left = left_us <= 0 ? 0 : left_us / 1000 + 1;

		if (left < wait)
			wait = left;
	}
	return (int)wait;
}

/* A callback may change the list, hence each look starts anew. */
static void run_timers(struct loop *loop)
{
	int64_t now_us = clock_monotonic_us();
	int64_t newest = loop->last_timer;

	for (size_t i = 0; i < loop->timers.count;) {
		struct timer timer = loop->timers.items[i];

		if (timer.due_us > now_us || timer.id > newest) {
			i++;
			continue;
		}
		vec_remove(&loop->timers, i);
		timer.run(timer.context);
		i = 0;
	}
}

static void run_finished(struct loop *loop)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		struct transfer transfer = { 0 };

		if (message->msg != CURLMSG_DONE)
			continue;
		for (size_t i = 0; i < loop->transfers.count; i++)
			if (loop->transfers.items[i].easy == easy)
				transfer = loop->transfers.items[i];
		loop_remove_transfer(loop, easy);
		if (transfer.done != NULL)
			transfer.done(transfer.context, (int)code);
	}
}

void loop_turn(struct loop *loop, int max_wait_ms)
{
	CLEANUP(mem_freep)
	struct curl_waitfd *fds =
		mem_alloc_array(loop->watches.count + 1, sizeof(*fds));
	size_t count = loop->watches.count;
	int running;

	for (size_t i = 0; i < count; i++) {
		fds[i].fd = loop->watches.items[i].fd;
		fds[i].events = CURL_WAIT_POLLIN;
	}
	curl_multi_poll(loop->multi, fds, (unsigned)count,
			wait_ms(loop, max_wait_ms), NULL);
	curl_multi_perform(loop->multi, &running);
	run_finished(loop);
	run_timers(loop);
	for (size_t i = 0; i < count; i++)
		if (fds[i].revents & CURL_WAIT_POLLIN)
			for (size_t k = 0; k < loop->watches.count; k++)
				if (loop->watches.items[k].fd == fds[i].fd) {
					struct watch watch =
						loop->watches.items[k];

					watch.ready(watch.context);
					break;
				}
}
