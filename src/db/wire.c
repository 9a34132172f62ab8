#include "db/wire.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/types.h"

enum {
	HEADER_BYTES = 5, /* type, then the length, which counts itself */
	LENGTH_BYTES = 4,
	COLUMN_BYTES = 18, /* of a RowDescription, behind a column's name */
	BUFFER_BYTES = 128 << 10,
	LOOK_BYTES = 16 << 10,
};

struct wire {
	int fd;
	SSL *ssl; /* NULL: plain */

	/* Bytes taken and not yet given out: bytes[start..end). One more is
	 * allocated, for the NUL behind the last value. */
	char *bytes;
	size_t cap;
	size_t start;
	size_t end;
	char *hidden; /* where a NUL covers the byte it hides; NULL: nowhere */
	char hidden_byte;

	/* Where in its messages the socket stands. */
	char header[HEADER_BYTES];
	size_t header_have; /* bytes of a header that is cut */
	size_t left;        /* bytes of the message at hand not yet taken */
	bool at_columns;    /* no RowDescription yet */
	bool is_over;       /* the next message is libpq's */
	bool is_bad;        /* a length that cannot be */
};

struct wire *wire_new(PGconn *conn)
{
	struct wire *wire;

	if (PQgssEncInUse(conn))
		return NULL;
	if (PQsslInUse(conn) && !PQsslStruct(conn, "OpenSSL"))
		return NULL;
	wire = mem_alloc(sizeof(*wire));
	wire->fd = PQsocket(conn);
	wire->ssl = PQsslInUse(conn) ? PQsslStruct(conn, "OpenSSL") : NULL;
	wire->cap = BUFFER_BYTES;
	wire->bytes = mem_alloc(wire->cap + 1);
	return wire;
}

void wire_free(struct wire *wire)
{
	if (!wire)
		return;
	mem_free(wire->bytes);
	mem_free(wire);
}

bool wire_is_pending(const struct wire *wire)
{
	return wire && wire->ssl && SSL_pending(wire->ssl) > 0;
}

/* ---- bytes ---- */

/* Bytes read (or only seen), 0: none there now, -1: the connection broke or
 * was closed. */
static int tls_read(SSL *ssl, char *to, size_t len, bool peek)
{
	int want = len > INT32_MAX ? INT32_MAX : (int)len;
	int got;

	ERR_clear_error();
	got = peek ? SSL_peek(ssl, to, want) : SSL_read(ssl, to, want);
	if (got > 0)
		return got;
	switch (SSL_get_error(ssl, got)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return 0;
	default:
		return -1;
	}
}

static int read_bytes(struct wire *wire, char *to, size_t len, bool peek)
{
	ssize_t got;

	if (wire->ssl)
		return tls_read(wire->ssl, to, len, peek);
	got = recv(wire->fd, to, len, peek ? MSG_PEEK : 0);
	if (got > 0)
		return (int)got;
	if (got < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return 0;
	return -1;
}

static uint32_t number32(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint16_t number16(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* ---- what belongs to the rows ---- */

/* RowDescription opens, the others go between. Notifications come only
 * between transactions, never here; were there one, it would be dropped. */
static bool is_ours(const struct wire *wire, char type)
{
	return type == 'D' || type == 'N' || type == 'S' || type == 'A' ||
	       (type == 'T' && wire->at_columns);
}

static void header_read(struct wire *wire, const char *header)
{
	uint32_t len = number32(header + 1);

	wire->header_have = 0;
	wire->at_columns = false;
	if (len < LENGTH_BYTES || len > INT32_MAX)
		wire->is_bad = true;
	else
		wire->left = len - LENGTH_BYTES;
}

/* How many of the peeked bytes are ours, taking note of where that leaves
 * the socket. The type byte alone decides, so no message waits for more. */
static size_t walk(struct wire *wire, const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len && !wire->is_bad) {
		if (wire->left > 0) {
			size_t part = len - at;

			if (part > wire->left)
				part = wire->left;
			wire->left -= part;
			at += part;
			continue;
		}
		if (wire->header_have == 0 && !is_ours(wire, bytes[at])) {
			wire->is_over = true;
			break;
		}
		if (wire->header_have == 0 && len - at >= HEADER_BYTES) {
			header_read(wire, bytes + at);
			at += HEADER_BYTES;
			continue;
		}
		wire->header[wire->header_have++] = bytes[at++];
		if (wire->header_have == HEADER_BYTES)
			header_read(wire, wire->header);
	}
	return at;
}

/* Is it one answer from first byte to ReadyForQuery, without COPY? */
static bool is_whole(const char *bytes, size_t len)
{
	size_t at = 0;

	while (at + HEADER_BYTES <= len) {
		char type = bytes[at];
		uint32_t body = number32(bytes + at + 1);

		if (type == 'G' || type == 'H' || type == 'W')
			return false;
		if (body < LENGTH_BYTES || body > len - at - 1)
			return false;
		at += 1 + body;
		if (type == 'Z')
			return at == len;
	}
	return false;
}

void wire_begin(struct wire *wire)
{
	wire->start = wire->end = 0;
	wire->hidden = NULL;
	wire->header_have = 0;
	wire->left = 0;
	wire->at_columns = true;
	wire->is_over = false;
	wire->is_bad = false;
}

enum wire_look wire_look(struct wire *wire)
{
	int got = read_bytes(wire, wire->bytes, LOOK_BYTES, true);

	if (got == 0)
		return WIRE_NOTHING;
	if (got < 0)
		return WIRE_OTHER;
	if (is_whole(wire->bytes, (size_t)got))
		return WIRE_WHOLE;
	if (wire->bytes[0] != 'T')
		return WIRE_OTHER;
	wire_begin(wire);
	walk(wire, wire->bytes, (size_t)got);
	/* Rows that end in view are little work for libpq. */
	return wire->is_over || wire->is_bad ? WIRE_OTHER : WIRE_ROWS;
}

/* Grows with the bytes that have come, not with the length they promise. */
static void make_room(struct wire *wire, size_t need)
{
	size_t have = wire->end - wire->start;

	if (wire->start > 0)
		memmove(wire->bytes, wire->bytes + wire->start, have);
	wire->start = 0;
	wire->end = have;
	if (need <= wire->cap || have < wire->cap)
		return;
	wire->cap = need / 2 < wire->cap ? need : wire->cap * 2;
	wire->bytes = mem_resize(wire->bytes, wire->cap + 1);
}

/* Takes exactly len bytes that were seen to be there. */
static bool take(struct wire *wire, size_t len)
{
	while (len > 0) {
		int got = read_bytes(wire, wire->bytes + wire->end, len, false);

		if (got < 0)
			return false;
		wire->end += (size_t)got;
		len -= (size_t)got;
	}
	return true;
}

/* Takes more of the next need bytes, which the message is known to have, so
 * that they stand at start. One look at the socket at most. */
static enum wire_step more(struct wire *wire, size_t need)
{
	size_t room;
	int seen;

	make_room(wire, need);
	room = wire->cap - wire->end;
	seen = read_bytes(wire, wire->bytes + wire->end, room, true);
	if (seen == 0)
		return WIRE_WAIT;
	/* libpq will see the same and say it in its own words. */
	if (seen < 0)
		return WIRE_END;
	seen = (int)walk(wire, wire->bytes + wire->end, (size_t)seen);
	if (!take(wire, (size_t)seen))
		return WIRE_END;
	return WIRE_GOT;
}

/* The next whole message: *out_type and [*out_body, + *out_len). */
static enum wire_step message(struct wire *wire, char *out_type,
			      char **out_body, size_t *out_len)
{
	size_t need = HEADER_BYTES;

	if (wire->hidden)
		*wire->hidden = wire->hidden_byte;
	wire->hidden = NULL;
	for (;;) {
		size_t have = wire->end - wire->start;
		enum wire_step step;

		if (have >= HEADER_BYTES)
			need = 1 +
			       (size_t)number32(wire->bytes + wire->start + 1);
		if (need < HEADER_BYTES)
			return WIRE_BROKEN;
		if (have >= need)
			break;
		if (wire->is_bad)
			return WIRE_BROKEN;
		if (wire->is_over)
			return have == 0 ? WIRE_END : WIRE_BROKEN;
		step = more(wire, need);
		if (step != WIRE_GOT)
			return step;
	}
	*out_type = wire->bytes[wire->start];
	*out_body = wire->bytes + wire->start + HEADER_BYTES;
	*out_len = need - HEADER_BYTES;
	wire->start += need;
	return WIRE_GOT;
}

/* ---- columns ---- */

/* RowDescription: a count, then per column its name, a NUL, the table's OID,
 * the column's number, the type's OID and size, the type modifier, the
 * format. false: it is none. */
static bool read_columns(const char *body, size_t len,
			 struct rows_column *columns, size_t count, char *names)
{
	const char *end = body + len;
	const char *at = body + sizeof(uint16_t);

	for (size_t i = 0; i < count; i++) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));
		size_t name_bytes;

		if (!nul || end - nul - 1 < COLUMN_BYTES)
			return false;
		name_bytes = (size_t)(nul - at) + 1;
		memcpy(names, at, name_bytes);
		columns[i].name = names;
		columns[i].oid = number32(nul + 7);
		columns[i].kind = types_kind(columns[i].oid);
		columns[i].type_modifier = (int)number32(nul + 13);
		names += name_bytes;
		at = nul + 1 + COLUMN_BYTES;
	}
	return at == end;
}

enum wire_step wire_columns(struct wire *wire, struct rows_column **out_columns,
			    size_t *out_count, char **out_names)
{
	struct rows_column *columns;
	char *names;
	char type;
	char *body;
	size_t len;
	size_t count;
	enum wire_step step;

	step = message(wire, &type, &body, &len);
	if (step != WIRE_GOT)
		return step;
	count = len >= sizeof(uint16_t) ? number16(body) : 0;
	columns = mem_alloc_array(count + 1, sizeof(*columns));
	names = mem_alloc(len + 1);
	if (type != 'T' || len < sizeof(uint16_t) ||
	    !read_columns(body, len, columns, count, names)) {
		mem_free(columns);
		mem_free(names);
		return WIRE_BROKEN;
	}
	*out_columns = columns;
	*out_count = count;
	*out_names = names;
	return WIRE_GOT;
}

/* ---- rows ---- */

/* A DataRow: the count, then per value its length, -1 for null, and its
 * bytes. A NUL is set behind each: over the next value's length, which has
 * been read by then, and last over the byte behind the message. */
static bool read_values(struct wire *wire, char *body, size_t len,
			struct rows_value *values, size_t count)
{
	char *end = body + len;
	char *at = body + sizeof(uint16_t);
	char *behind = NULL;

	if (len < sizeof(uint16_t) || number16(body) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		uint32_t bytes;

		if (end - at < LENGTH_BYTES)
			return false;
		bytes = number32(at);
		at += LENGTH_BYTES;
		if (behind)
			*behind = '\0';
		behind = NULL;
		values[i] = (struct rows_value){ NULL, 0 };
		if (bytes == UINT32_MAX)
			continue;
		if (bytes > (size_t)(end - at))
			return false;
		values[i] = (struct rows_value){ at, bytes };
		behind = at += bytes;
	}
	if (behind) {
		wire->hidden = behind;
		wire->hidden_byte = *behind;
		*behind = '\0';
	}
	return at == end;
}

static void note_parameter(struct db *db, const char *body, size_t len)
{
	const char *nul = memchr(body, '\0', len);

	if (nul && memchr(nul + 1, '\0', (size_t)(body + len - nul - 1)))
		db_note_parameter(db, body, nul + 1);
}

static void note_notice(struct db *db, const char *body, size_t len)
{
	CLEANUP(dberr_freep) struct dberr *notice = dberr_new();

	if (!db->notice)
		return;
	dberr_set_fields(notice, body, len, db->query,
			 PQclientEncoding(db->conn));
	db->notice(db->notice_context, notice);
}

enum wire_step wire_row(struct wire *wire, struct db *db,
			struct rows_value *values, size_t count)
{
	for (;;) {
		char type;
		char *body;
		size_t len;
		enum wire_step step = message(wire, &type, &body, &len);

		if (step != WIRE_GOT)
			return step;
		if (type == 'N')
			note_notice(db, body, len);
		else if (type == 'S')
			note_parameter(db, body, len);
		else if (type == 'D')
			return read_values(wire, body, len, values, count)
				       ? WIRE_GOT
				       : WIRE_BROKEN;
	}
}
