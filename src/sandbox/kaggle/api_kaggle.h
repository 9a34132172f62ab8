/* sandbox/kaggle/api_kaggle.h - the data sets of Kaggle, as its REST API has
 * them.
 *
 * Under /api/v1, as www.kaggle.com:
 *
 *	GET /datasets/list?search=&page=&pageSize=
 *	GET /datasets/list/OWNER/SLUG?datasetVersionNumber=&pageToken=&pageSize=
 *	GET /datasets/download/OWNER/SLUG[/FILE]?datasetVersionNumber=
 *	GET /datasets/status/OWNER/SLUG, /datasets/metadata/OWNER/SLUG
 *
 * and what Kaggle's own client asks for by POST, as api.kaggle.com:
 * /v1/datasets.DatasetApiService/METHOD with a JSON body. A download is
 * answered by 302 to a link of sandbox/kaggle/kaggle_link. Who asks is told by
 * HTTP basic (user and key) or by a bearer token. Errors are JSON {code,
 * message}.
 */
#ifndef SANDBOX_KAGGLE_API_KAGGLE_H
#define SANDBOX_KAGGLE_API_KAGGLE_H

#include <stdbool.h>

#include "base/err.h"

struct identity;
struct s3_call;
struct secret;

#define API_KAGGLE_USER "sandbox"

/* The request is not signed as AWS's are, and its path is one of ours. */
bool api_kaggle_is_for(const struct s3_call *call);

/* Name of what it asks for, for faults: KaggleListFiles, ...; never NULL. */
const char *api_kaggle_op(const struct s3_call *call);
bool api_kaggle_has_op(const char *name);

/* With its body in call->text; leaves a reply. */
bool api_kaggle_run(struct s3_call *call, struct err *err);

/* Writes err as Kaggle, or its storage, does. */
void api_kaggle_error(struct s3_call *call, const struct err *err);

/* What KAGGLE_KEY and KAGGLE_API_TOKEN are to hold: the same as long as the
 * sandbox's folder is there. */
void api_kaggle_key(const struct identity *identity, struct secret *out);
void api_kaggle_token(const struct identity *identity, struct secret *out);

#endif
