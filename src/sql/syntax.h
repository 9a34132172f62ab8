/* sql/syntax.h - the statements of share/sql/syntax.txt as steps that sql/follow
 * walks along.
 *
 * The notation stands at the head of that file. Pure.
 */
#ifndef SQL_SYNTAX_H
#define SQL_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

enum syntax_kind {              /* <kind> of the notation; fewer than 64 */
		   SYNTAX_NEW,  /* a name that is made up here */
		   SYNTAX_NAME, /* of something that no catalog of ours knows */
		   SYNTAX_VALUE, /* one token of any kind */
		   SYNTAX_NUMBER,
		   SYNTAX_TEXT, /* a literal */
		   SYNTAX_BODY, /* of a routine: a literal, or between dollars */
		   SYNTAX_PARENS,     /* ( ... ) without interest */
		   SYNTAX_PROPERTIES, /* 'k'='v', ...: likewise, inside */
		   SYNTAX_EXPR, /* up to a comma or the end of the parentheses */
		   SYNTAX_QUERY,
		   SYNTAX_QUERY_TEXT, /* of UNLOAD: a query in a literal */
		   SYNTAX_REST, /* of a statement that is not described here */
		   SYNTAX_COPY, /* the parameters of COPY, of UNLOAD */
		   SYNTAX_UNLOAD,
		   SYNTAX_TEMPLATE, /* parameters of COPY in a template */
		   SYNTAX_TABLE,
		   SYNTAX_RELATION, /* a table or a view */
		   SYNTAX_EXTERNAL_TABLE,
		   SYNTAX_VIEW,
		   SYNTAX_MVIEW,
		   SYNTAX_NEW_TABLE, /* a new name, in an existing schema maybe */
		   SYNTAX_COLUMN,    /* of the relation named last */
		   SYNTAX_TARGET_COLUMN, /* of the relation named first */
		   SYNTAX_TABLE_COLUMN,  /* table.column */
		   SYNTAX_NEW_COLUMN,
		   SYNTAX_OWN_COLUMN, /* one of the new columns */
		   SYNTAX_SCHEMA,
		   SYNTAX_DATABASE,
		   SYNTAX_USER,
		   SYNTAX_GROUP,
		   SYNTAX_ROLE,
		   SYNTAX_FUNCTION, /* one that somebody made */
		   SYNTAX_PROCEDURE,
		   SYNTAX_LIBRARY,
		   SYNTAX_DATASHARE,
		   SYNTAX_TYPE,
		   SYNTAX_ENCODING,
		   SYNTAX_SETTING,   /* that SET takes */
		   SYNTAX_PARAMETER, /* that SHOW takes */
		   SYNTAX_SETTING_VALUE,
		   SYNTAX_SOURCE, /* of COPY: 's3://...', 'dynamodb://...' */
		   SYNTAX_S3,
		   SYNTAX_ARN, /* of a role */
		   SYNTAX_REGION,
		   SYNTAX_KIND_COUNT
};

enum syntax_op {
	SYNTAX_WORD,    /* text */
	SYNTAX_LITERAL, /* 'text' */
	SYNTAX_MARK,    /* one character, text */
	SYNTAX_IS,      /* something of kind */
	SYNTAX_FORK,    /* the next step, and to */
	SYNTAX_JUMP,    /* to; a piece ends here */
	SYNTAX_FORGET,  /* no choice of ONCE was taken yet */
	SYNTAX_ONCE,    /* count SYNTAX_JUMPs follow, each taken once; then on
			 * behind them, unless must */
	SYNTAX_END,
};

struct syntax_step {
	enum syntax_op op;
	const char *text; /* into syntax_rows */
	size_t len;
	enum syntax_kind kind;
	bool quiet; /* a word that is read, not offered */
	bool must;
	size_t count;
	size_t to;
};

struct syntax { /* all rows compiled, one after the other */
	VEC(struct syntax_step);
	struct {
		VEC(size_t);
	} starts; /* of rows */
};

/* Compiles the rows whose first word is this one; len 0: all. */
void syntax_compile(struct syntax *out, const char *word, size_t len);
void syntax_done(struct syntax *syntax);

/* The name of the kind as the notation has it. */
const char *syntax_kind_name(enum syntax_kind kind);

/* The rows; parts begin with @. NULL ends. */
extern const char *const syntax_rows[];

#endif
