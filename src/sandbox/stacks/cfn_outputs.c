#include "sandbox/stacks/cfn_outputs.h"

#include <string.h>

#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_template.h"

static bool put_text(const struct cfn_scope *scope, const struct json *value,
		     struct json *out, const char *key, struct err *err)
{
	CLEANUP(json_freep) struct json *done = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	enum json_shape shape;

	if (!cfn_eval(scope, value, &done, err))
		return false;
	shape = json_shape(done);
	if (shape == JSON_SHAPE_TEXT)
		str_add(&text, json_text(done, NULL, ""));
	else if (shape == JSON_SHAPE_NUMBER || shape == JSON_SHAPE_BOOL)
		json_add(&text, done);
	else
		return cfn_refuse(err,
				  "Template format error: The Value field of "
				  "every Outputs member must evaluate to a "
				  "String.");
	json_put_text(out, key, text.text);
	return true;
}

static bool eval_one(const struct cfn_scope *scope, const char *name,
		     const struct json *output, struct json *list,
		     struct err *err)
{
	const struct json *export = json_at(output, "Export.Name");
	CLEANUP(json_freep) struct json *one = json_new_object();
	bool wanted;

	if (!cfn_eval_condition(scope, json_text(output, "Condition", NULL),
				&wanted, err))
		return false;
	if (!wanted)
		return true;
	json_put_text(one, "OutputKey", name);
	if (!put_text(scope, json_key(output, "Value"), one, "OutputValue",
		      err) ||
	    (export != NULL &&
	     !put_text(scope, export, one, "ExportName", err)))
		return false;
	if (json_text(output, "Description", NULL) != NULL)
		json_put_text(one, "Description",
			      json_text(output, "Description", ""));
	json_push_take(list, one);
	one = NULL;
	return true;
}

struct json *cfn_outputs_eval(const struct cfn_scope *scope, struct err *err)
{
	CLEANUP(json_freep) struct json *list = json_new_array();
	const struct json *output;
	struct json *done;
	const char *name;
	size_t at = 0;

	while (json_next(json_key(scope->template, "Outputs"), &at, &name,
			 &output))
		if (!eval_one(scope, name, output, list, err))
			return NULL;
	done = list;
	list = NULL;
	return done;
}
