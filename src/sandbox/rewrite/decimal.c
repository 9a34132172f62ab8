#include "sandbox/rewrite/decimal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sandbox/rewrite/nodetree.h"

enum {
	MAX_DIGITS = 38,
	MIN_QUOTIENT_SCALE = 4,
	MAX_DEPTH = 200, /* of expressions and columns followed */

	/* PostgreSQL's OIDs and enums, fixed in 15 */
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_NUMERIC = 1700,
	OPERATOR_DIVIDE = 1761,
	FUNCTION_MODIFIER = 1703, /* numeric(numeric, int4) */
	RTE_SUBQUERY = 1,
	RTE_JOIN = 2,
	RTE_CTE = 6,
	SUBLINK_EXPRESSION = 4,
	MODIFIER_OFFSET = 4,
};

/* ---- the rules of the guide */

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* Where 38 digits do not do, a quotient loses decimals, down to four. */
static struct decimal quotient(struct decimal a, struct decimal b)
{
	int scale =
		larger(MIN_QUOTIENT_SCALE, a.scale + b.precision - b.scale + 1);
	int precision = a.precision - a.scale + b.scale + scale;

	if (precision > MAX_DIGITS)
		scale = larger(MIN_QUOTIENT_SCALE,
			       scale - (precision - MAX_DIGITS));
	return (struct decimal){ precision, scale };
}

struct decimal decimal_computed(enum decimal_operation operation,
				struct decimal a, struct decimal b)
{
	int whole = larger(a.precision - a.scale, b.precision - b.scale);
	struct decimal out = { 0, larger(a.scale, b.scale) };

	if (a.precision == 0 || b.precision == 0)
		return (struct decimal){ 0, 0 };
	switch (operation) {
	case DECIMAL_ADD:
		out.precision = whole + 1 + out.scale;
		break;
	case DECIMAL_MULTIPLY:
		out.scale = a.scale + b.scale;
		out.precision = a.precision + b.precision + 1;
		break;
	case DECIMAL_DIVIDE:
		out = quotient(a, b);
		break;
	case DECIMAL_MODULO:
	case DECIMAL_MERGE:
		out.precision = whole + out.scale;
		break;
	}
	if (out.precision > MAX_DIGITS)
		out.precision = MAX_DIGITS;
	if (out.scale > out.precision)
		out.scale = out.precision;
	return out;
}

int32_t decimal_modifier(struct decimal type)
{
	if (type.precision == 0)
		return -1;
	return (int32_t)(((uint32_t)type.precision << 16 |
			  (uint32_t)type.scale) +
			 MODIFIER_OFFSET);
}

static struct decimal of_modifier(long modifier)
{
	uint32_t value = (uint32_t)(modifier - MODIFIER_OFFSET);

	if (modifier < MODIFIER_OFFSET)
		return (struct decimal){ 0, 0 };
	return (struct decimal){ (int)(value >> 16), (int)(value & 0x7FF) };
}

/* ---- types of expressions */

struct scope {
	size_t query; /* of the node */
	const struct scope *outer;
};

struct finder {
	struct nodetree tree;
	const char *sql;
	size_t len;
	struct decimal_places *places;
	int depth;
};

static const struct decimal unknown = { 0, 0 };

static struct decimal type_of(struct finder *finder, size_t at,
			      const struct scope *scope);

/* The type of column number (from 1) of a query: of all its branches. */
static struct decimal type_of_target(struct finder *finder, size_t query,
				     long number, const struct scope *outer)
{
	const struct nodetree *tree = &finder->tree;
	struct scope scope = { query, outer };
	size_t branches = node_field(tree, query, ":setOperations");
	size_t list = node_field(tree, query, ":rtable");
	struct decimal type = unknown;
	bool first = true;
	size_t entry;

	if (number < 1)
		return unknown;
	if (branches == NODE_NONE ||
	    !node_is(tree, branches, "SETOPERATIONSTMT")) {
		size_t targets = node_field(tree, query, ":targetList");
		size_t target = targets == NODE_NONE
					? NODE_NONE
					: node_member(tree, targets,
						      (size_t)number - 1);

		return target == NODE_NONE
			       ? unknown
			       : type_of(finder,
					 node_field(tree, target, ":expr"),
					 &scope);
	}
	for (size_t i = 0; list != NODE_NONE &&
			   (entry = node_member(tree, list, i)) != NODE_NONE;
	     i++) {
		struct decimal branch;

		if (node_number(tree, entry, ":rtekind", -1) != RTE_SUBQUERY)
			continue;
		branch = type_of_target(finder,
					node_field(tree, entry, ":subquery"),
					number, &scope);
		type = first ? branch
			     : decimal_computed(DECIMAL_MERGE, type, branch);
		first = false;
	}
	return type;
}

static bool same_word(const struct nodetree *tree, size_t a, size_t b)
{
	return a != NODE_NONE && b != NODE_NONE &&
	       tree->items[a].len == tree->items[b].len &&
	       memcmp(tree->items[a].text, tree->items[b].text,
		      tree->items[a].len) == 0;
}

static struct decimal type_of_cte(struct finder *finder, size_t entry,
				  long column, const struct scope *scope)
{
	const struct nodetree *tree = &finder->tree;
	size_t name = node_field(tree, entry, ":ctename");
	long up = node_number(tree, entry, ":ctelevelsup", 0);
	size_t list;
	size_t cte;

	for (; up > 0 && scope != NULL; up--)
		scope = scope->outer;
	if (scope == NULL)
		return unknown;
	list = node_field(tree, scope->query, ":cteList");
	for (size_t i = 0; list != NODE_NONE &&
			   (cte = node_member(tree, list, i)) != NODE_NONE;
	     i++)
		if (same_word(tree, node_field(tree, cte, ":ctename"), name))
			return type_of_target(
				finder, node_field(tree, cte, ":ctequery"),
				column, scope);
	return unknown;
}

/* A column without a type of its own is one of a subquery. */
static struct decimal type_of_column(struct finder *finder, size_t at,
				     const struct scope *scope)
{
	const struct nodetree *tree = &finder->tree;
	long up = node_number(tree, at, ":varlevelsup", 0);
	long column = node_number(tree, at, ":varattno", 0);
	size_t list;
	size_t entry;

	for (; up > 0 && scope != NULL; up--)
		scope = scope->outer;
	if (scope == NULL || column < 1)
		return unknown;
	list = node_field(tree, scope->query, ":rtable");
	if (list == NODE_NONE)
		return unknown;
	entry = node_member(tree, list,
			    (size_t)(node_number(tree, at, ":varno", 1) - 1));
	if (entry == NODE_NONE)
		return unknown;
	switch (node_number(tree, entry, ":rtekind", -1)) {
	case RTE_SUBQUERY:
		return type_of_target(finder,
				      node_field(tree, entry, ":subquery"),
				      column, scope);
	case RTE_JOIN:
		list = node_field(tree, entry, ":joinaliasvars");
		return list == NODE_NONE
			       ? unknown
			       : type_of(finder,
					 node_member(tree, list,
						     (size_t)column - 1),
					 scope);
	case RTE_CTE:
		return type_of_cte(finder, entry, column, scope);
	default:
		return unknown;
	}
}

static struct decimal type_of_integer(long type)
{
	switch (type) {
	case TYPE_INT2:
		return (struct decimal){ 5, 0 };
	case TYPE_INT4:
		return (struct decimal){ 10, 0 };
	case TYPE_INT8:
		return (struct decimal){ 19, 0 };
	default:
		return unknown;
	}
}

/* DECIMAL by its digits as they are written. */
static struct decimal type_of_literal(const struct finder *finder, long at)
{
	struct decimal type = unknown;
	bool point = false;

	while (at >= 0 && (size_t)at < finder->len) {
		char c = finder->sql[at++];

		if (isdigit((unsigned char)c)) {
			type.precision++;
			type.scale += point;
		} else if (c == '.' && !point) {
			point = true;
		} else {
			/* 1e5 is no DECIMAL by its digits */
			return isalpha((unsigned char)c) ? unknown : type;
		}
	}
	return type.precision <= MAX_DIGITS ? type : unknown;
}

/* The last part of the name that a call begins with. */
static size_t call_name(const struct finder *finder, long at,
			const char **out_name)
{
	size_t from = at < 0 ? finder->len : (size_t)at;
	size_t to = from;

	while (to < finder->len &&
	       (isalnum((unsigned char)finder->sql[to]) ||
		finder->sql[to] == '_' || finder->sql[to] == '.')) {
		if (finder->sql[to] == '.')
			from = to + 1;
		to++;
	}
	*out_name = finder->sql + from;
	return to - from;
}

static bool calls(const struct finder *finder, size_t at, const char *names)
{
	const char *name;
	size_t len = call_name(
		finder, node_number(&finder->tree, at, ":location", -1), &name);
	const char *next;

	for (; *names != '\0'; names = *next ? next + 1 : next) {
		next = names + strcspn(names, " ");
		if (len == (size_t)(next - names) &&
		    strncasecmp(name, names, len) == 0)
			return true;
	}
	return false;
}

/* Member i of the object's :args; an aggregate's are targets. */
static size_t argument(const struct finder *finder, size_t at, size_t i)
{
	const struct nodetree *tree = &finder->tree;
	size_t list = node_field(tree, at, ":args");
	size_t member =
		list == NODE_NONE ? NODE_NONE : node_member(tree, list, i);

	if (member != NODE_NONE && node_is(tree, member, "TARGETENTRY"))
		return node_field(tree, member, ":expr");
	return member;
}

/* An integer constant; otherwise, also for all else, that. */
static long constant(const struct finder *finder, size_t at, long otherwise)
{
	const struct nodetree *tree = &finder->tree;
	size_t value;
	uint32_t bits = 0;

	if (at == NODE_NONE || !node_is(tree, at, "CONST") ||
	    node_number(tree, at, ":consttype", 0) != TYPE_INT4)
		return otherwise;
	value = node_field(tree, at, ":constvalue");
	if (value == NODE_NONE || value + 6 > tree->count)
		return otherwise;
	for (int i = 0; i < 4; i++)
		bits |= ((uint32_t)strtol(tree->items[value + 2 + i].text, NULL,
					  10) &
			 0xFF)
			<< 8 * i;
	return (int32_t)bits;
}

static struct decimal type_of_aggregate(struct finder *finder, size_t at,
					const struct scope *scope)
{
	struct decimal type = type_of(finder, argument(finder, at, 0), scope);

	if (type.precision == 0)
		return unknown;
	if (calls(finder, at, "sum avg"))
		type.precision = MAX_DIGITS;
	else if (!calls(finder, at,
			"min max first_value last_value nth_value "
			"lag lead any_value"))
		return unknown;
	return type;
}

static struct decimal type_of_call(struct finder *finder, size_t at,
				   const struct scope *scope)
{
	const struct nodetree *tree = &finder->tree;
	size_t first = argument(finder, at, 0);
	size_t second = argument(finder, at, 1);
	struct decimal type;
	long digits;

	if (node_number(tree, at, ":funcid", 0) == FUNCTION_MODIFIER)
		return of_modifier(constant(finder, second, -1));
	/* of an integer that an operator or a cast makes a DECIMAL */
	if (node_number(tree, at, ":funcformat", 0) == 2 ||
	    calls(finder, at, "abs"))
		return type_of(finder, first, scope);
	if (!calls(finder, at, "round trunc"))
		return unknown;
	type = type_of(finder, first, scope);
	digits = second == NODE_NONE ? 0 : constant(finder, second, -1);
	if (type.precision == 0 || digits < 0 || digits > type.scale)
		return unknown;
	type.precision -= type.scale - (int)digits;
	type.scale = (int)digits;
	return type;
}

static struct decimal type_of_operator(struct finder *finder, size_t at,
				       const struct scope *scope)
{
	static const struct {
		long oid;
		enum decimal_operation operation;
	} rows[] = {
		{ 1758, DECIMAL_ADD },      { 1759, DECIMAL_ADD },
		{ 1760, DECIMAL_MULTIPLY }, { OPERATOR_DIVIDE, DECIMAL_DIVIDE },
		{ 1762, DECIMAL_MODULO },
	};
	long oid = node_number(&finder->tree, at, ":opno", 0);
	struct decimal first = type_of(finder, argument(finder, at, 0), scope);

	if (oid == 1751) /* - before one operand */
		return first;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].oid == oid)
			return decimal_computed(rows[i].operation, first,
						type_of(finder,
							argument(finder, at, 1),
							scope));
	return unknown;
}

/* All of a list of expressions, or of a CASE. */
static struct decimal type_of_merged(struct finder *finder, size_t at,
				     const struct scope *scope)
{
	const struct nodetree *tree = &finder->tree;
	size_t otherwise = node_field(tree, at, ":defresult");
	struct decimal type = unknown;
	bool first = true;
	size_t member;

	for (size_t i = 0; (member = argument(finder, at, i)) != NODE_NONE;
	     i++) {
		struct decimal one;

		if (node_is(tree, member, "CASEWHEN"))
			member = node_field(tree, member, ":result");
		one = type_of(finder, member, scope);
		type = first ? one : decimal_computed(DECIMAL_MERGE, type, one);
		first = false;
	}
	if (otherwise != NODE_NONE && node_is(tree, otherwise, "CONST") &&
	    strncmp(tree->items[node_field(tree, otherwise, ":constisnull")]
			    .text,
		    "true", 4) == 0)
		return type;
	if (otherwise != NODE_NONE)
		type = decimal_computed(DECIMAL_MERGE, type,
					type_of(finder, otherwise, scope));
	return type;
}

static struct decimal type_of_constant(struct finder *finder, size_t at)
{
	const struct nodetree *tree = &finder->tree;
	long modifier = node_number(tree, at, ":consttypmod", -1);

	if (modifier >= 0)
		return of_modifier(modifier);
	return type_of_literal(finder, node_number(tree, at, ":location", -1));
}

/* 0: the node does not say. */
static long result_type(const struct nodetree *tree, size_t at)
{
	static const char *const fields[] = {
		":vartype",        ":consttype",    ":opresulttype",
		":funcresulttype", ":aggtype",      ":wintype",
		":casetype",       ":coalescetype", ":minmaxtype",
		":resulttype",     ":paramtype",
	};

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		long type = node_number(tree, at, fields[i], 0);

		if (type != 0)
			return type;
	}
	return 0;
}

static struct decimal type_of_node(struct finder *finder, size_t at,
				   const struct scope *scope)
{
	const struct nodetree *tree = &finder->tree;

	long type = result_type(tree, at);

	if (type != TYPE_NUMERIC && type != 0)
		return type_of_integer(type);
	if (node_is(tree, at, "VAR")) {
		long modifier = node_number(tree, at, ":vartypmod", -1);

		return modifier >= 0 ? of_modifier(modifier)
				     : type_of_column(finder, at, scope);
	}
	if (node_is(tree, at, "CONST"))
		return type_of_constant(finder, at);
	if (node_is(tree, at, "OPEXPR"))
		return type_of_operator(finder, at, scope);
	if (node_is(tree, at, "FUNCEXPR"))
		return type_of_call(finder, at, scope);
	if (node_is(tree, at, "AGGREF") || node_is(tree, at, "WINDOWFUNC"))
		return type_of_aggregate(finder, at, scope);
	if (node_is(tree, at, "COALESCEEXPR") || node_is(tree, at, "MINMAXEXPR") ||
	    node_is(tree, at, "CASEEXPR"))
		return type_of_merged(finder, at, scope);
	if (node_is(tree, at, "NULLIFEXPR"))
		return type_of(finder, argument(finder, at, 0), scope);
	if (node_is(tree, at, "RELABELTYPE"))
		return type_of(finder, node_field(tree, at, ":arg"), scope);
	if (node_is(tree, at, "SUBLINK") &&
	    node_number(tree, at, ":subLinkType", -1) == SUBLINK_EXPRESSION)
		return type_of_target(
			finder, node_field(tree, at, ":subselect"), 1, scope);
	return unknown;
}

static struct decimal type_of(struct finder *finder, size_t at,
			      const struct scope *scope)
{
	struct decimal type = unknown;

	if (at == NODE_NONE || finder->depth >= MAX_DEPTH)
		return unknown;
	finder->depth++;
	type = type_of_node(finder, at, scope);
	finder->depth--;
	return type;
}

/* ---- the statement */

static void add_place(struct finder *finder, long at, bool is_avg, int scale)
{
	struct decimal_places *places = finder->places;
	size_t i = places->count;

	if (at < 0 || (size_t)at >= finder->len)
		return;
	for (size_t k = 0; k < places->count; k++)
		if (places->items[k].at == (size_t)at)
			return;
	vec_push(places, ((struct decimal_place){ (size_t)at, is_avg, scale }));
	for (; i > 0 && places->items[i - 1].at > (size_t)at; i--) {
		struct decimal_place moved = places->items[i];

		places->items[i] = places->items[i - 1];
		places->items[i - 1] = moved;
	}
}

static void look_at(struct finder *finder, size_t at, const struct scope *scope)
{
	const struct nodetree *tree = &finder->tree;
	long place = node_number(tree, at, ":location", -1);
	struct decimal type = unknown;
	bool is_avg = false;

	if (node_is(tree, at, "OPEXPR") && place >= 0 &&
	    (size_t)place < finder->len && finder->sql[place] == '/' &&
	    node_number(tree, at, ":opno", 0) == OPERATOR_DIVIDE)
		type = type_of(finder, at, scope);
	else if ((node_number(tree, at, ":aggtype", 0) == TYPE_NUMERIC ||
		  node_number(tree, at, ":wintype", 0) == TYPE_NUMERIC) &&
		 calls(finder, at, "avg")) {
		is_avg = true;
		type = type_of(finder, at, scope);
	}
	if (type.precision > 0)
		add_place(finder, place, is_avg, type.scale);
}

static void walk(struct finder *finder, size_t at, const struct scope *scope,
		 int depth)
{
	const struct nodetree *tree = &finder->tree;
	struct scope own = { at, scope };
	size_t end = node_end(tree, at);

	if (end == at + 1 || depth > MAX_DEPTH)
		return;
	if (node_is(tree, at, "QUERY"))
		scope = &own;
	else if (scope != NULL)
		look_at(finder, at, scope);
	for (size_t i = at + 1; i + 1 < end; i = node_end(tree, i))
		walk(finder, i, scope, depth + 1);
}

static void find_columns(struct finder *finder, struct decimal_columns *columns)
{
	const struct nodetree *tree = &finder->tree;
	size_t list = node_field(tree, 0, ":targetList");
	size_t target;

	for (size_t i = 0; list != NODE_NONE &&
			   (target = node_member(tree, list, i)) != NODE_NONE;
	     i++) {
		size_t junk = node_field(tree, target, ":resjunk");

		if (junk != NODE_NONE && tree->items[junk].text[0] == 't')
			continue;
		/* what is no numeric is not looked at by who uses them */
		vec_push(columns, decimal_modifier(type_of_target(
					  finder, 0, (long)i + 1, NULL)));
	}
}

bool decimal_find(const char *tree, const char *sql, size_t len,
		  struct decimal_places *places,
		  struct decimal_columns *columns)
{
	struct finder finder = { .sql = sql, .len = len, .places = places };
	bool fine = nodetree_init(&finder.tree, tree) &&
		    finder.tree.count > 0 && node_is(&finder.tree, 0, "QUERY");

	if (fine) {
		walk(&finder, 0, NULL, 0);
		find_columns(&finder, columns);
	}
	nodetree_done(&finder.tree);
	return fine;
}
