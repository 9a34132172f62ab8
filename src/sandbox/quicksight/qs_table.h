/* sandbox/quicksight/qs_table.h - the physical table of a QuickSight data set,
 * tried on the warehouse: its query is prepared, its columns are compared. */
#ifndef SANDBOX_QUICKSIGHT_QS_TABLE_H
#define SANDBOX_QUICKSIGHT_QS_TABLE_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs_call;
struct str;

/* in: of CreateDataSet or UpdateDataSet. Puts Columns (name and type as the
 * warehouse has it) and OutputColumns into the record. ResourceNotFound-
 * Exception, InvalidParameterValueException. */
bool qs_table_check(const struct qs_call *call, const struct json *in,
		    struct json *record, struct err *err);

/* The query of the physical table, and its data source. */
void qs_table_query(const struct json *physical, struct str *out_sql,
		    struct str *out_source);

/* The only one of PhysicalTableMap; NULL: not one. */
const struct json *qs_table_of(const struct json *map);

#endif
