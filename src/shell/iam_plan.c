#include "shell/iam_plan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "aws/dbhost.h"
#include "aws/endpoint.h"
#include "aws/redshift.h"
#include "aws/serverless.h"
#include "aws/worker.h"
#include "base/mem.h"
#include "db/dsn.h"

void iam_plan_done(struct iam_plan *plan)
{
	str_done(&plan->name);
	str_done(&plan->domain);
	str_done(&plan->region);
	str_done(&plan->user);
	str_done(&plan->database);
	str_done(&plan->groups);
	str_done(&plan->account);
}

static bool is_on(const struct dsn *dsn, const char *keyword)
{
	const char *value = dsn_get(dsn, keyword);

	return value && strcmp(value, "true") == 0;
}

static void take(struct str *out, const struct dsn *dsn, const char *keyword)
{
	const char *value = dsn_get(dsn, keyword);

	if (value)
		str_set(out, value);
}

/* ---- which ---- */

static bool need_name(struct err *err)
{
	err_set(err, ERR_USAGE,
		"a login by IAM needs to know which cluster or workgroup");
	return err_hint(err, "add --cluster NAME or --workgroup NAME (through "
			     "a tunnel --region as well), or -h with the "
			     "warehouse's own host name");
}

static bool refuse_endpoint(const struct dbhost *host, struct err *err)
{
	bool serverless = host->kind == DBHOST_WORKGROUP;

	err_set(err, ERR_USAGE,
		"%s is the name of a VPC endpoint, not of a %s", host->name,
		serverless ? "workgroup" : "cluster");
	return err_hint(err, "say whose endpoint it is: add %s NAME",
			serverless ? "--workgroup" : "--cluster");
}

/* A tunnel's end, an address or a socket is nobody's domain. */
static bool may_be_domain(const char *host)
{
	return strchr(host, '.') && !strpbrk(host, "/:,") &&
	       strspn(host, "0123456789.") != strlen(host);
}

static bool find_name(struct iam_plan *plan, const struct dsn *dsn,
		      const char *host, const struct dbhost *says,
		      struct err *err)
{
	const char *cluster = dsn_get(dsn, "cluster_identifier");
	const char *workgroup = dsn_get(dsn, "serverless_work_group");

	if (cluster && workgroup)
		return err_set(err, ERR_USAGE,
			       "either a cluster (%s) or a workgroup (%s), not "
			       "both",
			       cluster, workgroup);
	plan->serverless = workgroup != NULL || is_on(dsn, "is_serverless") ||
			   (!cluster && says->kind == DBHOST_WORKGROUP);
	if (cluster || workgroup) {
		str_set(&plan->name, cluster ? cluster : workgroup);
		return true;
	}
	if (says->kind != DBHOST_OTHER && says->is_endpoint)
		return refuse_endpoint(says, err);
	if (says->kind != DBHOST_OTHER) {
		str_set(&plan->name, says->name);
		return true;
	}
	if (!may_be_domain(host))
		return need_name(err);
	str_set(&plan->domain, host);
	return true;
}

/* ---- as whom ---- */

static bool find_user(struct iam_plan *plan, const struct dsn *dsn,
		      struct err *err)
{
	const char *user = dsn_get(dsn, "db_user");

	if (is_on(dsn, "group_federation"))
		return true;
	if (!user)
		user = dsn_get(dsn, "user");
	if (plan->serverless) {
		if (!user)
			return true;
		err_set(err, ERR_USAGE,
			"a login to a workgroup is that of the AWS identity: "
			"no user \"%s\" can be asked for",
			user);
		return err_hint(err, "leave the user out (-U, db_user), or log "
				     "in with a password");
	}
	if (!user)
		user = getenv("PGUSER");
	str_set(&plan->user, user ? user : "");
	if (is_on(dsn, "force_lowercase"))
		for (size_t i = 0; i < plan->user.len; i++)
			plan->user.text[i] = (char)tolower(
				(unsigned char)plan->user.text[i]);
	return true;
}

bool iam_plan_make(const struct dsn *dsn, struct iam_plan *plan,
		   struct err *err)
{
	CLEANUP(str_done) struct str host = STR_EMPTY;
	const char *seconds = dsn_get(dsn, "duration");
	struct dbhost says;

	if (!dsn_effective(dsn, "host", &host))
		str_clear(&host);
	dbhost_parse(host.text, &says);
	if (!find_name(plan, dsn, host.text, &says, err) ||
	    !find_user(plan, dsn, err))
		return false;
	str_set(&plan->region, says.region);
	if (plan->serverless)
		str_set(&plan->account, says.account);
	take(&plan->account, dsn, "serverless_acct_id");
	take(&plan->region, dsn, "region");
	take(&plan->groups, dsn, "db_groups");
	if (!dsn_effective(dsn, "dbname", &plan->database))
		str_clear(&plan->database);
	plan->auto_create = is_on(dsn, "auto_create");
	plan->duration_s = seconds ? (int)strtol(seconds, NULL, 10) : 0;
	return true;
}

void iam_plan_add_key(const struct iam_plan *plan, struct str *out)
{
	str_addf(out, "%d\n%s\n%s\n%s\n%s\n%s\n%s\n%d", plan->serverless,
		 plan->name.text, plan->domain.text, plan->region.text,
		 plan->user.text, plan->database.text, plan->groups.text,
		 plan->auto_create);
}

/* ---- refusals ---- */

static const char *or_null(const struct str *text)
{
	return text->len > 0 ? text->text : NULL;
}

/* The account in "arn:aws:iam::123456789012:user/..." of a message. */
static void find_account(const char *message, struct str *out)
{
	for (const char *at = message; (at = strstr(at, "::")); at++)
		if (strspn(at + 2, "0123456789") == 12 && at[14] == ':') {
			str_set_slice(out, at + 2, 12);
			return;
		}
}

static void add_arn(const struct iam_plan *plan, const struct aws *aws,
		    const char *account, const char *resource, struct str *out)
{
	const char *region = plan->region.len > 0 ? plan->region.text
						  : worker_region(aws);

	str_addf(out, "arn:%s:redshift%s:%s:%s:%s", endpoint_partition(region),
		 plan->serverless ? "-serverless" : "", region, account,
		 resource);
}

static void add_named(const struct iam_plan *plan, const struct aws *aws,
		      const char *account, const char *kind, const char *name,
		      struct str *out)
{
	CLEANUP(str_done) struct str resource = STR_EMPTY;

	str_addf(&resource, "%s:%s/%s", kind,
		 plan->name.len > 0 ? plan->name.text : "*", name);
	add_arn(plan, aws, account, resource.text, out);
}

static void add_needed(const struct iam_plan *plan, const struct aws *aws,
		       const char *account, struct str *out)
{
	const char *database =
		plan->database.len > 0 ? plan->database.text : "*";

	if (plan->serverless) {
		str_add(out, "redshift-serverless:GetCredentials on ");
		add_arn(plan, aws, account, "workgroup/*", out);
		return;
	}
	if (plan->user.len == 0) {
		str_add(out, "redshift:GetClusterCredentialsWithIAM on ");
		add_named(plan, aws, account, "dbname", database, out);
		return;
	}
	str_add(out, "redshift:GetClusterCredentials on ");
	add_named(plan, aws, account, "dbuser", plan->user.text, out);
	if (plan->database.len > 0) {
		str_add(out, " and ");
		add_named(plan, aws, account, "dbname", database, out);
	}
	if (plan->auto_create)
		str_add(out, ", redshift:CreateClusterUser on the same dbuser");
	if (plan->groups.len > 0)
		str_addf(out, ", redshift:JoinGroup on dbgroup:%s/%s",
			 plan->name.text, plan->groups.text);
}

static void explain_refusal(const struct iam_plan *plan, const struct aws *aws,
			    struct err *err)
{
	CLEANUP(str_done) struct str account = STR_EMPTY;
	CLEANUP(str_done) struct str needed = STR_EMPTY;

	if (!err || !str_starts(err->code, "AccessDenied"))
		return;
	str_set(&account, plan->account.len > 0 ? plan->account.text : "*");
	find_account(err->message, &account);
	add_needed(plan, aws, account.text, &needed);
	err_hint(err, "the AWS identity in use needs %s", needed.text);
}

static void explain(const struct iam_plan *plan, const struct aws *aws,
		    struct err *err)
{
	CLEANUP(str_done) struct str where = STR_EMPTY;

	explain_refusal(plan, aws, err);
	str_add(&where, plan->region.len > 0 ? plan->region.text
					     : worker_region(aws));
	if (err && err->kind == ERR_MISSING)
		err_hint(err, "is it in region %s? redsh --warehouses lists "
			      "what there is",
			 where.text);
	err_wrap(err, "no login to %s %s",
		 plan->serverless ? "workgroup" : "cluster",
		 plan->name.len > 0 ? plan->name.text : plan->domain.text);
}

bool iam_plan_fetch(const struct iam_plan *plan, struct aws *aws, int stop_fd,
		    struct redshift_login *out, struct err *err)
{
	struct serverless_login_options workgroup = {
		.region = or_null(&plan->region),
		.workgroup = or_null(&plan->name),
		.domain = or_null(&plan->domain),
		.database = or_null(&plan->database),
		.duration_s = plan->duration_s,
		.stop_fd = stop_fd,
	};
	struct redshift_login_options cluster = {
		.region = or_null(&plan->region),
		.cluster = or_null(&plan->name),
		.domain = or_null(&plan->domain),
		.user = or_null(&plan->user),
		.database = or_null(&plan->database),
		.groups = or_null(&plan->groups),
		.auto_create = plan->auto_create,
		.duration_s = plan->duration_s,
		.stop_fd = stop_fd,
	};
	bool ok = plan->serverless
			  ? serverless_get_login(aws, &workgroup, out, err)
			  : redshift_get_login(aws, &cluster, out, err);

	if (!ok)
		explain(plan, aws, err);
	return ok;
}
