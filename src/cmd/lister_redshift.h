/* cmd/lister_redshift.h - the listings of Redshift: the rows.
 *
 * Only relations and columns that the guide or public clients show, and only
 * functions that Redshift has. Leader relations and views over compute nodes
 * never stand in one query.
 */
#ifndef CMD_LISTER_REDSHIFT_H
#define CMD_LISTER_REDSHIFT_H

#include "cmd/lister.h"

extern const struct lister lister_redshift[];

#endif
