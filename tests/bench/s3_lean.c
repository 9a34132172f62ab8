/* An S3 server that is never the bottleneck, for tests/bench/s3 alone: it
 * checks no signature, throws what is uploaded away and serves one object
 * from a block that stays in the processor's cache.
 *
 *	s3_lean KEYS BYTES
 *
 * Prints its port and serves on loopback until its standard input ends.
 * Bucket "many" holds KEYS names, "big" the object "object" of BYTES (the
 * block again and again, a multiple of 8), all others what was put there: names and sizes.
 * ETags have a dash, as those of parts and of KMS: no client takes them for
 * MD5. PUT of a bucket empties it. One thread a connection. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HEAD_MAX = 32768,
	BLOCK = 262144,
	NAMES_MAX = 2000000,
	PAGE = 1000,
	PAGE_BYTES = PAGE * 700 + 4096,
};

#define DATE "Mon, 05 Jan 2026 10:11:12 GMT"
#define ETAG "\"0123456789abcdef0123456789abcdef-1\""
#define HTTP "HTTP/1.1 %s\r\nETag: " ETAG "\r\nLast-Modified: " DATE "\r\n"

struct name {
	char *text; /* "bucket/key" */
	int64_t bytes;
};

/* Ascending by text, under the lock. */
static struct name names[NAMES_MAX];
static size_t name_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char block[BLOCK];
static char checksum[16]; /* of the object: CRC64NVME in base64 */

struct peer {
	int fd;
	size_t held; /* bytes in head */
	char head[HEAD_MAX + 1];
	char scratch[BLOCK];
	char page[PAGE_BYTES];
};

struct request {
	char method[8];
	char path[2048];  /* decoded, without the first slash */
	char query[4096]; /* "&name=value&name=value&" */
	int64_t bytes;    /* of the body */
	int64_t decoded;  /* of it without the frames of aws-chunked */
	int64_t from, to; /* of the range; -1: none */
	bool waits;       /* for 100 Continue */
};

static size_t find_name(const char *text)
{
	size_t low = 0, high = name_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(names[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void put_name(const char *text, int64_t bytes)
{
	size_t at = find_name(text);

	if (at == name_count || strcmp(names[at].text, text) != 0) {
		if (name_count == NAMES_MAX)
			exit(3);
		memmove(&names[at + 1], &names[at],
			(name_count++ - at) * sizeof(names[0]));
		names[at].text = strdup(text);
	}
	names[at].bytes = bytes;
}

static void empty_bucket(const char *bucket)
{
	char end[2100];
	size_t from, to;

	snprintf(end, sizeof(end), "%s/", bucket);
	from = find_name(end);
	snprintf(end, sizeof(end), "%s/\xff", bucket);
	to = find_name(end);
	for (size_t i = from; i < to; i++)
		free(names[i].text);
	memmove(&names[from], &names[to],
		(name_count - to) * sizeof(names[0]));
	name_count -= to - from;
}

static void decode(char *to, const char *from, size_t len, size_t max)
{
	char hex[3] = "";

	for (size_t i = 0; i < len && max > 1; i++, max--) {
		if (from[i] == '%' && i + 2 < len) {
			memcpy(hex, from + i + 1, 2);
			*to++ = (char)strtol(hex, NULL, 16);
			i += 2;
		} else
			*to++ = from[i];
	}
	*to = '\0';
}

/* The parameter's value, decoded; false: there is none. */
static bool parameter(const struct request *request, const char *name,
		      char *value, size_t max)
{
	char wanted[64];
	const char *at;

	snprintf(wanted, sizeof(wanted), "&%s=", name);
	at = strstr(request->query, wanted);
	if (at == NULL)
		return false;
	at += strlen(wanted);
	decode(value, at, strcspn(at, "&"), max);
	return true;
}

static bool has(const struct request *request, const char *name)
{
	char value[2048];

	return parameter(request, name, value, sizeof(value));
}

static const char *header(const char *head, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(head, "\r\n"); at != NULL;
	     at = strstr(at + 2, "\r\n"))
		if (strncasecmp(at + 2, name, len) == 0 && at[2 + len] == ':')
			return at + 3 + len + strspn(at + 3 + len, " ");
	return NULL;
}

static void read_target(struct request *request, const char *target, size_t len)
{
	size_t path = strcspn(target, "? ");
	const char *query = target + path + 1;
	size_t end;
	char *to = request->query;

	decode(request->path, target + 1, path - 1, sizeof(request->path));
	end = strlen(request->path);
	if (end > 0 && strchr(request->path, '/') == request->path + end - 1)
		request->path[end - 1] = '\0';
	*to++ = '&';
	*to = '\0';
	if (path >= len || target[path] != '?')
		return;
	/* "uploads" is the same as "uploads=" */
	while (*query != ' ' && to < request->query + sizeof(request->query) -
					     2048) {
		size_t one = strcspn(query, "& ");

		to += sprintf(to, "%.*s%s&", (int)one, query,
			      memchr(query, '=', one) == NULL ? "=" : "");
		query += one + (query[one] == '&');
	}
}

static void read_request(struct request *request, const char *head)
{
	const char *space = strchr(head, ' ');
	const char *at;

	*request = (struct request){ .from = -1, .to = -1 };
	snprintf(request->method, sizeof(request->method), "%.*s",
		 (int)(space - head), head);
	read_target(request, space + 1, strcspn(space + 1, " "));
	if ((at = header(head, "content-length")) != NULL)
		request->bytes = atoll(at);
	request->decoded = request->bytes;
	if ((at = header(head, "x-amz-decoded-content-length")) != NULL)
		request->decoded = atoll(at);
	if ((at = header(head, "range")) != NULL) {
		long long from = -1, to = -1;

		if (sscanf(at, "bytes=%lld-%lld", &from, &to) >= 1) {
			request->from = from;
			request->to = to;
		}
	}
	request->waits = header(head, "expect") != NULL;
}

static bool send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool reply(struct peer *peer, const char *status, const char *body)
{
	char head[1024];
	size_t len = strlen(body);
	int end = snprintf(head, sizeof(head),
			   HTTP "Content-Type: application/xml\r\n"
				"Content-Length: %zu\r\n\r\n",
			   status, len);

	return send_all(peer->fd, head, (size_t)end) &&
	       (len == 0 || send_all(peer->fd, body, len));
}

/* The body is read and forgotten. */
static bool take_body(struct peer *peer, const struct request *request)
{
	int64_t left = request->bytes;
	size_t held = peer->held;

	if (request->waits && left > 0 &&
	    !send_all(peer->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25))
		return false;
	if ((int64_t)held > left)
		held = (size_t)left;
	memmove(peer->head, peer->head + held, peer->held - held);
	peer->held -= held;
	left -= (int64_t)held;
	while (left > 0) {
		size_t want = left < BLOCK ? (size_t)left : BLOCK;
		ssize_t got = recv(peer->fd, peer->scratch, want, 0);

		if (got <= 0)
			return false;
		left -= got;
	}
	return true;
}

/* --- listings --- */

struct listing {
	const char *bucket;
	char prefix[1024], delimiter[8], after[2048];
	char *to;
	size_t count;
	bool more;
	char last[2048]; /* where the next page begins after */
};

/* The length of the folder that the delimiter rolls key up to; 0: none. */
static size_t folder(const struct listing *listing, const char *key)
{
	size_t prefix = strlen(listing->prefix);
	const char *end = NULL;

	if (listing->delimiter[0] != '\0')
		end = strchr(key + prefix, listing->delimiter[0]);
	return end == NULL ? 0 : (size_t)(end - key) + 1;
}

static size_t first_name(const struct listing *listing)
{
	char at[4096];
	size_t i;

	snprintf(at, sizeof(at), "%s/%s", listing->bucket,
		 strcmp(listing->after, listing->prefix) > 0 ?
			 listing->after :
			 listing->prefix);
	i = find_name(at);
	if (i < name_count && listing->after[0] != '\0' &&
	    strcmp(names[i].text, at) == 0)
		i++;
	return i;
}

static void add_object(struct listing *listing, const struct name *name,
		       const char *key)
{
	listing->to += sprintf(
		listing->to,
		"<Contents><Key>%s</Key><LastModified>"
		"2026-01-05T10:11:12.000Z</LastModified>"
		"<ETag>&quot;0123456789abcdef0123456789abcdef-1"
		"&quot;</ETag><Size>%lld</Size><StorageClass>"
		"STANDARD</StorageClass></Contents>",
		key, (long long)name->bytes);
	snprintf(listing->last, sizeof(listing->last), "%s", key);
}

static void add_folder(struct listing *listing, const char *key, size_t len)
{
	listing->to += sprintf(listing->to,
			       "<CommonPrefixes><Prefix>%.*s</Prefix>"
			       "</CommonPrefixes>",
			       (int)len, key);
	snprintf(listing->last, sizeof(listing->last), "%.*s~", (int)len, key);
}

static void list_page(struct listing *listing)
{
	size_t skip = strlen(listing->bucket) + 1;
	size_t i = first_name(listing);
	char start[4096];

	snprintf(start, sizeof(start), "%s/%s", listing->bucket,
		 listing->prefix);
	while (i < name_count &&
	       strncmp(names[i].text, start, strlen(start)) == 0) {
		const char *key = names[i].text + skip;
		size_t rolled = folder(listing, key);
		char end[4096];

		if (listing->count++ == PAGE) {
			listing->more = true;
			return;
		}
		if (rolled == 0) {
			add_object(listing, &names[i++], key);
			continue;
		}
		add_folder(listing, key, rolled);
		snprintf(end, sizeof(end), "%s/%.*s\xff", listing->bucket,
			 (int)rolled, key);
		i = find_name(end);
	}
}

static bool answer_list(struct peer *peer, const struct request *request)
{
	struct listing listing = { .bucket = request->path,
				   .to = peer->page };
	bool second = has(request, "list-type");

	parameter(request, "prefix", listing.prefix, sizeof(listing.prefix));
	parameter(request, "delimiter", listing.delimiter,
		  sizeof(listing.delimiter));
	if (!parameter(request, "continuation-token", listing.after,
		       sizeof(listing.after)) &&
	    !parameter(request, "marker", listing.after,
		       sizeof(listing.after)))
		parameter(request, "start-after", listing.after,
			  sizeof(listing.after));
	listing.to += sprintf(
		listing.to,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/"
		"2006-03-01/\"><Name>%s</Name><Prefix>%s</Prefix>"
		"<MaxKeys>1000</MaxKeys>%s",
		listing.bucket, listing.prefix,
		has(request, "encoding-type") ?
			"<EncodingType>url</EncodingType>" :
			"");
	pthread_mutex_lock(&lock);
	list_page(&listing);
	pthread_mutex_unlock(&lock);
	if (second)
		listing.to += sprintf(listing.to, "<KeyCount>%zu</KeyCount>",
				      listing.count - listing.more);
	if (listing.more)
		listing.to += sprintf(
			listing.to, "<%s>%s</%s>",
			second ? "NextContinuationToken" : "NextMarker",
			listing.last,
			second ? "NextContinuationToken" : "NextMarker");
	sprintf(listing.to,
		"<IsTruncated>%s</IsTruncated></ListBucketResult>",
		listing.more ? "true" : "false");
	return reply(peer, "200 OK", peer->page);
}

/* --- objects --- */

static int64_t size_of(const char *path)
{
	int64_t bytes = -1;
	size_t at;

	pthread_mutex_lock(&lock);
	at = find_name(path);
	if (at < name_count && strcmp(names[at].text, path) == 0)
		bytes = names[at].bytes;
	pthread_mutex_unlock(&lock);
	return bytes;
}

static bool answer_object(struct peer *peer, const struct request *request)
{
	int64_t size = size_of(request->path);
	int64_t from = request->from, to = request->to;
	bool only_head = strcmp(request->method, "HEAD") == 0;
	char head[1024];
	int len;

	if (size < 0)
		return reply(peer, "404 Not Found",
			     only_head ? "" :
					 "<Error><Code>NoSuchKey</Code>"
					 "</Error>");
	if (to < 0 || to >= size)
		to = size - 1;
	len = snprintf(head, sizeof(head),
		       HTTP "Accept-Ranges: bytes\r\n"
			    "Content-Type: binary/octet-stream\r\n"
			    "Content-Length: %lld\r\n",
		       from < 0 ? "200 OK" : "206 Partial Content",
		       (long long)(to - (from < 0 ? 0 : from) + 1));
	if (from >= 0)
		len += snprintf(head + len, sizeof(head) - (size_t)len,
				"Content-Range: bytes %lld-%lld/%lld\r\n",
				(long long)from, (long long)to,
				(long long)size);
	else if (strcmp(request->path, "big/object") == 0)
		len += snprintf(head + len, sizeof(head) - (size_t)len,
				"x-amz-checksum-crc64nvme: %s\r\n"
				"x-amz-checksum-type: FULL_OBJECT\r\n",
				checksum);
	strcpy(head + len, "\r\n");
	if (!send_all(peer->fd, head, (size_t)len + 2) || only_head)
		return only_head;
	for (int64_t at = from < 0 ? 0 : from; at <= to;) {
		size_t offset = (size_t)(at % BLOCK);
		int64_t count = BLOCK - (int64_t)offset;

		if (count > to - at + 1)
			count = to - at + 1;
		if (!send_all(peer->fd, block + offset, (size_t)count))
			return false;
		at += count;
	}
	return true;
}

/* Parts of an upload are counted under the name "=ID", their sum is the size
 * of the object in the end. */
static bool answer_put(struct peer *peer, const struct request *request)
{
	char id[128], name[256];

	pthread_mutex_lock(&lock);
	if (strchr(request->path, '/') == NULL)
		empty_bucket(request->path);
	else if (parameter(request, "uploadId", id, sizeof(id))) {
		size_t at;

		snprintf(name, sizeof(name), "=%s", id);
		at = find_name(name);
		put_name(name, request->decoded +
				       (at < name_count &&
						strcmp(names[at].text,
						       name) == 0 ?
						names[at].bytes :
						0));
	} else
		put_name(request->path, request->decoded);
	pthread_mutex_unlock(&lock);
	return reply(peer, "200 OK", "");
}

static bool answer_post(struct peer *peer, const struct request *request)
{
	static int last_id;
	char id[128], name[256];
	const char *key = strchr(request->path, '/');

	if (key == NULL)
		return reply(peer, "400 Bad Request", "");
	if (has(request, "uploads")) {
		pthread_mutex_lock(&lock);
		last_id++;
		snprintf(id, sizeof(id), "%d", last_id);
		pthread_mutex_unlock(&lock);
		snprintf(peer->page, PAGE_BYTES,
			 "<InitiateMultipartUploadResult><Bucket>%.*s</Bucket>"
			 "<Key>%s</Key><UploadId>%s</UploadId>"
			 "</InitiateMultipartUploadResult>",
			 (int)(key - request->path), request->path, key + 1,
			 id);
		return reply(peer, "200 OK", peer->page);
	}
	parameter(request, "uploadId", id, sizeof(id));
	snprintf(name, sizeof(name), "=%s", id);
	pthread_mutex_lock(&lock);
	put_name(request->path, names[find_name(name)].bytes);
	pthread_mutex_unlock(&lock);
	snprintf(peer->page, PAGE_BYTES,
		 "<CompleteMultipartUploadResult><Bucket>%.*s</Bucket><Key>%s"
		 "</Key><ETag>&quot;0123456789abcdef0123456789abcdef-1&quot;"
		 "</ETag></CompleteMultipartUploadResult>",
		 (int)(key - request->path), request->path, key + 1);
	return reply(peer, "200 OK", peer->page);
}

static bool answer(struct peer *peer, const struct request *request)
{
	bool object = strchr(request->path, '/') != NULL;

	if (strcmp(request->method, "PUT") == 0)
		return answer_put(peer, request);
	if (strcmp(request->method, "POST") == 0)
		return answer_post(peer, request);
	if (strcmp(request->method, "DELETE") == 0)
		return reply(peer, "204 No Content", "");
	if (object)
		return answer_object(peer, request);
	if (strcmp(request->method, "HEAD") == 0)
		return reply(peer, "200 OK", "");
	if (has(request, "location"))
		return reply(peer, "200 OK", "<LocationConstraint/>");
	return answer_list(peer, request);
}

static void *serve(void *context)
{
	struct peer *peer = context;
	bool ok = true;

	while (ok) {
		struct request request;
		char *end;

		while ((end = strstr(peer->head, "\r\n\r\n")) == NULL && ok) {
			ssize_t got = recv(peer->fd, peer->head + peer->held,
					   HEAD_MAX - peer->held, 0);

			ok = got > 0;
			peer->held += ok ? (size_t)got : 0;
			peer->head[peer->held] = '\0';
		}
		if (!ok)
			break;
		end[2] = '\0';
		read_request(&request, peer->head);
		end += 4;
		peer->held -= (size_t)(end - peer->head);
		memmove(peer->head, end, peer->held);
		ok = take_body(peer, &request);
		peer->head[peer->held] = '\0';
		ok = ok && answer(peer, &request);
	}
	close(peer->fd);
	free(peer);
	return NULL;
}

static void *accept_all(void *context)
{
	int listener = *(int *)context;

	for (;;) {
		struct peer *peer = calloc(1, sizeof(*peer));
		pthread_t thread;
		int on = 1;

		peer->fd = accept(listener, NULL, NULL);
		if (peer->fd < 0)
			exit(1);
		setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on,
			   sizeof(on));
		if (pthread_create(&thread, NULL, serve, peer) != 0)
			exit(1);
		pthread_detach(thread);
	}
}

/* Eight tables, eight bytes at a time. */
static void sum_object(int64_t bytes)
{
	static uint64_t table[8][256];
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint64_t crc = ~0ull;
	unsigned char sum[9] = { 0 };

	for (int i = 0; i < 256; i++) {
		table[0][i] = (uint64_t)i;
		for (int bit = 0; bit < 8; bit++)
			table[0][i] = (table[0][i] >> 1) ^
				      (table[0][i] & 1 ? 0x9a6c9329ac4bc9b5ull :
							 0);
	}
	for (int t = 1; t < 8; t++)
		for (int i = 0; i < 256; i++)
			table[t][i] = (table[t - 1][i] >> 8) ^
				      table[0][table[t - 1][i] & 255];
	for (int64_t at = 0; at < bytes; at += 8) {
		uint64_t word;

		memcpy(&word, block + at % BLOCK, 8);
		word ^= crc;
		crc = 0;
		for (int t = 0; t < 8; t++)
			crc ^= table[7 - t][(word >> (8 * t)) & 255];
	}
	crc = ~crc;
	for (int i = 0; i < 8; i++)
		sum[i] = (unsigned char)(crc >> (56 - 8 * i));
	for (int i = 0; i < 11; i++) {
		int bit = 6 * i;
		unsigned two = (unsigned)sum[bit / 8] << 8 | sum[bit / 8 + 1];

		checksum[i] = digits[(two >> (10 - bit % 8)) & 63];
	}
	checksum[11] = '=';
}

static void fill(int keys, int64_t bytes)
{
	char name[64];
	uint64_t state = 88172645463325252u;

	for (int i = 0; i < BLOCK / 8; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		memcpy(block + 8 * i, &state, 8);
	}
	put_name("big/object", bytes);
	sum_object(bytes);
	for (int i = 0; i < keys; i++) {
		snprintf(name, sizeof(name), "many/folder-%03d/object-%06d.csv",
			 i / 1000, i);
		put_name(name, 1000 + i);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in where = { .sin_family = AF_INET };
	socklen_t len = sizeof(where);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t thread;
	char byte;

	if (argc != 3)
		return 2;
	fill(atoi(argv[1]), atoll(argv[2]));
	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&where, sizeof(where)) != 0 ||
	    listen(listener, 256) != 0 ||
	    getsockname(listener, (struct sockaddr *)&where, &len) != 0 ||
	    pthread_create(&thread, NULL, accept_all, &listener) != 0)
		return 1;
	printf("%d\n", ntohs(where.sin_port));
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
