#include "sandbox/stacks/api_cfn.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/encode.h"
#include "data/isotime.h"
#include "data/json.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api.h"
#include "sandbox/services/api_policy.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_params.h"
#include "sandbox/stacks/cfn_rights.h"
#include "sandbox/stacks/cfn_template.h"

enum { PAGE_ITEMS = 100, NAME_MAX_BYTES = 128 };

/* --- requests --- */

struct cfn *api_cfn_begin(struct s3_call *call, const struct s3_pairs *form,
			  const char *action, struct err *err)
{
	const char *name = api_param(form, "StackName");
	CLEANUP(str_done) struct str permission = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	if (call->options->stacks == NULL) {
		s3_call_refuse(
			err, "NotImplemented",
			"this sandbox keeps no stacks: start it with a folder "
			"(--dir)");
		return NULL;
	}
	str_addf(&permission, "cloudformation:%s", action);
	if (name != NULL && str_starts(name, "arn:"))
		str_add(&arn, name);
	else
		str_addf(&arn,
			 "arn:aws:cloudformation:" IDENTITY_REGION
			 ":" IDENTITY_ACCOUNT ":stack/%s/*",
			 name != NULL ? name : "*");
	if (!api_policy_check_role(call, permission.text, arn.text, err))
		return NULL;
	cfn_lock(call->options->stacks);
	return call->options->stacks;
}

void api_cfn_end(struct cfn **cfn)
{
	if (*cfn != NULL)
		cfn_unlock(*cfn);
}

static void add_member(const char *name, struct str *out)
{
	str_add(out, name);
	if (out->len > 0 && out->text[0] >= 'A' && out->text[0] <= 'Z')
		out->text[0] = (char)(out->text[0] - 'A' + 'a');
}

bool api_cfn_need(const struct s3_pairs *form, const char *name,
		  const char **out, struct err *err)
{
	CLEANUP(str_done) struct str member = STR_EMPTY;

	*out = api_param(form, name);
	if (*out != NULL && **out != '\0')
		return true;
	add_member(name, &member);
	return cfn_refuse(err,
			  "1 validation error detected: Value null at '%s' "
			  "failed to satisfy constraint: Member must not be "
			  "null",
			  member.text);
}

static bool fits(const char *pattern, const char *text)
{
	regex_t regex;
	bool found;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

bool api_cfn_need_name(const struct s3_pairs *form, const char **out,
		       struct err *err)
{
	if (!api_cfn_need(form, "StackName", out, err))
		return false;
	if (fits("^([a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*)$", *out) &&
	    (str_starts(*out, "arn:") || strlen(*out) <= NAME_MAX_BYTES))
		return true;
	return cfn_refuse(err,
			  "1 validation error detected: Value '%s' at "
			  "'stackName' failed to satisfy constraint: Member "
			  "must satisfy regular expression pattern: "
			  "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
			  *out);
}

bool api_cfn_flag(const struct s3_pairs *form, const char *name)
{
	const char *text = api_param(form, name);

	return text != NULL && str_equal_nocase(text, "true");
}

struct json *api_cfn_list(const struct s3_pairs *form, const char *name)
{
	struct json *list = json_new_array();
	CLEANUP(str_done) struct str head = STR_EMPTY;

	str_addf(&head, "%s.member.", name);
	for (size_t i = 0; i < form->count; i++)
		if (str_starts(form->items[i].name, head.text))
			json_push_take(list,
				       json_new_text(form->items[i].value));
	return list;
}

/* NAME.member.N.PART; NULL: not there. */
static const char *part_of(const struct s3_pairs *form, const char *name,
			   size_t number, const char *part)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	str_addf(&key, "%s.member.%zu.%s", name, number, part);
	return api_param(form, key.text);
}

struct json *api_cfn_tags(const struct s3_pairs *form)
{
	struct json *tags = json_new_object();
	const char *key;

	for (size_t i = 1; (key = part_of(form, "Tags", i, "Key")) != NULL;
	     i++) {
		const char *value = part_of(form, "Tags", i, "Value");

		json_put_text(tags, key, value != NULL ? value : "");
	}
	return tags;
}

/* Null where the value before is meant. */
static struct json *read_params(const struct s3_pairs *form, struct err *err)
{
	struct json *given = json_new_object();
	const char *key;

	for (size_t i = 1;
	     (key = part_of(form, "Parameters", i, "ParameterKey")) != NULL;
	     i++) {
		const char *value =
			part_of(form, "Parameters", i, "ParameterValue");
		const char *before =
			part_of(form, "Parameters", i, "UsePreviousValue");

		if (before != NULL && str_equal_nocase(before, "true")) {
			if (value != NULL) {
				json_free(given);
				cfn_refuse(err,
					   "Invalid input for parameter key "
					   "%s. Cannot specify usePreviousValue "
					   "as true and non empty value for a "
					   "parameter",
					   key);
				return NULL;
			}
			json_put_null(given, key);
		} else {
			json_put_text(given, key, value != NULL ? value : "");
		}
	}
	return given;
}

/* --- the template --- */

/* https://BUCKET.s3.REGION.amazonaws.com/KEY, or the bucket in the path. */
static bool split_url(const char *text, struct str *out_bucket,
		      struct str *out_key)
{
	CLEANUP(url_done) struct url url = URL_EMPTY;
	const char *path;
	const char *dot;
	size_t len;

	if (!url_parse(&url, text, NULL))
		return false;
	path = url.path + (url.path[0] == '/');
	dot = strstr(url.host, ".s3");
	if (dot != NULL && !str_starts(url.host, "s3.")) {
		str_add_slice(out_bucket, url.host, (size_t)(dot - url.host));
	} else {
		len = strcspn(path, "/");
		str_add_slice(out_bucket, path, len);
		path += len;
		path += *path == '/';
	}
	url_unescape(out_key, path, strlen(path), URL_PLUS_STAYS);
	return out_bucket->len > 0 && out_key->len > 0;
}

static bool read_url(struct s3_call *call, const char *url, struct str *out,
		     struct err *err)
{
	CLEANUP(str_done) struct str bucket = STR_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;
	char chunk[8192];
	ssize_t got;
	int fd;

	if (!split_url(url, &bucket, &key))
		return cfn_refuse(err, "TemplateURL must be a supported URL.");
	fd = s3_store_get(call->options->store, bucket.text, key.text, NULL,
			  NULL);
	if (fd < 0)
		return cfn_refuse(err, "S3 error: Access Denied\nFor more "
				       "information check http://docs.aws."
				       "amazon.com/AmazonS3/latest/API/"
				       "ErrorResponses.html");
	while ((got = read(fd, chunk, sizeof(chunk))) > 0 &&
	       out->len <= CFN_URL_BYTES_MAX)
		str_add_slice(out, chunk, (size_t)got);
	close(fd);
	return true;
}

bool api_cfn_text(struct s3_call *call, const struct s3_pairs *form,
		  const struct cfn_stack *stack, struct str *out,
		  bool *out_from_url, struct err *err)
{
	const char *body = api_param(form, "TemplateBody");
	const char *url = api_param(form, "TemplateURL");
	bool before = api_cfn_flag(form, "UsePreviousTemplate");

	*out_from_url = body == NULL;
	if ((body != NULL) + (url != NULL) + before != 1)
		return cfn_refuse(err, "Either Template URL or Template Body "
				       "must be specified.");
	if (body != NULL) {
		str_add(out, body);
		return true;
	}
	if (url != NULL)
		return read_url(call, url, out, err);
	if (stack == NULL || stack->template == NULL)
		return cfn_refuse(err, "Stack does not have a template to use "
				       "again");
	str_add(out, stack->template);
	return true;
}

/* --- capabilities --- */

static bool has_text(const struct json *list, const char *text)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), NULL, ""), text) == 0)
			return true;
	return false;
}

static bool check_capabilities(const struct json *template,
			       const struct json *given, struct err *err)
{
	static const char *const all[] = { "CAPABILITY_IAM",
					   "CAPABILITY_NAMED_IAM",
					   "CAPABILITY_AUTO_EXPAND" };
	CLEANUP(str_done) struct str needed = STR_EMPTY;
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	for (size_t i = 0; i < json_count(given); i++) {
		const char *one = json_text(json_item(given, i), NULL, "");
		bool known = false;

		for (size_t j = 0; j < COUNT_OF(all); j++)
			known |= strcmp(all[j], one) == 0;
		if (!known)
			return cfn_refuse(
				err, "1 validation error detected: Value '[%s]'"
				     " at 'capabilities' failed to satisfy "
				     "constraint: Member must satisfy "
				     "constraint: [Member must satisfy enum "
				     "value set: [CAPABILITY_NAMED_IAM, "
				     "CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]]",
				one);
	}
	cfn_template_capability(template, &needed, &reason);
	if (needed.len == 0 || has_text(given, needed.text) ||
	    has_text(given, "CAPABILITY_NAMED_IAM"))
		return true;
	return s3_call_refuse(err, "InsufficientCapabilitiesException",
			      "Requires capabilities : [%s]", needed.text);
}

/* --- what is wanted --- */

void api_cfn_wanted_done(struct api_cfn_wanted *wanted)
{
	str_done(&wanted->text);
	json_free(wanted->template);
	json_free(wanted->params);
	json_free(wanted->tags);
	json_free(wanted->capabilities);
}

static bool check_rules(const struct api_cfn_wanted *wanted, struct err *err)
{
	const struct cfn_scope scope = {
		.template = wanted->template,
		.params = wanted->params,
		.stack_name = "",
		.stack_id = "",
	};

	return cfn_params_rules(&scope, err);
}

/* Resources there, but none that their conditions leave. */
static bool check_any(const struct api_cfn_wanted *wanted, struct err *err)
{
	const struct cfn_scope scope = {
		.template = wanted->template,
		.params = wanted->params,
		.stack_name = "",
		.stack_id = "",
	};
	const struct json *value;
	const char *name;
	size_t at = 0;
	bool any = false;

	while (json_next(json_key(wanted->template, "Resources"), &at, &name,
			 &value)) {
		bool one;

		if (!cfn_eval_condition(&scope,
					json_text(value, "Condition", NULL),
					&one, err))
			return false;
		any |= one;
	}
	return any || cfn_refuse(err, "Template format error: At least one "
				      "Resources member must be defined.");
}

bool api_cfn_read(struct s3_call *call, struct cfn *cfn,
		  const struct s3_pairs *form, struct cfn_stack *stack,
		  struct api_cfn_wanted *out, struct err *err)
{
	CLEANUP(json_freep) struct json *given = NULL;
	bool from_url;

	out->role_arn = api_param(form, "RoleARN");
	if (!cfn_rights_check_role(call, out->role_arn, err) ||
	    !api_cfn_text(call, form, stack, &out->text, &from_url, err))
		return false;
	out->template = cfn_template_read(out->text.text, out->text.len,
					  from_url, err);
	if (out->template == NULL ||
	    !cfn_template_check(cfn->schema, out->template, err))
		return false;
	out->capabilities = api_cfn_list(form, "Capabilities");
	out->tags = api_cfn_tags(form);
	if (stack != NULL && stack->tags != NULL &&
	    part_of(form, "Tags", 1, "Key") == NULL) {
		json_free(out->tags);
		out->tags = json_clone(stack->tags);
	}
	given = read_params(form, err);
	if (given == NULL ||
	    !check_capabilities(out->template, out->capabilities, err))
		return false;
	out->params = cfn_params_resolve(
		out->template, given, stack != NULL ? stack->params : NULL,
		err);
	return out->params != NULL && check_rules(out, err) &&
	       check_any(out, err);
}

void api_cfn_take(struct s3_call *call, struct cfn_stack *stack,
		  struct api_cfn_wanted *wanted)
{
	CLEANUP(str_done) struct str caller = STR_EMPTY;

	api_policy_add_caller(call, &caller);
	cfn_put(&stack->caller, caller.text);
	if (wanted->role_arn != NULL)
		cfn_put(&stack->role_arn, wanted->role_arn);
	cfn_put(&stack->old_template, stack->template);
	cfn_put_json(&stack->old_params, stack->params);
	cfn_put_json(&stack->old_tags, stack->tags);
	cfn_put(&stack->template, wanted->text.text);
	stack->params = wanted->params;
	stack->tags = wanted->tags;
	cfn_put_json(&stack->capabilities, wanted->capabilities);
	wanted->params = NULL;
	wanted->tags = NULL;
	wanted->capabilities = NULL;
}

bool api_cfn_may_update(const struct cfn_stack *stack, struct err *err)
{
	static const char *const fine[] = {
		"CREATE_COMPLETE",
		"UPDATE_COMPLETE",
		"UPDATE_ROLLBACK_COMPLETE",
		"UPDATE_FAILED",
	};

	for (size_t i = 0; i < COUNT_OF(fine); i++)
		if (strcmp(stack->status, fine[i]) == 0)
			return true;
	return cfn_refuse(err,
			  "Stack:%s is in %s state and can not be updated.",
			  stack->id, stack->status);
}

bool api_cfn_token(struct cfn_stack *stack, const struct s3_pairs *form,
		   const char *action, bool *out_same, struct err *err)
{
	const char *token = api_param(form, "ClientRequestToken");

	*out_same = false;
	if (token == NULL) {
		cfn_put(&stack->token, NULL);
		return true;
	}
	if (stack->token != NULL && strcmp(stack->token, token) == 0) {
		*out_same = stack->token_op != NULL &&
			    strcmp(stack->token_op, action) == 0;
		return *out_same ||
		       s3_call_refuse(err, "TokenAlreadyExistsException",
				      "A client request token already exists "
				      "for this stack: %s",
				      token);
	}
	cfn_put(&stack->token, token);
	cfn_put(&stack->token_op, action);
	return true;
}

/* --- pages --- */

bool api_cfn_page(const struct s3_pairs *form, size_t count,
		  struct api_cfn_page *out, struct err *err)
{
	const char *token = api_param(form, "NextToken");
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	*out = (struct api_cfn_page){ 0, count };
	if (token != NULL) {
		char *end;

		if (!encode_unbase64(&plain, token, strlen(token)))
			return cfn_refuse(err, "Invalid NextToken");
		out->first = strtoul(plain.text, &end, 10);
		if (end == plain.text || *end != '\0' || out->first == 0)
			return cfn_refuse(err, "Invalid NextToken");
		if (out->first > count)
			out->first = count;
	}
	if (count - out->first > PAGE_ITEMS)
		out->end = out->first + PAGE_ITEMS;
	return true;
}

void api_cfn_put_next(struct str *out, const struct api_cfn_page *page,
		      size_t count)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;

	if (page->end >= count)
		return;
	str_addf(&plain, "%zu", page->end);
	encode_base64(&token, plain.text, plain.len);
	xml_put(out, "NextToken", token.text);
}

/* --- writing --- */

void api_cfn_put(struct str *out, const char *name, const char *text)
{
	if (text != NULL)
		xml_put(out, name, text);
}

void api_cfn_put_time(struct str *out, const char *name, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (at_ms == 0)
		return;
	isotime_add_ms(&text, at_ms);
	xml_put(out, name, text.text);
}

void api_cfn_put_texts(struct str *out, const char *name,
		       const struct json *list)
{
	if (json_count(list) == 0)
		return;
	xml_open(out, name);
	for (size_t i = 0; i < json_count(list); i++)
		xml_put(out, "member", json_text(json_item(list, i), NULL, ""));
	xml_close(out, name);
}

void api_cfn_put_tags(struct str *out, const struct json *tags)
{
	const struct json *value;
	const char *name;
	size_t at = 0;

	xml_open(out, "Tags");
	while (json_next(tags, &at, &name, &value)) {
		xml_open(out, "member");
		xml_put(out, "Key", name);
		xml_put(out, "Value", json_text(value, NULL, ""));
		xml_close(out, "member");
	}
	xml_close(out, "Tags");
}

void api_cfn_put_params(struct str *out, const struct json *template,
			const struct json *values)
{
	const struct json *value;
	const char *name;
	size_t at = 0;

	if (json_count(values) == 0)
		return;
	xml_open(out, "Parameters");
	while (json_next(values, &at, &name, &value)) {
		CLEANUP(mem_freep)
		char *resolved = cfn_params_ssm(template, values, name);

		xml_open(out, "member");
		xml_put(out, "ParameterKey", name);
		xml_put(out, "ParameterValue",
			cfn_params_is_secret(template, name)
				? "****"
				: json_text(value, NULL, ""));
		api_cfn_put(out, "ResolvedValue", resolved);
		xml_close(out, "member");
	}
	xml_close(out, "Parameters");
}
