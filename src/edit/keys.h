/* edit/keys.h - bytes from the terminal, and keys.
 *
 * Readline takes bytes (keys_take), a modal list takes decoded keys
 * (keys_decode). Bytes are read one by one, so that what is typed ahead for a
 * program that the next command starts stays in the terminal; only pasted
 * text, whose end is marked, is read in large pieces.
 *
 * Ctrl-C makes the kernel throw away what was typed before it, also between a
 * poll that has seen a byte and the read that is to get it. A read that waits
 * would then wait for the next key, and nobody would hear of the Ctrl-C.
 */
#ifndef EDIT_KEYS_H
#define EDIT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum key_kind {
	KEY_TEXT, /* a character: key.text */
	KEY_CTRL, /* key.letter 'a'..'z': Ctrl with it */
	KEY_ALT,  /* ESC and key.letter, a byte */
	KEY_ENTER,
	KEY_TAB,
	KEY_BACK_TAB,
	KEY_ESC, /* alone: nothing came behind it for 50 ms */
	KEY_BACKSPACE,
	KEY_DELETE,
	KEY_UP,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_PASTE,  /* the begin of pasted text; what follows are its bytes */
	KEY_ANSWER, /* ESC ]: the terminal's answer to a question follows */
	KEY_OTHER,  /* some sequence nobody asked for */
};

struct key {
	enum key_kind kind;
	char letter;
	char text[8];   /* UTF-8, NUL at its end */
	char bytes[32]; /* as they came */
	size_t len;
};

enum { KEY_ESC_WAIT_MS = 50 };

struct keys {
	int fd;
	struct str held; /* bytes not taken yet: [at, held.len) */
	size_t at;
	bool ended; /* the terminal is gone */
};

/* A terminal in raw mode: a read of it no longer waits. After each change of
 * its mode. */
void keys_no_wait(int fd);

void keys_init(struct keys *keys, int fd);
void keys_done(struct keys *keys);

/* Reads a byte, waiting at most wait_ms (-1: for ever, 0: not at all).
 * false: none came, the terminal ended, or Ctrl-C was raised. */
bool keys_fill(struct keys *keys, int wait_ms);

bool keys_is_empty(const struct keys *keys);

/* The next byte, -1: none held. */
int keys_take(struct keys *keys);

/* Puts bytes back in front. */
void keys_give_back(struct keys *keys, const char *bytes, size_t len);

/* The next whole key. false: none, or more bytes must come first. A lone ESC
 * is given when patient is false. */
bool keys_decode(struct keys *keys, bool patient, struct key *out);

/* After the start of a paste: moves its bytes to out, up to and without the
 * end mark. false: Ctrl-C, or the terminal ended. */
bool keys_take_paste(struct keys *keys, struct str *out);

/* After ESC ]: the rest of the terminal's answer, up to and without its end.
 * false: its end did not come. */
bool keys_take_answer(struct keys *keys, struct str *out);

#endif
