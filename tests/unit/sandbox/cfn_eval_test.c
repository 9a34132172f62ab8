#include "../check.h"

#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_params.h"
#include "sandbox/stacks/cfn_refs.h"
#include "sandbox/stacks/cfn_template.h"

static const char text[] =
	"Parameters:\n"
	"  Word: {Type: String}\n"
	"  Words: {Type: CommaDelimitedList}\n"
	"Conditions:\n"
	"  IsA: !Equals [!Ref Word, a]\n"
	"Mappings:\n"
	"  M: {a: {b: [x, z]}}\n"
	"Resources:\n"
	"  R: {Type: AWS::S3::Bucket}\n"
	"  S: {Type: AWS::S3::Bucket, DependsOn: R}\n";

/* "<name>" and "<name.attribute>" */
static struct json *resource(void *context, const char *name,
			     const char *attribute, struct err *err)
{
	CLEANUP(str_done) struct str told = STR_EMPTY;

	(void)context;
	if (attribute != NULL && strcmp(attribute, "None") == 0) {
		cfn_refuse(err, "no %s", attribute);
		return NULL;
	}
	str_addf(&told, "<%s%s%s>", name, attribute != NULL ? "." : "",
		 attribute != NULL ? attribute : "");
	return json_new_text(told.text);
}

static const struct {
	const char *yaml;
	const char *json; /* NULL: AWS::NoValue */
} good[] = {
	{ "!Ref Word", "\"a\"" },
	{ "!Ref Words", "[\"b\",\"c d\"]" },
	{ "!Ref R", "\"<R>\"" },
	{ "!Ref AWS::NoValue", NULL },
	{ "!Ref AWS::Partition", "\"aws\"" },
	{ "!GetAtt R.Endpoint.Port", "\"<R.Endpoint.Port>\"" },
	{ "Fn::GetAtt: [R, !Ref Word]", "\"<R.a>\"" },
	{ "!Sub 'a ${Word} ${ R.Arn } ${!x} $ {'",
	  "\"a a <R.Arn> ${x} $ {\"" },
	{ "!Sub ['${V}${Word}', {V: !Join ['', !Ref Words]}]",
	  "\"bc da\"" },
	{ "!Join ['-', [1, true, x]]", "\"1-true-x\"" },
	{ "!Split [',', 'a,,b']", "[\"a\",\"\",\"b\"]" },
	{ "!Select ['1', !Ref Words]", "\"c d\"" },
	{ "!Select [0, !GetAZs '']", "\"us-east-1a\"" },
	{ "!If [IsA, yes, no]", "true" },
	{ "[!If [IsA, !Ref AWS::NoValue, x], y]", "[\"y\"]" },
	{ "{a: !Ref AWS::NoValue, b: 1}", "{\"b\":1}" },
	{ "!FindInMap [M, !Ref Word, b]", "[\"x\",\"z\"]" },
	{ "!Base64 hi", "\"aGk=\"" },
	{ "!Cidr [10.0.0.0/24, 1, 6]", "[\"10.0.0.0/26\"]" },
	{ "{Condition: {Bool: {a: b}}}",
	  "{\"Condition\":{\"Bool\":{\"a\":\"b\"}}}" },
};

static const struct {
	const char *yaml;
	const char *part;
} bad[] = {
	{ "!Select [7, !Ref Words]", "nonexistent value at index 7" },
	{ "!Select [x, !Ref Words]", "nonexistent value at index x" },
	{ "!FindInMap [M, a, c]", "Unable to get mapping for c" },
	{ "!Join ['-', !Ref Word]", "requires a list" },
	{ "!Join ['-', [[1]]]", "must be a string" },
	{ "!Sub '${Words}'", "does not resolve to a string" },
	{ "!GetAtt R.None", "no None" },
	{ "!If [Gone, 1, 2]", "Unresolved condition dependency Gone" },
	{ "!Cidr [10.0.0.0/24, 9, 6]", "Fn::Cidr cannot make 9 blocks" },
};

struct setup {
	struct json *template;
	struct json *params;
	struct cfn_scope scope;
};

static void set_up(struct setup *setup)
{
	struct json *given = json_new_object();
	struct err err = ERR_EMPTY;

	json_put_text(given, "Word", "a");
	json_put_text(given, "Words", "b, c d");
	setup->template = cfn_template_read(text, strlen(text), false, &err);
	assert_non_null(setup->template);
	setup->params = cfn_params_resolve(setup->template, given, NULL, &err);
	assert_non_null(setup->params);
	json_free(given);
	setup->scope = (struct cfn_scope){
		.template = setup->template,
		.params = setup->params,
		.stack_name = "s",
		.stack_id = "arn/s/1",
		.resource = resource,
	};
}

static void tear_down(struct setup *setup)
{
	json_free(setup->template);
	json_free(setup->params);
}

/* What stands behind "V: " of a template. */
static struct json *read_value(const char *yaml)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct json *template;

	str_addf(&whole, "V:\n    %s\n", yaml);
	template = cfn_template_read(whole.text, whole.len, false, &err);
	if (template == NULL)
		fail_msg("%s: %s", yaml, err.message);
	return template;
}

static void functions_are_worked_out(void **state)
{
	struct setup setup;

	(void)state;
	set_up(&setup);
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		CLEANUP(json_freep) struct json *value =
			read_value(good[i].yaml);
		CLEANUP(json_freep) struct json *out = NULL;
		CLEANUP(str_done) struct str told = STR_EMPTY;
		struct err err = ERR_EMPTY;

		if (!cfn_eval(&setup.scope, json_key(value, "V"), &out, &err))
			fail_msg("%s: %s", good[i].yaml, err.message);
		if (out != NULL)
			json_add(&told, out);
		assert_text(out != NULL ? told.text : NULL, good[i].json);
	}
	tear_down(&setup);
}

static void what_cannot_be_is_refused(void **state)
{
	struct setup setup;

	(void)state;
	set_up(&setup);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(json_freep) struct json *value =
			read_value(bad[i].yaml);
		CLEANUP(json_freep) struct json *out = NULL;
		struct err err = ERR_EMPTY;

		assert_false(cfn_eval(&setup.scope, json_key(value, "V"), &out,
				      &err));
		assert_string_equal(err.code, "ValidationError");
		if (strstr(err.message, bad[i].part) == NULL)
			fail_msg("%s: %s", bad[i].yaml, err.message);
	}
	tear_down(&setup);
}

static const struct {
	const char *yaml; /* of Resources */
	const char *circle; /* "": none */
} circles[] = {
	{ "{A: {DependsOn: B}, B: {}}", "" },
	{ "{A: {DependsOn: B}, B: {DependsOn: A}, C: {DependsOn: A}}",
	  "A, B" },
	{ "{A: {Properties: {X: !Sub '${B.Arn}'}}, B: {Properties: {Y: !Ref A}}}",
	  "A, B" },
	{ "{A: {Properties: {X: !Sub ['${B}', {B: x}]}}, B: {DependsOn: A}}",
	  "" },
	{ "{A: {DependsOn: [A]}}", "A" },
};

static void circles_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(circles); i++) {
		CLEANUP(json_freep) struct json *value =
			read_value(circles[i].yaml);
		CLEANUP(str_done) struct str found = STR_EMPTY;

		assert_int_equal(cfn_refs_circle(json_key(value, "V"), &found),
				 circles[i].circle[0] != '\0');
		assert_string_equal(found.text, circles[i].circle);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_worked_out),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(circles_are_found),
	};

	return RUN_TESTS(tests);
}
