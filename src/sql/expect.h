/* sql/expect.h - what may stand at the cursor.
 *
 * For completion: looks at the tokens before the cursor and says which kinds
 * of names fit, which words may follow, and which part of the text is being
 * typed. Pure; guesses generously, a parser it is not.
 */
#ifndef SQL_EXPECT_H
#define SQL_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

enum expect_what {                       /* a bit set */
		   EXPECT_NOTHING = 0,   /* inside a comment or plain literal */
		   EXPECT_WORD = 1 << 0, /* keywords: see words */
		   EXPECT_TABLE = 1 << 1, /* tables, external ones too */
		   EXPECT_COLUMN =
			   1 << 2, /* of the tables in scope, or of qualifier */
		   EXPECT_FUNCTION = 1 << 3,
		   EXPECT_SCHEMA = 1 << 4,
		   EXPECT_DATABASE = 1 << 5,
		   EXPECT_USER = 1 << 6,
		   EXPECT_GROUP = 1 << 7,
		   EXPECT_ROLE = 1 << 8,
		   EXPECT_TYPE = 1 << 9,
		   EXPECT_SETTING = 1 << 10,       /* SET name, SHOW name */
		   EXPECT_SETTING_VALUE = 1 << 11, /* of qualifier */
		   EXPECT_VIEW = 1 << 12,          /* views of all kinds */
		   EXPECT_PROCEDURE = 1 << 13,
		   EXPECT_ALIAS =
			   1
			   << 14, /* alias of a table in scope, before a dot */
		   EXPECT_COPY_OPTION = 1
					<< 15, /* words of COPY's option list */
		   EXPECT_UNLOAD_OPTION = 1 << 16,
		   EXPECT_S3_URI =
			   1 << 17, /* inside the literal of COPY FROM ... */
		   EXPECT_IAM_ROLE = 1
				     << 18, /* inside the literal of IAM_ROLE */
		   EXPECT_REGION = 1 << 19, /* inside the literal of REGION */
		   EXPECT_VARIABLE = 1
				     << 20, /* a psql variable after : :' :" */
		   EXPECT_CURSOR = 1 << 21,
		   EXPECT_STATEMENT = 1 << 22, /* first word of a statement */
		   EXPECT_ENCODING = 1
				     << 23, /* column encodings after ENCODE */
		   EXPECT_CTE = 1 << 24,    /* names of WITH */
		   EXPECT_MATERIALIZED = 1 << 25, /* of the views only these */
		   EXPECT_WINDOW = 1 << 26, /* names of WINDOW w AS (...) */
		   EXPECT_PLAIN = 1 << 27,  /* of the views no materialized */
		   EXPECT_RELATION = EXPECT_TABLE | EXPECT_VIEW,
};

enum expect_place { /* where, when it says more than the kinds */
		    EXPECT_ELSEWHERE,
		    EXPECT_IN_SELECT, /* a select list */
		    EXPECT_IN_FROM,
		    EXPECT_IN_JOIN,  /* the table of a JOIN */
		    EXPECT_IN_ON,    /* the condition of a JOIN */
		    EXPECT_IN_USING, /* JOIN t USING (| */
		    EXPECT_IN_WHERE,
		    EXPECT_IN_GROUP,  /* GROUP BY */
		    EXPECT_IN_ORDER,  /* ORDER BY of the query */
		    EXPECT_IN_FILTER, /* HAVING, QUALIFY */
		    EXPECT_IN_OVER,   /* a window */
		    EXPECT_IN_LIST, /* INSERT INTO t (|, COPY t (|: see table */
		    EXPECT_IN_SET,  /* UPDATE t SET |: see table */
		    EXPECT_IN_VALUES,
		    EXPECT_BEFORE_LIST, /* INSERT INTO t |: see table */
		    EXPECT_AT_STAR, /* right behind * or s.* of a select list */
		    EXPECT_IN_QUERY_TEXT, /* in the literal of UNLOAD ('...') */
};

struct expect {
	unsigned what;
	enum expect_place place;
	/* An element begins here: no operand before since the place's word,
	 * a comma or AND. */
	bool begins;
	/* The part being typed: sql[start, cursor). Without the opening
	 * quote; quote is that quote or 0 ('$': between dollars). */
	size_t start;
	char quote;
	/* Names before the dot(s), text into sql as typed: "a" of a.co|, "s.t"
	 * of s.t.c|. For a value: the setting's name. Len 0: none. */
	const char *qualifier;
	size_t qualifier_len;
	/* Words that may come, upper case, NULL-ended, static, the likeliest
	 * first; or NULL. Words may be several ("GROUP BY"). */
	const char *const *words;
	/* The table of INSERT INTO t (|, COPY t (|, UPDATE t SET |, ALTER
	 * TABLE t DROP |, as typed. Len 0: the tables in scope. */
	const char *table;
	size_t table_len;
	/* "e.eventid" of e.eventid = |, as typed. Len 0: none. */
	const char *compared;
	size_t compared_len;
};

/* cursor: offset in sql, at most len; text after it is looked at only by
 * sql/scope. Pointers go into sql. */
struct expect expect_at(const char *sql, size_t len, size_t cursor);

#endif
