#include "load/access_policy.h"

#include <string.h>

#include "aws/iam.h"
#include "base/str.h"
#include "data/json.h"

static void add_text(struct str *out, const char *text)
{
	json_add_string(out, text, strlen(text));
}

static void add_head(struct str *out)
{
	str_add(out, "{\n  \"Version\": \"2012-10-17\",\n"
		     "  \"Statement\": [\n");
}

void access_policy_add_grants(const char *role_arn,
			      const struct access_grant *grants, size_t count,
			      struct str *out)
{
	const char *name = iam_role_name(role_arn);

	str_addf(out,
		 "Ask who manages the role for this policy (IAM > Roles > %s >\n"
		 "Add permissions > Create inline policy > JSON):\n",
		 name);
	add_head(out);
	for (size_t i = 0; i < count; i++) {
		str_add(out, "    {\"Effect\": \"Allow\", \"Action\": ");
		add_text(out, grants[i].action);
		str_add(out, ", \"Resource\": ");
		add_text(out, grants[i].resource);
		str_addf(out, "}%s\n", i + 1 < count ? "," : "");
	}
	str_addf(out,
		 "  ]\n}\nor, with it in policy.json:\n"
		 "  aws iam put-role-policy --role-name %s \\\n"
		 "    --policy-name redsh-load --policy-document "
		 "file://policy.json",
		 name);
}

static void add_principals(const char *const *principals, struct str *out)
{
	bool many = principals[1] != NULL;

	str_addf(out, "{\"%s\": %s",
		 str_starts(principals[0], "arn:") ? "AWS" : "Service",
		 many ? "[" : "");
	for (size_t i = 0; principals[i] != NULL; i++) {
		str_add(out, i > 0 ? ", " : "");
		add_text(out, principals[i]);
	}
	str_addf(out, "%s}", many ? "]" : "");
}

void access_policy_add_trust(const char *role_arn,
			     const char *const *principals, struct str *out)
{
	const char *name = iam_role_name(role_arn);

	str_addf(out,
		 "Ask who manages the role to add this statement to its trust "
		 "policy\n(IAM > Roles > %s > Trust relationships > Edit):\n",
		 name);
	add_head(out);
	str_add(out, "    {\"Effect\": \"Allow\", \"Principal\": ");
	add_principals(principals, out);
	str_addf(out,
		 ", \"Action\": \"sts:AssumeRole\"}\n  ]\n}\n"
		 "or, with the whole trust policy in trust.json:\n"
		 "  aws iam update-assume-role-policy --role-name %s \\\n"
		 "    --policy-document file://trust.json",
		 name);
}

void access_policy_add_attach(const char *role_arn,
			      const struct access_place *place,
			      struct str *out)
{
	if (place->serverless) {
		str_addf(out,
			 "Attach it (Redshift console > Serverless > "
			 "Namespace %s >\nSecurity > Manage IAM roles), or:\n"
			 "  aws redshift-serverless update-namespace "
			 "--namespace-name %s \\\n    --iam-roles %s%s%s",
			 place->space, place->space, place->attached,
			 place->attached[0] != '\0' ? " " : "", role_arn);
		return;
	}
	str_addf(out,
		 "Attach it (Redshift console > Clusters > %s > Actions >\n"
		 "Manage IAM roles), or:\n"
		 "  aws redshift modify-cluster-iam-roles "
		 "--cluster-identifier %s \\\n    --add-iam-roles %s",
		 place->name[0] != '\0' ? place->name : "the cluster",
		 place->name[0] != '\0' ? place->name : "CLUSTER", role_arn);
}
