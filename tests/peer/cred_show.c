/* What the credential chain finds, as a credential process prints it, for
 * comparison with the AWS CLI: cred_show [PROFILE [REGION [CODE]]]; "-" for
 * none. */
#include <stdio.h>
#include <string.h>

#include "aws/cred.h"
#include "aws/endpoint.h"
#include "aws/profile.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/json.h"

static int fail(const struct err *err)
{
	fprintf(stderr, "%s\nHINT: %s\nCODE: %s\n", err->message, err->hint,
		err->code);
	return 1;
}

static void show(const struct cred *cred)
{
	CLEANUP(json_freep) struct json *out = json_new_object();
	CLEANUP(str_done) struct str ends = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	json_put_number(out, "Version", 1);
	json_put_text(out, "AccessKeyId", cred->access_key_id.text);
	json_put_text(out, "SecretAccessKey", secret_text(&cred->secret_key));
	if (secret_is_set(&cred->token))
		json_put_text(out, "SessionToken", secret_text(&cred->token));
	if (cred->expires_ms != 0) {
		isotime_add(&ends, cred->expires_ms);
		json_put_text(out, "Expiration", ends.text);
	}
	json_put_text(out, "Provider", cred->provider);
	json_put_text(out, "Origin", cred->origin.text);
	json_add(&text, out);
	puts(text.text);
}

static const char *argument(int argc, char **argv, int at)
{
	return argc > at && strcmp(argv[at], "-") != 0 ? argv[at] : NULL;
}

int main(int argc, char **argv)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	CLEANUP(profile_freep) struct profile *profile = NULL;
	CLEANUP(endpoint_config_done) struct endpoint_config endpoints;
	struct err err = ERR_EMPTY;
	struct cred_ask ask = { .endpoints = &endpoints };

	endpoint_config_init(&endpoints);
	profile = profile_open(argument(argc, argv, 1), &err);
	if (profile == NULL)
		return fail(&err);
	if (profile_warning(profile)[0] != '\0')
		fprintf(stderr, "WARNING: %s\n", profile_warning(profile));
	profile_endpoint_config(profile, NULL, &endpoints);
	ask.profile = profile;
	ask.region = profile_region(profile, argument(argc, argv, 2), "");
	ask.ca_file = profile_ca_file(profile);
	ask.code = argument(argc, argv, 3);
	ask.process_timeout_ms = 2000;
	if (!cred_find(&ask, &cred, &err))
		return fail(&err);
	show(&cred);
	return 0;
}
