/* sandbox/quicksight/qs_line.h - the lines of a line chart of QuickSight as
 * SVG. */
#ifndef SANDBOX_QUICKSIGHT_QS_LINE_H
#define SANDBOX_QUICKSIGHT_QS_LINE_H

struct qs_grid;
struct qs_visual;
struct str;

/* One line for each measure, or for each value of a second dimension. */
void qs_line_draw(const struct qs_visual *visual, const struct qs_grid *grid,
		  struct str *out);

#endif
