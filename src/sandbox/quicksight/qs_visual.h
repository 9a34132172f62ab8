/* sandbox/quicksight/qs_visual.h - what a visual of QuickSight shows, as a
 * query.
 *
 * Its dimensions and measures over the data set's own query, grouped, sorted
 * and filtered as the definition says. Rows come from the warehouse as the
 * data source's user sees them.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_VISUAL_H
#define SANDBOX_QUICKSIGHT_QS_VISUAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/quicksight/qs_warehouse.h"

struct json;
struct qs;

struct qs_field {
	const struct json *field; /* of the definition */
	const char *shape;
	struct str title;
};

struct qs_visual {
	const char *id;    /* of the definition, as all that is borrowed */
	struct str title;  /* "" none */
	struct str sql;
	struct str source; /* ARN of the data source */
	struct {
		VEC(struct qs_field); /* dimensions, then measures */
	} fields;
};

#define QS_VISUAL_EMPTY                                                        \
	{                                                                      \
		.title = STR_EMPTY, .sql = STR_EMPTY, .source = STR_EMPTY      \
	}

void qs_visual_done(struct qs_visual *visual);

/* Or a dimension, or a column as it is. */
bool qs_visual_is_measure(const struct qs_field *field);

/* The sheet of that id, NULL: none; and its visual: the object with VisualId,
 * *out_kind "TableVisual". */
const struct json *qs_visual_sheet(const struct json *definition,
				   const char *sheet_id);
const struct json *qs_visual_find(const struct json *sheet, const char *id,
				  const char **out_kind);
/* The visual at that place of the sheet; NULL: past the end. */
const struct json *qs_visual_at(const struct json *sheet, size_t at,
				const char **out_kind);

/* Fills out, which is EMPTY. err: what the sandbox does not compute. */
bool qs_visual_read(const struct qs *qs, const struct json *definition,
		    const struct json *sheet, const char *id,
		    struct qs_visual *out, struct err *err);

bool qs_visual_run(const struct qs *qs, const struct qs_visual *visual,
		   qs_warehouse_row *row, void *context, struct err *err);

#endif
