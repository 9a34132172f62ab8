/* load/copy_report.h - the sentence after a load: rows, files, bytes, time. */
#ifndef LOAD_COPY_REPORT_H
#define LOAD_COPY_REPORT_H

struct copyfrom;

/* Tells it, and how many lines did not load; sets ROW_COUNT. */
void copy_report(const struct copyfrom *copy);

#endif
