/* sandbox/gateway/client.h - one client of the gateway, and what all of them
 * share.
 *
 * server.c makes it and runs one thread for it: startup_run logs in, then
 * relay_run answers until the client leaves.
 */
#ifndef SANDBOX_GATEWAY_CLIENT_H
#define SANDBOX_GATEWAY_CLIENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sandbox/ground/stream.h"

struct backend;
struct identity;
struct idle_limits;
struct login;
struct map;
struct pgparams;
struct querylog;
struct rewrite;
struct s3_store;
struct server;
struct tls_server;

/* Borrowed by all, alive while the server runs; each is safe to use from any
 * thread. */
struct client_shared {
	const char *socket_path; /* of the private PostgreSQL */
	struct tls_server *tls;
	struct login *login;
	const struct pgparams *params;
	const struct rewrite *rewrite;
	struct s3_store *store;
	const struct identity *identity;
	const struct idle_limits *idle;
};

enum client_end { /* as STL_SESSIONS.timed_out has them */
		  CLIENT_ENDED_SOMEHOW,
		  CLIENT_ENDED_IDLE,
		  CLIENT_ENDED_ITSELF,
		  CLIENT_ENDED_BY_BACKEND,
};

struct client {
	const struct client_shared *shared;
	struct server *server;
	int64_t login_since_us; /* 0: in session; under the server's lock */
	struct stream stream;
	char *user; /* of the database */
	char *database;
	char *joined;          /* groups of this session; see membership */
	int session_timeout_s; /* of the user, 0: none */
	int64_t idle_us;       /* what the socket waits; see idle */
	struct backend *backend;
	struct backend *aside; /* superuser, opened on first need */
	struct map *prepared;  /* name to struct plan; see extended */
	struct map *portals;
	bool skip;           /* up to Sync, after an error */
	bool cursor_open;    /* in this block */
	bool block_used;     /* a command has run in it */
	bool several;        /* it is a message's of several statements */
	bool case_sensitive; /* enable_case_sensitive_identifier, or
					* downcase_delimited_identifier off */
	bool case_sensitive_fields; /* of SUPER, by the setting for these */
	bool upper_names;           /* describe_field_name_in_uppercase */
	bool settings_touched;      /* one of these four may have changed */
	bool asks_extended;         /* see sandbox/gateway/ask */
	int64_t query_id;           /* of the running statement */
	enum client_end end;        /* why the session is over */
	struct querylog *log;       /* see querylog; from login to the end */
	atomic_bool cancelled;      /* set by the thread that got the
					 * CancelRequest */
};

#endif
