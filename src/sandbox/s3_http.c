#include "sandbox/s3_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/str.h"
#include "sandbox/s3_call.h"

/* Idle keep-alive connections hold a thread each. */
enum {
	IDLE_TIMEOUT_S = 120,
	CONNECTIONS_MAX = 256,
};

struct s3_http {
	struct s3_http_options options;
	struct MHD_Daemon *daemon;
	int port;
};

/* What MHD keeps for a request: made when its first line is read. */
struct exchange {
	struct s3_call *call;
	bool begun;
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
			const struct s3_call *call)
{
	const char *line = call->reply.headers.text;

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
	MHD_add_response_header(response, "x-amz-request-id", call->request.id);
	MHD_add_response_header(response, "x-amz-id-2", "redsh-sandbox");
	MHD_add_response_header(response, MHD_HTTP_HEADER_SERVER, "AmazonS3");
}

/* MHD takes the descriptor over, and frees the body it is given. */
static enum MHD_Result send_reply(struct MHD_Connection *connection,
				  struct s3_call *call)
{
	struct s3_reply *reply = &call->reply;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (reply->fd >= 0) {
		response = MHD_create_response_from_fd_at_offset64(
			(uint64_t)reply->length, reply->fd,
			(uint64_t)reply->offset);
		if (response != NULL)
			reply->fd = -1;
	} else {
		response = MHD_create_response_from_buffer(
			reply->body.len, reply->body.text,
			MHD_RESPMEM_MUST_COPY);
	}
	if (response == NULL)
		return MHD_NO;
	add_headers(response, call);
	result = MHD_queue_response(connection, (unsigned)reply->status,
				    response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result begin(struct MHD_Connection *connection,
			     struct s3_call *call, const char *method)
{
	bool waits;

	MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header,
				  call);
	waits = s3_request_header(&call->request, "expect") != NULL;
	if (s3_call_begin(call, method) || !waits)
		return MHD_YES; /* a refused body is read and thrown away */
	return send_reply(connection, call);
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
		return begin(connection, exchange->call, method);
	}
	if (*in_out_size > 0) {
		s3_call_feed(exchange->call, upload, *in_out_size);
		*in_out_size = 0;
		return MHD_YES;
	}
	s3_call_end(exchange->call);
	return send_reply(connection, exchange->call);
}

/* The path must stay as sent: keys may hold "%2F", "+", ".." and "//". */
static size_t leave_escaped(void *context, struct MHD_Connection *connection,
			    char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

/* --- start and stop --- */

static void listen_address(int port, struct sockaddr_in *out)
{
	memset(out, 0, sizeof(*out));
	out->sin_family = AF_INET;
	out->sin_port = htons((uint16_t)port);
	out->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static struct MHD_Daemon *start_daemon(struct s3_http *http,
				       const struct sockaddr_in *address)
{
	return MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD |
			MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
			MHD_USE_ITC,
		ntohs(address->sin_port), NULL, NULL, answer, http,
		MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)address,
		MHD_OPTION_URI_LOG_CALLBACK, first_line, http,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024),
		MHD_OPTION_END);
}

struct s3_http *s3_http_start(const struct s3_http_options *options,
			      struct err *err)
{
	struct s3_http *http = mem_alloc(sizeof(*http));
	const union MHD_DaemonInfo *info;
	struct sockaddr_in address;

	http->options = *options;
	listen_address(options->port, &address);
	errno = 0;
	http->daemon = start_daemon(http, &address);
	if (http->daemon == NULL) {
		err_set_errno(err, errno,
			      "cannot serve S3 on 127.0.0.1 port %d",
			      options->port);
		mem_free(http);
		return NULL;
	}
	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
	http->port = info == NULL ? options->port : info->port;
	return http;
}

int s3_http_port(const struct s3_http *http)
{
	return http->port;
}

void s3_http_stop(struct s3_http *http)
{
	if (http == NULL)
		return;
	MHD_stop_daemon(http->daemon);
	mem_free(http);
}
