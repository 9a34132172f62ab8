#include "load/sniff_text.h"

#include <string.h>

#include "data/csv.h"
#include "load/sniff.h"

/* --- delimiter --- */

/* Penalties for bytes that stand in text too. All other printable bytes are
 * no delimiters; control bytes are good ones. */
static const struct {
	char byte;
	double penalty;
} candidates[] = {
	{ ',', 0 },   { '\t', 0 },  { '|', 0 },   { ';', 0 },   { '^', 0.1 },
	{ '~', 0.1 }, { ':', 0.4 }, { '!', 0.4 }, { '#', 0.4 }, { ' ', 0.45 },
};

enum { MAX_COUNT = 2000 }; /* columns told apart; Redshift has 1,600 */

struct trial {
	char delimiter;
	char quote;
	bool escape;
	double score; /* 0: not this one */
	size_t fields;
	size_t quoted; /* fields that stand in quotes */
	size_t records;
};

/* How well the sample falls into records of one width. */
static void try_delimiter(struct trial *trial, const struct sniff *sniff)
{
	struct csv_dialect dialect = { .quote = trial->quote,
				       .escape = trial->escape ? '\\'
							       : trial->quote };
	size_t *counts = mem_alloc_array(MAX_COUNT + 1, sizeof(*counts));
	const struct csv_record *record;
	size_t records = 0;
	size_t first = 0;
	size_t bad = 0;
	enum csv_step step;

	dialect.delimiter[0] = trial->delimiter;
	dialect.bare_escape = trial->escape ? '\\' : 0;
	CLEANUP(csv_freep) struct csv *csv = csv_new(&dialect);
	csv_feed(csv, sniff->text.text, sniff->text.len);
	if (sniff->whole)
		csv_end(csv);
	while (records < 1000 &&
	       (step = csv_next(csv, &record, NULL)) != CSV_END &&
	       step != CSV_MORE) {
		bad += step == CSV_BAD;
		if (step == CSV_BAD || record->raw_len == 0)
			continue;
		records++;
		if (first == 0)
			first = record->count;
		counts[record->count < MAX_COUNT ? record->count : MAX_COUNT]++;
		for (size_t i = 0; i < record->count; i++)
			trial->quoted += record->fields[i].quoted;
	}
	for (size_t n = 2; n <= MAX_COUNT; n++) {
		if (counts[n] > counts[trial->fields])
			trial->fields = n;
	}
	if (trial->fields >= 2 && records > 0) {
		trial->score =
			(double)counts[trial->fields] / (double)(records + bad);
		/* data lines may end in a delimiter that the header lacks */
		if (first != trial->fields)
			trial->score -= first + 1 == trial->fields ? 0.1 : 0.2;
	}
	trial->records = records;
	mem_free(counts);
}

static double penalty_of(char c)
{
	if (c > 0 && c < ' ' && c != '\t')
		return 0;
	for (size_t i = 0; i < COUNT_OF(candidates); i++) {
		if (candidates[i].byte == c)
			return candidates[i].penalty;
	}
	return 1;
}

static bool is_better(const struct trial *a, const struct trial *b)
{
	if (a->score > b->score + 0.001)
		return true;
	return a->score > b->score - 0.001 && a->fields > b->fields;
}

/* Half the lines must agree; one column is the answer otherwise. */
static struct trial find_delimiter(const struct sniff *sniff, char quote)
{
	struct trial best = { .quote = quote, .score = 0.52, .fields = 1 };

	for (int c = 1; c < 127; c++) {
		struct trial trial = { .delimiter = (char)c, .quote = quote };

		if (c == '\n' || c == '\r' || penalty_of((char)c) >= 1 ||
		    memchr(sniff->text.text, c, sniff->text.len) == NULL)
			continue;
		try_delimiter(&trial, sniff);
		trial.score -= penalty_of((char)c);
		if (is_better(&trial, &best))
			best = trial;
	}
	return best;
}

/* Other quotes than " are taken where fields fall better into place, or where
 * many stand in them. */
static void find_quote(struct trial *best, const struct sniff *sniff)
{
	static const char others[] = "'`";

	for (const char *quote = others; *quote != '\0'; quote++) {
		struct trial trial;

		if (best->quoted > 0 ||
		    memchr(sniff->text.text, *quote, sniff->text.len) == NULL)
			continue;
		trial = find_delimiter(sniff, *quote);
		if (trial.quoted == 0 || trial.delimiter == '\0' ||
		    trial.score < best->score - 0.001)
			continue;
		if (is_better(&trial, best) || trial.quoted * 4 > trial.records)
			*best = trial;
	}
}

/* Lines with backslash before delimiters or quotes agree better when it
 * escapes. */
static void find_escape(struct trial *best, const struct sniff *sniff)
{
	const char byte = best->quoted > 0 ? best->quote : best->delimiter;
	const char pair[2] = { '\\', byte };
	struct trial trial = { .delimiter = best->delimiter,
			       .quote = best->quote,
			       .escape = true };

	if (best->delimiter == '\0' ||
	    (memmem(sniff->text.text, sniff->text.len, pair, 2) == NULL &&
	     (best->quoted > 0 ||
	      memmem(sniff->text.text, sniff->text.len, "\\\n", 2) == NULL)))
		return;
	try_delimiter(&trial, sniff);
	trial.score -= penalty_of(trial.delimiter);
	if (is_better(&trial, best))
		*best = trial;
}

/* --- records --- */

static void keep_record(struct sniff *out, const struct csv_record *record)
{
	struct sniff_record kept = { .fields = { 0 } };

	if (record->raw_len == 0) {
		out->blank_lines = true;
		return;
	}
	for (size_t i = 0; i < record->count; i++)
		vec_push(&kept.fields, mem_copy_slice(record->fields[i].text,
						      record->fields[i].len));
	if (out->records.count == 0)
		out->first_lines = (size_t)record->line_count;
	vec_push(&out->records, kept);
	if (record->count != out->fields) {
		out->ragged++;
		if (out->ragged_line == 0)
			out->ragged_line = (long)(record->line + out->skip);
	}
}

static void read_records(struct sniff *out)
{
	struct csv_dialect dialect = { .quote = out->quote,
				       .escape = out->escape ? '\\'
							     : out->quote };
	const struct csv_record *record;

	dialect.delimiter[0] = out->delimiter;
	dialect.bare_escape = out->escape ? '\\' : 0;
	CLEANUP(csv_freep) struct csv *csv = csv_new(&dialect);
	csv_feed(csv, out->text.text, out->text.len);
	if (out->whole)
		csv_end(csv);
	while (out->records.count < SNIFF_MAX_RECORDS) {
		enum csv_step step = csv_next(csv, &record, NULL);

		if (step == CSV_MORE || step == CSV_END)
			return;
		if (step == CSV_RECORD)
			keep_record(out, record);
		else if (out->ragged++ == 0)
			out->ragged_line = (long)(record->line + out->skip);
	}
}

static char line_end_of(const struct sniff *sniff)
{
	return sniff->line_end == SNIFF_CR ? '\r' : '\n';
}

/* Takes lines from the front of the sample. */
static void skip_lines(struct sniff *out, size_t count)
{
	const char *at = out->text.text;
	const char *end = at + out->text.len;
	char line_end = line_end_of(out);

	for (size_t i = 0; i < count && at < end; i++) {
		const char *next = memchr(at, line_end, (size_t)(end - at));

		at = next != NULL ? next + 1 : end;
	}
	out->skip += count;
	memmove(out->text.text, at, (size_t)(end - at));
	str_cut(&out->text, (size_t)(end - at));
}

static size_t count_in(const char *text, size_t len, char byte)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == byte;
	return count;
}

/* "#id,name" above "7,Ann" is a header: as many commas in both lines, and no
 * blank behind the sign. */
static bool is_marked_header(const char *line, const char *next,
			     const char *end, char line_end)
{
	const char *next_end = memchr(next, line_end, (size_t)(end - next));

	if (line + 1 >= next || line[1] == ' ' || line[1] == '#')
		return false;
	for (const char *at = line + 1; at < next; at++) {
		size_t count = count_in(line, (size_t)(next - line), *at);

		if (strchr(",;|\t", *at) != NULL && *at != '\0')
			return count == count_in(next,
						 (size_t)((next_end ? next_end
								    : end) -
							  next),
						 *at);
	}
	return false;
}

static const char *const comments[] = { "#", "//", "--" };

static bool is_comment(const char *at, const char *end)
{
	for (size_t i = 0; i < COUNT_OF(comments); i++) {
		size_t n = strlen(comments[i]);

		if ((size_t)(end - at) > n && memcmp(at, comments[i], n) == 0)
			return true;
	}
	return false;
}

/* Lines of comment on top: "# exported by ...", and "sep=;", by which files
 * name their delimiter to a spreadsheet. A whole column of such values is
 * data. */
static void skip_comments(struct sniff *out)
{
	const char *at = out->text.text;
	const char *end = at + out->text.len;
	char line_end = line_end_of(out);
	size_t count = 0;

	while (at < end) {
		const char *next = memchr(at, line_end, (size_t)(end - at));
		bool separator = count == 0 && end - at > 6 &&
				 memcmp(at, "sep=", 4) == 0 &&
				 (at[5] == '\n' || at[5] == '\r');

		next = next != NULL ? next + 1 : end;
		if (!separator && !is_comment(at, end))
			break;
		if (*at == '#' && next < end && !is_comment(next, end) &&
		    is_marked_header(at, next, end, line_end))
			break;
		at = next;
		count++;
	}
	if (at < end && count > 0)
		skip_lines(out, count);
}

enum { MAX_TITLE_LINES = 5 };

/* Titles on top: lines of one field before records of three and more. */
static size_t count_titles(const struct sniff *sniff, const struct trial *best)
{
	const char *at = sniff->text.text;
	const char *end = at + sniff->text.len;
	char line_end = line_end_of(sniff);
	size_t count = 0;

	while (best->fields >= 3 && count <= MAX_TITLE_LINES && at < end) {
		const char *next = memchr(at, line_end, (size_t)(end - at));
		size_t len = (size_t)((next != NULL ? next : end) - at);

		if (memchr(at, best->delimiter, len) != NULL)
			return count;
		at += len + (next != NULL);
		count++;
	}
	return 0;
}

/* A line cut by widths; blanks around the values are not theirs. */
static void cut_line(struct sniff *out, const char *line, size_t len)
{
	struct sniff_record kept = { .fields = { 0 } };

	for (size_t i = 0; i < out->widths.count; i++) {
		size_t n = i + 1 < out->widths.count
				   ? fixed_bytes(line, len,
						 out->widths.items[i])
				   : len;
		const char *from = line;
		size_t value = n;

		while (value > 0 && from[value - 1] == ' ')
			value--;
		while (value > 0 && *from == ' ')
			from++, value--;
		vec_push(&kept.fields, mem_copy_slice(from, value));
		line += n;
		len -= n;
	}
	out->first_lines = 1;
	vec_push(&out->records, kept);
}

static void read_fixed(struct sniff *out)
{
	const char *at = out->text.text;
	const char *end = at + out->text.len;

	while (at < end && out->records.count < SNIFF_MAX_RECORDS) {
		const char *next = memchr(at, line_end_of(out),
					  (size_t)(end - at));
		size_t len = (size_t)((next != NULL ? next : end) - at);

		if (next == NULL && !out->whole)
			return;
		if (len > 0 && at[len - 1] == '\r')
			len--;
		if (len > 0)
			cut_line(out, at, len);
		else
			out->blank_lines = true;
		at = next != NULL ? next + 1 : end;
	}
}

/* Blanks are a delimiter only where columns do not stand below each other. */
static bool sniff_fixed(struct sniff *out, const struct trial *best)
{
	bool title;

	if (best->delimiter != '\0' && penalty_of(best->delimiter) < 0.2)
		return false;
	if (best->delimiter == ' ' && best->score > 0.54 &&
	    memmem(out->text.text, out->text.len, "  ", 2) == NULL)
		return false;
	if (!fixed_find(&out->widths, out->text.text, out->text.len,
			line_end_of(out), out->whole, &title))
		return false;
	if (title)
		skip_lines(out, 1);
	out->kind = SNIFF_FIXED;
	out->fields = out->widths.count;
	read_fixed(out);
	return true;
}

void sniff_text(struct sniff *out)
{
	struct trial best;

	skip_comments(out);
	best = find_delimiter(out, '"');
	find_quote(&best, out);
	if (sniff_fixed(out, &best))
		return;
	skip_lines(out, count_titles(out, &best));
	find_escape(&best, out);
	out->delimiter = best.delimiter;
	out->fields = best.fields;
	out->escape = best.escape;
	if (best.delimiter == '\0') {
		/* one column: quotes count when lines begin with them */
		struct trial one = { .delimiter = ',', .quote = '"' };

		try_delimiter(&one, out);
		best.quoted = one.quoted;
	}
	out->quote = best.quoted > 0 ? best.quote : 0;
	read_records(out);
}
