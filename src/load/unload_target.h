/* load/unload_target.h - is there room where UNLOAD is to write?
 *
 * UNLOAD fails on objects under its target unless told otherwise: better
 * asked before the query has run.
 */
#ifndef LOAD_UNLOAD_TARGET_H
#define LOAD_UNLOAD_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct str;
struct unload;

/* What lies under a place. */
struct unload_there {
	int64_t objects;
	int64_t bytes;
};

/* A load_visit (load/copyfrom.h) that counts into a struct unload_there. */
bool unload_target_count(void *there, const char *key, int64_t size);

/* On a terminal a person chooses between ALLOWOVERWRITE, CLEANPATH and a new
 * folder, which changes unload->tail or ->uri; *out_go false: none of them.
 * In a script, and with --yes, ERR_USAGE names the three ways. */
bool unload_target_check(struct unload *unload, bool *out_go,
			 struct err *err);

/* The number-th place beside uri: s3://b/x/ -> s3://b/x-2/, s3://b/x_ ->
 * s3://b/x_2_, s3://b/x -> s3://b/x-2-. Appends. */
void unload_target_next(const char *uri, int number, struct str *out);

#endif
