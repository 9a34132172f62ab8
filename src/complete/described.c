#include "complete/described.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "sql/expect.h"
#include "sql/syntax.h"

#define KIND(kind) (UINT64_C(1) << SYNTAX_##kind)

/* Longer names before those they begin with. */
static const struct described rows[] = {
	{ "dconfig", EXPECT_SETTING, 0 },
	{ "dshares", 0, KIND(DATASHARE) },
	{ "drds", EXPECT_USER, 0 },
	{ "drg", EXPECT_USER, KIND(GROUP) | KIND(ROLE) },
	{ "ddp", EXPECT_SCHEMA, 0 },
	{ "dd", EXPECT_RELATION, 0 },
	{ "da", 0, KIND(FUNCTION) },
	{ "dfp", EXPECT_PROCEDURE, 0 },
	{ "dfn", 0, KIND(FUNCTION) },
	{ "df", EXPECT_PROCEDURE, KIND(FUNCTION) },
	{ "dg", EXPECT_USER, KIND(GROUP) | KIND(ROLE) },
	{ "du", EXPECT_USER, KIND(GROUP) | KIND(ROLE) },
	{ "dn", EXPECT_SCHEMA, 0 },
	{ "dp", EXPECT_RELATION, 0 },
	{ "z", EXPECT_RELATION, 0 },
	{ "dR", 0, KIND(ROLE) },
	{ "dT", EXPECT_TYPE, 0 },
	{ "dC", EXPECT_TYPE, 0 },
	{ "dv", EXPECT_VIEW, 0 },
	{ "dm", EXPECT_VIEW | EXPECT_MATERIALIZED, 0 },
	{ "dt", EXPECT_TABLE, 0 },
	{ "dE", 0, KIND(EXTERNAL_TABLE) },
	{ "de", 0, KIND(EXTERNAL_TABLE) },
	{ "list", EXPECT_DATABASE, 0 },
	{ "l", EXPECT_DATABASE, 0 },
	{ "d", EXPECT_RELATION, 0 },
};

const struct described *described_by(const char *command)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t len = strlen(rows[i].command);

		/* Letters behind it that only choose among the same. */
		if (strncmp(command, rows[i].command, len) == 0 &&
		    strspn(command + len, "Sx+tvmEanpw") ==
			    strlen(command + len))
			return &rows[i];
	}
	return NULL;
}
