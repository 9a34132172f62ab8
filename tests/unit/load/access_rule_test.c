/* What is concluded from what AWS told, and what is not. */
#include "../check.h"

#include "data/json.h"
#include "load/access.h"
#include "load/access_rule.h"

#define ARN	"arn:aws:iam::123456789012:role/"
#define TRUST(who)                                                             \
	"{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": " who         \
	", \"Action\": \"sts:AssumeRole\"}]}"
#define REDSHIFT TRUST("{\"Service\": \"redshift.amazonaws.com\"}")
#define KEY	"arn:aws:kms:us-east-1:123456789012:key/k"

struct given {
	struct access_ask ask;
	bool serverless;
	const char *attached;		/* NULL: not known */
	const char *trust;		/* of the role; NULL: not known */
	enum access_known exists;
	enum iam_decision get;
	enum access_known by_bucket;
	const char *bucket_region;
	const char *key_state;
	bool key_missing;
};

static const struct {
	const char *about;
	struct given given;
	enum access_weight weight;
	const char *what;		/* words; NULL: nothing is found */
	const char *next;
} cases[] = {
	{ "nothing is known", { .ask = { .roles = ARN "a" } }, ACCESS_FINE,
	  NULL, NULL },
	{ "all is well",
	  { .ask = { .roles = ARN "a" }, .attached = ARN "a",
	    .trust = REDSHIFT, .exists = ACCESS_YES, .get = IAM_ALLOWED },
	  ACCESS_FINE, NULL, NULL },
	{ "not attached",
	  { .ask = { .roles = ARN "a" }, .attached = ARN "ab " ARN "b" },
	  ACCESS_STOPS, "a is not attached to cluster c", "--add-iam-roles "
	  ARN "a" },
	{ "not attached to a namespace",
	  { .ask = { .roles = ARN "a" }, .attached = ARN "b",
	    .serverless = true },
	  ACCESS_STOPS, "a is not attached to workgroup c",
	  "--iam-roles " ARN "b " ARN "a" },
	{ "a role of another account may exist",
	  { .ask = { .roles = "arn:aws:iam::999999999999:role/a" },
	    .exists = ACCESS_NO },
	  ACCESS_FINE, NULL, NULL },
	{ "one of our own does not",
	  { .ask = { .roles = ARN "a" }, .exists = ACCESS_NO }, ACCESS_STOPS,
	  "there is no role a in account 123456789012",
	  "aws iam list-roles" },
	{ "trust of another service",
	  { .ask = { .roles = ARN "a" },
	    .trust = TRUST("{\"Service\": \"ec2.amazonaws.com\"}") },
	  ACCESS_STOPS, "names no redshift.amazonaws.com",
	  "\"redshift.amazonaws.com\"" },
	{ "trust in a list",
	  { .ask = { .roles = ARN "a" },
	    .trust = TRUST("{\"Service\": [\"ec2.amazonaws.com\", "
			   "\"redshift.amazonaws.com\"]}") },
	  ACCESS_FINE, NULL, NULL },
	{ "serverless' own service is enough for a workgroup",
	  { .ask = { .roles = ARN "a" }, .serverless = true,
	    .attached = ARN "a",
	    .trust = TRUST("{\"Service\": "
			   "\"redshift-serverless.amazonaws.com\"}") },
	  ACCESS_FINE, NULL, NULL },
	{ "and not for a cluster",
	  { .ask = { .roles = ARN "a" }, .attached = ARN "a",
	    .trust = TRUST("{\"Service\": "
			   "\"redshift-serverless.amazonaws.com\"}") },
	  ACCESS_STOPS, "does not let Redshift assume it", "" },
	{ "which of the two it is nobody knows",
	  { .ask = { .roles = ARN "a" },
	    .trust = TRUST("{\"Service\": "
			   "\"redshift-serverless.amazonaws.com\"}") },
	  ACCESS_FINE, NULL, NULL },
	{ "trust in the service of China",
	  { .ask = { .roles = ARN "a" },
	    .trust = TRUST("{\"Service\": "
			   "\"redshift.amazonaws.com.cn\"}") },
	  ACCESS_FINE, NULL, NULL },
	{ "trust in everyone",
	  { .ask = { .roles = ARN "a" },
	    .trust = TRUST("{\"AWS\": \"*\"}") },
	  ACCESS_FINE, NULL, NULL },
	{ "trust in everyone but some",
	  { .ask = { .roles = ARN "a" },
	    .trust = "{\"Statement\": {\"Effect\": \"Allow\", "
		     "\"NotPrincipal\": {\"AWS\": \"1\"}, "
		     "\"Action\": \"sts:AssumeRole\"}}" },
	  ACCESS_FINE, NULL, NULL },
	{ "not allowed, nor by the bucket",
	  { .ask = { .roles = ARN "a", .sample = "s3://b/p1" },
	    .get = IAM_NOT_ALLOWED, .by_bucket = ACCESS_NO },
	  ACCESS_STOPS, "a may not do s3:GetObject on arn:aws:s3:::b/p*",
	  "\"Resource\": \"arn:aws:s3:::b/p*\"" },
	{ "not allowed for the start of a name: for the rest it may be",
	  { .ask = { .roles = ARN "a" }, .get = IAM_NOT_ALLOWED,
	    .by_bucket = ACCESS_NO },
	  ACCESS_WARNS, "for some names only, could still allow it", "" },
	{ "denied for the start of a name",
	  { .ask = { .roles = ARN "a" }, .get = IAM_DENIED },
	  ACCESS_WARNS, "for some names only, could still allow it", "" },
	{ "a manifest's objects may be elsewhere",
	  { .ask = { .roles = ARN "a", .sample = "s3://b/p1",
		     .manifest = true },
	    .get = IAM_NOT_ALLOWED, .by_bucket = ACCESS_NO },
	  ACCESS_WARNS, "could still allow it", "" },
	{ "not allowed, but by the bucket",
	  { .ask = { .roles = ARN "a" }, .get = IAM_NOT_ALLOWED,
	    .by_bucket = ACCESS_YES },
	  ACCESS_FINE, NULL, NULL },
	{ "not allowed, and the bucket's policy is not to be seen",
	  { .ask = { .roles = ARN "a" }, .get = IAM_NOT_ALLOWED },
	  ACCESS_WARNS, "could still allow it", "put-role-policy" },
	{ "denied, whatever the bucket says",
	  { .ask = { .roles = ARN "a", .sample = "s3://b/p1" },
	    .get = IAM_DENIED, .by_bucket = ACCESS_YES },
	  ACCESS_STOPS, "may not do s3:GetObject", "has to go" },
	{ "another partition",
	  { .ask = { .roles = "arn:aws-cn:iam::123456789012:role/a",
		     .sample = "s3://b/p1" },
	    .get = IAM_NOT_ALLOWED, .by_bucket = ACCESS_NO },
	  ACCESS_STOPS, "arn:aws-cn:s3:::b/p*", "arn:aws-cn:s3:::b/p*" },
	{ "another region", { .bucket_region = "eu-west-1" }, ACCESS_STOPS,
	  "the bucket b is in eu-west-1, the warehouse in us-east-1",
	  "region 'eu-west-1'" },
	{ "another region, and REGION says so",
	  { .bucket_region = "eu-west-1", .ask = { .region = "eu-west-1" } },
	  ACCESS_FINE, NULL, NULL },
	{ "Parquet from another region",
	  { .bucket_region = "eu-west-1", .ask = { .only_here = true } },
	  ACCESS_STOPS, "from its own region only", "\\s3cp -r s3://b/p" },
	{ "a key that is off", { .key_state = "Disabled" }, ACCESS_STOPS,
	  "which is disabled", "aws kms enable-key --key-id " KEY },
	{ "a key on its way out", { .key_state = "PendingDeletion" },
	  ACCESS_STOPS, "going to be deleted", "cancel-key-deletion" },
	{ "a key that is in order", { .key_state = "Enabled" }, ACCESS_FINE,
	  NULL, NULL },
	{ "a key of another region",
	  { .key_state = "Enabled", .bucket_region = "eu-west-1",
	    .ask = { .key = KEY, .region = "eu-west-1" } },
	  ACCESS_STOPS, "S3 takes keys of the bucket's region only",
	  "--region eu-west-1" },
	{ "a key that is gone", { .key_missing = true }, ACCESS_STOPS,
	  "does not exist", "list-aliases" },
	{ "no ARN", { .ask = { .roles = "a" } }, ACCESS_STOPS,
	  "\"a\" is not the ARN of a role", "ARNs look like" },
	{ "no default", { .ask = { .roles = "default" }, .attached = ARN "b" },
	  ACCESS_STOPS, "cluster c has no default role", "attached:\n  " ARN "b" },
};

static void fill(struct access_facts *facts, struct access_ask *ask,
		 const struct given *given)
{
	struct access_role role = { .exists = given->exists };
	const char **texts[] = { &ask->bucket, &ask->prefix, &ask->sample,
				 &ask->roles, &ask->key, &ask->region,
				 &ask->host };

	*ask = given->ask;
	ask->bucket = "b";
	ask->prefix = "p";
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (*texts[i] == NULL)
			*texts[i] = "";
	access_facts_init(facts);
	facts->ask = ask;
	facts->account = mem_copy_text("123456789012");
	facts->serverless = given->serverless;
	facts->region = mem_copy_text("us-east-1");
	if (given->attached != NULL) {
		facts->name = mem_copy_text("c");
		facts->space = mem_copy_text("n");
		facts->knows_roles = true;
		str_set(&facts->attached, given->attached);
	}
	if (ask->roles[0] != '\0' && strcmp(ask->roles, "default") != 0) {
		role.arn = mem_copy_text(ask->roles);
		if (given->trust != NULL)
			role.trust = json_parse(given->trust,
						strlen(given->trust), NULL);
		vec_push(&facts->roles, role);
		facts->may[ACCESS_GET] = true;
	}
	facts->decision[ACCESS_GET] = given->get;
	facts->by_resource[ACCESS_GET] = given->by_bucket;
	if (given->bucket_region != NULL)
		facts->bucket_region = mem_copy_text(given->bucket_region);
	facts->key_missing = given->key_missing;
	str_set(&facts->key_name, KEY);
	str_set(&facts->locked_object, "s3://b/p1");
	if (given->key_state != NULL) {
		str_set(&facts->key.arn, KEY);
		str_set(&facts->key.state, given->key_state);
	}
}

static void each_rule_says_what_and_what_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(access_facts_done) struct access_facts facts;
		CLEANUP(access_findings_done)
		struct access_findings found = { 0 };
		struct access_ask ask;

		fill(&facts, &ask, &cases[i].given);
		access_judge(&facts, &found);
		if (cases[i].what == NULL) {
			if (found.count > 0)
				fail_msg("%s: %s", cases[i].about,
					 found.items[0].what);
			continue;
		}
		if (found.count != 1)
			fail_msg("%s: %zu findings", cases[i].about,
				 found.count);
		if (found.items[0].weight != cases[i].weight)
			fail_msg("%s: weighs %d", cases[i].about,
				 (int)found.items[0].weight);
		if (strstr(found.items[0].what, cases[i].what) == NULL)
			fail_msg("%s: %s", cases[i].about,
				 found.items[0].what);
		if (strstr(found.items[0].next, cases[i].next) == NULL)
			fail_msg("%s: %s", cases[i].about,
				 found.items[0].next);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_says_what_and_what_next),
	};

	return RUN_TESTS(tests);
}
