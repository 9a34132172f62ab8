#include "sandbox/quicksight/qs_report.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/csv.h"
#include "data/json.h"
#include "data/rows.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_grid.h"
#include "sandbox/quicksight/qs_pdf.h"
#include "sandbox/quicksight/qs_visual.h"

/* A job's file is held in memory; QuickSight's own limit is in rows. */
enum { CSV_MAX_BYTES = 256 << 20 };

static bool add_row(void *context, const struct rows *rows,
		    const struct rows_value *values, struct err *err)
{
	struct str *out = context;

	for (size_t i = 0; i < rows->column_count; i++) {
		if (i > 0)
			str_add_char(out, ',');
		if (values[i].text != NULL)
			csv_add_field(out, values[i].text, values[i].len, ',');
	}
	str_add(out, "\r\n");
	return out->len <= CSV_MAX_BYTES ||
	       err_set(err, ERR_USAGE, "the visual has too many rows for a "
				       "file of this sandbox");
}

bool qs_report_csv(const struct qs *qs, const struct json *version,
		   const char *sheet_id, const char *visual_id,
		   struct str *out, struct err *err)
{
	const struct json *definition = json_key(version, "Definition");
	const struct json *sheet = qs_visual_sheet(definition, sheet_id);
	CLEANUP(qs_visual_done) struct qs_visual visual = QS_VISUAL_EMPTY;

	if (!qs_visual_read(qs, definition, sheet, visual_id, &visual, err))
		return false;
	for (size_t i = 0; i < visual.fields.count; i++) {
		const struct str *title = &visual.fields.items[i].title;

		if (i > 0)
			str_add_char(out, ',');
		csv_add_field(out, title->text, title->len, ',');
	}
	str_add(out, "\r\n");
	return qs_visual_run(qs, &visual, add_row, out, err);
}

static bool add_visual(const struct qs *qs, const struct json *definition,
		       const struct json *sheet, const char *id,
		       struct qs_pdf *pdf, struct err *err)
{
	CLEANUP(qs_visual_done) struct qs_visual visual = QS_VISUAL_EMPTY;
	CLEANUP(qs_grid_done) struct qs_grid grid = { 0 };

	if (!qs_visual_read(qs, definition, sheet, id, &visual, err) ||
	    !qs_grid_fill(&grid, qs, &visual, err))
		return false;
	qs_pdf_heading(pdf, visual.title.len > 0 ? visual.title.text : id);
	if (grid.rows_total > qs_grid_rows(&grid))
		qs_pdf_note(pdf, "Only the first rows are shown.");
	qs_pdf_table(pdf, &visual, &grid);
	return true;
}

bool qs_report_pdf(const struct qs *qs, const struct json *version,
		   const char *sheet_id, struct str *out, struct err *err)
{
	const struct json *definition = json_key(version, "Definition");
	const struct json *sheet = qs_visual_sheet(definition, sheet_id);
	CLEANUP(str_done) struct str title = STR_EMPTY;
	CLEANUP(qs_pdf_freep) struct qs_pdf *pdf = NULL;
	const struct json *visual;
	const char *kind;

	str_addf(&title, "%s - %s", json_text(version, "Name", ""),
		 json_text(sheet, "Name", sheet_id));
	pdf = qs_pdf_new(title.text);
	for (size_t i = 0; (visual = qs_visual_at(sheet, i, &kind)) != NULL;
	     i++)
		if (!add_visual(qs, definition, sheet,
				json_text(visual, "VisualId", ""), pdf, err))
			return false;
	qs_pdf_write(pdf, out);
	return true;
}
