/* What a template must be like before any value is known. */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_absent.h"
#include "sandbox/stacks/cfn_params.h"
#include "sandbox/stacks/cfn_refs.h"
#include "sandbox/stacks/cfn_schema.h"
#include "sandbox/stacks/cfn_template.h"

enum {
	RESOURCES_MAX = 500,
	NAMED_MAX = 200, /* parameters, outputs, mappings */
	DESCRIPTION_MAX = 1024,
	NAME_MAX_BYTES = 255,
};

static bool among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_alphanumeric(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]))
			return false;
	return len > 0 && len <= NAME_MAX_BYTES;
}

/* --- sections --- */

static const struct section {
	const char *name;
	const char *one; /* of its members; NULL: they are not looked at */
	size_t most;
} sections[] = {
	{ "AWSTemplateFormatVersion", NULL, 0 },
	{ "Conditions", "Condition", NAMED_MAX * 5 },
	{ "Description", NULL, 0 },
	{ "Hooks", NULL, 0 },
	{ "Mappings", "Mapping", NAMED_MAX },
	{ "Metadata", NULL, 0 },
	{ "Outputs", "Output", NAMED_MAX },
	{ "Parameters", "Parameter", NAMED_MAX },
	{ "Resources", "Resource", RESOURCES_MAX },
	{ "Rules", "Rule", NAMED_MAX },
	{ "Transform", NULL, 0 },
};

static bool check_members(const struct section *section,
			  const struct json *value, struct err *err)
{
	const struct json *member;
	const char *name;
	size_t at = 0;

	if (json_shape(value) != JSON_SHAPE_OBJECT)
		return cfn_refuse(err,
				  "Template format error: [/%s] '%s' must be "
				  "an object",
				  section->name, section->name);
	if (json_count(value) > section->most)
		return cfn_refuse(err,
				  "Template format error: Number of %s, %zu, "
				  "is greater than maximum allowed, %zu",
				  section->name, json_count(value),
				  section->most);
	while (json_next(value, &at, &name, &member)) {
		if (str_starts(name, "Fn::ForEach::"))
			return cfn_absent_refuse("Fn::ForEach", err);
		if (!is_alphanumeric(name))
			return cfn_refuse(err,
					  "Template format error: %s name %s "
					  "is non alphanumeric.",
					  section->one, name);
		if (json_shape(member) != JSON_SHAPE_OBJECT)
			return cfn_refuse(err,
					  "Template format error: [/%s/%s] "
					  "Every %s member must be an object.",
					  section->name, name, section->name);
	}
	return true;
}

static bool check_sections(const struct json *template, struct err *err)
{
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(template, &at, &name, &value)) {
		const struct section *found = NULL;

		for (size_t i = 0; i < COUNT_OF(sections); i++)
			if (strcmp(sections[i].name, name) == 0)
				found = &sections[i];
		if (found == NULL)
			return cfn_refuse(err,
					  "Invalid template property or "
					  "properties [%s]",
					  name);
		if (found->one != NULL && !check_members(found, value, err))
			return false;
	}
	return true;
}

static bool check_dynamic(const struct json *template, struct err *err)
{
	static const char *const parts[] = { "Resources", "Outputs" };

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		const struct json *part = json_key(template, parts[i]);

		if (part != NULL)
			json_add(&text, part);
		if (strstr(text.text, CFN_ABSENT_DYNAMIC) != NULL)
			return cfn_absent_refuse(CFN_ABSENT_DYNAMIC, err);
	}
	return true;
}

static bool check_head(const struct json *template, struct err *err)
{
	static const char *const absent[] = { "Hooks", "Transform" };
	const char *version =
		json_text(template, "AWSTemplateFormatVersion", "2010-09-09");
	const struct json *description = json_key(template, "Description");

	if (strcmp(version, "2010-09-09") != 0)
		return cfn_refuse(err, "Template format error: unsupported "
				       "value for AWSTemplateFormatVersion.");
	if (description != NULL &&
	    json_shape(description) != JSON_SHAPE_TEXT)
		return cfn_refuse(err, "Template format error: Description "
				       "must be a string.");
	if (strlen(json_text(description, NULL, "")) > DESCRIPTION_MAX)
		return cfn_refuse(err,
				  "Template format error: 'Description' length "
				  "is greater than %d.",
				  DESCRIPTION_MAX);
	for (size_t i = 0; i < COUNT_OF(absent); i++)
		if (json_key(template, absent[i]) != NULL)
			return cfn_absent_refuse(absent[i], err);
	if (!check_dynamic(template, err))
		return false;
	if (json_count(json_key(template, "Resources")) == 0)
		return cfn_refuse(err, "Template format error: At least one "
				       "Resources member must be defined.");
	return true;
}

/* --- resources --- */

static bool check_policy(const char *name, const struct json *resource,
			 const char *attribute, bool on_create,
			 struct err *err)
{
	const struct json *value = json_key(resource, attribute);
	const char *text = json_text(value, NULL, "");

	if (value == NULL || strcmp(text, "Delete") == 0 ||
	    strcmp(text, "Retain") == 0 || strcmp(text, "Snapshot") == 0 ||
	    (on_create && strcmp(text, "RetainExceptOnCreate") == 0))
		return true;
	return cfn_refuse(err,
			  "Template error: resource %s: Unrecognized %s %s",
			  name, attribute, text);
}

static bool check_resource(const char *name, const struct json *resource,
			   struct err *err)
{
	static const char *const attributes[] = {
		"Condition",   "CreationPolicy", "DeletionPolicy",
		"DependsOn",   "Description",	 "Metadata",
		"Properties",  "Type",		 "UpdatePolicy",
		"UpdateReplacePolicy",
	};
	const struct json *value;
	const char *attribute;
	size_t at = 0;

	while (json_next(resource, &at, &attribute, &value))
		if (!among(attributes, COUNT_OF(attributes), attribute))
			return cfn_refuse(err,
					  "Invalid template resource property "
					  "'%s'",
					  attribute);
	if (json_text(resource, "Type", NULL) == NULL)
		return cfn_refuse(err,
				  "Template format error: [/Resources/%s] "
				  "Every Resources object must contain a Type "
				  "member.",
				  name);
	value = json_key(resource, "Properties");
	if (value != NULL && json_shape(value) != JSON_SHAPE_OBJECT)
		return cfn_refuse(err,
				  "Template format error: [/Resources/%s/"
				  "Properties] 'null' values are not allowed in "
				  "templates",
				  name);
	return check_policy(name, resource, "DeletionPolicy", true, err) &&
	       check_policy(name, resource, "UpdateReplacePolicy", false, err);
}

static bool check_types(const struct cfn_schema *schema,
			const struct json *resources, struct err *err)
{
	CLEANUP(str_done) struct str unknown = STR_EMPTY;
	const struct json *resource;
	const char *name;
	size_t at = 0;

	while (json_next(resources, &at, &name, &resource)) {
		const char *type = json_text(resource, "Type", "");

		if (cfn_absent_is(type))
			return cfn_absent_refuse(type, err);
		if (!check_resource(name, resource, err))
			return false;
		if (!cfn_schema_has(schema, type))
			str_addf(&unknown, "%s%s", unknown.len > 0 ? ", " : "",
				 type);
	}
	return unknown.len == 0 ||
	       cfn_refuse(
		       err,
		       "Template format error: Unrecognized resource types: "
		       "[%s]%s",
		       unknown.text,
		       str_starts(unknown.text, "AWS::")
			       ? " (AWS may know them; the sandbox has those "
				 "of share/sandbox/cfn_resources.tsv only: "
				 "leave the others out here by a Condition)"
			       : "");
}

static bool check_no_null(const struct json *value, const char *path,
			  struct err *err)
{
	const struct json *member;
	const char *name;
	size_t at = 0;

	if (json_shape(value) == JSON_SHAPE_NULL)
		return cfn_refuse(err,
				  "Template format error: [%s] 'null' values "
				  "are not allowed in templates",
				  path);
	for (size_t i = 0; json_shape(value) == JSON_SHAPE_ARRAY &&
			   i < json_count(value);
	     i++) {
		CLEANUP(str_done) struct str below = STR_EMPTY;

		str_addf(&below, "%s/%zu", path, i);
		if (!check_no_null(json_item(value, i), below.text, err))
			return false;
	}
	while (json_next(value, &at, &name, &member)) {
		CLEANUP(str_done) struct str below = STR_EMPTY;

		str_addf(&below, "%s/%s", path, name);
		if (!check_no_null(member, below.text, err))
			return false;
	}
	return true;
}

/* --- references --- */

struct refs {
	const struct cfn_schema *schema;
	const struct json *template;
	struct str missing;
};

static void add_missing(struct refs *refs, const char *name)
{
	str_addf(&refs->missing, "%s%s", refs->missing.len > 0 ? ", " : "",
		 name);
}

static bool check_attribute(const struct refs *refs, const struct cfn_ref *ref,
			    struct err *err)
{
	const struct json *resource =
		cfn_template_part(refs->template, "Resources", ref->name);

	if (resource == NULL)
		return cfn_refuse(err,
				  "Template error: instance of Fn::GetAtt "
				  "references undefined resource %s",
				  ref->name);
	if (ref->attribute == NULL ||
	    cfn_schema_has_attribute(refs->schema,
				     json_text(resource, "Type", ""),
				     ref->attribute))
		return true;
	return cfn_refuse(err,
			  "Template error: resource %s does not support "
			  "attribute type %s in Fn::GetAtt",
			  ref->name, ref->attribute);
}

static bool check_ref(void *context, const struct cfn_ref *ref,
		      struct err *err)
{
	struct refs *refs = context;

	switch (ref->kind) {
	case CFN_REF_NAME:
		if (!cfn_template_is_pseudo(ref->name) &&
		    !cfn_template_part(refs->template, "Resources",
				       ref->name) &&
		    !cfn_template_part(refs->template, "Parameters",
				       ref->name))
			add_missing(refs, ref->name);
		return true;
	case CFN_REF_ATTRIBUTE:
		return check_attribute(refs, ref, err);
	case CFN_REF_MAP:
		return cfn_template_part(refs->template, "Mappings",
					 ref->name) ||
		       cfn_refuse(err,
				  "Template error: Mapping named '%s' is not "
				  "present in the 'Mappings' section of "
				  "template.",
				  ref->name);
	case CFN_REF_CONDITION:
		return cfn_template_part(refs->template, "Conditions",
					 ref->name) ||
		       cfn_refuse(err,
				  "Template format error: Unresolved condition "
				  "dependency %s in the Resources block of the "
				  "template",
				  ref->name);
	}
	return true;
}

static bool check_depends(struct refs *refs, const struct json *resource,
			  struct err *err)
{
	const struct json *depends = json_key(resource, "DependsOn");
	const char *one = json_text(depends, NULL, NULL);
	const char *condition = json_text(resource, "Condition", NULL);

	if (one != NULL && !cfn_template_part(refs->template, "Resources", one))
		add_missing(refs, one);
	for (size_t i = 0; i < json_count(depends); i++) {
		one = json_text(json_item(depends, i), NULL, "");
		if (!cfn_template_part(refs->template, "Resources", one))
			add_missing(refs, one);
	}
	if (condition == NULL)
		return true;
	return check_ref(refs,
			 &(struct cfn_ref){ CFN_REF_CONDITION, condition,
					    NULL },
			 err);
}

static bool tell_missing(const struct refs *refs, const char *block,
			 struct err *err)
{
	return refs->missing.len == 0 ||
	       cfn_refuse(err,
			  "Template format error: Unresolved resource "
			  "dependencies [%s] in the %s block of the template",
			  refs->missing.text, block);
}

static void refs_done(struct refs *refs)
{
	str_done(&refs->missing);
}

static bool check_references(const struct cfn_schema *schema,
			     const struct json *template, struct err *err)
{
	CLEANUP(refs_done)
	struct refs refs = { schema, template, STR_EMPTY };
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(json_key(template, "Resources"), &at, &name,
			 &value))
		if (!cfn_refs_walk(json_key(value, "Properties"), check_ref,
				   &refs, err) ||
		    !check_depends(&refs, value, err))
			return false;
	if (!tell_missing(&refs, "Resources", err))
		return false;
	at = 0;
	while (json_next(json_key(template, "Outputs"), &at, &name, &value)) {
		if (json_key(value, "Value") == NULL)
			return cfn_refuse(err,
					  "Template format error: [/Outputs/%s]"
					  " Every Outputs member must contain "
					  "a Value object",
					  name);
		if (!cfn_refs_walk(json_key(value, "Value"), check_ref, &refs,
				   err) ||
		    !check_depends(&refs, value, err))
			return false;
	}
	return tell_missing(&refs, "Outputs", err);
}

/* --- conditions --- */

static bool check_condition_ref(void *context, const struct cfn_ref *ref,
				struct err *err)
{
	const struct json *template = context;

	if (ref->kind == CFN_REF_ATTRIBUTE ||
	    (ref->kind == CFN_REF_NAME &&
	     cfn_template_part(template, "Resources", ref->name) != NULL))
		return cfn_refuse(err, "Template format error: Unresolved "
				       "dependencies [%s]. Cannot reference "
				       "resources in the Conditions block of "
				       "the template",
				  ref->name);
	if (ref->kind == CFN_REF_NAME && !cfn_template_is_pseudo(ref->name) &&
	    cfn_template_part(template, "Parameters", ref->name) == NULL)
		return cfn_refuse(err,
				  "Template format error: Unresolved "
				  "dependencies [%s]. Cannot reference "
				  "resources in the Conditions block of the "
				  "template",
				  ref->name);
	if (ref->kind == CFN_REF_CONDITION &&
	    cfn_template_part(template, "Conditions", ref->name) == NULL)
		return cfn_refuse(err,
				  "Template format error: Unresolved condition "
				  "dependency %s in the Conditions block of "
				  "the template",
				  ref->name);
	return true;
}

static bool is_boolean(const struct json *value)
{
	static const char *const operations[] = { "Condition", "Fn::And",
						  "Fn::Equals", "Fn::Not",
						  "Fn::Or" };
	const struct json *ignored;
	const char *name;
	size_t at = 0;

	return json_count(value) == 1 &&
	       json_next(value, &at, &name, &ignored) &&
	       among(operations, COUNT_OF(operations), name);
}

enum { STEPS_MAX = 5000, DEPTH_MAX = 100 };

struct steps {
	const struct json *template;
	int *left;
	int depth;
};

/* Conditions that lead on for ever are a circle. */
static bool follow(void *context, const struct cfn_ref *ref, struct err *err)
{
	struct steps *steps = context;
	struct steps below = { steps->template, steps->left,
			       steps->depth + 1 };

	if (ref->kind != CFN_REF_CONDITION)
		return true;
	if (--*steps->left < 0 || steps->depth > DEPTH_MAX)
		return cfn_refuse(err,
				  "Template format error: Circular dependency "
				  "between conditions: [%s]",
				  ref->name);
	return cfn_refs_walk(cfn_template_part(steps->template, "Conditions",
					       ref->name),
			     follow, &below, err);
}

static bool check_conditions(const struct json *template, struct err *err)
{
	const struct json *conditions = json_key(template, "Conditions");
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(conditions, &at, &name, &value)) {
		int left = STEPS_MAX;
		struct steps steps = { template, &left, 0 };

		if (!is_boolean(value))
			return cfn_refuse(
				err, "Template format error: Conditions can "
				     "only be boolean operations on parameters "
				     "and other conditions");
		if (!cfn_refs_walk(value, check_condition_ref,
				   (void *)template, err) ||
		    !cfn_refs_walk(value, follow, &steps, err))
			return false;
	}
	return true;
}

static bool check_mappings(const struct json *template, struct err *err)
{
	const struct json *map;
	const char *name;
	size_t at = 0;

	while (json_next(json_key(template, "Mappings"), &at, &name, &map)) {
		const struct json *key;
		const char *key_name;
		size_t below = 0;

		while (json_next(map, &below, &key_name, &key))
			if (json_shape(key) != JSON_SHAPE_OBJECT)
				return cfn_refuse(
					err,
					"Template format error: Every "
					"Mappings member %s must be a map",
					name);
	}
	return true;
}

bool cfn_template_check(const struct cfn_schema *schema,
			const struct json *template, struct err *err)
{
	CLEANUP(str_done) struct str circle = STR_EMPTY;
	const struct json *resources = json_key(template, "Resources");

	if (!check_sections(template, err) || !check_head(template, err) ||
	    !check_no_null(resources, "/Resources", err) ||
	    !cfn_params_check(template, err) ||
	    !check_mappings(template, err) ||
	    !check_conditions(template, err) ||
	    !check_types(schema, resources, err) ||
	    !check_references(schema, template, err))
		return false;
	if (cfn_refs_circle(resources, &circle))
		return cfn_refuse(err,
				  "Circular dependency between resources: [%s]",
				  circle.text);
	return true;
}
