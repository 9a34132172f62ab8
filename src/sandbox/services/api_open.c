#include "sandbox/services/api_open.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/sessions.h"
#include "sandbox/account/token.h"
#include "sandbox/quicksight/qs_link.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum {
	DEVICE_S = 600,
	POLL_S = 1,
	ACCESS_S = 8 * 3600,
	KEYS_S = 3600,
	METADATA_TTL_MAX_S = 21600,
};

static const int64_t client_ms = INT64_C(90) * 24 * 3600 * 1000;

static const char device_grant[] =
	"urn:ietf:params:oauth:grant-type:device_code";

/* --- replies --- */

static void reply_json(struct s3_call *call, int status,
		       const struct json *json)
{
	s3_reply_header(&call->reply, "Content-Type", "application/json");
	json_add(&call->reply.body, json);
	call->reply.status = status;
}

static void reply_text(struct s3_call *call, int status, const char *text)
{
	s3_reply_header(&call->reply, "Content-Type", "text/plain");
	str_add(&call->reply.body, text);
	call->reply.status = status;
}

/* type as in x-amzn-ErrorType; error is OAuth's word for it, or NULL. */
static void refuse(struct s3_call *call, int status, const char *type,
		   const char *error, const char *text)
{
	CLEANUP(json_freep) struct json *json = json_new_object();

	s3_reply_header(&call->reply, "x-amzn-ErrorType", type);
	if (error != NULL) {
		json_put_text(json, "error", error);
		json_put_text(json, "error_description", text);
	} else {
		json_put_text(json, "__type", type);
		json_put_text(json, "message", text);
	}
	reply_json(call, status, json);
}

static void put_keys(struct json *json, const struct sessions_entry *keys,
		     const char *token_name)
{
	CLEANUP(str_done) struct str ends = STR_EMPTY;

	isotime_add(&ends, keys->expires_ms);
	json_put_text(json, "AccessKeyId", keys->id.text);
	json_put_text(json, "SecretAccessKey", secret_text(&keys->secret));
	json_put_text(json, token_name, secret_text(&keys->token));
	json_put_text(json, "Expiration", ends.text);
}

/* --- OIDC --- */

static void register_client(struct s3_call *call, const struct json *in)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry client = SESSIONS_ENTRY_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	const char *name = json_text(in, "clientName", "");
	int64_t now_ms = clock_wall_ms();

	if (name[0] == '\0') {
		refuse(call, 400, "InvalidClientMetadataException",
		       "invalid_client_metadata", "clientName is missing");
		return;
	}
	if (strcmp(json_text(in, "clientType", ""), "public") != 0) {
		refuse(call, 400, "InvalidClientMetadataException",
		       "invalid_client_metadata", "clientType is not public");
		return;
	}
	sessions_give(call->options->sessions, SESSIONS_CLIENT, "", name,
		      now_ms + client_ms, &client);
	json_put_text(out, "clientId", client.id.text);
	json_put_text(out, "clientSecret", secret_text(&client.secret));
	json_put_number(out, "clientIdIssuedAt", now_ms / 1000);
	json_put_number(out, "clientSecretExpiresAt",
			client.expires_ms / 1000);
	reply_json(call, 200, out);
}

static bool check_client(struct s3_call *call, const struct json *in)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry client = SESSIONS_ENTRY_EMPTY;
	CLEANUP(secret_done) struct secret sent = SECRET_EMPTY;

	secret_set(&sent, json_text(in, "clientSecret", ""));
	if (sessions_find(call->options->sessions, SESSIONS_CLIENT,
			  json_text(in, "clientId", ""), &client) &&
	    secret_equal(&client.secret, &sent) &&
	    client.expires_ms > clock_wall_ms())
		return true;
	refuse(call, 401, "InvalidClientException", "invalid_client",
	       "the client is not registered, or its secret is another");
	return false;
}

static void start_device(struct s3_call *call, const struct json *in)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry device = SESSIONS_ENTRY_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	CLEANUP(str_done) struct str url = STR_EMPTY;
	const char *host = s3_request_header(&call->request, "host");

	if (!check_client(call, in))
		return;
	if (!str_starts(json_text(in, "startUrl", ""), "http")) {
		refuse(call, 400, "InvalidRequestException", "invalid_request",
		       "startUrl is missing");
		return;
	}
	sessions_give(call->options->sessions, SESSIONS_DEVICE,
		      json_text(in, "clientId", ""), "",
		      clock_wall_ms() + DEVICE_S * 1000, &device);
	str_addf(&url, "http://%s/device", host != NULL ? host : "127.0.0.1");
	json_put_text(out, "deviceCode", device.id.text);
	json_put_text(out, "userCode", secret_text(&device.token));
	json_put_text(out, "verificationUri", url.text);
	str_addf(&url, "?user_code=%s", secret_text(&device.token));
	json_put_text(out, "verificationUriComplete", url.text);
	json_put_number(out, "expiresIn", DEVICE_S);
	json_put_number(out, "interval", POLL_S);
	reply_json(call, 200, out);
}

/* Who opens the page of the user code is the person it is for. */
static void confirm_device(struct s3_call *call, const struct json *in)
{
	const char *code = s3_request_param(&call->request, "user_code");

	(void)in;
	if (code != NULL && sessions_confirm(call->options->sessions, code,
					     clock_wall_ms()))
		reply_text(call, 200, "Confirmed. You can close this page.\n");
	else
		reply_text(call, 404, "There is no such code.\n");
}

static void give_token(struct s3_call *call, const char *client)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry access = SESSIONS_ENTRY_EMPTY;
	CLEANUP(sessions_entry_done)
	struct sessions_entry renewal = SESSIONS_ENTRY_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	int64_t now_ms = clock_wall_ms();

	sessions_give(call->options->sessions, SESSIONS_ACCESS, client, "",
		      now_ms + ACCESS_S * 1000, &access);
	sessions_give(call->options->sessions, SESSIONS_REFRESH, client, "",
		      now_ms + client_ms, &renewal);
	json_put_text(out, "accessToken", access.id.text);
	json_put_text(out, "tokenType", "Bearer");
	json_put_number(out, "expiresIn", ACCESS_S);
	json_put_text(out, "refreshToken", renewal.id.text);
	reply_json(call, 200, out);
}

static void token_of_device(struct s3_call *call, const struct json *in)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry device = SESSIONS_ENTRY_EMPTY;
	const char *code = json_text(in, "deviceCode", "");
	const char *client = json_text(in, "clientId", "");

	if (!sessions_find(call->options->sessions, SESSIONS_DEVICE, code,
			   &device) ||
	    strcmp(device.owner.text, client) != 0)
		refuse(call, 400, "InvalidGrantException", "invalid_grant",
		       "the device code is not valid");
	else if (device.expires_ms <= clock_wall_ms())
		refuse(call, 400, "ExpiredTokenException", "expired_token",
		       "the device code has expired");
	else if (!device.confirmed)
		refuse(call, 400, "AuthorizationPendingException",
		       "authorization_pending", "nobody confirmed it yet");
	else if (sessions_drop(call->options->sessions, SESSIONS_DEVICE, code))
		give_token(call, client);
	else
		refuse(call, 400, "InvalidGrantException", "invalid_grant",
		       "the device code has been used");
}

static void token_of_refresh(struct s3_call *call, const struct json *in)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry renewal = SESSIONS_ENTRY_EMPTY;
	const char *token = json_text(in, "refreshToken", "");
	const char *client = json_text(in, "clientId", "");

	if (sessions_find(call->options->sessions, SESSIONS_REFRESH, token,
			  &renewal) &&
	    strcmp(renewal.owner.text, client) == 0 &&
	    renewal.expires_ms > clock_wall_ms() &&
	    sessions_drop(call->options->sessions, SESSIONS_REFRESH, token))
		give_token(call, client);
	else
		refuse(call, 400, "InvalidGrantException", "invalid_grant",
		       "the refresh token is not valid");
}

static void create_token(struct s3_call *call, const struct json *in)
{
	const char *grant = json_text(in, "grantType", "");

	if (!check_client(call, in))
		return;
	if (strcmp(grant, device_grant) == 0)
		token_of_device(call, in);
	else if (strcmp(grant, "refresh_token") == 0)
		token_of_refresh(call, in);
	else
		refuse(call, 400, "UnsupportedGrantTypeException",
		       "unsupported_grant_type",
		       "only device codes and refresh tokens are taken here");
}

/* --- the portal --- */

static void role_credentials(struct s3_call *call, const struct json *in)
{
	const struct s3_request *request = &call->request;
	const char *token =
		s3_request_header(request, "x-amz-sso_bearer_token");
	const char *role = s3_request_param(request, "role_name");
	const char *account = s3_request_param(request, "account_id");
	CLEANUP(sessions_entry_done)
	struct sessions_entry access = SESSIONS_ENTRY_EMPTY;
	CLEANUP(sessions_entry_done)
	struct sessions_entry keys = SESSIONS_ENTRY_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct json *inner;

	(void)in;
	if (token == NULL ||
	    !sessions_find(call->options->sessions, SESSIONS_ACCESS, token,
			   &access) ||
	    access.expires_ms <= clock_wall_ms()) {
		refuse(call, 401, "UnauthorizedException", NULL,
		       "Session token not found or invalid");
		return;
	}
	str_addf(&arn, "arn:aws:iam::" IDENTITY_ACCOUNT ":role/%s",
		 role != NULL ? role : "");
	if (role == NULL || account == NULL ||
	    strcmp(account, IDENTITY_ACCOUNT) != 0 ||
	    identity_role(call->options->identity, arn.text) == NULL) {
		refuse(call, 403, "ForbiddenException", NULL, "No access");
		return;
	}
	sessions_give(call->options->sessions, SESSIONS_KEYS, arn.text,
		      "sandbox", clock_wall_ms() + KEYS_S * 1000, &keys);
	inner = json_new_object();
	json_put_text(inner, "accessKeyId", keys.id.text);
	json_put_text(inner, "secretAccessKey", secret_text(&keys.secret));
	json_put_text(inner, "sessionToken", secret_text(&keys.token));
	json_put_number(inner, "expiration", keys.expires_ms);
	json_put_take(out, "roleCredentials", inner);
	reply_json(call, 200, out);
}

/* --- EC2 and containers --- */

static void metadata_token(struct s3_call *call, const struct json *in)
{
	const char *text = s3_request_header(
		&call->request, "x-aws-ec2-metadata-token-ttl-seconds");
	long seconds = text != NULL ? strtol(text, NULL, 10) : 0;
	CLEANUP(sessions_entry_done)
	struct sessions_entry token = SESSIONS_ENTRY_EMPTY;

	(void)in;
	if (seconds < 1 || seconds > METADATA_TTL_MAX_S) {
		reply_text(call, 400, "400 - Bad Request\n");
		return;
	}
	sessions_give(call->options->sessions, SESSIONS_METADATA, "", "",
		      clock_wall_ms() + seconds * 1000, &token);
	reply_text(call, 200, token.id.text);
}

/* Version 2 only, as an instance that requires tokens. */
static bool has_metadata_token(struct s3_call *call)
{
	const char *token =
		s3_request_header(&call->request, "x-aws-ec2-metadata-token");
	CLEANUP(sessions_entry_done)
	struct sessions_entry found = SESSIONS_ENTRY_EMPTY;

	if (token != NULL &&
	    sessions_find(call->options->sessions, SESSIONS_METADATA, token,
			  &found) &&
	    found.expires_ms > clock_wall_ms())
		return true;
	reply_text(call, 401, "401 - Unauthorized\n");
	return false;
}

static void give_role(struct s3_call *call, const char *arn, const char *who,
		      bool instance)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry keys = SESSIONS_ENTRY_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	CLEANUP(str_done) struct str now = STR_EMPTY;

	sessions_give(call->options->sessions, SESSIONS_KEYS, arn, who,
		      clock_wall_ms() + KEYS_S * 1000, &keys);
	isotime_add(&now, clock_wall_ms());
	if (instance) {
		json_put_text(out, "Code", "Success");
		json_put_text(out, "LastUpdated", now.text);
		json_put_text(out, "Type", "AWS-HMAC");
	} else {
		json_put_text(out, "RoleArn", arn);
	}
	put_keys(out, &keys, "Token");
	reply_json(call, 200, out);
}

#define ROLES_PATH "/latest/meta-data/iam/security-credentials/"

static void metadata(struct s3_call *call, const struct json *in)
{
	const char *path = call->request.path.text;
	const struct identity_role *role =
		identity_default_role(call->options->identity);
	const char *name = role != NULL ? strrchr(role->arn, '/') + 1 : "";

	(void)in;
	if (!has_metadata_token(call))
		return;
	if (strcmp(path, "/latest/meta-data/placement/region") == 0)
		reply_text(call, 200, IDENTITY_REGION);
	else if (strcmp(path, "/latest/meta-data/placement/"
			      "availability-zone") == 0)
		reply_text(call, 200, IDENTITY_REGION "a");
	else if (strcmp(path, ROLES_PATH) == 0 && role != NULL)
		reply_text(call, 200, name);
	else if (str_starts(path, ROLES_PATH) && role != NULL &&
		 strcmp(path + strlen(ROLES_PATH), name) == 0)
		give_role(call, role->arn, "i-0123456789abcdef0", true);
	else
		reply_text(call, 404, "404 - Not Found\n");
}

/* As EKS Pod Identity: a token of the identity provider opens the role that
 * the path names. */
static void container(struct s3_call *call, const struct json *in)
{
	const struct identity *identity = call->options->identity;
	const char *token = s3_request_header(&call->request, "authorization");
	const char *name =
		call->request.path.text + strlen("/container/");
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)in;
	str_addf(&arn, "arn:aws:iam::" IDENTITY_ACCOUNT ":role/%s", name);
	if (token == NULL ||
	    !token_read(&identity->token_key, token, clock_wall_ms() / 1000,
			&user, &groups, &err))
		refuse(call, 401, "AccessDeniedException", NULL,
		       token != NULL ? err.message
				     : "the authorization token is missing");
	else if (identity_role(identity, arn.text) == NULL)
		refuse(call, 404, "ResourceNotFoundException", NULL,
		       "there is no such role");
	else
		give_role(call, arn.text, "container", false);
}

/* Dashboards and reports, by links that were given out. */
static void quicksight_link(struct s3_call *call, const struct json *in)
{
	(void)in;
	qs_link_run(call);
}

/* --- which --- */

static const struct {
	const char *method;
	const char *path;	/* that ends in '*': all below */
	bool takes_json;
	void (*run)(struct s3_call *call, const struct json *in);
} operations[] = {
	{ "POST", "/client/register", true, register_client },
	{ "POST", "/device_authorization", true, start_device },
	{ "GET", "/device", false, confirm_device },
	{ "POST", "/token", true, create_token },
	{ "GET", "/federation/credentials", false, role_credentials },
	{ "PUT", "/latest/api/token", false, metadata_token },
	{ "GET", "/latest/meta-data/*", false, metadata },
	{ "GET", "/container/*", false, container },
	{ "GET", "/-quicksight/*", false, quicksight_link },
};

static bool path_fits(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);

	return pattern[len - 1] == '*'
		       ? strncmp(pattern, path, len - 1) == 0
		       : strcmp(pattern, path) == 0;
}

static size_t find(const struct s3_call *call)
{
	size_t i = 0;

	while (i < COUNT_OF(operations) &&
	       (strcmp(operations[i].method, call->request.method) != 0 ||
		!path_fits(operations[i].path, call->request.path.text)))
		i++;
	return i;
}

/* A container's token is in the same header as a signature. */
bool api_open_is_for(const struct s3_call *call)
{
	const char *header =
		s3_request_header(&call->request, "authorization");

	if (header != NULL && str_starts(header, SIGV4_ALGORITHM))
		return false;
	return s3_request_param(&call->request, "X-Amz-Algorithm") == NULL &&
	       call->options->sessions != NULL &&
	       find(call) < COUNT_OF(operations);
}

void api_open_run(struct s3_call *call)
{
	CLEANUP(json_freep) struct json *in = NULL;
	size_t at = find(call);

	if (operations[at].takes_json) {
		in = json_parse(call->text.text, call->text.len, NULL);
		if (json_shape(in) != JSON_SHAPE_OBJECT) {
			refuse(call, 400, "InvalidRequestException",
			       "invalid_request",
			       "the body is not a JSON object");
			return;
		}
	}
	operations[at].run(call, in);
}
