/* aws/quicksight_visual.h - a visual as JSON of QuickSight's definitions.
 *
 * Source: the model's structure Visual and what hangs on it. Field ids are
 * VISUAL-f1, VISUAL-f2 ... in the order of the field wells. Pure.
 */
#ifndef AWS_QUICKSIGHT_VISUAL_H
#define AWS_QUICKSIGHT_VISUAL_H

#include "aws/quicksight_shape.h"

struct json;

struct quicksight_place {
	const char *id;			/* of the visual, in the definition */
	const char *data_set;		/* its identifier there */
};

/* Yours to json_free or put: {"BarChartVisual": {...}}. */
struct json *quicksight_visual(const struct quicksight_visual *visual,
			       const struct quicksight_columns *columns,
			       const struct quicksight_place *place);

/* {"DataSetIdentifier": ..., "ColumnName": ...} */
struct json *quicksight_column_of(const struct quicksight_column *column,
				  const char *data_set);

#endif
