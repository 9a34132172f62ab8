#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts a half UTF-8 character that snprintf left at the end of a full
 * field. */
static void trim_partial_char(char *text, size_t cap)
{
	size_t len = strlen(text);
	size_t back = 0;

	if (len + 1 < cap)
		return;
	while (back < 3 && back < len &&
	       ((unsigned char)text[len - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back < len && (unsigned char)text[len - 1 - back] >= 0xC0)
		text[len - 1 - back] = '\0';
}

static void format_into(char *to, size_t cap, const char *fmt, va_list args)
{
	vsnprintf(to, cap, fmt, args);
	trim_partial_char(to, cap);
}

bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	char message[sizeof(err->message)];
	va_list args;

	if (err == NULL)
		return false;
	/* Formatted apart: an argument may point into err itself. */
	va_start(args, fmt);
	format_into(message, sizeof(message), fmt, args);
	va_end(args);
	err_clear(err);
	err->kind = kind;
	memcpy(err->message, message, sizeof(message));
	return false;
}

bool err_set_errno(struct err *err, int errnum, const char *fmt, ...)
{
	char message[sizeof(err->message)];
	const char *name = strerrorname_np(errnum);
	va_list args;

	if (err == NULL)
		return false;
	va_start(args, fmt);
	format_into(message, sizeof(message), fmt, args);
	va_end(args);
	err_set(err, ERR_SYSTEM, "%s: %s", message, strerror(errnum));
	return err_set_code(err, name ? name : "");
}

bool err_wrap(struct err *err, const char *fmt, ...)
{
	char message[2 * sizeof(err->message)];
	va_list args;
	size_t len;

	if (err == NULL)
		return false;
	va_start(args, fmt);
	format_into(message, sizeof(err->message), fmt, args);
	va_end(args);
	len = strlen(message);
	snprintf(message + len, sizeof(message) - len, ": %s", err->message);
	message[sizeof(err->message) - 1] = '\0';
	trim_partial_char(message, sizeof(err->message));
	memcpy(err->message, message, sizeof(err->message));
	return false;
}

bool err_hint(struct err *err, const char *fmt, ...)
{
	char hint[sizeof(err->hint)];
	va_list args;

	if (err == NULL)
		return false;
	va_start(args, fmt);
	format_into(hint, sizeof(hint), fmt, args);
	va_end(args);
	memcpy(err->hint, hint, sizeof(hint));
	return false;
}

bool err_set_code(struct err *err, const char *code)
{
	if (err != NULL)
		snprintf(err->code, sizeof(err->code), "%s", code);
	return false;
}

void err_clear(struct err *err)
{
	if (err == NULL)
		return;
	/* Not all its bytes: this stands before every statement sent. */
	err->kind = ERR_NONE;
	err->retry = false;
	err->code[0] = err->message[0] = err->hint[0] = '\0';
}
