#include "report/document.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "chart/chart.h"
#include "chart/svg.h"
#include "data/rows.h"
#include "data/xml.h"
#include "print/screen.h"
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
	str_add_char(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x80 || isalnum(c) || c == ' ')
			str_add_char(out, *text);
		else
			str_addf(out, "\\%x ", c);
	}
	str_add_char(out, '"');
}

static const char style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1c2024;--dim:#5c646c;"
	"--line:#e1e4e8;--head:#f6f7f9;--mark:#0072b2}\n"
	"@media (prefers-color-scheme:dark){:root{--bg:#16191d;--fg:#e4e6e8;"
	"--dim:#9aa2aa;--line:#2d333a;--head:#1e2328;--mark:#56a8e0}}\n"
	"body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--bg)"
	";color:var(--fg);font:16px/1.5 system-ui,sans-serif}\n"
	"h1{margin:0 0 .25rem}h2{margin:2.5rem 0 .5rem;border-top:1px solid "
	"var(--line);padding-top:1rem}\n"
	".about,.facts{color:var(--dim);font-size:.875rem}"
	"a{color:var(--mark)}\n"
	"figure{margin:1rem 0}figure svg{max-width:100%;height:auto}\n"
	".wide{overflow-x:auto}table{border-collapse:collapse;"
	"font-size:.875rem;font-variant-numeric:tabular-nums}\n"
	"th,td{padding:.25rem .75rem;border-bottom:1px solid var(--line);"
	"text-align:left;vertical-align:top;white-space:pre-wrap}\n"
	"th{background:var(--head)}th span{cursor:pointer}"
	"th span:focus-visible{outline:2px solid "
	"var(--mark)}\n"
	"th[aria-sort=ascending] span::after{content:\" \\2191\"}"
	"th[aria-sort=descending] span::after{content:\" \\2193\"}\n"
	".n{text-align:right}.null{color:var(--dim)}\n"
	"pre{background:var(--head);padding:.75rem;overflow-x:auto;"
	"font-size:.8125rem;white-space:pre-wrap}\n"
	"@media print{body{max-width:none;padding:0;font-size:11pt}"
	"nav{display:none}h2{break-after:avoid}figure,tr{break-inside:avoid}"
	"details::details-content{content-visibility:visible;"
	"block-size:auto}}\n";

/* Sorts by the column whose name is clicked, or chosen by Enter; again: the
 * other way. Numbers by size, from the text the server sent; nulls stay last.
 * Names are spans: Chromium leaves elements of forms out where it repeats the
 * head of a table on a printed page. */
static const char program[] =
	"const sort=b=>{\n"
	"const th=b.parentNode,tr=th.parentNode,at=th.cellIndex;\n"
	"const body=tr.parentNode.parentNode.tBodies[0];\n"
	"const up=th.getAttribute('aria-sort')!=='ascending';\n"
	"for(const o of tr.cells)o.removeAttribute('aria-sort');\n"
	"th.setAttribute('aria-sort',up?'ascending':'descending');\n"
	"const n=th.className==='n',key=r=>{const c=r.cells[at];\n"
	"if(c.firstElementChild)return null;\n"
	"return n?Number(c.textContent):c.textContent};\n"
	"[...body.rows].map(r=>[key(r),r]).sort((x,y)=>{\n"
	"if(x[0]===null||y[0]===null)return(x[0]===null)-(y[0]===null);\n"
	"const c=n?x[0]-y[0]:x[0].localeCompare(y[0]);\n"
	"return up?c:-c}).forEach(r=>body.append(r[1]))};\n"
	"document.querySelectorAll('th span').forEach(b=>{\n"
	"b.onclick=()=>sort(b);b.onkeydown=e=>{\n"
	"if(e.key==='Enter'||e.key===' '){e.preventDefault();sort(b)}}});\n"
	"addEventListener('beforeprint',()=>document.querySelectorAll("
	"'details').forEach(d=>d.open=true));\n";

void document_begin(struct str *out, const char *title, const char *about)
{
	str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		     "<meta charset=\"utf-8\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" "
		     "content=\"default-src 'none'; style-src 'unsafe-inline'; "
		     "script-src 'unsafe-inline'\">\n<title>");
	escape_text(out, title);
	str_add(out, "</title>\n<style>\n");
	str_add(out, style);
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
	str_add(out, "<script>\n");
	str_add(out, program);
	str_add(out, "</script>\n</body>\n</html>\n");
}

void document_contents(struct str *out, const char *const titles[],
		       size_t count)
{
	str_add(out, "<nav><ol>\n");
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
			    size_t number)
{
	str_addf(out, "<section id=\"s%zu\">\n", number);
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
	str_add(out, "<figure>\n");
	svg_chart(chart, 0, 0, out);
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

void document_no_chart(struct str *out, const char *why)
{
	str_add(out, "<p class=\"facts\">No chart: ");
	escape_text(out, str_starts(why, "\\chart: ") ? why + strlen("\\chart: ")
						       : why);
	str_add(out, ".</p>\n");
}

/* ---- tables ---- */

static const char *class_of(const struct rows_column *column)
{
	return rows_kind_is_number(column->kind) ? " class=\"n\"" : "";
}

static void add_row(struct str *out, const struct rows *rows,
		    const struct rows_value *values)
{
	str_add(out, "<tr>");
	for (size_t i = 0; i < rows->column_count; i++) {
		str_addf(out, "<td%s>", class_of(&rows->columns[i]));
		if (values[i].text)
			document_escape(out, values[i].text, values[i].len);
		else
			str_add(out, "<span class=\"null\">null</span>");
		str_add(out, "</td>");
	}
	str_add(out, "</tr>\n");
}

static void begin_table(struct str *out, const struct rows *rows)
{
	str_add(out, "<div class=\"wide\"><table>\n<thead><tr>");
	for (size_t i = 0; i < rows->column_count; i++) {
		str_addf(out,
			 "<th%s><span role=\"button\" "
			 "tabindex=\"0\">",
			 class_of(&rows->columns[i]));
		escape_text(out, rows->columns[i].name);
		str_add(out, "</span></th>");
	}
	str_add(out, "</tr></thead>\n<tbody>\n");
}

bool document_table(struct str *out, struct rows *rows,
		    struct document_facts *facts, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	facts->count = 0;
	if (facts->most > 0)
		begin_table(out, rows);
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		if (facts->count++ < facts->most)
			add_row(out, rows, values);
	if (facts->most > 0)
		str_add(out, "</tbody></table></div>\n");
	return step == ROWS_END;
}

/* A reader who sorts the table must know that it is not all. */
static void add_shown(struct str *out, const struct document_facts *facts)
{
	if (facts->most == 0 || facts->count <= facts->most)
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
			str_add(out,
				facts->count == 1 ? " row, " : " rows, ");
		}
		units_add_duration(out, facts->took_us);
		add_shown(out, facts);
		str_add(out, "</p>\n<details><summary>Query</summary><pre>");
		escape_text(out, sql);
		str_add(out, "</pre></details>\n");
	}
	str_add(out, "</section>\n");
}
