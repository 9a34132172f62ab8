#include "cmd/aws_doctor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/cred.h"
#include "aws/endpoint.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "aws/sts.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "net/http.h"
#include "shell/session.h"

enum { TRY_MS = 5000, SKEW_WORTH_TELLING_S = 60 };

struct doctor {
	struct session *session;
	struct aws *aws;
	const struct profile *profile;
	struct endpoint_config endpoints;
	struct rows_mem *mem;
	int bad;
};

static void add(struct doctor *doctor, const char *check, const char *value,
		const char *from)
{
	rows_mem_add(doctor->mem, check);
	rows_mem_add(doctor->mem, value);
	rows_mem_add(doctor->mem, from);
}

static void add_fault(struct doctor *doctor, const char *check,
		      const struct err *err)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;

	str_addf(&value, "PROBLEM: %s", err->message);
	add(doctor, check, value.text, err->hint);
	doctor->bad++;
}

void aws_doctor_mask(const char *access_key_id, struct str *out)
{
	size_t len = strlen(access_key_id);

	if (len < 12)
		str_add(out, "***");
	else
		str_addf(out, "%.4s...%s", access_key_id,
			 access_key_id + len - 4);
}

/* --- files and settings --- */

static void look_at_profile(struct doctor *doctor)
{
	const char *from = "by default";

	if (session_aws_profile(doctor->session) != NULL)
		from = "--profile or \\aws profile";
	else if (profile_env("AWS_PROFILE") != NULL)
		from = "AWS_PROFILE";
	else if (profile_env("AWS_DEFAULT_PROFILE") != NULL)
		from = "AWS_DEFAULT_PROFILE";
	add(doctor, "profile", profile_name(doctor->profile), from);
}

static void look_at_file(struct doctor *doctor, enum profile_file file,
			 const char *check, const char *variable)
{
	const char *path = profile_path(doctor->profile, file);
	CLEANUP(str_done) struct str value = STR_EMPTY;

	str_addf(&value, "%s%s", path,
		 file_exists(path) ? "" : " (there is none)");
	add(doctor, check, value.text,
	    profile_env(variable) != NULL ? variable : "by default");
}

static void look_at_files(struct doctor *doctor)
{
	const char *warning = profile_warning(doctor->profile);

	look_at_file(doctor, PROFILE_CONFIG, "config file", "AWS_CONFIG_FILE");
	look_at_file(doctor, PROFILE_CREDENTIALS, "credentials file",
		     "AWS_SHARED_CREDENTIALS_FILE");
	if (warning[0] != '\0') {
		struct err err = ERR_EMPTY;

		err_set(&err, ERR_DATA, "%s", warning);
		add_fault(doctor, "permissions", &err);
	}
}

static void look_at_region(struct doctor *doctor)
{
	const char *region = worker_region(doctor->aws);
	struct err err = ERR_EMPTY;

	if (region[0] != '\0') {
		add(doctor, "region", region,
		    profile_region_origin(doctor->profile,
					  session_aws_region(doctor->session)));
		return;
	}
	err_set(&err, ERR_MISSING, "none is set");
	err_hint(&err, "AWS_REGION, \"aws configure\" or \\aws region NAME");
	add_fault(doctor, "region", &err);
}

/* A proxy's user and password are nobody's business. */
static void look_at_proxy(struct doctor *doctor)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
					     "all_proxy", "ALL_PROXY" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = profile_env(names[i]);
		const char *at = value != NULL ? strrchr(value, '@') : NULL;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		if (value == NULL)
			continue;
		str_addf(&text, "%s%s", at != NULL ? "***" : "",
			 at != NULL ? at : value);
		add(doctor, "proxy", text.text, names[i]);
		return;
	}
}

static void look_at_settings(struct doctor *doctor)
{
	const char *ca = profile_ca_file(doctor->profile);

	look_at_profile(doctor);
	look_at_files(doctor);
	look_at_region(doctor);
	if (ca == NULL) {
		add(doctor, "TLS authorities", "those of this machine",
		    "by default");
	} else if (file_exists(ca)) {
		add(doctor, "TLS authorities", ca,
		    profile_env("AWS_CA_BUNDLE") != NULL ? "AWS_CA_BUNDLE"
							 : "ca_bundle");
	} else {
		struct err err = ERR_EMPTY;

		err_set(&err, ERR_MISSING, "there is no file %s", ca);
		err_hint(&err, "look at AWS_CA_BUNDLE and ca_bundle");
		add_fault(doctor, "TLS authorities", &err);
	}
	look_at_proxy(doctor);
	if (doctor->endpoints.fips)
		add(doctor, "FIPS endpoints", "on", "use_fips_endpoint");
	if (doctor->endpoints.dualstack)
		add(doctor, "dual-stack endpoints", "on",
		    "use_dualstack_endpoint");
}

/* --- credentials --- */

static void add_life(struct doctor *doctor, const struct cred *cred)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (cred->expires_ms == 0) {
		add(doctor, "valid until", "they do not end", "");
		return;
	}
	isotime_add_local(&text, cred->expires_ms);
	add(doctor, "valid until", text.text, "renewed in time");
}

static void look_at_credentials(struct doctor *doctor)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	CLEANUP(sts_identity_done)
	struct sts_identity identity = STS_IDENTITY_EMPTY;
	CLEANUP(str_done) struct str masked = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!worker_copy_cred(doctor->aws, &cred, &err)) {
		add_fault(doctor, "credentials", &err);
		return;
	}
	aws_doctor_mask(cred.access_key_id.text, &masked);
	add(doctor, "credentials", cred.provider, cred.origin.text);
	add(doctor, "access key id", masked.text, "");
	add(doctor, "secret key", secret_masked(&cred.secret_key), "");
	if (secret_is_set(&cred.token))
		add(doctor, "session token", secret_masked(&cred.token), "");
	add_life(doctor, &cred);
	if (sts_get_identity(doctor->aws, &identity, &err))
		add(doctor, "identity", identity.arn.text, "STS");
	else
		add_fault(doctor, "identity", &err);
}

/* --- endpoints --- */

static void look_at_clock(struct doctor *doctor, const struct http *http)
{
	const char *date = http_headers_get(&http->reply.headers, "date");
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;
	int64_t server_ms;
	int64_t off_s;

	if (date == NULL || !isotime_parse_http(date, &server_ms, NULL))
		return;
	off_s = (clock_wall_ms() - server_ms) / 1000;
	if (off_s > -SKEW_WORTH_TELLING_S && off_s < SKEW_WORTH_TELLING_S) {
		add(doctor, "clock", "right", "Date of STS");
		return;
	}
	err_set(&err, ERR_DATA, "this machine's clock is %" PRId64 " s %s",
		off_s < 0 ? -off_s : off_s, off_s < 0 ? "slow" : "fast");
	err_hint(&err, "set it (NTP); requests are corrected meanwhile");
	add_fault(doctor, "clock", &err);
}

static void look_at_endpoint(struct doctor *doctor,
			     enum endpoint_service service, const char *check)
{
	static const struct exchange how = { .timeout_ms = TRY_MS,
					     .attempts = 1 };
	const char *region = worker_region(doctor->aws);
	struct cred_ask ask = {
		.profile = doctor->profile,
		.ca_file = profile_ca_file(doctor->profile),
	};
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!endpoint_find_unsigned(&doctor->endpoints, service,
				    region[0] != '\0' ? region : "us-east-1",
				    "", &endpoint, &err)) {
		add_fault(doctor, check, &err);
		return;
	}
	str_addf(&url, "%s%s/", endpoint.base.text, endpoint.path.text);
	http = http_new("GET", url.text);
	http_add_header(http, "host", endpoint.host.text);
	if (!exchange_run(&ask, &how, http, &err)) {
		add_fault(doctor, check, &err);
		return;
	}
	add(doctor, check, endpoint.base.text,
	    endpoint.overridden ? "an override; it answers" : "it answers");
	if (service == ENDPOINT_STS)
		look_at_clock(doctor, http);
}

struct rows *aws_doctor_rows(struct session *session, int *out_bad,
			     struct err *err)
{
	struct doctor doctor = { .session = session };
	CLEANUP(profile_freep) struct profile *profile = NULL;

	doctor.aws = session_aws_ready(session, err);
	if (doctor.aws == NULL)
		return NULL;
	profile = profile_open(session_aws_profile(session), err);
	if (profile == NULL)
		return NULL;
	endpoint_config_init(&doctor.endpoints);
	profile_endpoint_config(profile, session_aws_endpoint(session),
				&doctor.endpoints);
	doctor.profile = profile;
	doctor.mem = rows_mem_new("AWS set-up");
	rows_mem_column(doctor.mem, "Check", ROWS_TEXT);
	rows_mem_column(doctor.mem, "Value", ROWS_TEXT);
	rows_mem_column(doctor.mem, "From", ROWS_TEXT);
	look_at_settings(&doctor);
	look_at_endpoint(&doctor, ENDPOINT_STS, "STS");
	look_at_endpoint(&doctor, ENDPOINT_S3, "S3");
	look_at_endpoint(&doctor, ENDPOINT_REDSHIFT, "Redshift");
	look_at_credentials(&doctor);
	endpoint_config_done(&doctor.endpoints);
	*out_bad = doctor.bad;
	if (cancel_check(err))
		return rows_mem_rows(doctor.mem);
	rows_free(rows_mem_rows(doctor.mem));
	return NULL;
}
