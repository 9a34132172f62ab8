#include "sandbox/services/api_policy.h"

#include <fnmatch.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/ground/tsv.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum { ACTION, RESOURCE }; /* columns of denied.tsv */

static bool is_denied(const struct tsv *tsv, const char *action,
		      const char *resource)
{
	for (size_t i = 0; i < tsv_count(tsv); i++) {
		const struct tsv_row *row = tsv_row(tsv, i);

		if (fnmatch(row->cells[ACTION], action, 0) == 0 &&
		    fnmatch(row->cells[RESOURCE], resource, 0) == 0)
			return true;
	}
	return false;
}

void api_policy_add_caller(const struct s3_call *call, struct str *out)
{
	const struct identity_role *role = call->auth.role;

	if (role != NULL)
		str_addf(out,
			 "arn:aws:sts::" IDENTITY_ACCOUNT ":assumed-role/%s/%s",
			 strrchr(role->arn, '/') + 1, call->auth.session.text);
	else
		str_add(out, "arn:aws:iam::" IDENTITY_ACCOUNT
			     ":user/" IDENTITY_USER);
}

static bool refuse(const char *caller, const char *action, const char *resource,
		   bool denied, struct err *err)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;

	if (denied)
		str_add(&why, "with an explicit deny in an identity-based "
			      "policy");
	else
		str_addf(&why,
			 "because no identity-based policy allows the %s "
			 "action",
			 action);
	return s3_call_refuse(err, "AccessDenied",
			      "User: %s is not authorized to perform: %s on "
			      "resource: %s %s",
			      caller, action, resource, why.text);
}

/* DIR/denied.tsv; dir NULL allows everything. */
static bool check_caller(const char *dir, const char *caller,
			 const char *action, const char *resource,
			 struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(tsv_freep) struct tsv *tsv = NULL;

	if (dir == NULL)
		return true;
	path_join(dir, "denied.tsv", &path);
	if (!file_exists(path.text))
		return true;
	tsv = tsv_read(path.text, err);
	if (tsv == NULL)
		return false;
	return !is_denied(tsv, action, resource) ||
	       refuse(caller, action, resource, false, err);
}

bool api_policy_check_as(const struct s3_http_options *options,
			 const char *caller, const struct identity_role *role,
			 const char *action, const char *resource,
			 struct err *err)
{
	enum account_decision decision =
		role == NULL ? ACCOUNT_ALLOWED
			     : account_decide(options->identity, role, action,
					      resource);

	if (decision != ACCOUNT_ALLOWED)
		return refuse(caller, action, resource,
			      decision == ACCOUNT_DENIED, err);
	return check_caller(options->dir, caller, action, resource, err);
}

bool api_policy_check_role(const struct s3_call *call, const char *action,
			   const char *resource, struct err *err)
{
	CLEANUP(str_done) struct str who = STR_EMPTY;

	api_policy_add_caller(call, &who);
	return api_policy_check_as(call->options, who.text, call->auth.role,
				   action, resource, err);
}

bool api_policy_check(const struct s3_call *call, const char *action,
		      const char *resource, struct err *err)
{
	CLEANUP(str_done) struct str who = STR_EMPTY;

	api_policy_add_caller(call, &who);
	return check_caller(call->options->dir, who.text, action, resource,
			    err);
}

bool api_policy_check_named(const struct s3_call *call, const char *action,
			    const char *kind, const char *name, struct err *err)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	if (name == NULL)
		return true;
	str_addf(&arn,
		 "arn:aws:redshift:" IDENTITY_REGION ":" IDENTITY_ACCOUNT
		 ":%s:" IDENTITY_CLUSTER "/%s",
		 kind, name);
	return api_policy_check(call, action, arn.text, err);
}
