#include "cmd/type_name.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"

/* pg_type and format_type() both know others by themselves. */
static const struct {
	const char *typed;
	const char *canonical;
} names[] = {
	{ "decimal", "numeric" },
	{ "float", "double precision" },
	{ "int", "integer" },
	{ "bool[]", "boolean[]" },
	{ "decimal[]", "numeric[]" },
	{ "float[]", "double precision[]" },
	{ "float4[]", "real[]" },
	{ "float8[]", "double precision[]" },
	{ "int[]", "integer[]" },
	{ "int2[]", "smallint[]" },
	{ "int4[]", "integer[]" },
	{ "int8[]", "bigint[]" },
	{ "time[]", "time without time zone[]" },
	{ "timetz[]", "time with time zone[]" },
	{ "timestamp[]", "timestamp without time zone[]" },
	{ "timestamptz[]", "timestamp with time zone[]" },
	{ "varbit[]", "bit varying[]" },
	{ "varchar[]", "character varying[]" },
};

const char *type_name_canonical(const char *typed)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_equal_nocase(names[i].typed, typed))
			return names[i].canonical;
	return typed;
}
