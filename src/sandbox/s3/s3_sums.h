/* sandbox/s3/s3_sums.h - an object's checksum: its names, and where it is kept.
 *
 * Objects keep a line "x-amz-checksum-NAME: BASE64" and a line
 * "x-amz-checksum-type: FULL_OBJECT" (or COMPOSITE) among their headers.
 */
#ifndef SANDBOX_S3_S3_SUMS_H
#define SANDBOX_S3_S3_SUMS_H

#include <stdbool.h>

#include "base/err.h"

struct s3_call;
struct s3_reply;
struct str;
struct xml;

#define S3_SUMS_USUAL "crc64nvme" /* S3's own where the client sends none */

/* "CRC32" or "crc32" to "crc32"; NULL: S3 has none of that name. */
const char *s3_sums_name(const char *text);

/* <ChecksumCRC32> and so on. */
void s3_sums_put(struct str *out, const char *name, const char *value);

/* Of a part in a request: the element's text; NULL: not given. */
const char *s3_sums_given(const struct xml *part, const char *name);

/* The kept lines of a checksum. */
void s3_sums_keep(struct str *out, const char *name, const char *value,
		  bool composite);

/* What the kept lines say: *out_name is borrowed from a table, NULL: nothing;
 * out gets the value. */
bool s3_sums_find(const char *headers, const char **out_name, struct str *out,
		  bool *out_composite);

/* Elements of an object's checksum and its type. */
void s3_sums_put_kept(struct str *out, const char *headers);

/* x-amz-checksum-algorithm of the request, or S3's own; *out_given: it was
 * there. InvalidRequest. */
const char *s3_sums_wanted(const struct s3_call *call, bool *out_given,
			   struct err *err);

#endif
