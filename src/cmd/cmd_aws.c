#include "cmd/cmd_aws.h"

#include <stdatomic.h>
#include <inttypes.h>
#include <string.h>

#include "aws/cred.h"
#include "aws/profile.h"
#include "aws/sso.h"
#include "aws/sts.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "cmd/aws_doctor.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "shell/session.h"

/* --- \aws --- */

static void add_pair(struct rows_mem *mem, const char *name, const char *value)
{
	rows_mem_add(mem, name);
	rows_mem_add(mem, value);
}

static void add_end(struct rows_mem *mem, const struct cred *cred)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (cred->expires_ms == 0)
		return;
	isotime_add_local(&text, cred->expires_ms);
	add_pair(mem, "valid until", text.text);
}

static bool whoami(struct session *session, const char *name, struct err *err)
{
	struct aws *aws = session_aws_ready(session, err);
	CLEANUP(sts_identity_done)
	struct sts_identity identity = STS_IDENTITY_EMPTY;
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct rows_mem *mem;

	(void)name;
	if (aws == NULL || !sts_get_identity(aws, &identity, err) ||
	    !worker_copy_cred(aws, &cred, err))
		return false;
	worker_add_region(aws, &region);
	mem = rows_mem_new(NULL);
	rows_mem_column(mem, "What", ROWS_TEXT);
	rows_mem_column(mem, "Value", ROWS_TEXT);
	add_pair(mem, "account", identity.account.text);
	add_pair(mem, "identity", identity.arn.text);
	add_pair(mem, "user id", identity.user_id.text);
	add_pair(mem, "profile", worker_profile(aws));
	add_pair(mem, "region", region.len > 0 ? region.text : "(none)");
	add_pair(mem, "credentials", cred.origin.text);
	add_end(mem, &cred);
	return session_print_rows(session, rows_mem_rows(mem), "", err);
}

static const char *kind_of(const struct profile *profile)
{
	static const struct {
		const char *key;
		const char *kind;
	} kinds[] = {
		{ "web_identity_token_file", "role by web identity" },
		{ "role_arn", "role" },
		{ "sso_account_id", "IAM Identity Center" },
		{ "sso_role_name", "IAM Identity Center" },
		{ "login_session", "aws login" },
		{ "credential_process", "process" },
		{ "aws_access_key_id", "keys" },
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (profile_get(profile, kinds[i].key) != NULL)
			return kinds[i].kind;
	return "";
}

static bool list_profiles(struct session *session, struct err *err)
{
	struct aws *aws = session_aws(session, err);
	CLEANUP(profile_freep) struct profile *files = NULL;
	struct rows_mem *mem;
	const char *name;
	size_t at = 0;

	if (aws == NULL)
		return false;
	files = profile_open(session_aws_profile(session), err);
	if (files == NULL)
		return false;
	mem = rows_mem_new("AWS profiles");
	rows_mem_column(mem, "Profile", ROWS_TEXT);
	rows_mem_column(mem, "Region", ROWS_TEXT);
	rows_mem_column(mem, "Credentials", ROWS_TEXT);
	rows_mem_column(mem, "In use", ROWS_TEXT);
	while ((name = profile_next(files, &at)) != NULL) {
		CLEANUP(profile_freep)
		struct profile *one = profile_other(files, name);

		rows_mem_add(mem, name);
		rows_mem_add(mem, one ? profile_get(one, "region") : NULL);
		rows_mem_add(mem, one ? kind_of(one) : "");
		rows_mem_add(mem, strcmp(name, worker_profile(aws)) == 0 ? "*"
									 : "");
	}
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

static bool use_profile(struct session *session, const char *name,
			struct err *err)
{
	if (name == NULL)
		return list_profiles(session, err);
	if (!session_switch_aws(session, name, NULL, err))
		return false;
	session_info(session, "AWS profile \"%s\", region %s",
		     name, worker_region(session_aws(session, err)));
	return true;
}

static bool use_region(struct session *session, const char *name,
		       struct err *err)
{
	struct aws *aws = session_aws(session, err);
	const char *region;

	if (name != NULL && !session_switch_aws(session, NULL, name, err))
		return false;
	aws = name != NULL ? session_aws(session, err) : aws;
	if (aws == NULL)
		return false;
	region = worker_region(aws);
	if (region[0] == '\0') {
		err_set(err, ERR_MISSING, "no AWS region is set");
		return err_hint(err, "\\aws region NAME sets one for this "
				     "session; \"aws configure\" or "
				     "AWS_REGION for all");
	}
	session_info(session, "region %s", region);
	return true;
}

static bool doctor(struct session *session, const char *name, struct err *err)
{
	int bad = 0;
	struct rows *rows = aws_doctor_rows(session, &bad, err);
	CLEANUP(str_done) struct str footer = STR_EMPTY;

	(void)name;
	if (rows == NULL)
		return false;
	if (bad == 0)
		str_add(&footer, "All is well.");
	else
		str_addf(&footer, "%d thing%s to look at.", bad,
			 bad == 1 ? "" : "s");
	return session_print_rows(session, rows, footer.text, err);
}

static const struct {
	const char *verb;
	bool takes_name;
	bool (*run)(struct session *session, const char *name,
		    struct err *err);
} verbs[] = {
	{ "whoami", false, whoami },
	{ "profile", true, use_profile },
	{ "region", true, use_region },
	{ "doctor", false, doctor },
};

static bool aws_run(struct session *session, const struct args *args,
		    struct err *err)
{
	const char *verb = args_text(args, "VERB");
	const char *name = args_text(args, "NAME");

	if (verb == NULL)
		verb = "whoami";
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (strcmp(verbs[i].verb, verb) != 0)
			continue;
		if (name != NULL && !verbs[i].takes_name)
			return err_set(err, ERR_USAGE,
				       "\\aws %s takes no name", verb);
		return verbs[i].run(session, name, err);
	}
	err_set(err, ERR_USAGE, "\\aws does not know \"%s\"", verb);
	return err_hint(err, "say whoami, profile, region or doctor");
}

/* --- \sso --- */

static bool wait_a_while(int64_t ms, struct err *err)
{
	int64_t ends_us = clock_monotonic_us() + ms * 1000;
	int64_t left_us;

	while ((left_us = ends_us - clock_monotonic_us()) > 0) {
		if (!cancel_check(err))
			return false;
		cancel_poll(-1, 0, (int)(left_us / 1000) + 1);
	}
	return cancel_check(err);
}

static bool poll_until_done(struct session *session, const struct cred_ask *ask,
			    const struct sso *sso, struct sso_token *token,
			    struct sso_device *device, struct err *err)
{
	session_info(session, "Open this page in a browser and confirm the "
			      "code %s:\n  %s\nWaiting; Ctrl-C gives up.",
		     device->user_code.text, device->url.text);
	for (;;) {
		if (!wait_a_while(device->interval_ms, err))
			return false;
		switch (sso_device_poll(ask, sso, token, device, err)) {
		case SSO_POLL_PENDING:
			continue;
		case SSO_POLL_DONE:
			return sso_token_write(sso, token, err);
		case SSO_POLL_FAILED:
			return false;
		}
	}
}

static bool sso_login(struct session *session, const char *name,
		      struct err *err)
{
	CLEANUP(profile_freep) struct profile *profile =
		profile_open(name != NULL ? name : session_aws_profile(session),
			     err);
	CLEANUP(endpoint_config_done) struct endpoint_config endpoints;
	CLEANUP(sso_token_done) struct sso_token token = SSO_TOKEN_EMPTY;
	CLEANUP(sso_device_done) struct sso_device device = SSO_DEVICE_EMPTY;
	struct cred_ask ask = { .profile = profile, .endpoints = &endpoints };
	struct sso sso;

	endpoint_config_init(&endpoints);
	if (profile == NULL || !sso_read(&sso, profile, err))
		return false;
	profile_endpoint_config(profile, session_aws_endpoint(session),
				&endpoints);
	atomic_store(&endpoints.plain_allowed, session_allows_http(session));
	ask.region = sso.region;
	ask.ca_file = profile_ca_file(profile);
	if (!sso_device_start(&ask, &sso, &token, &device, err) ||
	    !poll_until_done(session, &ask, &sso, &token, &device, err))
		return false;
	session_info(session, "logged in to %s", sso.start_url);
	/* Keys of the old login are not asked for any more. */
	return name != NULL || session_switch_aws(session, NULL, NULL, err);
}

static bool sso_run(struct session *session, const struct args *args,
		    struct err *err)
{
	const char *verb = args_text(args, "VERB");

	if (strcmp(verb, "login") == 0)
		return sso_login(session, args_text(args, "PROFILE"), err);
	err_set(err, ERR_USAGE, "\\sso does not know \"%s\"", verb);
	return err_hint(err, "say \\sso login");
}

static const struct arg aws_args[] = {
	{ "VERB", ARG_NAME, ARG_OPTIONAL, "whoami, profile, region or doctor",
	  WANT_CHOICE, "whoami|profile|region|doctor" },
	{ "NAME", ARG_NAME, ARG_OPTIONAL, "of the profile or region to use",
	  WANT_AWS_NAME },
	ARG_END
};

static const struct arg sso_args[] = {
	{ "VERB", ARG_NAME, ARG_REQUIRED, "login", WANT_CHOICE, "login" },
	{ "PROFILE", ARG_NAME, ARG_OPTIONAL, "AWS profile; that in use",
	  WANT_PROFILE },
	ARG_END
};

const struct command cmd_aws_table[] = {
	{
		.name = "aws",
		.group = GROUP_AWS,
		.brief = "who you are at AWS; change profile or region; "
			 "check the set-up",
		.args = aws_args,
		.run = aws_run,
	},
	{
		.name = "sso",
		.group = GROUP_AWS,
		.brief = "log in to IAM Identity Center with a browser",
		.args = sso_args,
		.run = sso_run,
	},
	COMMAND_END
};
