#include "shell/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"

struct output {
	struct sink sink;
	int fd; /* -1: paged and undecided */
	bool own_fd;
	struct proc child; /* command or pager */
	struct str held;
	size_t written; /* bytes that have left */
	bool streams;   /* some since output_mark: no way back any more */
	bool eager;     /* nothing is held */
	bool failed;
	int failure; /* errno */
	bool reported;
	char *target;         /* as named, NULL: standard output */
	struct output *below; /* of a paged output, until it is decided */
	int min_lines;        /* lines that start the pager */
	int lines;
};

static void fail(struct output *output, int errnum)
{
	output->failed = true;
	output->failure = errnum;
	str_clear(&output->held);
}

static void write_fd(struct output *output, const char *bytes, size_t len)
{
	while (len > 0 && !output->failed) {
		ssize_t done = write(output->fd, bytes, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			fail(output, errno);
			return;
		}
		bytes += done;
		len -= (size_t)done;
		output->written += (size_t)done;
	}
}

static void push(struct output *output)
{
	write_fd(output, output->held.text, output->held.len);
	str_clear(&output->held);
	output->streams = true;
}

/* Enough lines for the pager: it takes over what is held. */
static void start_pager(struct output *output)
{
	struct err ignored = ERR_EMPTY;

	output_flush(output->below, &ignored);
	if (proc_open(&output->child, output_pager(), PROC_WRITE, &ignored))
		output->fd = output->child.fd;
	else
		output->fd = output->below->fd;
	output->below = NULL;
	push(output);
}

static int count_lines(const char *bytes, size_t len)
{
	const char *end = bytes + len;
	int count = 0;

	while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
		bytes++;
		count++;
	}
	return count;
}

static bool sink_take(void *context, const char *bytes, size_t len,
		      struct err *err)
{
	struct output *output = context;

	if (output->failed) {
		/* The pager was left: the rest has no reader. */
		if (output->failure == EPIPE)
			return err_set(err, ERR_CANCELLED, "the reader left");
		return err_set_errno(
			err, output->failure, "could not write to %s",
			output->target ? output->target : "standard output");
	}
	if (output->streams && len >= OUTPUT_BLOCK_BYTES && !output->below) {
		push(output);
		write_fd(output, bytes, len);
		return true;
	}
	str_add_slice(&output->held, bytes, len);
	if (output->below) {
		output->lines += count_lines(bytes, len);
		if (output->lines >= output->min_lines ||
		    output->held.len > OUTPUT_HELD_BYTES)
			start_pager(output);
		return true;
	}
	if (output->eager || output->held.len >= OUTPUT_HELD_BYTES)
		push(output);
	return true;
}

static struct output *make(int fd)
{
	struct output *output = mem_alloc(sizeof(*output));

	output->sink.write = sink_take;
	output->sink.context = output;
	output->fd = fd;
	output->child = (struct proc)PROC_EMPTY;
	output->held = (struct str)STR_EMPTY;
	return output;
}

struct output *output_new(void)
{
	return make(STDOUT_FILENO);
}

struct output *output_open(const char *target, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct proc child = PROC_EMPTY;
	struct output *output;
	int fd;

	if (*target == '|') {
		if (!proc_open(&child, target + 1, PROC_WRITE, err))
			return NULL;
		output = make(child.fd);
		output->child = child;
		output->target = mem_copy_text(target);
		return output;
	}
	path_expand(target, &path);
	fd = open(path.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		err_set_errno(err, errno, "%s", path.text);
		return NULL;
	}
	output = make(fd);
	output->own_fd = true;
	output->target = mem_copy_text(path.text);
	return output;
}

/* less, told to let colours through and to leave short texts on the screen. */
static const char output_default_pager[] =
	"if command -v less >/dev/null; then LESS=${LESS-FRX} exec less; "
	"else exec more; fi";

bool output_pager_is_own(void)
{
	return output_pager() == output_default_pager;
}

const char *output_pager(void)
{
	const char *pager = getenv("PSQL_PAGER");

	if (!pager)
		pager = getenv("PAGER");
	if (!pager)
		return output_default_pager;
	return pager[strspn(pager, " \t\r\n")] ? pager : NULL;
}

struct output *output_open_paged(int min_lines, bool always,
				 struct output *below)
{
	struct output *output = make(-1);

	output->below = below;
	output->min_lines = always ? 1 : min_lines;
	return output;
}

struct sink *output_sink(struct output *output)
{
	return &output->sink;
}

bool output_flush(struct output *output, struct err *err)
{
	if (!output->below)
		push(output);
	return !output_failure(output, err);
}

size_t output_place(const struct output *output)
{
	return output->written + output->held.len;
}

void output_flush_to(struct output *output, size_t place)
{
	CLEANUP(str_done) struct str later = STR_EMPTY;
	size_t len = place > output->written ? place - output->written : 0;

	if (len == 0 || output->below)
		return;
	if (len < output->held.len)
		str_set_slice(&later, output->held.text + len,
			      output->held.len - len);
	else
		len = output->held.len;
	write_fd(output, output->held.text, len);
	if (!output->failed)
		str_set_slice(&output->held, later.text, later.len);
}

size_t output_mark(struct output *output)
{
	output->streams = false;
	return output_place(output);
}

void output_rollback(struct output *output, size_t mark)
{
	if (mark >= output->written &&
	    mark - output->written <= output->held.len)
		str_cut(&output->held, mark - output->written);
}

void output_set_eager(struct output *output, bool eager)
{
	output->eager = eager;
}

bool output_failed(const struct output *output)
{
	return output->failed;
}

bool output_failure(struct output *output, struct err *err)
{
	if (!output->failed || output->reported)
		return false;
	output->reported = true;
	if (output->failure == EPIPE && output->child.pid > 0) {
		output->reported = true;
		return false; /* quitting the pager is no error */
	}
	err_set_errno(err, output->failure, "could not write to %s",
		      output->target ? output->target : "standard output");
	err_hint(err, "the output is incomplete");
	return true;
}

bool output_is_stdout(const struct output *output)
{
	return output->fd == STDOUT_FILENO && !output->own_fd &&
	       output->child.pid < 0;
}

/* A paged output that stayed short: its lines go where they would have. */
static void settle(struct output *output)
{
	if (!output->below)
		return;
	sink_write(output_sink(output->below), output->held.text,
		   output->held.len, NULL);
	str_clear(&output->held);
}

bool output_close(struct output *output, int *out_status, struct err *err)
{
	bool ok = true;

	if (!output)
		return true;
	settle(output);
	if (output->fd >= 0)
		ok = output_flush(output, err);
	if (out_status)
		*out_status = 0;
	if (output->child.pid > 0)
		ok = proc_close(&output->child, out_status, err) && ok;
	else if (output->own_fd && close(output->fd) != 0 && ok)
		ok = err_set_errno(err, errno, "could not write to %s",
				   output->target);
	str_done(&output->held);
	mem_free(output->target);
	mem_free(output);
	return ok;
}

void output_free(struct output *output)
{
	output_close(output, NULL, NULL);
}
