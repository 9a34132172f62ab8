/* load/cure_make.h - the makers of cures, and what they share.
 *
 * The lower half of load/cure; nothing else includes it. A maker adds a way
 * when the facts are for it, else nothing.
 */
#ifndef LOAD_CURE_MAKE_H
#define LOAD_CURE_MAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "load/cure.h"
#include "load/copy_option.h"

struct str;

typedef void cure_maker(struct cure *out, const struct cure_case *question);

/* --- cure_shape: how records and fields are parted --- */
cure_maker cure_by_header;	/* IGNOREHEADER */
cure_maker cure_by_shape;	/* the delimiter, quotes and format it has */
cure_maker cure_by_plain_quotes; /* quotes that are no more than letters */
cure_maker cure_by_backslashes;	/* quotes behind a backslash, not doubled */
cure_maker cure_by_escape;	/* delimiters behind a backslash */
cure_maker cure_by_column_list;	/* all lines have the same fewer fields */
cure_maker cure_by_new_columns;	/* all lines have the same more fields */
cure_maker cure_by_filling;	/* FILLRECORD */
cure_maker cure_by_skipping_blanks;

/* --- cure_value: what the fields hold --- */
cure_maker cure_by_null_word;	/* NULL AS */
cure_maker cure_by_date_format;
cure_maker cure_by_any_date;	/* ACCEPTANYDATE */
cure_maker cure_by_truncating;
cure_maker cure_by_encoding;
cure_maker cure_by_utf16;	/* its NUL bytes look like all kinds of faults */
cure_maker cure_by_replacing;	/* ACCEPTINVCHARS */
cure_maker cure_by_keeping_text; /* no NULL AS, no EMPTYASNULL */

/* --- cure_type: other types, and a table in between --- */
cure_maker cure_by_new_table;	/* of \copyfrom --create */
cure_maker cure_by_longer_column;
cure_maker cure_by_wider_type;
cure_maker cure_by_varchar;	/* of CHAR, or of what is mostly no number */
cure_maker cure_by_nullable;
cure_maker cure_by_money_cast;
cure_maker cure_by_truth_words;
cure_maker cure_by_cast;	/* of what COPY itself cannot read */
cure_maker cure_by_json_cast;
cure_maker cure_by_new_ids;

/* --- shared --- */

/* A new way; valid until the next. */
struct cure_way *cure_add(struct cure *out, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void cure_set(struct cure_way *way, enum copy_option_id id, const char *fmt,
	      ...) PRINTF_LIKE(3, 4);
void cure_drop(struct cure_way *way, enum copy_option_id id);
void cure_text(struct cure_texts *texts, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void cure_say(struct cure *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The statement has it. */
bool cure_given(const struct cure_case *question, enum copy_option_id id);

/* It may stand beside what the statement has. */
bool cure_allowed(const struct cure_case *question, enum copy_option_id id);

/* The column at fault may be NULL. */
bool cure_nullable(const struct cure_case *question);

/* Appends the table's name as SQL text. */
void cure_add_table(const struct cure_case *question, struct str *out);

/* "3 values", "1 value" */
void cure_add_count(struct str *out, int64_t count, const char *noun);

/* The values that are not taken: "'soon', 'n/a' and 3 more" */
void cure_add_odd(const struct cure_case *question, struct str *out);

#endif
