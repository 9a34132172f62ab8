#include "cmd/platform_keep.h"

#include <string.h>

#include "aws/cloudformation.h"
#include "aws/redshift.h"
#include "aws/worker.h"
#include "base/str.h"
#include "cmd/platform_place.h"
#include "db/dsn.h"
#include "shell/saved.h"
#include "shell/session.h"

/* What the outputs of the templates are in a connection. */
static const struct {
	const char *output;
	const char *keyword;
} rows[] = {
	{ "ClusterIdentifier", "cluster_identifier" },
	{ "WorkgroupName", "serverless_work_group" },
	{ "ConnectionHost", "host" },
	{ "ConnectionPort", "port" },
	{ "Database", "dbname" },
	{ "CopyRoleArn", "copy_role" },
};

static void add_region(const struct platform_place *place, struct str *out)
{
	if (place->to.region != NULL)
		str_add(out, place->to.region);
	else
		worker_add_region(place->to.aws, out);
}

static struct dsn *make(struct platform_place *place,
			const struct cloudformation_stack *stack)
{
	const struct cloudformation_pairs *outputs = &stack->outputs;
	const char *bucket = cloudformation_pair(outputs, "DataBucket");
	const char *admin = cloudformation_pair(outputs, "AdminUser");
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct dsn *dsn = dsn_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *value =
			cloudformation_pair(outputs, rows[i].output);

		if (value != NULL && value[0] != '\0')
			dsn_set(dsn, rows[i].keyword, value);
	}
	dsn_set(dsn, "iam", "true");
	/* A workgroup's login is who the AWS identity is. */
	if (admin != NULL && dsn_get(dsn, "cluster_identifier"))
		dsn_set(dsn, "db_user", admin);
	if (bucket != NULL && bucket[0] != '\0') {
		str_addf(&text, "s3://%s/", bucket);
		dsn_set(dsn, "staging", text.text);
	}
	str_clear(&text);
	add_region(place, &text);
	if (text.len > 0)
		dsn_set(dsn, "region", text.text);
	if (session_aws_profile(place->session) != NULL)
		dsn_set(dsn, "profile", session_aws_profile(place->session));
	dsn_set(dsn, "stack", place->conf.stack.text);
	return dsn;
}

static bool same(const struct dsn *one, const struct dsn *other)
{
	const char *keyword, *value;

	for (size_t i = 0; dsn_item(other, i, &keyword, &value); i++)
		if (dsn_get(one, keyword) == NULL ||
		    strcmp(dsn_get(one, keyword), value) != 0)
			return false;
	return true;
}

/* The account in "arn:aws:SERVICE:REGION:ACCOUNT:..."; "": there is none. */
static void add_account(const char *arn, struct str *out)
{
	for (int i = 0; i < 4 && arn != NULL; i++) {
		arn = strchr(arn, ':');
		arn = arn != NULL ? arn + 1 : NULL;
	}
	if (arn != NULL)
		str_add_slice(out, arn, strcspn(arn, ":"));
}

static bool same_text(const char *one, const char *other)
{
	return strcmp(one != NULL ? one : "", other != NULL ? other : "") == 0;
}

/* A stack of that name may be in every region and every account. */
static bool is_of_stack(const struct platform_place *place,
			const struct cloudformation_stack *stack,
			const struct dsn *dsn)
{
	const char *region = dsn_get(dsn, "region");
	const char *role = dsn_get(dsn, "copy_role");
	CLEANUP(str_done) struct str here = STR_EMPTY;
	CLEANUP(str_done) struct str account = STR_EMPTY;
	CLEANUP(str_done) struct str of_role = STR_EMPTY;

	add_region(place, &here);
	if (!same_text(dsn_get(dsn, "stack"), place->conf.stack.text) ||
	    (region != NULL && here.len > 0 && strcmp(region, here.text) != 0))
		return false;
	if (stack == NULL)
		return same_text(dsn_get(dsn, "profile"),
				 session_aws_profile(place->session));
	add_account(stack->id, &account);
	add_account(role, &of_role);
	return account.len == 0 || of_role.len == 0 ||
	       strcmp(account.text, of_role.text) == 0;
}

enum found {
	FOUND_NONE,
	FOUND_OURS,	/* it came from this stack */
	FOUND_OTHER,
	FOUND_FAILED,
};

static enum found look(const struct platform_place *place,
		       const struct cloudformation_stack *stack,
		       struct dsn *out, struct err *err)
{
	CLEANUP(saved_freep) struct saved *saved = saved_open(err);
	struct err failed = ERR_EMPTY;

	if (saved == NULL)
		return FOUND_FAILED;
	if (!saved_fill(saved, place->conf.stack.text, out, &failed))
		return FOUND_NONE;
	return is_of_stack(place, stack, out) ? FOUND_OURS : FOUND_OTHER;
}

/* What the person has written there besides. */
static void take_over(struct dsn *dsn, const struct dsn *there)
{
	const char *keyword, *value;

	for (size_t i = 0; dsn_item(there, i, &keyword, &value); i++)
		if (dsn_get(dsn, keyword) == NULL)
			dsn_set(dsn, keyword, value);
}

/* The file would lose it. */
static bool leave(const struct platform_place *place)
{
	session_warn(place->session,
		     "the connection @%s holds a password and stays as it is; "
		     "\\platform outputs tells what has changed",
		     place->conf.stack.text);
	return true;
}

static bool save(struct platform_place *place,
		 const struct cloudformation_stack *stack, struct dsn *dsn,
		 struct err *err)
{
	const char *name = place->conf.stack.text;
	CLEANUP(dsn_freep) struct dsn *there = dsn_new();

	switch (look(place, stack, there, err)) {
	case FOUND_FAILED:
		return false;
	case FOUND_OTHER:
		session_warn(place->session,
			     "there is a connection @%s already that is not of "
			     "this platform; it stays as it is, and \\platform "
			     "outputs tells what this one needs",
			     name);
		return true;
	case FOUND_OURS:
		if (same(there, dsn))
			break;
		if (dsn_get(there, "password") != NULL)
			return leave(place);
		take_over(dsn, there);
		if (!saved_remove(name, err))
			return false;
		/* fallthrough */
	case FOUND_NONE:
		if (!saved_add(name, dsn, err))
			return false;
		break;
	}
	session_info(place->session, "Saved as @%s: \\c @%s connects%s%s.",
		     name, name,
		     dsn_get(dsn, "staging") ? ", \\copyfrom goes by way of "
					     : "",
		     dsn_get(dsn, "staging") ? dsn_get(dsn, "staging") : "");
	return true;
}

/* CloudFormation cannot say which role is IAM_ROLE default of a cluster. One
 * that somebody has chosen stays. */
static bool set_default_role(struct platform_place *place, const char *cluster,
			     const char *role, struct err *err)
{
	struct redshift_clusters found = { 0 };
	bool good = redshift_describe(place->to.aws, place->to.region, cluster,
				      &found, err);

	if (good && found.count == 1 && found.items[0].default_role[0] == '\0')
		good = redshift_set_default_role(place->to.aws,
						 place->to.region, cluster,
						 role, err);
	redshift_clusters_done(&found);
	return good;
}

static void keep_default_role(struct platform_place *place,
			      const struct cloudformation_stack *stack)
{
	const struct cloudformation_pairs *outputs = &stack->outputs;
	const char *cluster = cloudformation_pair(outputs, "ClusterIdentifier");
	const char *role = cloudformation_pair(outputs, "CopyRoleArn");
	struct err err = ERR_EMPTY;

	if (cluster == NULL || role == NULL ||
	    set_default_role(place, cluster, role, &err))
		return;
	session_warn(place->session,
		     "the role is attached, but not as IAM_ROLE default: %s; "
		     "whoever may do so types aws redshift "
		     "modify-cluster-iam-roles --cluster-identifier %s "
		     "--default-iam-role-arn %s",
		     err.message, cluster, role);
}

bool platform_keep(struct platform_place *place,
		   const struct cloudformation_stack *stack, struct err *err)
{
	CLEANUP(dsn_freep) struct dsn *dsn = NULL;

	if (cloudformation_pair(&stack->outputs, "ConnectionHost") == NULL) {
		session_info(place->session,
			     "The stack has no output ConnectionHost, so no "
			     "connection is saved.");
		return true;
	}
	keep_default_role(place, stack);
	dsn = make(place, stack);
	return save(place, stack, dsn, err) ||
	       err_wrap(err, "the platform is there, but its connection is "
			     "not saved");
}

void platform_keep_forget(struct platform_place *place,
			  const struct cloudformation_stack *stack)
{
	CLEANUP(dsn_freep) struct dsn *there = dsn_new();
	struct err err = ERR_EMPTY;

	if (look(place, stack, there, &err) != FOUND_OURS)
		return;
	if (saved_remove(place->conf.stack.text, &err))
		session_info(place->session,
			     "The connection @%s is forgotten.",
			     place->conf.stack.text);
	else
		session_warn(place->session,
			     "the connection @%s stays saved: %s",
			     place->conf.stack.text, err.message);
}
