#include "sandbox/copy/rscopy_format.h"

#include <string.h>

#include "base/str.h"
#include "data/csv.h"
#include "data/json.h"
#include "sandbox/copy/rscopy_jsontext.h"

void rscopy_unload_format_done(struct rscopy_unload_format *format)
{
	rscopy_fixed_done(&format->fixed);
	vec_done(&format->chosen);
}

/* --- values as Redshift writes them --- */

/* jsonb's text has blanks that a SUPER's has not. */
static void add_compact(struct str *out, const struct str *json)
{
	bool quoted = false;
	bool escaped = false;

	for (size_t i = 0; i < json->len; i++) {
		char c = json->text[i];

		if (!quoted && c == ' ')
			continue;
		if (!escaped && c == '"')
			quoted = !quoted;
		escaped = quoted && !escaped && c == '\\';
		str_add_char(out, c);
	}
}

static void add_plain(struct str *out, enum rscopy_kind kind,
		      const struct str *text)
{
	if (kind == RSCOPY_KIND_SUPER)
		add_compact(out, text);
	else if (kind == RSCOPY_KIND_VARBYTE && text->len >= 2)
		str_add_slice(out, text->text + 2, text->len - 2); /* \x */
	else
		str_add_slice(out, text->text, text->len);
}

/* NULL AS does not concern a SUPER. */
static const char *null_of(const struct rscopy_unload_format *format,
			   enum rscopy_kind kind)
{
	return kind == RSCOPY_KIND_SUPER ? "" : format->null_text;
}

/* --- delimited text --- */

static bool needs_escape(const struct rscopy_unload_format *format, char c)
{
	return c == '\n' || c == '\r' || c == '\\' || c == format->delimiter ||
	       (format->add_quotes && (c == '"' || c == '\''));
}

static void add_text(struct str *out, const struct rscopy_unload_format *format,
		     const char *text, size_t len)
{
	if (format->add_quotes)
		str_add_char(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (format->escape && needs_escape(format, text[i]))
			str_add_char(out, '\\');
		str_add_char(out, text[i]);
	}
	if (format->add_quotes)
		str_add_char(out, '"');
}

static void add_csv(struct str *out, const struct rscopy_unload_format *format,
		    const char *text, size_t len)
{
	bool special = memchr(text, format->delimiter, len) != NULL ||
		       memchr(text, '"', len) != NULL ||
		       memchr(text, '\n', len) != NULL ||
		       memchr(text, '\r', len) != NULL;

	if (special)
		csv_add_quoted(out, text, len);
	else
		str_add_slice(out, text, len);
}

static void add_delimited(struct str *out,
			  const struct rscopy_unload_format *format,
			  const char *text, size_t len)
{
	if (format->kind == RSCOPY_FORMAT_CSV)
		add_csv(out, format, text, len);
	else
		add_text(out, format, text, len);
}

static void add_delimited_value(struct str *out,
				const struct rscopy_unload_format *format,
				enum rscopy_kind kind,
				const struct rscopy_value *value)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	if (value->null) {
		str_add(out, null_of(format, kind));
		return;
	}
	if (kind != RSCOPY_KIND_SUPER && kind != RSCOPY_KIND_VARBYTE) {
		add_delimited(out, format, value->text.text, value->text.len);
		return;
	}
	add_plain(&plain, kind, &value->text);
	add_delimited(out, format, plain.text, plain.len);
}

/* --- fixed widths --- */

/* A NULL text too wide for its column: no text in columns that hold none, an
 * error in character columns. */
static bool add_fixed_value(struct str *out,
			    const struct rscopy_unload_format *format,
			    size_t at, const struct rscopy_value *value,
			    struct err *err)
{
	const struct rscopy_result_column *column =
		&format->columns->items[format->chosen.items[at]];
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	size_t width = format->fixed.items[at];

	if (value->null)
		str_add(&plain, null_of(format, column->kind));
	else
		add_plain(&plain, column->kind, &value->text);
	if (rscopy_fixed_pad(out, width, plain.text, plain.len))
		return true;
	if (value->null && column->kind != RSCOPY_KIND_CHARACTER)
		return rscopy_fixed_pad(out, width, "", 0);
	err_set(err, ERR_SERVER,
		"Value of column \"%s\" is wider than the %zu characters of"
		" FIXEDWIDTH",
		column->name, width);
	return err_set_code(err, "22001");
}

/* --- JSON --- */

static bool is_json_number(const struct str *text)
{
	struct rscopy_jsontext value;
	size_t at;

	return rscopy_jsontext_read(&value, text->text, text->len, &at) ==
		       RSCOPY_JSONTEXT_GOOD &&
	       value.kind == RSCOPY_JSONTEXT_NUMBER;
}

static void add_json_value(struct str *out, enum rscopy_kind kind,
			   const struct rscopy_value *value)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	if (value->null) {
		str_add(out, "null");
		return;
	}
	add_plain(&plain, kind, &value->text);
	/* NaN and Infinity are texts */
	if (kind == RSCOPY_KIND_SUPER ||
	    (kind == RSCOPY_KIND_NUMBER && is_json_number(&plain)))
		str_add_slice(out, plain.text, plain.len);
	else
		json_add_string(out, plain.text, plain.len);
}

static void add_json_row(const struct rscopy_unload_format *format,
			 const struct rscopy_value *values, struct str *out)
{
	for (size_t i = 0; i < format->chosen.count; i++) {
		size_t at = format->chosen.items[i];
		const struct rscopy_result_column *column =
			&format->columns->items[at];

		str_add_char(out, i == 0 ? '{' : ',');
		json_add_string(out, column->name, strlen(column->name));
		str_add_char(out, ':');
		add_json_value(out, column->kind, &values[at]);
	}
	str_add_char(out, '}');
}

/* --- lines --- */

static bool add_fields(const struct rscopy_unload_format *format,
		       const struct rscopy_value *values, struct str *out,
		       struct err *err)
{
	for (size_t i = 0; i < format->chosen.count; i++) {
		size_t at = format->chosen.items[i];
		enum rscopy_kind kind = format->columns->items[at].kind;

		if (format->kind == RSCOPY_FORMAT_FIXED) {
			if (!add_fixed_value(out, format, i, &values[at], err))
				return false;
			continue;
		}
		if (i > 0)
			str_add_char(out, format->delimiter);
		add_delimited_value(out, format, kind, &values[at]);
	}
	return true;
}

bool rscopy_unload_format_row(const struct rscopy_unload_format *format,
			      const struct rscopy_value *values,
			      struct str *out, struct err *err)
{
	if (format->kind == RSCOPY_FORMAT_JSON)
		add_json_row(format, values, out);
	else if (!add_fields(format, values, out, err))
		return false;
	str_add_char(out, '\n');
	return true;
}

void rscopy_unload_format_header(const struct rscopy_unload_format *format,
				 struct str *out)
{
	for (size_t i = 0; i < format->chosen.count; i++) {
		size_t at = format->chosen.items[i];
		const char *name = format->columns->items[at].name;

		if (i > 0)
			str_add_char(out, format->delimiter);
		add_delimited(out, format, name, strlen(name));
	}
	str_add_char(out, '\n');
}
