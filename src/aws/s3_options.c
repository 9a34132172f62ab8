#include "aws/s3_options.h"

#include <string.h>

#include "aws/call.h"
#include "base/str.h"

#define ON(id) (UINT64_C(1) << OPERATION_##id)

/* Operations that say what a new object shall be. */
#define MAKES (ON(PUT_OBJECT) | ON(CREATE_UPLOAD) | ON(COPY_OBJECT))

/* Operations by which a new object comes to be seen. */
#define SHOWS (ON(PUT_OBJECT) | ON(COMPLETE_UPLOAD) | ON(COPY_OBJECT))

#define OBJECTS                                                                \
	(MAKES | SHOWS | ON(LIST_OBJECTS) | ON(LIST_VERSIONS) | ON(GET_TAGGING) |                \
	 ON(HEAD_OBJECT) | ON(GET_OBJECT) | ON(DELETE_OBJECT) |                \
	 ON(DELETE_OBJECTS) | ON(UPLOAD_PART) | ON(COPY_PART) |                \
	 ON(LIST_PARTS) | ON(ABORT_UPLOAD))

enum { METADATA_MAX_BYTES = 2048 }; /* S3: names and values together */

const struct s3_option_row s3_option_table[S3_OPTION_COUNT] = {
	[S3_OPTION_SSE] = {
		"--sse", false, "AES256|aws:kms|aws:kms:dsse",
		"x-amz-server-side-encryption", NULL, MAKES,
	},
	[S3_OPTION_KMS_KEY] = {
		"--sse-kms-key-id", false, NULL,
		"x-amz-server-side-encryption-aws-kms-key-id", NULL, MAKES,
	},
	[S3_OPTION_STORAGE_CLASS] = {
		"--storage-class", false,
		"STANDARD|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|"
		"GLACIER_IR|GLACIER|DEEP_ARCHIVE|REDUCED_REDUNDANCY",
		"x-amz-storage-class", NULL, MAKES,
	},
	[S3_OPTION_ACL] = {
		"--acl", false,
		"private|public-read|public-read-write|authenticated-read|"
		"aws-exec-read|bucket-owner-read|bucket-owner-full-control",
		"x-amz-acl", NULL, MAKES,
	},
	[S3_OPTION_NO_CLOBBER] = {
		"--no-clobber", true, NULL, "if-none-match", "*", SHOWS,
	},
	[S3_OPTION_CONTENT_TYPE] = {
		"--content-type", false, NULL, "content-type", NULL, MAKES,
	},
	[S3_OPTION_CONTENT_ENCODING] = {
		"--content-encoding", false, NULL, "content-encoding", NULL,
		MAKES,
	},
	[S3_OPTION_CONTENT_LANGUAGE] = {
		"--content-language", false, NULL, "content-language", NULL,
		MAKES,
	},
	[S3_OPTION_CONTENT_DISPOSITION] = {
		"--content-disposition", false, NULL, "content-disposition",
		NULL, MAKES,
	},
	[S3_OPTION_CACHE_CONTROL] = {
		"--cache-control", false, NULL, "cache-control", NULL, MAKES,
	},
	[S3_OPTION_METADATA] = {
		"--metadata", false, NULL, NULL, NULL, MAKES,
	},
	[S3_OPTION_REQUESTER_PAYS] = {
		"--requester-pays", true, NULL, "x-amz-request-payer",
		"requester", OBJECTS,
	},
	[S3_OPTION_EXPECTED_OWNER] = {
		"--expected-owner", false, NULL, "x-amz-expected-bucket-owner",
		NULL, OBJECTS | ON(HEAD_BUCKET) | ON(DELETE_BUCKET) |
			ON(GET_VERSIONING) | ON(GET_ENCRYPTION) |
			ON(GET_PUBLIC_ACCESS),
	},
	[S3_OPTION_NO_SIGN] = {
		"--no-sign-request", true, NULL, NULL, NULL, UINT64_MAX,
	},
};

void s3_options_done(struct s3_options *options)
{
	for (size_t i = 0; i < S3_OPTION_COUNT; i++) {
		mem_free(options->values[i]);
		options->values[i] = NULL;
	}
	http_headers_done(&options->metadata);
}

void s3_options_copy(struct s3_options *to, const struct s3_options *from)
{
	s3_options_done(to);
	for (size_t i = 0; i < S3_OPTION_COUNT; i++)
		to->values[i] = mem_copy_text(from->values[i]);
	for (size_t i = 0; i < from->metadata.count; i++)
		http_headers_add(&to->metadata, from->metadata.items[i].name,
				 from->metadata.items[i].value);
}

/* --- what is given --- */

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *at = choices; *at != '\0';) {
		size_t word = strcspn(at, "|");

		if (word == len && strncmp(at, value, len) == 0)
			return true;
		at += word;
		at += *at == '|';
	}
	return false;
}

/* A control byte would end the header, and S3 takes no other characters than
 * ASCII without a coding of their own. */
static bool check_text(const char *name, const char *value, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, ERR_USAGE, "%s: the value is empty", name);
	for (const char *at = value; *at != '\0'; at++) {
		if (*at >= 0x20 && *at < 0x7f)
			continue;
		err_set(err, ERR_USAGE,
			"%s: S3 takes printable ASCII characters only", name);
		return err_hint(err, "write others percent-encoded");
	}
	return true;
}

static bool add_metadata(struct s3_options *options, const char *text,
			 struct err *err)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-_.");
	CLEANUP(mem_freep) char *name = mem_copy_slice(text, len);
	size_t bytes = strlen(text);

	if (len == 0 || text[len] != '=') {
		err_set(err, ERR_USAGE, "--metadata: \"%s\" is no NAME=VALUE",
			text);
		return err_hint(err, "NAME is letters, digits, -, _ and .; "
				     "one --metadata for each");
	}
	if (text[len + 1] != '\0' &&
	    !check_text("--metadata", text + len + 1, err))
		return false;
	if (http_headers_get(&options->metadata, name) != NULL)
		return err_set(err, ERR_USAGE, "--metadata: %s is given twice",
			       name);
	for (size_t i = 0; i < options->metadata.count; i++)
		bytes += strlen(options->metadata.items[i].name) +
			 strlen(options->metadata.items[i].value);
	if (bytes > METADATA_MAX_BYTES)
		return err_set(err, ERR_USAGE,
			       "--metadata: S3 keeps at most 2 KB of it");
	http_headers_add(&options->metadata, name, text + len + 1);
	return true;
}

bool s3_options_set(struct s3_options *options, enum s3_option option,
		    const char *value, struct err *err)
{
	const struct s3_option_row *row = &s3_option_table[option];

	if (option == S3_OPTION_METADATA) {
		if (!add_metadata(options, value, err))
			return false;
	} else if (row->choices != NULL && !is_choice(row->choices, value)) {
		err_set(err, ERR_USAGE, "%s: \"%s\" is none S3 knows",
			row->name, value);
		return err_hint(err, "one of %s", row->choices);
	} else if (!row->flag && !check_text(row->name, value, err)) {
		return false;
	}
	mem_free(options->values[option]);
	options->values[option] = mem_copy_text(value);
	return true;
}

/* Account numbers are 12 digits. */
static bool check_owner(const struct s3_options *options, struct err *err)
{
	const char *owner = options->values[S3_OPTION_EXPECTED_OWNER];

	if (owner == NULL ||
	    (strlen(owner) == 12 && strspn(owner, "0123456789") == 12))
		return true;
	err_set(err, ERR_USAGE, "--expected-owner: \"%s\" is no account",
		owner);
	return err_hint(err, "an account number has 12 digits; \\aws whoami "
			     "shows yours");
}

bool s3_options_check(struct s3_options *options, struct err *err)
{
	const char *sse = options->values[S3_OPTION_SSE];
	bool key = options->values[S3_OPTION_KMS_KEY] != NULL;

	if (key && sse == NULL)
		options->values[S3_OPTION_SSE] = mem_copy_text("aws:kms");
	if (key && sse != NULL && strcmp(sse, "AES256") == 0) {
		err_set(err, ERR_USAGE,
			"--sse AES256 takes no key of KMS: S3 has its own");
		return err_hint(err, "--sse aws:kms, or leave "
				     "--sse-kms-key-id out");
	}
	if (s3_options_has(options, S3_OPTION_NO_SIGN) &&
	    s3_options_has(options, S3_OPTION_REQUESTER_PAYS)) {
		err_set(err, ERR_USAGE,
			"--requester-pays needs a signature: "
			"nobody can be billed without");
		return err_hint(err, "leave --no-sign-request out");
	}
	return check_owner(options, err);
}

/* --- what is sent --- */

bool s3_options_has(const struct s3_options *options, enum s3_option option)
{
	return options != NULL && options->values[option] != NULL;
}

bool s3_options_replace_metadata(const struct s3_options *options)
{
	return s3_options_has(options, S3_OPTION_CONTENT_TYPE) ||
	       s3_options_has(options, S3_OPTION_CONTENT_ENCODING) ||
	       s3_options_has(options, S3_OPTION_CONTENT_LANGUAGE) ||
	       s3_options_has(options, S3_OPTION_CONTENT_DISPOSITION) ||
	       s3_options_has(options, S3_OPTION_CACHE_CONTROL) ||
	       s3_options_has(options, S3_OPTION_METADATA);
}

void s3_options_apply(const struct s3_options *options, struct call *call)
{
	uint64_t bit = UINT64_C(1) << (call->operation - operation_table);

	if (options == NULL)
		return;
	for (size_t i = 0; i < S3_OPTION_COUNT; i++) {
		const struct s3_option_row *row = &s3_option_table[i];

		if (options->values[i] == NULL || (row->fits & bit) == 0 ||
		    row->header == NULL)
			continue;
		call_add_header(call, row->header,
				row->flag ? row->sent : options->values[i]);
	}
	if ((s3_option_table[S3_OPTION_METADATA].fits & bit) != 0)
		for (size_t i = 0; i < options->metadata.count; i++) {
			CLEANUP(str_done) struct str name = STR_EMPTY;

			str_addf(&name, "x-amz-meta-%s",
				 options->metadata.items[i].name);
			call_add_header(call, name.text,
					options->metadata.items[i].value);
		}
	call->anonymous = s3_options_has(options, S3_OPTION_NO_SIGN);
}
