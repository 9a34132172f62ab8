/* cmd/dashboard_sheets.h - what is to be published as sheets of a dashboard.
 *
 * A table, a query, the statements of the query buffer, or a SQL file with the
 * comments of \report. The columns of each come from the server, which parses
 * the query and runs nothing.
 */
#ifndef CMD_DASHBOARD_SHEETS_H
#define CMD_DASHBOARD_SHEETS_H

#include <stdbool.h>

#include "aws/quicksight_definition.h"
#include "base/err.h"

struct session;

struct dashboard_source {
	const char *name;	/* of the dashboard */
	const char *table;	/* SQL text, or a file's name: *.sql; NULL */
	const char *query;	/* NULL: none */
	const char *text;	/* statements; NULL: none */
	enum quicksight_kind kind;	/* of the charts; GUESS: by shape */
};

/* *out is { 0 }. ERR_USAGE, ERR_DATA, ERR_SERVER name the sheet. */
bool dashboard_sheets_read(struct session *session,
			   const struct dashboard_source *source,
			   struct quicksight_sheets *out, struct err *err);

#endif
