#include "edit/keys.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/mem.h"
#include "base/utf8.h"

enum {
	PIECE_BYTES = 64 << 10,
	PASTE_MAX_BYTES = 64 << 20,
	ANSWER_MAX_BYTES = 200, /* an answer longer than this is none */
	ANSWER_WAIT_MS = 100,   /* between two of its bytes */
};

static const char paste_end[] = "\033[201~";

void keys_init(struct keys *keys, int fd)
{
	*keys = (struct keys){ .fd = fd, .held = STR_EMPTY };
}

void keys_done(struct keys *keys)
{
	str_done(&keys->held);
}

bool keys_is_empty(const struct keys *keys)
{
	return keys->at >= keys->held.len;
}

static void drop_taken(struct keys *keys)
{
	if (keys->at == 0)
		return;
	if (keys->at >= keys->held.len) {
		str_clear(&keys->held);
	} else {
		memmove(keys->held.text, keys->held.text + keys->at,
			keys->held.len - keys->at);
		str_cut(&keys->held, keys->held.len - keys->at);
	}
	keys->at = 0;
}

/* Nothing was read: the editor's read does not wait (see keys.h), so that may
 * just mean that nothing is there any more. */
static bool has_ended(const struct keys *keys)
{
	struct pollfd fd = { .fd = keys->fd, .events = POLLIN };
	struct termios now;

	if (tcgetattr(keys->fd, &now) != 0 || (now.c_lflag & ICANON) != 0 ||
	    now.c_cc[VMIN] > 0)
		return true;
	return poll(&fd, 1, 0) > 0 &&
	       (fd.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void keys_no_wait(int fd)
{
	struct termios now;

	if (tcgetattr(fd, &now) != 0 || (now.c_lflag & ICANON) != 0)
		return;
	now.c_cc[VMIN] = 0;
	now.c_cc[VTIME] = 0;
	tcsetattr(fd, TCSANOW, &now);
}

static bool read_piece(struct keys *keys, size_t bytes)
{
	ssize_t got;

	drop_taken(keys);
	str_reserve(&keys->held, bytes);
	got = read(keys->fd, keys->held.text + keys->held.len, bytes);
	if (got == 0)
		keys->ended = has_ended(keys);
	else if (got < 0 && errno != EINTR && errno != EAGAIN)
		keys->ended = true;
	if (got <= 0)
		return false;
	keys->held.len += (size_t)got;
	keys->held.text[keys->held.len] = '\0';
	return true;
}

bool keys_fill(struct keys *keys, int wait_ms)
{
	return !keys->ended && cancel_poll(keys->fd, POLLIN, wait_ms) > 0 &&
	       read_piece(keys, 1);
}

int keys_take(struct keys *keys)
{
	if (keys_is_empty(keys))
		return -1;
	return (unsigned char)keys->held.text[keys->at++];
}

void keys_give_back(struct keys *keys, const char *bytes, size_t len)
{
	struct str all = STR_EMPTY;

	if (len <= keys->at) {
		keys->at -= len;
		memcpy(keys->held.text + keys->at, bytes, len);
		return;
	}
	str_add_slice(&all, bytes, len);
	str_add_slice(&all, keys->held.text + keys->at,
		      keys->held.len - keys->at);
	str_done(&keys->held);
	keys->held = all;
	keys->at = 0;
}

/* ---- decoding ---- */

/* What stands behind ESC [ or ESC O: the last byte, with its number. */
static const struct {
	char last;
	int number; /* before '~' */
	enum key_kind kind;
} sequences[] = {
	{ 'A', 0, KEY_UP },        { 'B', 0, KEY_DOWN },
	{ 'C', 0, KEY_RIGHT },     { 'D', 0, KEY_LEFT },
	{ 'H', 0, KEY_HOME },      { 'F', 0, KEY_END },
	{ 'Z', 0, KEY_BACK_TAB },  { 'M', 0, KEY_ENTER },
	{ '~', 1, KEY_HOME },      { '~', 3, KEY_DELETE },
	{ '~', 4, KEY_END },       { '~', 5, KEY_PAGE_UP },
	{ '~', 6, KEY_PAGE_DOWN }, { '~', 7, KEY_HOME },
	{ '~', 8, KEY_END },       { '~', 200, KEY_PASTE },
};

static enum key_kind kind_of(char last, int number)
{
	for (size_t i = 0; i < COUNT_OF(sequences); i++)
		if (sequences[i].last == last &&
		    (last != '~' || sequences[i].number == number))
			return sequences[i].kind;
	return KEY_OTHER;
}

/* ESC [ ... and ESC O x. Returns bytes used, 0: more must come. */
static size_t decode_sequence(const char *text, size_t len, struct key *out)
{
	int number = 0;
	size_t i = 2;

	if (text[1] == 'O') {
		if (len < 3)
			return 0;
		out->kind = kind_of(text[2], 0);
		return 3;
	}
	for (; i < len && i < sizeof(out->bytes) - 1; i++) {
		char c = text[i];

		if (c >= '0' && c <= '9') {
			number = number < 1000 ? number * 10 + (c - '0') : 0;
			continue;
		}
		if (c >= 0x20 && c < 0x40) {
			/* A modifier behind the number: not our key. */
			continue;
		}
		out->kind = kind_of(c, number);
		return i + 1;
	}
	if (i < len) {
		out->kind = KEY_OTHER;
		return i;
	}
	return 0;
}

static size_t decode_escape(const char *text, size_t len, bool patient,
			    struct key *out)
{
	size_t used;

	if (len == 1 && patient)
		return 0;
	if (len == 1 || text[1] == '\033') {
		out->kind = KEY_ESC;
		return 1;
	}
	if (text[1] == ']') {
		out->kind = KEY_ANSWER;
		return 2;
	}
	if (text[1] == '[' || text[1] == 'O') {
		used = decode_sequence(text, len, out);
		if (used > 0 || patient)
			return used;
	}
	out->kind = KEY_ALT;
	out->letter = text[1];
	return 2;
}

static void decode_control(char c, struct key *out)
{
	switch (c) {
	case '\r':
	case '\n':
		out->kind = KEY_ENTER;
		return;
	case '\t':
		out->kind = KEY_TAB;
		return;
	case '\b':
	case 0x7f:
		out->kind = KEY_BACKSPACE;
		return;
	default:
		out->kind = KEY_CTRL;
		out->letter = (char)(c | 0x60);
	}
}

static size_t decode_text(const char *text, size_t len, bool patient,
			  struct key *out)
{
	unsigned char first = (unsigned char)text[0];
	size_t need = first < 0xc0 || first >= 0xf8 ? 1
		      : first < 0xe0                ? 2
		      : first < 0xf0                ? 3
						    : 4;
	uint32_t code;
	size_t used;

	if (len < need && patient)
		return 0;
	used = utf8_decode(text, len, &code);
	if (code == UINT32_MAX) {
		out->kind = KEY_OTHER;
		return used;
	}
	out->kind = KEY_TEXT;
	memcpy(out->text, text, used);
	return used;
}

bool keys_decode(struct keys *keys, bool patient, struct key *out)
{
	const char *text = keys->held.text + keys->at;
	size_t len = keys->held.len - keys->at;
	size_t used = 1;

	*out = (struct key){ .kind = KEY_OTHER };
	if (len == 0)
		return false;
	if (*text == '\033')
		used = decode_escape(text, len, patient, out);
	else if ((unsigned char)*text < 0x20 || *text == 0x7f)
		decode_control(*text, out);
	else
		used = decode_text(text, len, patient, out);
	if (used == 0)
		return false;
	out->len = used < sizeof(out->bytes) ? used : sizeof(out->bytes) - 1;
	memcpy(out->bytes, text, out->len);
	keys->at += used;
	return true;
}

/* ---- pasted text ---- */

bool keys_take_paste(struct keys *keys, struct str *out)
{
	size_t mark_len = strlen(paste_end);
	size_t searched = 0;

	str_clear(out);
	for (;;) {
		size_t past;
		char *end;

		str_add_slice(out, keys->held.text + keys->at,
			      keys->held.len - keys->at);
		keys->at = keys->held.len;
		end = memmem(out->text + searched, out->len - searched,
			     paste_end, mark_len);
		if (end != NULL) {
			past = (size_t)(end - out->text) + mark_len;
			keys_give_back(keys, out->text + past, out->len - past);
			str_cut(out, past - mark_len);
			return true;
		}
		searched = out->len < mark_len ? 0 : out->len - mark_len;
		if (out->len > PASTE_MAX_BYTES || keys->ended ||
		    cancel_poll(keys->fd, POLLIN, -1) < 0)
			return false;
		read_piece(keys, PIECE_BYTES);
	}
}

bool keys_take_answer(struct keys *keys, struct str *out)
{
	str_clear(out);
	while (out->len < ANSWER_MAX_BYTES) {
		int c;

		if (keys_is_empty(keys) && !keys_fill(keys, ANSWER_WAIT_MS))
			return false;
		c = keys_take(keys);
		if (c == '\a')
			return true;
		str_add_char(out, (char)c);
		if (str_ends(out->text, "\033\\")) {
			str_cut(out, out->len - 2);
			return true;
		}
	}
	return false;
}
