/* load/console_url.h - pasted web addresses as s3:// URIs.
 *
 * What people copy from the browser: pages of the S3 console (the bucket in
 * the path, folder or key in "prefix="), and objects at S3's own hosts,
 * virtual-hosted or by path. Pure.
 */
#ifndef LOAD_CONSOLE_URL_H
#define LOAD_CONSOLE_URL_H

#include <stdbool.h>

struct str;

/* Replaces *text when it is such an address; a signature in its query goes.
 * False: it is none, and stays. */
bool console_url_read(struct str *text);

#endif
