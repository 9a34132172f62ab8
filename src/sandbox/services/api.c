#include "sandbox/services/api.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "data/hash.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/quicksight/api_quicksight.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/services/api_json.h"

/* One that speaks JSON has nothing but its name here; what speaks REST is in
 * api_quicksight. */
static const struct service {
	const char *name; /* in the credential scope */
	const char *version;
	const char *namespace;
	const struct api_op *ops;
	const struct api_json_service *json;
} services[] = {
	{ "sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/",
	  api_sts_ops, NULL },
	{ "redshift", "2012-12-01",
	  "http://redshift.amazonaws.com/doc/2012-12-01/", api_redshift_ops,
	  NULL },
	{ "iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/",
	  api_iam_ops, NULL },
	{ "cloudformation", "2010-05-15",
	  "http://cloudformation.amazonaws.com/doc/2010-05-15/",
	  api_cloudformation_ops, NULL },
	{ "redshift-serverless", NULL, NULL, NULL, &api_serverless },
	{ "kms", NULL, NULL, NULL, &api_kms },
	{ "secretsmanager", NULL, NULL, NULL, &api_secrets },
};

/* What was not signed at all may still name its target. */
static const struct service *service_of(const struct s3_call *call)
{
	const char *target = s3_request_header(&call->request, "x-amz-target");

	for (size_t i = 0; i < COUNT_OF(services); i++)
		if (strcmp(services[i].name, call->auth.claim.service.text) ==
			    0 ||
		    (call->auth.claim.service.len == 0 && target != NULL &&
		     services[i].json != NULL &&
		     str_starts(target, services[i].json->target)))
			return &services[i];
	return NULL;
}

const char *api_param(const struct s3_pairs *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->items[i].name, name) == 0)
			return form->items[i].value;
	return NULL;
}

bool api_begin(struct s3_call *call, struct err *err)
{
	const struct s3_request *request = &call->request;

	if (api_quicksight_is_for(call))
		return true;

	if (service_of(call) == NULL)
		return s3_call_refuse(err, "NotImplemented",
				      "this sandbox has no service %s: it"
				      " serves s3, sts, iam, kms, redshift,"
				      " quicksight,"
				      " redshift-serverless, secretsmanager"
				      " and cloudformation",
				      call->auth.claim.service.text);
	if (request->bucket != NULL)
		return s3_call_refuse(err, "InvalidAction",
				      "Could not find operation for path %s",
				      request->path.text);
	return true;
}

bool api_error(struct s3_call *call, const struct err *err)
{
	const struct service *service = service_of(call);

	if (api_quicksight_is_for(call)) {
		api_quicksight_error(call, err);
		return true;
	}
	if (service == NULL)
		return false;
	if (service->json != NULL)
		api_json_error(call, err);
	else
		s3_reply_query_error(&call->reply, &call->request,
				     service->namespace, err);
	return true;
}

/* --- the form --- */

static void read_form(const char *text, struct s3_pairs *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	bool has_value;

	while (url_query_next(&text, &name, &value, &has_value)) {
		struct s3_pair pair = {
			.name = mem_copy_text(name.text),
			.value = mem_copy_text(value.text),
		};

		vec_push(out, pair);
	}
}

static void form_done(struct s3_pairs *form)
{
	for (size_t i = 0; i < form->count; i++) {
		mem_free(form->items[i].name);
		mem_free(form->items[i].value);
	}
	vec_done(form);
}

/* "Name" is there, or "Name." and name begins so (Name.member.1); an empty list
 * is sent as Name alone. */
static bool is_allowed(const char *list, const char *name)
{
	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		bool is_list = n > 0 && list[n - 1] == '.';

		if (strncmp(list, name, n) == 0 &&
		    (name[n] == '\0' || is_list))
			return true;
		if (is_list && strncmp(list, name, n - 1) == 0 &&
		    name[n - 1] == '\0')
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

static bool check_form(const struct s3_pairs *form, const struct api_op *op,
		       struct err *err)
{
	for (size_t i = 0; i < form->count; i++)
		if (!is_allowed("Action Version", form->items[i].name) &&
		    !is_allowed(op->params, form->items[i].name))
			return s3_call_refuse(err, "InvalidParameterValue",
					      "parameter %s of %s is not"
					      " implemented",
					      form->items[i].name, op->action);
	return true;
}

static const struct api_op *find_op(const struct service *service,
				    const struct s3_pairs *form,
				    struct err *err)
{
	const char *action = api_param(form, "Action");
	const char *version = api_param(form, "Version");

	if (action == NULL) {
		s3_call_refuse(err, "MissingParameter",
			       "The request must contain the parameter"
			       " Action");
		return NULL;
	}
	for (const struct api_op *op = service->ops; op->action != NULL; op++)
		if (strcmp(op->action, action) == 0 && version != NULL &&
		    strcmp(version, service->version) == 0)
			return op;
	s3_call_refuse(err, "InvalidAction",
		       "Could not find operation %s for version %s", action,
		       version == NULL ? "NO_VERSION_SPECIFIED" : version);
	return NULL;
}

static bool run_form(struct s3_call *call, const struct service *service,
		     const struct s3_pairs *form, struct err *err)
{
	const struct api_op *op = find_op(service, form, err);
	CLEANUP(str_done) struct str result = STR_EMPTY;
	struct str *body = &call->reply.body;

	if (op == NULL || !check_form(form, op, err) ||
	    !op->run(call, form, &result, err))
		return false;
	s3_reply_header(&call->reply, "Content-Type", "text/xml");
	str_addf(body, "<%sResponse xmlns=\"%s\"><%sResult>", op->action,
		 service->namespace, op->action);
	str_add_slice(body, result.text, result.len);
	str_addf(body, "</%sResult>", op->action);
	xml_open(body, "ResponseMetadata");
	xml_put(body, "RequestId", call->request.id);
	xml_close(body, "ResponseMetadata");
	str_addf(body, "</%sResponse>", op->action);
	return true;
}

/* The body is part of what is signed, so the check comes after it. */
bool api_run(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(form_done) struct s3_pairs form = { 0 };
	const struct service *service = service_of(call);

	hash_add_hex(HASH_SHA256, call->text.text, call->text.len, &hash);
	if (!s3_auth_verify(&call->auth, &call->request, hash.text,
			    &call->reply.extra, err))
		return false;
	if (api_quicksight_is_for(call))
		return api_quicksight_run(call, err);
	if (service->json != NULL)
		return api_json_run(call, service->json, err);
	if (strcmp(call->request.method, "POST") == 0) {
		read_form(call->text.text, &form);
	} else {
		const char *mark = strchr(call->request.target, '?');

		read_form(mark == NULL ? "" : mark + 1, &form);
	}
	return run_form(call, service, &form, err);
}

bool api_run_unsigned(struct s3_call *call, struct err *err)
{
	CLEANUP(form_done) struct s3_pairs form = { 0 };
	const char *action;

	read_form(call->text.text, &form);
	action = api_param(&form, "Action");
	for (size_t i = 0; action != NULL && i < COUNT_OF(services); i++)
		for (const struct api_op *op = services[i].ops;
		     op != NULL && op->action != NULL; op++) {
			if (strcmp(op->action, action) != 0)
				continue;
			/* Its errors are told in its own way. */
			str_set(&call->auth.claim.service, services[i].name);
			if (op->open)
				return run_form(call, &services[i], &form,
						err);
			return s3_call_refuse(err, "MissingAuthenticationToken",
					      "Request is missing "
					      "Authentication Token");
		}
	return s3_call_refuse(err, "AccessDenied", "Access Denied");
}
