/* load/copy_reader.h - the token at hand and one parameter's argument.
 *
 * The lower half of load/copy_parse; nothing else includes it.
 */
#ifndef LOAD_COPY_READER_H
#define LOAD_COPY_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "load/copy_option.h"
#include "sql/lexer.h"

struct copy_given;
struct copy_options;
struct err;

struct copy_reader {
	struct lexer lexer;
	struct token token; /* the one looked at */
	size_t end;	    /* offset behind the one before it */
	enum copy_verb verb;
	struct copy_options *options; /* being filled */
	struct err *err;
};

void copy_step(struct copy_reader *reader); /* to the next token */

/* The end of the text or a semicolon. */
bool copy_at_end(const struct copy_reader *reader);
bool copy_at_string(const struct copy_reader *reader);
bool copy_at_name(const struct copy_reader *reader);

/* Steps over it when it is there. */
bool copy_skip_word(struct copy_reader *reader, const char *word);
bool copy_skip_char(struct copy_reader *reader, char c);

/* The name looked at, folded as Redshift folds it; steps. Yours to free. */
char *copy_take_name(struct copy_reader *reader);

/* "COPY: expected X after Y, found Z"; returns false. */
bool copy_unexpected(struct copy_reader *reader, const char *expected,
		     const char *after);

/* Reads what given->option takes; fills text, len, number, quoted. On
 * failure given->text may be set. */
bool copy_read_argument(struct copy_reader *reader, struct copy_given *given);

const char *copy_verb_name(enum copy_verb verb);

#endif
