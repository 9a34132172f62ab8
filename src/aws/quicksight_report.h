/* aws/quicksight_report.h - a dashboard's sheet as a file: snapshot jobs.
 *
 * QuickSight makes one PDF of a sheet, or one CSV of a table, in a job, and
 * keeps it at a link that is good for some minutes.
 */
#ifndef AWS_QUICKSIGHT_REPORT_H
#define AWS_QUICKSIGHT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct json;
struct quicksight;

struct quicksight_report {
	const char *dashboard;	/* id */
	const char *name;	/* of it, for people */
	const char *sheet;	/* title or id; NULL: the first */
	bool csv;		/* of the sheet's table; else a PDF */
};

/* Starts the job, follows it, and writes its file to fd from its start. On
 * Ctrl-C the job goes on at QuickSight and is forgotten there. */
bool quicksight_report(struct quicksight *quicksight,
		       const struct quicksight_report *report, int fd,
		       int64_t *out_bytes, struct err *err);

#endif
