/* sandbox/account/fault.h - what goes wrong on purpose: one fault, from words
 * and back.
 *
 * A fault is written as words, parted by blanks: one kind (NAME or
 * NAME=VALUE of the table in fault.c) and modifiers. reason= takes all that
 * follows, blanks too. "status=503
 * code=SlowDown retry-after=2", "delay=300 cut-reply=4096".
 */
#ifndef SANDBOX_ACCOUNT_FAULT_H
#define SANDBOX_ACCOUNT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct str;

enum fault_kind {
	FAULT_NONE,
	FAULT_STATUS,
	FAULT_REDIRECT,
	FAULT_EXPIRE,
	FAULT_ERROR_IN_200,
	FAULT_SKEW,
	FAULT_QUOTA,
	FAULT_CUT_REQUEST,
	FAULT_STALL_READ,
	FAULT_CORRUPT_REQUEST,
	FAULT_RESET,
	FAULT_NO_REPLY,
	FAULT_CUT_REPLY,
	FAULT_SHORT_BODY,
	FAULT_STALL_REPLY,
	FAULT_WRONG_LENGTH,
	FAULT_CORRUPT_BYTE,
	FAULT_FLOOD,
	FAULT_FAIL,
	FAULT_KILL,
};

struct fault {
	enum fault_kind kind;
	int64_t number;     /* bytes, seconds, status: as the kind says */
	char code[64];      /* "": the kind's own */
	char where[256];    /* of a redirect; why a resource fails */
	int retry_after_s;  /* -1: not told */
	int64_t delay_ms;   /* before anything is done */
	int64_t rate_bytes; /* a second, of both bodies; 0: no limit */
	int64_t rule;       /* number of its rule; 0: none */
};

/* ERR_USAGE names the word that is wrong. */
bool fault_parse(const char *words, struct fault *out, struct err *err);

/* Lines for the help: each word and what it does. */
void fault_help(struct str *out);

#endif
