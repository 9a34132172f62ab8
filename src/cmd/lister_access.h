/* cmd/lister_access.h - listings of Redshift: who is there and may do what.
 *
 * The rows of lister_redshift that are about users, groups, roles, their
 * privileges and settings.
 */
#ifndef CMD_LISTER_ACCESS_H
#define CMD_LISTER_ACCESS_H

#include "cmd/lister.h"

extern const struct lister lister_access[];

#endif
