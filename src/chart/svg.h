/* chart/svg.h - a chart as one SVG file that needs nothing else.
 *
 * Colours follow the page by a media query, texts are texts (found and read
 * aloud), values are in <title>, which browsers show as tooltips. No scripts,
 * no fonts, no network.
 */
#ifndef CHART_SVG_H
#define CHART_SVG_H

struct chart;
struct str;

/* width and height in columns and lines of a terminal, 0: as usual. */
void svg_chart(const struct chart *chart, int width, int height,
	       struct str *out);

#endif
