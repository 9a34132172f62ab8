/* base/err.h - the one error value.
 *
 * A plain value: holds no pointers, needs no freeing, may be copied. It is
 * filled only on failure. err_set, err_wrap and friends return false, so that
 * failing is one line: return err_set(err, ERR_USAGE, "no such table %s", t);
 *
 * Messages: lower case, no full stop, name the thing. The hint says what the
 * person can do next. Texts longer than the fields are cut at a character.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum err_kind {
	ERR_NONE,
	ERR_USAGE,	/* the person asked for something impossible */
	ERR_SYSTEM,	/* a system call failed; code is "ENOENT", ... */
	ERR_NETWORK,	/* resolve, connect, TLS, time-out */
	ERR_SERVER,	/* the database answered no; code is the SQLSTATE */
	ERR_AWS,	/* an AWS service answered no; code is its error code */
	ERR_AUTH,	/* no credentials, or they are refused or expired */
	ERR_MISSING,	/* a named thing does not exist */
	ERR_DATA,	/* malformed input: file, reply, cache */
	ERR_CANCELLED,	/* Ctrl-C */
};

struct err {
	enum err_kind kind;
	bool retry;		/* the same call may succeed later */
	char code[64];		/* SQLSTATE, AWS code or errno name, or "" */
	char message[1024];
	char hint[512];		/* what to type next, or "" */
};

#define ERR_EMPTY                                                              \
	{                                                                      \
		.kind = ERR_NONE                                               \
	}

/* Overwrites err. err may be NULL: the caller does not want to know. */
bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* As err_set with ERR_SYSTEM; appends ": <text of errnum>", sets the code. */
bool err_set_errno(struct err *err, int errnum, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Puts "<text>: " in front of the message. */
bool err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets the hint. */
bool err_hint(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets the code. */
bool err_set_code(struct err *err, const char *code);

/* As ERR_EMPTY, at less cost. */
void err_clear(struct err *err);

#endif
