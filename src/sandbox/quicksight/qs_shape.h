/* sandbox/quicksight/qs_shape.h - what QuickSight's operations take, as data.
 *
 * Read from share/sandbox/quicksight.tsv, whose head explains the rows. Finds
 * the operation of a request, checks what was sent against names, types,
 * required members, values, lengths and patterns, and walks it for those who
 * know what the structures mean. Knows no operation by itself. Unchanging once
 * read: any thread may use it.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_SHAPE_H
#define SANDBOX_QUICKSIGHT_QS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct json;
struct qs_shape;
struct qs_shapes;
struct s3_pairs;

struct qs_shapes *qs_shapes_read(const char *path, struct err *err);
void qs_shapes_free(struct qs_shapes *shapes); /* NULL is fine */
CLEANUP_FREE(struct qs_shapes, qs_shapes_free, qs_shapes_freep)

struct qs_route {
	const char *op;
	const char *method;
	const char *path; /* /accounts/{AwsAccountId}/data-sets */
	const struct qs_shape *takes;
};

/* target: path and query as sent; NULL: no operation has it. */
const struct qs_route *qs_shapes_route(const struct qs_shapes *shapes,
				       const char *method, const char *target);

/* NULL: no such operation. */
const struct qs_route *qs_shapes_op(const struct qs_shapes *shapes,
				    const char *op);

const struct qs_shape *qs_shapes_named(const struct qs_shapes *shapes,
				       const char *name);

/* Puts what the path and the query say into the object, beside what the body
 * said. ValidationException: a parameter that the operation has not. */
bool qs_shapes_bind(const struct qs_route *route, const char *target,
		    const struct s3_pairs *query, struct json *in_out,
		    struct err *err);

/* ValidationException in AWS's words, with every place (but not more than a
 * message holds), SerializationException where a type is another. null is as
 * good as left out. */
bool qs_shapes_check(const struct qs_shape *shape, const struct json *value,
		     struct err *err);

/* A copy in which texts that stand for numbers and booleans are such, as
 * templates of stacks have them. */
struct json *qs_shapes_typed(const struct qs_shape *shape,
			     const struct json *value);

/* Called for every structure, from the outside in. path: as in messages,
 * "definition.sheets.1.member"; borrowed for the call. */
typedef void qs_visit(void *context, const char *shape, const char *path,
		      const struct json *value);
void qs_shapes_walk(const struct qs_shape *shape, const struct json *value,
		    qs_visit *visit, void *context);

#endif
