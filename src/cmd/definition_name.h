/* cmd/definition_name.h - what is typed behind \sf, \sv and \st, in parts. */
#ifndef CMD_DEFINITION_NAME_H
#define CMD_DEFINITION_NAME_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct definition_name {
	struct str database; /* "": the one that one is connected to */
	struct str schema;   /* "": by the search path */
	struct str name;
	struct str types; /* "integer, text" */
	bool has_types;
};

#define DEFINITION_NAME_EMPTY                                                  \
	{                                                                      \
		.database = STR_EMPTY, .schema = STR_EMPTY, .name = STR_EMPTY, \
		.types = STR_EMPTY                                             \
	}

void definition_name_done(struct definition_name *name);

/* "database.schema.name(type, type)" of Redshift, which folds quoted names. */
bool definition_name_read(const char *what, struct definition_name *out,
			  struct err *err);

/* " and n.nspname = ...", or visible, then " and column = ...". */
void definition_name_where(const struct definition_name *name,
			   const char *visible, const char *column,
			   struct str *sql);

#endif
