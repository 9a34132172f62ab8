#include "db/attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/mem.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "db/dsn_option.h"

/* One try to connect. libpq resolves names and waits in ways nobody can
 * interrupt, so a helper thread does it; whoever lets go last frees. */
struct attempt {
	atomic_int holders;
	int done[2];     /* the thread writes a byte when it has conn */
	struct dsn *dsn; /* keeps the texts that values point to */
	const char **keywords;
	const char **values;
	PGconn *conn;
	pthread_t thread;
};

static void let_go(struct attempt *attempt)
{
	if (atomic_fetch_sub(&attempt->holders, 1) > 1)
		return;
	if (attempt->done[0] >= 0) {
		close(attempt->done[0]);
		close(attempt->done[1]);
	}
	PQfinish(attempt->conn);
	mem_free(attempt->keywords);
	mem_free(attempt->values);
	dsn_free(attempt->dsn);
	mem_free(attempt);
}

static void *connect_thread(void *context)
{
	struct attempt *attempt = context;
	char byte = 1;

	attempt->conn =
		PQconnectdbParams(attempt->keywords, attempt->values, 0);
	while (write(attempt->done[1], &byte, 1) < 0 && errno == EINTR)
		;
	let_go(attempt);
	return NULL;
}

static struct attempt *attempt_new(const struct dsn *dsn,
				   const struct db_options *options)
{
	struct attempt *attempt = mem_alloc(sizeof(*attempt));
	const char *name = options->application_name;
	const char *keyword;
	const char *value;
	size_t count = 0, kept = 0;

	attempt->dsn = dsn_copy(dsn);
	dsn_set(attempt->dsn, "fallback_application_name",
		name ? name : "redsh");
	if (!dsn_get(dsn, "client_encoding") && !getenv("PGCLIENTENCODING"))
		dsn_set(attempt->dsn, "client_encoding", "UTF8");
	while (dsn_item(attempt->dsn, count, &keyword, &value))
		count++;
	attempt->keywords = mem_alloc_array(count + 1, sizeof(char *));
	attempt->values = mem_alloc_array(count + 1, sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		dsn_item(attempt->dsn, i, &keyword, &value);
		if (dsn_option_is_own(keyword))
			continue;
		attempt->keywords[kept] = keyword;
		attempt->values[kept++] = value;
	}
	return attempt;
}

static bool attempt_start(struct attempt *attempt, struct err *err)
{
	int failed;

	if (pipe2(attempt->done, O_CLOEXEC) != 0) {
		attempt->done[0] = attempt->done[1] = -1;
		return err_set_errno(err, errno, "cannot make a pipe");
	}
	failed = pthread_create(&attempt->thread, NULL, connect_thread,
				attempt);
	if (failed)
		return err_set_errno(err, failed, "cannot start a thread");
	return true;
}

enum { STOP_PATIENCE_MS = 3000 };

/* 1: the thread has finished; -1: stopped. */
static int attempt_wait(const struct attempt *attempt, int stop_fd)
{
	struct pollfd fds[2] = {
		{ .fd = attempt->done[0], .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};

	if (stop_fd < 0)
		return cancel_poll(attempt->done[0], POLLIN, -1);
	while (poll(fds, 2, -1) < 0)
		;
	if (fds[0].revents)
		return 1;
	/* The program may be about to end, and TLS must not be torn down
	 * under a handshake: let it finish, unless the network hangs. */
	return poll(fds, 1, STOP_PATIENCE_MS) > 0 ? 1 : -1;
}

static PGconn *stopped(struct err *err)
{
	err_set(err, ERR_CANCELLED, "connecting was cancelled");
	return NULL;
}

static PGconn *connect_aside(const struct dsn *dsn,
			     const struct db_options *options, struct err *err)
{
	struct attempt *attempt = attempt_new(dsn, options);
	PGconn *conn;

	atomic_store(&attempt->holders, 2);
	if (!attempt_start(attempt, err)) {
		let_go(attempt);
		let_go(attempt);
		return NULL;
	}
	if (attempt_wait(attempt, options->stop_fd) < 0) {
		pthread_detach(attempt->thread);
		let_go(attempt);
		return stopped(err);
	}
	/* What TLS keeps for the thread goes with it, not with the program. */
	pthread_join(attempt->thread, NULL);
	conn = attempt->conn;
	attempt->conn = NULL;
	let_go(attempt);
	return conn;
}

/* ---- without a thread ---- */

static const char *setting(const struct dsn *dsn, const char *keyword,
			   const char *variable)
{
	const char *value = dsn_get(dsn, keyword);

	return value ? value : getenv(variable);
}

/* One socket in the file system: there is no name to look up, and no time
 * limit, which libpq keeps only when it waits by itself. */
static bool is_one_socket(const struct dsn *dsn)
{
	const char *host = setting(dsn, "host", "PGHOST");

	return host && *host == '/' && !strchr(host, ',') &&
	       !setting(dsn, "hostaddr", "PGHOSTADDR") &&
	       !setting(dsn, "service", "PGSERVICE") &&
	       !setting(dsn, "connect_timeout", "PGCONNECT_TIMEOUT");
}

/* 1: the socket is ready; -1: stopped. */
static int wait_socket(const PGconn *conn, short events, int stop_fd)
{
	struct pollfd fds[2] = {
		{ .fd = PQsocket(conn), .events = events },
		{ .fd = stop_fd, .events = POLLIN },
	};

	if (stop_fd < 0)
		return cancel_poll(PQsocket(conn), events, -1);
	while (poll(fds, 2, -1) < 0)
		;
	return fds[0].revents ? 1 : -1;
}

static PGconn *connect_here(const struct dsn *dsn,
			    const struct db_options *options, struct err *err)
{
	struct attempt *attempt = attempt_new(dsn, options);
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;
	PGconn *conn =
		PQconnectStartParams(attempt->keywords, attempt->values, 0);

	atomic_store(&attempt->holders, 1);
	attempt->done[0] = attempt->done[1] = -1;
	let_go(attempt);
	while (PQstatus(conn) != CONNECTION_BAD && step != PGRES_POLLING_OK &&
	       step != PGRES_POLLING_FAILED) {
		short events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (wait_socket(conn, events, options->stop_fd) < 0) {
			PQfinish(conn);
			return stopped(err);
		}
		step = PQconnectPoll(conn);
	}
	return conn;
}

PGconn *attempt_connect(const struct dsn *dsn, const struct db_options *options,
			struct err *err)
{
	return is_one_socket(dsn) ? connect_here(dsn, options, err)
				  : connect_aside(dsn, options, err);
}
