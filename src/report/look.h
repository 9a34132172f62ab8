/* report/look.h - the style of a report's page, its papers and its program.
 *
 * All is fixed text: nothing of the data is in it.
 */
#ifndef REPORT_LOOK_H
#define REPORT_LOOK_H

struct str;

extern const char look_style[];
extern const char look_program[];

/* Papers by width: A4, A4 lying, and as high as that and wider, so that no
 * column of a table is cut off in print. From 0; class "p0". */
enum { LOOK_PAPERS = 10 };

/* Letters of what a table has in its widest row. */
struct look_width {
	long rigid;   /* in numbers and times, which are broken nowhere */
	long letters; /* in texts */
	long columns;
};

/* The first paper that has room for it; the widest when none. */
int look_paper(const struct look_width *width);

/* @page rules of all papers. */
void look_add_papers(struct str *out);

#endif
