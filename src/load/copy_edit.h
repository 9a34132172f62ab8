/* load/copy_edit.h - a COPY statement with some of its parameters changed.
 *
 * What was typed stays as it is, comments and letters too; a parameter that is
 * set stands in the place of the old one or at the end. Those that exclude it
 * go. Pure.
 */
#ifndef LOAD_COPY_EDIT_H
#define LOAD_COPY_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "load/copy_option.h"

struct str;

struct copy_change {
	enum copy_option_id id;
	char *text;	/* "timeformat 'auto'"; NULL: it goes */
};

struct copy_changes { VEC(struct copy_change); };

void copy_changes_done(struct copy_changes *changes);

/* The later of two changes of one parameter holds. text is copied. */
void copy_changes_set(struct copy_changes *changes, enum copy_option_id id,
		      const char *text);

/* Appends the parameters behind FROM 's3://...'. */
void copy_edit_tail(struct str *out, const char *tail, size_t len,
		    const struct copy_changes *changes);

/* Appends the first COPY ... FROM of the text, up to its semicolon. table and
 * columns ("(a, b)", "": none) are SQL text and stand in the place of the old
 * ones; NULL: as they are. false: there is no such statement. */
bool copy_edit_statement(struct str *out, const char *sql, const char *table,
			 const char *columns,
			 const struct copy_changes *changes);

#endif
