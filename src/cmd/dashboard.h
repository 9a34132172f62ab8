/* cmd/dashboard.h - what the verbs of \quicksight share: QuickSight as it is
 * spoken to from a session, and a dashboard by its name.
 */
#ifndef CMD_DASHBOARD_H
#define CMD_DASHBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/quicksight.h"
#include "base/err.h"
#include "base/str.h"

struct args;
struct session;

/* Progress goes to the session's line. */
bool dashboard_open(struct session *session, struct quicksight *quicksight,
		    struct err *err);

struct dashboard {
	struct str id;
	struct str name;
};

#define DASHBOARD_EMPTY                                                        \
	{                                                                      \
		.id = STR_EMPTY, .name = STR_EMPTY                             \
	}

void dashboard_done(struct dashboard *dashboard);

/* By a name (our own goes before others), or an id. ERR_MISSING: there is
 * none; ERR_USAGE: several have the name, and their ids. */
bool dashboard_find(struct quicksight *quicksight, const char *name,
		    struct dashboard *out, struct err *err);

/* The verbs; each has its words behind it: see cmd_quicksight. */
bool dashboard_publish(struct session *session, const struct args *args,
		       struct err *err);
bool dashboard_refresh(struct session *session, const struct args *args,
		       struct err *err);
bool dashboard_permissions(struct session *session, const struct args *args,
			   struct err *err);
bool dashboard_show(struct session *session, const struct args *args,
		    struct err *err);
bool dashboard_report(struct session *session, const struct args *args,
		      struct err *err);
bool dashboard_delete(struct session *session, const struct args *args,
		      struct err *err);

/* Appends the word at, without the double quotes around it; false: there is
 * none. */
bool dashboard_word(const struct args *args, size_t at, struct str *out);

#define DASHBOARD_PUBLISH_LINE                                                 \
	"\\quicksight publish NAME [TABLE | FILE.sql | (QUERY)] [as KIND]"

/* The same of a switch's value, into out; NULL: it is not given. */
const char *dashboard_option(const struct args *args, const char *name,
			     struct str *out);

/* Rows that SPICE did not take. */
void dashboard_warn_dropped(struct session *session, int64_t count);

/* Opens QuickSight and finds the dashboard of the first word. */
bool dashboard_named(struct session *session, const struct args *args,
		     struct quicksight *quicksight, struct dashboard *out,
		     struct err *err);

#endif
