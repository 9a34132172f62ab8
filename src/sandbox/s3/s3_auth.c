#include "sandbox/s3/s3_auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/isotime.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/sessions.h"
#include "sandbox/s3/s3_host.h"
#include "sandbox/s3/s3_request.h"

static bool refuse(struct err *err, const char *code, const char *message)
{
	err_set(err, ERR_AWS, "%s", message);
	return err_set_code(err, code);
}

void s3_auth_done(struct s3_auth *auth)
{
	sigv4_claim_done(&auth->claim);
	str_done(&auth->session);
	mem_wipe(auth->key, sizeof(auth->key));
}

static bool for_s3(const struct s3_auth *auth)
{
	return strcmp(auth->claim.service.text, "s3") == 0;
}

/* --- the claim --- */

static bool read_presigned(struct s3_auth *auth,
			   const struct s3_request *request, struct err *err)
{
	const char *credential = s3_request_param(request, "X-Amz-Credential");
	const char *names = s3_request_param(request, "X-Amz-SignedHeaders");
	const char *signature = s3_request_param(request, "X-Amz-Signature");

	auth->presigned = true;
	if (credential == NULL || names == NULL || signature == NULL ||
	    s3_request_param(request, "X-Amz-Date") == NULL ||
	    s3_request_param(request, "X-Amz-Expires") == NULL)
		return refuse(err, "AuthorizationQueryParametersError",
			      "Query-string authentication version 4 requires"
			      " the X-Amz-Algorithm, X-Amz-Credential,"
			      " X-Amz-Signature, X-Amz-Date,"
			      " X-Amz-SignedHeaders, and X-Amz-Expires"
			      " parameters.");
	if (!sigv4_claim_parse_credential(&auth->claim, credential, NULL))
		return refuse(err, "AuthorizationQueryParametersError",
			      "Error parsing the X-Amz-Credential parameter");
	str_set(&auth->claim.signed_headers, names);
	str_set(&auth->claim.signature, signature);
	return true;
}

static bool refuse_mechanism(struct err *err)
{
	return refuse(err, "InvalidRequest",
		      "The authorization mechanism you have provided is not"
		      " supported. Please use AWS4-HMAC-SHA256.");
}

static bool read_claim(struct s3_auth *auth, const struct s3_request *request,
		       struct err *err)
{
	const char *header = s3_request_header(request, "authorization");
	const char *algorithm = s3_request_param(request, "X-Amz-Algorithm");

	if (header == NULL && algorithm == NULL)
		/* version 2 has another parameter */
		return s3_request_param(request, "Signature") != NULL
			       ? refuse_mechanism(err)
			       : refuse(err, "AccessDenied", "Access Denied");
	if (header != NULL && algorithm != NULL)
		return refuse(err, "InvalidArgument",
			      "Only one auth mechanism allowed; only the"
			      " X-Amz-Algorithm query parameter, Signature"
			      " query string parameter or the Authorization"
			      " header should be specified");
	if (header == NULL) {
		if (strcmp(algorithm, SIGV4_ALGORITHM) != 0)
			return refuse(err, "AuthorizationQueryParametersError",
				      "X-Amz-Algorithm only supports"
				      " \"AWS4-HMAC-SHA256\"");
		return read_presigned(auth, request, err);
	}
	if (!str_starts(header, SIGV4_ALGORITHM))
		return refuse_mechanism(err);
	if (!sigv4_claim_parse(&auth->claim, header, NULL))
		return refuse(err, "AuthorizationHeaderMalformed",
			      "The authorization header that you provided is"
			      " not valid.");
	return true;
}

/* --- who and where --- */

static bool refuse_token(const struct s3_auth *auth, struct err *err)
{
	return refuse(err,
		      for_s3(auth) ? "InvalidToken" : "InvalidClientTokenId",
		      "The provided token is malformed or otherwise"
		      " invalid.");
}

static bool refuse_key(const struct s3_auth *auth, struct str *extra,
		       struct err *err)
{
	xml_put(extra, "AWSAccessKeyId", auth->claim.access_key_id.text);
	return for_s3(auth) ? refuse(err, "InvalidAccessKeyId",
				     "The AWS Access Key Id you provided"
				     " does not exist in our records.")
			    : refuse(err, "InvalidClientTokenId",
				     "The security token included in the"
				     " request is invalid.");
}

/* Keys that STS or the portal gave out: with their token, while they last. */
static bool check_temporary(struct s3_auth *auth,
			    const struct identity *identity, const char *token,
			    struct secret *out_secret, struct str *extra,
			    struct err *err)
{
	CLEANUP(sessions_entry_done)
	struct sessions_entry keys = SESSIONS_ENTRY_EMPTY;
	CLEANUP(secret_done) struct secret sent = SECRET_EMPTY;

	if (auth->sessions == NULL ||
	    !sessions_find(auth->sessions, SESSIONS_KEYS,
			   auth->claim.access_key_id.text, &keys))
		return refuse_key(auth, extra, err);
	secret_set(&sent, token);
	if (!secret_equal(&sent, &keys.token))
		return refuse_token(auth, err);
	if (keys.expires_ms <= clock_wall_ms())
		return refuse(err, "ExpiredToken",
			      for_s3(auth)
				      ? "The provided token has expired."
				      : "The security token included in the"
					" request is expired");
	auth->role = identity_role(identity, keys.owner.text);
	if (auth->role == NULL)
		return refuse_token(auth, err);
	str_set(&auth->session, keys.name.text);
	secret_copy(out_secret, &keys.secret);
	return true;
}

static bool check_key(struct s3_auth *auth, const struct identity *identity,
		      const struct s3_request *request,
		      struct secret *out_secret, struct str *extra,
		      struct err *err)
{
	const char *id = auth->claim.access_key_id.text;
	const char *token =
		s3_request_header(request, "x-amz-security-token");

	if (token == NULL)
		token = s3_request_param(request, "X-Amz-Security-Token");
	if (str_starts(id, "ASIA"))
		return check_temporary(auth, identity, token, out_secret,
				       extra, err);
	if (strcmp(id, identity->access_key_id) != 0)
		return refuse_key(auth, extra, err);
	if (token != NULL)
		return refuse_token(auth, err);
	secret_copy(out_secret, &identity->secret_key);
	return true;
}

bool s3_auth_refuse_region(const struct s3_auth *auth, const char *right,
			   struct str *extra, struct err *err)
{
	xml_put(extra, "Region", right);
	err_set(err, ERR_AWS,
		"The authorization header is malformed; the region '%s' is"
		" wrong; expecting '%s'",
		auth->claim.region.text, right);
	return err_set_code(err, auth->presigned
					 ? "AuthorizationQueryParametersError"
					 : "AuthorizationHeaderMalformed");
}

/* S3 has endpoints of every region here, or that of the host's name; where
 * the bucket is comes later. */
static bool check_region(const struct s3_auth *auth,
			 const struct s3_request *request, struct str *extra,
			 struct err *err)
{
	const char *region = auth->claim.region.text;

	if (for_s3(auth) && s3_host_is_region(region) &&
	    (request->region == NULL || strcmp(request->region, region) == 0))
		return true;
	if (for_s3(auth))
		return s3_auth_refuse_region(
			auth,
			request->region != NULL ? request->region
						: IDENTITY_REGION,
			extra, err);
	return strcmp(region, IDENTITY_REGION) == 0 ||
	       (strcmp(auth->claim.service.text, "quicksight") == 0 &&
		s3_host_is_region(region)) ||
	       refuse(err, "SignatureDoesNotMatch",
		      "Credential should be scoped to a valid region.");
}

/* --- when --- */

static void put_time(struct str *extra, const char *name, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add(&text, at_ms);
	xml_put(extra, name, text.text);
}

static bool check_skew(int64_t now_ms, int64_t at_ms, const char *sent,
		       struct str *extra, struct err *err)
{
	int64_t skew_ms = now_ms > at_ms ? now_ms - at_ms : at_ms - now_ms;

	if (skew_ms <= S3_AUTH_SKEW_MS)
		return true;
	xml_put(extra, "RequestTime", sent);
	put_time(extra, "ServerTime", now_ms);
	xml_put_number(extra, "MaxAllowedSkewMilliseconds", S3_AUTH_SKEW_MS);
	return refuse(err, "RequestTimeTooSkewed",
		      "The difference between the request time and the"
		      " current time is too large.");
}

static bool check_expiry(const struct s3_request *request, int64_t now_ms,
			 int64_t at_ms, struct str *extra, struct err *err)
{
	const char *text = s3_request_param(request, "X-Amz-Expires");
	char *end;
	long expires_s = strtol(text, &end, 10);

	if (*end != '\0' || expires_s < 1 || expires_s > 604800)
		return refuse(err, "AuthorizationQueryParametersError",
			      "X-Amz-Expires must be between 1 and 604800"
			      " seconds");
	if (at_ms > now_ms + S3_AUTH_SKEW_MS)
		return refuse(err, "AccessDenied", "Request is not valid yet");
	if (now_ms <= at_ms + expires_s * 1000)
		return true;
	xml_put(extra, "X-Amz-Expires", text);
	put_time(extra, "Expires", at_ms + expires_s * 1000);
	put_time(extra, "ServerTime", now_ms);
	return refuse(err, "AccessDenied", "Request has expired");
}

/* x-amz-date wins over Date, which is in HTTP's own form. */
static bool check_time(struct s3_auth *auth, const struct s3_request *request,
		       struct str *extra, struct err *err)
{
	const char *sent = auth->presigned
				   ? s3_request_param(request, "X-Amz-Date")
				   : s3_request_header(request, "x-amz-date");
	int64_t now_ms = clock_wall_ms() + auth->skew_ms;
	int64_t at_ms;

	if (sent != NULL && !sigv4_time_parse(sent, &at_ms))
		sent = NULL;
	else if (sent == NULL) {
		sent = s3_request_header(request, "date");
		if (sent != NULL && !isotime_parse_http(sent, &at_ms, NULL))
			sent = NULL;
	}
	if (sent == NULL)
		return refuse(err, "AccessDenied",
			      "AWS authentication requires a valid Date or"
			      " x-amz-date header");
	sigv4_time(at_ms, auth->scope.time);
	auth->scope.region = auth->claim.region.text;
	auth->scope.service = auth->claim.service.text;
	if (strncmp(auth->scope.time, auth->claim.date.text, 8) != 0)
		return refuse(err,
			      for_s3(auth) ? "AuthorizationHeaderMalformed"
					   : "SignatureDoesNotMatch",
			      "Invalid credential date: it differs from the"
			      " date of the request.");
	return auth->presigned
		       ? check_expiry(request, now_ms, at_ms, extra, err)
		       : check_skew(now_ms, at_ms, sent, extra, err);
}

bool s3_auth_begin(struct s3_auth *auth, const struct s3_request *request,
		   const struct identity *identity, struct str *extra,
		   struct err *err)
{
	CLEANUP(secret_done) struct secret secret = SECRET_EMPTY;

	if (!read_claim(auth, request, err) ||
	    !check_key(auth, identity, request, &secret, extra, err) ||
	    !check_region(auth, request, extra, err) ||
	    !check_time(auth, request, extra, err))
		return false;
	sigv4_signing_key(&secret, &auth->scope, auth->key);
	return true;
}

/* --- the signature --- */

struct pairs {
	VEC(struct sigv4_pair);
};

/* The headers that signed_headers names, in that order; false: host or an
 * x-amz-* header that was sent is not among them. */
static bool pick_headers(const struct s3_auth *auth,
			 const struct s3_request *request, struct pairs *out,
			 const char **out_missing)
{
	const char *at = auth->claim.signed_headers.text;
	CLEANUP(str_done) struct str list = STR_EMPTY;

	str_addf(&list, ";%s;", at);
	for (size_t i = 0; i < request->headers.count; i++) {
		const struct s3_pair *header = &request->headers.items[i];
		CLEANUP(str_done) struct str name = STR_EMPTY;
		struct sigv4_pair pair = { header->name, header->value };

		str_addf(&name, ";%s;", header->name);
		if (strstr(list.text, name.text) != NULL) {
			vec_push(out, pair);
		} else if (strcmp(header->name, "host") == 0 ||
			   str_starts(header->name, "x-amz-")) {
			*out_missing = header->name;
			return false;
		}
	}
	return true;
}

static void put_bytes(struct str *extra, const char *name,
		      const struct str *text)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;

	for (size_t i = 0; i < text->len; i++)
		str_addf(&hex, "%s%02x", i == 0 ? "" : " ",
			 (unsigned char)text->text[i]);
	xml_put(extra, name, hex.text);
}

static bool mismatch(const struct s3_auth *auth, const struct str *canonical,
		     const struct str *to_sign, struct str *extra,
		     struct err *err)
{
	if (for_s3(auth)) {
		xml_put(extra, "AWSAccessKeyId",
			auth->claim.access_key_id.text);
		xml_put(extra, "StringToSign", to_sign->text);
		xml_put(extra, "SignatureProvided", auth->claim.signature.text);
		put_bytes(extra, "StringToSignBytes", to_sign);
		xml_put(extra, "CanonicalRequest", canonical->text);
		put_bytes(extra, "CanonicalRequestBytes", canonical);
	}
	return refuse(err, "SignatureDoesNotMatch",
		      "The request signature we calculated does not match the"
		      " signature you provided. Check your key and signing"
		      " method.");
}

static bool compare(struct s3_auth *auth, const struct sigv4_request *signed_,
		    struct str *extra, struct err *err)
{
	CLEANUP(str_done) struct str canonical = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	char signature[SIGV4_HEX_SIZE];

	sigv4_add_canonical_request(signed_, &canonical);
	sigv4_add_string_to_sign(&auth->scope, &canonical, &to_sign);
	sigv4_signature(auth->key, &to_sign, signature);
	return sigv4_signature_equal(signature, auth->claim.signature.text) ||
	       mismatch(auth, &canonical, &to_sign, extra, err);
}

bool s3_auth_verify(struct s3_auth *auth, const struct s3_request *request,
		    const char *payload_hash, struct str *extra,
		    struct err *err)
{
	struct pairs headers = { 0 };
	struct pairs query = { 0 };
	const char *missing = NULL;
	CLEANUP(str_done) struct str sent = STR_EMPTY;
	bool right = false;

	/* as it was sent, and so encoded once already: an escaped slash in it
	 * is none that parts */
	str_set_slice(&sent, request->target, strcspn(request->target, "?"));
	for (size_t i = 0; i < request->query.count; i++) {
		const struct s3_pair *param = &request->query.items[i];
		struct sigv4_pair pair = { param->name, param->value };

		if (strcmp(param->name, "X-Amz-Signature") != 0)
			vec_push(&query, pair);
	}
	if (!pick_headers(auth, request, &headers, &missing)) {
		xml_put(extra, "HeadersNotSigned", missing);
		refuse(err, "AccessDenied",
		       "There were headers present in the request which were"
		       " not signed");
	} else {
		struct sigv4_request signed_ = {
			.method = request->method,
			.path = for_s3(auth) ? request->path.text : sent.text,
			.path_rule = for_s3(auth) ? 0 : SIGV4_NORMALIZE,
			.query = query.items,
			.query_count = query.count,
			.headers = headers.items,
			.header_count = headers.count,
			.payload_hash = payload_hash,
		};

		right = compare(auth, &signed_, extra, err);
	}
	vec_done(&headers);
	vec_done(&query);
	return right;
}

const char *s3_auth_payload(const struct s3_auth *auth,
			    const struct s3_request *request, struct err *err)
{
	const char *hash = s3_request_header(request, "x-amz-content-sha256");

	if (hash != NULL)
		return hash;
	if (auth->presigned || auth->claim.signature.len == 0)
		return SIGV4_UNSIGNED_PAYLOAD;
	refuse(err, "InvalidRequest",
	       "Missing required header for this request:"
	       " x-amz-content-sha256");
	return NULL;
}
