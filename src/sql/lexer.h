/* sql/lexer.h - tokens of Redshift SQL.
 *
 * Pure: no allocation, cost linear in the bytes, any byte is safe (NUL and
 * bad UTF-8 become TOKEN_BAD or part of a word). Every byte of the input is
 * in exactly one token. A text may be cut anywhere at a line end: what an
 * unfinished literal, name, dollar quote or comment needs is in the state,
 * and the next text goes on from there.
 */
#ifndef SQL_LEXER_H
#define SQL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_END,
	TOKEN_BLANK,   /* blanks, tabs, line ends */
	TOKEN_COMMENT, /* -- to the line end, or nested slash-star */
	TOKEN_WORD,    /* name or keyword without quotes */
	TOKEN_TEMP,    /* #name: a temporary table of Redshift */
	TOKEN_NAME,    /* "quoted", U&"quoted" */
	TOKEN_LITERAL, /* '...' E'...' B'...' X'...' N'...' U&'...' */
	TOKEN_DOLLAR,  /* $$...$$ $tag$...$tag$ */
	TOKEN_NUMBER,
	TOKEN_PARAM,     /* $1 */
	TOKEN_VARIABLE,  /* :name :'name' :"name" :{?name}; option only */
	TOKEN_CAST,      /* :: */
	TOKEN_OPERATOR,  /* + <= ~* ... and a lone : or := */
	TOKEN_PUNCT,     /* one of ( ) [ ] , ; . { } */
	TOKEN_BACKSLASH, /* \ outside of quotes: psql's meta-command, or \; */
	TOKEN_BAD,       /* a byte that begins nothing */
};

struct token {
	enum token_kind kind;
	const char *text; /* into the lexer's text */
	size_t len;
	size_t at;    /* offset in the lexer's text */
	bool open;    /* not closed before the end of the text */
	bool escapes; /* a literal in which backslash escapes */
};

enum lexer_inside { /* what is open at the end of a text */
		    LEXER_NOTHING,
		    LEXER_LITERAL,
		    LEXER_NAME,
		    LEXER_DOLLAR,
		    LEXER_COMMENT,
};

enum {
	LEXER_TAG_BYTES = 127 /* longest $tag$, as the longest name */
};

struct lexer_state { /* {0}: at the start; may be copied */
	enum lexer_inside inside;
	bool escapes;   /* inside a literal with escapes */
	bool bits;      /* inside B'' or X'': a doubled quote ends it and
			 * begins a plain one */
	int depth;      /* of comments */
	size_t tag_len; /* "$tag$" with both dollars */
	char tag[LEXER_TAG_BYTES + 2];
};

enum lexer_option { /* a bit set */
		    LEXER_ESCAPES =
			    1, /* backslash escapes in plain '...': true of
				 * every Redshift server */
		    LEXER_VARIABLES = 2, /* :name is a TOKEN_VARIABLE */
		    LEXER_JUNK = 4, /* 1a and $1a are a number each, as psql 15
				     * has it; Redshift: a number and a name */
};

struct lexer {
	const char *text; /* borrowed */
	size_t len;
	size_t at;
	unsigned options;
	struct lexer_state state;
};

/* from NULL: at the start. text is borrowed while the lexer is used. */
void lexer_init(struct lexer *lexer, const char *text, size_t len,
		unsigned options, const struct lexer_state *from);

/* The next token; TOKEN_END for ever after the last. Afterwards
 * lexer->state says what is open. */
struct token lexer_next(struct lexer *lexer);

/* As lexer_next without blanks and comments. */
struct token lexer_next_solid(struct lexer *lexer);

/* The keyword or unquoted name, without regard to case. */
bool token_is(const struct token *token, const char *word);

/* A TOKEN_PUNCT or one-byte TOKEN_OPERATOR. */
bool token_is_char(const struct token *token, char c);

#endif
