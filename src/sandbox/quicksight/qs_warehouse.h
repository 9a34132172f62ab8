/* sandbox/quicksight/qs_warehouse.h - QuickSight's connections to the
 * warehouse.
 *
 * Through the gateway, over TLS, as the user whom the data source names, like
 * any client: what that user may not see is not seen. Only hosts of this
 * machine are reached.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_WAREHOUSE_H
#define SANDBOX_QUICKSIGHT_QS_WAREHOUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct json;
struct qs;
struct rows;
struct rows_value;

/* source: a record with DataSourceParameters and Credentials. NULL: err.code
 * is one of ErrorInfo's types (ACCESS_DENIED, UNKNOWN_HOST, TIMEOUT,
 * GENERIC_SQL_FAILURE, ...), err.message its message. */
struct db *qs_warehouse_open(const struct qs *qs, const struct json *source,
			     struct err *err);

/* Runs one query, row by row; row false: it ends with err. On the server's
 * refusal err.code is its SQLSTATE. */
typedef bool qs_warehouse_row(void *context, const struct rows *rows,
			      const struct rows_value *values,
			      struct err *err);
bool qs_warehouse_run(struct db *db, const char *sql, qs_warehouse_row *row,
		      void *context, struct err *err);

/* The data source of the ARN; ERR_AWS ResourceNotFoundException. */
struct json *qs_warehouse_source(const struct qs *qs, const char *arn,
				 struct err *err);

/* STRING, INTEGER, DECIMAL, DATETIME, BIT, SEMISTRUCT: what QuickSight makes
 * of a column's type. */
const char *qs_warehouse_type(uint32_t oid, int kind);

#endif
