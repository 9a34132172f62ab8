/* load/header.h - is the first record of a sample a line of names?
 *
 * It is where it does not fit the types of the columns below it. Where all of
 * those are text it is where it reads like names, or is of another make than
 * what stands below: "last_name" above "Smith" and "Jones". Pure.
 */
#ifndef LOAD_HEADER_H
#define LOAD_HEADER_H

#include <stdbool.h>

struct facts;
struct infer_column;
struct sniff;

/* facts and columns, [sniff->fields], are of the records behind the first. */
bool header_is_first(const struct sniff *sniff, const struct facts *facts,
		     const struct infer_column *columns);

#endif
