/* aws/quicksight_definition.h - sheets as the Definition of analyses and
 * dashboards.
 *
 * A sheet is a query: its visuals on QuickSight's grid of 36 columns, the table
 * at the end, and controls that filter by its dates and texts. Ids tell the
 * place: sheet s1, visuals s1-v1 ..., its table s1-table. Pure.
 */
#ifndef AWS_QUICKSIGHT_DEFINITION_H
#define AWS_QUICKSIGHT_DEFINITION_H

#include <stddef.h>

#include "aws/quicksight_shape.h"
#include "base/vec.h"

struct json;
struct str;

struct quicksight_sheet {
	char *title;
	char *text;			/* below the title; NULL: none */
	char *sql;			/* without a semicolon at its end */
	struct quicksight_columns columns;
	struct quicksight_visuals visuals;	/* the table is the last one */
	char *data_set_arn;		/* NULL until it is made */
};

struct quicksight_sheets {
	VEC(struct quicksight_sheet);
};

enum { QUICKSIGHT_MOST_SHEETS = 20 };	/* model: SheetDefinitionList */

void quicksight_sheets_done(struct quicksight_sheets *sheets);

/* Makes the titles, which are set, differ, also where case does not count: a
 * second "A" becomes "A (2)", or what is still free. They name the sheets and
 * their data sets. */
void quicksight_sheets_tell_apart(struct quicksight_sheets *sheets);

/* The titles differ. Yours to json_free or put. */
struct json *quicksight_definition(const struct quicksight_sheets *sheets);

/* "s1" of the first. Appends. */
void quicksight_add_sheet_id(size_t at, struct str *out);

#endif
