#include "report/look.h"

#include "base/str.h"

/* A cell is one line, but for long texts (.w): they take the room there is.
 * In print all of them do, for nobody can scroll there; numbers and times
 * (.n, .d) are broken nowhere. */
const char look_style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1c2024;--dim:#5c646c;"
	"--line:#e1e4e8;--head:#f6f7f9;--mark:#0072b2;--bad:#b3261e}\n"
	"@media (prefers-color-scheme:dark){:root{--bg:#16191d;--fg:#e4e6e8;"
	"--dim:#9aa2aa;--line:#2d333a;--head:#1e2328;--mark:#56a8e0;"
	"--bad:#f2857c}}\n"
	"body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--bg)"
	";color:var(--fg);font:16px/1.5 system-ui,sans-serif;"
	"overflow-wrap:break-word}\n"
	"h1{margin:0 0 .25rem;line-height:1.25}h2{margin:2.5rem 0 .5rem;"
	"border-top:1px solid var(--line);padding-top:1rem;line-height:1.25}\n"
	".about,.facts{color:var(--dim);font-size:.875rem}"
	".bad{color:var(--bad);white-space:pre-wrap}a{color:var(--mark)}\n"
	"figure{margin:1rem 0}figure svg{max-width:100%;height:auto}\n"
	".wide{overflow-x:auto}table{border-collapse:collapse;"
	"font-size:.875rem;font-variant-numeric:tabular-nums}\n"
	"th,td{padding:.25rem .75rem;border-bottom:1px solid var(--line);"
	"text-align:left;vertical-align:top;white-space:pre;"
	"unicode-bidi:plaintext}\n"
	".w{white-space:pre-wrap;overflow-wrap:anywhere;min-width:16rem}\n"
	"th{background:var(--head);white-space:pre-wrap}"
	"th span{cursor:pointer}"
	"th span:focus-visible,.wide:focus-visible{outline:2px solid "
	"var(--mark)}\n"
	"th[aria-sort=ascending] span::after{content:\" \\2191\"}"
	"th[aria-sort=descending] span::after{content:\" \\2193\"}\n"
	".n{text-align:right}.null{color:var(--dim)}\n"
	"pre{background:var(--head);padding:.75rem;overflow-x:auto;"
	"font-size:.8125rem;white-space:pre-wrap}\n"
	/* Charts scroll on a telephone: smaller, nobody could read them. Names
	 * of columns stay in sight of long tables. */
	"@media screen{figure{overflow-x:auto}figure svg{min-width:40rem}"
	".wide{max-height:85vh;overflow:auto}"
	"th{position:sticky;top:0;border:0;"
	"box-shadow:inset 0 -1px var(--line)}}\n"
	"@media print{body{max-width:none;padding:0;font-size:11pt}"
	"nav{display:none}h1,h2,summary{break-after:avoid}"
	".facts{break-before:avoid}"
	"figure,tr{break-inside:avoid}.wide{overflow:visible}"
	"table{font-size:8pt}th,td{padding:.1rem .4rem;white-space:pre-wrap}"
	".n,.d{white-space:pre}.w{min-width:0}"
	"th[aria-sort] span::after{content:none}"
	"details::details-content{content-visibility:visible;"
	"block-size:auto}}\n";

/* Sorts by the column whose name is clicked, or chosen by Enter; again: the
 * other way; once more: as the query had it. Numbers by size, from the text
 * the server sent: what a double holds first, then all digits; NaN is the
 * greatest, as for the server. Nulls stay last. Names are spans: Chromium
 * leaves elements of forms out where it repeats the head of a table on a
 * printed page. */
const char look_program[] =
	"const collator=new Intl.Collator(undefined,{numeric:true});\n"
	"const number=(x,y)=>isNaN(x.n)-isNaN(y.n)||x.n-y.n||"
	"collator.compare(x.t,y.t)*(x.n<0?-1:1);\n"
	"const sort=b=>{\n"
	"const th=b.parentNode,tr=th.parentNode,at=th.cellIndex;\n"
	"const body=tr.parentNode.parentNode.tBodies[0];\n"
	"const was=th.getAttribute('aria-sort');\n"
	"const up=was!=='ascending',back=was==='descending';\n"
	"for(const o of tr.cells)o.removeAttribute('aria-sort');\n"
	"if(!back)th.setAttribute('aria-sort',up?'ascending':'descending');\n"
	"const is=th.classList.contains('n');\n"
	"const compare=is?number:(x,y)=>collator.compare(x.t,y.t);\n"
	"const rows=[...body.rows].map((r,i)=>{\n"
	"if(r.place===undefined)r.place=i;\n"
	"const c=r.cells[at],t=c.textContent;\n"
	"return{r,t,z:!!c.firstElementChild,"
	"n:is?Number(t.replace(/[$,]/g,'')):0}});\n"
	"rows.sort((x,y)=>back?x.r.place-y.r.place:"
	"x.z||y.z?x.z-y.z:up?compare(x,y):-compare(x,y));\n"
	"for(const row of rows)body.append(row.r)};\n"
	"document.querySelectorAll('th span').forEach(b=>{\n"
	"b.onclick=()=>sort(b);b.onkeydown=e=>{\n"
	"if(e.key==='Enter'||e.key===' '){e.preventDefault();sort(b)}}});\n"
	"addEventListener('beforeprint',()=>document.querySelectorAll("
	"'details').forEach(d=>d.open=true));\n";

/* ---- papers ---- */

static const struct {
	int width_mm, height_mm;
} papers[LOOK_PAPERS] = {
	{ 210, 297 },  { 297, 210 },  { 420, 297 },  { 594, 297 },
	{ 841, 297 },  { 1189, 297 }, { 1682, 297 }, { 2378, 297 },
	{ 3364, 297 }, { 4756, 297 },
};

enum { SIDES_MM = 30 };

/* Of 8 points the digits of wide fonts take 1.8 mm, letters 1.5; a cell has
 * margins of 3.4. */
int look_paper(const struct look_width *width)
{
	double width_mm = 1.8 * (double)width->rigid +
			  1.5 * (double)width->letters +
			  3.4 * (double)width->columns;
	int paper = 0;

	while (paper < LOOK_PAPERS - 1 &&
	       width_mm > papers[paper].width_mm - SIDES_MM)
		paper++;
	return paper;
}

void look_add_papers(struct str *out)
{
	for (int i = 1; i < LOOK_PAPERS; i++)
		str_addf(out,
			 "@page p%d{size:%dmm %dmm}@media print{.p%d{page:p%d}}"
			 "\n",
			 i, papers[i].width_mm, papers[i].height_mm, i, i);
}
