#include "complete/selected.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "complete/columns.h"
#include "complete/offer.h"
#include "complete/parts.h"
#include "complete/source.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/scope.h"

enum {
	LIST_MAX = 2000,   /* columns in a list */
	TEXT_MAX = 400,    /* bytes of an expression worth repeating */
	BEHIND_COLUMNS = 5 /* rank of aliases outside of GROUP and ORDER BY */
};

/* ---- the select list ---- */

/* A call of an aggregate, which cannot be grouped by. */
static bool is_aggregate(const char *text, size_t len)
{
	static const char *const names[] = {
		"count",      "sum",         "avg",     "min",
		"max",        "listagg",     "median",  "stddev",
		"variance",   "stddev_samp", "var_pop", "stddev_pop",
		"var_samp",   "any_value",   "bit_and", "bit_or",
		"bool_and",   "bool_or",     "hll",     "percentile_cont",
		"approximate"
	};
	struct lexer lexer;
	struct token token, before = { .kind = TOKEN_END };

	lexer_init(&lexer, text, len, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		for (size_t i = 0;
		     token_is_char(&token, '(') && i < COUNT_OF(names); i++)
			if (token_is(&before, names[i]))
				return true;
		before = token;
	}
	return false;
}

static void add_one_line(const char *text, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++)
		str_add_char(out, text[i] == '\n' || text[i] == '\r' ||
						  text[i] == '\t'
					  ? ' '
					  : text[i]);
}

static void offer_output(struct source_ask *ask,
			 const struct scope_output *output, int order)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_EXPRESSION);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct offer_name name = { .order = order };

	add_one_line(source_scope_text(ask) + output->at, output->len, &text);
	if (output->aliased) {
		name.name = output->name;
		name.detail = text.text;
	} else {
		/* a.b answers to b as well */
		name.name = output->plain && offer_fits(&offer, output->name)
				    ? output->name
				    : text.text;
		name.text = text.text;
		name.detail = "select list";
	}
	offer_add(&offer, &name);
}

/* The clause so far: from behind its BY to the cursor. */
static size_t clause_start(const struct source_ask *ask)
{
	const char *sql = ask->sql;
	size_t at = ask->expect.start;

	for (; at >= 3; at--)
		if (strncasecmp(sql + at - 3, "by", 2) == 0 &&
		    strchr(" \n\t", sql[at - 1]) != NULL)
			return at;
	return ask->expect.start;
}

/* Written before in the list that the cursor stands in. */
static bool is_there(const struct source_ask *ask,
		     const struct scope_output *output)
{
	static const char around[] = " \n\t,";
	const char *text = output->aliased
				   ? output->name
				   : source_scope_text(ask) + output->at;
	size_t len = output->aliased ? strlen(output->name) : output->len;
	size_t end = ask->expect.start;

	for (size_t at = clause_start(ask); at > 0 && at + len < end; at++)
		if (memcmp(ask->sql + at, text, len) == 0 &&
		    strchr(around, ask->sql[at - 1]) != NULL &&
		    strchr(around, ask->sql[at + len]) != NULL)
			return true;
	return false;
}

static bool is_grouped(const struct source_ask *ask,
		       const struct scope_output *output)
{
	return ask->expect.place != EXPECT_IN_GROUP ||
	       !is_aggregate(source_scope_text(ask) + output->at, output->len);
}

static void offer_alias(struct source_ask *ask,
			const struct scope_output *output, int order)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_EXPRESSION);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct offer_name name = { .name = output->name, .order = order };

	add_one_line(source_scope_text(ask) + output->at, output->len, &text);
	name.detail = text.text;
	offer.extra_rank = BEHIND_COLUMNS + 10;
	offer_add(&offer, &name);
}

void selected_offer(struct source_ask *ask)
{
	struct scope *scope = source_scope(ask);
	enum expect_place place = ask->expect.place;
	bool by = place == EXPECT_IN_GROUP || place == EXPECT_IN_ORDER;

	if (ask->expect.qualifier_len > 0)
		return;
	for (size_t i = 0; i < scope_output_count(scope); i++) {
		const struct scope_output *output = scope_output(scope, i);

		if (output->star || output->len == 0 || output->len > TEXT_MAX)
			continue;
		if (by && ask->expect.begins) {
			if (is_grouped(ask, output) && !is_there(ask, output))
				offer_output(ask, output, (int)i);
		} else if (output->aliased &&
			   (place != EXPECT_IN_SELECT ||
			    output->at + output->len < ask->expect.start)) {
			offer_alias(ask, output, (int)i);
		}
	}
}

/* ---- lists ---- */

/* A table before item, of the same query, has the column. */
static bool is_before(struct source_ask *ask, const struct scope_item *item,
		      const char *name)
{
	struct scope *scope = source_scope(ask);

	for (size_t i = 0; scope_item(scope, i) != item; i++) {
		const struct column_list *list =
			columns_of(ask, scope_item(scope, i));

		for (size_t k = 0; k < list->count; k++)
			if (str_equal_nocase(list->items[k].name, name))
				return true;
	}
	return false;
}

static void add_item_columns(struct source_ask *ask,
			     const struct scope_item *item, bool qualify,
			     struct str *out)
{
	const struct column_list *list = columns_of(ask, item);

	for (size_t i = 0; i < list->count && i < LIST_MAX; i++) {
		bool is_merged = columns_is_merged(ask, list->items[i].name);

		/* Once, from the first table that has it. */
		if (is_merged && is_before(ask, item, list->items[i].name))
			continue;
		if (out->len > 0)
			str_add(out, ", ");
		if (qualify && !is_merged && *item->alias != '\0') {
			quote_name(out, item->alias);
			str_add_char(out, '.');
		}
		quote_name(out, list->items[i].name);
	}
}

static void offer_text(struct source_ask *ask, const char *text,
		       const char *detail)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_COLUMNS);
	struct offer_name name = { .name = text,
				   .text = text,
				   .detail = detail };

	offer.prefix = "";
	if (*text != '\0')
		offer_add(&offer, &name);
}

void selected_offer_star(struct source_ask *ask)
{
	struct scope *scope = source_scope(ask);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct parts parts;
	size_t own = 0;

	parts_read(&parts, ask->expect.qualifier, ask->expect.qualifier_len);
	for (size_t i = 0; i < scope_count(scope); i++)
		own += scope_item(scope, i)->depth == 0;
	for (size_t i = 0; i < scope_count(scope); i++) {
		const struct scope_item *item = scope_item(scope, i);

		if (item->depth > 0)
			break;
		if (parts.count > 0 &&
		    !str_equal_nocase(item->alias, parts_at(&parts, 0)))
			continue;
		add_item_columns(ask, item, parts.count > 0 || own > 1, &text);
	}
	offer_text(ask, text.text, "all columns");
	parts_done(&parts);
}

void selected_offer_list(struct source_ask *ask)
{
	const struct expect *expect = &ask->expect;
	const struct column_list *list =
		columns_of_name(ask, expect->table, expect->table_len);
	const char *const *listed = scope_listed(source_scope(ask));
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t count = 0;

	if (ask->prefix.len > 0 || expect->quote != 0)
		return;
	for (size_t i = 0; i < list->count && i < LIST_MAX; i++) {
		bool there = false;

		for (size_t k = 0; listed[k] != NULL; k++)
			there = there || str_equal_nocase(listed[k],
							  list->items[i].name);
		if (there)
			continue;
		if (count++ > 0)
			str_add(&text, ", ");
		quote_name(&text, list->items[i].name);
	}
	if (count < 2)
		return;
	if (expect->place == EXPECT_BEFORE_LIST) {
		CLEANUP(str_done) struct str whole = STR_EMPTY;

		str_addf(&whole, "(%s)", text.text);
		offer_text(ask, whole.text, "all columns");
		return;
	}
	offer_text(ask, text.text, expect->begins ? "all columns" : "the rest");
}
