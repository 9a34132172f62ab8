#include "sandbox/stacks/cfn_refs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_absent.h"
#include "sandbox/stacks/cfn_template.h"

static const char *const functions[] = {
	"Ref",	       "Condition",    "Fn::And",     "Fn::Base64",
	"Fn::Cidr",    "Fn::Equals",   "Fn::FindInMap", "Fn::GetAZs",
	"Fn::GetAtt",  "Fn::If",       "Fn::ImportValue", "Fn::Join",
	"Fn::Not",     "Fn::Or",       "Fn::Select",  "Fn::Split",
	"Fn::Sub",
};

bool cfn_refs_is_function(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(functions); i++)
		if (strcmp(functions[i], name) == 0)
			return true;
	return false;
}

/* --- Fn::Sub --- */

static void add_slice(struct str *out, const char *text, size_t len)
{
	if (out != NULL)
		str_add_slice(out, text, len);
}

bool cfn_refs_next_sub(const char **at, struct str *out_before,
		       struct str *out_name)
{
	for (;;) {
		const char *found = strstr(*at, "${");
		const char *end;

		if (found == NULL || (end = strchr(found, '}')) == NULL) {
			add_slice(out_before, *at, strlen(*at));
			*at += strlen(*at);
			return false;
		}
		add_slice(out_before, *at, (size_t)(found - *at));
		*at = end + 1;
		found += 2;
		if (*found == '!') {
			add_slice(out_before, "${", 2);
			add_slice(out_before, found + 1,
				  (size_t)(end - found));
			continue;
		}
		found += strspn(found, " ");
		while (end > found && end[-1] == ' ')
			end--;
		add_slice(out_name, found, (size_t)(end - found));
		return true;
	}
}

struct walk {
	cfn_ref_told *told;
	void *context;
};

static bool walk_value(const struct walk *walk, const struct json *value,
		       struct err *err);

static bool tell(const struct walk *walk, enum cfn_ref_kind kind,
		 const char *name, const char *attribute, struct err *err)
{
	const struct cfn_ref ref = { kind, name, attribute };

	return walk->told(walk->context, &ref, err);
}

static bool tell_sub_name(const struct walk *walk, const char *name,
			  struct err *err)
{
	const char *dot = strchr(name, '.');
	CLEANUP(mem_freep) char *resource = NULL;

	if (dot == NULL)
		return tell(walk, CFN_REF_NAME, name, NULL, err);
	resource = mem_copy_slice(name, (size_t)(dot - name));
	return tell(walk, CFN_REF_ATTRIBUTE, resource, dot + 1, err);
}

static bool walk_sub(const struct walk *walk, const struct json *value,
		     struct err *err)
{
	const struct json *own = json_item(value, 1);
	const char *text = json_shape(value) == JSON_SHAPE_ARRAY
				   ? json_text(json_item(value, 0), NULL, NULL)
				   : json_text(value, NULL, NULL);
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (text == NULL || (json_shape(value) == JSON_SHAPE_ARRAY &&
			     (json_count(value) != 2 ||
			      json_shape(own) != JSON_SHAPE_OBJECT)))
		return cfn_refuse(err,
				  "Template error: One or more Fn::Sub "
				  "intrinsic functions don't specify expected "
				  "arguments. Specify a string as first "
				  "argument, and an optional second argument "
				  "to specify a mapping of values to replace "
				  "in the string");
	while (cfn_refs_next_sub(&text, NULL, &name)) {
		if (json_key(own, name.text) == NULL &&
		    !tell_sub_name(walk, name.text, err))
			return false;
		str_clear(&name);
	}
	return own == NULL || walk_value(walk, own, err);
}

/* --- the others --- */

static bool walk_attribute(const struct walk *walk, const struct json *value,
			   struct err *err)
{
	const char *text = json_text(value, NULL, NULL);
	const char *name = json_text(json_item(value, 0), NULL, NULL);
	const struct json *attribute = json_item(value, 1);

	if (text != NULL && strchr(text, '.') != NULL)
		return tell_sub_name(walk, text, err);
	if (json_count(value) != 2 || name == NULL)
		return cfn_refuse(err,
				  "Template error: every Fn::GetAtt object "
				  "requires two non-empty parameters, the "
				  "resource name and the resource attribute");
	return tell(walk, CFN_REF_ATTRIBUTE, name,
		    json_text(attribute, NULL, NULL), err) &&
	       walk_value(walk, attribute, err);
}

static bool walk_function(const struct walk *walk, const char *name,
			  const struct json *value, struct err *err)
{
	const char *text = json_text(value, NULL, NULL);

	if (strcmp(name, "Ref") == 0)
		return text != NULL
			       ? tell(walk, CFN_REF_NAME, text, NULL, err)
			       : cfn_refuse(err, "Template format error: Every "
						 "Ref object must have a "
						 "single String value.");
	if (strcmp(name, "Fn::GetAtt") == 0)
		return walk_attribute(walk, value, err);
	if (strcmp(name, "Fn::Sub") == 0)
		return walk_sub(walk, value, err);
	if (strcmp(name, "Fn::ImportValue") == 0)
		return cfn_absent_refuse(name, err);
	if (strcmp(name, "Fn::If") == 0) {
		text = json_text(json_item(value, 0), NULL, NULL);
		if (json_count(value) != 3 || text == NULL)
			return cfn_refuse(
				err, "Template error: Fn::If requires a list "
				     "argument with the first element being "
				     "a condition");
		return tell(walk, CFN_REF_CONDITION, text, NULL, err) &&
		       walk_value(walk, json_item(value, 1), err) &&
		       walk_value(walk, json_item(value, 2), err);
	}
	if (strcmp(name, "Fn::FindInMap") == 0) {
		text = json_text(json_item(value, 0), NULL, NULL);
		if (json_count(value) != 3)
			return cfn_refuse(
				err,
				"Template error: every Fn::FindInMap object "
				"requires three parameters, the map name, map "
				"key and the attribute for return value");
		if (text != NULL &&
		    !tell(walk, CFN_REF_MAP, text, NULL, err))
			return false;
	}
	return walk_value(walk, value, err);
}

/* {"Condition": "Name"} is a function where its value is text and nothing
 * stands beside it; policies of IAM have members of that name too. */
static bool is_condition(const char *name, const struct json *value)
{
	return strcmp(name, "Condition") == 0 &&
	       json_shape(value) == JSON_SHAPE_TEXT;
}

static bool walk_object(const struct walk *walk, const struct json *object,
			struct err *err)
{
	bool alone = json_count(object) == 1;
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(object, &at, &name, &value)) {
		bool done;

		if (cfn_absent_is(name) && str_starts(name, "Fn::"))
			return cfn_absent_refuse(name, err);
		if (str_starts(name, "Fn::") && !cfn_refs_is_function(name))
			return cfn_refuse(err,
					  "Template format error: Unrecognized "
					  "function %s",
					  name);
		if (alone && is_condition(name, value))
			done = tell(walk, CFN_REF_CONDITION,
				    json_text(value, NULL, ""), NULL, err);
		else if (alone && strcmp(name, "Condition") != 0 &&
			 cfn_refs_is_function(name))
			done = walk_function(walk, name, value, err);
		else
			done = walk_value(walk, value, err);
		if (!done)
			return false;
	}
	return true;
}

static bool walk_value(const struct walk *walk, const struct json *value,
		       struct err *err)
{
	if (json_shape(value) == JSON_SHAPE_OBJECT)
		return walk_object(walk, value, err);
	for (size_t i = 0; i < json_count(value); i++)
		if (!walk_value(walk, json_item(value, i), err))
			return false;
	return true;
}

bool cfn_refs_walk(const struct json *value, cfn_ref_told *told, void *context,
		   struct err *err)
{
	const struct walk walk = { told, context };

	return walk_value(&walk, value, err);
}

/* --- dependencies --- */

struct needs {
	const struct json *resources;
	struct json *names;
};

static void add_need(const struct needs *needs, const char *name)
{
	if (json_key(needs->resources, name) == NULL)
		return;
	for (size_t i = 0; i < json_count(needs->names); i++)
		if (strcmp(json_text(json_item(needs->names, i), NULL, ""),
			   name) == 0)
			return;
	json_push_take(needs->names, json_new_text(name));
}

static bool add_ref(void *context, const struct cfn_ref *ref, struct err *err)
{
	(void)err;
	if (ref->kind == CFN_REF_NAME || ref->kind == CFN_REF_ATTRIBUTE)
		add_need(context, ref->name);
	return true;
}

void cfn_refs_needs(const struct json *resources, const struct json *value,
		    struct json *names)
{
	struct needs needs = { resources, names };
	const struct json *depends = json_key(value, "DependsOn");
	const char *one = json_text(depends, NULL, NULL);

	cfn_refs_walk(value, add_ref, &needs, NULL);
	if (one != NULL)
		add_need(&needs, one);
	for (size_t i = 0; i < json_count(depends); i++)
		add_need(&needs, json_text(json_item(depends, i), NULL, ""));
}

/* --- circles: what is left when all that need nothing are taken away --- */

struct node {
	const char *name;
	struct json *needs;
	bool gone;
};

struct nodes {
	VEC(struct node);
};

static void nodes_done(struct nodes *nodes)
{
	for (size_t i = 0; i < nodes->count; i++)
		json_free(nodes->items[i].needs);
	vec_done(nodes);
}

static bool is_gone(const struct nodes *nodes, const char *name)
{
	for (size_t i = 0; i < nodes->count; i++)
		if (strcmp(nodes->items[i].name, name) == 0)
			return nodes->items[i].gone;
	return true;
}

/* Nobody that is left needs it. */
static bool is_needed(const struct nodes *nodes, const char *name)
{
	for (size_t i = 0; i < nodes->count; i++) {
		const struct json *needs = nodes->items[i].needs;

		for (size_t j = 0;
		     !nodes->items[i].gone && j < json_count(needs); j++)
			if (strcmp(json_text(json_item(needs, j), NULL, ""),
				   name) == 0)
				return true;
	}
	return false;
}

static bool has_needs(const struct nodes *nodes, const struct node *node)
{
	for (size_t i = 0; i < json_count(node->needs); i++)
		if (!is_gone(nodes,
			     json_text(json_item(node->needs, i), NULL, "")))
			return true;
	return false;
}

static void take_free(struct nodes *nodes)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < nodes->count; i++) {
			struct node *node = &nodes->items[i];

			if (node->gone || (has_needs(nodes, node) &&
					   is_needed(nodes, node->name)))
				continue;
			node->gone = true;
			changed = true;
		}
	}
}

bool cfn_refs_circle(const struct json *resources, struct str *out)
{
	CLEANUP(nodes_done) struct nodes nodes = { 0 };
	const struct json *value;
	const char *name;
	size_t at = 0;
	size_t count = 0;

	while (json_next(resources, &at, &name, &value)) {
		struct node node = { name, json_new_array(), false };

		cfn_refs_needs(resources, value, node.needs);
		vec_push(&nodes, node);
	}
	take_free(&nodes);
	for (size_t i = 0; i < nodes.count; i++)
		if (!nodes.items[i].gone)
			str_addf(out, "%s%s", count++ > 0 ? ", " : "",
				 nodes.items[i].name);
	return count > 0;
}
