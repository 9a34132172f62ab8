#include "sandbox/quicksight/api_quicksight.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_shape.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_json.h"
#include "sandbox/services/api_policy.h"

static const struct qs_op *const tables[] = {
	qs_account_ops,  qs_source_ops,    qs_set_ops,  qs_ingestion_ops,
	qs_analysis_ops, qs_dashboard_ops, qs_user_ops, qs_group_ops,
	qs_vpc_ops,      qs_embed_ops,     qs_job_ops,
};

/* --- refusals --- */

static const struct api_json_code errors[] = {
	{ "AccessDenied", "AccessDeniedException", 401 },
	{ "AccessDeniedException", "AccessDeniedException", 401 },
	{ "ConflictException", "ConflictException", 409 },
	{ "InternalError", "InternalFailureException", 500 },
	{ "InternalFailureException", "InternalFailureException", 500 },
	{ "InvalidClientTokenId", "UnrecognizedClientException", 403 },
	{ "InvalidNextTokenException", "InvalidNextTokenException", 400 },
	{ "LimitExceededException", "LimitExceededException", 409 },
	{ "MissingAuthenticationToken", "MissingAuthenticationTokenException",
	  403 },
	{ "PreconditionNotMetException", "PreconditionNotMetException", 400 },
	{ "QuickSightUserNotFoundException", "QuickSightUserNotFoundException",
	  404 },
	{ "RequestTimeTooSkewed", "InvalidSignatureException", 403 },
	{ "ResourceExistsException", "ResourceExistsException", 409 },
	{ "ResourceNotFoundException", "ResourceNotFoundException", 404 },
	{ "ResourceUnavailableException", "ResourceUnavailableException", 503 },
	{ "SignatureDoesNotMatch", "InvalidSignatureException", 403 },
	{ "ThrottlingException", "ThrottlingException", 429 },
	{ "TooManyRequestsException", "ThrottlingException", 429 },
	{ "UnknownOperationException", "UnknownOperationException", 404 },
	{ "UnsupportedPricingPlanException", "UnsupportedPricingPlanException",
	  403 },
	{ "UnsupportedUserEditionException", "UnsupportedUserEditionException",
	  403 },
	{ 0 },
};

void api_quicksight_error(struct s3_call *call, const struct err *err)
{
	static const struct api_json_words words = {
		errors,      "InternalFailureException", "Message",
		"RequestId", "application/json",
	};

	api_json_refuse(call, err, &words);
}

/* --- which operation --- */

bool api_quicksight_is_for(const struct s3_call *call)
{
	const char *header =
		s3_request_header(&call->request, "authorization");
	const char *credential =
		s3_request_param(&call->request, "X-Amz-Credential");
	const char *text = header != NULL ? header : credential;

	return text != NULL && strstr(text, "/quicksight/aws4_request") != NULL;
}

static const struct qs_route *route_of(const struct s3_call *call)
{
	const struct qs *qs = call->options->quicksight;

	return qs == NULL ? NULL
			  : qs_shapes_route(qs->shapes, call->request.method,
					    call->request.target);
}

const char *api_quicksight_op(const struct s3_call *call)
{
	const struct qs_route *route = route_of(call);

	return route == NULL ? NULL : route->op;
}

static const struct qs_op *find_op(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		for (const struct qs_op *op = tables[i]; op->name != NULL; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}

bool api_quicksight_has_op(const char *name)
{
	return find_op(name) != NULL;
}

/* --- may it be asked --- */

/* Users and groups are named with their namespace; one operation has an ARN. */
static void add_resource(const struct qs_call *call, const struct qs_op *op,
			 struct str *out)
{
	const char *id =
		op->id == NULL ? "*" : json_text(call->in, op->id, "*");
	const char *namespace = json_text(call->in, "Namespace", NULL);
	CLEANUP(str_done) struct str whole = STR_EMPTY;

	if (op->kind[0] == '\0') {
		str_add(out, "*");
		return;
	}
	if (str_starts(id, "arn:")) {
		str_add(out, id);
		return;
	}
	if (namespace != NULL && strcmp(op->kind, "namespace") != 0)
		str_addf(&whole, "%s/", namespace);
	str_add(&whole, id);
	qs_add_arn(call->region, op->kind, whole.text, out);
}

static bool may(const struct qs_call *call, const struct qs_op *op,
		struct err *err)
{
	CLEANUP(str_done) struct str action = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	str_addf(&action, "quicksight:%s", op->name);
	add_resource(call, op, &arn);
	return api_policy_check_role(call->call, action.text, arn.text, err);
}

static bool is_subscribed(const struct qs_call *call, struct err *err)
{
	if (!qs_setting_is(call->qs, "subscription", "none"))
		return true;
	return s3_call_refuse(err, "ResourceNotFoundException",
			      "Directory information for account %s is not "
			      "found.",
			      IDENTITY_ACCOUNT);
}

/* Dashboards by API, sharing and embedding are of the Enterprise edition. */
static bool has_edition(const struct qs_call *call, const struct qs_op *op,
			struct err *err)
{
	static const char *const words[] = { "Dashboard", "Analys", "Embed",
					     "Permissions", "VPCConnection" };

	if (!qs_setting_is(call->qs, "edition", "STANDARD"))
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strstr(op->name, words[i]) != NULL)
			return s3_call_refuse(
				err, "UnsupportedUserEditionException",
				"%s is not supported in the Standard edition: "
				"it needs the Enterprise edition",
				op->name);
	return true;
}

/* Users and groups are kept in one region of the account. */
static bool is_right_region(const struct qs_call *call, const struct qs_op *op,
			    struct err *err)
{
	CLEANUP(str_done) struct str home = STR_EMPTY;

	if (strstr(op->name, "User") == NULL &&
	    strstr(op->name, "Group") == NULL &&
	    strstr(op->name, "Namespace") == NULL &&
	    strstr(op->name, "Account") == NULL)
		return true;
	if (strcmp(op->name, "GenerateEmbedUrlForRegisteredUser") == 0)
		return true;
	qs_add_home(call->qs, &home);
	if (strcmp(home.text, call->region) == 0)
		return true;
	return s3_call_refuse(err, "AccessDeniedException",
			      "Operation is being called from endpoint %s, but "
			      "your identity region is %s. Please use the %s "
			      "endpoint.",
			      call->region, home.text, home.text);
}

static bool check_account(const struct qs_call *call, struct err *err)
{
	const char *sent = json_text(call->in, "AwsAccountId", "");

	return strcmp(sent, IDENTITY_ACCOUNT) == 0 ||
	       s3_call_refuse(err, "AccessDeniedException",
			      "The caller is not of the account %s", sent);
}

/* --- the operation --- */

static bool read_body(const struct s3_call *call, struct json **out,
		      struct err *err)
{
	struct json *in = call->text.len == 0
				  ? json_new_object()
				  : json_parse(call->text.text, call->text.len,
					       NULL);

	if (json_shape(in) == JSON_SHAPE_OBJECT) {
		*out = in;
		return true;
	}
	json_free(in);
	return s3_call_refuse(err, "SerializationException",
			      "the body is not a JSON object");
}

static bool run_op(struct qs_call *call, const struct qs_op *op,
		   struct err *err)
{
	return check_account(call, err) && may(call, op, err) &&
	       (op->kind[0] == '\0' || is_subscribed(call, err)) &&
	       is_right_region(call, op, err) && has_edition(call, op, err) &&
	       op->run(call, err);
}

bool api_quicksight_run(struct s3_call *call, struct err *err)
{
	const struct qs_route *route = route_of(call);
	const struct qs_op *op = route == NULL ? NULL : find_op(route->op);
	CLEANUP(json_freep) struct json *in = NULL;
	CLEANUP(json_freep) struct json *out = json_new_object();
	struct qs_call inner = {
		.call = call,
		.qs = call->options->quicksight,
		.op = op,
		.region = call->auth.claim.region.text,
		.out = out,
		.status = 200,
	};

	if (op == NULL)
		return s3_call_refuse(err, "UnknownOperationException",
				      "the sandbox's QuickSight has no %s %s",
				      call->request.method,
				      call->request.path.text);
	if (!read_body(call, &in, err) ||
	    !qs_shapes_bind(route, call->request.target, &call->request.query,
			    in, err) ||
	    !qs_shapes_check(route->takes, in, err))
		return false;
	inner.in = in;
	if (!run_op(&inner, op, err))
		return false;
	json_put_number(out, "Status", inner.status);
	json_put_text(out, "RequestId", call->request.id);
	s3_reply_header(&call->reply, "Content-Type", "application/json");
	s3_reply_header(&call->reply, "x-amzn-RequestId", call->request.id);
	json_add(&call->reply.body, out);
	call->reply.status = inner.status;
	return true;
}
