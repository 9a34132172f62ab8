/* sandbox/quicksight/qs_pdf.h - a small PDF: titles and tables on as many
 * pages as needed.
 *
 * A4, the fonts that every reader has, so that characters outside of Windows
 * code page 1252 are shown as "?". Columns of a table that do not fit are cut.
 * [ISO 32000-1, 7.5, 9.6.2.2]
 */
#ifndef SANDBOX_QUICKSIGHT_QS_PDF_H
#define SANDBOX_QUICKSIGHT_QS_PDF_H

#include "base/mem.h"

struct qs_grid;
struct qs_pdf;
struct str;
struct qs_visual;

/* title: of the document, in the head of every page. */
struct qs_pdf *qs_pdf_new(const char *title);
void qs_pdf_free(struct qs_pdf *pdf); /* NULL is fine */
CLEANUP_FREE(struct qs_pdf, qs_pdf_free, qs_pdf_freep)

void qs_pdf_heading(struct qs_pdf *pdf, const char *text);
void qs_pdf_note(struct qs_pdf *pdf, const char *text);

/* The names of the visual's fields above, on every page anew. */
void qs_pdf_table(struct qs_pdf *pdf, const struct qs_visual *visual,
		  const struct qs_grid *grid);

/* Appends the whole file. */
void qs_pdf_write(struct qs_pdf *pdf, struct str *out);

#endif
