/* What a client sends, cut anywhere: whole frames come out, byte for byte
 * what went in, and no cursor leaves its frame.
 *
 * Byte 0: bit 0 a packet without type comes first, the rest how many pieces
 * the bytes come in. */
#include "fuzz.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/ground/stream.h"

enum { PIECE_MAX_BYTES = 8192, PIECES_MAX = 32 };

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\2Q\0\0\0\rselect 1\0X\0\0\0\4"),
	FUZZ_TEXT("\5\0\0\0\x21\0\3\0\0user\0awsuser\0database\0dev\0\0"
		  "p\0\0\0\7md\0"),
	FUZZ_TEXT("\3\0\0\0\10\4\xd2\x16\x2f"),
	FUZZ_TEXT("\1\0\0\0\20\4\xd2\x16\x2e\0\0\0\1\0\0\0\2"),
	FUZZ_TEXT("\10P\0\0\0\x10s\0select 1\0\0\0"
		  "B\0\0\0\x10\0s\0\0\0\0\0\0\0\0\0"
		  "D\0\0\0\6P\0E\0\0\0\x9\0\0\0\0\0S\0\0\0\4"),
	FUZZ_TEXT("\0Q\0\0\0\3"),
	FUZZ_TEXT("\0Q\x7f\xff\xff\xff"),
	FUZZ_TEXT("\0d\0\0\0\10abcdc\0\0\0\4f\0\0\0\6x\0"),
	FUZZ_TEXT("\0F\0\0\0\x10\0\0\0\1\0\0\0\0\0\0"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"Q", "P", "B", "D", "E", "C", "H", "S", "X", "F", "p", "d",
	"user", "database", "options", "select 1", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 40000,
};

/* A packet is what one read gives, so pieces stay pieces. How many bytes the
 * socket took. */
static size_t send_pieces(int fd, const uint8_t *data, size_t size,
			  size_t pieces)
{
	size_t piece = size / (1 + pieces % PIECES_MAX) + 1;
	size_t at = 0;

	if (piece > PIECE_MAX_BYTES)
		piece = PIECE_MAX_BYTES;
	while (at < size) {
		size_t len = size - at < piece ? size - at : piece;

		if (send(fd, data + at, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
		at += len;
	}
	return at;
}

/* Walks a body as the types of messages are walked. */
static void walk(const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	int turn = 0;

	while (!cursor.bad && cursor.at < cursor.end) {
		const char *text;
		const char *slice;
		int16_t len;

		switch (turn++ % 4) {
		case 0:
			text = frame_text(&cursor);
			FUZZ_CHECK(cursor.bad ||
				   text + strlen(text) + 1 == cursor.at);
			break;
		case 1:
			len = frame_int16(&cursor);
			slice = frame_slice(&cursor, (size_t)len);
			FUZZ_CHECK(slice == NULL || slice + len == cursor.at);
			break;
		case 2:
			frame_byte(&cursor);
			break;
		case 3:
			frame_int32(&cursor);
			break;
		}
		FUZZ_CHECK(cursor.at <= cursor.end);
	}
	if (cursor.bad)
		FUZZ_CHECK(frame_int32(&cursor) == 0 &&
			   *frame_text(&cursor) == '\0');
}

static void read_all(struct stream *stream, const uint8_t *data, size_t size,
		     bool startup)
{
	struct err err = ERR_EMPTY;
	struct frame frame;
	size_t at = 0;

	while (startup ? frame_read_startup(stream, &frame, &err)
		       : frame_read(stream, &frame, &err)) {
		size_t head = startup ? 4 : 5;

		FUZZ_CHECK(at + head + frame.len <= size);
		FUZZ_CHECK(memcmp(frame.body, data + at + head, frame.len) ==
			   0);
		FUZZ_CHECK(startup || frame.type == (char)data[at]);
		walk(&frame);
		at += head + frame.len;
		startup = false;
	}
	/* without a word only where a frame had ended */
	FUZZ_CHECK(err.kind != ERR_NONE || at == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream;
	int ends[2];

	if (size == 0 || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		return 0;
	size = send_pieces(ends[1], data + 1, size - 1, data[0] >> 1);
	shutdown(ends[1], SHUT_WR);
	stream_open(&stream, ends[0]);
	read_all(&stream, data + 1, size, (data[0] & 1) != 0);
	stream_close(&stream);
	close(ends[1]);
	return 0;
}
