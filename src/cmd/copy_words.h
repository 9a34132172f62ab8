/* cmd/copy_words.h - options of psql's \copy ... FROM as parameters of
 * Redshift's COPY.
 *
 * Both spellings of PostgreSQL 15, WITH (FORMAT csv, HEADER) and CSV HEADER,
 * are understood; a word that neither has is Redshift's own and stays as it
 * is (GZIP, MAXERROR 3). What COPY would read otherwise than PostgreSQL does
 * is refused by name. Pure.
 */
#ifndef CMD_COPY_WORDS_H
#define CMD_COPY_WORDS_H

#include <stdbool.h>

#include "base/err.h"

struct str;

/* Appends the parameters. *out_text: it is PostgreSQL's text format, of whose
 * backslashes COPY knows \N alone. */
bool copy_words_translate(const char *options, struct str *out,
			  bool *out_text, struct err *err);

#endif
