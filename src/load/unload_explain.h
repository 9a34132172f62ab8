/* load/unload_explain.h - why an UNLOAD failed, and what to type instead.
 *
 * By the words of the server, which are matched loosely since releases differ,
 * and by reading the statement again: quotes that are not doubled, parameters
 * that exclude each other or are out of bounds. What S3, IAM and KMS refuse is
 * load/access_explain's. Pure.
 */
#ifndef LOAD_UNLOAD_EXPLAIN_H
#define LOAD_UNLOAD_EXPLAIN_H

#include <stdbool.h>

struct str;

/* message: the server's. Appends lines to show below it; false: sql is no
 * UNLOAD, or there is nothing to add. */
bool unload_explain(struct str *out, const char *sql, const char *message);

#endif
