/* sandbox/quicksight/qs_page.h - sheets of QuickSight as a page: bars, lines,
 * numbers, tables.
 *
 * Far plainer than QuickSight's own look: enough to see what a dashboard tells.
 * No scripts; all texts of the data are escaped.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_PAGE_H
#define SANDBOX_QUICKSIGHT_QS_PAGE_H

struct json;
struct qs;
struct str;

void qs_page_begin(const char *title, struct str *out);
void qs_page_end(struct str *out);
void qs_page_add_tag(struct str *out, const char *tag, const char *text);

/* Asks the warehouse for the rows. NULL for sheet or visual (ids): all. */
void qs_page_add_sheets(const struct qs *qs, const struct json *definition,
			const char *sheet, const char *visual, struct str *out);

#endif
