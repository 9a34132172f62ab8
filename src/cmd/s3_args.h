/* cmd/s3_args.h - the switches that all S3 commands share: rows for their
 * tables of arguments, and what was given as struct s3_options.
 *
 *	static const struct arg s3put_args[] = {
 *		...
 *		S3_ARGS_NEW,		for commands that make objects
 *		S3_ARGS_ACCESS,		for all
 *		ARG_END
 *	};
 */
#ifndef CMD_S3_ARGS_H
#define CMD_S3_ARGS_H

#include <stdbool.h>

#include "aws/s3_options.h"
#include "base/err.h"
#include "shell/command.h"

#define S3_ARGS_NEW                                                            \
	{ "--no-clobber", ARG_FLAG, ARG_OPTIONAL, "overwrite nothing" },       \
	{ "--storage-class", ARG_WORD, ARG_OPTIONAL,                           \
	  "of the new objects", WANT_CHOICE,                                   \
	  "STANDARD|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|"               \
	  "GLACIER_IR|GLACIER|DEEP_ARCHIVE|REDUCED_REDUNDANCY" },              \
	{ "--sse", ARG_WORD, ARG_OPTIONAL, "encryption at S3", WANT_CHOICE,    \
	  "AES256|aws:kms|aws:kms:dsse" },                                     \
	{ "--sse-kms-key-id", ARG_WORD, ARG_OPTIONAL,                          \
	  "key of KMS: id, alias/NAME or ARN" },                               \
	{ "--acl", ARG_WORD, ARG_OPTIONAL, "canned ACL, where they are on",    \
	  WANT_CHOICE,                                                         \
	  "private|public-read|public-read-write|authenticated-read|"          \
	  "aws-exec-read|bucket-owner-read|bucket-owner-full-control" },       \
	{ "--content-type", ARG_WORD, ARG_OPTIONAL, "text/csv, ..." },         \
	{ "--content-encoding", ARG_WORD, ARG_OPTIONAL, "gzip, ..." },         \
	{ "--content-language", ARG_WORD, ARG_OPTIONAL, "en, ..." },           \
	{ "--content-disposition", ARG_WORD, ARG_OPTIONAL,                     \
	  "what browsers do with it" },                                        \
	{ "--cache-control", ARG_WORD, ARG_OPTIONAL, "max-age=60, ..." },      \
	{ "--metadata", ARG_WORD, ARG_OPTIONAL,                                \
	  "NAME=VALUE to keep with it; may be repeated" }

#define S3_ARGS_ACCESS                                                         \
	{ "--requester-pays", ARG_FLAG, ARG_OPTIONAL,                          \
	  "be billed where buckets ask for that" },                            \
	{ "--expected-owner", ARG_WORD, ARG_OPTIONAL,                          \
	  "account that must own the bucket" },                                \
	{ "--no-sign-request", ARG_FLAG, ARG_OPTIONAL,                         \
	  "ask as nobody: public buckets" }

/* Reads the switches above that a command has. *out is S3_OPTIONS_EMPTY and
 * yours to release also on failure. ERR_USAGE as s3_options says. */
bool s3_args_options(const struct args *args, struct s3_options *out,
		     struct err *err);

#endif
