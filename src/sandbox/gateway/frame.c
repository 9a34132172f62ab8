#include "sandbox/gateway/frame.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sandbox/ground/stream.h"

static uint32_t load32(const char *bytes)
{
	const unsigned char *b = (const unsigned char *)bytes;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

static void store32(char *to, uint32_t number)
{
	to[0] = (char)(number >> 24);
	to[1] = (char)(number >> 16);
	to[2] = (char)(number >> 8);
	to[3] = (char)number;
}

static bool read_body(struct stream *stream, const char *head, size_t max,
		      struct frame *out, struct err *err)
{
	uint32_t len = load32(head + 1);
	const char *bytes;

	if (len < 4 || len - 4 > max)
		return err_set(err, ERR_DATA, "invalid message length %u", len);
	out->type = head[0];
	bytes = stream_peek(stream, (size_t)len + 1, err);
	if (!bytes)
		return false;
	out->body = bytes + 5;
	out->len = len - 4;
	stream_skip(stream, (size_t)len + 1);
	return true;
}

bool frame_read(struct stream *stream, struct frame *out, struct err *err)
{
	const char *head = stream_peek(stream, 5, err);

	return head && read_body(stream, head, FRAME_ANSWER_MAX, out, err);
}

/* As PostgreSQL has it: 10,000 bytes where nothing long can stand, 65,535
 * for a password. */
static const struct {
	const char *types;
	size_t max;
} client_types[] = {
	{ "QPBFd", FRAME_BODY_MAX },
	{ "p", 65535 },
	{ "CDEHSXcf", 10000 },
};

bool frame_read_client(struct stream *stream, struct frame *out,
		       struct err *err)
{
	const char *head = stream_peek(stream, 5, err);

	if (!head)
		return false;
	for (size_t i = 0; i < COUNT_OF(client_types); i++)
		if (head[0] && strchr(client_types[i].types, head[0]))
			return read_body(stream, head, client_types[i].max, out,
					 err);
	return err_set(err, ERR_DATA, "invalid frontend message type %d",
		       (unsigned char)head[0]);
}

/* A password, a digest or a token; from nobody we know, so never long. */
bool frame_read_login(struct stream *stream, struct frame *out, struct err *err)
{
	const char *head = stream_peek(stream, 5, err);

	if (!head)
		return false;
	if (head[0] != 'd' && head[0] != 'i')
		return frame_read_client(stream, out, err);
	return read_body(stream, head, 65535, out, err);
}

bool frame_read_startup(struct stream *stream, struct frame *out,
			struct err *err)
{
	const char *bytes = stream_peek(stream, 4, err);
	uint32_t len;

	if (!bytes)
		return false;
	len = load32(bytes);
	if (len < 8 || len > FRAME_STARTUP_MAX)
		return err_set(err, ERR_DATA,
			       "invalid length of startup packet");
	bytes = stream_peek(stream, len, err);
	if (!bytes)
		return false;
	out->type = 0;
	out->body = bytes + 4;
	out->len = len - 4;
	stream_skip(stream, len);
	return true;
}

struct frame_cursor frame_cursor(const struct frame *frame)
{
	struct frame_cursor cursor = { frame->body, frame->body + frame->len,
				       false };

	return cursor;
}

const char *frame_slice(struct frame_cursor *cursor, size_t len)
{
	const char *slice = cursor->at;

	if (cursor->bad || (size_t)(cursor->end - cursor->at) < len) {
		cursor->bad = true;
		return NULL;
	}
	cursor->at += len;
	return slice;
}

char frame_byte(struct frame_cursor *cursor)
{
	const char *slice = frame_slice(cursor, 1);

	return slice ? *slice : '\0';
}

int16_t frame_int16(struct frame_cursor *cursor)
{
	const char *slice = frame_slice(cursor, 2);

	if (!slice)
		return 0;
	return (int16_t)((unsigned char)slice[0] << 8 |
			 (unsigned char)slice[1]);
}

int32_t frame_int32(struct frame_cursor *cursor)
{
	const char *slice = frame_slice(cursor, 4);

	return slice ? (int32_t)load32(slice) : 0;
}

const char *frame_text(struct frame_cursor *cursor)
{
	const char *text = cursor->at;
	const char *nul;

	if (cursor->bad)
		return "";
	nul = memchr(text, '\0', (size_t)(cursor->end - text));
	if (!nul) {
		cursor->bad = true;
		return "";
	}
	cursor->at = nul + 1;
	return text;
}

size_t frame_begin(struct str *out, char type)
{
	size_t begun;

	if (type)
		str_add_char(out, type);
	begun = out->len;
	frame_add_int32(out, 0);
	return begun;
}

void frame_end(struct str *out, size_t begun)
{
	store32(out->text + begun, (uint32_t)(out->len - begun));
}

void frame_add_int16(struct str *out, int16_t number)
{
	str_add_char(out, (char)((uint16_t)number >> 8));
	str_add_char(out, (char)number);
}

void frame_add_int32(struct str *out, int32_t number)
{
	char bytes[4];

	store32(bytes, (uint32_t)number);
	str_add_slice(out, bytes, sizeof(bytes));
}

void frame_add_text(struct str *out, const char *text)
{
	str_add(out, text);
	str_add_char(out, '\0');
}

void frame_add(struct str *out, char type, const char *body, size_t len)
{
	size_t begun = frame_begin(out, type);

	str_add_slice(out, body, len);
	frame_end(out, begun);
}

static void add_field(struct str *out, char code, const char *text)
{
	if (!text || !*text)
		return;
	str_add_char(out, code);
	frame_add_text(out, text);
}

void frame_add_report(struct str *out, char type,
		      const struct frame_report *report)
{
	size_t begun = frame_begin(out, type);

	add_field(out, 'S', report->severity);
	add_field(out, 'C', report->sqlstate);
	add_field(out, 'M', report->message);
	add_field(out, 'D', report->detail);
	add_field(out, 'H', report->hint);
	if (report->position > 0) {
		str_add_char(out, 'P');
		str_addf(out, "%d", report->position);
		str_add_char(out, '\0');
	}
	str_add_char(out, '\0');
	frame_end(out, begun);
}
