/* load/copy_each.h - \copyfrom --each: a table for each folder below a place.
 *
 * s3://b/data/orders/... goes into orders, s3://b/data/Order-Items/... into
 * order_items. What goes where is shown, asked about once, and then loaded
 * table by table, each by itself: one that fails does not undo the others,
 * and those after it are still tried. Inside the person's block all are part
 * of it, so the first failure is the end.
 */
#ifndef LOAD_COPY_EACH_H
#define LOAD_COPY_EACH_H

#include <stdbool.h>

#include "base/err.h"

struct copy_args;
struct load_world;

/* args->table is a schema or "". False: err names the tables that were not
 * loaded; why was told. */
bool copy_each_run(const struct copy_args *args,
		   const struct load_world *world, struct err *err);

#endif
