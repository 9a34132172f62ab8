#include "complete/described.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "sql/expect.h"

/* Longer names before those they begin with. Behind them letters that only
 * choose among the same. */
static const struct {
	const char *command;
	unsigned what;
} rows[] = {
	{ "dconfig", EXPECT_SETTING },
	{ "drds", EXPECT_USER },
	{ "drg", EXPECT_USER },
	{ "ddp", EXPECT_SCHEMA },
	{ "dd", EXPECT_TABLE | EXPECT_VIEW },
	{ "da", EXPECT_PROCEDURE },
	{ "df", EXPECT_PROCEDURE },
	{ "dg", EXPECT_USER },
	{ "du", EXPECT_USER },
	{ "dn", EXPECT_SCHEMA },
	{ "dp", EXPECT_TABLE | EXPECT_VIEW },
	{ "z", EXPECT_TABLE | EXPECT_VIEW },
	{ "dT", EXPECT_TYPE },
	{ "dC", EXPECT_TYPE },
	{ "dv", EXPECT_VIEW },
	{ "dm", EXPECT_VIEW },
	{ "dt", EXPECT_TABLE },
	{ "dE", EXPECT_TABLE },
	{ "de", EXPECT_TABLE },
	{ "list", EXPECT_DATABASE },
	{ "l", EXPECT_DATABASE },
	{ "d", EXPECT_TABLE | EXPECT_VIEW },
};

unsigned described_by(const char *command)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t len = strlen(rows[i].command);

		if (strncmp(command, rows[i].command, len) == 0 &&
		    strspn(command + len, "Sx+tvmEanpw") ==
			    strlen(command + len))
			return rows[i].what;
	}
	return EXPECT_NOTHING;
}
