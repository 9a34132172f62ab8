#include "load/load_cut.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "data/json.h"
#include "load/copy_parse.h"

enum shape {
	SHAPE_PLAIN, /* as data/csv cuts it */
	SHAPE_QUOTES,
	SHAPE_FIXED,
	SHAPE_JSON,
};

struct load_cut {
	const struct copy_options *options;
	char *const *names;
	size_t name_count;
	enum shape shape;
	bool fold; /* JSON 'auto ignorecase' */
	char delimiter;
	struct {
		VEC(struct csv_field);
	} fields;
	struct {
		VEC(size_t);
	} widths; /* characters */
	struct {
		VEC(char *);
	} texts; /* of JSON's strings */
};

static enum shape shape_of(const struct copy_options *options)
{
	if (copy_options_has(options, COPY_JSON))
		return SHAPE_JSON;
	if (copy_options_has(options, COPY_FIXEDWIDTH))
		return SHAPE_FIXED;
	if (copy_options_has(options, COPY_REMOVEQUOTES))
		return SHAPE_QUOTES;
	return SHAPE_PLAIN;
}

static char delimiter_of(const struct copy_options *options)
{
	const struct copy_given *delimiter =
		copy_options_get(options, COPY_DELIMITER);

	if (delimiter != NULL && delimiter->len > 0)
		return delimiter->text[0];
	return copy_options_has(options, COPY_CSV) ? ',' : '|';
}

void load_cut_dialect(const struct copy_options *options,
		      struct csv_dialect *out)
{
	bool csv = copy_options_has(options, COPY_CSV);
	const struct copy_given *quote = copy_options_get(options, COPY_QUOTE);

	memset(out, 0, sizeof(*out));
	if (copy_options_has(options, COPY_ESCAPE))
		out->bare_escape = '\\';
	if (shape_of(options) != SHAPE_PLAIN)
		return;
	out->delimiter[0] = delimiter_of(options);
	if (csv)
		out->quote = quote != NULL && quote->len > 0 ? quote->text[0]
							     : '"';
	out->escape = out->quote;
}

/* "a:3,b:12" */
static void read_widths(struct load_cut *cut, const char *spec)
{
	while (*spec != '\0') {
		const char *colon = strchr(spec, ':');

		if (colon == NULL)
			return;
		vec_push(&cut->widths, strtoul(colon + 1, NULL, 10));
		spec = strchr(colon, ',');
		if (spec == NULL)
			return;
		spec++;
	}
}

struct load_cut *load_cut_new(const struct copy_options *options,
			      char *const *names, size_t count)
{
	struct load_cut *cut = mem_alloc(sizeof(*cut));
	const struct copy_given *fixed =
		copy_options_get(options, COPY_FIXEDWIDTH);
	const struct copy_given *json = copy_options_get(options, COPY_JSON);

	cut->options = options;
	cut->names = names;
	cut->name_count = count;
	cut->shape = shape_of(options);
	cut->delimiter = delimiter_of(options);
	cut->fold = json != NULL && json->text != NULL &&
		    strstr(json->text, "ignorecase") != NULL;
	if (fixed != NULL && fixed->text != NULL)
		read_widths(cut, fixed->text);
	return cut;
}

static void drop_texts(struct load_cut *cut)
{
	for (size_t i = 0; i < cut->texts.count; i++)
		mem_free(cut->texts.items[i]);
	vec_clear(&cut->texts);
}

void load_cut_free(struct load_cut *cut)
{
	if (cut == NULL)
		return;
	drop_texts(cut);
	vec_done(&cut->texts);
	vec_done(&cut->fields);
	vec_done(&cut->widths);
	mem_free(cut);
}

static void add_field(struct load_cut *cut, const struct csv_record *record,
		      size_t from, size_t to, size_t quote)
{
	struct csv_field field = {
		.text = record->raw + from + quote,
		.len = to - from - 2 * quote,
		.quoted = quote > 0,
		.raw_offset = from,
		.raw_len = to - from,
	};

	vec_push(&cut->fields, field);
}

/* --- REMOVEQUOTES --- */

/* Where the field that begins at from ends; its quotes count only at its
 * ends. */
static size_t field_end(const struct load_cut *cut,
			const struct csv_record *record, size_t from,
			size_t *out_quote)
{
	char first = from < record->raw_len ? record->raw[from] : '\0';
	bool escapes = copy_options_has(cut->options, COPY_ESCAPE);
	size_t at = from;
	bool inside = first == '"' || first == '\'';

	*out_quote = 0;
	for (at += inside; at < record->raw_len; at++) {
		char c = record->raw[at];

		if (escapes && c == '\\')
			at++;
		else if (inside && c == first)
			inside = false, *out_quote = 1;
		else if (!inside && c == cut->delimiter)
			break;
	}
	if (at > record->raw_len)
		at = record->raw_len;
	if (*out_quote == 1 &&
	    (at - from < 2 || record->raw[at - 1] != first))
		*out_quote = 0;
	return at;
}

static void cut_quotes(struct load_cut *cut, const struct csv_record *record)
{
	size_t at = 0;

	for (;;) {
		size_t quote;
		size_t end = field_end(cut, record, at, &quote);

		add_field(cut, record, at, end, quote);
		if (end >= record->raw_len)
			return;
		at = end + 1;
	}
}

/* --- FIXEDWIDTH --- */

static void cut_fixed(struct load_cut *cut, const struct csv_record *record)
{
	size_t at = 0;

	for (size_t i = 0; i < cut->widths.count; i++) {
		size_t from = at;

		for (size_t n = 0;
		     n < cut->widths.items[i] && at < record->raw_len; n++) {
			uint32_t code;

			at += utf8_decode(record->raw + at,
					  record->raw_len - at, &code);
		}
		if (at > from)
			add_field(cut, record, from, at, 0);
	}
	/* what is too much is a field that the table does not have */
	if (at < record->raw_len)
		add_field(cut, record, at, record->raw_len, 0);
}

/* --- JSON --- */

static size_t skip_blanks(const struct csv_record *record, size_t at)
{
	while (at < record->raw_len && isspace((unsigned char)record->raw[at]))
		at++;
	return at;
}

static size_t string_end(const struct csv_record *record, size_t at)
{
	for (at++; at < record->raw_len; at++) {
		if (record->raw[at] == '\\')
			at++;
		else if (record->raw[at] == '"')
			return at + 1;
	}
	return record->raw_len;
}

/* Behind the value that begins at at. */
static size_t value_end(const struct csv_record *record, size_t at)
{
	int depth = 0;

	while (at < record->raw_len) {
		char c = record->raw[at];

		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			return at;
		if (c == '"') {
			at = string_end(record, at);
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']')
			depth--;
		at++;
	}
	return at;
}

static size_t column_named(const struct load_cut *cut, const char *name,
			   size_t len)
{
	for (size_t i = 0; i < cut->name_count; i++) {
		if (cut->fold ? str_slice_equal_nocase(name, len, cut->names[i])
			      : str_slice_equal(name, len, cut->names[i]))
			return i;
	}
	return cut->name_count;
}

/* What a string of JSON means; other values stay as written. */
static void unquote(struct load_cut *cut, struct csv_field *field)
{
	CLEANUP(json_freep) struct json *json = NULL;
	const char *text;

	if (field->len == 0 || field->text[0] != '"')
		return;
	json = json_parse(field->text, field->len, NULL);
	text = json_text(json, NULL, NULL);
	if (text == NULL)
		return;
	vec_push(&cut->texts, mem_copy_text(text));
	field->text = cut->texts.items[cut->texts.count - 1];
	field->len = strlen(field->text);
	field->quoted = true;
}

static void take_member(struct load_cut *cut, const struct csv_record *record,
			size_t column, size_t from, size_t to)
{
	struct csv_field *field;

	while (to > from && isspace((unsigned char)record->raw[to - 1]))
		to--;
	if (column >= cut->fields.count)
		return;
	field = &cut->fields.items[column];
	field->text = record->raw + from;
	field->len = to - from;
	field->raw_offset = from;
	field->raw_len = to - from;
	if (str_slice_equal(field->text, field->len, "null"))
		field->text = NULL, field->len = 0;
	else
		unquote(cut, field);
}

static void cut_json(struct load_cut *cut, const struct csv_record *record)
{
	static const struct csv_field none = { .text = NULL };
	size_t at = skip_blanks(record, 0);

	drop_texts(cut);
	for (size_t i = 0; i < cut->name_count; i++)
		vec_push(&cut->fields, none);
	if (at == record->raw_len || record->raw[at] != '{')
		return;
	for (at = skip_blanks(record, at + 1);
	     at < record->raw_len && record->raw[at] == '"';) {
		size_t name_end = string_end(record, at);
		size_t column = name_end - at < 2
					? cut->name_count
					: column_named(cut, record->raw + at + 1,
						       name_end - at - 2);
		size_t from = skip_blanks(record, name_end);

		if (from >= record->raw_len || record->raw[from] != ':')
			return;
		from = skip_blanks(record, from + 1);
		at = value_end(record, from);
		take_member(cut, record, column, from, at);
		if (at >= record->raw_len || record->raw[at] != ',')
			return;
		at = skip_blanks(record, at + 1);
	}
}

const struct csv_field *load_cut_fields(struct load_cut *cut,
					const struct csv_record *record,
					size_t *out_count)
{
	vec_clear(&cut->fields);
	switch (cut->shape) {
	case SHAPE_PLAIN:
		*out_count = record->count;
		return record->fields;
	case SHAPE_QUOTES:
		cut_quotes(cut, record);
		break;
	case SHAPE_FIXED:
		cut_fixed(cut, record);
		break;
	case SHAPE_JSON:
		cut_json(cut, record);
		break;
	}
	*out_count = cut->fields.count;
	return cut->fields.items;
}
