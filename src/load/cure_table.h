/* load/cure_table.h - the table that a COPY fills, for its cure: the columns,
 * and which of them the file's fields belong to. */
#ifndef LOAD_CURE_TABLE_H
#define LOAD_CURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct copy_statement;
struct db;
struct infer;
struct str;

struct cure_column {
	char *name;
	char *type;		/* "character varying(9)" */
	bool not_null;
	bool identity;
};

/* All empty: the table is not known (made in a block that another session
 * does not see). */
struct cure_table {
	bool absent;		/* it was to be made, and is not there */
	char *schema, *name;
	struct { VEC(struct cure_column); } columns;
	struct { VEC(size_t); } file;	/* indexes into columns, in the order
					 * of the fields */
	char **names;			/* [file.count], borrowed from columns */
};

void cure_table_done(struct cure_table *table);

/* *out is { 0 }. Nothing is sent when oid is not positive. The statement may
 * be empty: fields and columns are in the same order then. */
void cure_table_read(struct cure_table *out, struct db *db, int64_t oid,
		     const struct copy_statement *statement);

/* What \copyfrom --create would make of the file: *out is { 0 }. name is SQL
 * text. */
void cure_table_infer(struct cure_table *out, const char *name,
		      const struct infer *infer);

/* The index in file of a column, -1: none. */
int cure_table_field(const struct cure_table *table, const char *column);

/* The type of a field's column, the column itself; field is from 0 to below
 * file.count. */
const char *cure_table_type(const struct cure_table *table, int field);
const struct cure_column *cure_table_column(const struct cure_table *table,
					    int field);

/* Appends "s.t" as SQL text; "public" is left out. */
void cure_table_add_name(const struct cure_table *table, struct str *out);

/* Appends "a, b" of the file's columns; skip: an index in file, or -1. */
void cure_table_add_list(const struct cure_table *table, int skip,
			 struct str *out);

#endif
