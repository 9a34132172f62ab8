#include "cmd/absent.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

/* The first row whose command begins what was typed; longer names first. */
static const struct {
	const char *command;
	const char *reason;
} rows[] = {
	{ "dAc", "Redshift has no operator classes, as it has no indexes" },
	{ "dAf", "Redshift has no operator families, as it has no indexes" },
	{ "dAo", "Redshift has no operator families, as it has no indexes" },
	{ "dAp", "Redshift has no operator families, as it has no indexes" },
	{ "dA", "Redshift has no access methods; \\dt+ shows how tables are "
		"distributed" },
	{ "db", "Redshift has no tablespaces; the service manages storage" },
	{ "dc", "Redshift has no encoding conversions; its text is UTF-8, and "
		"COPY has ENCODING" },
	{ "dD", "Redshift has no domains; \\dTS lists its data types" },
	{ "des", "Redshift has no foreign servers; \\dn+ shows external "
		 "schemas" },
	{ "det", "Redshift has no foreign tables; \\dE lists external tables" },
	{ "deu", "Redshift has no user mappings; external schemas have an IAM "
		 "role, \\dn+ shows them" },
	{ "dew", "Redshift has no foreign-data wrappers; \\dn+ shows external "
		 "schemas" },
	{ "dFd", "Redshift has no text search; LIKE, SIMILAR TO and REGEXP_ "
		 "functions look into text" },
	{ "dF", "Redshift has no text search; LIKE, SIMILAR TO and REGEXP_ "
		"functions look into text" },
	{ "di", "Redshift has no indexes; \\d TABLE shows sort keys" },
	{ "dl", "Redshift has no large objects; files belong into S3, see "
		"\\s3ls" },
	{ "dO", "Redshift has no list of collations; \\d TABLE shows COLLATE of"
		" columns" },
	{ "dP", "Redshift has no partitioned tables; external tables have "
		"partitions, see svv_external_partitions" },
	{ "dRp", "Redshift has no publications; datashares take their place, "
		 "\\dshares lists them" },
	{ "dRs", "Redshift has no subscriptions; datashares take their place, "
		 "\\dshares lists them" },
	{ "ds", "Redshift has no sequences; \\d TABLE shows IDENTITY columns" },
	{ "dx", "Redshift has no extensions; CREATE LIBRARY and CREATE FUNCTION"
		" add functions" },
	{ "dX", "Redshift has no extended statistics; ANALYZE keeps what the "
		"planner needs" },
	{ "dy", "Redshift has no event triggers, as it has no triggers" },
	{ "lo_list", "Redshift has no large objects; files belong into S3, see"
		     " \\s3ls" },
};

const char *absent_reason(const char *typed)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strncmp(typed, rows[i].command, strlen(rows[i].command)) ==
		    0)
			return rows[i].reason;
	return NULL;
}
