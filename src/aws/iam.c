#include "aws/iam.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/url.h"
#include "data/xml.h"

bool iam_is_role(const char *arn)
{
	for (const char *c = arn; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return str_starts(arn, "arn:") && strstr(arn, ":iam::") != NULL &&
	       strstr(arn, ":role/") != NULL && strrchr(arn, '/')[1] != '\0';
}

const char *iam_role_name(const char *arn)
{
	const char *slash = strrchr(arn, '/');

	return slash != NULL ? slash + 1 : arn;
}

struct call *iam_role_call(const char *arn)
{
	struct call *call = call_new(OPERATION_GET_ROLE);

	call_add_param(call, "RoleName", iam_role_name(arn));
	return call;
}

static const struct xml *read_reply(const struct call *call,
				    struct xml_reader *reader, struct err *err)
{
	const struct xml *root = NULL;

	if (xml_reader_feed(reader, call->reply.body.text, call->reply.body.len,
			    err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		err_wrap(err, "%s", call->operation->name);
	return root;
}

struct json *iam_role_trust(const struct call *call, const char *arn,
			    struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct xml *role;
	struct json *json;
	const char *escaped;

	role = xml_at(read_reply(call, reader, err), "GetRoleResult/Role");
	if (role == NULL) {
		err_set(err, ERR_DATA, "GetRole: a reply of another kind");
		return NULL;
	}
	if (strcmp(xml_text(role, "Arn", ""), arn) != 0) {
		err_set(err, ERR_MISSING, "the account has no role %s", arn);
		return NULL;
	}
	escaped = xml_text(role, "AssumeRolePolicyDocument", "");
	url_unescape(&text, escaped, strlen(escaped), URL_PLUS_STAYS);
	json = json_parse(text.text, text.len, err);
	if (json == NULL)
		err_wrap(err, "the trust policy of %s", arn);
	return json;
}

/* --- simulation --- */

struct call *iam_simulate_call(const char *arn, const char *const *actions,
			       const char *resource)
{
	struct call *call = call_new(OPERATION_SIMULATE);
	char name[40];

	call_add_param(call, "PolicySourceArn", arn);
	for (int i = 0; actions[i] != NULL; i++) {
		snprintf(name, sizeof(name), "ActionNames.member.%d", i + 1);
		call_add_param(call, name, actions[i]);
	}
	call_add_param(call, "ResourceArns.member.1", resource);
	return call;
}

enum iam_decision iam_decision(const struct call *call, const char *action)
{
	static const struct {
		const char *word;
		enum iam_decision decision;
	} words[] = {
		{ "allowed", IAM_ALLOWED },
		{ "implicitDeny", IAM_NOT_ALLOWED },
		{ "explicitDeny", IAM_DENIED },
	};
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *at;

	if (!call->ok)
		return IAM_UNKNOWN;
	at = xml_at(read_reply(call, reader, NULL),
		    "SimulatePrincipalPolicyResult/EvaluationResults/member");
	for (; at != NULL; at = xml_next(at)) {
		const char *said = xml_text(at, "EvalDecision", "");
		bool guessed = xml_at(at, "MissingContextValues/member") !=
			       NULL;

		if (!str_equal_nocase(xml_text(at, "EvalActionName", ""),
				      action))
			continue;
		for (size_t i = 0; i < COUNT_OF(words); i++)
			if (strcmp(words[i].word, said) == 0 &&
			    (words[i].decision == IAM_ALLOWED || !guessed))
				return words[i].decision;
	}
	return IAM_UNKNOWN;
}

/* --- policies --- */

static bool any_fits(const struct json *patterns, const char *text, int flags)
{
	size_t count = json_count(patterns);

	if (json_shape(patterns) == JSON_SHAPE_TEXT)
		return fnmatch(json_text(patterns, NULL, ""), text,
			       FNM_NOESCAPE | flags) == 0;
	for (size_t i = 0; i < count; i++)
		if (fnmatch(json_text(json_item(patterns, i), NULL, ""), text,
			    FNM_NOESCAPE | flags) == 0)
			return true;
	return false;
}

/* "arn:aws:iam::1234:root" and "1234" of "arn:aws:iam::1234:role/x". */
static bool names_account(const struct json *who, const char *principal)
{
	CLEANUP(str_done) struct str root = STR_EMPTY;
	const char *account = strstr(principal, "::");
	CLEANUP(mem_freep) char *number = NULL;

	if (account == NULL)
		return false;
	account += 2;
	number = mem_copy_slice(account, strcspn(account, ":"));
	str_addf(&root, "%.*s%s:root", (int)(account - principal), principal,
		 number);
	return any_fits(who, root.text, 0) || any_fits(who, number, 0);
}

static bool is_for(const struct json *one, const char *principal,
		   bool with_account)
{
	const struct json *who = json_key(one, "Principal");
	bool is_arn = str_starts(principal, "arn:");

	if (json_shape(who) == JSON_SHAPE_OBJECT)
		who = json_key(who, is_arn ? "AWS" : "Service");
	return any_fits(who, principal, 0) ||
	       (is_arn && with_account && names_account(who, principal));
}

/* The services that "*" means, and the role's sessions: of these nobody here
 * knows the names. */
static bool may_be_for(const struct json *one, const char *principal)
{
	const struct json *who = json_key(json_key(one, "Principal"), "AWS");
	CLEANUP(str_done) struct str sessions = STR_EMPTY;
	size_t count = json_count(who);

	if (!str_starts(principal, "arn:"))
		return any_fits(who, principal, 0);
	str_addf(&sessions, ":assumed-role/%s/", iam_role_name(principal));
	if (json_shape(who) == JSON_SHAPE_TEXT)
		return strstr(json_text(who, NULL, ""), sessions.text) != NULL;
	for (size_t i = 0; i < count; i++)
		if (strstr(json_text(json_item(who, i), NULL, ""),
			   sessions.text) != NULL)
			return true;
	return false;
}

/* What "Allow" leaves out is beyond what can be judged here: it may allow. */
static bool is_inverse(const struct json *one)
{
	return json_key(one, "NotPrincipal") != NULL ||
	       json_key(one, "NotAction") != NULL;
}

bool iam_policy_allows(const struct json *policy, const char *action,
		       const char *principal, bool with_account,
		       bool *out_conditional)
{
	const struct json *list = json_key(policy, "Statement");
	bool is_list = json_shape(list) == JSON_SHAPE_ARRAY;
	size_t count = is_list ? json_count(list) : 1;
	bool allowed = false;

	*out_conditional = false;
	for (size_t i = 0; i < count; i++) {
		const struct json *one = is_list ? json_item(list, i) : list;

		if (strcmp(json_text(one, "Effect", ""), "Allow") != 0 ||
		    (!is_inverse(one) &&
		     (!any_fits(json_key(one, "Action"), action,
				FNM_CASEFOLD) ||
		      (!is_for(one, principal, with_account) &&
		       !may_be_for(one, principal)))))
			continue;
		allowed = true;
		*out_conditional |= json_key(one, "Condition") != NULL;
	}
	return allowed;
}

/* Not..., and conditions, are beyond what can be judged here. */
static bool is_plain(const struct json *one)
{
	return json_key(one, "Condition") == NULL &&
	       json_key(one, "NotPrincipal") == NULL &&
	       json_key(one, "NotAction") == NULL &&
	       json_key(one, "NotResource") == NULL;
}

bool iam_policy_denies(const struct json *policy, const char *action,
		       const char *principal, const char *resource)
{
	const struct json *list = json_key(policy, "Statement");
	bool is_list = json_shape(list) == JSON_SHAPE_ARRAY;
	size_t count = is_list ? json_count(list) : 1;

	for (size_t i = 0; i < count; i++) {
		const struct json *one = is_list ? json_item(list, i) : list;

		if (strcmp(json_text(one, "Effect", ""), "Deny") == 0 &&
		    is_plain(one) && is_for(one, principal, true) &&
		    any_fits(json_key(one, "Action"), action, FNM_CASEFOLD) &&
		    any_fits(json_key(one, "Resource"), resource, 0))
			return true;
	}
	return false;
}
