#include "sandbox/stacks/cfn_eval.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/stacks/cfn_cidr.h"
#include "sandbox/stacks/cfn_params.h"
#include "sandbox/stacks/cfn_refs.h"
#include "sandbox/stacks/cfn_template.h"

enum { LEVELS_MAX = 100 }; /* of conditions that name conditions */

/* --- text --- */

static bool add_text(struct str *out, const struct json *value)
{
	const char *text = json_text(value, NULL, NULL);
	enum json_shape shape = json_shape(value);

	if (text != NULL)
		str_add(out, text);
	else if (shape == JSON_SHAPE_NUMBER || shape == JSON_SHAPE_BOOL)
		json_add(out, value);
	return text != NULL || shape == JSON_SHAPE_NUMBER ||
	       shape == JSON_SHAPE_BOOL;
}

/* Works value out and appends its text. */
static bool eval_text(const struct cfn_scope *scope, const struct json *value,
		      struct str *out, const char *function, struct err *err)
{
	CLEANUP(json_freep) struct json *done = NULL;

	return cfn_eval(scope, value, &done, err) &&
	       ((done != NULL && add_text(out, done)) ||
		cfn_refuse(err,
			   "Template error: every value of %s must be a string",
			   function));
}

/* --- names --- */

static struct json *pseudo(const struct cfn_scope *scope, const char *name)
{
	static const char *const fixed[][2] = {
		{ "AWS::AccountId", IDENTITY_ACCOUNT },
		{ "AWS::Partition", "aws" },
		{ "AWS::Region", IDENTITY_REGION },
		{ "AWS::URLSuffix", "amazonaws.com" },
	};

	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		if (strcmp(fixed[i][0], name) == 0)
			return json_new_text(fixed[i][1]);
	if (strcmp(name, "AWS::StackId") == 0)
		return json_new_text(scope->stack_id);
	if (strcmp(name, "AWS::StackName") == 0)
		return json_new_text(scope->stack_name);
	return json_new_array(); /* AWS::NotificationARNs: nobody is told */
}

/* *out NULL: AWS::NoValue. */
static bool eval_name(const struct cfn_scope *scope, const char *name,
		      struct json **out, struct err *err)
{
	*out = NULL;
	if (strcmp(name, "AWS::NoValue") == 0)
		return true;
	if (cfn_template_is_pseudo(name))
		*out = pseudo(scope, name);
	else if (cfn_template_part(scope->template, "Parameters", name))
		*out = cfn_params_value(scope->template, scope->params, name);
	else if (scope->resource != NULL)
		*out = scope->resource(scope->context, name, NULL, err);
	else
		cfn_refuse(err, "Template error: %s cannot be referenced here",
			   name);
	return *out != NULL;
}

static bool eval_attribute_of(const struct cfn_scope *scope, const char *name,
			      const char *attribute, struct json **out,
			      struct err *err)
{
	if (scope->resource == NULL)
		return cfn_refuse(err,
				  "Template error: %s cannot be referenced here",
				  name);
	*out = scope->resource(scope->context, name, attribute, err);
	return *out != NULL;
}

static bool eval_attribute(const struct cfn_scope *scope,
			   const struct json *value, struct json **out,
			   struct err *err)
{
	CLEANUP(str_done) struct str attribute = STR_EMPTY;
	const char *text = json_text(value, NULL, NULL);
	CLEANUP(mem_freep) char *name = NULL;

	if (text != NULL) {
		size_t len = strcspn(text, ".");

		name = mem_copy_slice(text, len);
		str_add(&attribute, text + len + (text[len] == '.'));
	} else {
		name = mem_copy_text(
			json_text(json_item(value, 0), NULL, ""));
		if (!eval_text(scope, json_item(value, 1), &attribute,
			       "Fn::GetAtt", err))
			return false;
	}
	return eval_attribute_of(scope, name, attribute.text, out, err);
}

/* --- Fn::Sub --- */

static bool add_sub_name(const struct cfn_scope *scope, const char *name,
			 const struct json *own, struct str *out,
			 struct err *err)
{
	CLEANUP(json_freep) struct json *value = NULL;
	const char *dot = strchr(name, '.');
	CLEANUP(mem_freep) char *resource = NULL;

	if (json_key(own, name) != NULL)
		return eval_text(scope, json_key(own, name), out, "Fn::Sub",
				 err);
	if (dot != NULL) {
		resource = mem_copy_slice(name, (size_t)(dot - name));
		if (!eval_attribute_of(scope, resource, dot + 1, &value, err))
			return false;
	} else if (!eval_name(scope, name, &value, err)) {
		return false;
	}
	return (value != NULL && add_text(out, value)) ||
	       cfn_refuse(err,
			  "Template error: variable %s in Fn::Sub expression "
			  "does not resolve to a string",
			  name);
}

static bool eval_sub(const struct cfn_scope *scope, const struct json *value,
		     struct json **out, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct json *own = json_item(value, 1);
	const char *at = json_text(
		json_shape(value) == JSON_SHAPE_ARRAY ? json_item(value, 0)
						      : value,
		NULL, "");

	while (cfn_refs_next_sub(&at, &text, &name)) {
		if (!add_sub_name(scope, name.text, own, &text, err))
			return false;
		str_clear(&name);
	}
	*out = json_new_text(text.text);
	return true;
}

/* --- lists --- */

/* value worked out, which must be a list. */
static struct json *eval_list(const struct cfn_scope *scope,
			      const struct json *value, const char *function,
			      struct err *err)
{
	struct json *list = NULL;

	if (!cfn_eval(scope, value, &list, err))
		return NULL;
	if (json_shape(list) == JSON_SHAPE_ARRAY)
		return list;
	json_free(list);
	cfn_refuse(err, "Template error: %s requires a list", function);
	return NULL;
}

static bool eval_join(const struct cfn_scope *scope, const struct json *value,
		      struct json **out, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *list = NULL;
	const char *gap = json_text(json_item(value, 0), NULL, NULL);

	if (json_count(value) != 2 || gap == NULL)
		return cfn_refuse(err, "Template error: every Fn::Join object "
				       "requires two parameters, (1) a string "
				       "delimiter and (2) a list of strings to "
				       "be joined or a function that returns a "
				       "list of strings (such as Fn::GetAZs) to "
				       "be joined.");
	list = eval_list(scope, json_item(value, 1), "Fn::Join", err);
	if (list == NULL)
		return false;
	for (size_t i = 0; i < json_count(list); i++) {
		if (i > 0)
			str_add(&text, gap);
		if (!add_text(&text, json_item(list, i)))
			return cfn_refuse(err,
					  "Template error: every value of "
					  "Fn::Join must be a string");
	}
	*out = json_new_text(text.text);
	return true;
}

static bool eval_split(const struct cfn_scope *scope, const struct json *value,
		       struct json **out, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *gap = json_text(json_item(value, 0), NULL, "");
	const char *at;

	if (json_count(value) != 2 || *gap == '\0')
		return cfn_refuse(err, "Template error: every Fn::Split object "
				       "requires two parameters, (1) a string "
				       "delimiter and (2) a string to be split "
				       "or a function that returns a string to "
				       "be split.");
	if (!eval_text(scope, json_item(value, 1), &text, "Fn::Split", err))
		return false;
	*out = json_new_array();
	at = text.text;
	for (;;) {
		const char *found = strstr(at, gap);
		size_t len = found != NULL ? (size_t)(found - at) : strlen(at);
		CLEANUP(mem_freep) char *item = mem_copy_slice(at, len);

		json_push_take(*out, json_new_text(item));
		if (found == NULL)
			return true;
		at = found + strlen(gap);
	}
}

static bool eval_select(const struct cfn_scope *scope,
			const struct json *value, struct json **out,
			struct err *err)
{
	CLEANUP(json_freep) struct json *list = NULL;
	CLEANUP(str_done) struct str index = STR_EMPTY;
	unsigned long at;
	char *end;

	if (json_count(value) != 2)
		return cfn_refuse(err, "Template error: Fn::Select requires a "
				       "list argument with two elements: an "
				       "integer index and a list");
	if (!eval_text(scope, json_item(value, 0), &index, "Fn::Select", err))
		return false;
	list = eval_list(scope, json_item(value, 1), "Fn::Select", err);
	if (list == NULL)
		return false;
	at = strtoul(index.text, &end, 10);
	if (end == index.text || *end != '\0' || at >= json_count(list))
		return cfn_refuse(err,
				  "Template error: Fn::Select cannot select "
				  "nonexistent value at index %s",
				  index.text);
	*out = json_clone(json_item(list, at));
	return true;
}

static bool eval_zones(const struct cfn_scope *scope, const struct json *value,
		       struct json **out, struct err *err)
{
	static const char letters[] = "abc";
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (!eval_text(scope, value, &region, "Fn::GetAZs", err))
		return false;
	if (region.len == 0)
		str_add(&region, IDENTITY_REGION);
	*out = json_new_array();
	for (size_t i = 0; letters[i] != '\0'; i++) {
		CLEANUP(str_done) struct str zone = STR_EMPTY;

		str_addf(&zone, "%s%c", region.text, letters[i]);
		json_push_take(*out, json_new_text(zone.text));
	}
	return true;
}

static bool eval_cidr(const struct cfn_scope *scope, const struct json *value,
		      struct json **out, struct err *err)
{
	CLEANUP(str_done) struct str block = STR_EMPTY;
	CLEANUP(str_done) struct str count = STR_EMPTY;
	CLEANUP(str_done) struct str bits = STR_EMPTY;

	if (json_count(value) < 2 || json_count(value) > 3)
		return cfn_refuse(err, "Template error: every Fn::Cidr object "
				       "requires an ipBlock, a count and may "
				       "have cidrBits");
	if (!eval_text(scope, json_item(value, 0), &block, "Fn::Cidr", err) ||
	    !eval_text(scope, json_item(value, 1), &count, "Fn::Cidr", err))
		return false;
	if (json_count(value) == 3 &&
	    !eval_text(scope, json_item(value, 2), &bits, "Fn::Cidr", err))
		return false;
	*out = cfn_cidr_split(block.text, (int)strtol(count.text, NULL, 10),
			      bits.len > 0
				      ? (int)strtol(bits.text, NULL, 10)
				      : 8);
	return *out != NULL ||
	       cfn_refuse(err,
			  "Template error: Fn::Cidr cannot make %s blocks of "
			  "%s",
			  count.text, block.text);
}

static bool eval_base64(const struct cfn_scope *scope,
			const struct json *value, struct json **out,
			struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str coded = STR_EMPTY;

	if (!eval_text(scope, value, &text, "Fn::Base64", err))
		return false;
	encode_base64(&coded, text.text, text.len);
	*out = json_new_text(coded.text);
	return true;
}

static bool eval_map(const struct cfn_scope *scope, const struct json *value,
		     struct json **out, struct err *err)
{
	const struct json *map = json_key(scope->template, "Mappings");
	CLEANUP(str_done) struct str key = STR_EMPTY;

	for (size_t i = 0; i < 3; i++) {
		str_clear(&key);
		if (!eval_text(scope, json_item(value, i), &key,
			       "Fn::FindInMap", err))
			return false;
		map = json_key(map, key.text);
		if (map == NULL)
			return cfn_refuse(err,
					  "Template error: Unable to get "
					  "mapping for %s",
					  key.text);
	}
	*out = json_clone(map);
	return true;
}

static bool eval_if(const struct cfn_scope *scope, const struct json *value,
		    struct json **out, struct err *err)
{
	bool holds;

	return cfn_eval_condition(scope,
				  json_text(json_item(value, 0), NULL, ""),
				  &holds, err) &&
	       cfn_eval(scope, json_item(value, holds ? 1 : 2), out, err);
}

static bool eval_ref(const struct cfn_scope *scope, const struct json *value,
		     struct json **out, struct err *err)
{
	return eval_name(scope, json_text(value, NULL, ""), out, err);
}

static const struct {
	const char *name;
	bool (*run)(const struct cfn_scope *scope, const struct json *value,
		    struct json **out, struct err *err);
} functions[] = {
	{ "Ref", eval_ref },
	{ "Fn::Base64", eval_base64 },
	{ "Fn::Cidr", eval_cidr },
	{ "Fn::FindInMap", eval_map },
	{ "Fn::GetAZs", eval_zones },
	{ "Fn::GetAtt", eval_attribute },
	{ "Fn::If", eval_if },
	{ "Fn::Join", eval_join },
	{ "Fn::Select", eval_select },
	{ "Fn::Split", eval_split },
	{ "Fn::Sub", eval_sub },
};

/* --- values --- */

static bool eval_array(const struct cfn_scope *scope, const struct json *value,
		       struct json **out, struct err *err)
{
	CLEANUP(json_freep) struct json *list = json_new_array();

	for (size_t i = 0; i < json_count(value); i++) {
		struct json *item = NULL;

		if (!cfn_eval(scope, json_item(value, i), &item, err))
			return false;
		if (item != NULL)
			json_push_take(list, item);
	}
	*out = list;
	list = NULL;
	return true;
}

static bool eval_object(const struct cfn_scope *scope,
			const struct json *value, struct json **out,
			struct err *err)
{
	CLEANUP(json_freep) struct json *object = NULL;
	const struct json *member;
	const char *name;
	size_t at = 0;

	if (json_count(value) == 1 && json_next(value, &at, &name, &member))
		for (size_t i = 0; i < COUNT_OF(functions); i++)
			if (strcmp(functions[i].name, name) == 0)
				return functions[i].run(scope, member, out,
							err);
	object = json_new_object();
	at = 0;
	while (json_next(value, &at, &name, &member)) {
		struct json *done = NULL;

		if (!cfn_eval(scope, member, &done, err))
			return false;
		if (done != NULL)
			json_put_take(object, name, done);
	}
	*out = object;
	object = NULL;
	return true;
}

bool cfn_eval(const struct cfn_scope *scope, const struct json *value,
	      struct json **out, struct err *err)
{
	*out = NULL;
	switch (json_shape(value)) {
	case JSON_SHAPE_OBJECT:
		return eval_object(scope, value, out, err);
	case JSON_SHAPE_ARRAY:
		return eval_array(scope, value, out, err);
	default:
		*out = json_clone(value);
		return true;
	}
}

/* --- conditions --- */

static bool eval_bool(const struct cfn_scope *scope, const struct json *value,
		      int levels, bool *out, struct err *err);

static bool named(const struct cfn_scope *scope, const char *name, int levels,
		  bool *out, struct err *err)
{
	const struct json *value =
		cfn_template_part(scope->template, "Conditions", name);

	if (value == NULL || levels > LEVELS_MAX)
		return cfn_refuse(err,
				  "Template format error: Unresolved condition "
				  "dependency %s in the Conditions block of "
				  "the template",
				  name);
	return eval_bool(scope, value, levels + 1, out, err);
}

static bool equals(const struct cfn_scope *scope, const struct json *value,
		   bool *out, struct err *err)
{
	CLEANUP(str_done) struct str one = STR_EMPTY;
	CLEANUP(str_done) struct str other = STR_EMPTY;

	if (json_count(value) != 2)
		return cfn_refuse(err, "Template error: every Fn::Equals "
				       "object requires a list of 2 string "
				       "parameters.");
	if (!eval_text(scope, json_item(value, 0), &one, "Fn::Equals", err) ||
	    !eval_text(scope, json_item(value, 1), &other, "Fn::Equals", err))
		return false;
	*out = strcmp(one.text, other.text) == 0;
	return true;
}

/* Fn::Contains of Rules: is the text in the list? */
static bool contains(const struct cfn_scope *scope, const struct json *value,
		     bool *out, struct err *err)
{
	CLEANUP(json_freep) struct json *list = eval_list(
		scope, json_item(value, 0), "Fn::Contains", err);
	CLEANUP(str_done) struct str wanted = STR_EMPTY;

	*out = false;
	if (list == NULL || !eval_text(scope, json_item(value, 1), &wanted,
				       "Fn::Contains", err))
		return false;
	for (size_t i = 0; i < json_count(list); i++)
		*out |= strcmp(json_text(json_item(list, i), NULL, ""),
			       wanted.text) == 0;
	return true;
}

/* all: And, else Or. */
static bool several(const struct cfn_scope *scope, const struct json *value,
		    bool all, int levels, bool *out, struct err *err)
{
	if (json_count(value) < 2 || json_count(value) > 10)
		return cfn_refuse(err,
				  "Template error: every %s object requires a "
				  "list of at least 2 and at most 10 boolean "
				  "parameters.",
				  all ? "Fn::And" : "Fn::Or");
	*out = all;
	for (size_t i = 0; i < json_count(value); i++) {
		bool one;

		if (!eval_bool(scope, json_item(value, i), levels, &one, err))
			return false;
		*out = all ? *out && one : *out || one;
	}
	return true;
}

static bool eval_bool(const struct cfn_scope *scope, const struct json *value,
		      int levels, bool *out, struct err *err)
{
	const struct json *below = NULL;
	const char *name = "";
	size_t at = 0;

	if (json_count(value) == 1)
		json_next(value, &at, &name, &below);
	if (strcmp(name, "Condition") == 0)
		return named(scope, json_text(below, NULL, ""), levels, out,
			     err);
	if (strcmp(name, "Fn::Equals") == 0)
		return equals(scope, below, out, err);
	if (strcmp(name, "Fn::Contains") == 0)
		return contains(scope, below, out, err);
	if (strcmp(name, "Fn::And") == 0 || strcmp(name, "Fn::Or") == 0)
		return several(scope, below, strcmp(name, "Fn::And") == 0,
			       levels, out, err);
	if (strcmp(name, "Fn::Not") == 0 && json_count(below) == 1) {
		if (!eval_bool(scope, json_item(below, 0), levels, out, err))
			return false;
		*out = !*out;
		return true;
	}
	return cfn_refuse(err, "Template format error: Conditions can only be "
			       "boolean operations on parameters and other "
			       "conditions");
}

bool cfn_eval_boolean(const struct cfn_scope *scope, const struct json *value,
		      bool *out, struct err *err)
{
	return eval_bool(scope, value, 0, out, err);
}

bool cfn_eval_condition(const struct cfn_scope *scope, const char *name,
			bool *out, struct err *err)
{
	*out = true;
	return name == NULL || named(scope, name, 0, out, err);
}
