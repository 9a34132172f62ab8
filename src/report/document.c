#include "report/document.h"

#include <ctype.h>
#include <string.h>

#include "base/cancel.h"
#include "base/mem.h"
#include "base/units.h"
#include "chart/chart.h"
#include "chart/svg.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/rows.h"
#include "data/xml.h"
#include "print/screen.h"
#include "report/look.h"
#include "report/script.h"

void document_escape(struct str *out, const char *text, size_t len)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	screen_add(&shown, text, len);
	xml_escape(out, shown.text, shown.len);
}

static void escape_text(struct str *out, const char *text)
{
	document_escape(out, text, strlen(text));
}

/* A string of CSS: whatever is no letter, digit or blank by its number, so
 * that nothing can end the string or the <style>. */
static void add_css_string(struct str *out, const char *text)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	screen_add(&shown, text, strlen(text));
	str_add_char(out, '"');
	for (text = shown.text; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x80 || isalnum(c) || c == ' ')
			str_add_char(out, *text);
		else
			str_addf(out, "\\%x ", c);
	}
	str_add_char(out, '"');
}

/* Whatever gets into the page by a mistake of ours: no script runs but the
 * one whose digest is here (Content Security Policy 3, 2.3.1), nothing is
 * fetched. */
static void add_policy(struct str *out)
{
	unsigned char digest[HASH_MAX];

	hash_bytes(HASH_SHA256, look_program, strlen(look_program), digest);
	str_add(out, "<meta http-equiv=\"Content-Security-Policy\" "
		     "content=\"default-src 'none'; base-uri 'none'; "
		     "form-action 'none'; style-src 'unsafe-inline'; "
		     "script-src 'sha256-");
	encode_base64(out, digest, hash_size(HASH_SHA256));
	str_add(out, "'\">\n");
}

void document_begin(struct str *out, const char *title, const char *about)
{
	str_add(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n");
	add_policy(out);
	str_add(out, "<title>");
	escape_text(out, title);
	str_add(out, "</title>\n<style>\n");
	str_add(out, look_style);
	look_add_papers(out);
	/* Margin boxes: CSS Paged Media 3, 4.2. */
	str_add(out, "@page{size:A4;margin:20mm 15mm;@top-left{content:");
	add_css_string(out, title);
	str_add(out, ";font:9pt sans-serif}@bottom-right{content:counter(page)"
		     " \" / \" counter(pages);font:9pt sans-serif}}\n"
		     "</style>\n</head>\n<body>\n<header><h1>");
	escape_text(out, title);
	str_add(out, "</h1>\n<p class=\"about\">");
	escape_text(out, about);
	str_add(out, "</p></header>\n");
}

void document_end(struct str *out)
{
	str_add(out, "<script>");
	str_add(out, look_program);
	str_add(out, "</script>\n</body>\n</html>\n");
}

void document_contents(struct str *out, const char *const titles[],
		       size_t count)
{
	str_add(out, "<nav aria-label=\"Contents\"><ol>\n");
	for (size_t i = 0; i < count; i++) {
		if (!titles[i])
			continue;
		str_addf(out, "<li><a href=\"#s%zu\">", i + 1);
		escape_text(out, titles[i]);
		str_add(out, "</a></li>\n");
	}
	str_add(out, "</ol></nav>\n");
}

void document_section_begin(struct str *out, const struct script_part *part,
			    size_t number, struct document_facts *facts)
{
	str_addf(out, "<section id=\"s%zu\" class=\"p", number);
	facts->paper_at = out->len;
	facts->name = part->title;
	str_add(out, "0\">\n");
	if (part->title) {
		str_add(out, "<h2>");
		escape_text(out, part->title);
		str_add(out, "</h2>\n");
	}
	for (size_t i = 0; i < part->paragraphs.count; i++) {
		str_add(out, "<p>");
		escape_text(out, part->paragraphs.items[i]);
		str_add(out, "</p>\n");
	}
}

void document_chart(struct str *out, const struct chart *chart)
{
	struct chart picture = *chart; /* all of it is borrowed */

	/* Its notes stand below, as text that wraps and is read aloud. */
	picture.notes.count = 0;
	str_add(out, "<figure>\n");
	svg_chart(&picture, 0, 0, out);
	if (chart->notes.count > 0)
		str_add(out, "<figcaption class=\"facts\">");
	for (size_t i = 0; i < chart->notes.count; i++) {
		escape_text(out, chart->notes.items[i]);
		str_add_char(out, ' ');
	}
	if (chart->notes.count > 0)
		str_add(out, "</figcaption>");
	str_add(out, "</figure>\n");
}

/* No reader of a page has typed it. */
static const char *without_command(const char *why)
{
	static const char name[] = "\\chart: ";

	return str_starts(why, name) ? why + strlen(name) : why;
}

void document_no_chart(struct str *out, const char *why)
{
	str_add(out, "<p class=\"facts\">No chart: ");
	escape_text(out, without_command(why));
	str_add(out, ".</p>\n");
}

void document_failure(struct str *out, const char *why)
{
	str_add(out, "<p class=\"bad\"><strong>Failed:</strong> ");
	escape_text(out, without_command(why));
	str_add(out, "</p>\n");
}

/* ---- tables ---- */

enum {
	LONG_LETTERS = 40, /* a text of more may have several lines */
	WIDE_LETTERS = 24, /* and takes no more of a printed page */
};

static bool is_rigid(const struct rows_column *column)
{
	return rows_kind_is_number(column->kind) || column->kind == ROWS_DATE ||
	       column->kind == ROWS_TIME;
}

/* Of a cell with a text of len bytes. */
static const char *class_of(const struct rows_column *column, size_t len)
{
	if (rows_kind_is_number(column->kind))
		return " class=\"n\"";
	if (is_rigid(column))
		return " class=\"d\"";
	return len > LONG_LETTERS ? " class=\"w\"" : "";
}

/* *width: letters of the widest cell of the column so far. */
static void widen(long *width, const struct rows_column *column, size_t len)
{
	long letters = !is_rigid(column) && len > LONG_LETTERS ? WIDE_LETTERS
							       : (long)len;

	if (*width < letters)
		*width = letters;
}

static void add_row(struct str *out, const struct rows *rows,
		    const struct rows_value *values, long *widths)
{
	str_add(out, "<tr>");
	for (size_t i = 0; i < rows->column_count; i++) {
		const struct rows_value *value = &values[i];

		widen(&widths[i], &rows->columns[i],
		      value->text ? value->len : strlen("null"));
		str_addf(out, "<td%s>",
			 class_of(&rows->columns[i], value->len));
		if (value->text)
			document_escape(out, value->text, value->len);
		else
			str_add(out, "<span class=\"null\">null</span>");
		str_add(out, "</td>");
	}
	str_add(out, "</tr>\n");
}

/* A region, for tables that scroll: a keyboard has to get there. */
static void begin_table(struct str *out, const struct rows *rows,
			const struct document_facts *facts)
{
	str_add(out, "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
		     "aria-label=\"");
	escape_text(out, facts->name ? facts->name : "Rows");
	str_add(out, "\"><table>\n<thead><tr>");
	for (size_t i = 0; i < rows->column_count; i++) {
		str_addf(out,
			 "<th scope=\"col\"%s><span role=\"button\" "
			 "tabindex=\"0\">",
			 class_of(&rows->columns[i],
				  strlen(rows->columns[i].name)));
		escape_text(out, rows->columns[i].name);
		str_add(out, "</span></th>");
	}
	str_add(out, "</tr></thead>\n<tbody>\n");
}

static void choose_paper(struct str *out, const struct rows *rows,
			 const long *widths, const struct document_facts *facts)
{
	struct look_width width = { .columns = (long)rows->column_count };
	int paper;

	for (size_t i = 0; i < rows->column_count; i++)
		*(is_rigid(&rows->columns[i]) ? &width.rigid
					      : &width.letters) += widths[i];
	paper = look_paper(&width);
	if (out->text[facts->paper_at] < '0' + paper)
		out->text[facts->paper_at] = (char)('0' + paper);
}

static bool add_rows(struct str *out, struct rows *rows, long *widths,
		     struct document_facts *facts, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;
	int64_t shown = 0;

	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		if (!cancel_check(err))
			return false;
		facts->count++;
		if (shown++ >= facts->most) {
			facts->cut = true;
			continue;
		}
		add_row(out, rows, values, widths);
		if (out->len > facts->most_bytes) {
			err_set(err, ERR_DATA,
				"\\report: the page would be longer than %zu "
				"MiB",
				facts->most_bytes >> 20);
			return err_hint(err, "show fewer rows of each table: "
					     "--rows 100");
		}
	}
	return step == ROWS_END;
}

bool document_table(struct str *out, struct rows *rows,
		    struct document_facts *facts, struct err *err)
{
	CLEANUP(mem_freep)
	long *widths = mem_alloc_array(rows->column_count + 1, sizeof(*widths));

	if (facts->count < 0)
		facts->count = 0;
	for (size_t i = 0; i < rows->column_count; i++) {
		widths[i] = 0;
		widen(&widths[i], &rows->columns[i],
		      strlen(rows->columns[i].name));
	}
	if (facts->most > 0)
		begin_table(out, rows, facts);
	if (!add_rows(out, rows, widths, facts, err))
		return false;
	if (facts->most > 0) {
		str_add(out, "</tbody></table></div>\n");
		choose_paper(out, rows, widths, facts);
	}
	return true;
}

/* A reader who sorts the table must know that it is not all. */
static void add_shown(struct str *out, const struct document_facts *facts)
{
	if (facts->most == 0 || !facts->cut)
		return;
	str_add(out, "; <strong>the first ");
	units_add_count(out, facts->most);
	str_add(out, facts->most == 1 ? " is" : " are");
	str_add(out, " in the table</strong>");
}

void document_section_end(struct str *out, const char *sql,
			  const struct document_facts *facts)
{
	if (sql) {
		str_add(out, "<p class=\"facts\">");
		if (facts->count >= 0) {
			units_add_count(out, facts->count);
			str_add(out, facts->count == 1 ? " row, " : " rows, ");
		}
		units_add_duration(out, facts->took_us);
		add_shown(out, facts);
		str_add(out, "</p>\n<details><summary>Query</summary><pre>");
		escape_text(out, sql);
		str_add(out, "</pre></details>\n");
	}
	str_add(out, "</section>\n");
}
