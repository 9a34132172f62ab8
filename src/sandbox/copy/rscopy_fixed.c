#include "sandbox/copy/rscopy_fixed.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"

static bool bad_spec(const char *spec, struct err *err)
{
	return err_set(err, ERR_USAGE,
		       "Invalid fixedwidth specification '%.100s': write"
		       " 'label:width,label:width,...'",
		       spec);
}

/* label:width up to a comma or the end; 0: malformed. */
static size_t read_width(const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	const char *end = text + len;
	size_t width = 0;

	if (colon == NULL || colon == text)
		return 0;
	while (++colon < end && *colon == ' ')
		;
	for (; colon < end && isdigit((unsigned char)*colon); colon++)
		if (width <= RSCOPY_FIXED_WIDTH_MAX)
			width = width * 10 + (size_t)(*colon - '0');
	while (colon < end && *colon == ' ')
		colon++;
	return colon == end && width <= RSCOPY_FIXED_WIDTH_MAX ? width : 0;
}

bool rscopy_fixed_read(struct rscopy_fixed *fixed, const char *spec,
		       struct err *err)
{
	const char *at = spec;

	for (;;) {
		size_t len = strcspn(at, ",");
		size_t width = read_width(at, len);

		if (width == 0)
			return bad_spec(spec, err);
		vec_push(fixed, width);
		if (at[len] == '\0')
			return true;
		at += len + 1;
	}
}

void rscopy_fixed_done(struct rscopy_fixed *fixed)
{
	vec_done(&fixed->fields);
	vec_done(fixed);
}

/* Bytes of the first width characters, or of all of them. */
static size_t take_chars(const char *text, size_t len, size_t width)
{
	size_t at = 0;

	for (; width > 0 && at < len; width--) {
		uint32_t code;

		at += utf8_decode(text + at, len - at, &code);
	}
	return at;
}

void rscopy_fixed_cut(struct rscopy_fixed *fixed, const struct csv_record *line,
		      size_t *out_rest)
{
	size_t at = 0;

	vec_clear(&fixed->fields);
	for (size_t i = 0; i < fixed->count; i++) {
		size_t len = take_chars(line->raw + at, line->raw_len - at,
					fixed->items[i]);
		struct csv_field field = {
			.text = line->raw + at,
			.len = len,
			.raw_offset = at,
			.raw_len = len,
		};

		if (len == 0)
			break;
		vec_push(&fixed->fields, field);
		at += len;
	}
	*out_rest = at;
}

bool rscopy_fixed_pad(struct str *out, size_t width, const char *text,
		      size_t len)
{
	size_t chars = utf8_count(text, len);

	if (chars > width)
		return false;
	str_add_slice(out, text, len);
	str_add_repeat(out, ' ', width - chars);
	return true;
}
