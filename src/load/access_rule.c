#include "load/access_rule.h"

#include <string.h>

#include "base/mem.h"
#include "load/access.h"
#include "load/access_policy.h"

static const char *const services[] = { "redshift.amazonaws.com",
					"redshift-serverless.amazonaws.com",
					NULL };

void access_findings_done(struct access_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		mem_free(findings->items[i].what);
		mem_free(findings->items[i].next);
	}
	vec_done(findings);
}

static const char *verb(const struct access_facts *facts)
{
	return facts->ask->writes ? "UNLOAD" : "COPY";
}

static void add_warehouse(const struct access_facts *facts, struct str *out)
{
	str_addf(out, "%s %s", facts->serverless ? "workgroup" : "cluster",
		 facts->name);
}

static struct access_place place_of(const struct access_facts *facts)
{
	return (struct access_place){
		.serverless = facts->serverless,
		.name = facts->name != NULL ? facts->name : "",
		.space = facts->space != NULL ? facts->space : "",
		.attached = facts->attached.text,
	};
}

/* ARN among those parted by blanks. */
static bool is_attached(const struct access_facts *facts, const char *arn)
{
	const char *list = facts->attached.text;

	while (*list != '\0') {
		size_t len = strcspn(list, " ");

		if (str_slice_equal(list, len, arn))
			return true;
		list += len;
		list += *list == ' ';
	}
	return false;
}

static void add_attached(const struct access_facts *facts, struct str *next)
{
	const char *list = facts->attached.text;

	str_add(next, "Roles that are attached:");
	if (*list == '\0')
		str_add(next, " none");
	while (*list != '\0') {
		size_t len = strcspn(list, " ");

		str_addf(next, "\n  %.*s", (int)len, list);
		list += len;
		list += *list == ' ';
	}
}

/* The attached role of that bare name, as what to type. */
static bool add_namesake(const struct access_facts *facts, const char *name,
			 struct str *next)
{
	const char *list = facts->attached.text;

	while (*list != '\0') {
		CLEANUP(mem_freep)
		char *arn = mem_copy_slice(list, strcspn(list, " "));

		if (str_equal_nocase(iam_role_name(arn), name)) {
			str_addf(next, "Type its ARN: %s", arn);
			return true;
		}
		list += strlen(arn);
		list += *list == ' ';
	}
	return false;
}

/* --- which role --- */

static enum access_weight no_default(const struct access_facts *facts,
				     struct str *what, struct str *next)
{
	if (!str_equal_nocase(facts->ask->roles, "default") ||
	    !facts->knows_roles || facts->default_role.len > 0)
		return ACCESS_FINE;
	add_warehouse(facts, what);
	str_add(what, " has no default role for iam_role default");
	str_add(next, "Name one: iam_role 'ARN', with \\copyfrom and \\copyto "
		      "--role ARN, or \\set COPY_ROLE ARN for the session. ");
	add_attached(facts, next);
	return ACCESS_STOPS;
}

static enum access_weight not_a_role(const struct access_facts *facts,
				     struct str *what, struct str *next)
{
	for (size_t i = 0; i < facts->roles.count; i++) {
		const char *arn = facts->roles.items[i].arn;

		if (iam_is_role(arn))
			continue;
		str_addf(what, "\"%s\" is not the ARN of a role", arn);
		if (!facts->knows_roles)
			str_add(next, "ARNs look like "
				      "arn:aws:iam::123456789012:role/NAME");
		else if (!add_namesake(facts, arn, next))
			add_attached(facts, next);
		return ACCESS_STOPS;
	}
	return ACCESS_FINE;
}

/* Only what is in the person's own account can be told to be missing. */
static bool is_ours(const struct access_facts *facts, const char *arn)
{
	enum { PARTS_BEFORE = 4 }; /* arn:aws:iam:REGION:ACCOUNT:... */

	for (int i = 0; i < PARTS_BEFORE; i++) {
		arn += strcspn(arn, ":");
		arn += *arn == ':';
	}
	return facts->account != NULL &&
	       str_slice_equal(arn, strcspn(arn, ":"), facts->account);
}

static enum access_weight missing(const struct access_facts *facts,
				  struct str *what, struct str *next)
{
	for (size_t i = 0; i < facts->roles.count; i++) {
		const struct access_role *role = &facts->roles.items[i];

		if (role->exists != ACCESS_NO || !is_ours(facts, role->arn))
			continue;
		str_addf(what, "there is no role %s in account %s",
			 iam_role_name(role->arn), facts->account);
		if (facts->knows_roles)
			add_attached(facts, next);
		else
			str_add(next, "aws iam list-roles shows those there "
				      "are");
		return ACCESS_STOPS;
	}
	return ACCESS_FINE;
}

static bool exists(const struct access_facts *facts, size_t at)
{
	const struct access_role *role = &facts->roles.items[at];

	return iam_is_role(role->arn) &&
	       (role->exists != ACCESS_NO || !is_ours(facts, role->arn));
}

static enum access_weight not_attached(const struct access_facts *facts,
				       struct str *what, struct str *next)
{
	struct access_place place = place_of(facts);
	const char *arn;

	if (!facts->knows_roles || facts->roles.count == 0 ||
	    !exists(facts, 0))
		return ACCESS_FINE;
	arn = facts->roles.items[0].arn;
	if (is_attached(facts, arn))
		return ACCESS_FINE;
	str_addf(what, "the role %s is not attached to ", iam_role_name(arn));
	add_warehouse(facts, what);
	str_addf(what, ": %s can only take roles that are", verb(facts));
	access_policy_add_attach(arn, &place, next);
	return ACCESS_STOPS;
}

/* --- trust --- */

static enum access_weight not_trusting(const struct access_facts *facts,
				       struct str *what, struct str *next)
{
	const struct access_role *role;
	bool conditional;

	if (facts->roles.count == 0)
		return ACCESS_FINE;
	role = &facts->roles.items[0];
	if (role->trust == NULL ||
	    iam_policy_allows(role->trust, "sts:AssumeRole", services[0], false,
			      &conditional) ||
	    iam_policy_allows(role->trust, "sts:AssumeRole",
			      "redshift.amazonaws.com.cn", false,
			      &conditional) ||
	    ((facts->serverless || facts->name == NULL) &&
	     iam_policy_allows(role->trust, "sts:AssumeRole", services[1],
			       false, &conditional)))
		return ACCESS_FINE;
	str_addf(what,
		 "the trust policy of role %s does not let Redshift assume it: "
		 "it names no %s",
		 iam_role_name(role->arn), services[0]);
	access_policy_add_trust(role->arn, services, next);
	return ACCESS_STOPS;
}

/* 'arn1,arn2': each lets the one before it assume it. */
static enum access_weight broken_chain(const struct access_facts *facts,
				       struct str *what, struct str *next)
{
	for (size_t i = 1; i < facts->roles.count; i++) {
		const struct access_role *role = &facts->roles.items[i];
		const char *before = facts->roles.items[i - 1].arn;
		const char *const principals[] = { before, NULL };
		bool conditional;

		if (role->trust == NULL ||
		    iam_policy_allows(role->trust, "sts:AssumeRole", before,
				      true, &conditional))
			continue;
		str_addf(what,
			 "the chain of roles breaks: the trust policy of %s "
			 "does not let %s assume it",
			 iam_role_name(role->arn), iam_role_name(before));
		access_policy_add_trust(role->arn, principals, next);
		return ACCESS_STOPS;
	}
	return ACCESS_FINE;
}

/* --- where --- */

static enum access_weight wrong_region(const struct access_facts *facts,
				       struct str *what, struct str *next)
{
	const struct access_ask *ask = facts->ask;
	const char *said = ask->region[0] != '\0' ? ask->region
						  : facts->region;

	if (facts->bucket_region == NULL || facts->bucket_region[0] == '\0' ||
	    said == NULL || strcmp(said, facts->bucket_region) == 0)
		return ACCESS_FINE;
	str_addf(what, "the bucket %s is in %s, ", ask->bucket,
		 facts->bucket_region);
	str_addf(what, ask->region[0] != '\0' ? "not in %s, as REGION says"
					      : "the warehouse in %s",
		 said);
	if (ask->only_here) {
		str_add(what, ": COPY takes Parquet and ORC from its own "
			      "region only, and no REGION");
		str_addf(next, "Copy the files first: \\s3cp -r s3://%s/%s "
			       "s3://A-BUCKET-IN-%s/",
			 ask->bucket, ask->prefix,
			 facts->region != NULL ? facts->region : said);
	} else {
		str_addf(next, "Add to the command: region '%s'",
			 facts->bucket_region);
	}
	return ACCESS_STOPS;
}

/* --- rights --- */

/* What nothing allows: certain, where it was asked of what is needed itself and
 * a policy of the bucket could be seen not to allow it either. */
static enum access_weight lack_of(const struct access_facts *facts,
				  enum access_right right)
{
	enum access_weight most = access_is_exact(facts, right) ? ACCESS_STOPS
								: ACCESS_WARNS;

	if (!facts->may[right])
		return ACCESS_FINE;
	switch (facts->decision[right]) {
	case IAM_UNKNOWN:
	case IAM_ALLOWED:
		return ACCESS_FINE;
	case IAM_DENIED:
		return most;
	case IAM_NOT_ALLOWED:
		break;
	}
	switch (facts->by_resource[right]) {
	case ACCESS_YES:
		return ACCESS_FINE;
	case ACCESS_NO:
		return most;
	case ACCESS_UNKNOWN:
		break;
	}
	return ACCESS_WARNS;
}

/* Objects below the prefix, not one of that very name. */
static void add_wide_resource(const struct access_facts *facts,
			      enum access_right right, struct str *out)
{
	access_add_resource(facts, right, out);
	if (right == ACCESS_GET || right == ACCESS_PUT ||
	    right == ACCESS_DELETE)
		str_add(out, "*");
}

static void add_rights(const struct access_facts *facts,
		       const bool lacks[ACCESS_RIGHTS], const char *arn,
		       struct str *next)
{
	struct access_grant grants[ACCESS_RIGHTS];
	struct str resources[ACCESS_RIGHTS];
	size_t count = 0;

	for (size_t i = 0; i < ACCESS_RIGHTS; i++) {
		if (!lacks[i])
			continue;
		resources[count] = (struct str)STR_EMPTY;
		add_wide_resource(facts, (enum access_right)i,
				  &resources[count]);
		grants[count] = (struct access_grant){
			access_right_action((enum access_right)i),
			resources[count].text,
		};
		count++;
	}
	access_policy_add_grants(arn, grants, count, next);
	for (size_t i = 0; i < count; i++)
		str_done(&resources[i]);
}

static enum access_weight no_right(const struct access_facts *facts,
				   struct str *what, struct str *next)
{
	enum access_weight worst = ACCESS_FINE;
	bool lacks[ACCESS_RIGHTS] = { false };
	bool denied = false;
	bool unseen = false;
	const char *arn;

	for (size_t i = 0; i < ACCESS_RIGHTS; i++) {
		enum access_weight one =
			lack_of(facts, (enum access_right)i);

		lacks[i] = one != ACCESS_FINE;
		denied |= lacks[i] && facts->decision[i] == IAM_DENIED;
		unseen |= lacks[i] && facts->decision[i] != IAM_DENIED &&
			  facts->by_resource[i] == ACCESS_UNKNOWN;
		worst = one > worst ? one : worst;
	}
	if (worst == ACCESS_FINE)
		return ACCESS_FINE;
	arn = facts->roles.items[facts->roles.count - 1].arn;
	str_addf(what, "the role %s may not do ", iam_role_name(arn));
	for (size_t i = 0, said = 0; i < ACCESS_RIGHTS; i++) {
		if (!lacks[i])
			continue;
		str_add(what, said++ > 0 ? ", nor " : "");
		str_addf(what, "%s on ",
			 access_right_action((enum access_right)i));
		add_wide_resource(facts, (enum access_right)i, what);
	}
	str_addf(what, " (%s acts as that role, not as you)", verb(facts));
	if (worst == ACCESS_WARNS)
		str_add(what,
			unseen ? "; a policy of the bucket or key that you may "
				 "not see could still allow it"
			       : "; a grant of the key, or a policy for some "
				 "names only, could still allow it");
	if (denied)
		str_add(next, "A statement denies it: that one has to go. ");
	add_rights(facts, lacks, arn, next);
	return worst;
}

static enum access_weight denied_there(const struct access_facts *facts,
				       struct str *what, struct str *next)
{
	size_t count = 0;

	for (size_t i = 0; i < ACCESS_RIGHTS; i++) {
		if (!facts->may[i] || !facts->denied_there[i])
			continue;
		str_addf(what, "%s%s",
			 count++ > 0 ? " and "
				     : "the policy of the bucket denies ",
			 access_right_action((enum access_right)i));
	}
	if (count == 0)
		return ACCESS_FINE;
	str_addf(what, " to the role %s, whatever its own policies allow",
		 iam_role_name(facts->roles.items[facts->roles.count - 1].arn));
	str_addf(next,
		 "Ask who manages the bucket to take the role out of the "
		 "statement with \"Deny\"\n(S3 > Buckets > %s > Permissions > "
		 "Bucket policy), which is shown by\n"
		 "  aws s3api get-bucket-policy --bucket %s",
		 facts->ask->bucket, facts->ask->bucket);
	return ACCESS_STOPS;
}

/* --- keys --- */

static void add_locked(const struct access_facts *facts, struct str *what)
{
	if (facts->ask->key[0] != '\0')
		str_addf(what, "the key %s of KMS_KEY_ID ",
			 facts->key_name.text);
	else
		str_addf(what, "%s is locked with the KMS key %s, which ",
			 facts->locked_object.text, facts->key_name.text);
}

/* S3 looks for a bare name in the account of who acts, in the bucket's
 * region. */
static bool is_known_gone(const struct access_facts *facts)
{
	size_t count = facts->roles.count;

	if (str_starts(facts->key_name.text, "arn:"))
		return is_ours(facts, facts->key_name.text);
	return count > 0 && facts->bucket_region != NULL &&
	       facts->region != NULL &&
	       strcmp(facts->bucket_region, facts->region) == 0 &&
	       is_ours(facts, facts->roles.items[count - 1].arn);
}

static enum access_weight no_key(const struct access_facts *facts,
				 struct str *what, struct str *next)
{
	if (!facts->key_missing)
		return ACCESS_FINE;
	add_locked(facts, what);
	str_add(what, "does not exist");
	str_add(next, "aws kms list-aliases shows the keys there are");
	return is_known_gone(facts) ? ACCESS_STOPS : ACCESS_WARNS;
}

static enum access_weight key_off(const struct access_facts *facts,
				  struct str *what, struct str *next)
{
	static const struct {
		const char *state;
		const char *says;
		const char *next; /* before the key */
	} states[] = {
		{ "Disabled", "is disabled",
		  "Who manages the key enables it:\n  aws kms enable-key "
		  "--key-id " },
		{ "PendingDeletion",
		  "is going to be deleted and cannot be used",
		  "Who manages the key saves it by aws kms "
		  "cancel-key-deletion,\nthen aws kms enable-key, both with "
		  "--key-id " },
		{ "PendingImport", "has no key material yet",
		  "Ask who manages it:\n  aws kms describe-key --key-id " },
		{ "Unavailable", "is not available (its key store is not "
				 "connected)",
		  "Ask who manages it: aws kms describe-key --key-id " },
	};

	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (strcmp(states[i].state, facts->key.state.text) != 0)
			continue;
		add_locked(facts, what);
		str_add(what, states[i].says);
		str_addf(next, "%s%s", states[i].next, facts->key.arn.text);
		return ACCESS_STOPS;
	}
	return ACCESS_FINE;
}

static enum access_weight key_elsewhere(const struct access_facts *facts,
					struct str *what, struct str *next)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (facts->ask->key[0] == '\0' || facts->bucket_region == NULL)
		return ACCESS_FINE;
	kms_add_region(facts->key.arn.len > 0 ? facts->key.arn.text
					      : facts->key_name.text,
		       &region);
	if (region.len == 0 || strcmp(region.text, facts->bucket_region) == 0)
		return ACCESS_FINE;
	add_locked(facts, what);
	str_addf(what, "is in %s, the bucket %s in %s: S3 takes keys of the "
		       "bucket's region only",
		 region.text, facts->ask->bucket, facts->bucket_region);
	str_addf(next, "aws kms list-aliases --region %s shows those there",
		 facts->bucket_region);
	return ACCESS_STOPS;
}

/* --- all of it --- */

static const struct {
	const char *name;
	enum access_weight (*look)(const struct access_facts *facts,
				   struct str *what, struct str *next);
} rules[] = {
	{ "default role", no_default },
	{ "role's ARN", not_a_role },
	{ "role", missing },
	{ "attachment", not_attached },
	{ "trust", not_trusting },
	{ "chain", broken_chain },
	{ "region", wrong_region },
	{ "key", no_key },
	{ "key's state", key_off },
	{ "key's region", key_elsewhere },
	{ "bucket's policy", denied_there },
	{ "rights", no_right },
};

void access_judge(const struct access_facts *facts,
		  struct access_findings *out)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		CLEANUP(str_done) struct str what = STR_EMPTY;
		CLEANUP(str_done) struct str next = STR_EMPTY;
		struct access_finding finding = {
			.weight = rules[i].look(facts, &what, &next),
			.name = rules[i].name,
		};

		if (finding.weight == ACCESS_FINE)
			continue;
		finding.what = str_take(&what);
		finding.next = str_take(&next);
		vec_push(out, finding);
	}
}

static bool is_allowed(const struct access_facts *facts,
		       enum access_right right)
{
	return facts->may[right] && facts->decision[right] == IAM_ALLOWED;
}

void access_add_good(const struct access_facts *facts, struct str *out)
{
	static const struct {
		enum access_right right;
		const char *word;
	} words[] = {
		{ ACCESS_LIST, "list" },       { ACCESS_GET, "read" },
		{ ACCESS_PUT, "write" },       { ACCESS_DELETE, "delete" },
		{ ACCESS_DECRYPT, "decrypt" },
	};
	CLEANUP(str_done) struct str may = STR_EMPTY;
	const char *first, *last;

	if (facts->roles.count == 0)
		return;
	first = facts->roles.items[0].arn;
	last = facts->roles.items[facts->roles.count - 1].arn;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (is_allowed(facts, words[i].right))
			str_addf(&may, "%s%s", may.len > 0 ? ", " : "",
				 words[i].word);
	if (facts->knows_roles && is_attached(facts, first))
		str_addf(out, "role %s is attached", iam_role_name(first));
	if (may.len == 0)
		return;
	if (out->len == 0 || first != last)
		str_addf(out, "%srole %s", out->len > 0 ? ", " : "",
			 iam_role_name(last));
	else
		str_add(out, " and");
	str_addf(out, " may %s", may.text);
}
