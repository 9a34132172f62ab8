/* chart/vega.h - a chart as a specification of Vega-Lite 5.
 *
 * With the data as drawn (added up, counted, thinned out) inline, so that
 * other tools show the same picture. https://vega.github.io/vega-lite/docs/
 */
#ifndef CHART_VEGA_H
#define CHART_VEGA_H

struct chart;
struct str;

void vega_chart(const struct chart *chart, struct str *out);

#endif
