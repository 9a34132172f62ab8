/* sandbox/services/api.h - the AWS services beside S3.
 *
 * STS and Redshift speak the query protocol: a form body with Action and
 * Version, XML back; Redshift Serverless speaks JSON, see api_json. Which
 * service is asked is in the request's credential scope; which operations it
 * has is a table. Anything else is refused by name.
 */
#ifndef SANDBOX_SERVICES_API_H
#define SANDBOX_SERVICES_API_H

#include <stdbool.h>

#include "base/err.h"

struct s3_call;
struct s3_pairs;
struct str;

struct api_op {
	const char *action; /* NULL ends the table */
	const char *params; /* allowed, blank separated; a name
					 * that ends in '.' stands for a list */
	/* Appends the elements inside <ACTIONResult>. form: decoded. */
	bool (*run)(struct s3_call *call, const struct s3_pairs *form,
		    struct str *out, struct err *err);
	bool open;	/* needs no signature */
};

extern const struct api_op api_sts_ops[];
extern const struct api_op api_iam_ops[];
extern const struct api_op api_redshift_ops[];
extern const struct api_op api_cloudformation_ops[];

/* For s3_call: the service of the claim is known, its operations run. */
bool api_begin(struct s3_call *call, struct err *err);
bool api_run(struct s3_call *call, struct err *err);

/* A form without a signature: an operation that is open, else a refusal. */
bool api_run_unsigned(struct s3_call *call, struct err *err);

/* Writes err in the service's shape; false: the request is not for one of
 * these services. */
bool api_error(struct s3_call *call, const struct err *err);

/* First of that name, borrowed; NULL: none. */
const char *api_param(const struct s3_pairs *form, const char *name);

#endif
