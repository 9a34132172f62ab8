/* sandbox/quicksight/qs_report.h - files of QuickSight's snapshot jobs: CSV
 * and PDF. */
#ifndef SANDBOX_QUICKSIGHT_QS_REPORT_H
#define SANDBOX_QUICKSIGHT_QS_REPORT_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;
struct str;

/* Appends the rows of the visual, names first. */
bool qs_report_csv(const struct qs *qs, const struct json *version,
		   const char *sheet_id, const char *visual_id,
		   struct str *out, struct err *err);

/* Appends the sheet: its visuals as tables. */
bool qs_report_pdf(const struct qs *qs, const struct json *version,
		   const char *sheet_id, struct str *out, struct err *err);

#endif
