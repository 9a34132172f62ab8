/* sql/quote.h - names and values into SQL text.
 *
 * The only way values reach SQL. Redshift reads backslashes in '...' as
 * escapes, so they are doubled when escapes is true (every Redshift server;
 * false: a PostgreSQL with standard_conforming_strings on).
 */
#ifndef SQL_QUOTE_H
#define SQL_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* name or "Name": quoted when reserved, upper case, or oddly made. */
void quote_name(struct str *out, const char *name);
void quote_name_slice(struct str *out, const char *name, size_t len);

/* Always "name". */
void quote_name_always(struct str *out, const char *name, size_t len);

/* schema.name; schema NULL or "": only the name. */
void quote_qualified(struct str *out, const char *schema, const char *name);

/* 'value' */
void quote_literal(struct str *out, const char *value, bool escapes);
void quote_literal_slice(struct str *out, const char *value, size_t len,
			 bool escapes);

/* As libpq writes it for psql: with a backslash in it E'...', behind a blank
 * which keeps the E apart from a word before. Where a server may not know
 * E'...' (e_strings false) as quote_literal. */
void quote_variable(struct str *out, const char *value, bool escapes,
		    bool e_strings);

/* Why a server that reads UTF-8 should not be given value in quotes, in libpq's
 * words; NULL: it may. A character that is cut off could swallow the closing
 * quote. */
const char *quote_fault(const char *value, size_t len);

/* True when name must stand in quotes to mean itself. */
bool quote_name_needed(const char *name, size_t len);

/* What "Quoted ""name""" or name in SQL text means: without quotes, lower
 * case when it had none (Redshift folds quoted names too unless
 * enable_case_sensitive_identifier; pass fold_quoted for that). */
void quote_name_read(struct str *out, const char *text, size_t len,
		     bool fold_quoted);

/* The value of a literal token ('...', E'...', $$...$$), escapes: as the
 * token says. */
void quote_literal_read(struct str *out, const char *text, size_t len,
			bool escapes);

#endif
