/* chart/wish.h - what a person asks for: the words of \chart.
 *
 *	[KIND] [X] [Y ...] [by COLUMN]
 *
 * The first word is a kind, unless the result has a column of that name and
 * no kind of that name is meant otherwise ("\chart number" is the column).
 * Names are compared as they are, then without case; a number counts columns.
 */
#ifndef CHART_WISH_H
#define CHART_WISH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"
#include "chart/chart.h"

struct rows;

struct chart_wish {
	struct {
		VEC(char *);
	} words;     /* as typed, quotes taken off, owned */
	char *title; /* NULL: made from the columns' names */
	bool log, stack, sort;
	int top;     /* 0: as many as there is room for */
	int columns; /* how many bars there is room for; 0: any */
	int rows;    /* the same, of bars that lie */
};

#define CHART_WISH_EMPTY                                                       \
	{                                                                      \
		.title = NULL                                                  \
	}

void chart_wish_done(struct chart_wish *wish);
void chart_wish_copy(struct chart_wish *to, const struct chart_wish *from);

/* Adds a word: "x", "\"My Column\"". */
void chart_wish_add(struct chart_wish *wish, const char *word);

/* The words and options of a chart line: KIND, columns, --top 5 ... Words may
 * stand in '...' or "...". ERR_USAGE. */
bool chart_wish_parse(struct chart_wish *wish, const char *line,
		      struct err *err);

struct chart_named { /* the words, understood */
	enum chart_kind kind;
	struct {
		VEC(size_t);
	} columns; /* without that of by */
	int by;    /* -1: none */
};

void chart_named_done(struct chart_named *named);

/* ERR_USAGE names the columns there are. */
bool chart_wish_read(const struct chart_wish *wish, const struct rows *rows,
		     struct chart_named *out, struct err *err);

#endif
