#include "load/access_explain.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "load/access.h"
#include "load/access_policy.h"
#include "load/access_rule.h"
#include "load/access_statement.h"

enum kind {
	NO_KIND,
	ROLE, /* the warehouse could not take the role */
	NO_DEFAULT,
	DENIED,      /* S3 said 403 to the role */
	NOT_ALLOWED, /* the same, naming action and resource */
	REGION,
	NO_BUCKET,
	NO_KEY,    /* nothing under the prefix, or a file has gone */
	KEYS,      /* access keys that are wrong or have expired */
	KEY_STATE, /* of KMS */
	MANIFEST,
};

/* The first row whose words stand in the message, in any case. Words of the
 * Redshift guide (s3serviceexception-error, loading-data-access-permissions),
 * of S3's list of error codes, and of threads of people who met them. */
static const struct {
	const char *words;
	enum kind kind;
} rows[] = {
	{ "not authorized to assume IAM Role", ROLE },
	{ "not authorized to assume role", ROLE },
	{ "Not authorized to get credentials of role", ROLE },
	{ "not authorized to perform: sts:AssumeRole", ROLE },
	{ "default IAM role is set", NO_DEFAULT },
	{ "no default iam role", NO_DEFAULT },
	{ "not authorized to perform:", NOT_ALLOWED },
	{ "KMS.DisabledException", KEY_STATE },
	{ "KMS.KMSInvalidStateException", KEY_STATE },
	{ "KMS.NotFoundException", KEY_STATE },
	{ "KMSInvalidStateException", KEY_STATE },
	{ "is pending deletion", KEY_STATE },
	{ "must be addressed using the specified endpoint", REGION },
	{ "PermanentRedirect", REGION },
	{ "Status 301", REGION },
	{ "AuthorizationHeaderMalformed", REGION },
	{ "NoSuchBucket", NO_BUCKET },
	{ "The specified bucket does not exist", NO_BUCKET },
	{ "NoSuchKey", NO_KEY },
	{ "The specified key does not exist", NO_KEY },
	{ "The specified S3 prefix", NO_KEY },
	{ "InvalidAccessKeyId", KEYS },
	{ "SignatureDoesNotMatch", KEYS },
	{ "ExpiredToken", KEYS },
	{ "The provided token has expired", KEYS },
	{ "Access Denied", DENIED },
	{ "AccessDenied", DENIED },
	{ "requires full path of an S3 object", MANIFEST },
	{ "Problem reading manifest", MANIFEST },
};

static bool holds(const char *text, const char *words)
{
	size_t len = strlen(words);

	for (; *text != '\0'; text++)
		if (str_slice_equal_nocase(text, strnlen(text, len), words))
			return true;
	return false;
}

static enum kind kind_of(const struct access_failure *failure)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (holds(failure->message, rows[i].words) ||
		    holds(failure->detail, rows[i].words))
			return rows[i].kind;
	return NO_KIND;
}

/* The word behind "words" up to a blank or line end, without quotes; "": none. */
static void add_word_after(const char *text, const char *words, struct str *out)
{
	const char *at = strstr(text, words);
	size_t len;

	if (at == NULL)
		return;
	at += strlen(words);
	at += strspn(at, " \"'");
	len = strcspn(at, " \"',\r\n");
	str_add_slice(out, at, len);
}

static const char *acting_role(const struct access_ask *ask)
{
	const char *comma = strrchr(ask->roles, ',');

	return comma != NULL ? comma + 1 : ask->roles;
}

static void add_who(const struct access_ask *ask, struct str *out)
{
	const char *role = acting_role(ask);

	if (role[0] == '\0')
		str_add(out, "the keys in the statement");
	else if (str_equal_nocase(role, "default"))
		str_add(out, "the warehouse's default role");
	else
		str_addf(out, "the role %s", iam_role_name(role));
}

/* --- what is said when nothing more can be found out --- */

static void say_role(const struct access_ask *ask, struct str *out)
{
	struct access_place place = { .name = "", .space = "", .attached = "" };
	const char *first = ask->roles;
	CLEANUP(mem_freep)
	char *arn = mem_copy_slice(first, strcspn(first, ","));

	str_add(out, "The warehouse could not take ");
	add_who(ask, out);
	str_add(out, ": it is not attached to the warehouse, or its trust "
		     "policy does not name redshift.amazonaws.com, or the role "
		     "does not exist.\n");
	if (iam_is_role(arn))
		access_policy_add_attach(arn, &place, out);
	str_add_char(out, '\n');
}

static void say_denied(const struct access_ask *ask, struct str *out)
{
	CLEANUP(access_facts_done) struct access_facts facts;
	CLEANUP(str_done) struct str bucket = STR_EMPTY;
	CLEANUP(str_done) struct str objects = STR_EMPTY;
	struct access_grant grants[2];
	const char *role = acting_role(ask);

	access_facts_init(&facts);
	facts.ask = ask;
	access_add_resource(&facts, ACCESS_LIST, &bucket);
	access_add_resource(&facts, ACCESS_GET, &objects);
	str_add_char(&objects, '*');
	grants[0] = (struct access_grant){ "s3:ListBucket", bucket.text };
	grants[1] = (struct access_grant){ ask->writes ? "s3:PutObject"
						       : "s3:GetObject",
					   objects.text };
	str_add(out, "S3 refused ");
	add_who(ask, out);
	str_addf(out,
		 ": it lacks %s or %s, a policy of the bucket denies it, or an "
		 "object is locked with a KMS key it may not use. (Your own "
		 "rights do not count here.)\n",
		 grants[0].action, grants[1].action);
	if (iam_is_role(role)) {
		access_policy_add_grants(role, grants, COUNT_OF(grants), out);
		str_add_char(out, '\n');
	}
}

/* "User: ARN is not authorized to perform: ACTION on resource: ARN because
 * ..." */
static void say_not_allowed(const struct access_ask *ask, const char *message,
			    struct str *out)
{
	CLEANUP(str_done) struct str action = STR_EMPTY;
	CLEANUP(str_done) struct str resource = STR_EMPTY;
	struct access_grant grant;
	const char *role = acting_role(ask);

	add_word_after(message, "to perform:", &action);
	add_word_after(message, "on resource:", &resource);
	add_who(ask, out);
	out->text[0] = (char)toupper((unsigned char)out->text[0]);
	str_addf(out, " may not do %s", action.text);
	if (resource.len > 0)
		str_addf(out, " on %s", resource.text);
	str_add(out, strstr(message, "explicit deny") != NULL
			     ? ": a statement denies it, which has to go.\n"
			     : ".\n");
	grant = (struct access_grant){ action.text, resource.text };
	if (iam_is_role(role) && resource.len > 0) {
		access_policy_add_grants(role, &grant, 1, out);
		str_add_char(out, '\n');
	}
}

static void say(enum kind kind, const struct access_ask *ask,
		const char *message, struct str *out)
{
	switch (kind) {
	case NO_KIND:
		break;
	case ROLE:
		say_role(ask, out);
		break;
	case NO_DEFAULT:
		str_add(out, "The warehouse has no default role: name one by "
			     "iam_role 'ARN', or set one (Redshift console > "
			     "Manage IAM roles > Set default).\n");
		break;
	case DENIED:
		say_denied(ask, out);
		break;
	case NOT_ALLOWED:
		say_not_allowed(ask, message, out);
		break;
	case REGION:
		str_addf(out,
			 "The bucket %s is in another region than the "
			 "statement says: %s\n",
			 ask->bucket,
			 ask->only_here
				 ? "COPY takes Parquet and ORC only from a "
				   "bucket in the warehouse's own region"
				 : "add region 'REGION-OF-THE-BUCKET' "
				   "(\\s3ls -l shows it)");
		break;
	case NO_BUCKET:
		str_addf(out, "There is no bucket %s: \\s3ls lists yours.\n",
			 ask->bucket);
		break;
	case NO_KEY:
		str_addf(out,
			 "Nothing begins with s3://%s/%s: look with "
			 "\\s3ls s3://%s/\n",
			 ask->bucket, ask->prefix, ask->bucket);
		break;
	case KEYS:
		str_add(out,
			"S3 does not take the keys in the statement (wrong "
			"or expired): use iam_role, or keys that are "
			"valid for the whole load.\n");
		break;
	case KEY_STATE:
		str_add(out, "The KMS key that locks the objects is disabled, "
			     "gone or about to be deleted: who manages it can "
			     "enable it (aws kms enable-key --key-id KEY).\n");
		break;
	case MANIFEST:
		str_addf(out,
			 "The manifest s3://%s/%s cannot be read: it is "
			 "not there, is no manifest, or ",
			 ask->bucket, ask->prefix);
		add_who(ask, out);
		str_add(out, " may not read it.\n");
		break;
	}
}

/* --- what can be found out --- */

/* IAM would let the role: who else says no? */
static void add_not_by_iam(const struct access_facts *facts, struct str *out)
{
	for (size_t i = 0; i < ACCESS_RIGHTS; i++)
		if (facts->may[i] && facts->decision[i] != IAM_ALLOWED)
			return;
	if (facts->roles.count == 0)
		return;
	str_addf(out,
		 "By its own policies the role %s may do what is needed: a "
		 "statement of the bucket's policy, of a VPC endpoint or of "
		 "the organization denies it. Look at the policy of bucket %s "
		 "(aws s3api get-bucket-policy --bucket %s) for \"Deny\".\n",
		 iam_role_name(facts->roles.items[facts->roles.count - 1].arn),
		 facts->ask->bucket, facts->ask->bucket);
}

static bool add_findings(const struct access_ask *ask, struct aws *aws,
			 bool is_denied, struct str *out)
{
	CLEANUP(access_facts_done) struct access_facts facts;
	CLEANUP(access_findings_done) struct access_findings findings = { 0 };
	size_t before = out->len;

	access_facts_init(&facts);
	if (!access_find(&facts, aws, ask, NULL))
		return false;
	access_judge(&facts, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct access_finding *one = &findings.items[i];
		size_t at = out->len;

		str_addf(out, "%s\n", one->what);
		if (!s3_uri_is(one->what))
			out->text[at] =
				(char)toupper((unsigned char)out->text[at]);
		if (one->next[0] != '\0')
			str_addf(out, "%s\n", one->next);
	}
	if (out->len == before && ask->roles[0] != '\0' && is_denied)
		add_not_by_iam(&facts, out);
	return out->len > before;
}

bool access_explain(struct str *out, const struct access_failure *failure,
		    struct aws *(*aws)(void *context), void *context)
{
	CLEANUP(access_statement_done)
	struct access_statement statement = ACCESS_STATEMENT_EMPTY;
	CLEANUP(str_done) struct str sample = STR_EMPTY;
	enum kind kind = kind_of(failure);
	struct aws *own;

	if (kind == NO_KIND)
		return false;
	add_word_after(failure->detail, "S3 key being read :", &sample);
	if (!access_statement_read(&statement, failure->sql, sample.text,
				   failure->server))
		return false;
	own = aws(context);
	if (own == NULL ||
	    !add_findings(&statement.ask, own, kind == DENIED, out))
		say(kind, &statement.ask, failure->message, out);
	return out->len > 0;
}
