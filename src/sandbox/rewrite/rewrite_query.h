/* sandbox/rewrite/rewrite_query.h - parts of a query that need its structure.
 *
 * QUALIFY, EXCLUDE, PIVOT, UNPIVOT, CONNECT BY, GROUP BY ALL and names of the
 * select list used further on in it are turned into plain SELECTs, one after
 * the other, before the token rules run. The result is Redshift SQL text
 * again, with where its pieces came from. For rewrite*.c only.
 */
#ifndef SANDBOX_REWRITE_REWRITE_QUERY_H
#define SANDBOX_REWRITE_REWRITE_QUERY_H

#include "sandbox/rewrite/rewrite_shape.h"
#include "sandbox/rewrite/rewrite_work.h"

/* A text made of pieces of a patch and of new words. */
struct draft {
	struct str sql;
	struct patch_spans spans; /* from: offsets in the patch's text */
};
#define DRAFT_EMPTY                                                            \
	{                                                                      \
		.sql = STR_EMPTY                                               \
	}
void draft_done(struct draft *draft);
void draft_add(struct draft *draft, const char *fmt, ...) PRINTF_LIKE(2, 3);
void draft_name(struct draft *draft, const char *name); /* "name" */
/* The tokens [from, to), with a blank before. */
void draft_range(struct draft *draft, const struct patch *patch, size_t from,
		 size_t to);

/* The offset that at in a text of spans came from. */
size_t draft_origin(const struct patch_spans *spans, size_t at);

/* All expansions of the statement in work->patch. *out_changed: out has the
 * new text, its spans lead to work->patch's. */
bool rewrite_query(struct work *work, struct draft *out, bool *out_changed);

/* One expansion of the SELECT in shape: appends what stands for [shape.from,
 * shape.end) or does nothing (*out_did). */
struct query {
	struct work *work; /* work->patch is the text of this round */
	struct shape shape;
	struct draft *draft;
};
typedef bool query_rule(struct query *query, bool *out_did);
query_rule query_pivot;   /* rewrite_pivot.c */
query_rule query_connect; /* rewrite_connect.c */
query_rule query_exclude; /* rewrite_wrap.c: and QUALIFY */
query_rule query_qualify;
query_rule query_lateral; /* rewrite_alias.c: and an alias in WHERE */
query_rule query_where;
query_rule query_group_all;

/* Appends [from, to) of a select list or condition with the aliases of
 * items[0..count) that stand in it replaced by their expressions. lateral: a
 * column of FROM goes before an alias. *out_did is set when one was. */
bool query_inline_aliases(struct query *query, struct patch_range range,
			  const struct shape_item *items, size_t count,
			  struct draft *out, bool *out_did);

/* Columns of "SELECT list FROM tables": Redshift SQL in draft, whose spans
 * lead to the text of this round. needed: an error is the statement's. */
bool query_columns(struct query *query, const struct draft *draft,
		   struct rewrite_columns *out);

/* Appends WITH and the common tables that the SELECT can see. */
void query_add_with(const struct query *query, struct draft *out);

/* "the sandbox has no ..." at a token. */
bool query_lacks(struct query *query, size_t at, const char *what);

#endif
