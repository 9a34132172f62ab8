/* Templates of CloudFormation: read or refused with a place; what passes the
 * check has its capabilities told, its parameters resolved, and its resources
 * and outputs worked out or refused. */
#include "fuzz.h"

#include <string.h>

#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_outputs.h"
#include "sandbox/stacks/cfn_params.h"
#include "sandbox/stacks/cfn_schema.h"
#include "sandbox/stacks/cfn_template.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("Parameters:\n  P: {Type: String, Default: a, "
		  "AllowedPattern: '[a-z]+'}\nConditions:\n"
		  "  C: !Equals [!Ref P, a]\nResources:\n"
		  "  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: "
		  "10.0.0.0/16}}\n  S:\n    Type: AWS::EC2::Subnet\n"
		  "    Condition: C\n    Properties:\n      VpcId: !Ref V\n"
		  "      CidrBlock: !Select [0, !Cidr [10.0.0.0/16, 2, 8]]\n"
		  "Outputs:\n  O: {Value: !Sub '${P} ${!x} ${V.VpcId}'}\n"),
	FUZZ_TEXT("{\"Resources\":{\"B\":{\"Type\":\"AWS::S3::Bucket\","
		  "\"Properties\":{\"Tags\":[{\"Key\":\"a\",\"Value\":"
		  "{\"Fn::Join\":[\"-\",[\"x\",{\"Ref\":\"AWS::Region\"}]]}}]"
		  "}}},\"Outputs\":{\"A\":{\"Value\":{\"Fn::GetAtt\":[\"B\","
		  "\"Arn\"]}}}}"),
	FUZZ_TEXT("Mappings: {M: {a: {b: c}}}\nRules:\n  R:\n"
		  "    Assertions: [{Assert: !Contains [[a], a]}]\n"
		  "Resources:\n  B: {Type: AWS::S3::Bucket, Properties: "
		  "{BucketName: !FindInMap [M, a, b]}}\n"),
	FUZZ_TEXT("Resources:\n  A: {Type: AWS::S3::Bucket, DependsOn: B}\n"
		  "  B: {Type: AWS::S3::Bucket, DependsOn: A}\n"),
	FUZZ_TEXT("[[[[[[[[[[[["),
	FUZZ_TEXT("a: &b [*b]\n"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"!Ref ", "!Sub ", "!GetAtt ", "!If ", "!Select ", "!Join ", "!Split ",
	"!Cidr ", "!GetAZs ", "!FindInMap ", "!Base64 ", "!Not ", "!And ",
	"!Or ", "!Condition ", "Fn::If", "Condition", "DependsOn", "Type",
	"Properties", "Outputs", "Resources", "Parameters", "AWS::NoValue",
	"${", "}", "[", "]", "{", "~", ": ", "- ", "\n  ", "|", ">-", "&a",
	"*a", "!!binary", "\t", "'", "\"", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 15000,
};

static struct json *resource(void *context, const char *name,
			     const char *attribute, struct err *err)
{
	(void)context;
	(void)attribute;
	(void)err;
	return json_new_text(name);
}

/* Where every parameter has a value. */
static void work_out(const struct json *template, const struct json *params)
{
	const struct cfn_scope scope = {
		.template = template,
		.params = params,
		.stack_name = "s",
		.stack_id = "arn:aws:cloudformation:us-east-1:1:stack/s/1",
		.resource = resource,
	};
	CLEANUP(json_freep) struct json *out = NULL;
	CLEANUP(json_freep) struct json *outputs = NULL;
	struct err err = ERR_EMPTY;

	FUZZ_CHECK(cfn_params_rules(&scope, &err) || err.message[0] != '\0');
	err = (struct err)ERR_EMPTY;
	FUZZ_CHECK(cfn_eval(&scope, json_key(template, "Resources"), &out,
			    &err) ||
		   err.message[0] != '\0');
	err = (struct err)ERR_EMPTY;
	outputs = cfn_outputs_eval(&scope, &err);
	FUZZ_CHECK(outputs != NULL || err.message[0] != '\0');
}

static void check(const struct cfn_schema *schema, const struct json *template)
{
	CLEANUP(json_freep) struct json *given = json_new_object();
	CLEANUP(json_freep) struct json *params = NULL;
	CLEANUP(str_done) struct str capability = STR_EMPTY;
	CLEANUP(str_done) struct str reason = STR_EMPTY;
	const struct json *value;
	const char *name;
	size_t at = 0;
	struct err err = ERR_EMPTY;

	if (!cfn_template_check(schema, template, &err)) {
		FUZZ_CHECK(err.kind == ERR_AWS && err.message[0] != '\0');
		return;
	}
	cfn_template_capability(template, &capability, &reason);
	FUZZ_CHECK((capability.len > 0) == (reason.len > 0));
	while (json_next(json_key(template, "Resources"), &at, &name,
			 &value)) {
		CLEANUP(str_done) struct str faults = STR_EMPTY;
		bool good = cfn_schema_check(
			schema, json_text(value, "Type", ""),
			json_key(value, "Properties"), false, &faults);

		FUZZ_CHECK(good == (faults.len == 0));
	}
	params = cfn_params_resolve(template, given, NULL, &err);
	FUZZ_CHECK(params != NULL || err.message[0] != '\0');
	if (params != NULL)
		work_out(template, params);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cfn_schema *schema;
	struct err err = ERR_EMPTY;
	CLEANUP(json_freep) struct json *template = NULL;

	if (schema == NULL)
		schema = cfn_schema_open(&err);
	FUZZ_CHECK(schema != NULL);
	template = cfn_template_read((const char *)data, size, false, &err);
	if (template != NULL)
		check(schema, template);
	else
		FUZZ_CHECK(err.kind == ERR_AWS && err.message[0] != '\0');
	return 0;
}
