/* load/copy_report.h - the sentence after a load: rows, files, bytes, time. */
#ifndef LOAD_COPY_REPORT_H
#define LOAD_COPY_REPORT_H

#include <stdint.h>

struct copyfrom;

/* Tells it, and how many lines did not load; sets ROW_COUNT. The rows, -1
 * when they cannot be asked for. */
int64_t copy_report(const struct copyfrom *copy);

#endif
