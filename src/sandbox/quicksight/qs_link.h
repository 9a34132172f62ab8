/* sandbox/quicksight/qs_link.h - links of QuickSight that need no signature of
 * AWS's.
 *
 * Below /-quicksight/ (no bucket's name begins so): results of snapshot jobs,
 * signed and valid for some minutes, and embedded dashboards, once and for
 * five minutes. They are as good as the keys of the account.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_LINK_H
#define SANDBOX_QUICKSIGHT_QS_LINK_H

#include "base/err.h"

struct json;
struct qs;
struct qs_call;
struct s3_call;
struct str;

/* Appends where a result of a job is kept, and its link. folder, name: as
 * made here, letters, digits, '-' and '.'. */
void qs_link_path(const struct qs *qs, const char *folder, const char *name,
		  struct str *out);
void qs_link_add(const struct qs_call *call, const char *folder,
		 const char *name, struct str *out);

/* Answers a request for one, also when it is refused. */
void qs_link_run(struct s3_call *call);

#endif
