/* sandbox/gateway/frame.h - messages of the PostgreSQL protocol 3: cut and
 * built.
 *
 * A message is a type byte, an int32 length that counts itself, and the body;
 * the first one of a connection has no type. All numbers are big-endian. What
 * a peer sends is checked against the limits here before memory is taken.
 */
#ifndef SANDBOX_GATEWAY_FRAME_H
#define SANDBOX_GATEWAY_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct str;
struct stream;

#define FRAME_STARTUP_MAX 10000              /* as PostgreSQL has it */
#define FRAME_BODY_MAX    (64 * 1024 * 1024) /* statements: 16 MB */
#define FRAME_ANSWER_MAX  (1024 * 1024 * 1024) /* a row of PostgreSQL's */

/* First int32 of a packet without type. */
#define FRAME_PROTOCOL_3     0x00030000
#define FRAME_CANCEL_REQUEST 80877102
#define FRAME_SSL_REQUEST    80877103
#define FRAME_GSS_REQUEST    80877104

struct frame {
	char type;        /* 0: the packet without type */
	const char *body; /* borrowed until the next read */
	size_t len;
};

/* The next message of PostgreSQL, and of a client: types that clients do not
 * send, and lengths that their types never have, are ERR_DATA before a byte
 * of the body is taken. false without an error kind (ERR_NONE): the peer has
 * closed in between. */
bool frame_read(struct stream *stream, struct frame *out, struct err *err);
bool frame_read_client(struct stream *stream, struct frame *out,
		       struct err *err);
bool frame_read_startup(struct stream *stream, struct frame *out,
			struct err *err);

/* As frame_read_client, while a login is under way: Redshift's answers to a
 * digest and for a token as well. */
bool frame_read_login(struct stream *stream, struct frame *out,
		      struct err *err);

/* Reading a body from left to right. Running over the end sets bad and gives
 * zeros and "" from then on, so one check at the end is enough. */
struct frame_cursor {
	const char *at;
	const char *end;
	bool bad;
};

struct frame_cursor frame_cursor(const struct frame *frame);
char frame_byte(struct frame_cursor *cursor);
int16_t frame_int16(struct frame_cursor *cursor);
int32_t frame_int32(struct frame_cursor *cursor);
const char *frame_text(struct frame_cursor *cursor); /* up to its NUL */
const char *frame_slice(struct frame_cursor *cursor, size_t len);

/* Building: size_t at = frame_begin(out, 'Z'); ... frame_end(out, at); */
size_t frame_begin(struct str *out, char type);
void frame_end(struct str *out, size_t begun);
void frame_add_int16(struct str *out, int16_t number);
void frame_add_int32(struct str *out, int32_t number);
void frame_add_text(struct str *out, const char *text); /* with NUL */

/* A whole message around a body. */
void frame_add(struct str *out, char type, const char *body, size_t len);

/* ErrorResponse ('E') and NoticeResponse ('N'). */
struct frame_report {
	const char *severity;
	const char *sqlstate;
	const char *message;
	const char *detail; /* NULL or "": none; so hint */
	const char *hint;
	int position; /* 1-based character, 0: none */
};

void frame_add_report(struct str *out, char type,
		      const struct frame_report *report);

#endif
