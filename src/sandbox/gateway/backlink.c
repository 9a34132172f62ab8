#include "sandbox/gateway/backlink.h"

#include <stddef.h>
#include <stdint.h>

#include "sandbox/copy/rscopy.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"

static bool give_row(void *context, const char *const *values, size_t count,
		     struct err *err)
{
	const struct rscopy_row *row = context;

	return row->take(row->context, values, count, err);
}

bool backlink_query(struct backend *backend, const char *sql,
		    const struct rscopy_row *row, struct err *err)
{
	/* the row is only read: backend_query passes it through */
	return backend_query(backend, sql, row ? give_row : NULL,
			     (void *)(uintptr_t)row, err);
}

static bool link_query(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	const struct backlink *backlink = context;

	return backlink_query(backlink->backend, sql, row, err);
}

static bool link_copy_begin(void *context, const char *sql, struct err *err)
{
	const struct backlink *backlink = context;

	return backend_copy_begin(backlink->backend, sql, err);
}

static bool link_copy_data(void *context, const char *bytes, size_t len,
			   struct err *err)
{
	const struct backlink *backlink = context;

	return backend_copy_data(backlink->backend, bytes, len, err);
}

static bool link_copy_end(void *context, const char *give_up, int64_t *out_rows,
			  struct err *err)
{
	const struct backlink *backlink = context;

	return backend_copy_end(backlink->backend, give_up, out_rows, err);
}

static bool link_copy_out(void *context, const char *sql, struct sink *sink,
			  struct err *err)
{
	const struct backlink *backlink = context;

	return backend_copy_out(backlink->backend, sql, sink, err);
}

static bool link_cancelled(void *context)
{
	const struct backlink *backlink = context;

	return atomic_load(&backlink->client->cancelled);
}

void backlink_fill(struct rscopy_link *link, struct backlink *backlink)
{
	link->context = backlink;
	link->query = link_query;
	link->copy_begin = link_copy_begin;
	link->copy_data = link_copy_data;
	link->copy_end = link_copy_end;
	link->copy_out = link_copy_out;
	link->cancelled = link_cancelled;
}
