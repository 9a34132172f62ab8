/* sandbox/copy/rscopy_member.h - which values of a JSON object go into which
 * columns: by name, by JSONPath, or the whole of it.
 *
 * [copy-usage_notes-copy-from-json]
 */
#ifndef SANDBOX_COPY_RSCOPY_MEMBER_H
#define SANDBOX_COPY_RSCOPY_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/vec.h"
#include "data/csv.h"

struct err;
struct rscopy_column;
struct rscopy_problem;

enum rscopy_member_how {
	RSCOPY_MEMBER_BY_NAME, /* 'auto' */
	RSCOPY_MEMBER_BY_NAME_NOCASE,
	RSCOPY_MEMBER_BY_PATH,
	RSCOPY_MEMBER_WHOLE, /* 'noshred' */
};

struct rscopy_member_step {
	char *name; /* NULL: an index */
	size_t index;
};

struct rscopy_member_path {
	VEC(struct rscopy_member_step);
};

/* Starts as { 0 }. */
struct rscopy_members {
	enum rscopy_member_how how;
	VEC(struct rscopy_member_path); /* one a column */
	/* the fields of the object read last, one a column; reused */
	struct {
		VEC(struct csv_field);
	} fields;
	struct {
		VEC(struct str);
	} texts;
};

/* {"jsonpaths": ["$.a", "$['b'][0]", ...]}; a file that has no such name
 * means 'auto'. Wildcards and filters are refused, and the two notations in
 * one path. */
bool rscopy_members_read_paths(struct rscopy_members *members, const char *text,
			       size_t len, struct err *err);
void rscopy_members_done(struct rscopy_members *members);

/* Fills members->fields for columns[0 .. count). A field of text NULL is an
 * SQL null: JSON's null, or no such member. Fields point into the record
 * where they can. false: problem says why the object cannot be loaded. */
bool rscopy_members_take(struct rscopy_members *members,
			 const struct csv_record *record,
			 const struct rscopy_column *columns, size_t count,
			 struct rscopy_problem *problem);

#endif
