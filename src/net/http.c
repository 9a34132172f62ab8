#include "net/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/vec.h"
#include "data/url.h"
#include "net/loop.h"

enum {
	DEFAULT_REPLY_LIMIT = 4 * 1024 * 1024,
	MAX_HEADERS = 200,
	MAX_HEADER_BYTES = 16 * 1024,
};

static const long LARGE_BUFFER = 256 * 1024; /* of files */
static const long SMALL_BUFFER = 64 * 1024;
/* The largest piece whose pages the kernel has at hand: larger ones cost more
 * than they save on virtual machines, where fresh memory is dear. */
enum { GATHERED_BYTES = 32 * 1024 };

struct http_state {
	struct loop *loop; /* NULL: not under way */
	CURL *easy;
	struct curl_slist *lines;
	int64_t timer; /* a start that failed at once */
	char error[CURL_ERROR_SIZE];
	struct err failed; /* our own reason to stop */
	bool head_ended;   /* the empty line after the headers came */

	struct str body;
	const char *body_bytes; /* of body, or lent */
	int body_fd; /* -1: body_bytes */
	int64_t body_offset;
	int64_t body_length;
	int64_t body_sent;
	bool has_body;

	int reply_fd; /* -1: reply.body */
	int64_t reply_offset;
	int64_t reply_max;
	/* libcurl hands over 16 KiB at most; a file takes larger pieces at
	 * less cost. NULL until the first byte. */
	char *gathered;
	size_t gathered_len;
};

void http_headers_done(struct http_headers *headers)
{
	for (size_t i = 0; i < headers->count; i++) {
		mem_free(headers->items[i].name);
		mem_free(headers->items[i].value);
	}
	vec_done(headers);
}

void http_headers_add(struct http_headers *headers, const char *name,
		      const char *value)
{
	struct http_header header = { mem_copy_text(name),
				      mem_copy_text(value) };

	vec_push(headers, header);
}

const char *http_headers_get(const struct http_headers *headers,
			     const char *name)
{
	for (size_t i = 0; i < headers->count; i++)
		if (str_equal_nocase(headers->items[i].name, name))
			return headers->items[i].value;
	return NULL;
}

struct http *http_new(const char *method, const char *url)
{
	struct http *http = mem_alloc(sizeof(*http));

	http->method = mem_copy_text(method);
	http->url = mem_copy_text(url);
	http->reply_limit = DEFAULT_REPLY_LIMIT;
	http->connect_timeout_ms = 10 * 1000;
	http->stall_timeout_s = 60;
	http->reply.body = (struct str)STR_EMPTY;
	http->state = mem_alloc(sizeof(*http->state));
	http->state->body = (struct str)STR_EMPTY;
	http->state->body_fd = -1;
	http->state->reply_fd = -1;
	return http;
}

void http_free(struct http *http)
{
	if (http == NULL)
		return;
	http_stop(http);
	str_done(&http->state->body);
	mem_free(http->state->gathered);
	mem_free(http->state);
	http_headers_done(&http->headers);
	http_headers_done(&http->reply.headers);
	str_done(&http->reply.body);
	mem_free(http->method);
	mem_free(http->url);
	mem_free(http);
}

void http_add_header(struct http *http, const char *name, const char *value)
{
	http_headers_add(&http->headers, name, value);
}

void http_clear_headers(struct http *http)
{
	http_headers_done(&http->headers);
}

void http_set_url(struct http *http, const char *url)
{
	mem_free(http->url);
	http->url = mem_copy_text(url);
}

void http_set_body(struct http *http, const char *bytes, size_t len)
{
	str_set_slice(&http->state->body, bytes, len);
	http_lend_body(http, http->state->body.text, len);
}

void http_lend_body(struct http *http, const char *bytes, size_t len)
{
	http->state->body_bytes = bytes;
	http->state->body_fd = -1;
	http->state->body_length = (int64_t)len;
	http->state->has_body = true;
}

void http_set_body_file(struct http *http, int fd, int64_t offset,
			int64_t length)
{
	http->state->body_fd = fd;
	http->state->body_offset = offset;
	http->state->body_length = length;
	http->state->has_body = true;
}

void http_set_reply_file(struct http *http, int fd, int64_t offset,
			 int64_t max_bytes)
{
	http->state->reply_fd = fd;
	http->state->reply_offset = offset;
	http->state->reply_max = max_bytes;
}

static void count(struct http *http, int64_t bytes)
{
	if (http->moved != NULL && bytes > 0)
		http->moved(http->context, bytes);
}

/* --- libcurl's callbacks; returning another size than asked stops it --- */

static size_t read_body(char *to, size_t size, size_t items, void *context)
{
	struct http *http = context;
	struct http_state *state = http->state;
	int64_t left = state->body_length - state->body_sent;
	size_t want = size * items;
	ssize_t got;

	if ((int64_t)want > left)
		want = (size_t)left;
	if (want == 0)
		return 0;
	if (state->body_fd < 0) {
		memcpy(to, state->body_bytes + state->body_sent, want);
		got = (ssize_t)want;
	} else {
		do {
			got = pread(state->body_fd, to, want,
				    state->body_offset + state->body_sent);
		} while (got < 0 && errno == EINTR);
	}
	if (got <= 0) {
		if (got < 0)
			err_set_errno(&state->failed, errno,
				      "reading the file being sent");
		else
			err_set(&state->failed, ERR_DATA,
				"the file became shorter while it was sent");
		return CURL_READFUNC_ABORT;
	}
	state->body_sent += got;
	count(http, got);
	return (size_t)got;
}

static int seek_body(void *context, curl_off_t offset, int origin)
{
	struct http *http = context;

	if (origin != SEEK_SET || offset > http->state->body_length)
		return CURL_SEEKFUNC_FAIL;
	http->state->body_sent = offset;
	return CURL_SEEKFUNC_OK;
}

/* What is gathered goes to the file, behind what went before. */
static bool write_gathered(struct http *http)
{
	struct http_state *state = http->state;
	int64_t at = state->reply_offset + http->reply.file_bytes -
		     (int64_t)state->gathered_len;
	const char *bytes = state->gathered;
	size_t len = state->gathered_len;

	state->gathered_len = 0;
	while (len > 0) {
		ssize_t put = pwrite(state->reply_fd, bytes, len, at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			err_set_errno(&state->failed, errno,
				      "writing the downloaded bytes");
			return false;
		}
		bytes += put;
		len -= (size_t)put;
		at += put;
	}
	return true;
}

static bool write_file(struct http *http, const char *bytes, size_t len)
{
	struct http_state *state = http->state;

	if ((int64_t)len > state->reply_max - http->reply.file_bytes) {
		err_set(&state->failed, ERR_DATA,
			"the reply is longer than what was asked for");
		return false;
	}
	if (state->gathered == NULL)
		state->gathered = mem_alloc(GATHERED_BYTES);
	while (len > 0) {
		size_t room = GATHERED_BYTES - state->gathered_len;
		size_t some = len < room ? len : room;

		memcpy(state->gathered + state->gathered_len, bytes, some);
		state->gathered_len += some;
		http->reply.file_bytes += (int64_t)some;
		bytes += some;
		len -= some;
		if (some == room && !write_gathered(http))
			return false;
	}
	return true;
}

static void took(struct http *http, const char *bytes, size_t len)
{
	if (http->arrived != NULL)
		http->arrived(http->context, bytes, len);
	count(http, (int64_t)len);
}

static size_t take_body(char *bytes, size_t size, size_t items, void *context)
{
	struct http *http = context;
	size_t len = size * items;
	bool fine = http->reply.status / 100 == 2;
	size_t limit = http->reply_limit;

	/* The caller's limit is for what it asked; why not comes whole. */
	if (!fine && limit < DEFAULT_REPLY_LIMIT)
		limit = DEFAULT_REPLY_LIMIT;
	if (fine && http->state->reply_fd >= 0) {
		if (!write_file(http, bytes, len))
			return 0;
		took(http, bytes, len);
		return len;
	}
	if (len > limit - http->reply.body.len) {
		err_set(&http->state->failed, ERR_DATA,
			"the reply is longer than %zu bytes", limit);
		return 0;
	}
	str_add_slice(&http->reply.body, bytes, len);
	if (fine)
		took(http, bytes, len);
	return len;
}

/* "HTTP/1.1 200 OK" begins the headers anew (after 100 Continue). */
static void take_status(struct http *http, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);
	int status = 0;

	if (blank != NULL)
		for (const char *at = blank + 1;
		     at < line + len && *at >= '0' && *at <= '9' &&
		     status < 1000;
		     at++)
			status = status * 10 + (*at - '0');
	http_headers_done(&http->reply.headers);
	http->reply.status = status;
	http->state->head_ended = false;
}

static size_t take_header(char *line, size_t size, size_t items, void *context)
{
	struct http *http = context;
	size_t whole = size * items;
	size_t len = whole;
	const char *colon;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r' ||
			   line[len - 1] == ' '))
		len--;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		take_status(http, line, len);
		return whole;
	}
	if (len == 0)
		http->state->head_ended = true;
	colon = memchr(line, ':', len);
	if (colon == NULL)
		return whole;
	if (len > MAX_HEADER_BYTES ||
	    http->reply.headers.count >= MAX_HEADERS) {
		err_set(&http->state->failed, ERR_DATA,
			"the reply has too many or too long headers");
		return 0;
	}
	size_t from = (size_t)(colon - line) + 1;

	while (from < len && (line[from] == ' ' || line[from] == '\t'))
		from++;
	struct http_header header = {
		mem_copy_slice(line, (size_t)(colon - line)),
		mem_copy_slice(line + from, len - from),
	};
	vec_push(&http->reply.headers, header);
	return whole;
}

/* --- the end --- */

/* A handle whose exchange was cut off may have a thread that looks up a name;
 * it is not used again. */
static void drop(struct http_state *state, bool whole)
{
	if (state->easy != NULL && state->loop != NULL) {
		loop_remove_transfer(state->loop, state->easy);
		if (whole)
			loop_give_handle(state->loop, state->easy);
		else
			curl_easy_cleanup(state->easy);
	}
	if (state->loop != NULL)
		loop_forget(state->loop, state->timer);
	if (state->lines != NULL) /* else libcurl may not be loaded yet */
		curl_slist_free_all(state->lines);
	state->easy = NULL;
	state->lines = NULL;
	state->loop = NULL;
	state->timer = 0;
}

static const char no_reach[] =
	"check the endpoint, the network and proxy settings";

static const struct {
	int code;
	bool retry;
	const char *what;
	const char *hint;
} curl_errors[] = {
	{ CURLE_UNSUPPORTED_PROTOCOL, false, "the URL is not http or https",
	  "endpoints look like http://127.0.0.1:9000" },
	{ CURLE_URL_MALFORMAT, false, "the URL is malformed",
	  "endpoints look like http://127.0.0.1:9000" },
	{ CURLE_COULDNT_RESOLVE_HOST, true, "the host name is not known",
	  no_reach },
	{ CURLE_COULDNT_RESOLVE_PROXY, true, "the proxy's name is not known",
	  no_reach },
	{ CURLE_COULDNT_CONNECT, true, "no connection", no_reach },
	{ CURLE_OPERATION_TIMEDOUT, true, "no answer in time", no_reach },
	{ CURLE_PEER_FAILED_VERIFICATION, false,
	  "the server's certificate is not trusted",
	  "set AWS_CA_BUNDLE to the file of the right certificate "
	  "authority" },
	{ CURLE_SSL_CACERT_BADFILE, false,
	  "the file of certificate authorities cannot be read",
	  "look at AWS_CA_BUNDLE" },
	{ CURLE_SSL_CONNECT_ERROR, true, "TLS cannot be set up", no_reach },
	{ CURLE_PARTIAL_FILE, true, "the reply was cut short", "" },
	{ CURLE_GOT_NOTHING, true, "the server closed without a reply", "" },
	{ CURLE_SEND_ERROR, true, "the connection broke while sending", "" },
	{ CURLE_RECV_ERROR, true, "the connection broke while receiving", "" },
	{ CURLE_WEIRD_SERVER_REPLY, true, "the server does not speak HTTP",
	  no_reach },
};

/* What a proxy answers to CONNECT is not the server's word. */
static bool explain_proxy(const struct http *http, struct err *err)
{
	long status = 0;

	curl_easy_getinfo(http->state->easy, CURLINFO_HTTP_CONNECTCODE,
			  &status);
	if (status == 0 || status / 100 == 2)
		return false;
	err_set(err, ERR_NETWORK,
		"%.*s: the proxy does not connect: HTTP status %ld",
		(int)strcspn(http->url, "?"), http->url, status);
	err_hint(err, "%s",
		 status == 407 ? "it wants a name and a password: "
				 "https_proxy=http://NAME:PASSWORD@HOST:PORT"
			       : "look at https_proxy and no_proxy");
	err->retry = status >= 500;
	return true;
}

static void explain(const struct http *http, int code, struct err *err)
{
	const char *what = curl_easy_strerror((CURLcode)code);
	const char *hint = "";
	const char *detail = http->state->error;
	size_t end = strcspn(http->url, "?");
	bool retry = true;

	if (http->state->failed.kind != ERR_NONE) {
		*err = http->state->failed;
		return;
	}
	if (explain_proxy(http, err))
		return;
	/* What a server sent too much before comes as an answer. */
	if (code == CURLE_UNSUPPORTED_PROTOCOL &&
	    strstr(detail, "HTTP/0.9") != NULL)
		code = CURLE_WEIRD_SERVER_REPLY;
	for (size_t i = 0; i < COUNT_OF(curl_errors); i++)
		if (curl_errors[i].code == code) {
			what = curl_errors[i].what;
			hint = curl_errors[i].hint;
			retry = curl_errors[i].retry;
		}
	err_set(err, ERR_NETWORK, "%.*s: %s%s%s%s", (int)end, http->url, what,
		detail[0] != '\0' ? " (" : "", detail,
		detail[0] != '\0' ? ")" : "");
	if (hint[0] != '\0')
		err_hint(err, "%s", hint);
	err->retry = retry;
}

static void finished(void *context, int curl_code)
{
	struct http *http = context;
	struct err err = ERR_EMPTY;

	/* libcurl takes a connection that ends in the headers for a reply. */
	if (curl_code == CURLE_OK && !http->state->head_ended)
		curl_code = CURLE_PARTIAL_FILE;
	http->timed_out = curl_code == CURLE_OPERATION_TIMEDOUT;
	if (curl_code == CURLE_OK && !write_gathered(http))
		curl_code = CURLE_WRITE_ERROR;
	if (curl_code != CURLE_OK)
		explain(http, curl_code, &err);
	log_debug(LOG_HTTP, "%s %.*s -> %d %s", http->method,
		  (int)strcspn(http->url, "?"), http->url, http->reply.status,
		  err.message);
	drop(http->state, curl_code == CURLE_OK);
	http->done(http, &err);
}

static void start_failed(void *context)
{
	finished(context, CURLE_FAILED_INIT);
}

/* --- the start --- */

static bool host_is_loopback(const char *url)
{
	CLEANUP(url_done) struct url parts = URL_EMPTY;

	return url_parse(&parts, url, NULL) && url_is_loopback(parts.host);
}

static void set_method(struct http *http, CURL *easy)
{
	struct http_state *state = http->state;

	if (strcmp(http->method, "HEAD") == 0) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		return;
	}
	if (state->has_body || strcmp(http->method, "PUT") == 0 ||
	    strcmp(http->method, "POST") == 0) {
		curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
				 (curl_off_t)state->body_length);
		curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
		curl_easy_setopt(easy, CURLOPT_READDATA, http);
		curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_body);
		curl_easy_setopt(easy, CURLOPT_SEEKDATA, http);
		curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE,
				 state->body_fd >= 0 ? LARGE_BUFFER
						     : SMALL_BUFFER);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, http->method);
}

static void set_limits(struct http *http, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)http->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
			 (long)http->stall_timeout_s);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	/* S3 answers "Expect: 100-continue" before a large body goes in
	 * vain; stores that do not know it hold each part up that long. */
	curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 250L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 http->http2 ? (long)CURL_HTTP_VERSION_2TLS
				     : (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION,
			 (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE,
			 http->state->reply_fd >= 0 ? LARGE_BUFFER
						    : SMALL_BUFFER);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Do not wait for a name look-up when we stop. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	if (http->ca_file != NULL && http->ca_file[0] != '\0')
		curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
	if (http->direct || host_is_loopback(http->url))
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

/* It may hold a key. */
static void wipe_line(struct str *line)
{
	mem_wipe(line->text, line->cap);
	str_done(line);
}

static void set_headers(struct http *http, CURL *easy)
{
	for (size_t i = 0; i < http->headers.count; i++) {
		const struct http_header *header = &http->headers.items[i];
		CLEANUP(wipe_line) struct str line = STR_EMPTY;

		/* "name;" is how libcurl is told of an empty value. */
		if (header->value[0] != '\0')
			str_addf(&line, "%s: %s", header->name, header->value);
		else
			str_addf(&line, "%s;", header->name);
		http->state->lines =
			curl_slist_append(http->state->lines, line.text);
	}
	/* The sink needs the bytes as they are stored. */
	http->state->lines =
		curl_slist_append(http->state->lines, "Accept-Encoding:");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->state->lines);
	curl_easy_setopt(easy, CURLOPT_USERAGENT,
			 PACKAGE_NAME "/" PACKAGE_VERSION);
}

void http_start(struct http *http, struct loop *loop)
{
	struct http_state *state = http->state;
	CURL *easy = loop_take_handle(loop);

	drop(state, false);
	state->loop = loop;
	state->easy = easy;
	state->body_sent = 0;
	state->gathered_len = 0;
	state->error[0] = '\0';
	state->head_ended = false;
	err_clear(&state->failed);
	http_headers_done(&http->reply.headers);
	str_clear(&http->reply.body);
	http->reply.status = 0;
	http->reply.file_bytes = 0;
	if (easy == NULL) {
		state->timer = loop_after(loop, 0, start_failed, http);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_URL, http->url);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, state->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, http);
	set_method(http, easy);
	set_limits(http, easy);
	set_headers(http, easy);
	if (!loop_add_transfer(loop, easy, finished, http))
		state->timer = loop_after(loop, 0, start_failed, http);
}

void http_stop(struct http *http)
{
	drop(http->state, false);
}
