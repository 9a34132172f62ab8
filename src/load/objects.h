/* load/objects.h - the S3 side of the callbacks: bytes and lists of objects.
 *
 * What struct load_world and struct load_error_hooks ask for, made of the
 * AWS floor, so that shell/run and cmd/cmd_load need not repeat it.
 */
#ifndef LOAD_OBJECTS_H
#define LOAD_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "load/copyfrom.h"

struct aws;
struct str;

/* Appends bytes of the object; fewer at its end. */
bool objects_read(struct aws *aws, const char *uri, int64_t offset,
		  int64_t length, struct str *out, struct err *err);

/* Visits the objects whose keys begin with that of the URI, in key order. */
bool objects_list(struct aws *aws, const char *uri, load_visit *visit,
		  void *visitor, struct err *err);

#endif
