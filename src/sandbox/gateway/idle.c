#include "sandbox/gateway/idle.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"

static bool in_transaction(const struct client *client)
{
	return client->backend->status != 'I';
}

static int limit_s(const struct client *client)
{
	const struct idle_limits *limits = client->shared->idle;

	if (client->session_timeout_s > 0)
		return client->session_timeout_s;
	return in_transaction(client) ? limits->transaction_s
				      : limits->session_s;
}

void idle_begin(struct client *client)
{
	int64_t us = (int64_t)limit_s(client) * 1000000 /
		     client->shared->idle->speed;
	struct timeval limit = {
		.tv_sec = us / 1000000,
		.tv_usec = us % 1000000,
	};

	if (client->idle_us == us)
		return;
	client->idle_us = us;
	setsockopt(client->stream.fd, SOL_SOCKET, SO_RCVTIMEO, &limit,
		   sizeof(limit));
}

bool idle_is_over(const struct client *client, int error, struct err *err)
{
	int seconds = limit_s(client);

	if (error != EAGAIN && error != EWOULDBLOCK)
		return false;
	if (client->session_timeout_s > 0)
		err_set(err, ERR_NETWORK,
			"the session was idle for longer than its SESSION "
			"TIMEOUT of %d seconds",
			seconds);
	else
		err_set(err, ERR_NETWORK,
			"the session was idle%s for longer than %d seconds",
			in_transaction(client) ? " in a transaction" : "",
			seconds);
	return true;
}
