#include "aws/paging.h"

#include <string.h>

enum { PAGES_MAX = 2000 };

void paging_done(struct paging *paging)
{
	str_done(&paging->token);
}

bool paging_next(struct paging *paging, const char *next, const char *operation,
		 struct err *err)
{
	bool again = next[0] != '\0' && strcmp(next, paging->token.text) == 0;

	if (again || (next[0] != '\0' && ++paging->pages >= PAGES_MAX)) {
		err_set(err, ERR_DATA, "%s: the list does not end%s", operation,
			again ? ": each page says that the same one follows"
			      : "");
		return err_hint(err, "try again; what the list says may be "
				     "changing just now");
	}
	str_set(&paging->token, next);
	return true;
}
