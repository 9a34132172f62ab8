/* load/unloadto.h - \copyto: a table or query to S3 by UNLOAD. */
#ifndef LOAD_UNLOADTO_H
#define LOAD_UNLOADTO_H

#include <stdbool.h>

#include "base/err.h"

struct copy_args;
struct load_world;

/* As copyfrom_run. args->query or args->table must be filled. */
bool unloadto_run(const struct copy_args *args,
		  const struct load_world *world, struct err *err);

#endif
