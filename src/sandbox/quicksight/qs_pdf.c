#include "sandbox/quicksight/qs_pdf.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "sandbox/quicksight/qs_grid.h"
#include "sandbox/quicksight/qs_visual.h"

/* Points. */
enum {
	PAGE_WIDTH = 595,
	PAGE_HEIGHT = 842,
	MARGIN = 40,
	TOP = PAGE_HEIGHT - 64, /* of what is below the head */
	CELL_SIZE = 8,
	LINE = 11,
	HEADING_SIZE = 12,
	HEADING_LINE = 20,
};

enum {
	LINE_CHARS = 107, /* of CELL_SIZE: Courier is 0.6 of it wide */
	CELL_CHARS_MAX = 40,
	GAP_CHARS = 2,
};

struct qs_pdf {
	struct str title;
	struct {
		VEC(char *); /* content of each page */
	} pages;
	struct str page;
	int y; /* of the next line; 0: no page is open */
};

struct qs_pdf *qs_pdf_new(const char *title)
{
	struct qs_pdf *pdf = mem_alloc(sizeof(*pdf));

	pdf->title = (struct str)STR_EMPTY;
	pdf->page = (struct str)STR_EMPTY;
	str_add(&pdf->title, title);
	return pdf;
}

void qs_pdf_free(struct qs_pdf *pdf)
{
	if (pdf == NULL)
		return;
	for (size_t i = 0; i < pdf->pages.count; i++)
		mem_free(pdf->pages.items[i]);
	vec_done(&pdf->pages);
	str_done(&pdf->title);
	str_done(&pdf->page);
	mem_free(pdf);
}

/* --- text --- */

/* Those of code page 1252 that are not Latin-1. */
static const struct {
	uint32_t code;
	unsigned char byte;
} extra[] = {
	{ 0x20ac, 0x80 }, { 0x201a, 0x82 }, { 0x0192, 0x83 },
	{ 0x201e, 0x84 }, { 0x2026, 0x85 }, { 0x2030, 0x89 },
	{ 0x0160, 0x8a }, { 0x0152, 0x8c }, { 0x017d, 0x8e },
	{ 0x2018, 0x91 }, { 0x2019, 0x92 }, { 0x201c, 0x93 },
	{ 0x201d, 0x94 }, { 0x2022, 0x95 }, { 0x2013, 0x96 },
	{ 0x2014, 0x97 }, { 0x2122, 0x99 }, { 0x0161, 0x9a },
	{ 0x0153, 0x9c }, { 0x017e, 0x9e }, { 0x0178, 0x9f },
};

static unsigned char byte_of(uint32_t code)
{
	if (code == '\t' || code == '\n' || code == '\r')
		return ' ';
	if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0x100))
		return (unsigned char)code;
	for (size_t i = 0; i < COUNT_OF(extra); i++)
		if (extra[i].code == code)
			return extra[i].byte;
	return '?';
}

/* At most so many characters, the last "..." where some are left out. */
static void add_text(struct str *out, const char *text, size_t most)
{
	size_t len = strlen(text);
	size_t count = utf8_count(text, len);
	size_t shown = count > most ? most - 3 : count;

	for (size_t i = 0; i < shown; i++) {
		uint32_t code;
		size_t n = utf8_decode(text, len, &code);
		unsigned char byte = byte_of(code);

		n = n == 0 ? 1 : n;
		if (byte == '(' || byte == ')' || byte == '\\')
			str_addf(out, "\\%c", byte);
		else if (byte < 0x80)
			str_add_char(out, (char)byte);
		else
			str_addf(out, "\\%03o", byte);
		text += n;
		len -= n;
	}
	if (count > most)
		str_add(out, "...");
}

/* --- pages --- */

static void show(struct str *page, const char *font, int size, int x, int y,
		 const char *text)
{
	str_addf(page, "BT /%s %d Tf %d %d Td (", font, size, x, y);
	str_add(page, text);
	str_add(page, ") Tj ET\n");
}

static void end_page(struct qs_pdf *pdf)
{
	if (pdf->y == 0)
		return;
	vec_push(&pdf->pages, str_take(&pdf->page));
	pdf->y = 0;
}

static void begin_page(struct qs_pdf *pdf)
{
	CLEANUP(str_done) struct str title = STR_EMPTY;

	end_page(pdf);
	add_text(&title, pdf->title.text, 80);
	show(&pdf->page, "B", 9, MARGIN, PAGE_HEIGHT - 36, title.text);
	str_addf(&pdf->page, "0.5 w %d %d m %d %d l S\n", MARGIN,
		 PAGE_HEIGHT - 42, PAGE_WIDTH - MARGIN, PAGE_HEIGHT - 42);
	pdf->y = TOP;
}

/* Room for so many points, on a new page where this one ends. */
static bool need(struct qs_pdf *pdf, int points)
{
	if (pdf->y != 0 && pdf->y - points >= MARGIN)
		return false;
	begin_page(pdf);
	return true;
}

void qs_pdf_heading(struct qs_pdf *pdf, const char *text)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	need(pdf, HEADING_LINE + 3 * LINE);
	add_text(&shown, text, 70);
	pdf->y -= 6;
	show(&pdf->page, "B", HEADING_SIZE, MARGIN, pdf->y, shown.text);
	pdf->y -= HEADING_LINE - 6;
}

void qs_pdf_note(struct qs_pdf *pdf, const char *text)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	need(pdf, LINE);
	add_text(&shown, text, 100);
	show(&pdf->page, "H", CELL_SIZE, MARGIN, pdf->y, shown.text);
	pdf->y -= LINE;
}

/* --- tables --- */

struct column {
	size_t width;
	bool is_number; /* to the right */
};

struct widths {
	VEC(struct column);
};

static bool looks_like_number(const char *text)
{
	return strspn(text, "0123456789+-.eE") == strlen(text);
}

static size_t chars(const char *text)
{
	size_t count = utf8_count(text, strlen(text));

	return count > CELL_CHARS_MAX ? CELL_CHARS_MAX : count;
}

/* As wide as what is in them; the widest give way until all fit. */
static void measure(const struct qs_visual *visual, const struct qs_grid *grid,
		    struct widths *out)
{
	size_t total = 0;

	for (size_t i = 0; i < visual->fields.count; i++) {
		struct column column = {
			.width = chars(visual->fields.items[i].title.text),
			.is_number = qs_grid_rows(grid) > 0,
		};

		for (size_t j = 0; j < qs_grid_rows(grid); j++) {
			const char *text = qs_grid_cell(grid, j, i);
			size_t cell = chars(text);

			column.width = cell > column.width ? cell
							   : column.width;
			column.is_number &= looks_like_number(text);
		}
		column.width = column.width < 4 ? 4 : column.width;
		vec_push(out, column);
		total += column.width + GAP_CHARS;
	}
	while (total > LINE_CHARS) {
		size_t widest = 0;

		for (size_t i = 1; i < out->count; i++)
			if (out->items[i].width > out->items[widest].width)
				widest = i;
		if (out->items[widest].width <= 4)
			break;
		out->items[widest].width--;
		total--;
	}
}

/* Cells stand in columns of a font whose characters are equally wide. */
static void add_line(struct qs_pdf *pdf, const struct widths *widths,
		     const char *font, const char *const *cells)
{
	size_t at = 0;

	for (size_t i = 0; i < widths->count; i++) {
		const struct column *column = &widths->items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;
		size_t used = utf8_count(cells[i], strlen(cells[i]));
		size_t blank = column->is_number && used < column->width
				       ? column->width - used
				       : 0;

		if (at + column->width > LINE_CHARS)
			break;
		add_text(&text, cells[i], column->width);
		show(&pdf->page, font, CELL_SIZE,
		     MARGIN + (int)(at + blank) * CELL_SIZE * 6 / 10, pdf->y,
		     text.text);
		at += column->width + GAP_CHARS;
	}
	pdf->y -= LINE;
}

static void add_names(struct qs_pdf *pdf, const struct widths *widths,
		      const char **names)
{
	add_line(pdf, widths, "D", names);
	str_addf(&pdf->page, "0.3 w %d %d m %d %d l S\n", MARGIN,
		 pdf->y + LINE - 3, PAGE_WIDTH - MARGIN, pdf->y + LINE - 3);
}

void qs_pdf_table(struct qs_pdf *pdf, const struct qs_visual *visual,
		  const struct qs_grid *grid)
{
	struct widths widths = { 0 };
	const char **cells =
		mem_alloc_array(visual->fields.count, sizeof(*cells));

	measure(visual, grid, &widths);
	need(pdf, 2 * LINE);
	for (size_t i = 0; i < widths.count; i++)
		cells[i] = visual->fields.items[i].title.text;
	add_names(pdf, &widths, cells);
	for (size_t row = 0; row < qs_grid_rows(grid); row++) {
		if (need(pdf, LINE)) {
			for (size_t i = 0; i < widths.count; i++)
				cells[i] = visual->fields.items[i].title.text;
			add_names(pdf, &widths, cells);
		}
		for (size_t i = 0; i < widths.count; i++)
			cells[i] = qs_grid_cell(grid, row, i);
		add_line(pdf, &widths, "C", cells);
	}
	pdf->y -= LINE;
	mem_free(cells);
	vec_done(&widths);
}

/* --- the file --- */

/* Numbers of the objects: what is there once, then two for every page. */
enum {
	CATALOG = 1,
	PAGES,
	FONT_BOLD,
	FONT_TEXT,
	FONT_CELL,
	FONT_CELL_BOLD,
	INFO,
	FIRST_PAGE,
};

struct offsets {
	VEC(size_t);
};

static void begin_object(struct str *out, struct offsets *offsets)
{
	vec_push(offsets, out->len);
	str_addf(out, "%zu 0 obj\n", offsets->count);
}

static void add_fonts(struct str *out, struct offsets *offsets)
{
	static const char *const names[] = { "Helvetica-Bold", "Helvetica",
					     "Courier", "Courier-Bold" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		begin_object(out, offsets);
		str_addf(out,
			 "<< /Type /Font /Subtype /Type1 /BaseFont /%s"
			 " /Encoding /WinAnsiEncoding >>\nendobj\n",
			 names[i]);
	}
}

static void add_head(struct qs_pdf *pdf, struct str *out,
		     struct offsets *offsets)
{
	begin_object(out, offsets);
	str_addf(out, "<< /Type /Catalog /Pages %d 0 R >>\nendobj\n", PAGES);
	begin_object(out, offsets);
	str_add(out, "<< /Type /Pages /Kids [");
	for (size_t i = 0; i < pdf->pages.count; i++)
		str_addf(out, " %zu 0 R", FIRST_PAGE + 2 * i);
	str_addf(out, " ] /Count %zu >>\nendobj\n", pdf->pages.count);
	add_fonts(out, offsets);
	begin_object(out, offsets);
	str_add(out, "<< /Producer (redsh-sandbox) /Title (");
	add_text(out, pdf->title.text, 200);
	str_add(out, ") >>\nendobj\n");
}

static void add_page(struct qs_pdf *pdf, size_t at, struct str *out,
		     struct offsets *offsets)
{
	CLEANUP(str_done) struct str content = STR_EMPTY;
	CLEANUP(str_done) struct str foot = STR_EMPTY;

	str_add(&content, pdf->pages.items[at]);
	str_addf(&foot, "%zu / %zu", at + 1, pdf->pages.count);
	show(&content, "H", CELL_SIZE, PAGE_WIDTH / 2 - 12, MARGIN / 2,
	     foot.text);
	begin_object(out, offsets);
	str_addf(out,
		 "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d]"
		 " /Resources << /Font << /B %d 0 R /H %d 0 R /C %d 0 R"
		 " /D %d 0 R >> >> /Contents %zu 0 R >>\nendobj\n",
		 PAGES, PAGE_WIDTH, PAGE_HEIGHT, FONT_BOLD, FONT_TEXT,
		 FONT_CELL, FONT_CELL_BOLD, offsets->count + 1);
	begin_object(out, offsets);
	str_addf(out, "<< /Length %zu >>\nstream\n", content.len);
	str_add_slice(out, content.text, content.len);
	str_add(out, "endstream\nendobj\n");
}

void qs_pdf_write(struct qs_pdf *pdf, struct str *out)
{
	struct offsets offsets = { 0 };
	size_t table;

	if (pdf->y == 0 && pdf->pages.count == 0)
		begin_page(pdf);
	end_page(pdf);
	str_add(out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
	add_head(pdf, out, &offsets);
	for (size_t i = 0; i < pdf->pages.count; i++)
		add_page(pdf, i, out, &offsets);
	table = out->len;
	str_addf(out, "xref\n0 %zu\n0000000000 65535 f \n", offsets.count + 1);
	for (size_t i = 0; i < offsets.count; i++)
		str_addf(out, "%010zu 00000 n \n", offsets.items[i]);
	str_addf(out,
		 "trailer\n<< /Size %zu /Root %d 0 R /Info %d 0 R >>\n"
		 "startxref\n%zu\n%%%%EOF\n",
		 offsets.count + 1, CATALOG, INFO, table);
	vec_done(&offsets);
}
