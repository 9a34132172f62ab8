/* Charts: any rows become a picture, words, SVG and a specification, or are
 * refused with a reason. No line of a picture is wider than was asked for,
 * nothing that a terminal obeys gets into it, SVG is well-formed XML and the
 * specification is JSON. */
#include "fuzz.h"

#include <string.h>

#include "base/utf8.h"
#include "chart/drawing.h"
#include "chart/spoken.h"
#include "chart/svg.h"
#include "chart/vega.h"
#include "data/json.h"
#include "data/xml.h"
#include "tests/unit/chart/table.h"

/* The first line: words of \chart and options, by letters; then a table. */
static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("bar\nr:text|v:int\nNorth|12\nSouth|-5\n\\N|3\nEast|\\N\n"),
	FUZZ_TEXT("line\nd:date|v:float\n2024-01-01|1.5\n2024-02-01|NaN\n"
		  "2024-03-01|-Infinity\n0044-03-15 BC|2\ninfinity|1\n"),
	FUZZ_TEXT("scatter\nx:float|y:decimal\n1e308|-1e308\n-1e308|1e-308\n"
		  "0|99999999999999999999999999999999999999\n"),
	FUZZ_TEXT("heat\na:text|b:bool|v:int\nx|t|1\ny|f|2\nz|\\N|3\n"),
	FUZZ_TEXT("hist\nv:int\n1\n2\n3\n9223372036854775807\n"),
	FUZZ_TEXT("spark\nm:timestamptz|v:int|w:int\n"
		  "2024-01-01 10:00:00+02|1|2\n2024-01-01 10:00:01+02|3|4\n"),
	FUZZ_TEXT("hbar SL\nt:time|c:text|v:int\n10:00|\\e[31mx|5\n"
		  "11:00|\xe4\xb8\xad\xe6\x96\x87|6\n11:00|a\\nb|7\n"),
	FUZZ_TEXT("number\na:int|b:float\n1234567|0.000001\n"),
	FUZZ_TEXT("area G\nyear:int|k:text|v:int\n2020|a|1\n2021|a|2\n"
		  "2020|b|3\n2022|b|4\n"),
	FUZZ_TEXT("\ni:interval|v:int\n1 day|3\n2 days|4\n"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"bar",	"hbar", "line",	 "area",  "scatter",	"hist",	 "heat",
	"spark", "number", " by ", "1", "2", "3", " S", " L", " G", " T",
	"|",	"\n",	"\\N",	 ":int",  ":float",	":date", ":timestamp",
	":time", ":text", ":bool", ":decimal", "NaN", "Infinity", "-Infinity",
	"infinity", "1e308", "-1e308", "5e-324", "0", "-0", "1e15",
	"2024-02-29", "0001-01-01", "294276-12-31 23:59:59.999999",
	"4713-01-01 BC", "24:00:00", "\\e[2J", "\xc2\x85", "\xe2\x80\xae",
	"\xe4\xb8\xad", "\xff", "\xcc\x81", "e\xcc\x81\xcc\xa3",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "\xe2\x80\x8d",
	"\xe0\xb8\x81\xe0\xb8\xb3", "\xe1\x84\x92\xe1\x85\xa1", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 4000,
};

static void read_words(struct chart_wish *wish, const char *line, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t size = 0;
		CLEANUP(mem_freep) char *word = NULL;

		while (at + size < len && line[at + size] != ' ')
			size++;
		word = mem_copy_slice(line + at, size);
		at += size + 1;
		if (strcmp(word, "S") == 0)
			wish->stack = true;
		else if (strcmp(word, "L") == 0)
			wish->log = true;
		else if (strcmp(word, "G") == 0)
			wish->sort = true;
		else if (strcmp(word, "T") == 0)
			wish->top = 2;
		else if (*word)
			chart_wish_add(wish, word);
	}
}

static void check_lines(const struct str *text, int width)
{
	FUZZ_CHECK(utf8_valid(text->text, text->len));
	for (size_t at = 0; at < text->len;) {
		const char *end = memchr(text->text + at, '\n',
					 text->len - at);
		size_t len;

		FUZZ_CHECK(end != NULL);
		len = (size_t)(end - text->text) - at;
		FUZZ_CHECK(memchr(text->text + at, '\033', len) == NULL);
		FUZZ_CHECK(utf8_width_cols(text->text + at, len) <= width);
		at += len + 1;
	}
}

static void check_drawing(const struct chart *chart, int width, bool ascii)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct sink sink = sink_to_str(&out);
	struct err err = ERR_EMPTY;
	struct drawing_options options = { .width = width,
					   .height = width / 4,
					   .ascii = ascii };

	FUZZ_CHECK(drawing_chart(chart, &options, &sink, &err));
	check_lines(&out, width);
	for (size_t i = 0; ascii && i < out.len; i++)
		FUZZ_CHECK((unsigned char)out.text[i] < 0x7F);
	/* Colours: only that nothing goes wrong. */
	options.look = (struct palette_look){ THEME_DARK, true };
	str_clear(&out);
	FUZZ_CHECK(drawing_chart(chart, &options, &sink, &err));
}

static void check_formats(const struct chart *chart)
{
	CLEANUP(str_done) struct str svg = STR_EMPTY;
	CLEANUP(str_done) struct str spec = STR_EMPTY;
	CLEANUP(str_done) struct str words_out = STR_EMPTY;
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(0);
	struct sink sink = sink_to_str(&words_out);
	struct err err = ERR_EMPTY;

	svg_chart(chart, 0, 0, &svg);
	FUZZ_CHECK(xml_reader_feed(reader, svg.text, svg.len, &err));
	FUZZ_CHECK(xml_reader_end(reader, &err) != NULL);
	vega_chart(chart, &spec);
	{
		CLEANUP(json_freep)
		struct json *json = json_parse(spec.text, spec.len, &err);

		FUZZ_CHECK(json != NULL);
	}
	FUZZ_CHECK(spoken_chart(chart, &sink, &err));
	FUZZ_CHECK(memchr(words_out.text, '\033', words_out.len) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
	size_t head = end ? (size_t)(end - text) : size;
	size_t from = end ? head + 1 : size;
	CLEANUP(chart_wish_done) struct chart_wish wish = CHART_WISH_EMPTY;
	CLEANUP(chart_done) struct chart chart = CHART_EMPTY;
	CLEANUP(rows_freep)
	struct rows *rows = table_rows(text + from, size - from);
	struct gather_source source = { rows, table_again, rows };
	struct err err = ERR_EMPTY;

	read_words(&wish, text, head);
	wish.columns = 30;
	wish.rows = 20;
	if (!gather_chart(&chart, &source, &wish, &err)) {
		FUZZ_CHECK(err.message[0] != '\0');
		return 0;
	}
	check_drawing(&chart, 72, false);
	check_drawing(&chart, 24, true);
	check_formats(&chart);
	return 0;
}
