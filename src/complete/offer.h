/* complete/offer.h - names on their way into a list: filtered by what is
 * typed, written for the place where they will stand.
 */
#ifndef COMPLETE_OFFER_H
#define COMPLETE_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "complete/complete.h"

enum offer_style {
	OFFER_AS_IS,    /* variables, settings, commands */
	OFFER_WORD,     /* keywords: in the case of the text around */
	OFFER_NAME,     /* SQL names: quoted when needed */
	OFFER_ARGUMENT, /* an argument of a meta-command */
	OFFER_LITERAL,  /* in '...' of SQL */
};

struct complete_offer {
	struct complete_list *list;
	const char *prefix; /* what is typed, without quotes */
	enum complete_kind kind;
	enum offer_style style;
	const char *before; /* written in front of the name, verbatim */
	const char *behind; /* and behind it: ".", "(" */
	char quote;         /* the person opened one: '\'' or '"', or 0 */
	char after;         /* see complete_item */
	int extra_rank;     /* in steps of kinds, see complete/rank.h */
	bool near_names;    /* word starts and slips answer too */
	bool exact_case;    /* keys and paths: a and A differ */
	bool upper;         /* OFFER_WORD in capitals */
	size_t first;       /* items from here on are this offer's */
};

#define OFFER_EMPTY                                                            \
	{                                                                      \
		.prefix = "", .before = "", .behind = ""                       \
	}

struct offer_name { /* a name with what is known about it; NULL: nothing */
	const char *name;
	const char *text; /* written for it; NULL: by the style */
	const char *detail;
	const char *of;
	const char *comment;
	unsigned marks; /* enum lookup_mark */
	int used;       /* more is nearer */
	int order;
	int nearer; /* by this much, below one step of kinds */
};

/* Offers name when it answers to what is typed, which may be part of an
 * earlier word of it; complete_offer_name with all that is known. */
void offer_add(struct complete_offer *offer, const struct offer_name *name);

/* Whether a name would be offered. */
bool offer_fits(const struct complete_offer *offer, const char *name);

/* Notes where this offer's items begin. */
void offer_begin(struct complete_offer *offer);

/* Writes the texts: of arguments all or none are quoted, so that their common
 * beginning is the longest. Folders (names that end in '/') stay open. */
void offer_end(struct complete_offer *offer);

#endif
