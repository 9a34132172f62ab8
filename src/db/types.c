#include "db/types.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"

enum modifier {
	MODIFIER_NONE,
	MODIFIER_LENGTH,  /* bytes + 4 */
	MODIFIER_NUMERIC, /* ((precision << 16) | scale) + 4 */
	MODIFIER_TIME,    /* digits of seconds, before the zone's words */
	MODIFIER_BITS,    /* bits, as they are */
};

/* Redshift: shared data-types list, PostgreSQL: pg_type. */
static const struct type {
	uint32_t oid;
	enum rows_kind kind;
	enum modifier modifier;
	const char *name;
	const char *after; /* behind the modifier */
} types[] = {
	{ 16, ROWS_BOOL, MODIFIER_NONE, "boolean", "" },
	{ 17, ROWS_BYTES, MODIFIER_NONE, "bytea", "" },
	{ 18, ROWS_TEXT, MODIFIER_NONE, "\"char\"", "" },
	{ 19, ROWS_TEXT, MODIFIER_NONE, "name", "" },
	{ 20, ROWS_INTEGER, MODIFIER_NONE, "bigint", "" },
	{ 21, ROWS_INTEGER, MODIFIER_NONE, "smallint", "" },
	{ 22, ROWS_TEXT, MODIFIER_NONE, "int2vector", "" },
	{ 23, ROWS_INTEGER, MODIFIER_NONE, "integer", "" },
	{ 24, ROWS_TEXT, MODIFIER_NONE, "regproc", "" },
	{ 25, ROWS_TEXT, MODIFIER_NONE, "text", "" },
	{ 26, ROWS_INTEGER, MODIFIER_NONE, "oid", "" },
	{ 28, ROWS_INTEGER, MODIFIER_NONE, "xid", "" },
	{ 29, ROWS_INTEGER, MODIFIER_NONE, "cid", "" },
	{ 30, ROWS_TEXT, MODIFIER_NONE, "oidvector", "" },
	{ 114, ROWS_JSON, MODIFIER_NONE, "json", "" },
	{ 142, ROWS_TEXT, MODIFIER_NONE, "xml", "" },
	{ 700, ROWS_FLOAT, MODIFIER_NONE, "real", "" },
	{ 701, ROWS_FLOAT, MODIFIER_NONE, "double precision", "" },
	{ 702, ROWS_TIME, MODIFIER_NONE, "abstime", "" },
	{ 705, ROWS_TEXT, MODIFIER_NONE, "unknown", "" },
	{ 790, ROWS_DECIMAL, MODIFIER_NONE, "money", "" },
	{ 869, ROWS_TEXT, MODIFIER_NONE, "inet", "" },
	{ 1000, ROWS_TEXT, MODIFIER_NONE, "boolean[]", "" },
	{ 1002, ROWS_TEXT, MODIFIER_NONE, "\"char\"[]", "" },
	{ 1003, ROWS_TEXT, MODIFIER_NONE, "name[]", "" },
	{ 1005, ROWS_TEXT, MODIFIER_NONE, "smallint[]", "" },
	{ 1007, ROWS_TEXT, MODIFIER_NONE, "integer[]", "" },
	{ 1009, ROWS_TEXT, MODIFIER_NONE, "text[]", "" },
	{ 1016, ROWS_TEXT, MODIFIER_NONE, "bigint[]", "" },
	{ 1028, ROWS_TEXT, MODIFIER_NONE, "oid[]", "" },
	{ 1033, ROWS_TEXT, MODIFIER_NONE, "aclitem", "" },
	{ 1034, ROWS_TEXT, MODIFIER_NONE, "aclitem[]", "" },
	{ 1042, ROWS_TEXT, MODIFIER_LENGTH, "character", "" },
	{ 1043, ROWS_TEXT, MODIFIER_LENGTH, "character varying", "" },
	{ 1082, ROWS_DATE, MODIFIER_NONE, "date", "" },
	{ 1083, ROWS_TIME, MODIFIER_TIME, "time", " without time zone" },
	{ 1114, ROWS_TIME, MODIFIER_TIME, "timestamp", " without time zone" },
	{ 1184, ROWS_TIME, MODIFIER_TIME, "timestamp", " with time zone" },
	{ 1186, ROWS_TIME, MODIFIER_NONE, "interval", "" },
	{ 1188, ROWS_TIME, MODIFIER_NONE, "interval year to month", "" },
	{ 1190, ROWS_TIME, MODIFIER_NONE, "interval day to second", "" },
	{ 1266, ROWS_TIME, MODIFIER_TIME, "time", " with time zone" },
	{ 1560, ROWS_TEXT, MODIFIER_BITS, "bit", "" },
	{ 1562, ROWS_TEXT, MODIFIER_BITS, "bit varying", "" },
	{ 1700, ROWS_DECIMAL, MODIFIER_NUMERIC, "numeric", "" },
	{ 1790, ROWS_TEXT, MODIFIER_NONE, "refcursor", "" },
	{ 2205, ROWS_TEXT, MODIFIER_NONE, "regclass", "" },
	{ 2206, ROWS_TEXT, MODIFIER_NONE, "regtype", "" },
	{ 2249, ROWS_TEXT, MODIFIER_NONE, "record", "" },
	{ 2278, ROWS_TEXT, MODIFIER_NONE, "void", "" },
	{ 2935, ROWS_TEXT, MODIFIER_NONE, "hllsketch", "" },
	{ 2950, ROWS_TEXT, MODIFIER_NONE, "uuid", "" },
	{ 3000, ROWS_BYTES, MODIFIER_NONE, "geometry", "" },
	{ 3001, ROWS_BYTES, MODIFIER_NONE, "geography", "" },
	{ 3802, ROWS_JSON, MODIFIER_NONE, "jsonb", "" },
	{ 3999, ROWS_BYTES, MODIFIER_NONE, "geometry", "" },
	{ 4000, ROWS_JSON, MODIFIER_NONE, "super", "" },
	{ 5069, ROWS_INTEGER, MODIFIER_NONE, "xid8", "" },
	{ 6551, ROWS_BYTES, MODIFIER_LENGTH, "varbyte", "" },
};

static const struct type *find(uint32_t oid)
{
	size_t from = 0;
	size_t to = COUNT_OF(types);

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (types[middle].oid == oid)
			return &types[middle];
		if (types[middle].oid < oid)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

enum rows_kind types_kind(uint32_t oid)
{
	const struct type *type = find(oid);

	return type ? type->kind : ROWS_TEXT;
}

bool types_is_number(uint32_t oid)
{
	return rows_kind_is_number(types_kind(oid));
}

bool types_name(uint32_t oid, int type_modifier, struct str *out)
{
	const struct type *type = find(oid);
	int less = type_modifier - 4;

	/* CHAR and BIT without a length, and intervals of some fields, have
	 * names that differ between servers. */
	if (!type || ((oid == 1042 || oid == 1560) && type_modifier < 0) ||
	    (oid == 1186 && type_modifier >= 0))
		return false;
	str_add(out, type->name);
	switch (type_modifier < 0 ? MODIFIER_NONE : type->modifier) {
	case MODIFIER_NONE:
		break;
	case MODIFIER_LENGTH:
		str_addf(out, "(%d)", less);
		break;
	case MODIFIER_NUMERIC:
		str_addf(out, "(%d,%d)", (less >> 16) & 0xffff, less & 0x7ff);
		break;
	case MODIFIER_TIME:
	case MODIFIER_BITS:
		str_addf(out, "(%d)", type_modifier);
		break;
	}
	str_add(out, type->after);
	return true;
}
