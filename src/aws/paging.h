/* aws/paging.h - lists that come in pages, each with the token of the next.
 *
 * A token that comes twice would lead in a circle, and a reader that left it
 * would take half a list for the whole: either is an error, as it is for
 * botocore (paginate.py, "the same next token was received twice").
 */
#ifndef AWS_PAGING_H
#define AWS_PAGING_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct paging {
	struct str token;	/* of the page to ask for; "": the first */
	int pages;		/* that came */
};

#define PAGING_EMPTY                                                           \
	{                                                                      \
		.token = STR_EMPTY                                             \
	}

void paging_done(struct paging *paging);

/* A page has come, next is the token behind it, "" after the last: replaces
 * paging->token. ERR_DATA, which names the operation: the list would not end. */
bool paging_next(struct paging *paging, const char *next,
		 const char *operation, struct err *err);

#endif
