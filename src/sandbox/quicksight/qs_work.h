/* sandbox/quicksight/qs_work.h - the thread that does what QuickSight does
 * later.
 *
 * It takes the oldest work of qs_store, runs what the kind's row says and
 * goes on; the setting "work held" makes it wait.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_WORK_H
#define SANDBOX_QUICKSIGHT_QS_WORK_H

#include <stdbool.h>

#include "base/err.h"
#include "sandbox/quicksight/qs_store.h"

struct qs;
struct qs_work;

/* Each reads its record, does the work, and writes what came of it. */
void qs_source_work(struct qs *qs, struct qs_key key);
void qs_ingestion_work(struct qs *qs, struct qs_key key);
void qs_analysis_work(struct qs *qs, struct qs_key key);
void qs_dashboard_work(struct qs *qs, struct qs_key key);
void qs_job_work(struct qs *qs, struct qs_key key);

struct qs_work *qs_work_start(struct qs *qs, struct err *err);
void qs_work_stop(struct qs_work *work); /* NULL is fine */

/* Keeps the work and wakes the thread. */
bool qs_work_add(struct qs *qs, struct qs_key key, struct err *err);

#endif
