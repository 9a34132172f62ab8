/* Requests to the sandbox's QuickSight: any JSON is taken or refused with
 * words, and what is taken can be walked and looked at from within. */
#include "fuzz.h"

#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_check.h"
#include "sandbox/quicksight/qs_shape.h"

#define SETS                                                                   \
	"\"DataSetIdentifierDeclarations\":[{\"Identifier\":\"ds\","           \
	"\"DataSetArn\":\"arn:aws:quicksight:us-east-1:123456789012:"          \
	"dataset/q\"}]"
#define HEAD                                                                   \
	"{\"AwsAccountId\":\"123456789012\",\"DashboardId\":\"d\","            \
	"\"Name\":\"n\",\"Definition\":{" SETS ",\"Sheets\":[{"                \
	"\"SheetId\":\"s\",\"Visuals\":["
#define FIELD                                                                  \
	"{\"FieldId\":\"f\",\"Column\":{\"DataSetIdentifier\":\"ds\","         \
	"\"ColumnName\":\"c\"}}"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT(HEAD
		  "{\"TableVisual\":{\"VisualId\":\"v\",\"ChartConfiguration\":"
		  "{\"FieldWells\":{\"TableUnaggregatedFieldWells\":{"
		  "\"Values\":[" FIELD "]}}}}}]}]}}"),
	FUZZ_TEXT(HEAD
		  "{\"BarChartVisual\":{\"VisualId\":\"b\","
		  "\"ChartConfiguration\":{\"FieldWells\":{"
		  "\"BarChartAggregatedFieldWells\":{\"Values\":[{"
		  "\"NumericalMeasureField\":" FIELD "}]}}}}}],"
		  "\"Layouts\":[{\"Configuration\":{\"GridLayout\":{"
		  "\"Elements\":[{\"ElementId\":\"b\",\"ElementType\":"
		  "\"VISUAL\",\"ColumnIndex\":30,\"ColumnSpan\":6,"
		  "\"RowIndex\":0,\"RowSpan\":12}]}}}]}],\"FilterGroups\":[{"
		  "\"FilterGroupId\":\"g\",\"CrossDataset\":\"ALL_DATASETS\","
		  "\"Filters\":[{\"NumericRangeFilter\":{\"FilterId\":\"x\","
		  "\"NullOption\":\"ALL_VALUES\",\"RangeMinimum\":{"
		  "\"StaticValue\":1.5}}}],\"ScopeConfiguration\":{"
		  "\"AllSheets\":{}}}]}}"),
	FUZZ_TEXT(HEAD "]}]}}"),
	FUZZ_TEXT("{}"),
	FUZZ_TEXT("[]"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"{", "}", "[", "]", ",", "null", "1e999", "-1", "37", "\"VISUAL\"",
	"\"Sheets\":", "\"VisualId\":", "\"FieldId\":\"f\"", "\"Layouts\":[",
	"\"SheetId\":\"s\"", "\"FilterGroups\":[{", "\"Column\":", "true",
	"\"KPIVisual\":{", "\"\\u0000\"", "\"Title\":{\"FormatText\":{",
	NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 20000,
};

static const struct qs_shapes *shapes(void)
{
	static struct qs_shapes *read;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (read == NULL && path_share("sandbox/quicksight.tsv", &path, NULL))
		read = qs_shapes_read(path.text, NULL);
	FUZZ_CHECK(read != NULL);
	return read;
}

static void count_visit(void *context, const char *shape, const char *path,
			const struct json *value)
{
	size_t *count = context;

	FUZZ_CHECK(shape != NULL && path != NULL && value != NULL);
	(*count)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct qs_route *route = qs_shapes_op(shapes(), "CreateDashboard");
	CLEANUP(json_freep)
	struct json *json = json_parse((const char *)data, size, NULL);
	struct qs qs = { .shapes = (struct qs_shapes *)shapes() };
	CLEANUP(json_freep) struct json *typed = NULL;
	struct err err = ERR_EMPTY;
	size_t count = 0;

	if (json == NULL)
		return 0;
	qs_shapes_walk(route->takes, json, count_visit, &count);
	typed = qs_shapes_typed(route->takes, json);
	FUZZ_CHECK(json_shape(typed) == json_shape(json));
	if (!qs_shapes_check(route->takes, json, &err)) {
		FUZZ_CHECK(err.kind == ERR_AWS && err.code[0] != '\0' &&
			   err.message[0] != '\0');
		return 0;
	}
	FUZZ_CHECK(count > 0);
	if (!qs_check_inside(&qs, json_key(json, "Definition"), &err))
		FUZZ_CHECK(strcmp(err.code,
				  "InvalidParameterValueException") == 0);
	return 0;
}
