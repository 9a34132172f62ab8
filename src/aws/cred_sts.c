#include "aws/cred_sts.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "aws/cred.h"
#include "aws/endpoint.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "aws/sigv4.h"
#include "base/mem.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml.h"
#include "net/http.h"

static const char form_type[] =
	"application/x-www-form-urlencoded; charset=utf-8";

static const struct exchange how = { .timeout_ms = 20000, .attempts = 3 };

static void sign(const struct cred_ask *ask, const struct cred *by,
		 const struct endpoint *endpoint, const char *region,
		 const struct str *form, struct http *http)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(str_done) struct str authorization = STR_EMPTY;
	struct sigv4_scope scope = { .region = region, .service = "sts" };
	struct sigv4_pair headers[4];
	struct sigv4_credentials credentials = {
		by->access_key_id.text,
		&by->secret_key,
		&by->token,
	};
	struct sigv4_request request = {
		.method = "POST",
		.path = endpoint->path.len > 0 ? endpoint->path.text : "/",
		.path_rule = SIGV4_NORMALIZE | SIGV4_ENCODE_TWICE,
		.headers = headers,
	};

	sigv4_time(cred_now_ms(ask), scope.time);
	http_add_header(http, "x-amz-date", scope.time);
	if (secret_is_set(&by->token))
		http_add_header(http, "x-amz-security-token",
				secret_text(&by->token));
	for (size_t i = 0; i < http->headers.count; i++)
		headers[i] =
			(struct sigv4_pair){ http->headers.items[i].name,
					     http->headers.items[i].value };
	request.header_count = http->headers.count;
	hash_add_hex(HASH_SHA256, form->text, form->len, &hash);
	request.payload_hash = hash.text;
	sigv4_sign(&request, &scope, &credentials, &authorization);
	http_add_header(http, "authorization", authorization.text);
}

static const struct {
	const char *code;
	const char *hint;
} hints[] = {
	{ "AccessDenied",
	  "the role must trust this identity, which must be allowed "
	  "sts:AssumeRole (and MFA or an external id when the role asks)" },
	{ "ExpiredToken", "the credentials it is assumed with have expired" },
	{ "ExpiredTokenException",
	  "the web identity token has expired; whoever writes its file must "
	  "renew it" },
	{ "InvalidIdentityToken",
	  "the web identity token is not one this role trusts" },
	{ "InvalidClientTokenId", "AWS does not know the access key id" },
	{ "SignatureDoesNotMatch", "is the secret access key right?" },
	{ "RegionDisabledException",
	  "STS is off in this region; name another one with --region" },
};

static bool explain(const struct http *http, const char *action,
		    struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const char *code = "";
	const char *text = "";

	if (xml_reader_feed(reader, http->reply.body.text,
			    http->reply.body.len, NULL))
		root = xml_reader_end(reader, NULL);
	root = xml_at(root, "Error");
	if (root != NULL) {
		code = xml_text(root, "Code", "");
		text = xml_text(root, "Message", "");
	}
	if (code[0] == '\0')
		err_set(err, ERR_AUTH, "STS: %s failed: HTTP status %d",
			action, http->reply.status);
	else
		err_set(err, ERR_AUTH, "STS: %s: %s: %s", action, code, text);
	err_set_code(err, code);
	for (size_t i = 0; i < COUNT_OF(hints); i++)
		if (strcmp(hints[i].code, code) == 0)
			err_hint(err, "%s", hints[i].hint);
	return false;
}

static bool read_keys(const struct http *http, const char *action,
		      struct cred *out, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	CLEANUP(str_done) struct str result = STR_EMPTY;
	const struct xml *root = NULL;
	const char *id;

	if (xml_reader_feed(reader, http->reply.body.text,
			    http->reply.body.len, err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		return err_wrap(err, "STS: %s", action);
	str_addf(&result, "%sResult", action);
	root = xml_at(xml_at(root, result.text), "Credentials");
	id = xml_text(root, "AccessKeyId", "");
	cred_fill(out, id, xml_text(root, "SecretAccessKey", ""),
		  xml_text(root, "SessionToken", NULL));
	if (id[0] == '\0' || !secret_is_set(&out->secret_key) ||
	    !isotime_parse(xml_text(root, "Expiration", ""), &out->expires_ms,
			   NULL))
		return err_set(err, ERR_DATA,
			       "STS: the reply to %s has no whole "
			       "credentials",
			       action);
	return true;
}

/* IDPCommunicationError is worth another try by AWS's own word. */
static bool is_passing(const struct http *http)
{
	return http->reply.status == 400 &&
	       strstr(http->reply.body.text, "IDPCommunicationError") != NULL;
}

bool cred_sts_assume(const struct cred_ask *ask, const struct cred *by,
		     const char *action, struct str *form, struct cred *out,
		     struct err *err)
{
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	const char *region = ask->region[0] != '\0' ? ask->region : "us-east-1";

	if (!endpoint_find(ask->endpoints, ENDPOINT_STS, region, "", &endpoint,
			   err))
		return false;
	region = endpoint_signing_region(ask->endpoints, ENDPOINT_STS, region);
	url_add_param(form, "Action", action);
	url_add_param(form, "Version", "2011-06-15");
	str_addf(&url, "%s%s", endpoint.base.text,
		 endpoint.path.len > 0 ? endpoint.path.text : "/");
	http = http_new("POST", url.text);
	http_add_header(http, "host", endpoint.host.text);
	http_add_header(http, "content-type", form_type);
	if (by != NULL)
		sign(ask, by, &endpoint, region, form, http);
	http_set_body(http, form->text, form->len);
	for (int i = 0; i < 2; i++) {
		if (!exchange_run(ask, &how, http, err))
			return err_wrap(err, "STS: %s", action);
		if (!is_passing(http))
			break;
	}
	if (http->reply.status != 200)
		return explain(http, action, err);
	return read_keys(http, action, out, err);
}

/* [\w+=,.@-]{2,64} */
static bool is_session_name(const char *name)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_+=,.@-";
	size_t len = strlen(name);

	return len >= 2 && len <= 64 && strspn(name, letters) == len;
}

bool cred_sts_add_session(struct str *form, const char *named, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct passwd entry, *found = NULL;
	char buffer[4096];

	if (named != NULL && !is_session_name(named)) {
		err_set(err, ERR_USAGE, "role_session_name \"%.80s\" cannot be",
			named);
		return err_hint(err, "2 to 64 letters, digits and _+=,.@-");
	}
	str_add(&name, named != NULL ? named : "redsh");
	if (named == NULL &&
	    getpwuid_r(getuid(), &entry, buffer, sizeof(buffer), &found) == 0 &&
	    found != NULL && is_session_name(found->pw_name) &&
	    strlen(found->pw_name) < 50)
		str_addf(&name, "-%s", found->pw_name);
	url_add_param(form, "RoleSessionName", name.text);
	return true;
}
