/* cmd/absent.h - psql's commands about what Redshift has none of: the rows. */
#ifndef CMD_ABSENT_H
#define CMD_ABSENT_H

/* One sentence: what Redshift lacks and what to use. NULL: not among them. */
const char *absent_reason(const char *typed);

#endif
