#include "load/cure_facts.h"

#include <ctype.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "load/copy_parse.h"
#include "load/cure_table.h"
#include "load/ddl.h"
#include "load/load_cut.h"
#include "load/load_error.h"

void cure_facts_done(struct cure_facts *facts)
{
	sniff_done(&facts->sniff);
	infer_done(&facts->infer);
	for (size_t i = 0; i < facts->odd.count; i++)
		mem_free(facts->odd.items[i].text);
	vec_done(&facts->odd);
	mem_free(facts->longest_of);
	mem_free(facts->kinds_of);
	facts->longest_of = NULL;
	facts->kinds_of = NULL;
}

/* What takes longer to weigh than a person waits is left out. */
#define WEIGHED_BYTES ((int64_t)128 << 20)

struct gatherer {
	struct cure_facts *facts;
	const struct copy_options *options;
	const struct cure_table *table;
	int column;
	struct csv *plain; /* NULL: not cut a second time */
	struct csv *slash; /* likewise, nor a third time */
	char slashed_part[2]; /* a backslash and the delimiter */
	bool *same_kind;   /* [table->file.count]: dates like the column's */
	struct copy_type *types; /* [table->file.count] */
	int64_t line;	   /* of the error */
	bool line_lost;	   /* it was weighed, and found wanting */
	int64_t weighed;   /* bytes */
	bool pathed;	   /* JSON whose fields JSONPaths name */
};

/* --- lines cut at delimiters only --- */

static bool is_wrapped(const struct csv_field *field)
{
	return field->len >= 2 && field->text[0] == '"' &&
	       field->text[field->len - 1] == '"' &&
	       memchr(field->text + 1, '"', field->len - 2) == NULL;
}

/* A quote that is no more than a letter may stand there. */
static bool is_text(const struct gatherer *gatherer, size_t field)
{
	enum copy_kind kind;

	if (field >= gatherer->table->file.count)
		return false;
	kind = gatherer->types[field].kind;
	return kind == COPY_KIND_CHAR || kind == COPY_KIND_VARCHAR;
}

static void see_plain(struct gatherer *gatherer,
		      const struct csv_record *record)
{
	struct cure_facts *facts = gatherer->facts;

	if (record->raw_len == 0)
		return;
	facts->plain_lines++;
	facts->plain_odd += record->count != gatherer->table->file.count;
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_field *field = &record->fields[i];

		if (is_wrapped(field)) {
			facts->wrapped++;
		} else if (memchr(field->text, '"', field->len) != NULL) {
			facts->stray++;
			facts->stray_typed += !is_text(gatherer, i);
		}
	}
}

static void see_slashed(struct gatherer *gatherer,
			const struct csv_record *record, bool broken)
{
	struct cure_facts *facts = gatherer->facts;

	if (record->raw_len == 0)
		return;
	facts->slashed +=
		memmem(record->raw, record->raw_len, "\\\"", 2) != NULL;
	facts->slashed_parts += memmem(record->raw, record->raw_len,
				       gatherer->slashed_part, 2) != NULL;
	/* a line end in quotes would have to be escaped too */
	facts->slash_odd += broken || record->line_count > 1 ||
			    record->count != gatherer->table->file.count;
}

static void drain_slash(struct gatherer *gatherer)
{
	const struct csv_record *record;
	enum csv_step step;

	while ((step = csv_next(gatherer->slash, &record, NULL)) ==
		       CSV_RECORD ||
	       step == CSV_BAD)
		see_slashed(gatherer, record, step == CSV_BAD);
}

static void drain_plain(struct gatherer *gatherer)
{
	const struct csv_record *record;
	enum csv_step step;

	while ((step = csv_next(gatherer->plain, &record, NULL)) ==
		       CSV_RECORD ||
	       step == CSV_BAD)
		see_plain(gatherer, record);
}

static void see_bytes(void *context, const char *bytes, size_t len)
{
	struct gatherer *gatherer = context;

	if (gatherer->plain == NULL)
		return;
	csv_feed(gatherer->plain, bytes, len);
	drain_plain(gatherer);
	csv_feed(gatherer->slash, bytes, len);
	drain_slash(gatherer);
}

static void end_plain(struct gatherer *gatherer)
{
	if (gatherer->plain == NULL)
		return;
	csv_end(gatherer->plain);
	drain_plain(gatherer);
	csv_end(gatherer->slash);
	drain_slash(gatherer);
	csv_free(gatherer->plain);
	csv_free(gatherer->slash);
}

/* --- records --- */

static void keep_odd(struct cure_facts *facts, const char *text, size_t len)
{
	struct cure_odd odd = { .count = 1 };

	for (size_t i = 0; i < facts->odd.count; i++) {
		if (str_slice_equal(text, len, facts->odd.items[i].text)) {
			facts->odd.items[i].count++;
			return;
		}
	}
	if (facts->odd.count == CURE_ODD_MAX || len > 64) {
		facts->odd_rest++;
		return;
	}
	odd.text = mem_copy_slice(text, len);
	vec_push(&facts->odd, odd);
}

static bool is_null_word(const char *text, size_t len)
{
	for (size_t i = 0; i < FACTS_NULL_WORDS; i++)
		if (str_slice_equal(text, len, facts_null_words[i]))
			return true;
	return false;
}

/* Forms that only 'auto' reads (automatic-recognition): digits as 9, letters
 * as a, fractions of a second left out. */
static const char *const auto_shapes[] = {
	"99999999 999999",	"999999 999999",	"999999",
	"9999.999",		"a9999999",		"a9999999 99:99:99",
	"99 aaa 99:99:99 9999 aaa",
	"99/99/9999 99:99:99 aaa", "99.99.9999 99:99:99 aaa",
};

static bool has_auto_shape(const char *text, size_t len)
{
	char shape[40];
	size_t n = 0;

	if (len >= sizeof(shape))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '.' && n > 6 && shape[n - 3] == ':') {
			while (i + 1 < len && isdigit((unsigned char)text[i + 1]))
				i++;
			continue;
		}
		shape[n++] = isdigit(c) ? '9' : isalpha(c) ? 'a' : (char)c;
	}
	for (size_t i = 0; i < COUNT_OF(auto_shapes); i++)
		if (str_slice_equal(shape, n, auto_shapes[i]))
			return true;
	return false;
}

/* Read by 'auto' in one way only: the year first, or the month's name, or a
 * form that no format can name. */
static bool is_plain_date(const char *text, size_t len)
{
	struct date_guess guess = DATE_GUESS_EMPTY;
	size_t digits = 0;
	bool name = false;

	if (has_auto_shape(text, len))
		return true;
	while (digits < len && isdigit((unsigned char)text[digits]))
		digits++;
	for (size_t i = 0; i + 2 < len; i++)
		name |= isalpha((unsigned char)text[i]) &&
			isalpha((unsigned char)text[i + 1]);
	if (digits != 4 && !name)
		return false;
	date_guess_add(&guess, text, len);
	return guess.alive > 0;
}

static void see_epoch(struct cure_facts *facts, const char *text, size_t len)
{
	const char *pattern;
	int64_t number = 0;

	if (len > 13)
		return;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return;
		number = number * 10 + (text[i] - '0');
	}
	pattern = date_epoch(number);
	if (pattern != NULL)
		facts->epochs[strcmp(pattern, "epochsecs") != 0]++;
}

static void see_date(struct cure_facts *facts, const struct csv_field *field)
{
	const char *text = field->text;
	size_t len = field->len;

	while (len > 0 && *text == ' ')
		text++, len--;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	if (len == 0 || is_null_word(text, len))
		return;
	date_guess_add(&facts->when, text, len);
	facts->dates++;
	see_epoch(facts, text, len);
	facts->plain_dates += is_plain_date(text, len);
}

static void see_value(struct gatherer *gatherer, const struct csv_field *field)
{
	struct cure_facts *facts = gatherer->facts;
	size_t len = field->len;

	if (copy_value_is_null(&facts->type, gatherer->options, field->text,
			       field->len, field->quoted)) {
		facts->nulls++;
		facts->null_texts += field->text != NULL && field->len > 0;
		return;
	}
	facts->values++;
	while (len > 0 && field->text[len - 1] == ' ' &&
	       facts->type.kind == COPY_KIND_CHAR)
		len--;
	if (len > facts->longest)
		facts->longest = len;
	for (size_t i = 0; i < len && !facts->wide; i++)
		facts->wide = (unsigned char)field->text[i] >= 0x80;
	facts_add(&facts->kinds, field->text, field->len, 0);
	if (copy_value_fits(&facts->type, gatherer->options, field->text,
			    field->len))
		return;
	facts->bad++;
	keep_odd(facts, field->text, field->len);
}

static void see_text(struct cure_facts *facts, const struct csv_field *field)
{
	size_t bad = utf8_first_bad(field->text, field->len);

	for (size_t i = 0; i < bad && !facts->utf8; i++)
		facts->utf8 = (unsigned char)field->text[i] >= 0xc0;
	if (bad == field->len)
		return;
	facts->bad_text++;
	for (size_t i = bad; i < field->len; i++) {
		unsigned char byte = (unsigned char)field->text[i];

		if (byte >= 0x80 && byte < 0xa0)
			facts->controls = true;
	}
}

static void count_fields(struct gatherer *gatherer, size_t count, bool broken)
{
	struct cure_facts *facts = gatherer->facts;
	size_t columns = gatherer->table->file.count;

	if (facts->most == 0 || count < facts->least)
		facts->least = count;
	if (count > facts->most)
		facts->most = count;
	if (broken)
		facts->broken++;
	else if (columns > 0 && count < columns)
		facts->few++;
	else if (columns > 0 && count > columns)
		facts->many++;
}

/* Would COPY leave the line out? Its fields are as many as the columns. */
static bool some_misfit(struct gatherer *gatherer,
			const struct csv_field *fields, size_t count)
{
	const struct cure_table *table = gatherer->table;
	bool misfit = false;

	for (size_t i = 0; i < count && i < table->file.count; i++) {
		const struct csv_field *field = &fields[i];
		const struct copy_type *type = &gatherer->types[i];
		size_t *longest = &gatherer->facts->longest_of[i];

		if (copy_value_is_null(type, gatherer->options, field->text,
				       field->len, field->quoted)) {
			misfit |= cure_table_column(table, (int)i)->not_null;
			continue;
		}
		if (field->len > *longest)
			*longest = field->len;
		if (gatherer->facts->kinds_of != NULL)
			facts_add(&gatherer->facts->kinds_of[i], field->text,
				  field->len, 0);
		misfit |= !copy_value_fits(type, gatherer->options,
					   field->text, field->len);
	}
	return misfit;
}

static void weigh(struct gatherer *gatherer, const struct csv_record *record,
		  const struct csv_field *fields, size_t count, bool broken)
{
	size_t columns = gatherer->table->file.count;
	bool blank = record->raw_len == 0 && columns > 1;
	bool filled = copy_options_has(gatherer->options, COPY_FILLRECORD);
	bool lost;

	if (columns == 0)
		return;
	if (blank)
		lost = !copy_options_has(gatherer->options,
					 COPY_IGNOREBLANKLINES);
	else
		lost = broken || count > columns ||
		       (count < columns && !filled) ||
		       some_misfit(gatherer, fields, count);
	gatherer->facts->lost += lost;
	if (record->line <= gatherer->line &&
	    record->line + record->line_count > gatherer->line)
		gatherer->line_lost = lost;
}

static void see_record(void *context, const struct csv_record *record,
		       const struct csv_field *fields, size_t count,
		       bool broken)
{
	struct gatherer *gatherer = context;
	struct cure_facts *facts = gatherer->facts;

	gatherer->weighed += (int64_t)record->raw_len + 1;
	if (gatherer->weighed > WEIGHED_BYTES && facts->records > 0)
		return;
	facts->records++;
	facts->reached |= record->line + record->line_count > gatherer->line;
	if (gatherer->pathed)
		return;
	weigh(gatherer, record, fields, count, broken);
	if (record->raw_len == 0) {
		facts->blank++;
		return;
	}
	count_fields(gatherer, count, broken);
	for (size_t i = 0; i < count; i++) {
		if (fields[i].text == NULL)
			continue;
		see_text(facts, &fields[i]);
		if (i < gatherer->table->file.count && gatherer->same_kind[i])
			see_date(facts, &fields[i]);
	}
	if (gatherer->column >= 0 && (size_t)gatherer->column < count)
		see_value(gatherer, &fields[gatherer->column]);
}

/* --- all --- */

/* COPY has one format for all its dates and one for all its times. */
static void read_types(struct gatherer *gatherer)
{
	const struct cure_table *table = gatherer->table;
	enum copy_kind kind = gatherer->facts->type.kind;
	bool dates = kind == COPY_KIND_DATE || kind == COPY_KIND_TIMESTAMP;
	size_t count = table->file.count;

	gatherer->same_kind = mem_alloc_array(count + 1, sizeof(bool));
	gatherer->types =
		mem_alloc_array(count + 1, sizeof(*gatherer->types));
	gatherer->facts->longest_of =
		mem_alloc_array(count + 1, sizeof(size_t));
	if (gatherer->facts->wants_types)
		gatherer->facts->kinds_of =
			mem_alloc_array(count + 1, sizeof(struct facts));
	for (size_t i = 0; i < count; i++) {
		gatherer->types[i] =
			copy_type_read(cure_table_type(table, (int)i), "");
		gatherer->same_kind[i] =
			dates && gatherer->types[i].kind == kind;
	}
}

/* Only of lines that could not be parted it matters how else they could. */
static bool is_of_shape(int code)
{
	static const int codes[] = { 1201, 1202, 1203, 1214, 1216 };

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

static void cut_plainly(struct gatherer *gatherer, int code)
{
	struct csv_dialect dialect;

	load_cut_dialect(gatherer->options, &dialect);
	if (!is_of_shape(code) || gatherer->table->file.count == 0 ||
	    copy_options_has(gatherer->options, COPY_JSON) ||
	    copy_options_has(gatherer->options, COPY_FIXEDWIDTH))
		return;
	if (dialect.delimiter[0] == '\0') {
		const struct copy_given *given = copy_options_get(
			gatherer->options, COPY_DELIMITER);

		dialect.delimiter[0] = given == NULL ? '|' : given->text[0];
	}
	gatherer->slashed_part[0] = '\\';
	gatherer->slashed_part[1] = dialect.delimiter[0];
	dialect.quote = dialect.escape = '\0';
	gatherer->plain = csv_new(&dialect);
	dialect.quote = '"';
	dialect.escape = dialect.bare_escape = '\\';
	gatherer->slash = csv_new(&dialect);
}

bool cure_facts_sniff(struct cure_facts *facts, const struct load_error *error,
		      const struct load_error_hooks *hooks, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (facts->looked)
		return true;

	if (hooks->read_range == NULL)
		return err_set(err, ERR_USAGE, "no access to S3");
	if (!hooks->read_range(hooks->context, error->file, 0,
			       SNIFF_SAMPLE_BYTES, &bytes, err))
		return false;
	facts->looked = true;
	if (!sniff_run(&facts->sniff, bytes.text, bytes.len,
		       bytes.len < SNIFF_SAMPLE_BYTES, &ignored))
		return true;
	infer_run(&facts->infer, &facts->sniff);
	ddl_name_columns(&facts->infer);
	return true;
}

void cure_facts_want_types(struct cure_facts *facts)
{
	facts->wants_types = true;
}

bool cure_facts_retype(struct cure_facts *facts, size_t columns)
{
	if (facts->kinds_of == NULL || columns != facts->infer.columns.count)
		return false;
	infer_refine(&facts->infer, facts->kinds_of);
	facts->retyped = true;
	return true;
}

static bool has_paths(const struct copy_options *options)
{
	const struct copy_given *json = copy_options_get(options, COPY_JSON);

	return json != NULL && json->text != NULL &&
	       !str_starts(json->text, "auto");
}

/* Bytes in which there are no lines. */
static bool is_opaque(const struct copy_options *options)
{
	return copy_options_has(options, COPY_PARQUET) ||
	       copy_options_has(options, COPY_ORC) ||
	       copy_options_has(options, COPY_AVRO) ||
	       copy_options_has(options, COPY_SHAPEFILE);
}

bool cure_facts_gather(struct cure_facts *facts, struct load_line *line,
		       const struct load_error *error, int column,
		       const struct copy_options *options,
		       const struct cure_table *table,
		       const struct load_error_hooks *hooks, struct err *err)
{
	struct gatherer gatherer = { .facts = facts,
				     .options = options,
				     .table = table,
				     .column = column,
				     .line = error->line };
	struct load_line_watch watch = { .context = &gatherer,
					 .bytes = see_bytes,
					 .record = see_record };
	struct load_line_wish wish = { .error = error,
				       .column = column,
				       .options = options,
				       .names = table->names,
				       .name_count = table->file.count,
				       .watch = &watch };
	bool good;

	facts->type = copy_type_read(error->type, error->length);
	/* the views have no length of VARBYTE */
	if (column >= 0 && (size_t)column < table->file.count)
		facts->type = copy_type_read(cure_table_type(table, column),
					     "");
	if (is_opaque(options) || !cure_facts_sniff(facts, error, hooks, err))
		return false;
	gatherer.pathed = has_paths(options);
	read_types(&gatherer);
	cut_plainly(&gatherer, error->code);
	good = load_line_read(line, &wish, hooks, err);
	end_plain(&gatherer);
	mem_free(gatherer.same_kind);
	mem_free(gatherer.types);
	/* what is not known to be wrong was wrong for the server */
	facts->lost += !gatherer.line_lost;
	facts->whole = watch.whole && gatherer.weighed <= WEIGHED_BYTES;
	return good;
}
