/* cmd/report_pdf.h - a page printed to PDF by an installed Chromium. */
#ifndef CMD_REPORT_PDF_H
#define CMD_REPORT_PDF_H

#include <stdbool.h>

#include "base/err.h"

struct str;

/* Appends the program's path; ERR_MISSING tells what to install. */
bool report_pdf_browser(struct str *out, struct err *err);

/* Prints the file page to the file pdf, which is whole or not there. Ctrl-C
 * ends it. */
bool report_pdf_print(const char *browser, const char *page, const char *pdf,
		      struct err *err);

#endif
