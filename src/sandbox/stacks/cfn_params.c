#include "sandbox/stacks/cfn_params.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_template.h"

#define SSM_TYPE "AWS::SSM::Parameter::Value<"

/* --- declarations --- */

static const char *const known_types[] = {
	"String",
	"Number",
	"CommaDelimitedList",
	"List<Number>",
	"List<String>",
	"AWS::SSM::Parameter::Name",
};

/* Of the account: none of them exists before a stack makes it. */
static const char *const account_types[] = {
	"AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id",
	"AWS::EC2::Instance::Id",	    "AWS::EC2::KeyPair::KeyName",
	"AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id",
	"AWS::EC2::Subnet::Id",		    "AWS::EC2::Volume::Id",
	"AWS::EC2::VPC::Id",		    "AWS::Route53::HostedZone::Id",
};

static bool is_among(const char *const *names, size_t count, const char *text,
		     size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (str_slice_equal(text, len, names[i]))
			return true;
	return false;
}

/* The type inside of PREFIX<...>; *out_len 0: it is not of that prefix. */
static const char *inside(const char *type, const char *prefix,
			  size_t *out_len)
{
	size_t len = strlen(type);
	size_t head = strlen(prefix);

	*out_len = 0;
	if (!str_starts(type, prefix) || len < head + 2 ||
	    type[len - 1] != '>')
		return type;
	*out_len = len - head - 1;
	return type + head;
}

static bool is_type(const char *type)
{
	size_t len;
	const char *below = inside(type, SSM_TYPE, &len);

	if (len > 0)
		return is_among(known_types, COUNT_OF(known_types), below,
				len) ||
		       is_among(account_types, COUNT_OF(account_types), below,
				len);
	below = inside(type, "List<", &len);
	if (len > 0 &&
	    is_among(account_types, COUNT_OF(account_types), below, len))
		return true;
	len = strlen(type);
	return is_among(known_types, COUNT_OF(known_types), type, len) ||
	       is_among(account_types, COUNT_OF(account_types), type, len);
}

/* Java's, as far as POSIX has the same: \d and groups that capture nothing. */
static bool compile(const char *pattern, regex_t *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, "^(");
	for (; *pattern != '\0'; pattern++) {
		if (str_starts(pattern, "\\d")) {
			str_add(&text, "[0-9]");
			pattern++;
		} else if (str_starts(pattern, "(?:")) {
			str_add_char(&text, '(');
			pattern += 2;
		} else if (*pattern == '\\' && pattern[1] != '\0') {
			str_add_slice(&text, pattern++, 2);
		} else {
			str_add_char(&text, *pattern);
		}
	}
	str_add(&text, ")$");
	return regcomp(out, text.text, REG_EXTENDED | REG_NOSUB) == 0;
}

static bool check_one(const char *name, const struct json *parameter,
		      struct err *err)
{
	static const char *const members[] = {
		"AllowedPattern", "AllowedValues", "ConstraintDescription",
		"Default",	  "Description",   "MaxLength",
		"MaxValue",	  "MinLength",	   "MinValue",
		"NoEcho",	  "Type",
	};
	const char *type = json_text(parameter, "Type", NULL);
	const char *pattern = json_text(parameter, "AllowedPattern", NULL);
	const struct json *value;
	const char *member;
	regex_t regex;
	size_t at = 0;

	while (json_next(parameter, &at, &member, &value))
		if (!is_among(members, COUNT_OF(members), member,
			      strlen(member)))
			return cfn_refuse(err,
					  "Invalid template parameter property "
					  "'%s'",
					  member);
	if (type == NULL)
		return cfn_refuse(err,
				  "Template format error: Every Parameters "
				  "object must contain a Type member.");
	if (!is_type(type))
		return cfn_refuse(err,
				  "Template format error: Unrecognized "
				  "parameter type: %s",
				  type);
	if (pattern == NULL)
		return true;
	if (!compile(pattern, &regex))
		return cfn_refuse(err,
				  "Template format error: Parameter '%s' has "
				  "an invalid AllowedPattern: %s",
				  name, pattern);
	regfree(&regex);
	return true;
}

bool cfn_params_check(const struct json *template, struct err *err)
{
	const struct json *parameter;
	const char *name;
	size_t at = 0;

	while (json_next(json_key(template, "Parameters"), &at, &name,
			 &parameter))
		if (!check_one(name, parameter, err))
			return false;
	return true;
}

bool cfn_params_is_secret(const struct json *template, const char *name)
{
	const struct json *value = json_key(
		cfn_template_part(template, "Parameters", name), "NoEcho");

	return json_bool(value, NULL, false) ||
	       strcmp(json_text(value, NULL, ""), "true") == 0;
}

/* --- values --- */

static void add_scalar(struct str *out, const struct json *value)
{
	const char *text = json_text(value, NULL, NULL);

	if (text != NULL)
		str_add(out, text);
	else if (value != NULL)
		json_add(out, value);
}

static bool refuse_value(const char *name, const struct json *parameter,
			 const char *why, const char *more, struct err *err)
{
	const char *described =
		json_text(parameter, "ConstraintDescription", NULL);

	if (described != NULL)
		return cfn_refuse(err,
				  "Parameter '%s' failed to satisfy "
				  "constraint: %s",
				  name, described);
	return cfn_refuse(err, "Parameter '%s' %s%s", name, why, more);
}

static bool is_allowed(const struct json *values, const char *text)
{
	for (size_t i = 0; i < json_count(values); i++) {
		CLEANUP(str_done) struct str one = STR_EMPTY;

		add_scalar(&one, json_item(values, i));
		if (strcmp(one.text, text) == 0)
			return true;
	}
	return values == NULL;
}

/* *out: the limit of that name, which may be a number or text. */
static bool has_limit(const struct json *parameter, const char *name,
		      struct str *out)
{
	str_clear(out);
	add_scalar(out, json_key(parameter, name));
	return out->len > 0;
}

static bool check_length(const char *name, const struct json *parameter,
			 const char *text, struct err *err)
{
	CLEANUP(str_done) struct str limit = STR_EMPTY;
	size_t count = utf8_count(text, strlen(text));

	if (has_limit(parameter, "MinLength", &limit) &&
	    count < strtoul(limit.text, NULL, 10)) {
		str_add(&limit, " characters");
		return refuse_value(name, parameter, "must contain at least ",
				    limit.text, err);
	}
	if (has_limit(parameter, "MaxLength", &limit) &&
	    count > strtoul(limit.text, NULL, 10)) {
		str_add(&limit, " characters");
		return refuse_value(name, parameter, "must contain at most ",
				    limit.text, err);
	}
	return true;
}

static bool check_number(const char *name, const struct json *parameter,
			 const char *text, struct err *err)
{
	CLEANUP(str_done) struct str limit = STR_EMPTY;
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0')
		return refuse_value(name, parameter, "must be a number", "",
				    err);
	if (has_limit(parameter, "MinValue", &limit) &&
	    value < strtod(limit.text, NULL))
		return refuse_value(name, parameter,
				    "must be a number not less than ",
				    limit.text, err);
	if (has_limit(parameter, "MaxValue", &limit) &&
	    value > strtod(limit.text, NULL))
		return refuse_value(name, parameter,
				    "must be a number not greater than ",
				    limit.text, err);
	return true;
}

static bool check_pattern(const char *name, const struct json *parameter,
			  const char *text, struct err *err)
{
	const char *pattern = json_text(parameter, "AllowedPattern", NULL);
	regex_t regex;
	bool fits;

	if (pattern == NULL)
		return true;
	if (!compile(pattern, &regex))
		return false;
	fits = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return fits || refuse_value(name, parameter, "must match pattern ",
				    pattern, err);
}

/* Names under which AWS publishes images. */
static bool is_ssm_name(const char *text)
{
	return str_starts(text, "/aws/service/") && !str_ends(text, "/");
}

static bool check_account(const char *name, const char *type, const char *text,
			  struct err *err)
{
	size_t len;

	inside(type, SSM_TYPE, &len);
	if (len > 0)
		return is_ssm_name(text) ||
		       cfn_refuse(err,
				  "Unable to fetch parameters [%s] from "
				  "parameter store for this account.",
				  text);
	if (!is_among(account_types, COUNT_OF(account_types), type,
		      strlen(type)))
		return true;
	return cfn_refuse(err,
			  "Parameter validation failed: parameter value %s for "
			  "parameter name %s does not exist. Rollback requested "
			  "by user.",
			  text, name);
}

static bool is_list(const char *type)
{
	return strcmp(type, "CommaDelimitedList") == 0 ||
	       str_starts(type, "List<");
}

/* One value, or one of a list. */
static bool check_item(const char *name, const struct json *parameter,
		       const char *text, struct err *err)
{
	const char *type = json_text(parameter, "Type", "");

	if (!is_allowed(json_key(parameter, "AllowedValues"), text))
		return refuse_value(name, parameter,
				    "must be one of AllowedValues", "", err);
	return check_length(name, parameter, text, err) &&
	       (strstr(type, "Number") == NULL ||
		check_number(name, parameter, text, err)) &&
	       check_pattern(name, parameter, text, err) &&
	       check_account(name, type, text, err);
}

static struct json *split_list(const char *text)
{
	struct json *list = json_new_array();

	while (*text != '\0') {
		size_t len = strcspn(text, ",");
		size_t from = strspn(text, " ");
		size_t to = len;

		while (to > from && text[to - 1] == ' ')
			to--;
		if (from > to)
			from = to;
		CLEANUP(mem_freep)
		char *item = mem_copy_slice(text + from, to - from);
		json_push_take(list, json_new_text(item));
		text += len;
		text += *text == ',';
	}
	return list;
}

static bool check_value(const char *name, const struct json *parameter,
			const char *text, struct err *err)
{
	CLEANUP(json_freep) struct json *list = NULL;

	if (strlen(text) > CFN_VALUE_BYTES_MAX)
		return cfn_refuse(err,
				  "1 validation error detected: Value at "
				  "'parameters.%s.member.parameterValue' failed "
				  "to satisfy constraint: Member must have "
				  "length less than or equal to %d",
				  name, CFN_VALUE_BYTES_MAX);
	if (!is_list(json_text(parameter, "Type", "")))
		return check_item(name, parameter, text, err);
	list = split_list(text);
	for (size_t i = 0; i < json_count(list); i++)
		if (!check_item(name, parameter,
				json_text(json_item(list, i), NULL, ""), err))
			return false;
	return true;
}

/* Appends the value before its check; false: there is none. */
static bool find_value(const char *name, const struct json *parameter,
		       const struct json *given, const struct json *previous,
		       struct str *out)
{
	const struct json *value = json_key(given, name);

	if (json_shape(value) == JSON_SHAPE_NULL)
		value = json_key(previous, name);
	if (value == NULL)
		value = json_key(parameter, "Default");
	add_scalar(out, value);
	return value != NULL;
}

static bool check_given(const struct json *template, const struct json *given,
			const struct json *previous, struct err *err)
{
	CLEANUP(str_done) struct str unknown = STR_EMPTY;
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(given, &at, &name, &value)) {
		if (!cfn_template_part(template, "Parameters", name))
			str_addf(&unknown, "%s%s", unknown.len > 0 ? ", " : "",
				 name);
		else if (json_shape(value) == JSON_SHAPE_NULL &&
			 json_key(previous, name) == NULL)
			return cfn_refuse(err,
					  "Invalid input for parameter key %s. "
					  "Cannot specify usePreviousValue as "
					  "true for a parameter key not in the "
					  "previous template",
					  name);
	}
	return unknown.len == 0 ||
	       cfn_refuse(err,
			  "Parameters: [%s] do not exist in the template",
			  unknown.text);
}

struct json *cfn_params_resolve(const struct json *template,
				const struct json *given,
				const struct json *previous, struct err *err)
{
	CLEANUP(json_freep) struct json *values = json_new_object();
	CLEANUP(str_done) struct str missing = STR_EMPTY;
	const struct json *parameter;
	struct json *done;
	const char *name;
	size_t at = 0;

	if (!check_given(template, given, previous, err))
		return NULL;
	while (json_next(json_key(template, "Parameters"), &at, &name,
			 &parameter)) {
		CLEANUP(str_done) struct str value = STR_EMPTY;

		if (!find_value(name, parameter, given, previous, &value)) {
			str_addf(&missing, "%s%s", missing.len > 0 ? ", " : "",
				 name);
			continue;
		}
		if (!check_value(name, parameter, value.text, err))
			return NULL;
		json_put_text(values, name, value.text);
	}
	if (missing.len > 0) {
		cfn_refuse(err, "Parameters: [%s] must have values",
			   missing.text);
		return NULL;
	}
	done = values;
	values = NULL;
	return done;
}

char *cfn_params_ssm(const struct json *template, const struct json *values,
		     const char *name)
{
	const char *type = json_text(
		cfn_template_part(template, "Parameters", name), "Type", "");
	const char *text = json_text(json_key(values, name), NULL, "");
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	size_t len;

	inside(type, SSM_TYPE, &len);
	if (len == 0)
		return NULL;
	hash_add_hex(HASH_SHA256, text, strlen(text), &hex);
	str_addf(&id, "ami-0%.16s", hex.text);
	return str_take(&id);
}

struct json *cfn_params_value(const struct json *template,
			      const struct json *values, const char *name)
{
	const char *type = json_text(
		cfn_template_part(template, "Parameters", name), "Type", "");
	const char *text = json_text(json_key(values, name), NULL, "");
	CLEANUP(mem_freep) char *meant = cfn_params_ssm(template, values, name);

	if (meant != NULL)
		return json_new_text(meant);
	return is_list(type) ? split_list(text) : json_new_text(text);
}

/* --- rules --- */

static bool check_rule(const struct cfn_scope *scope, const char *name,
		       const struct json *rule, struct err *err)
{
	const struct json *condition = json_key(rule, "RuleCondition");
	const struct json *assertions = json_key(rule, "Assertions");
	bool holds = true;

	if (condition != NULL &&
	    !cfn_eval_boolean(scope, condition, &holds, err))
		return false;
	for (size_t i = 0; holds && i < json_count(assertions); i++) {
		const struct json *one = json_item(assertions, i);
		bool good;

		if (!cfn_eval_boolean(scope, json_key(one, "Assert"), &good,
				      err))
			return false;
		if (!good)
			return cfn_refuse(
				err,
				"Template error: Rule %s: assertion failed: "
				"%s",
				name,
				json_text(one, "AssertDescription",
					  "(no description)"));
	}
	return true;
}

bool cfn_params_rules(const struct cfn_scope *scope, struct err *err)
{
	const struct json *rule;
	const char *name;
	size_t at = 0;

	while (json_next(json_key(scope->template, "Rules"), &at, &name,
			 &rule))
		if (!check_rule(scope, name, rule, err))
			return false;
	return true;
}
