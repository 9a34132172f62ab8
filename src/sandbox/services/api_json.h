/* sandbox/services/api_json.h - AWS services that speak JSON 1.1.
 *
 * POST / with the operation in X-Amz-Target and an object as the body, which
 * is checked against the operation's members before it runs. What AWS does
 * not know it passes over; here it is refused by name.
 */
#ifndef SANDBOX_SERVICES_API_JSON_H
#define SANDBOX_SERVICES_API_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct json;
struct s3_call;
struct str;

enum api_kind {
	API_TEXT,   /* min and max: its length */
	API_NUMBER, /* min and max: itself */
	API_TEXTS,  /* a list; min and max: of its items */
};

struct api_member {
	const char *name; /* NULL ends the list */
	enum api_kind kind;
	bool required;
	int min, max;        /* max 0: any */
	const char *pattern; /* POSIX, of the whole text; NULL: any */
};

struct api_json_op {
	const char *name; /* NULL ends the table */
	const struct api_member *members;
	/* in: checked; fills out, an object. */
	bool (*run)(struct s3_call *call, const struct json *in,
		    struct json *out, struct err *err);
};

struct api_json_service {
	const char *target; /* of X-Amz-Target, up to the dot */
	const struct api_json_op *ops;
};

extern const struct api_json_service api_serverless;
extern const struct api_json_service api_kms;
extern const struct api_json_service api_secrets;

/* Runs call->text, whose signature has been checked. */
bool api_json_run(struct s3_call *call, const struct api_json_service *service,
		  struct err *err);

/* Writes err as such services do. */
void api_json_error(struct s3_call *call, const struct err *err);

/* What is found before the service is known has the names of S3. */
struct api_json_code {
	const char *code; /* NULL ends the list */
	const char *as;
	int status;
};

/* Writes err as its row says, else as it is, with status 400; what no service
 * refused as otherwise, with 500. message, request_id: what their members are
 * called, NULL: the latter is not told. */
struct api_json_words {
	const struct api_json_code *codes;
	const char *otherwise;
	const char *message, *request_id;
	const char *content_type;
};
void api_json_refuse(struct s3_call *call, const struct err *err,
		     const struct api_json_words *words);

/* Which items of a list of count are the page that in asks for by maxResults
 * and nextToken; out gets the nextToken when more follow. list: its name,
 * which makes tokens of other lists no good. */
struct api_page {
	size_t first;
	size_t end;
};
bool api_json_page(const struct json *in, const char *list, size_t count,
		   struct api_page *out_page, struct json *out,
		   struct err *err);

#endif
