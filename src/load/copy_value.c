#include "load/copy_value.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/isotime.h"
#include "data/json.h"
#include "load/copy_parse.h"
#include "load/date_pattern.h"

/* --- types --- */

static const struct {
	const char *name;
	enum copy_kind kind;
	int size;
} type_names[] = {
	{ "int2", COPY_KIND_INTEGER, 2 },
	{ "smallint", COPY_KIND_INTEGER, 2 },
	{ "int4", COPY_KIND_INTEGER, 4 },
	{ "integer", COPY_KIND_INTEGER, 4 },
	{ "int", COPY_KIND_INTEGER, 4 },
	{ "int8", COPY_KIND_INTEGER, 8 },
	{ "bigint", COPY_KIND_INTEGER, 8 },
	{ "numeric", COPY_KIND_DECIMAL, 0 },
	{ "decimal", COPY_KIND_DECIMAL, 0 },
	{ "float4", COPY_KIND_FLOAT, 4 },
	{ "real", COPY_KIND_FLOAT, 4 },
	{ "float8", COPY_KIND_FLOAT, 8 },
	{ "double precision", COPY_KIND_FLOAT, 8 },
	{ "bool", COPY_KIND_BOOLEAN, 0 },
	{ "boolean", COPY_KIND_BOOLEAN, 0 },
	{ "char", COPY_KIND_CHAR, 0 },
	{ "character", COPY_KIND_CHAR, 0 },
	{ "bpchar", COPY_KIND_CHAR, 0 },
	{ "varchar", COPY_KIND_VARCHAR, 0 },
	{ "character varying", COPY_KIND_VARCHAR, 0 },
	{ "date", COPY_KIND_DATE, 0 },
	{ "time", COPY_KIND_TIME, 0 },
	{ "timetz", COPY_KIND_TIME, 0 },
	{ "time without time zone", COPY_KIND_TIME, 0 },
	{ "time with time zone", COPY_KIND_TIME, 0 },
	{ "timestamp", COPY_KIND_TIMESTAMP, 0 },
	{ "timestamptz", COPY_KIND_TIMESTAMP, 0 },
	{ "timestamp without time zone", COPY_KIND_TIMESTAMP, 0 },
	{ "timestamp with time zone", COPY_KIND_TIMESTAMP, 0 },
	{ "super", COPY_KIND_SUPER, 0 },
	{ "varbyte", COPY_KIND_VARBYTE, 0 },
	{ "binary varying", COPY_KIND_VARBYTE, 0 },
};

struct copy_type copy_type_read(const char *name, const char *length)
{
	struct copy_type type = { .kind = COPY_KIND_OTHER };
	const char *paren = strchr(name, '(');
	size_t len = paren == NULL ? strlen(name) : (size_t)(paren - name);
	char *end;

	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < COUNT_OF(type_names); i++) {
		if (str_slice_equal_nocase(name, len, type_names[i].name)) {
			type.kind = type_names[i].kind;
			type.size = type_names[i].size;
		}
	}
	if (type.size > 0)
		return type;
	if (length[0] == '\0' && paren != NULL)
		length = paren + 1;
	type.size = (int)strtol(length, &end, 10);
	if (*end == ',')
		type.scale = (int)strtol(end + 1, NULL, 10);
	return type;
}

/* --- NULL --- */

bool copy_value_is_null(const struct copy_type *type,
			const struct copy_options *options, const char *text,
			size_t len, bool quoted)
{
	const struct copy_given *given = copy_options_get(options, COPY_NULL);
	const char *word = given == NULL ? "\\N" : given->text;
	size_t word_len = given == NULL ? 2 : given->len;
	bool is_text = type->kind == COPY_KIND_CHAR ||
		       type->kind == COPY_KIND_VARCHAR;
	size_t blanks = 0;

	if (text == NULL)
		return true;
	if (!(quoted && copy_options_has(options, COPY_CSV)) &&
	    len == word_len && memcmp(text, word, len) == 0)
		return true;
	if (len == 0)
		return !is_text || copy_options_has(options, COPY_EMPTYASNULL);
	while (blanks < len && (text[blanks] == ' ' || text[blanks] == '\t'))
		blanks++;
	return is_text && blanks == len &&
	       copy_options_has(options, COPY_BLANKSASNULL);
}

/* --- numbers --- */

static bool fits_integer(const struct copy_type *type, const char *text,
			 size_t len)
{
	static const int64_t most[] = { [2] = INT16_MAX,
					[4] = INT32_MAX,
					[8] = INT64_MAX };
	char copy[24];
	char *end;
	long long number;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	errno = 0;
	number = strtoll(copy, &end, 10);
	if (end == copy || *end != '\0' || isspace((unsigned char)copy[0]) ||
	    errno != 0)
		return false;
	return number <= most[type->size] && number >= -most[type->size] - 1;
}

static bool fits_decimal(const struct copy_type *type, const char *text,
			 size_t len)
{
	size_t at = len > 0 && (*text == '-' || *text == '+');
	size_t whole = 0;
	size_t digits = 0;
	bool leads = true;

	for (; at < len && isdigit((unsigned char)text[at]); at++) {
		leads = leads && text[at] == '0';
		whole += !leads;
		digits++;
	}
	if (at < len && text[at] == '.')
		for (at++; at < len && isdigit((unsigned char)text[at]); at++)
			digits++;
	return at == len && digits > 0 &&
	       (type->size == 0 || (int)whole <= type->size - type->scale);
}

static bool fits_float(const struct copy_type *type, const char *text,
		       size_t len)
{
	char copy[400];
	char *end;

	if (len == 0 || len >= sizeof(copy) || memchr(text, '\0', len))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strpbrk(copy, "xX") != NULL)
		return false;
	errno = 0;
	if (type->size == 4)
		strtof(copy, &end);
	else
		strtod(copy, &end);
	return *end == '\0' && errno == 0;
}

static bool fits_boolean(const char *text, size_t len)
{
	static const char *const words[] = { "t",     "true", "y", "yes", "1",
					     "f",     "false", "n", "no", "0" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_slice_equal_nocase(text, len, words[i]))
			return true;
	return false;
}

/* --- text and bytes --- */

static size_t without_blanks(const char *text, size_t len)
{
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return len;
}

static bool fits_text(const struct copy_type *type,
		      const struct copy_options *options, const char *text,
		      size_t len)
{
	bool is_char = type->kind == COPY_KIND_CHAR;
	size_t most = (size_t)type->size;

	if (memchr(text, '\0', len) != NULL)
		return false;
	for (size_t i = 0; is_char && i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	if (!copy_options_has(options, COPY_ACCEPTINVCHARS) &&
	    utf8_first_bad(text, len) < len)
		return false;
	if (is_char || copy_options_has(options, COPY_TRIMBLANKS))
		len = without_blanks(text, len);
	return most == 0 || len <= most ||
	       copy_options_has(options, COPY_TRUNCATECOLUMNS);
}

static bool fits_varbyte(const struct copy_type *type, const char *text,
			 size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	return len % 2 == 0 &&
	       (type->size == 0 || len / 2 <= (size_t)type->size);
}

static bool fits_super(const char *text, size_t len)
{
	CLEANUP(json_freep) struct json *json = json_parse(text, len, NULL);

	return json != NULL;
}

/* --- dates --- */

static bool reads_any(const char *text, size_t len)
{
	struct date_guess guess = DATE_GUESS_EMPTY;

	date_guess_add(&guess, text, len);
	return guess.alive > 0;
}

static int two(const char *text)
{
	return isdigit((unsigned char)text[0]) &&
			       isdigit((unsigned char)text[1])
		       ? (text[0] - '0') * 10 + text[1] - '0'
		       : 100;
}

/* YYYY-MM-DD, and HH:MI:SS behind it: most dates there are. */
static bool is_iso(const char *text, size_t len)
{
	if ((len != 10 && len != 19) || text[4] != '-' || text[7] != '-' ||
	    two(text) > 99 || two(text + 2) > 99 ||
	    !isotime_is_date(two(text) * 100 + two(text + 2), two(text + 5),
			     two(text + 8)))
		return false;
	return len == 10 || (text[10] == ' ' && two(text + 11) < 24 &&
			     text[13] == ':' && two(text + 14) < 60 &&
			     text[16] == ':' && two(text + 17) < 60);
}

static bool fits_date(const struct copy_type *type,
		      const struct copy_options *options, const char *text,
		      size_t len)
{
	bool date = type->kind == COPY_KIND_DATE;
	const struct copy_given *format = copy_options_get(
		options, date ? COPY_DATEFORMAT : COPY_TIMEFORMAT);

	if (copy_options_has(options, COPY_ACCEPTANYDATE))
		return true;
	len = without_blanks(text, len);
	if (format != NULL && format->len > 0) {
		if (str_starts(format->text, "auto"))
			return reads_any(text, len);
		if (str_starts(format->text, "epoch"))
			return fits_decimal(type, text, len);
		return date_pattern_match(format->text, text, len);
	}
	if (is_iso(text, len))
		return true;
	/* a date alone is midnight; a zone is taken as well */
	return date_pattern_match("YYYY-MM-DD", text, len) ||
	       date_pattern_match("YYYY-MM-DD HH:MI:SS", text, len) ||
	       date_pattern_match("YYYY-MM-DD HH:MI:SSOF", text, len) ||
	       (!date && date_pattern_match("YYYY-MM-DD HH:MI", text, len));
}

static bool fits_time(const char *text, size_t len)
{
	CLEANUP(str_done) struct str day = STR_EMPTY;

	str_add(&day, "2000-01-01 ");
	str_add_slice(&day, text, without_blanks(text, len));
	return date_pattern_match("YYYY-MM-DD HH:MI", day.text, day.len) ||
	       date_pattern_match("YYYY-MM-DD HH:MI:SS", day.text, day.len) ||
	       date_pattern_match("YYYY-MM-DD HH:MI:SSOF", day.text, day.len);
}

bool copy_value_fits(const struct copy_type *type,
		     const struct copy_options *options, const char *text,
		     size_t len)
{
	switch (type->kind) {
	case COPY_KIND_INTEGER:
		return fits_integer(type, text, len);
	case COPY_KIND_DECIMAL:
		return fits_decimal(type, text, len);
	case COPY_KIND_FLOAT:
		return fits_float(type, text, len);
	case COPY_KIND_BOOLEAN:
		return fits_boolean(text, len);
	case COPY_KIND_CHAR:
	case COPY_KIND_VARCHAR:
		return fits_text(type, options, text, len);
	case COPY_KIND_DATE:
	case COPY_KIND_TIMESTAMP:
		return fits_date(type, options, text, len);
	case COPY_KIND_TIME:
		return fits_time(text, len);
	case COPY_KIND_SUPER:
		return fits_super(text, len);
	case COPY_KIND_VARBYTE:
		return fits_varbyte(type, text, len);
	case COPY_KIND_OTHER:
		break;
	}
	return true;
}
