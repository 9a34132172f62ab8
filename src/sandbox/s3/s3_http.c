#include "sandbox/s3/s3_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/log.h"
#include "base/str.h"
#include "sandbox/account/faults.h"
#include "sandbox/account/sessions.h"
#include "sandbox/ground/door.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http_fault.h"
#include "sandbox/stacks/cfn.h"

/* Idle keep-alive connections hold a thread each. */
enum {
	IDLE_TIMEOUT_S = 120,
	REFUSED_TIMEOUT_S = 5, /* for the body of a refused request */
	CONNECTIONS_MAX = 256,
	/* MHD's own limit is never to be met: its count lags behind ours, and
	 * 0.9.75 keeps a lock for ever that it takes to refuse one. */
	MHD_CONNECTIONS_MAX = 1000000,
	HEAD_PEEK_BYTES = 16384,
};

struct s3_http {
	struct s3_http_options options;
	struct door *door;
	pthread_t thread;    /* lets connections in from the door to MHD */
	int wake_fd;         /* eventfd: a connection has ended, or stop */
	atomic_bool stopped;
	atomic_int connections; /* given to MHD and not closed yet */
	struct MHD_Daemon *daemon;
};

/* What MHD keeps for a request: made when its first line is read. */
struct exchange {
	struct s3_call *call;
	bool begun;
	bool refused; /* by its head, and hung up on then */
};

static void *first_line(void *context, const char *uri,
			struct MHD_Connection *connection)
{
	struct s3_http *http = context;
	struct exchange *exchange = mem_alloc(sizeof(*exchange));

	(void)connection;
	exchange->call = s3_call_new(&http->options, uri);
	return exchange;
}

static void completed(void *context, struct MHD_Connection *connection,
		      void **in_out_exchange,
		      enum MHD_RequestTerminationCode why)
{
	struct exchange *exchange = *in_out_exchange;

	(void)context;
	(void)connection;
	(void)why;
	if (exchange == NULL)
		return;
	s3_call_free(exchange->call);
	mem_free(exchange);
	*in_out_exchange = NULL;
}

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind,
				   const char *name, const char *value)
{
	struct s3_call *call = context;

	(void)kind;
	s3_request_add_header(&call->request, name, value);
	return MHD_YES;
}

/* --- the reply --- */

static void add_headers(struct MHD_Response *response,
			const char *line)
{
	for (; *line != '\0'; line += strcspn(line, "\n") + 1) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str value = STR_EMPTY;
		size_t name_len = strcspn(line, ":");
		size_t blank = strspn(line + name_len + 1, " ");

		str_add_slice(&name, line, name_len);
		line += name_len + 1 + blank;
		str_add_slice(&value, line, strcspn(line, "\n"));
		MHD_add_response_header(response, name.text, value.text);
	}
}

static void add_all_headers(struct MHD_Response *response,
			    const struct s3_call *call)
{
	add_headers(response, call->reply.headers.text);
	add_headers(response, call->reply.always.text);
	if (call->kaggle) {
		MHD_add_response_header(response, MHD_HTTP_HEADER_SERVER,
					"redsh-sandbox");
		return;
	}
	MHD_add_response_header(response, "x-amz-request-id", call->request.id);
	MHD_add_response_header(response, "x-amz-id-2", "redsh-sandbox");
	MHD_add_response_header(response, MHD_HTTP_HEADER_SERVER, "AmazonS3");
}

/* MHD takes the descriptor over. */
static struct MHD_Response *response_of(struct s3_reply *reply)
{
	struct MHD_Response *response;

	if (reply->fd < 0)
		return MHD_create_response_from_buffer(reply->body.len,
						       reply->body.text,
						       MHD_RESPMEM_MUST_COPY);
	response = MHD_create_response_from_fd_at_offset64(
		(uint64_t)reply->length, reply->fd, (uint64_t)reply->offset);
	if (response != NULL)
		reply->fd = -1;
	return response;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection,
				  struct exchange *exchange)
{
	struct s3_call *call = exchange->call;
	struct s3_reply *reply = &call->reply;
	struct MHD_Response *response = NULL;
	enum MHD_Result result;

	if (call->fault.rule != 0 &&
	    !s3_http_fault_reply(call, connection, &response))
		return MHD_NO;
	if (response == NULL)
		response = response_of(reply);
	if (response == NULL)
		return MHD_NO;
	add_all_headers(response, call);
	/* S3 does so too; a place is not for those that have no key */
	if (exchange->refused)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION,
					"close");
	result = MHD_queue_response(connection, (unsigned)reply->status,
				    response);
	MHD_destroy_response(response);
	return result;
}

/* A refused body is read and thrown away, so that the client hears why; but
 * not waited for as others are. */
static enum MHD_Result begin(struct MHD_Connection *connection,
			     struct exchange *exchange, const char *method)
{
	struct s3_call *call = exchange->call;
	const struct s3_request *request = &call->request;
	bool clear;

	MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header,
				  call);
	clear = s3_request_length_is_clear(request);
	if (s3_call_begin(call, method))
		return s3_http_fault_begin(call, connection) ? MHD_YES : MHD_NO;
	exchange->refused = call->fault.rule == 0;
	if (!s3_http_fault_begin(call, connection))
		return MHD_NO;
	if (!clear || s3_request_header(request, "expect") != NULL)
		return send_reply(connection, exchange);
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT,
				  (unsigned)REFUSED_TIMEOUT_S);
	return MHD_YES;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *in_out_size, void **in_out_exchange)
{
	struct exchange *exchange = *in_out_exchange;

	(void)context;
	(void)url;
	(void)version;
	if (exchange == NULL)
		return MHD_NO;
	if (!exchange->begun) {
		exchange->begun = true;
		return begin(connection, exchange, method);
	}
	if (*in_out_size > 0) {
		size_t len = *in_out_size;

		*in_out_size = 0;
		return s3_http_fault_feed(exchange->call, connection, upload,
					  len)
			       ? MHD_YES
			       : MHD_NO;
	}
	s3_call_end(exchange->call);
	return send_reply(connection, exchange);
}

/* The path must stay as sent: keys may hold "%2F", "+", ".." and "//". */
static size_t leave_escaped(void *context, struct MHD_Connection *connection,
			    char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

/* --- connections --- */

static void count_connection(void *context, struct MHD_Connection *connection,
			     void **socket_context,
			     enum MHD_ConnectionNotificationCode what)
{
	struct s3_http *http = context;

	(void)connection;
	(void)socket_context;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		return;
	atomic_fetch_sub(&http->connections, 1);
	eventfd_write(http->wake_fd, 1);
}

static PRINTF_LIKE(2, 0) void log_mhd(void *context, const char *fmt,
				      va_list args)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)context;
	str_addv(&text, fmt, args);
	str_trim_end(&text);
	log_debug(LOG_SANDBOX, "AWS: %s", text.text);
}

/* The head is whole, is none of HTTP, or is too long to look for its end. */
static bool head_is_there(int fd)
{
	char bytes[HEAD_PEEK_BYTES];
	ssize_t len = recv(fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);

	if (len <= 0)
		return false;
	return bytes[0] < 'A' || bytes[0] > 'Z' || len == sizeof(bytes) ||
	       memmem(bytes, (size_t)len, "\r\n\r\n", 4) != NULL ||
	       memmem(bytes, (size_t)len, "\n\n", 2) != NULL;
}

static bool has_place(struct s3_http *http)
{
	return atomic_load(&http->connections) < CONNECTIONS_MAX;
}

/* MHD closes what it cannot take. */
static bool give(struct s3_http *http, int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	if (getpeername(fd, (struct sockaddr *)&address, &len) == 0)
		return MHD_add_connection(http->daemon, fd,
					  (struct sockaddr *)&address,
					  len) == MHD_YES;
	close(fd);
	return false;
}

static void let_in(struct s3_http *http)
{
	int fd;

	while (has_place(http) && (fd = door_next(http->door)) >= 0) {
		atomic_fetch_add(&http->connections, 1);
		if (!give(http, fd))
			atomic_fetch_sub(&http->connections, 1);
	}
}

static void *watch_door(void *context)
{
	struct s3_http *http = context;

	while (!atomic_load(&http->stopped)) {
		struct pollfd polled[DOOR_POLLED_MAX + 1];
		size_t count = door_poll(http->door, polled, has_place(http));
		eventfd_t woken;

		polled[count] = (struct pollfd){ .fd = http->wake_fd,
						 .events = POLLIN };
		if (poll(polled, count + 1, DOOR_WATCH_MS) < 0)
			continue; /* EINTR */
		eventfd_read(http->wake_fd, &woken);
		let_in(http);
		door_turn(http->door, polled);
	}
	return NULL;
}

/* --- start and stop --- */

static struct MHD_Daemon *start_daemon(struct s3_http *http)
{
	return MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD |
			MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
			MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET |
			MHD_USE_ERROR_LOG,
		0, NULL, NULL, answer, http, /* the logger comes first */
		MHD_OPTION_EXTERNAL_LOGGER, log_mhd, NULL,
		MHD_OPTION_NOTIFY_CONNECTION, count_connection, http,
		MHD_OPTION_URI_LOG_CALLBACK, first_line, http,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)MHD_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024),
		MHD_OPTION_END);
}

static bool start_threads(struct s3_http *http, struct err *err)
{
	int failed;

	errno = 0;
	http->daemon = start_daemon(http);
	if (http->daemon == NULL)
		return err_set_errno(err, errno, "cannot serve HTTP");
	failed = pthread_create(&http->thread, NULL, watch_door, http);
	if (failed == 0)
		return true;
	MHD_stop_daemon(http->daemon);
	return err_set_errno(err, failed, "cannot serve HTTP");
}

static void free_http(struct s3_http *http)
{
	door_close(http->door);
	cfn_close(http->options.stacks);
	sessions_free(http->options.sessions);
	qs_stop(http->options.quicksight);
	faults_close(http->options.faults);
	if (http->wake_fd >= 0)
		close(http->wake_fd);
	mem_free(http);
}

struct s3_http *s3_http_start(const struct s3_http_options *options,
			      struct err *err)
{
	struct door_options at = {
		.port = options->port,
		.ready = head_is_there,
		.name = "AWS",
	};
	struct door *door = door_open(&at, err);
	struct s3_http *http;

	if (door == NULL)
		return NULL;
	http = mem_alloc(sizeof(*http));
	http->options = *options;
	http->options.sessions = sessions_new();
	http->door = door;
	http->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (options->dir != NULL)
		http->options.faults = faults_open(options->dir, err);
	if (http->options.faults != NULL)
		http->options.quicksight = qs_start(&http->options, err);
	if (http->options.quicksight != NULL)
		http->options.stacks = cfn_open(&http->options, err);
	if ((options->dir != NULL && http->options.stacks == NULL) ||
	    !start_threads(http, err)) {
		free_http(http);
		return NULL;
	}
	return http;
}

int s3_http_port(const struct s3_http *http)
{
	return door_port(http->door);
}

void s3_http_stop(struct s3_http *http)
{
	if (http == NULL)
		return;
	atomic_store(&http->stopped, true);
	eventfd_write(http->wake_fd, 1);
	pthread_join(http->thread, NULL);
	faults_stop(http->options.faults);
	MHD_stop_daemon(http->daemon);
	free_http(http);
}
