#include "sandbox/stacks/cfn_absent.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "sandbox/stacks/cfn_template.h"

#define EXTENSIONS "it needs AWS::LanguageExtensions, a transform: "

static const struct {
	const char *word;
	const char *instead;
} rows[] = {
	{ "Transform",
	  "write out what it makes; of a stack at AWS, aws cloudformation "
	  "get-template --template-stage Processed gives that text" },
	{ "Fn::Transform",
	  "write out what it makes; of a stack at AWS, aws cloudformation "
	  "get-template --template-stage Processed gives that text" },
	{ "Hooks",
	  "leave the section out here; it is of blue/green deployments on ECS, "
	  "which the sandbox has not" },
	{ "Fn::ImportValue",
	  "declare a parameter for it, and give it the output of the other "
	  "stack (aws cloudformation describe-stacks tells that)" },
	{ "Fn::ForEach", EXTENSIONS "write its resources out one by one" },
	{ "Fn::Length", EXTENSIONS "write the number, or a parameter for it" },
	{ "Fn::ToJsonString", EXTENSIONS "write the text of the JSON" },
	{ CFN_ABSENT_DYNAMIC,
	  "declare a parameter with NoEcho for it; for a password "
	  "ManageMasterPassword, ManageAdminPassword or GenerateSecretString "
	  "make one that nobody needs to know" },
	{ "AWS::CloudFormation::Stack",
	  "put its resources into this template, or make a stack of its own "
	  "and hand its outputs over as parameters" },
	{ "AWS::CloudFormation::Macro",
	  "write out what it would make of the template" },
	{ "IMPORT",
	  "let the stack make it anew under another name, or leave it outside "
	  "and name it by a parameter" },
};

static size_t find(const char *word)
{
	size_t i = 0;

	while (i < COUNT_OF(rows) && strcmp(rows[i].word, word) != 0)
		i++;
	return i;
}

bool cfn_absent_is(const char *word)
{
	return find(word) < COUNT_OF(rows);
}

bool cfn_absent_refuse(const char *word, struct err *err)
{
	size_t at = find(word);

	return cfn_refuse(err, "%s is not implemented in the sandbox: %s",
			  strcmp(word, CFN_ABSENT_DYNAMIC) == 0
				  ? CFN_ABSENT_DYNAMIC "...}}"
				  : word,
			  at < COUNT_OF(rows) ? rows[at].instead
					      : "leave it out here");
}
