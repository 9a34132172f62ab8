/* cmd/describe_similar.h - which relation was meant by a name that is none. */
#ifndef CMD_DESCRIBE_SIMILAR_H
#define CMD_DESCRIBE_SIMILAR_H

struct session;
struct str;

/* The nearest name in the catalog of Redshift, as it is to be typed: with its
 * schema where the search path does not show it. "": none is near, or pattern
 * has * or ? in it. */
void describe_similar(struct session *session, const char *pattern,
		      struct str *out);

#endif
