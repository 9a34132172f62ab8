#include "sandbox/s3/s3_http_fault.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "sandbox/account/faults.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum {
	BLOCK_BYTES = 65536,
	TURN_MS = 50, /* of a limited rate */
};

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info != NULL ? info->connect_fd : -1;
}

/* Until the client has gone, or the sandbox stops. */
static void stall(struct s3_call *call, struct MHD_Connection *connection)
{
	faults_wait(call->options->faults, -1, socket_of(connection));
}

/* To take the address off a TCP socket resets it at once; a close would say
 * goodbye first. */
static void reset(struct MHD_Connection *connection)
{
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	connect(socket_of(connection), &nowhere, sizeof(nowhere));
}

bool s3_http_fault_begin(struct s3_call *call,
			 struct MHD_Connection *connection)
{
	const struct fault *fault = &call->fault;

	if (fault->kind == FAULT_RESET) {
		reset(connection);
		return false;
	}
	if (fault->kind == FAULT_STALL_READ && fault->number == 0)
		stall(call, connection);
	return (fault->kind != FAULT_CUT_REQUEST &&
		fault->kind != FAULT_STALL_READ) ||
	       fault->number > 0;
}

/* As long as so many bytes take. */
static bool pace(struct s3_call *call, size_t len)
{
	int64_t rate = call->fault.rate_bytes;

	return rate == 0 ||
	       faults_wait(call->options->faults, (int64_t)len * 1000 / rate,
			   -1);
}

/* The byte that the fault is about is among these, at *out. */
static bool is_here(const struct s3_call *call, size_t len, size_t *out)
{
	int64_t at = call->fault.number - call->received;

	if (at < 0 || at >= (int64_t)len)
		return false;
	*out = (size_t)at;
	return true;
}

bool s3_http_fault_feed(struct s3_call *call,
			struct MHD_Connection *connection, const char *bytes,
			size_t len)
{
	enum fault_kind kind = call->fault.kind;
	CLEANUP(mem_freep) char *copy = NULL;
	size_t at;

	if (is_here(call, len, &at)) {
		if (kind == FAULT_CUT_REQUEST)
			return false;
		if (kind == FAULT_STALL_READ) {
			stall(call, connection);
			return false;
		}
		if (kind == FAULT_CORRUPT_REQUEST) {
			copy = mem_copy_slice(bytes, len);
			copy[at] ^= 1;
			bytes = copy;
		}
	}
	call->received += (int64_t)len;
	s3_call_feed(call, bytes, len);
	return pace(call, len);
}

/* --- answers --- */

/* The body of an answer, as the fault has it. */
struct reader {
	struct faults *faults;
	int client;
	int fd; /* -1: text */
	struct str text;
	int64_t offset; /* in fd */
	int64_t length; /* of the whole */
	int64_t end;    /* nothing is sent from here on */
	bool stalls;    /* there, instead of hanging up */
	int64_t turned; /* byte with a bit turned; -1: none */
	int64_t told;   /* Content-Length */
	int64_t passed; /* bytes given so far */
	bool floods;
	int64_t rate_bytes;
};

static ssize_t fetch(const struct reader *reader, int64_t position, char *out,
		     size_t len);

/* MHD counts itself and sends no more than it has told: what a length that is
 * too small leaves out follows here, while the socket is still open. */
static void send_surplus(const struct reader *reader)
{
	char block[4096];
	int64_t at = reader->told;

	while (at < reader->length && reader->passed == reader->told) {
		int64_t left = reader->length - at;
		ssize_t n = fetch(reader, at, block,
				  left < (int64_t)sizeof(block)
					  ? (size_t)left
					  : sizeof(block));

		if (n <= 0 ||
		    send(reader->client, block, (size_t)n, MSG_NOSIGNAL) != n)
			return;
		at += n;
	}
}

static void reader_free(void *context)
{
	struct reader *reader = context;

	send_surplus(reader);
	if (reader->fd >= 0)
		close(reader->fd);
	str_done(&reader->text);
	mem_free(reader);
}

/* A listing that goes on and on. */
static void flood(char *out, int64_t position, size_t len)
{
	static const char head[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<ListBucketResult><Name>b</Name>"
		"<IsTruncated>true</IsTruncated>";
	static const char item[] =
		"<Contents><Key>flood</Key><Size>1</Size></Contents>\n";
	const int64_t head_len = (int64_t)sizeof(head) - 1;
	const int64_t item_len = (int64_t)sizeof(item) - 1;

	for (size_t i = 0; i < len; i++) {
		int64_t at = position + (int64_t)i;

		out[i] = at < head_len ? head[at]
				       : item[(at - head_len) % item_len];
	}
}

static ssize_t fetch(const struct reader *reader, int64_t position, char *out,
		     size_t len)
{
	if (reader->floods) {
		flood(out, position, len);
		return (ssize_t)len;
	}
	if (reader->fd >= 0)
		return pread(reader->fd, out, len, reader->offset + position);
	memcpy(out, reader->text.text + position, len);
	return (ssize_t)len;
}

static size_t piece(const struct reader *reader, int64_t left, size_t max)
{
	int64_t turn = reader->rate_bytes * TURN_MS / 1000;

	if (left > (int64_t)max)
		left = (int64_t)max;
	if (reader->rate_bytes > 0 && left > turn)
		left = turn > 0 ? turn : 1;
	return (size_t)left;
}

static ssize_t read_some(void *context, uint64_t position, char *out,
			 size_t max)
{
	struct reader *reader = context;
	int64_t at = (int64_t)position;
	int64_t left = (reader->end < reader->length ? reader->end
						     : reader->length) -
		       at;
	ssize_t n;

	if (left <= 0) {
		if (reader->floods)
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (reader->stalls)
			faults_wait(reader->faults, -1, reader->client);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	n = fetch(reader, at, out, piece(reader, left, max));
	if (n <= 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	reader->passed = at + n;
	if (reader->turned >= at && reader->turned < at + n)
		out[reader->turned - at] ^= 1;
	if (reader->rate_bytes > 0 &&
	    !faults_wait(reader->faults, n * 1000 / reader->rate_bytes, -1))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return n;
}

/* Takes the body of the reply over. */
static struct reader *reader_new(struct s3_call *call, int client)
{
	struct s3_reply *reply = &call->reply;
	struct reader *reader = mem_alloc(sizeof(*reader));
	struct str empty = STR_EMPTY;

	reader->faults = call->options->faults;
	reader->client = client;
	reader->text = empty;
	reader->fd = reply->fd;
	reader->offset = reply->offset;
	reader->length = reply->length;
	if (reader->fd < 0) {
		reader->length = (int64_t)reply->body.len;
		str_add_slice(&reader->text, reply->body.text,
			      reply->body.len);
	}
	reply->fd = -1;
	reader->told = reader->length;
	reader->end = INT64_MAX;
	reader->turned = -1;
	reader->rate_bytes = call->fault.rate_bytes;
	return reader;
}

static void set_reader(struct reader *reader, struct s3_call *call)
{
	const struct fault *fault = &call->fault;

	switch (fault->kind) {
	case FAULT_STALL_REPLY:
		reader->stalls = true;
		reader->end = fault->number;
		break;
	case FAULT_CUT_REPLY:
		reader->end = fault->number;
		break;
	case FAULT_SHORT_BODY:
		reader->end = reader->length > fault->number
				      ? reader->length - fault->number
				      : 0;
		break;
	case FAULT_CORRUPT_BYTE:
		reader->turned = fault->number;
		break;
	case FAULT_WRONG_LENGTH:
		/* too long: nothing follows, and nobody hangs up */
		reader->stalls = true;
		reader->told += fault->number;
		if (reader->told < 0)
			reader->told = 0;
		break;
	case FAULT_FLOOD:
		reader->floods = true;
		reader->length = fault->number;
		call->reply.status = 200;
		str_clear(&call->reply.headers);
		s3_reply_header(&call->reply, "Content-Type",
				"application/xml");
		break;
	default: /* only the rate */
		break;
	}
}

static struct MHD_Response *build(struct reader *reader)
{
	uint64_t size = reader->floods ? MHD_SIZE_UNKNOWN
				       : (uint64_t)reader->told;
	struct MHD_Response *response = MHD_create_response_from_callback(
		size, BLOCK_BYTES, read_some, reader, reader_free);

	if (response == NULL)
		reader_free(reader);
	return response;
}

/* The date of a clock that is wrong. */
static void add_date(struct s3_call *call)
{
	CLEANUP(str_done) struct str date = STR_EMPTY;

	isotime_add_http(&date, clock_wall_ms() + call->auth.skew_ms);
	s3_reply_header(&call->reply, "Date", date.text);
}

bool s3_http_fault_reply(struct s3_call *call,
			 struct MHD_Connection *connection,
			 struct MHD_Response **out)
{
	const struct fault *fault = &call->fault;
	bool empty = call->reply.fd < 0 && call->reply.body.len == 0;
	struct reader *reader;

	*out = NULL;
	if (fault->kind == FAULT_SKEW)
		add_date(call);
	if (fault->kind == FAULT_RESET) {
		reset(connection);
		return false;
	}
	/* there is no byte of a body to cut at */
	if (empty && fault->kind == FAULT_STALL_REPLY)
		stall(call, connection);
	if (fault->kind == FAULT_NO_REPLY ||
	    (empty && (fault->kind == FAULT_STALL_REPLY ||
		       fault->kind == FAULT_CUT_REPLY ||
		       fault->kind == FAULT_SHORT_BODY)))
		return false;
	if (fault->rate_bytes == 0 && fault->kind < FAULT_CUT_REPLY)
		return true;
	reader = reader_new(call, socket_of(connection));
	set_reader(reader, call);
	*out = build(reader);
	return *out != NULL;
}
