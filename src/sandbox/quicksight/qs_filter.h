/* sandbox/quicksight/qs_filter.h - filters of a QuickSight definition, as
 * conditions. */
#ifndef SANDBOX_QUICKSIGHT_QS_FILTER_H
#define SANDBOX_QUICKSIGHT_QS_FILTER_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct str;

struct qs_filter_on {
	const struct json *definition;
	const char *sheet_id;
	const char *visual_id;
	const char *set; /* DataSetIdentifier */
};

/* Appends " where ..." for those that are on and are for the visual; nothing
 * when there is none. err names a filter that the sandbox has not. */
bool qs_filter_add(const struct qs_filter_on *on, struct str *out,
		   struct err *err);

#endif
