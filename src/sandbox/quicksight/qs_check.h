/* sandbox/quicksight/qs_check.h - what the definition of an analysis or
 * dashboard means.
 *
 * The shapes are right already. What refers to something within the definition
 * is refused at once (ids that are there twice, fields, visuals, sheets,
 * filters and parameters that are not there, a grid wider than its 36
 * columns); what refers to data sets is found later and kept as Errors of the
 * version.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_CHECK_H
#define SANDBOX_QUICKSIGHT_QS_CHECK_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;

/* InvalidParameterValueException. */
bool qs_check_inside(const struct qs *qs, const struct json *definition,
		     struct err *err);

/* Errors of a version: Type, Message, ViolatedEntities; parameters: of the
 * request, NULL none. */
struct json *qs_check_data(const struct qs *qs, const struct json *definition,
			   const struct json *parameters);

/* ARNs of the data sets, and SheetId and Name of the sheets. */
struct json *qs_check_sets(const struct json *definition);
struct json *qs_check_sheets(const struct json *definition);

#endif
