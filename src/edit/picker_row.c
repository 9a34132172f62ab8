#include "edit/picker_row.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "base/utf8.h"
#include "data/isotime.h"
#include "edit/picker_match.h"

enum {
	DATE_LEN = 10,
	AHEAD_COLS = 12,      /* seen before the first match */
	TEXT_BYTES = 4 << 10, /* looked at for the row */
};

#define SECOND_MS ((int64_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

void picker_row_age(int64_t started_ms, int64_t now_ms, struct str *out)
{
	int64_t age = now_ms - started_ms;

	if (started_ms <= 0)
		return;
	if (age < MINUTE_MS)
		str_add(out, "now");
	else if (age < HOUR_MS)
		str_addf(out, "%d min", (int)(age / MINUTE_MS));
	else if (age < DAY_MS)
		str_addf(out, "%d h", (int)(age / HOUR_MS));
	else if (age < 7 * DAY_MS)
		str_addf(out, "%d d", (int)(age / DAY_MS));
	else {
		size_t from = out->len;

		isotime_add_local(out, started_ms);
		str_cut(out, from + DATE_LEN);
	}
}

void picker_row_duration(int64_t us, struct str *out)
{
	int64_t ms = us / 1000;

	if (us < 0)
		return;
	if (ms < SECOND_MS)
		str_addf(out, "%d ms", (int)ms);
	else if (ms < MINUTE_MS)
		str_addf(out, "%d.%d s", (int)(ms / 1000),
			 (int)(ms / 100 % 10));
	else if (ms < HOUR_MS)
		str_addf(out, "%d min", (int)(ms / MINUTE_MS));
	else
		str_addf(out, "%lld.%d h", (long long)(ms / HOUR_MS),
			 (int)(ms % HOUR_MS * 10 / HOUR_MS));
}

void picker_row_result(const struct history_outcome *outcome, struct str *out)
{
	switch (outcome->status) {
	case HISTORY_ERROR:
		str_add(out, *outcome->sqlstate ? outcome->sqlstate : "failed");
		return;
	case HISTORY_CANCELLED:
		str_add(out, "stopped");
		return;
	case HISTORY_OK:
	case HISTORY_UNKNOWN:
		if (outcome->rows >= 0)
			units_add_count(out, outcome->rows);
		return;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where to begin so that byte at is seen. */
static size_t begin_before(const struct str *line, size_t at, int width_cols)
{
	size_t from = at;
	int cols = 0;

	if (utf8_width_cols(line->text, at) < width_cols - AHEAD_COLS)
		return 0;
	while (from > 0 && cols < AHEAD_COLS) {
		from--;
		cols += ((unsigned char)line->text[from] & 0xc0) != 0x80;
	}
	return from;
}

void picker_row_text(const char *text, size_t len,
		     const struct picker_query *query, int width_cols,
		     struct str *out, struct str *marks)
{
	CLEANUP(str_done) struct str folded = STR_EMPTY;
	unsigned char *fits;
	const char *first;
	size_t from;

	if (len > TEXT_BYTES)
		len = TEXT_BYTES;
	picker_fold(text, len, &folded);
	fits = mem_alloc(len + 1);
	picker_mark(query, folded.text, len, fits);
	str_clear(out);
	str_clear(marks);
	for (size_t i = 0; i < len; i++) {
		bool blank = is_blank(text[i]);

		if (blank && (out->len == 0 || is_blank(text[i - 1])))
			continue;
		str_add_char(out, blank ? ' ' : text[i]);
		str_add_char(marks, fits[i] ? 'x' : ' ');
	}
	mem_free(fits);
	first = strchr(marks->text, 'x');
	if (!first)
		return;
	from = begin_before(out, (size_t)(first - marks->text), width_cols);
	if (from == 0)
		return;
	memmove(out->text, out->text + from, out->len - from);
	str_cut(out, out->len - from);
	memmove(marks->text, marks->text + from, marks->len - from);
	str_cut(marks, marks->len - from);
}
