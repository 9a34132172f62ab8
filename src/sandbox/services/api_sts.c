#include "sandbox/services/api.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/xml.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/sessions.h"
#include "sandbox/account/token.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum {
	SHORTEST_S = 900,
	USUAL_S = 3600,
	LONGEST_S = 43200,
	LONGEST_CHAINED_S = 3600, /* a role assumed by a role */
};

/* "arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION" */
static void add_assumed_arn(struct str *out, const char *role_arn,
			    const char *session)
{
	str_addf(out,
		 "arn:aws:sts::" IDENTITY_ACCOUNT ":assumed-role/%s/%s",
		 strrchr(role_arn, '/') + 1, session);
}

/* The id of a role is made of its name: 17 characters after AROA. */
static void add_role_id(struct str *out, const char *role_arn)
{
	const char *name = strrchr(role_arn, '/') + 1;

	str_add(out, "AROA");
	for (size_t i = 0; i < 17; i++)
		str_add_char(out, (char)('A' + (name[i % strlen(name)] +
						(int)i) % 26));
}

/* The sandbox's key belongs to one IAM user; its id is made of the key's,
 * so that it differs from folder to folder. */
static bool get_caller_identity(struct s3_call *call,
				const struct s3_pairs *form, struct str *out,
				struct err *err)
{
	const struct identity *identity = call->options->identity;
	CLEANUP(str_done) struct str user_id = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	(void)form;
	(void)err;
	if (call->auth.role != NULL) {
		add_role_id(&user_id, call->auth.role->arn);
		str_addf(&user_id, ":%s", call->auth.session.text);
		add_assumed_arn(&arn, call->auth.role->arn,
				call->auth.session.text);
	} else {
		str_addf(&user_id, "AIDA%s", identity->access_key_id + 4);
		str_add(&arn, "arn:aws:iam::" IDENTITY_ACCOUNT
			      ":user/" IDENTITY_USER);
	}
	xml_put(out, "UserId", user_id.text);
	xml_put(out, "Account", IDENTITY_ACCOUNT);
	xml_put(out, "Arn", arn.text);
	return true;
}

/* --- roles --- */

static bool need(const struct s3_pairs *form, const char *name,
		 const char **out, struct err *err)
{
	*out = api_param(form, name);
	return *out != NULL ||
	       s3_call_refuse(err, "ValidationError",
			      "1 validation error detected: Value null at '%s' "
			      "failed to satisfy constraint: Member must not "
			      "be null",
			      name);
}

static bool check_session(const char *name, struct err *err)
{
	size_t len = strlen(name);

	return (len >= 2 && len <= 64 &&
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789_+=,.@-") ==
			len) ||
	       s3_call_refuse(err, "ValidationError",
			      "1 validation error detected: Value '%s' at "
			      "'roleSessionName' failed to satisfy "
			      "constraint: Member must satisfy regular "
			      "expression pattern: [\\w+=,.@-]*",
			      name);
}

static bool read_duration(const struct s3_call *call,
			  const struct s3_pairs *form, int64_t *out,
			  struct err *err)
{
	const char *text = api_param(form, "DurationSeconds");
	char *end;

	*out = USUAL_S;
	if (text == NULL)
		return true;
	*out = strtol(text, &end, 10);
	if (*text == '\0' || *end != '\0' || *out < SHORTEST_S ||
	    *out > LONGEST_S)
		return s3_call_refuse(err, "ValidationError",
				      "1 validation error detected: Value '%s' "
				      "at 'durationSeconds' failed to satisfy "
				      "constraint: Member must have value "
				      "between 900 and 43200",
				      text);
	if (call->auth.role != NULL && *out > LONGEST_CHAINED_S)
		return s3_call_refuse(err, "ValidationError",
				      "The requested DurationSeconds exceeds "
				      "the 1 hour session limit for roles "
				      "assumed by role chaining");
	return true;
}

/* What is asked for is there and well-formed: role or NULL and err. */
static const struct identity_role *read_role(const struct s3_call *call,
					     const struct s3_pairs *form,
					     const char **out_session,
					     int64_t *out_duration_s,
					     struct err *err)
{
	const char *arn;

	if (!need(form, "RoleArn", &arn, err) ||
	    !need(form, "RoleSessionName", out_session, err) ||
	    !check_session(*out_session, err) ||
	    !read_duration(call, form, out_duration_s, err))
		return NULL;
	return identity_role(call->options->identity, arn);
}

static bool give(struct s3_call *call, const struct identity_role *role,
		 const char *session, int64_t duration_s, struct str *out)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry keys = SESSIONS_ENTRY_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	sessions_give(call->options->sessions, SESSIONS_KEYS, role->arn,
		      session, clock_wall_ms() + duration_s * 1000, &keys);
	xml_open(out, "AssumedRoleUser");
	add_role_id(&text, role->arn);
	str_addf(&text, ":%s", session);
	xml_put(out, "AssumedRoleId", text.text);
	str_clear(&text);
	add_assumed_arn(&text, role->arn, session);
	xml_put(out, "Arn", text.text);
	xml_close(out, "AssumedRoleUser");
	xml_open(out, "Credentials");
	xml_put(out, "AccessKeyId", keys.id.text);
	xml_put(out, "SecretAccessKey", secret_text(&keys.secret));
	xml_put(out, "SessionToken", secret_text(&keys.token));
	str_clear(&text);
	isotime_add(&text, keys.expires_ms);
	xml_put(out, "Expiration", text.text);
	xml_close(out, "Credentials");
	return true;
}

/* The user may assume every role of the account; a role those that trust
 * it. No devices are registered, so no code is right. */
static bool assume_role(struct s3_call *call, const struct s3_pairs *form,
			struct str *out, struct err *err)
{
	const struct identity_role *by = call->auth.role;
	const char *session = "";
	int64_t duration_s = 0;
	const struct identity_role *role;
	CLEANUP(str_done) struct str who = STR_EMPTY;

	err_clear(err);
	role = read_role(call, form, &session, &duration_s, err);
	if (err->kind != ERR_NONE)
		return false;
	if (by != NULL)
		add_assumed_arn(&who, by->arn, call->auth.session.text);
	else
		str_add(&who, "arn:aws:iam::" IDENTITY_ACCOUNT
			      ":user/" IDENTITY_USER);
	if (api_param(form, "SerialNumber") != NULL ||
	    api_param(form, "TokenCode") != NULL)
		return s3_call_refuse(err, "AccessDenied",
				      "MultiFactorAuthentication failed with "
				      "invalid MFA one time pass code. ");
	if (role == NULL || (by != NULL && !account_trusts(call->options->identity, role, by->arn)))
		return s3_call_refuse(err, "AccessDenied",
				      "User: %s is not authorized to perform: "
				      "sts:AssumeRole on resource: %s",
				      who.text, api_param(form, "RoleArn"));
	return give(call, role, session, duration_s, out);
}

static bool assume_with_token(struct s3_call *call,
			      const struct s3_pairs *form, struct str *out,
			      struct err *err)
{
	const struct identity *identity = call->options->identity;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	struct err why = ERR_EMPTY;
	const char *session = "";
	const char *token;
	int64_t duration_s = 0;
	const struct identity_role *role;

	err_clear(err);
	if (!need(form, "WebIdentityToken", &token, err))
		return false;
	role = read_role(call, form, &session, &duration_s, err);
	if (err->kind != ERR_NONE)
		return false;
	if (!token_read(&identity->token_key, token, clock_wall_ms() / 1000,
			&user, &groups, &why))
		return s3_call_refuse(err,
				      strstr(why.message, "expired") != NULL
					      ? "ExpiredTokenException"
					      : "InvalidIdentityToken",
				      "%s", why.message);
	if (role == NULL)
		return s3_call_refuse(err, "AccessDenied",
				      "Not authorized to perform "
				      "sts:AssumeRoleWithWebIdentity");
	xml_put(out, "SubjectFromWebIdentityToken", user.text);
	return give(call, role, session, duration_s, out);
}

const struct api_op api_sts_ops[] = {
	{ "GetCallerIdentity", "", get_caller_identity, false },
	{ "AssumeRole",
	  "RoleArn RoleSessionName DurationSeconds ExternalId SerialNumber "
	  "TokenCode",
	  assume_role, false },
	{ "AssumeRoleWithWebIdentity",
	  "RoleArn RoleSessionName DurationSeconds WebIdentityToken",
	  assume_with_token, true },
	{ 0 },
};
