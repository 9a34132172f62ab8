#include "kaggle/kaggle_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/sink.h"
#include "base/str.h"
#include "data/pack_zip.h"
#include "kaggle/kaggle_archive.h"
#include "kaggle/kaggle_client.h"
#include "kaggle/kaggle_name.h"
#include "kaggle/kaggle_source.h"

struct kaggle_pipe {
	struct kaggle_name name;
	struct str shown;
	const char *file; /* choice points here */
	struct kaggle_choice choice;
	struct kaggle_client *client;
	struct kaggle_source *source;
	struct kaggle_archive *archive;
	struct cancel *cancel; /* the thread's token */
	int fds[2];
	pthread_t thread;
	bool runs; /* and is to be joined */
	/* Of the thread, until it is joined: */
	bool unread; /* nobody reads any more */
	struct err err;
};

/* --- in the thread --- */

static bool write_pipe(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct kaggle_pipe *pipe = context;

	while (len > 0) {
		ssize_t put;

		if (cancel_poll(pipe->fds[1], POLLOUT, -1) < 0)
			return cancel_check(err);
		put = write(pipe->fds[1], bytes, len);
		if (put < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (put < 0) {
			pipe->unread = errno == EPIPE;
			return err_set_errno(err, errno, "writing to a pipe");
		}
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

static void *run(void *context)
{
	struct kaggle_pipe *pipe = context;
	struct sink sink = { write_pipe, pipe };
	bool bad;

	cancel_use(pipe->cancel);
	if (!kaggle_archive_unpack(pipe->archive, &sink, &bad, &pipe->err))
		err_wrap(&pipe->err, "%s", pipe->shown.text);
	close(pipe->fds[1]);
	pipe->fds[1] = -1;
	cancel_use(NULL);
	return NULL;
}

/* --- outside of it --- */

static bool find_file(struct kaggle_pipe *pipe, const char *text,
		      struct err *err)
{
	static const struct kaggle_watch silent = { .note = NULL };
	const struct pack_zip_member *member;

	if (!kaggle_name_parse(&pipe->name, text, err))
		return false;
	if (pipe->name.file.len == 0) {
		err_set(err, ERR_USAGE, "%s: which file of it?", text);
		return err_hint(err, "\\kaggle ls %s/%s shows them",
				pipe->name.owner.text, pipe->name.slug.text);
	}
	str_add(&pipe->shown, text);
	pipe->file = pipe->name.file.text;
	pipe->choice = (struct kaggle_choice){ &pipe->file, 1 };
	pipe->client = kaggle_client_new(&silent, err);
	if (pipe->client == NULL)
		return false;
	pipe->source = kaggle_source_open(pipe->client, &pipe->name, err);
	if (pipe->source == NULL)
		return false;
	pipe->archive = kaggle_archive_open(pipe->source, &pipe->choice, err);
	if (pipe->archive == NULL ||
	    !kaggle_archive_check_single(pipe->archive, &pipe->name, err))
		return false;
	return kaggle_archive_next(pipe->archive, &member, err) &&
	       (kaggle_archive_check(member, err) ||
		err_wrap(err, "%s", text));
}

static bool start(struct kaggle_pipe *pipe, struct err *err)
{
	int failed;

	pipe->cancel = cancel_new(err);
	if (pipe->cancel == NULL)
		return false;
	if (pipe2(pipe->fds, O_CLOEXEC) != 0 ||
	    fcntl(pipe->fds[1], F_SETFL, O_NONBLOCK) != 0)
		return err_set_errno(err, errno, "cannot make a pipe");
	failed = pthread_create(&pipe->thread, NULL, run, pipe);
	pipe->runs = failed == 0;
	return pipe->runs ||
	       err_set_errno(err, failed, "cannot start a thread");
}

struct kaggle_pipe *kaggle_pipe_open(const char *text, struct err *err)
{
	static const struct kaggle_name no_name = KAGGLE_NAME_EMPTY;
	struct kaggle_pipe *pipe = mem_alloc(sizeof(*pipe));

	pipe->name = no_name;
	pipe->shown = (struct str)STR_EMPTY;
	pipe->fds[0] = pipe->fds[1] = -1;
	if (find_file(pipe, text, err) && start(pipe, err))
		return pipe;
	kaggle_pipe_close(pipe);
	return NULL;
}

static void join(struct kaggle_pipe *pipe)
{
	if (pipe->runs)
		pthread_join(pipe->thread, NULL);
	pipe->runs = false;
}

void kaggle_pipe_close(struct kaggle_pipe *pipe)
{
	if (pipe == NULL)
		return;
	if (pipe->runs)
		cancel_stop(pipe->cancel);
	join(pipe);
	for (int i = 0; i < 2; i++)
		if (pipe->fds[i] >= 0)
			close(pipe->fds[i]);
	kaggle_archive_close(pipe->archive);
	kaggle_source_close(pipe->source);
	kaggle_client_free(pipe->client);
	cancel_free(pipe->cancel);
	str_done(&pipe->shown);
	kaggle_name_done(&pipe->name);
	mem_free(pipe);
}

int kaggle_pipe_fd(const struct kaggle_pipe *pipe)
{
	return pipe->fds[0];
}

const char *kaggle_pipe_name(const struct kaggle_pipe *pipe)
{
	return pipe->shown.text;
}

const char *kaggle_pipe_warning(const struct kaggle_pipe *pipe)
{
	return kaggle_client_warning(pipe->client);
}

bool kaggle_pipe_end(struct kaggle_pipe *pipe, struct err *err)
{
	if (pipe->runs)
		cancel_stop(pipe->cancel);
	join(pipe);
	if (pipe->err.kind == ERR_NONE || pipe->err.kind == ERR_CANCELLED ||
	    pipe->unread)
		return true;
	if (err != NULL)
		*err = pipe->err;
	return false;
}
