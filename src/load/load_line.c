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
#include "load/load_cut.h"
#include "load/load_error.h"

enum {
	PIECE_BYTES = 4 * 1024 * 1024,
};
#define READ_LIMIT  ((int64_t)1 << 30)
#define WATCH_LIMIT ((int64_t)64 << 20) /* behind the line, packed */

void load_line_done(struct load_line *line)
{
	str_done(&line->text);
	str_done(&line->before);
}

/* --- reading --- */

struct finder {
	struct load_line *out;
	const struct load_line_wish *wish;
	const struct load_error *error;
	const struct copy_options *options;
	struct load_cut *cut;
	struct csv *csv;
	long header; /* lines of IGNOREHEADER that are still to come */
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

/* The view cuts at 1,024 bytes, puts a period for what is not plain ASCII (a
 * character or a byte of one), and its blanks at the end are lost. */
static bool same_value(const struct csv_field *field, const char *value)
{
	const char *at = field->text;
	const char *end = field->text + field->len;
	size_t len = strlen(value);

	if (len == 0 || field->text == NULL)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool plain = at < end && *at >= ' ' && *at < 127;

		if (at == end || (*at != value[i] &&
				  (plain || value[i] != '.')))
			return false;
		at++;
		while (!plain && at < end && ((unsigned char)*at & 0xc0) == 0x80)
			at++;
	}
	return at == end || len >= 1000 || *at == ' ';
}

/* The column's own field when it holds the value; else the only one that
 * does; else the column's. */
static const struct csv_field *pick_field(const struct finder *finder,
					  const struct csv_field *fields,
					  size_t count)
{
	const char *value = finder->error->value;
	int column = finder->wish->column;
	const struct csv_field *own = NULL;
	const struct csv_field *like = NULL;
	size_t alike = 0;

	if (column >= 0 && (size_t)column < count)
		own = &fields[column];
	if (own != NULL && (value[0] == '\0' || same_value(own, value)))
		return own;
	for (size_t i = 0; i < count; i++) {
		if (same_value(&fields[i], value)) {
			like = &fields[i];
			alike++;
		}
	}
	return alike == 1 ? like : own;
}

static void keep_before(struct finder *finder, const struct csv_record *record)
{
	str_set_slice(&finder->out->before, record->raw, record->raw_len);
	finder->out->before_line = record->line;
}

static void keep_line(struct finder *finder, const struct csv_record *record,
		      const struct csv_field *fields, size_t count)
{
	struct load_line *out = finder->out;
	const struct csv_field *field = pick_field(finder, fields, count);
	int column = finder->wish->column;

	finder->found = true;
	str_set_slice(&out->text, record->raw, record->raw_len);
	out->line = record->line;
	out->marked = field != NULL ||
		      (column >= 0 && (size_t)column >= count);
	if (field != NULL) {
		out->field_at = field->raw_offset;
		out->field_len = field->raw_len;
	} else if (out->marked) {
		out->field_at = record->raw_len; /* it should stand there */
	}
}

static void take_record(struct finder *finder, const struct csv_record *record,
			bool broken)
{
	struct load_line_watch *watch = finder->wish->watch;
	bool wanted = !finder->found && record->line + record->line_count >
						finder->error->line;
	const struct csv_field *fields;
	size_t count;

	if (!wanted && (watch == NULL || watch->record == NULL)) {
		if (!finder->found)
			keep_before(finder, record);
		return;
	}
	fields = load_cut_fields(finder->cut, record, &count);
	if (watch != NULL && watch->record != NULL)
		watch->record(watch->context, record, fields, count, broken);
	if (wanted)
		keep_line(finder, record, fields, count);
	else if (!finder->found)
		keep_before(finder, record);
}

static void drain(struct finder *finder)
{
	const struct csv_record *record;

	for (;;) {
		bool header = finder->header > 0;
		enum csv_step step =
			header ? csv_skip_line(finder->csv, &record)
			       : csv_next(finder->csv, &record, NULL);

		if (step == CSV_MORE || step == CSV_END)
			return;
		if (!header) {
			take_record(finder, record, step == CSV_BAD);
		} else {
			finder->header--;
			keep_before(finder, record);
		}
		if (finder->found && finder->wish->watch == NULL)
			return;
	}
}

static void feed(struct finder *finder, const char *bytes, size_t len)
{
	struct load_line_watch *watch = finder->wish->watch;

	if (watch != NULL && watch->bytes != NULL)
		watch->bytes(watch->context, bytes, len);
	csv_feed(finder->csv, bytes, len);
	drain(finder);
}

/* Plain bytes arrive here, whatever packed them. */
static bool take_bytes(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct finder *finder = context;

	(void)err;
	if (finder->found && finder->wish->watch == NULL)
		return true;
	if (!finder->decode) {
		feed(finder, bytes, len);
	} else {
		str_clear(&finder->plain);
		encode_read(&finder->charset, bytes, len, &finder->plain);
		feed(finder, finder->plain.text, finder->plain.len);
	}
	return true;
}

/* How far to read, once it is known where the line was found. */
static bool goes_on(const struct finder *finder, int64_t at, int64_t *end)
{
	if (finder->found && *end == READ_LIMIT)
		*end = finder->wish->watch == NULL ? 0 : at + WATCH_LIMIT;
	return at < *end;
}

static bool read_pieces(struct finder *finder,
			const struct load_error_hooks *hooks, struct err *err)
{
	struct sink sink = { take_bytes, finder };
	CLEANUP(str_done) struct str piece = STR_EMPTY;
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(PACK_AUTO, &sink);

	for (int64_t at = 0, end = READ_LIMIT; goes_on(finder, at, &end);
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
			bool sound = unpack_end(unpack, &ignored);

			csv_end(finder->csv);
			drain(finder);
			if (finder->wish->watch != NULL)
				finder->wish->watch->whole = sound;
			break;
		}
	}
	if (finder->found)
		return true;
	return err_set(err, ERR_DATA, "%s has no line %lld",
		       finder->error->file, (long long)finder->error->line);
}

static long header_lines(const struct copy_options *options)
{
	const struct copy_given *header =
		copy_options_get(options, COPY_IGNOREHEADER);

	return header == NULL ? 0 : header->number;
}

bool load_line_read(struct load_line *out, const struct load_line_wish *wish,
		    const struct load_error_hooks *hooks, struct err *err)
{
	struct csv_dialect dialect;
	struct finder finder = { .out = out,
				 .wish = wish,
				 .error = wish->error,
				 .options = wish->options,
				 .header = header_lines(wish->options),
				 .plain = STR_EMPTY };
	bool good;

	if (hooks->read_range == NULL)
		return err_set(err, ERR_USAGE, "no access to S3");
	load_cut_dialect(wish->options, &dialect);
	finder.cut = load_cut_new(wish->options, wish->names, wish->name_count);
	finder.csv = csv_new(&dialect);
	good = read_pieces(&finder, hooks, err);
	csv_free(finder.csv);
	load_cut_free(finder.cut);
	str_done(&finder.plain);
	if (!good && finder.found && err->kind != ERR_CANCELLED) {
		/* who has the line can do without the rest of the file */
		err_clear(err);
		return true;
	}
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

/* A line may be megabytes: what is shown needs so many bytes at most. */
static size_t enough(size_t len, int width_cols)
{
	size_t most = 16 * (size_t)width_cols;

	return len < most ? len : most;
}

/* text from begin, at most width_cols columns, with ... where cut. */
static void cut_line(struct str *out, const struct str *text, size_t begin,
		     int width_cols)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	size_t len = enough(text->len - begin, width_cols);
	size_t fit;

	if (begin > 0)
		str_add(out, "...");
	show_slice(&shown, text->text + begin, len);
	fit = utf8_fit(shown.text, shown.len, width_cols);
	str_add_slice(out, shown.text, fit);
	if (fit < shown.len || begin + len < text->len)
		str_add(out, "...");
}

/* Where to begin so that the field is in sight, with something before it. */
static size_t begin_at(const struct load_line *line, int width_cols)
{
	CLEANUP(str_done) struct str head = STR_EMPTY;
	size_t end = line->field_at + line->field_len;
	size_t before = (size_t)width_cols / 3;
	size_t begin;

	if (!line->marked || end > line->text.len)
		return 0;
	if (enough(end, width_cols) == end) {
		show_slice(&head, line->text.text, end);
		if (width(&head) <= width_cols)
			return 0;
	}
	/* a control byte takes four columns */
	do {
		str_clear(&head);
		begin = back(line->text.text, line->field_at, before);
		show_slice(&head, line->text.text + begin,
			   line->field_at - begin);
		before /= 2;
	} while (before > 0 && width(&head) > width_cols / 2);
	return begin;
}

static void add_carets(struct str *out, const struct load_line *line,
		       size_t begin, int shown_cols, int width_cols)
{
	CLEANUP(str_done) struct str lead = STR_EMPTY;
	CLEANUP(str_done) struct str field = STR_EMPTY;
	int carets;

	str_add(&lead, begin > 0 ? "..." : "");
	show_slice(&lead, line->text.text + begin, line->field_at - begin);
	show_slice(&field, line->text.text + line->field_at,
		   enough(line->field_len, width_cols));
	carets = width(&field);
	if (carets > shown_cols - width(&lead))
		carets = shown_cols - width(&lead);
	str_add_repeat(out, ' ', 13 + (size_t)width(&lead));
	str_add_repeat(out, '^', carets > 0 ? (size_t)carets : 1);
	str_add_char(out, '\n');
}

void load_line_add(const struct load_line *line, int width_cols,
		   struct str *out)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	size_t begin = begin_at(line, width_cols);

	if (line->before_line > 0) {
		cut_line(&shown, &line->before, 0, width_cols);
		add_numbered(out, line->before_line, false, &shown);
		str_clear(&shown);
	}
	cut_line(&shown, &line->text, begin, width_cols);
	add_numbered(out, line->line, true, &shown);
	if (line->marked)
		add_carets(out, line, begin, width(&shown), width_cols);
}
