#include "sandbox/copy/rscopy_field.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "data/encode.h"
#include "sandbox/copy/rscopy_jsontext.h"
#include "sandbox/copy/rscopy_number.h"
#include "sandbox/copy/rscopy_time.h"

/* --- text of COPY's text format --- */

/* What must be escaped there, and by which letter. */
static char escape_of(char c)
{
	switch (c) {
	case '\\':
		return '\\';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return '\0';
	}
}

static void add_escaped(struct str *out, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *at = text;
		char letter = '\0';

		while (at < end && (letter = escape_of(*at)) == '\0')
			at++;
		str_add_slice(out, text, (size_t)(at - text));
		if (at == end)
			return;
		str_add_char(out, '\\');
		str_add_char(out, letter);
		text = at + 1;
	}
}

static bool add_null(struct str *out, const struct rscopy_column *column,
		     struct rscopy_problem *problem)
{
	if (column->identity)
		return rscopy_input_bad(problem, 1217, 0,
					"Missing data for identity column");
	if (column->not_null)
		return rscopy_input_bad(problem, 1213, 0,
					"Missing data for not-null field");
	str_add(out, "\\N");
	return true;
}

/* --- text --- */

static size_t trimmed_len(const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

/* The longest whole characters within max bytes. */
static size_t cut_len(const char *text, size_t len, size_t max)
{
	size_t at = 0;

	while (at < len) {
		uint32_t code;
		size_t n = utf8_decode(text + at, len - at, &code);

		if (at + n > max)
			break;
		at += n;
	}
	return at;
}

/* The numbers of multi-byte-character-load-errors. */
enum {
	UTF8_TOO_LONG = 1, /* a start byte of five or six */
	UTF8_CUT = 2,      /* the text ends inside the character */
	UTF8_START = 3,    /* a byte that begins no character */
	UTF8_TRAIL = 4,    /* a byte that goes on with none */
	UTF8_SURROGATE = 5,
	UTF8_RANGE = 6, /* no code point, or one written too long */
};

/* What is wrong with the bytes at text, and how many of them show it. */
static int judge_utf8(const unsigned char *text, size_t len, size_t *out_len)
{
	size_t want = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;

	*out_len = 1;
	if (text[0] >= 0xfe || text[0] < 0xc0)
		return UTF8_START;
	if (text[0] >= 0xf8)
		return UTF8_TOO_LONG;
	for (size_t i = 1; i < want; i++) {
		if (i == len)
			return UTF8_CUT;
		*out_len = i + 1;
		if ((text[i] & 0xc0) != 0x80)
			return UTF8_TRAIL;
	}
	return text[0] == 0xed ? UTF8_SURROGATE : UTF8_RANGE;
}

static bool bad_utf8(const struct rscopy_input *value, size_t at)
{
	const unsigned char *text = (const unsigned char *)value->text + at;
	char hex[16];
	size_t len;
	int kind = judge_utf8(text, value->len - at, &len);

	for (size_t i = 0; i < len; i++)
		snprintf(hex + 3 * i, 4, "%02x ", text[i]);
	hex[3 * len - 1] = '\0';
	return rscopy_input_bad(
		value->problem, 1220, at,
		"String contains invalid or unsupported UTF8 codepoints."
		" Bad UTF8 hex sequence: %s (error %d)",
		hex, kind);
}

/* U+FDD0 to U+FDEF and the last two of each plane are well-formed and loaded
 * as they are, unless ACCEPTINVCHARS is given. */
static bool is_no_character(uint32_t code)
{
	return (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
}

/* As many replacements as there were bad bytes. True: there were any. */
static bool replace_bad(const struct rscopy_input *value, struct str *out)
{
	bool replaced = false;
	size_t at = 0;

	while (at < value->len) {
		uint32_t code;
		size_t n =
			utf8_decode(value->text + at, value->len - at, &code);

		if (code == UINT32_MAX || is_no_character(code)) {
			str_add_repeat(out, value->rules->bad_char, n);
			replaced = true;
		} else {
			str_add_slice(out, value->text + at, n);
		}
		at += n;
	}
	return replaced;
}

static bool check_char(const struct rscopy_input *value)
{
	for (size_t i = 0; i < value->len; i++) {
		uint32_t code;
		size_t n;
		char hex[16] = "";

		if ((unsigned char)value->text[i] < 0x80)
			continue;
		n = utf8_decode(value->text + i, value->len - i, &code);
		for (size_t j = 0; j < n; j++)
			snprintf(hex + 3 * j, 4, "%02x ",
				 (unsigned char)value->text[i + j]);
		hex[3 * n - 1] = '\0';
		return rscopy_input_bad(
			value->problem, 1220, i,
			"Multibyte character not supported for CHAR (Hint:"
			" try using VARCHAR). Invalid char: %s",
			hex);
	}
	return true;
}

/* NULL AS '\0' takes a NUL that stands alone; all others end the load. */
static bool bad_nul(const struct rscopy_input *value)
{
	const struct rscopy_rules *rules = value->rules;

	if (value->column->type == RSCOPY_CHAR &&
	    !(rules->null_len == 1 && rules->null_text[0] == '\0'))
		return rscopy_input_bad(value->problem, 1215, 0,
					"Invalid null byte in CHAR field");
	return rscopy_input_bad(value->problem, 1218, 0,
				"Invalid null byte - field longer than 1 byte");
}

static size_t first_special(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && (signed char)text[at] > 0)
		at++;
	return at;
}

/* text and len: what is left of the value after mending. */
static bool mend_text(const struct rscopy_input *value, struct str *mended,
		      const char **text, size_t *len)
{
	size_t at = first_special(value->text, value->len);

	if (at == value->len)
		return true;
	if (memchr(value->text + at, '\0', value->len - at) != NULL)
		return bad_nul(value);
	if (value->column->type == RSCOPY_CHAR && !check_char(value))
		return false;
	if (value->rules->bad_char == '\0') {
		at += utf8_first_bad(value->text + at, value->len - at);
		return at == value->len || bad_utf8(value, at);
	}
	if (replace_bad(value, mended)) {
		value->problem->replaced = true;
		*text = mended->text;
		*len = mended->len;
	}
	return true;
}

static bool add_text(struct str *out, const struct rscopy_input *value)
{
	CLEANUP(str_done) struct str mended = STR_EMPTY;
	size_t max = (size_t)value->column->length;
	const char *text = value->text;
	size_t len = value->len;
	bool is_char = value->column->type == RSCOPY_CHAR;

	if (!mend_text(value, &mended, &text, &len))
		return false;
	if (value->rules->trim_blanks && !is_char)
		len = trimmed_len(text, len);
	/* Blanks at the end of a CHAR mean nothing. */
	if (is_char && len > max)
		len = trimmed_len(text, len) > max ? len : max;
	if (len > max) {
		if (!value->rules->truncate)
			return rscopy_input_bad(
				value->problem, 1204, 0,
				"String length exceeds DDL length");
		len = cut_len(text, len, max);
	}
	add_escaped(out, text, len);
	return true;
}

/* --- dates and times --- */

static bool read_format(struct rscopy_time *out, const char *format,
			const struct rscopy_input *value)
{
	if (format == NULL)
		return rscopy_time_read_iso(out, value->text, value->len);
	if (strcmp(format, "auto") == 0)
		format = NULL;
	return rscopy_time_read(out, format, value->text, value->len);
}

static bool add_date(struct str *out, const struct rscopy_input *value)
{
	const char *format = value->rules->date_format;
	struct rscopy_time time;

	if (read_format(&time, format, value)) {
		rscopy_time_add_date(out, &time);
		rscopy_time_add_era(out, &time);
		return true;
	}
	if (format == NULL && value->len < 10)
		return rscopy_input_bad(
			value->problem, 1205, 0,
			"Invalid Date Format - length must be 10 or more");
	return rscopy_input_bad(value->problem, 1205, 0,
				"Invalid Date Format [%s]",
				format == NULL ? "YYYY-MM-DD" : format);
}

static bool add_timestamp(struct str *out, const struct rscopy_input *value)
{
	const char *format = value->rules->time_format;
	struct rscopy_time time;

	if (!read_format(&time, format, value))
		return rscopy_input_bad(
			value->problem, 1206, 0,
			"Invalid timestamp format or value [%s]",
			format == NULL ? "YYYY-MM-DD HH24:MI:SS" : format);
	rscopy_time_add_date(out, &time);
	str_add_char(out, ' ');
	rscopy_time_add_clock(out, &time,
			      value->column->type == RSCOPY_TIMESTAMPTZ);
	rscopy_time_add_era(out, &time);
	return true;
}

static bool add_clock(struct str *out, const struct rscopy_input *value)
{
	struct rscopy_time time;

	if (!rscopy_time_read_clock(&time, value->text, value->len))
		return rscopy_input_bad(
			value->problem, 1206, 0,
			"Invalid time format or value [HH24:MI:SS]");
	rscopy_time_add_clock(out, &time, true);
	return true;
}

/* --- SUPER, VARBYTE, the rest --- */

static bool add_super(struct str *out, const struct rscopy_input *value)
{
	struct rscopy_jsontext json;
	size_t first_bad = utf8_first_bad(value->text, value->len);
	size_t at;

	if (first_bad < value->len)
		return bad_utf8(value, first_bad);
	if (rscopy_jsontext_read(&json, value->text, value->len, &at) !=
	    RSCOPY_JSONTEXT_GOOD)
		return rscopy_input_bad(value->problem, 1224, at,
					"Invalid JSON format for SUPER");
	add_escaped(out, json.text, json.len);
	return true;
}

static bool add_varbyte(struct str *out, const struct rscopy_input *value)
{
	for (size_t i = 0; i < value->len; i++)
		if (!isxdigit((unsigned char)value->text[i]))
			return rscopy_input_bad_digit(value, 1207, i);
	if (value->len % 2 != 0)
		return rscopy_input_bad_digit(value, 1207, value->len);
	if (value->column->length > 0 &&
	    value->len / 2 > (size_t)value->column->length)
		return rscopy_input_bad(value->problem, 1204, 0,
					"String length exceeds DDL length");
	str_add(out, "\\\\x");
	str_add_slice(out, value->text, value->len);
	return true;
}

/* Byte order, type, and what follows, in hexadecimal digits. */
static bool add_geometry(struct str *out, const struct rscopy_input *value)
{
	enum { EWKB_LEAST = 10 };
	bool good = value->len >= EWKB_LEAST && value->len % 2 == 0 &&
		    value->text[0] == '0' &&
		    (value->text[1] == '0' || value->text[1] == '1');

	for (size_t i = 0; good && i < value->len; i++)
		good = isxdigit((unsigned char)value->text[i]);
	if (!good)
		return rscopy_input_bad(
			value->problem, 1223, 0,
			"Invalid value of type %s: not a hexadecimal EWKB",
			value->column->type_name);
	str_add_slice(out, value->text, value->len);
	return true;
}

/* Sparse sketches are JSON, dense ones Base64. */
static bool add_sketch(struct str *out, const struct rscopy_input *value)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct rscopy_jsontext json;
	size_t at;

	if (value->len > 0 && value->text[0] == '{' &&
	    rscopy_jsontext_read(&json, value->text, value->len, &at) ==
		    RSCOPY_JSONTEXT_GOOD) {
		add_escaped(out, json.text, json.len);
		return true;
	}
	if (value->len > 0 &&
	    encode_unbase64(&bytes, value->text, value->len)) {
		/* written anew: what was read may hold line ends */
		str_add_char(out, '"');
		encode_base64(out, bytes.text, bytes.len);
		str_add_char(out, '"');
		return true;
	}
	return rscopy_input_bad(
		value->problem, 1223, 0,
		"Invalid value of type hllsketch: neither JSON nor Base64");
}

static bool add_other(struct str *out, const struct rscopy_input *value)
{
	(void)out;
	return rscopy_input_bad(value->problem, 1223, 0,
				"Invalid data type for COPY: %s",
				value->column->type_name);
}

/* --- one field --- */

static bool (*const converters[])(struct str *out,
				  const struct rscopy_input *value) = {
	[RSCOPY_INTEGER] = rscopy_number_integer,
	[RSCOPY_DECIMAL] = rscopy_number_decimal,
	[RSCOPY_FLOAT] = rscopy_number_float,
	[RSCOPY_BOOL] = rscopy_number_bool,
	[RSCOPY_CHAR] = add_text,
	[RSCOPY_VARCHAR] = add_text,
	[RSCOPY_DATE] = add_date,
	[RSCOPY_TIME] = add_clock,
	[RSCOPY_TIMESTAMP] = add_timestamp,
	[RSCOPY_TIMESTAMPTZ] = add_timestamp,
	[RSCOPY_SUPER] = add_super,
	[RSCOPY_VARBYTE] = add_varbyte,
	[RSCOPY_GEOMETRY] = add_geometry,
	[RSCOPY_SKETCH] = add_sketch,
	[RSCOPY_OTHER] = add_other,
};

static bool is_text(const struct rscopy_column *column)
{
	return column->type == RSCOPY_CHAR || column->type == RSCOPY_VARCHAR;
}

static bool is_date(const struct rscopy_column *column)
{
	return column->type == RSCOPY_DATE ||
	       column->type == RSCOPY_TIMESTAMP ||
	       column->type == RSCOPY_TIMESTAMPTZ;
}

/* An empty field is NULL for all types but text (EMPTYASNULL). Quotes of CSV
 * make the NULL text plain data, but not emptiness. */
static bool means_null(const struct rscopy_column *column,
		       const struct rscopy_rules *rules,
		       const struct csv_field *field)
{
	if (!(rules->csv && field->quoted) && field->len == rules->null_len &&
	    memcmp(field->text, rules->null_text, rules->null_len) == 0 &&
	    !(field->escaped && rules->null_len > 0))
		return true;
	if (field->len == 0)
		return !is_text(column) || rules->empty_as_null;
	return is_text(column) && rules->blanks_as_null &&
	       trimmed_len(field->text, field->len) == 0;
}

/* Padding of FIXEDWIDTH around anything but text. */
static void trim_padding(struct csv_field *field)
{
	while (field->len > 0 && *field->text == ' ') {
		field->text++;
		field->len--;
	}
	field->len = trimmed_len(field->text, field->len);
}

static bool convert(struct str *out, const struct rscopy_column *column,
		    const struct rscopy_rules *rules,
		    const struct csv_field *field,
		    struct rscopy_problem *problem)
{
	struct rscopy_input value = { field->text, field->len, column, rules,
				      problem };
	size_t before = out->len;

	if (field->text == NULL || means_null(column, rules, field))
		return add_null(out, column, problem);
	if (converters[column->type](out, &value))
		return true;
	str_cut(out, before);
	if (is_date(column) && rules->accept_any_date)
		return add_null(out, column, problem);
	if (column->identity)
		return rscopy_input_bad(problem, 1217,
					(size_t)problem->position,
					"Invalid value for identity column");
	return false;
}

bool rscopy_field_add(struct str *out, const struct rscopy_column *column,
		      const struct rscopy_rules *rules,
		      const struct csv_field *field,
		      struct rscopy_problem *problem)
{
	struct csv_field trimmed;

	if (!rules->fixed || is_text(column))
		return convert(out, column, rules, field, problem);
	trimmed = *field;
	trim_padding(&trimmed);
	return convert(out, column, rules, &trimmed, problem);
}

bool rscopy_field_add_missing(struct str *out,
			      const struct rscopy_column *column,
			      const struct rscopy_rules *rules,
			      struct rscopy_problem *problem)
{
	if (column->type == RSCOPY_VARCHAR && !rules->empty_as_null)
		return true; /* an empty text */
	return add_null(out, column, problem);
}

void rscopy_field_length(const struct rscopy_column *column, struct str *out)
{
	if (is_text(column))
		str_addf(out, "%d", column->length);
	else if (column->type == RSCOPY_DECIMAL)
		str_addf(out, "%d, %d", column->length, column->scale);
	else
		str_add(out, "0");
}
