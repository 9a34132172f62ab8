/* sandbox/kaggle/kaggle_link.h - the storage behind Kaggle: signed links that
 * expire.
 *
 * A link names one file of one version and is good for three days, without
 * any other right: a request that comes with an Authorization header is
 * refused, as what Kaggle was told is not for its storage. It is on another
 * host name than Kaggle (localhost and 127.0.0.1 for each other), serves
 * ranges, and has an ETag (MD5), Last-Modified and x-goog-hash. Errors are
 * XML, as those of Google Cloud Storage.
 */
#ifndef SANDBOX_KAGGLE_KAGGLE_LINK_H
#define SANDBOX_KAGGLE_KAGGLE_LINK_H

#include <stdbool.h>

#include "base/err.h"

struct kaggle_file;
struct kaggle_set;
struct s3_call;
struct str;

/* Appends a whole address for the client of the call. file NULL: the
 * archive. */
void kaggle_link_add(const struct s3_call *call, const struct kaggle_set *set,
		     const struct kaggle_file *file, struct str *out);

bool kaggle_link_is_for(const struct s3_call *call);

/* Leaves a reply. */
bool kaggle_link_run(struct s3_call *call, struct err *err);

#endif
