/* sandbox/quicksight/qs_asset.h - what QuickSight's assets have in common.
 *
 * ARNs, times, pages of lists, searches, and who may do what with them. A
 * record of qs_store has the members that Describe answers, times in
 * milliseconds, and some more: Permissions (principals and their actions).
 */
#ifndef SANDBOX_QUICKSIGHT_QS_ASSET_H
#define SANDBOX_QUICKSIGHT_QS_ASSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sandbox/quicksight/qs.h"

struct json;
struct str;

/* kind: datasource, dataset, analysis, dashboard, user, namespace, ... */
void qs_add_arn(const char *region, const char *kind, const char *id,
		struct str *out);
/* Appends; false: no such ARN of this account. */
bool qs_read_arn(const char *arn, const char *kind, struct str *out_region,
		 struct str *out_id);

/* The region where users are. */
void qs_add_home(const struct qs *qs, struct str *out);

/* Copies the members, blank separated, that are there; times as seconds. */
void qs_pick(struct json *out, const struct json *record, const char *names);

/* The asset that the call's member id names; ResourceNotFoundException. */
struct json *qs_need(const struct qs_call *call, const char *kind,
		     const char *id_member, struct err *err);
/* ResourceExistsException. */
bool qs_need_new(const struct qs_call *call, struct qs_key key,
		 struct err *err);
/* A new asset's record: Arn, id, Name, Permissions and times.
 * LimitExceededException, InvalidParameterValueException. */
struct json *qs_new_asset(const struct qs_call *call, struct qs_key key,
			  const char *id_member, struct err *err);
struct qs_key qs_key_of(const struct qs_call *call, const char *kind,
			const char *id_member);

/* Arn, id of the record. */
void qs_put_who(struct qs_call *call, const struct json *record,
		const char *id_member);

/* Puts the page of list that the call asks for as name, each with the members
 * named. InvalidNextTokenException. */
bool qs_put_page(struct qs_call *call, const struct json *list,
		 const char *name, const char *members, struct err *err);

/* Puts the members of the record that there are as the object name. */
void qs_put_picked(struct qs_call *call, const char *name,
		   const struct json *record, const char *members);

/* Describe, and List and Search of the assets in the region (Search when the
 * call has Filters), as the row of the operation says. */
bool qs_describe(struct qs_call *call, struct err *err);
bool qs_list(struct qs_call *call, struct err *err);

/* --- permissions --- */

/* Of one list; NULL is fine. InvalidParameterValueException. */
bool qs_check_permissions(const struct qs *qs, const char *kind,
			  const struct json *list, struct err *err);
/* Operations of every kind of asset: the row of the operation names it. */
bool qs_describe_permissions(struct qs_call *call, struct err *err);
bool qs_update_permissions(struct qs_call *call, struct err *err);
/* Has the principal that action on the asset? */
bool qs_may(const struct json *record, const char *principal,
	    const char *action);

#endif
