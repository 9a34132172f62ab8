/* sandbox/quicksight/qs_source.h - data sources made without a request: by a
 * stack. */
#ifndef SANDBOX_QUICKSIGHT_QS_SOURCE_H
#define SANDBOX_QUICKSIGHT_QS_SOURCE_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;

/* in: as CreateDataSource takes it, checked against its shape by the caller or
 * not: what is missing is refused. out gets Arn, DataSourceId and
 * CreationStatus; the status follows in DescribeDataSource's record. */
bool qs_source_create(struct qs *qs, const char *region, const struct json *in,
		      struct json *out, struct err *err);

/* What is given replaces what was there. ResourceNotFoundException. */
bool qs_source_update(struct qs *qs, const char *region, const struct json *in,
		      struct json *out, struct err *err);

/* Waits for the connection that was asked for; err.code: the type of
 * ErrorInfo, when it failed. */
bool qs_source_settle(struct qs *qs, const char *region, const char *id,
		      struct err *err);

/* ResourceNotFoundException. */
bool qs_source_delete(struct qs *qs, const char *region, const char *id,
		      struct err *err);

#endif
