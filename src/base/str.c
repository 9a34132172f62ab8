#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

const char str_nothing[1] = "";

void str_done(struct str *str)
{
	if (str->cap > 0)
		mem_free(str->text);
	*str = (struct str)STR_EMPTY;
}

void str_clear(struct str *str)
{
	str->len = 0;
	if (str->cap > 0)
		str->text[0] = '\0';
}

void str_reserve(struct str *str, size_t extra)
{
	size_t need = str->len + extra + 1;
	size_t cap = str->cap ? str->cap : 32;

	if (need <= str->cap)
		return;
	while (cap < need)
		cap += cap / 2 + 16;
	str->text = mem_resize(str->cap ? str->text : NULL, cap);
	str->cap = cap;
	str->text[str->len] = '\0';
}

void str_add_slice(struct str *str, const char *text, size_t len)
{
	if (len == 0)
		return;
	str_reserve(str, len);
	memcpy(str->text + str->len, text, len);
	str->len += len;
	str->text[str->len] = '\0';
}

void str_add(struct str *str, const char *text)
{
	str_add_slice(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
	str_add_slice(str, &c, 1);
}

void str_add_number(struct str *str, int64_t number)
{
	char digits[24];
	char *at = digits + sizeof(digits);
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		*--at = '-';
	str_add_slice(str, at, (size_t)(digits + sizeof(digits) - at));
}

void str_add_repeat(struct str *str, char c, size_t count)
{
	if (count == 0)
		return;
	str_reserve(str, count);
	memset(str->text + str->len, c, count);
	str->len += count;
	str->text[str->len] = '\0';
}

void str_addv(struct str *str, const char *fmt, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len > 0) {
		str_reserve(str, (size_t)len);
		vsnprintf(str->text + str->len, (size_t)len + 1, fmt, again);
		str->len += (size_t)len;
	}
	va_end(again);
}

void str_addf(struct str *str, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	str_addv(str, fmt, args);
	va_end(args);
}

void str_set_slice(struct str *str, const char *text, size_t len)
{
	str_clear(str);
	str_add_slice(str, text, len);
}

void str_set(struct str *str, const char *text)
{
	str_set_slice(str, text, strlen(text));
}

void str_cut(struct str *str, size_t len)
{
	if (len >= str->len)
		return;
	str->len = len;
	str->text[len] = '\0';
}

void str_trim_end(struct str *str)
{
	size_t len = str->len;

	while (len > 0 && memchr(" \t\r\n", str->text[len - 1], 4) != NULL)
		len--;
	str_cut(str, len);
}

char *str_take(struct str *str)
{
	char *text;

	str_reserve(str, 0);
	text = str->text;
	*str = (struct str)STR_EMPTY;
	return text;
}

bool str_equal_nocase(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

bool str_slice_equal(const char *slice, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(slice, text, len) == 0;
}

bool str_slice_equal_nocase(const char *slice, size_t len, const char *text)
{
	return strlen(text) == len && strncasecmp(slice, text, len) == 0;
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text);
	size_t tail = strlen(suffix);

	return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}
