/* load/unload_state.h - one \copyto under way: what its files share.
 *
 * The order of work: make the query, find the target (load/unload_target) or,
 * with --download, a folder of its own (load/unload_download), build the
 * statement, show it, ask, send it, then fetch or report.
 */
#ifndef LOAD_UNLOAD_STATE_H
#define LOAD_UNLOAD_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "load/unload_query.h"

struct copy_args;
struct load_world;

struct unload {
	const struct copy_args *args;
	const struct load_world *world;
	struct unload_query query;
	struct str uri;		/* where to; the person may choose another */
	struct str tail;	/* parameters, ours before theirs */
	struct str sql;		/* may hold keys: wiped */
	bool alone;		/* what lies under uri afterwards is all ours */
	bool final;		/* the server has answered */
	int64_t rows;		/* -1: not known */
	int64_t run_us;
};

/* Words for the statement, before those that were typed. */
void unload_propose(struct unload *unload, const char *words);

/* Builds the statement from query, uri and tail. */
bool unload_build(struct unload *unload, struct err *err);

/* Shows it and asks; *out_yes false: the person said no. */
bool unload_ask(struct unload *unload, bool *out_yes, struct err *err);

/* Sends it; sets final, run_us, rows and ROW_COUNT. */
bool unload_send(struct unload *unload, struct err *err);

/* Appends "172,456 rows, ", or nothing. */
void unload_add_rows(const struct unload *unload, struct str *out);

#endif
