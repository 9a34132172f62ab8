/* sandbox/quicksight/qs_set.h - data sets of QuickSight as others need them. */
#ifndef SANDBOX_QUICKSIGHT_QS_SET_H
#define SANDBOX_QUICKSIGHT_QS_SET_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;
struct str;

/* The record of the ARN; NULL: there is none. */
struct json *qs_set_find(const struct qs *qs, const char *arn);

/* STRING, INTEGER, DECIMAL, DATETIME or BIT; NULL: no such column. Borrowed
 * from the record. */
const char *qs_set_column(const struct json *record, const char *name);

/* Appends the query whose rows are the data set's, and the ARN of its data
 * source. */
void qs_set_query(const struct json *record, struct str *out_sql,
		  struct str *out_source);

#endif
