#include "../check.h"

#include "aws/call.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"

static void set(struct s3_options *options, enum s3_option option,
		const char *value)
{
	assert_true(s3_options_set(options, option, value, NULL));
}

static const char *sent(const struct s3_options *options, enum operation_id id,
			const char *header)
{
	static struct str value = STR_EMPTY;
	CLEANUP(call_freep) struct call *call = call_new(id);
	struct s3_uri uri = S3_URI_EMPTY;
	const char *found;

	uri.options = options;
	call_set_uri(call, &uri);
	found = http_headers_get(&call->headers, header);
	s3_uri_done(&uri);
	if (found == NULL)
		return NULL;
	str_set(&value, found);
	return value.text;
}

static void each_operation_gets_what_it_takes(void **state)
{
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;

	(void)state;
	set(&options, S3_OPTION_STORAGE_CLASS, "GLACIER_IR");
	set(&options, S3_OPTION_NO_CLOBBER, "");
	set(&options, S3_OPTION_REQUESTER_PAYS, "");
	set(&options, S3_OPTION_METADATA, "team=anna=b");
	assert_true(s3_options_check(&options, NULL));
	assert_text(sent(&options, OPERATION_PUT_OBJECT, "x-amz-storage-class"),
		    "GLACIER_IR");
	assert_text(sent(&options, OPERATION_CREATE_UPLOAD, "x-amz-meta-team"),
		    "anna=b");
	assert_null(sent(&options, OPERATION_UPLOAD_PART,
			 "x-amz-storage-class"));
	assert_null(sent(&options, OPERATION_CREATE_UPLOAD, "if-none-match"));
	assert_text(sent(&options, OPERATION_COMPLETE_UPLOAD, "if-none-match"),
		    "*");
	assert_text(sent(&options, OPERATION_UPLOAD_PART,
			 "x-amz-request-payer"),
		    "requester");
	assert_null(sent(&options, OPERATION_GET_OBJECT, "if-none-match"));
	assert_null(sent(&options, OPERATION_CREATE_BUCKET,
			 "x-amz-request-payer"));
	assert_null(sent(NULL, OPERATION_PUT_OBJECT, "x-amz-storage-class"));
}

static void a_key_of_kms_alone_asks_for_kms(void **state)
{
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;

	(void)state;
	set(&options, S3_OPTION_KMS_KEY, "alias/reports");
	assert_true(s3_options_check(&options, NULL));
	assert_text(sent(&options, OPERATION_COPY_OBJECT,
			 "x-amz-server-side-encryption"),
		    "aws:kms");
}

static const struct {
	enum s3_option option;
	const char *value;
} refused[] = {
	{ S3_OPTION_STORAGE_CLASS, "WARM" },
	{ S3_OPTION_STORAGE_CLASS, "STANDARD|STANDARD_IA" },
	{ S3_OPTION_STORAGE_CLASS, "" },
	{ S3_OPTION_SSE, "aws" },
	{ S3_OPTION_CONTENT_TYPE, "text/csv\r\nx-evil: 1" },
	{ S3_OPTION_CONTENT_TYPE, "" },
	{ S3_OPTION_METADATA, "novalue" },
	{ S3_OPTION_METADATA, "=x" },
	{ S3_OPTION_METADATA, "na me=x" },
	{ S3_OPTION_METADATA, "name=caf\xc3\xa9" },
};

static void a_value_that_is_no_header_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		CLEANUP(s3_options_done)
		struct s3_options options = S3_OPTIONS_EMPTY;
		struct err err = ERR_EMPTY;

		assert_false(s3_options_set(&options, refused[i].option,
					    refused[i].value, &err));
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

static const struct {
	enum s3_option one, two;
	const char *first, *second;
} quarrels[] = {
	{ S3_OPTION_SSE, S3_OPTION_KMS_KEY, "AES256", "alias/k" },
	{ S3_OPTION_NO_SIGN, S3_OPTION_REQUESTER_PAYS, "", "" },
	{ S3_OPTION_EXPECTED_OWNER, S3_OPTION_ACL, "anna", "private" },
};

static void options_that_do_not_go_together_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(quarrels); i++) {
		CLEANUP(s3_options_done)
		struct s3_options options = S3_OPTIONS_EMPTY;
		struct err err = ERR_EMPTY;

		set(&options, quarrels[i].one, quarrels[i].first);
		set(&options, quarrels[i].two, quarrels[i].second);
		assert_false(s3_options_check(&options, &err));
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

static void metadata_is_limited_and_named_once(void **state)
{
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;
	CLEANUP(str_done) struct str long_one = STR_EMPTY;

	(void)state;
	set(&options, S3_OPTION_METADATA, "a=1");
	assert_false(s3_options_set(&options, S3_OPTION_METADATA, "A=2", NULL));
	str_add(&long_one, "b=");
	str_add_repeat(&long_one, 'x', 2040);
	set(&options, S3_OPTION_METADATA, long_one.text);
	assert_false(s3_options_set(&options, S3_OPTION_METADATA, "c=123456",
				    NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_operation_gets_what_it_takes),
		cmocka_unit_test(a_key_of_kms_alone_asks_for_kms),
		cmocka_unit_test(a_value_that_is_no_header_is_refused),
		cmocka_unit_test(options_that_do_not_go_together_are_refused),
		cmocka_unit_test(metadata_is_limited_and_named_once),
	};

	return RUN_TESTS(tests);
}
