/* aws/s3_options.h - how requests of one S3 command are made beyond the plain
 * ones: encryption, storage class, type, who pays, signed or not.
 *
 * One row an option: the switch that commands call it, the header it becomes,
 * and the operations that take it (S3 API reference, the pages of each
 * operation). A struct s3_uri carries a borrowed pointer to a set of them, so
 * every call for that URI gets what fits its operation; s3_list does the same
 * with its options.
 */
#ifndef AWS_S3_OPTIONS_H
#define AWS_S3_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/http.h"

struct call;

enum s3_option {
	/* of new objects */
	S3_OPTION_SSE,
	S3_OPTION_KMS_KEY,
	S3_OPTION_STORAGE_CLASS,
	S3_OPTION_ACL,
	S3_OPTION_NO_CLOBBER,
	S3_OPTION_CONTENT_TYPE,
	S3_OPTION_CONTENT_ENCODING,
	S3_OPTION_CONTENT_LANGUAGE,
	S3_OPTION_CONTENT_DISPOSITION,
	S3_OPTION_CACHE_CONTROL,
	S3_OPTION_METADATA,
	/* of all requests */
	S3_OPTION_REQUESTER_PAYS,
	S3_OPTION_EXPECTED_OWNER,
	S3_OPTION_NO_SIGN,
	S3_OPTION_COUNT,
};

struct s3_option_row {
	const char *name;	/* "--storage-class" */
	bool flag;		/* takes no value */
	const char *choices;	/* "A|B" of a fixed list, NULL: free text */
	const char *header;	/* NULL: none of its own */
	const char *sent;	/* value of a flag's header */
	uint64_t fits;		/* 1 << enum operation_id of all that take it */
};

extern const struct s3_option_row s3_option_table[S3_OPTION_COUNT];

struct s3_options {
	char *values[S3_OPTION_COUNT];	/* NULL: not given; "" of flags */
	struct http_headers metadata;	/* names without x-amz-meta- */
};

#define S3_OPTIONS_EMPTY                                                       \
	{                                                                      \
		.values = { NULL }                                             \
	}

void s3_options_done(struct s3_options *options);
void s3_options_copy(struct s3_options *to, const struct s3_options *from);

/* Takes one switch with its value ("" of flags; NAME=VALUE of --metadata,
 * which adds up). ERR_USAGE: not one of the choices, no header value. */
bool s3_options_set(struct s3_options *options, enum s3_option option,
		    const char *value, struct err *err);

/* After the last s3_options_set. A key of KMS alone means --sse aws:kms.
 * ERR_USAGE: options that do not go together. */
bool s3_options_check(struct s3_options *options, struct err *err);

/* options may be NULL in both. */
bool s3_options_has(const struct s3_options *options, enum s3_option option);

/* Adds what fits the call's operation. */
void s3_options_apply(const struct s3_options *options, struct call *call);

/* Does a copy have to name content type and metadata anew? S3 then takes none
 * of the source's. */
bool s3_options_replace_metadata(const struct s3_options *options);

#endif
