/* sandbox/quicksight/qs_ingestion.h - SPICE: the data set's query, run and
 * counted. */
#ifndef SANDBOX_QUICKSIGHT_QS_INGESTION_H
#define SANDBOX_QUICKSIGHT_QS_INGESTION_H

#include <stdbool.h>

#include "base/err.h"

struct qs_call;

/* Puts IngestionArn and IngestionId. request_type: INITIAL_INGESTION, EDIT. */
bool qs_ingestion_begin(struct qs_call *call, const char *set_id,
			const char *request_type, struct err *err);

/* Those of a data set that is deleted. */
bool qs_ingestion_drop_all(const struct qs_call *call, const char *set_id,
			   struct err *err);

#endif
