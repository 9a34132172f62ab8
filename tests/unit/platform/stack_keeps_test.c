#include "../check.h"

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "platform/stack_keeps.h"

static const char template[] =
	"Parameters:\n"
	"  Bucket:\n"
	"    Type: String\n"
	"Resources:\n"
	"  # DeletionPolicy: Retain\n"
	"  Network:\n"
	"    Type: AWS::EC2::VPC\n"
	"  Data:\n"
	"    Type: AWS::S3::Bucket\n"
	"\n"
	"    # it stays\n"
	"    DeletionPolicy: Retain\n"
	"  DataPolicy:\n"
	"    DeletionPolicy: 'RetainExceptOnCreate'\n"
	"  Cluster:\n"
	"    Properties:\n"
	"      NodeType: x\n"
	"    DeletionPolicy: Snapshot\n"
	"  Namespace:\n"
	"    Properties:\n"
	"      FinalSnapshotName: last\n"
	"  Last:\n"
	"    DeletionPolicy: Delete\n"
	"Outputs:\n"
	"  Network:\n"
	"    DeletionPolicy: Retain\n";

static void the_template_tells_what_stays(void **state)
{
	(void)state;
	assert_int_equal(stack_keeps_find(template, "Data"), STACK_KEEPS_IT);
	assert_int_equal(stack_keeps_find(template, "DataPolicy"),
			 STACK_KEEPS_IT);
	assert_int_equal(stack_keeps_find(template, "Cluster"),
			 STACK_KEEPS_SNAPSHOT);
	assert_int_equal(stack_keeps_find(template, "Namespace"),
			 STACK_KEEPS_SNAPSHOT);
	assert_int_equal(stack_keeps_find(template, "Last"),
			 STACK_KEEPS_NOTHING);
	assert_int_equal(stack_keeps_find(template, "Bucket"),
			 STACK_KEEPS_UNKNOWN);
	assert_int_equal(stack_keeps_find(template, "Nothing"),
			 STACK_KEEPS_UNKNOWN);
	assert_int_equal(stack_keeps_find("", "Data"), STACK_KEEPS_UNKNOWN);
}

/* Each is the resource "A", as somebody may write it. */
static void other_ways_of_writing_are_read_or_told(void **state)
{
	static const struct {
		const char *text;
		enum stack_keeps keeps;
	} rows[] = {
		{ "Resources:\n  A: {Type: x, DeletionPolicy: Retain}\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources: {A: {DeletionPolicy: Retain}}\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    {DeletionPolicy: Retain}\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A: &a\n    DeletionPolicy: Delete\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    <<: *base\n", STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    \"DeletionPolicy\": Retain\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  \"A\":\n    DeletionPolicy: Retain\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    DeletionPolicy: !Ref P\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    DeletionPolicy:\n      Ref: P\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    Properties: {FinalSnapshotName: x}\n",
		  STACK_KEEPS_UNKNOWN },
		{ "Resources:\n  A:\n    Properties:\n"
		  "      FinalSnapshotName: !If [B, x, y]\n",
		  STACK_KEEPS_UNKNOWN },
		/* four blanks, ends of lines as of Windows, a comment */
		{ "Resources:\r\n    A: # mine\r\n        Type: x\r\n"
		  "        DeletionPolicy: \"Retain\" # it stays\r\n",
		  STACK_KEEPS_IT },
		/* a word of a property is none of the resource */
		{ "Resources:\n  A:\n    Properties:\n"
		  "      DeletionPolicy: Retain\n    Type: x\n",
		  STACK_KEEPS_NOTHING },
		{ "Resources:\n  A:\n    Type: x\n", STACK_KEEPS_NOTHING },
		{ "{\"Resources\": {\"A\": {}}}", STACK_KEEPS_NOTHING },
		{ "{\"Resources\": {\"B\": {}}}", STACK_KEEPS_UNKNOWN },
		{ "{\"Resources\": {\"A\": ", STACK_KEEPS_UNKNOWN },
		{ "{Resources: {A: {DeletionPolicy: Retain}}}",
		  STACK_KEEPS_UNKNOWN },
		{ " {\"Resources\": {\"A\": {\"DeletionPolicy\": "
		  "\"Snapshot\"}}}",
		  STACK_KEEPS_SNAPSHOT },
		{ "{\"Resources\": {\"A\": {\"DeletionPolicy\": {\"Ref\": "
		  "\"P\"}}}}",
		  STACK_KEEPS_UNKNOWN },
		{ "{\"Resources\": {\"A\": {\"Properties\": "
		  "{\"FinalSnapshotName\": {\"Ref\": \"P\"}}}}}",
		  STACK_KEEPS_SNAPSHOT },
		{ "{\"Resources\": {\"A\": {\"Properties\": "
		  "{\"FinalSnapshotName\": {\"Fn::If\": []}}}}}",
		  STACK_KEEPS_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("%s\n", rows[i].text);
		assert_int_equal(stack_keeps_find(rows[i].text, "A"),
				 rows[i].keeps);
	}
}

static void the_templates_that_come_with_us_keep_the_bucket(void **state)
{
	static const struct {
		const char *file;
		const char *warehouse;
	} rows[] = {
		{ "platform/cluster.yaml", "Cluster" },
		{ "platform/serverless.yaml", "Namespace" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(str_done) struct str path = STR_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		assert_true(path_share(rows[i].file, &path, NULL));
		assert_true(file_read(path.text, 1 << 20, &text, NULL));
		assert_int_equal(stack_keeps_find(text.text, "DataBucket"),
				 STACK_KEEPS_IT);
		assert_int_equal(stack_keeps_find(text.text, rows[i].warehouse),
				 STACK_KEEPS_SNAPSHOT);
		assert_int_equal(stack_keeps_find(text.text, "Network"),
				 STACK_KEEPS_NOTHING);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_template_tells_what_stays),
		cmocka_unit_test(other_ways_of_writing_are_read_or_told),
		cmocka_unit_test(
			the_templates_that_come_with_us_keep_the_bucket),
	};

	return RUN_TESTS(tests);
}
