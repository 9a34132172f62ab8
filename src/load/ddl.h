/* load/ddl.h - CREATE TABLE from inferred columns.
 *
 * Header texts become names: lower case, blanks and signs to _, unique, at
 * most 127 bytes, quoted only where SQL needs it. Pure.
 */
#ifndef LOAD_DDL_H
#define LOAD_DDL_H

#include <stddef.h>

struct infer;
struct str;

/* Fills .column of all columns: clean names, unique, not yet quoted. COPY looks
 * for members of JSON by the columns' names, so they stay as they are but for
 * capitals. */
void ddl_name_columns(struct infer *infer);

/* Appends the clean name of a header text; number (from 1) names a column
 * that has none: "column_3". */
void ddl_add_name(struct str *out, const char *header, size_t number);

/* Appends "create table <table> (...)" without a semicolon; table is SQL
 * text as the person wrote it. */
void ddl_add_create(struct str *out, const char *table,
		    const struct infer *infer);

#endif
