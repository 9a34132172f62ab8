#include "load/load_line.h"

#include <stdio.h>
#include <string.h>

#include "base/cancel.h"
#include "base/sink.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "data/encode.h"
#include "data/pack.h"
#include "load/copy_parse.h"
#include "load/load_error.h"

enum {
	PIECE_BYTES = 4 * 1024 * 1024,
};
#define READ_LIMIT ((int64_t)1 << 30)

void load_line_done(struct load_line *line)
{
	str_done(&line->text);
	str_done(&line->before);
}

/* --- reading --- */

struct finder {
	struct load_line *out;
	const struct load_error *error;
	const struct copy_options *options;
	int column;
	struct csv *csv;
	struct encode_reader charset;
	bool decode;      /* by charset; else bytes as they are */
	struct str plain; /* decoded piece; reused */
	bool found;
};

static void set_charset(struct finder *finder, const char *start, size_t len)
{
	const struct copy_given *encoding =
		copy_options_get(finder->options, COPY_ENCODING);
	const char *name = encoding == NULL ? "UTF8" : encoding->text;
	enum encode_charset charset = ENCODE_UTF8;
	size_t bom;

	if (strcmp(name, "UTF8") == 0)
		return; /* bad bytes must stay to be seen */
	finder->decode = true;
	if (strcmp(name, "ISO88591") == 0)
		charset = ENCODE_LATIN1;
	else if (strcmp(name, "UTF16BE") == 0)
		charset = ENCODE_UTF16BE;
	else if (strcmp(name, "UTF16LE") == 0 ||
		 !encode_find_bom(start, len, &charset, &bom))
		charset = ENCODE_UTF16LE;
	finder->charset.charset = charset;
}

static void set_dialect(const struct copy_options *options,
			struct csv_dialect *dialect)
{
	bool csv = copy_options_has(options, COPY_CSV);
	const struct copy_given *delimiter =
		copy_options_get(options, COPY_DELIMITER);
	const struct copy_given *quote = copy_options_get(options, COPY_QUOTE);

	dialect->delimiter[0] = csv ? ',' : '|';
	if (delimiter != NULL && delimiter->len > 0)
		dialect->delimiter[0] = delimiter->text[0];
	if (csv)
		dialect->quote = quote != NULL ? quote->text[0] : '"';
	dialect->escape = dialect->quote;
	if (copy_options_has(options, COPY_ESCAPE))
		dialect->bare_escape = '\\';
}

static bool same_value(const struct csv_field *field, const char *value)
{
	size_t len = strlen(value);

	/* the view cuts at 1,024 bytes, puts '.' for multibyte characters,
	 * and its blanks at the end are lost */
	return field->len >= len && len > 0 &&
	       memcmp(field->text, value, len) == 0 &&
	       (field->len == len || len >= 1000 || field->text[len] == ' ');
}

/* The column's own field when it holds the value; else the only one that
 * does; else the column's. */
static const struct csv_field *pick_field(const struct finder *finder,
					  const struct csv_record *record)
{
	const struct csv_field *own = NULL;
	const struct csv_field *like = NULL;
	size_t alike = 0;

	if (finder->column >= 0 && (size_t)finder->column < record->count)
		own = &record->fields[finder->column];
	if (own != NULL && (finder->error->value[0] == '\0' ||
			    same_value(own, finder->error->value)))
		return own;
	for (size_t i = 0; i < record->count; i++) {
		if (same_value(&record->fields[i], finder->error->value)) {
			like = &record->fields[i];
			alike++;
		}
	}
	return alike == 1 ? like : own;
}

static void take_record(struct finder *finder, const struct csv_record *record)
{
	struct load_line *out = finder->out;
	const struct csv_field *field;

	if (record->line + record->line_count <= finder->error->line) {
		str_set_slice(&out->before, record->raw, record->raw_len);
		out->before_line = record->line;
		return;
	}
	finder->found = true;
	str_set_slice(&out->text, record->raw, record->raw_len);
	out->line = record->line;
	field = pick_field(finder, record);
	if (field != NULL) {
		out->field_at = field->raw_offset;
		out->field_len = field->raw_len;
	} else if (finder->column >= 0 &&
		   (size_t)finder->column >= record->count) {
		out->field_at = record->raw_len; /* it should stand there */
	}
}

static void drain(struct finder *finder)
{
	const struct csv_record *record;

	while (!finder->found) {
		enum csv_step step = csv_next(finder->csv, &record, NULL);

		if (step == CSV_MORE || step == CSV_END)
			return;
		take_record(finder, record);
	}
}

/* Plain bytes arrive here, whatever packed them. */
static bool take_bytes(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct finder *finder = context;

	(void)err;
	if (finder->found)
		return true;
	if (!finder->decode) {
		csv_feed(finder->csv, bytes, len);
	} else {
		str_clear(&finder->plain);
		encode_read(&finder->charset, bytes, len, &finder->plain);
		csv_feed(finder->csv, finder->plain.text, finder->plain.len);
	}
	drain(finder);
	return true;
}

static bool read_pieces(struct finder *finder,
			const struct load_error_hooks *hooks, struct err *err)
{
	struct sink sink = { take_bytes, finder };
	CLEANUP(str_done) struct str piece = STR_EMPTY;
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(PACK_AUTO, &sink);

	for (int64_t at = 0; !finder->found && at < READ_LIMIT;
	     at += PIECE_BYTES) {
		str_clear(&piece);
		if (!cancel_check(err) ||
		    !hooks->read_range(hooks->context, finder->error->file, at,
				       PIECE_BYTES, &piece, err))
			return false;
		if (at == 0)
			set_charset(finder, piece.text, piece.len);
		if (!unpack_feed(unpack, piece.text, piece.len, err))
			return false;
		if (piece.len < PIECE_BYTES) {
			struct err ignored = ERR_EMPTY;

			/* a file cut short may be the very error */
			(void)unpack_end(unpack, &ignored);
			csv_end(finder->csv);
			drain(finder);
			break;
		}
	}
	if (finder->found)
		return true;
	return err_set(err, ERR_DATA, "%s has no line %lld",
		       finder->error->file, (long long)finder->error->line);
}

bool load_line_read(struct load_line *out, const struct load_error *error,
		    int column, const struct copy_options *options,
		    const struct load_error_hooks *hooks, struct err *err)
{
	struct csv_dialect dialect = { .quote = 0 };
	struct finder finder = { .out = out,
				 .error = error,
				 .options = options,
				 .column = column,
				 .plain = STR_EMPTY };
	bool good;

	if (hooks->read_range == NULL)
		return err_set(err, ERR_USAGE, "no access to S3");
	if (copy_options_has(options, COPY_JSON) ||
	    copy_options_has(options, COPY_FIXEDWIDTH))
		dialect.delimiter[0] = '\0';
	else
		set_dialect(options, &dialect);
	finder.csv = csv_new(&dialect);
	good = read_pieces(&finder, hooks, err);
	csv_free(finder.csv);
	str_done(&finder.plain);
	return good;
}

/* --- showing --- */

/* One character of the line as it is shown; returns bytes used. */
static size_t add_shown(struct str *out, const char *text, size_t len)
{
	uint32_t code;
	size_t used = utf8_decode(text, len, &code);

	if (code == UINT32_MAX || code < ' ' || code == 127 ||
	    utf8_code_width_cols(code) == 0) {
		for (size_t i = 0; i < used; i++)
			str_addf(out, "\\x%02x", (unsigned char)text[i]);
	} else {
		str_add_slice(out, text, used);
	}
	return used;
}

static void show_slice(struct str *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len;)
		at += add_shown(out, text + at, len - at);
}

static int width(const struct str *text)
{
	return utf8_width_cols(text->text, text->len);
}

/* Moves at back by about cols characters, to a character's start. */
static size_t back(const char *text, size_t at, size_t cols)
{
	at = at > cols ? at - cols : 0;
	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void add_numbered(struct str *out, int64_t line, bool here,
			 const struct str *text)
{
	str_addf(out, "%s %8lld | %s\n", here ? ">" : " ", (long long)line,
		 text->text);
}

/* text from begin, at most width_cols columns, with ... where cut. */
static void cut_line(struct str *out, const struct str *text, size_t begin,
		     int width_cols)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	size_t fit;

	if (begin > 0)
		str_add(out, "...");
	show_slice(&shown, text->text + begin, text->len - begin);
	fit = utf8_fit(shown.text, shown.len, width_cols);
	str_add_slice(out, shown.text, fit);
	if (fit < shown.len)
		str_add(out, "...");
}

void load_line_add(const struct load_line *line, int width_cols,
		   struct str *out)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	CLEANUP(str_done) struct str lead = STR_EMPTY;
	CLEANUP(str_done) struct str field = STR_EMPTY;
	size_t begin = 0;
	int carets;

	if (line->before_line > 0) {
		cut_line(&shown, &line->before, 0, width_cols);
		add_numbered(out, line->before_line, false, &shown);
		str_clear(&shown);
	}
	/* the field should be in sight, with something before it */
	show_slice(&lead, line->text.text, line->field_at);
	show_slice(&field, line->text.text + line->field_at, line->field_len);
	if (width(&lead) + width(&field) > width_cols && line->field_len > 0) {
		begin = back(line->text.text, line->field_at,
			     (size_t)width_cols / 3);
		str_clear(&lead);
		str_add(&lead, begin > 0 ? "..." : "");
		show_slice(&lead, line->text.text + begin,
			   line->field_at - begin);
	}
	cut_line(&shown, &line->text, begin, width_cols);
	add_numbered(out, line->line, true, &shown);
	if (line->field_len == 0 && line->field_at == 0)
		return;
	carets = width(&field);
	if (carets > width(&shown) - width(&lead))
		carets = width(&shown) - width(&lead);
	str_add_repeat(out, ' ', 13 + (size_t)width(&lead));
	str_add_repeat(out, '^', carets > 0 ? (size_t)carets : 1);
	str_add_char(out, '\n');
}
