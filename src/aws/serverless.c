#include "aws/serverless.h"

#include <string.h>

#include "aws/call.h"
#include "aws/redshift.h"
#include "aws/worker.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/json.h"

enum { PORT_USUAL = 5439 };

void serverless_done(struct serverless_workgroups *workgroups)
{
	for (size_t i = 0; i < workgroups->count; i++) {
		struct serverless_workgroup *item = &workgroups->items[i];

		mem_free(item->name);
		mem_free(item->status);
		mem_free(item->address);
		mem_free(item->space);
		mem_free(item->arn);
		mem_free(item->vpc);
	}
	vec_done(workgroups);
}

/* Takes the body over. */
static struct call *make_call(enum operation_id id, const char *region,
			      struct json *body_take)
{
	CLEANUP(json_freep) struct json *body = body_take;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct call *call = call_new(id);

	json_add(&text, body);
	call_set_region(call, region);
	call_set_body(call, text.text, text.len);
	return call;
}

static struct json *read_reply(const struct call *call, struct err *err)
{
	struct json *json = json_parse(call->reply.body.text,
				       call->reply.body.len, err);

	if (json == NULL)
		err_wrap(err, "%s", call->operation->name);
	return json;
}

static char *copy_of(const struct json *json, const char *path)
{
	return mem_copy_text(json_text(json, path, ""));
}

static void add_workgroup(struct serverless_workgroups *out,
			  const struct json *json)
{
	struct serverless_workgroup item = {
		.name = copy_of(json, "workgroupName"),
		.status = copy_of(json, "status"),
		.address = copy_of(json, "endpoint.address"),
		.port = (int)json_number(json, "endpoint.port", PORT_USUAL),
		.space = copy_of(json, "namespaceName"),
		.arn = copy_of(json, "workgroupArn"),
		.capacity = (int)json_number(json, "baseCapacity", 0),
		.vpc = copy_of(json, "endpoint.vpcEndpoints.0.vpcId"),
		.is_public = json_bool(json, "publiclyAccessible", false),
	};

	vec_push(out, item);
}

bool serverless_get(struct aws *aws, const char *region, const char *name,
		    struct serverless_workgroups *out, struct err *err)
{
	CLEANUP(call_freep) struct call *call = NULL;
	CLEANUP(json_freep) struct json *reply = NULL;
	struct json *body = json_new_object();
	const struct json *workgroup;

	json_put_text(body, "workgroupName", name);
	call = make_call(OPERATION_GET_WORKGROUP, region, body);
	if (!worker_call(aws, call, err))
		return false;
	reply = read_reply(call, err);
	if (reply == NULL)
		return false;
	workgroup = json_key(reply, "workgroup");
	if (json_shape(workgroup) != JSON_SHAPE_OBJECT)
		return err_set(err, ERR_DATA,
			       "GetWorkgroup: a reply of another kind");
	add_workgroup(out, workgroup);
	return true;
}

struct call *serverless_space_call(const char *region, const char *space)
{
	struct json *body = json_new_object();

	json_put_text(body, "namespaceName", space);
	return make_call(OPERATION_GET_NAMESPACE, region, body);
}

/* A text is an ARN, or "IamRole(applyStatus=in-sync, iamRoleArn=ARN)". */
static void add_role(struct str *out, const char *text)
{
	const char *arn = strstr(text, "arn:");

	if (arn == NULL)
		return;
	str_add(out, out->len > 0 ? " " : "");
	str_add_slice(out, arn, strcspn(arn, ",) "));
}

bool serverless_space_read(const struct call *call,
			   struct serverless_roles *out, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = read_reply(call, err);
	const struct json *list = json_at(reply, "namespace.iamRoles");

	if (reply == NULL)
		return false;
	for (size_t i = 0; i < json_count(list); i++)
		add_role(&out->roles, json_text(json_item(list, i), NULL, ""));
	str_add(&out->default_role,
		json_text(reply, "namespace.defaultIamRoleArn", ""));
	return true;
}

/* A text of the namespace. */
static bool add_of_space(struct aws *aws, const char *region, const char *space,
			 const char *path, struct str *out, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = serverless_space_call(region, space);
	CLEANUP(json_freep) struct json *reply = NULL;

	if (!worker_call(aws, call, err))
		return false;
	reply = read_reply(call, err);
	if (reply == NULL)
		return false;
	str_add(out, json_text(reply, path, ""));
	return true;
}

bool serverless_database(struct aws *aws, const char *region, const char *space,
			 struct str *out, struct err *err)
{
	return add_of_space(aws, region, space, "namespace.dbName", out, err);
}

bool serverless_secret(struct aws *aws, const char *region, const char *space,
		       struct str *out, struct err *err)
{
	return add_of_space(aws, region, space,
			    "namespace.adminPasswordSecretArn", out, err);
}

struct call *serverless_list_call(const char *region, const char *token)
{
	struct json *body = json_new_object();

	if (token[0] != '\0')
		json_put_text(body, "nextToken", token);
	return make_call(OPERATION_LIST_WORKGROUPS, region, body);
}

bool serverless_list_read(const struct call *call,
			  struct serverless_workgroups *out, struct str *token,
			  struct err *err)
{
	CLEANUP(json_freep) struct json *reply = read_reply(call, err);
	const struct json *list;

	if (reply == NULL)
		return false;
	list = json_key(reply, "workgroups");
	if (json_shape(list) != JSON_SHAPE_ARRAY)
		return err_set(err, ERR_DATA,
			       "ListWorkgroups: a reply of another kind");
	for (size_t i = 0; i < json_count(list); i++)
		add_workgroup(out, json_item(list, i));
	str_set(token, json_text(reply, "nextToken", ""));
	return true;
}

bool serverless_get_login(struct aws *aws,
			  const struct serverless_login_options *options,
			  struct redshift_login *out, struct err *err)
{
	CLEANUP(call_freep) struct call *call = NULL;
	CLEANUP(json_freep) struct json *reply = NULL;
	struct json *body = json_new_object();
	const char *user, *password;

	if (options->workgroup != NULL)
		json_put_text(body, "workgroupName", options->workgroup);
	else
		json_put_text(body, "customDomainName", options->domain);
	if (options->database != NULL)
		json_put_text(body, "dbName", options->database);
	if (options->duration_s > 0)
		json_put_number(body, "durationSeconds", options->duration_s);
	call = make_call(OPERATION_GET_WORKGROUP_CREDENTIALS, options->region,
			 body);
	if (!worker_call_until(aws, call, options->stop_fd, err))
		return false;
	reply = read_reply(call, err);
	if (reply == NULL)
		return false;
	user = json_text(reply, "dbUser", "");
	password = json_text(reply, "dbPassword", "");
	if (user[0] == '\0' || password[0] == '\0')
		return err_set(err, ERR_DATA,
			       "GetCredentials: the reply has no user or no "
			       "password");
	str_set(&out->user, user);
	secret_set(&out->password, password);
	out->expires_ms = json_time_ms(reply, "expiration");
	return true;
}
