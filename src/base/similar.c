#include "base/similar.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 127 };

static bool same(char one, char two)
{
	return tolower((unsigned char)one) == tolower((unsigned char)two);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One row of the table of distances, from the two before it. */
static void next_row(const char *one, size_t i, const char *two, size_t len,
		     size_t row[3][LONGEST + 2])
{
	row[2][0] = i;
	for (size_t j = 1; j <= len; j++) {
		size_t best = row[1][j - 1] + !same(one[i - 1], two[j - 1]);

		best = least(best, row[1][j] + 1);
		best = least(best, row[2][j - 1] + 1);
		if (i > 1 && j > 1 && same(one[i - 1], two[j - 2]) &&
		    same(one[i - 2], two[j - 1]))
			best = least(best, row[0][j - 2] + 1);
		row[2][j] = best;
	}
	memcpy(row[0], row[1], (len + 1) * sizeof(row[0][0]));
	memcpy(row[1], row[2], (len + 1) * sizeof(row[0][0]));
}

size_t similar_distance(const char *one, const char *two, size_t limit)
{
	size_t row[3][LONGEST + 2] = { { 0 } };
	size_t len_one = strlen(one), len_two = strlen(two);

	if (len_one > LONGEST || len_two > LONGEST ||
	    len_one > len_two + limit || len_two > len_one + limit)
		return limit + 1;
	for (size_t j = 0; j <= len_two; j++)
		row[1][j] = j;
	for (size_t i = 1; i <= len_one; i++)
		next_row(one, i, two, len_two, row);
	return least(row[1][len_two], limit + 1);
}

void similar_consider(struct similar *similar, const char *name)
{
	size_t far = similar_distance(similar->wanted, name, 3);
	size_t most = strlen(similar->wanted) / 3;

	if (far > 3 || far > most || (similar->name && far >= similar->far))
		return;
	similar->far = far;
	similar->name = name;
}
