/* chart/svg_axes.h - axes of chart/svg, and the names below bars and grids. */
#ifndef CHART_SVG_AXES_H
#define CHART_SVG_AXES_H

struct svg_page;

void svg_axes(struct svg_page *page);

/* Names of x below a grid or bars. */
void svg_names(struct svg_page *page);

#endif
