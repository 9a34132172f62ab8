/* load/copy_state.h - one \copyfrom under way: what its files share.
 *
 * The order of work is load/copyfrom's: find the source, look into it, find
 * the table, place (where staged bytes will be), check, plan the statements,
 * tell, ask, put (staged bytes go to S3), run, clean up, report.
 */
#ifndef LOAD_COPY_STATE_H
#define LOAD_COPY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "load/copy_source.h"
#include "load/copy_steps.h"
#include "load/copy_swap.h"
#include "load/infer.h"
#include "load/sniff.h"
#include "load/warehouse.h"

struct copy_args;
struct load_world;

/* What became of the COPY. */
enum copy_answer {
	COPY_UNSENT,  /* refused or given up before */
	COPY_LOADED,  /* all statements went well, ours is committed */
	COPY_REFUSED, /* the server's final answer: nothing is loaded */
	COPY_UNKNOWN, /* the answer never came: the connection is gone */
};

struct copyfrom {
	const struct copy_args *args;
	const struct load_world *world;
	struct copy_source source;
	bool looked; /* sniff and infer hold something */
	struct sniff sniff;
	struct infer infer;
	struct warehouse_columns columns; /* of the table; none: no table */
	struct str list; /* "(b, a)" of load/copy_map; "" */
	struct str proposed;		  /* parameters that the sample asks for */
	struct copy_swap swap; /* of --swap */
	struct str check_sql;  /* the COPY into the table itself: what is
				* checked; may hold keys */
	struct copy_steps steps;
	enum copy_answer answer;
	int64_t run_us; /* the statements took */
	int64_t rows;	/* loaded; -1: not known */
};

#endif
