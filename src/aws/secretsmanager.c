#include "aws/secretsmanager.h"

#include <stdlib.h>
#include <string.h>

#include "aws/call.h"
#include "aws/worker.h"
#include "base/mem.h"
#include "data/encode.h"
#include "data/json.h"

void secretsmanager_login_done(struct secretsmanager_login *login)
{
	str_done(&login->user);
	secret_done(&login->password);
	str_done(&login->host);
	str_done(&login->database);
	str_done(&login->cluster);
}

/* arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME */
static void add_region(const char *id, struct str *out)
{
	if (!str_starts(id, "arn:"))
		return;
	for (int colons = 0; colons < 3 && id != NULL; colons++) {
		id = strchr(id, ':');
		id = id != NULL ? id + 1 : NULL;
	}
	if (id != NULL)
		str_add_slice(out, id, strcspn(id, ":"));
}

/* A number, or digits in quotes. */
static int port_of(const struct json *json)
{
	const char *text = json_text(json, "port", NULL);

	if (text != NULL)
		return (int)strtol(text, NULL, 10);
	return (int)json_number(json, "port", 0);
}

static bool read_login(const struct json *json, const char *id,
		       struct secretsmanager_login *out, struct err *err)
{
	const char *user = json_text(json, "username", "");
	const char *password = json_text(json, "password", "");

	if (user[0] == '\0' || password[0] == '\0') {
		err_set(err, ERR_DATA, "secret %s has no username or password",
			id);
		return err_hint(err, "a secret for Redshift is JSON with "
				     "username, password and perhaps host, "
				     "port, dbname, dbClusterIdentifier");
	}
	str_set(&out->user, user);
	secret_set(&out->password, password);
	str_set(&out->host, json_text(json, "host", ""));
	str_set(&out->database, json_text(json, "dbname", ""));
	str_set(&out->cluster, json_text(json, "dbClusterIdentifier", ""));
	out->port = port_of(json);
	return true;
}

/* The text of the secret, which may come as bytes. */
static bool add_text(const struct json *reply, struct str *out)
{
	const char *text = json_text(reply, "SecretString", NULL);
	const char *binary = json_text(reply, "SecretBinary", NULL);

	if (text != NULL)
		str_add(out, text);
	return text != NULL ||
	       (binary != NULL &&
		encode_unbase64(out, binary, strlen(binary)));
}

static void explain(const char *id, struct err *err)
{
	if (err == NULL)
		return;
	if (str_starts(err->code, "AccessDenied"))
		err_hint(err,
			 "the AWS identity in use needs "
			 "secretsmanager:GetSecretValue on %s (and kms:Decrypt "
			 "on its key, where that is not AWS's)",
			 str_starts(id, "arn:") ? id : "the secret's ARN");
	err_wrap(err, "secret %s", id);
}

/* The secret's call, answered. */
static bool ask(struct aws *aws, const char *region, const char *id,
		int stop_fd, struct call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *body = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str place = STR_EMPTY;

	json_put_text(body, "SecretId", id);
	json_add(&text, body);
	call_set_body(call, text.text, text.len);
	add_region(id, &place);
	call_set_region(call, place.len > 0 ? place.text : region);
	if (worker_call_until(aws, call, stop_fd, err))
		return true;
	explain(id, err);
	return false;
}

bool secretsmanager_find_arn(struct aws *aws, const char *region,
			     const char *name, struct str *out,
			     struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_GET_SECRET);
	CLEANUP(json_freep) struct json *reply = NULL;

	if (!ask(aws, region, name, -1, call, err))
		return false;
	reply = json_parse(call->reply.body.text, call->reply.body.len, err);
	if (reply == NULL)
		return err_wrap(err, "GetSecretValue");
	str_add(out, json_text(reply, "ARN", ""));
	return out->len > 0 || err_set(err, ERR_DATA,
				       "secret %s: the reply has no ARN", name);
}

bool secretsmanager_get_login(struct aws *aws, const char *region,
			      const char *id, int stop_fd,
			      struct secretsmanager_login *out, struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_GET_SECRET);
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(json_freep) struct json *inner = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!ask(aws, region, id, stop_fd, call, err))
		return false;
	reply = json_parse(call->reply.body.text, call->reply.body.len, err);
	if (reply == NULL)
		return err_wrap(err, "GetSecretValue");
	if (add_text(reply, &text))
		inner = json_parse(text.text, text.len, NULL);
	mem_wipe(text.text, text.len);
	return read_login(inner, id, out, err);
}
