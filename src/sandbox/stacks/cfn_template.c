#include "sandbox/stacks/cfn_template.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/yaml.h"

bool cfn_refuse(struct err *err, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	err_set(err, ERR_AWS, "%s", text.text);
	return err_set_code(err, "ValidationError");
}

bool cfn_template_is_pseudo(const char *name)
{
	static const char *const names[] = {
		"AWS::AccountId", "AWS::NoValue",   "AWS::NotificationARNs",
		"AWS::Partition", "AWS::Region",    "AWS::StackId",
		"AWS::StackName", "AWS::URLSuffix",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

const struct json *cfn_template_part(const struct json *template,
				     const char *section, const char *name)
{
	return json_key(json_key(template, section), name);
}

/* --- short forms --- */

static const struct {
	const char *tag;
	const char *function;
} short_forms[] = {
	{ "!Ref", "Ref" },
	{ "!Condition", "Condition" },
	{ "!And", "Fn::And" },
	{ "!Base64", "Fn::Base64" },
	{ "!Cidr", "Fn::Cidr" },
	{ "!Equals", "Fn::Equals" },
	{ "!FindInMap", "Fn::FindInMap" },
	{ "!GetAZs", "Fn::GetAZs" },
	{ "!GetAtt", "Fn::GetAtt" },
	{ "!If", "Fn::If" },
	{ "!ImportValue", "Fn::ImportValue" },
	{ "!Join", "Fn::Join" },
	{ "!Not", "Fn::Not" },
	{ "!Or", "Fn::Or" },
	{ "!Select", "Fn::Select" },
	{ "!Split", "Fn::Split" },
	{ "!Sub", "Fn::Sub" },
};

/* !GetAtt A.B.C is the list of A and B.C. */
static struct json *split_attribute(struct json *value_take)
{
	CLEANUP(json_freep) struct json *value = value_take;
	const char *text = json_text(value, NULL, "");
	const char *dot = strchr(text, '.');
	CLEANUP(mem_freep) char *name = NULL;
	struct json *list = json_new_array();

	if (dot == NULL) {
		json_push_take(list, json_new_text(text));
		return list;
	}
	name = mem_copy_slice(text, (size_t)(dot - text));
	json_push_take(list, json_new_text(name));
	json_push_take(list, json_new_text(dot + 1));
	return list;
}

static struct json *long_form(const char *tag, struct json *value_take,
			      struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(short_forms); i++) {
		struct json *object;

		if (strcmp(short_forms[i].tag, tag) != 0)
			continue;
		if (strcmp(tag, "!GetAtt") == 0 &&
		    json_shape(value_take) == JSON_SHAPE_TEXT)
			value_take = split_attribute(value_take);
		object = json_new_object();
		json_put_take(object, short_forms[i].function, value_take);
		return object;
	}
	json_free(value_take);
	err_set(err, ERR_DATA, "there is no function %s", tag);
	return NULL;
}

/* --- reading --- */

static bool is_json(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isspace((unsigned char)text[i]))
			return text[i] == '{';
	return false;
}

static struct json *read_json(const char *text, size_t len, struct err *err)
{
	struct err why = ERR_EMPTY;
	struct json *value = json_parse(text, len, &why);
	int line = 1;
	int column = 1;

	if (value != NULL)
		return value;
	if (sscanf(why.message, "JSON, line %d, column %d", &line,
		   &column) != 2)
		line = column = 1;
	cfn_refuse(err,
		   "Template format error: JSON not well-formed. (line %d, "
		   "column %d)",
		   line, column);
	return NULL;
}

static struct json *read_yaml(const char *text, size_t len, struct err *err)
{
	struct err why = ERR_EMPTY;
	struct yaml_place place;
	struct json *value = yaml_parse(text, len, long_form, &place, &why);

	if (value != NULL)
		return value;
	if (strstr(why.message, "aliases") != NULL)
		cfn_refuse(err, "Template error: YAML aliases are not allowed "
				"in CloudFormation templates");
	else
		cfn_refuse(err,
			   "Template format error: YAML not well-formed. (line "
			   "%zu, column %zu)",
			   place.line, place.column);
	return NULL;
}

struct json *cfn_template_read(const char *text, size_t len, bool from_url,
			       struct err *err)
{
	size_t most = from_url ? CFN_URL_BYTES_MAX : CFN_BODY_BYTES_MAX;
	struct json *value;

	if (len > most) {
		cfn_refuse(err,
			   "1 validation error detected: Value at "
			   "'templateBody' failed to satisfy constraint: Member "
			   "must have length less than or equal to %zu",
			   most);
		return NULL;
	}
	value = is_json(text, len) ? read_json(text, len, err)
				   : read_yaml(text, len, err);
	if (value == NULL || json_shape(value) == JSON_SHAPE_OBJECT)
		return value;
	json_free(value);
	cfn_refuse(err, "Template format error: unsupported structure.");
	return NULL;
}

/* --- capabilities --- */

/* [CloudFormation: Acknowledging IAM resources] */
static const struct {
	const char *type;
	const char *name; /* the property that needs the stronger one */
} iam_types[] = {
	{ "AWS::IAM::Role", "RoleName" },
	{ "AWS::IAM::Policy", NULL }, /* PolicyName is only its inline name */
	{ "AWS::IAM::InstanceProfile", "InstanceProfileName" },
};

void cfn_template_capability(const struct json *template, struct str *out,
			     struct str *out_reason)
{
	CLEANUP(str_done) struct str types = STR_EMPTY;
	const struct json *resource;
	const char *name;
	bool named = false;
	size_t at = 0;

	while (json_next(json_key(template, "Resources"), &at, &name,
			 &resource)) {
		const char *type = json_text(resource, "Type", "");

		for (size_t i = 0; i < COUNT_OF(iam_types); i++) {
			if (strcmp(type, iam_types[i].type) != 0)
				continue;
			named |= iam_types[i].name != NULL &&
				 cfn_template_part(resource, "Properties",
						   iam_types[i].name) != NULL;
			if (strstr(types.text, type) == NULL)
				str_addf(&types, "%s%s",
					 types.len > 0 ? ", " : "", type);
		}
	}
	if (types.len == 0)
		return;
	str_add(out, named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM");
	str_addf(out_reason,
		 "The following resource(s) require capabilities: [%s]",
		 types.text);
}
