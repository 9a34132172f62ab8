/* The session's AWS thread: started on first need, and changed. */
#include "shell/session.h"

#include "aws/worker.h"
#include "base/mem.h"
#include "base/str.h"
#include "shell/cmdline.h"
#include "shell/connect.h"
#include "shell/iam.h"
#include "shell/session_state.h"
#include "shell/suggest.h"

const char *session_aws_profile(const struct session *session)
{
	if (session->aws_profile)
		return session->aws_profile;
	return cmdline_value(session->cmdline, OPTION_PROFILE);
}

const char *session_aws_region(const struct session *session)
{
	if (session->aws_region)
		return session->aws_region;
	return cmdline_value(session->cmdline, OPTION_REGION);
}

const char *session_aws_endpoint(const struct session *session)
{
	return cmdline_value(session->cmdline, OPTION_ENDPOINT);
}

bool session_allows_http(const struct session *session)
{
	return session->is.allow_http || session->http_allowed;
}

static struct aws *start(struct session *session, const char *profile,
			 const char *region, struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;
	struct worker_options options = {
		.profile = profile,
		.region = region,
		.endpoint_url = session_aws_endpoint(session),
		.cache_path = cmdline_has(cmdline, OPTION_NO_CACHE) ? "" : NULL,
	};
	struct aws *beside = session->aws ? session->aws
					  : iam_own_aws(session->iam);
	struct aws *aws = worker_new(beside, &options, err);

	if (aws != NULL && session_allows_http(session))
		worker_allow_plain(aws);
	return aws;
}

static void warn_once(struct session *session)
{
	const char *warning = worker_warning(session->aws);

	if (!session->aws_warned && warning[0] != '\0')
		session_warn(session, "%s", warning);
	session->aws_warned = true;
}

struct aws *session_aws(struct session *session, struct err *err)
{
	if (!session->aws) {
		session->aws = start(session, session_aws_profile(session),
				     session_aws_region(session), err);
		if (session->aws && session->editor)
			suggest_watch_aws(session);
	}
	return session->aws;
}

/* A mistyped code is refused by AWS, which says so. */
void session_ask_code(struct session *session, struct aws *aws)
{
	CLEANUP(str_done) struct str serial = STR_EMPTY;
	CLEANUP(str_done) struct str question = STR_EMPTY;
	CLEANUP(str_done) struct str code = STR_EMPTY;

	worker_wanted_code(aws, &serial);
	if (serial.len == 0 || !session_is_interactive(session))
		return;
	str_addf(&question, "MFA code of %s: ", serial.text);
	if (connect_ask_password(question.text, &code) && code.len > 0)
		worker_set_code(aws, code.text);
	mem_wipe(code.text, code.len);
}

/* Asked once. Who says no, or cannot be asked, gets the error of the request,
 * which names the way out. */
static bool ask_http(struct session *session, struct aws *aws, struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	const char *endpoint = worker_plain_endpoint(aws);

	if (endpoint[0] == '\0')
		return true;
	if (!session_allows_http(session) && !session->http_asked &&
	    session_is_interactive(session)) {
		str_addf(&question,
			 "Endpoint %s has no TLS: whoever is on the way reads "
			 "and changes what is sent with your AWS keys. Use it "
			 "in this session?",
			 endpoint);
		if (!session_confirm(session, question.text, "",
				     &session->http_allowed, err))
			return false;
		session->http_asked = true;
	}
	if (session_allows_http(session))
		worker_allow_plain(aws);
	return true;
}

struct aws *session_aws_ready(struct session *session, struct err *err)
{
	if (!session_aws(session, err))
		return NULL;
	warn_once(session);
	if (!ask_http(session, session->aws, err))
		return NULL;
	session_ask_code(session, session->aws);
	return session->aws;
}

bool session_switch_aws(struct session *session, const char *profile,
			const char *region, struct err *err)
{
	const char *new_profile =
		profile ? profile : session_aws_profile(session);
	/* The region goes with the profile unless it was typed. */
	const char *new_region = region ? region : session_aws_region(session);
	struct aws *aws;

	session->aws_warned = false;
	aws = start(session, new_profile, new_region, err);
	if (!aws)
		return false;
	iam_forget(session);
	worker_free(session->aws);
	session->aws = aws;
	if (profile) {
		mem_free(session->aws_profile);
		session->aws_profile = mem_copy_text(profile);
	}
	if (region) {
		mem_free(session->aws_region);
		session->aws_region = mem_copy_text(region);
	}
	if (session->editor)
		suggest_watch_aws(session);
	return true;
}
