#include "sandbox/account/fault.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum value {
	VALUE_NONE,
	VALUE_MAY, /* a number, 0 when left out */
	VALUE_NUMBER,
	VALUE_TEXT,
};

static const struct word {
	const char *name;
	const char *shown; /* its value in the help */
	enum value value;
	enum fault_kind kind; /* FAULT_NONE: a modifier */
	bool below_zero;
	const char *help;
} words[] = {
	{ "status", "N", VALUE_NUMBER, FAULT_STATUS, false,
	  "answer that HTTP status instead (code of 503: SlowDown)" },
	{ "redirect", "WHERE", VALUE_TEXT, FAULT_REDIRECT, false,
	  "to a region: 301 PermanentRedirect; to a http:// address or self: "
	  "307" },
	{ "expire-credentials", NULL, VALUE_NONE, FAULT_EXPIRE, false,
	  "answer ExpiredToken; temporary keys are expired from now on" },
	{ "error-in-200", NULL, VALUE_NONE, FAULT_ERROR_IN_200, false,
	  "do nothing, answer 200 with an <Error> in the body" },
	{ "skew", "SECONDS", VALUE_NUMBER, FAULT_SKEW, true,
	  "the sandbox's clock is that far ahead" },
	{ "quota", "BYTES", VALUE_NUMBER, FAULT_QUOTA, false,
	  "the disk is full once so many bytes were taken" },
	{ "cut-request", "BYTE", VALUE_MAY, FAULT_CUT_REQUEST, false,
	  "hang up when that byte of the request's body comes" },
	{ "stall-read", "BYTE", VALUE_MAY, FAULT_STALL_READ, false,
	  "read no more from that byte of the request's body on" },
	{ "corrupt-request", "BYTE", VALUE_MAY, FAULT_CORRUPT_REQUEST, false,
	  "turn a bit of that byte of the request's body" },
	{ "reset", NULL, VALUE_NONE, FAULT_RESET, false,
	  "reset the connection when the head has come" },
	{ "no-reply", NULL, VALUE_NONE, FAULT_NO_REPLY, false,
	  "do it, then hang up without a word" },
	{ "cut-reply", "BYTE", VALUE_MAY, FAULT_CUT_REPLY, false,
	  "do it, hang up at that byte of the answer's body" },
	{ "short-body", "BYTES", VALUE_MAY, FAULT_SHORT_BODY, false,
	  "leave out the last BYTES of the answer's body (default 1)" },
	{ "stall-reply", "BYTE", VALUE_MAY, FAULT_STALL_REPLY, false,
	  "send no more from that byte of the answer's body on" },
	{ "wrong-length", "N", VALUE_NUMBER, FAULT_WRONG_LENGTH, true,
	  "Content-Length is off by N, the body is not" },
	{ "corrupt-byte", "BYTE", VALUE_MAY, FAULT_CORRUPT_BYTE, false,
	  "turn a bit of that byte of the answer's body" },
	{ "flood", "BYTES", VALUE_NUMBER, FAULT_FLOOD, false,
	  "answer so many bytes of a listing that does not end" },
	{ "fail", NULL, VALUE_NONE, FAULT_FAIL, false,
	  "of a resource of a stack (--op CreateResource, UpdateResource, "
	  "DeleteResource)" },
	{ "kill", "WHEN", VALUE_MAY, FAULT_KILL, false,
	  "of a resource of a stack (--op CompleteResource, too): the sandbox "
	  "is killed, at 0 before the work, at 1 after it, before it is "
	  "noted" },
	{ "code", "NAME", VALUE_TEXT, FAULT_NONE, false,
	  "with status, error-in-200 and fail: AWS's code" },
	{ "reason", "TEXT", VALUE_TEXT, FAULT_NONE, false,
	  "with fail: in these words, to the end" },
	{ "retry-after", "SECONDS", VALUE_NUMBER, FAULT_NONE, false,
	  "with status: a Retry-After header" },
	{ "delay", "MS", VALUE_NUMBER, FAULT_NONE, false,
	  "wait first, alone or with any other" },
	{ "rate", "BYTES", VALUE_NUMBER, FAULT_NONE, false,
	  "so many bytes of body a second, alone or with any other" },
};

static bool refuse(struct err *err, const char *word)
{
	err_set(err, ERR_USAGE, "no such fault: %s", word);
	return err_hint(err, "redsh-sandbox fault --help lists them");
}

static bool read_number(const struct word *word, const char *text,
			int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return end != text && *end == '\0' && errno == 0 &&
	       (*out >= 0 || word->below_zero);
}

static bool store(const struct word *word, const char *text, int64_t number,
		  struct fault *out)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (strcmp(word->name, "code") == 0) {
		snprintf(out->code, sizeof(out->code), "%s", text);
		return len < sizeof(out->code);
	}
	if (strcmp(word->name, "reason") == 0) {
		snprintf(out->where, sizeof(out->where), "%s", text);
		return len < sizeof(out->where);
	}
	if (strcmp(word->name, "delay") == 0)
		out->delay_ms = number;
	else if (strcmp(word->name, "rate") == 0)
		out->rate_bytes = number;
	else if (strcmp(word->name, "retry-after") == 0)
		out->retry_after_s = (int)number;
	if (word->kind == FAULT_NONE)
		return true;
	if (out->kind != FAULT_NONE)
		return false;
	out->kind = word->kind;
	out->number = number;
	if (word->kind == FAULT_REDIRECT)
		snprintf(out->where, sizeof(out->where), "%s", text);
	return len < sizeof(out->where);
}

static bool read_word(const char *text, struct fault *out)
{
	size_t len = strcspn(text, "=");
	const char *value = text[len] == '=' ? text + len + 1 : NULL;
	int64_t number = 0;

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		const struct word *word = &words[i];

		if (!str_slice_equal(text, len, word->name))
			continue;
		if (word->kind == FAULT_SHORT_BODY)
			number = 1;
		if (word->value == VALUE_NONE && value != NULL)
			return false;
		if (word->value >= VALUE_NUMBER &&
		    (value == NULL || *value == '\0'))
			return false;
		if (value != NULL && word->value != VALUE_TEXT &&
		    !read_number(word, value, &number))
			return false;
		return store(word, value, number, out);
	}
	return false;
}

bool fault_parse(const char *text, struct fault *out, struct err *err)
{
	struct fault fault = { .retry_after_s = -1 };
	bool any = false;

	while (*text != '\0') {
		size_t len = str_starts(text, "reason=")
				     ? strlen(text)
				     : strcspn(text, " ");
		CLEANUP(mem_freep) char *word = mem_copy_slice(text, len);

		text += len + strspn(text + len, " ");
		if (len == 0)
			continue;
		if (!read_word(word, &fault))
			return refuse(err, word);
		any = true;
	}
	if (fault.kind == FAULT_NONE && fault.code[0] != '\0')
		fault.kind = FAULT_STATUS; /* the code's own status */
	if (!any || (fault.kind == FAULT_STATUS && fault.number != 0 &&
		     (fault.number < 200 || fault.number > 599)))
		return refuse(err, any ? "a status is 200 to 599" : "none given");
	*out = fault;
	return true;
}

void fault_help(struct str *out)
{
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		const struct word *word = &words[i];
		CLEANUP(str_done) struct str left = STR_EMPTY;

		str_add(&left, word->name);
		if (word->value == VALUE_MAY)
			str_addf(&left, "[=%s]", word->shown);
		else if (word->value != VALUE_NONE)
			str_addf(&left, "=%s", word->shown);
		str_addf(out, "  %-24s %s\n", left.text, word->help);
	}
}
