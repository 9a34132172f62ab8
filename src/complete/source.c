#include "complete/source.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/vec.h"
#include "catalog/lookup.h"
#include "complete/clause.h"
#include "complete/offer.h"
#include "complete/rank.h"
#include "complete/typed.h"
#include "complete/words.h"
#include "sql/quote.h"
#include "sql/scope.h"

enum {
	OFF_PATH_RANK = 100, /* names that need their schema */
	NAME_PARTS = 3,      /* database.schema.table */
};

/* ---- names in parts ---- */

/* "a"."B".c read into its parts, the last first. */
struct parts {
	struct str items[NAME_PARTS];
	size_t count;
};

static void parts_done(struct parts *parts)
{
	for (size_t i = 0; i < NAME_PARTS; i++)
		str_done(&parts->items[i]);
}

static struct parts parts_read(const char *text, size_t len)
{
	struct parts parts = { { STR_EMPTY, STR_EMPTY, STR_EMPTY }, 0 };
	size_t end = len;

	while (end > 0 && parts.count < NAME_PARTS) {
		size_t start = end;
		bool quoted = false;

		/* Back to the dot before this part; a dot between quotes is
		 * none. */
		while (start > 0) {
			char c = text[start - 1];

			if (c == '"')
				quoted = !quoted;
			else if (c == '.' && !quoted)
				break;
			start--;
		}
		quote_name_read(&parts.items[parts.count++], text + start,
				end - start, false);
		end = start > 0 ? start - 1 : 0;
	}
	return parts;
}

static const char *part(const struct parts *parts, size_t at)
{
	return at < parts->count ? parts->items[at].text : "";
}

/* ---- offers from the catalog ---- */

static struct complete_offer name_offer(const struct source_ask *ask,
					enum complete_kind kind)
{
	struct complete_offer offer = OFFER_EMPTY;

	offer.list = ask->list;
	offer.prefix = ask->prefix.text;
	offer.kind = kind;
	offer.style = OFFER_NAME;
	offer.quote = ask->expect.quote;
	return offer;
}

static void offer_found(void *context, const struct lookup_name *name)
{
	complete_offer_name(context, name->name, name->detail);
}

/* Relations are told apart by kind; those off the search path are kept for
 * the case that there is nothing else. */
struct relations {
	struct source_ask *ask;
	bool views_only;
	bool with_schema; /* write schema.name */
	size_t near;      /* names on the path */
};

static bool is_hidden_schema(const char *schema)
{
	return strncasecmp(schema, "pg_", 3) == 0 ||
	       strcasecmp(schema, "information_schema") == 0;
}

static void offer_relation(void *context, const struct lookup_name *name)
{
	struct relations *relations = context;
	struct source_ask *ask = relations->ask;
	bool is_view = lookup_is_view(name->kind);
	struct complete_offer offer =
		name_offer(ask, is_view ? COMPLETE_VIEW : COMPLETE_TABLE);
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	bool system = strcasecmp(name->schema, "pg_catalog") == 0;

	if (relations->views_only && !is_view)
		return;
	/* pg_catalog is always on the path, but only for who asks for it. */
	if (system && ask->prefix.len == 0 && !relations->with_schema &&
	    ask->expect.qualifier_len == 0)
		return;
	if (system)
		offer.extra_rank = 5;
	if (ask->expect.qualifier_len == 0) {
		bool near = name->on_path || system;

		if (near == relations->with_schema)
			return;
		if (relations->with_schema) {
			if (is_hidden_schema(name->schema) ||
			    ask->expect.quote != 0)
				return;
			quote_name(&schema, name->schema);
			str_add_char(&schema, '.');
			offer.before = schema.text;
			offer.extra_rank = OFF_PATH_RANK;
		}
		relations->near += near;
	}
	offer_begin(&offer);
	complete_offer_name(&offer, name->name, NULL);
	offer_end(&offer);
}

static void offer_relations(struct source_ask *ask, bool views_only)
{
	struct relations relations = { .ask = ask, .views_only = views_only };
	struct parts parts =
		parts_read(ask->expect.qualifier, ask->expect.qualifier_len);
	const char *schema = parts.count > 0 ? part(&parts, 0) : NULL;

	lookup_relations(ask->from->lookup, schema, ask->prefix.text,
			 COMPLETE_MAX, offer_relation, &relations);
	if (relations.near == 0 && schema == NULL && ask->prefix.len > 0) {
		relations.with_schema = true;
		lookup_relations(ask->from->lookup, NULL, ask->prefix.text,
				 COMPLETE_MAX, offer_relation, &relations);
	}
	parts_done(&parts);
}

static void offer_schema(void *context, const struct lookup_name *name)
{
	struct complete_offer *offer = context;

	if (*offer->prefix == '\0' && is_hidden_schema(name->name))
		return;
	complete_offer_name(offer, name->name, NULL);
}

static void offer_schemas(struct source_ask *ask, const char *behind)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_SCHEMA);

	offer.behind = behind;
	offer.after = *behind == '\0' ? ' ' : 0;
	offer_begin(&offer);
	lookup_schemas(ask->from->lookup, ask->prefix.text, COMPLETE_MAX,
		       offer_schema, &offer);
	offer_end(&offer);
}

/* ---- what a scope knows ---- */

static struct scope *scope_of(struct source_ask *ask)
{
	if (ask->scope == NULL)
		ask->scope = scope_new(ask->sql, ask->len, ask->cursor);
	return ask->scope;
}

static void offer_columns_of_name(struct source_ask *ask, const char *text,
				  size_t len, struct complete_offer *offer)
{
	struct parts parts = parts_read(text, len);

	if (parts.count > 0)
		lookup_columns(ask->from->lookup,
			       parts.count > 1 ? part(&parts, 1) : NULL,
			       part(&parts, 0), offer_found, offer);
	parts_done(&parts);
}

/* Columns of one table, CTE or subquery of the statement. */
static void offer_columns_of_item(struct source_ask *ask,
				  const struct scope_item *item,
				  struct complete_offer *offer)
{
	bool all = false;

	offer->extra_rank = item->depth > 0 ? 1 : 0;
	if (item->kind == SCOPE_TABLE) {
		lookup_columns(ask->from->lookup,
			       *item->schema != '\0' ? item->schema : NULL,
			       item->name, offer_found, offer);
		return;
	}
	for (size_t i = 0; item->columns != NULL && item->columns[i] != NULL;
	     i++) {
		if (strcmp(item->columns[i], "*") == 0)
			all = true;
		else
			complete_offer_name(offer, item->columns[i], NULL);
	}
	for (size_t i = 0;
	     all && item->sources != NULL && item->sources[i] != NULL; i++)
		offer_columns_of_name(ask, item->sources[i],
				      strlen(item->sources[i]), offer);
}

/* a.| by alias; t.| and s.t.| by name. */
static void offer_qualified_columns(struct source_ask *ask,
				    struct complete_offer *offer)
{
	const struct expect *expect = &ask->expect;
	struct parts parts =
		parts_read(expect->qualifier, expect->qualifier_len);
	const struct scope_item *item =
		parts.count == 1 ? scope_find(scope_of(ask), part(&parts, 0))
				 : NULL;

	if (item != NULL)
		offer_columns_of_item(ask, item, offer);
	else
		offer_columns_of_name(ask, expect->qualifier,
				      expect->qualifier_len, offer);
	parts_done(&parts);
}

static void offer_columns(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_COLUMN);
	const struct expect *expect = &ask->expect;

	offer_begin(&offer);
	if (expect->table_len > 0)
		offer_columns_of_name(ask, expect->table, expect->table_len,
				      &offer);
	else if (expect->qualifier_len > 0)
		offer_qualified_columns(ask, &offer);
	else
		for (size_t i = 0; i < scope_count(scope_of(ask)); i++)
			offer_columns_of_item(ask, scope_item(ask->scope, i),
					      &offer);
	offer_end(&offer);
}

static void offer_aliases(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_TABLE);

	if (ask->expect.qualifier_len > 0)
		return;
	offer.behind = ".";
	offer_begin(&offer);
	for (size_t i = 0; i < scope_count(scope_of(ask)); i++)
		complete_offer_name(&offer, scope_item(ask->scope, i)->alias,
				    NULL);
	offer_end(&offer);
}

/* ---- suppliers, one a kind ---- */

static void offer_tables(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_TABLE);
	const char *const *names;

	offer_relations(ask, false);
	if (ask->expect.qualifier_len > 0)
		return;
	offer_schemas(ask, ".");
	names = scope_ctes(scope_of(ask));
	offer_begin(&offer);
	for (size_t i = 0; names != NULL && names[i] != NULL; i++)
		complete_offer_name(&offer, names[i], NULL);
	offer_end(&offer);
}

static void offer_views(struct source_ask *ask)
{
	offer_relations(ask, true);
	if (ask->expect.qualifier_len == 0)
		offer_schemas(ask, ".");
}

static void offer_schemas_alone(struct source_ask *ask)
{
	offer_schemas(ask, "");
}

static void offer_own_functions(struct source_ask *ask, enum complete_kind kind)
{
	struct complete_offer offer = name_offer(ask, kind);
	struct parts parts =
		parts_read(ask->expect.qualifier, ask->expect.qualifier_len);

	offer.behind = "(";
	offer_begin(&offer);
	lookup_functions(ask->from->lookup,
			 parts.count > 0 ? part(&parts, 0) : NULL,
			 ask->prefix.text, COMPLETE_MAX, offer_found, &offer);
	offer_end(&offer);
	parts_done(&parts);
}

static void offer_word(void *context, const struct word *word)
{
	complete_offer_name(context, word->text, word->detail);
}

static void offer_functions(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_FUNCTION);

	/* Hundreds: only when something of the name is there. */
	if (ask->prefix.len == 0 && ask->expect.qualifier_len == 0)
		return;
	offer_own_functions(ask, COMPLETE_FUNCTION);
	if (ask->expect.qualifier_len > 0 || ask->expect.quote != 0)
		return;
	offer.style = OFFER_AS_IS;
	offer.behind = "(";
	offer_begin(&offer);
	words_each(WORDS_FUNCTION, ask->prefix.text, offer_word, &offer);
	offer_end(&offer);
}

static void offer_procedures(struct source_ask *ask)
{
	offer_own_functions(ask, COMPLETE_FUNCTION);
}

static void offer_databases(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_DATABASE);

	offer.after = ' ';
	offer_begin(&offer);
	lookup_databases(ask->from->lookup, ask->prefix.text, COMPLETE_MAX,
			 offer_found, &offer);
	offer_end(&offer);
}

static void offer_users(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_USER);

	offer.after = ' ';
	offer_begin(&offer);
	lookup_users(ask->from->lookup, ask->prefix.text, COMPLETE_MAX,
		     offer_found, &offer);
	offer_end(&offer);
}

static void offer_static(struct source_ask *ask, enum words_kind words,
			 enum complete_kind kind)
{
	struct complete_offer offer = name_offer(ask, kind);

	offer.style = OFFER_AS_IS;
	offer.after = ask->expect.quote != 0 ? ask->expect.quote : ' ';
	/* The range begins at an opening quote. */
	offer.before = ask->expect.quote == '\'' ? "'" : "";
	offer_begin(&offer);
	words_each(words, ask->prefix.text, offer_word, &offer);
	offer_end(&offer);
}

static void offer_types(struct source_ask *ask)
{
	offer_static(ask, WORDS_TYPE, COMPLETE_TYPE);
}

static void offer_encodings(struct source_ask *ask)
{
	offer_static(ask, WORDS_ENCODING, COMPLETE_VALUE);
}

static void offer_settings(struct source_ask *ask)
{
	offer_static(ask, WORDS_SETTING, COMPLETE_SETTING);
}

static void offer_regions(struct source_ask *ask)
{
	offer_static(ask, WORDS_REGION, COMPLETE_VALUE);
}

static void offer_setting_values(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_VALUE);
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct word *setting;
	const char *value;

	str_add_slice(&name, ask->expect.qualifier, ask->expect.qualifier_len);
	if (str_equal_nocase(name.text, "search_path")) {
		offer_schemas(ask, "");
		return;
	}
	setting = words_find(WORDS_SETTING, name.text);
	if (setting == NULL)
		return;
	offer.style = OFFER_AS_IS;
	offer.before = ask->expect.quote == '\'' ? "'" : "";
	offer.after = ask->expect.quote;
	offer_begin(&offer);
	for (value = setting->detail; *value != '\0';) {
		size_t len = strcspn(value, " ");
		CLEANUP(mem_freep) char *one = mem_copy_slice(value, len);

		complete_offer_name(&offer, one, NULL);
		value += len + strspn(value + len, " ");
	}
	offer_end(&offer);
}

static void offer_variables(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_VARIABLE);
	char before[2] = { ask->expect.quote, '\0' };

	if (ask->from->variables == NULL)
		return;
	offer.style = OFFER_AS_IS;
	offer.exact_case = true;
	offer.before = before;
	offer.after = ask->expect.quote;
	offer_begin(&offer);
	ask->from->variables(ask->from->context, &offer);
	offer_end(&offer);
}

void source_offer_s3(const struct complete_source *from, const char *typed,
		     struct complete_offer *offer)
{
	static const char scheme[] = "s3://";
	const size_t scheme_len = strlen(scheme);
	size_t first = offer->list->count;
	bool is_s3 = strncmp(typed, scheme, scheme_len) == 0;
	const char *name = is_s3 ? typed + scheme_len : "";

	if (from->s3 == NULL ||
	    (!is_s3 && strncmp(typed, scheme, strlen(typed)) != 0))
		return;
	offer->prefix = name;
	offer->exact_case = true;
	if (!from->s3(from->context, name, offer))
		offer->list->waiting = true;
	for (size_t i = first; i < offer->list->count; i++) {
		struct complete_item *item = &offer->list->items[i];
		CLEANUP(str_done) struct str whole = STR_EMPTY;

		str_addf(&whole, "%s%s", scheme, item->label);
		mem_free(item->label);
		item->label = str_take(&whole);
		if (strchr(item->label + scheme_len, '/') ==
		    item->label + strlen(item->label) - 1)
			item->kind = COMPLETE_BUCKET;
	}
}

static void offer_s3(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_KEY);

	offer.style = OFFER_LITERAL;
	offer_begin(&offer);
	source_offer_s3(ask->from, ask->prefix.text, &offer);
	offer_end(&offer);
}

bool source_is_upper(const struct source_ask *ask)
{
	size_t at = ask->expect.start;

	if (ask->prefix.len > 0)
		return isupper(
			(unsigned char)ask->prefix.text[ask->prefix.len - 1]);
	/* Nothing typed: as the statement begins. */
	for (at = 0; at < ask->len; at++)
		if (isalpha((unsigned char)ask->sql[at]))
			return isupper((unsigned char)ask->sql[at]);
	return false;
}

static void offer_words(struct source_ask *ask)
{
	struct complete_offer offer = name_offer(ask, COMPLETE_KEYWORD);
	const char *const *words = ask->expect.words;

	if (words == NULL || ask->expect.quote != 0 ||
	    ask->expect.qualifier_len > 0)
		return;
	offer.style = OFFER_WORD;
	offer.after = ' ';
	offer.upper = source_is_upper(ask);
	offer_begin(&offer);
	for (size_t i = 0; words[i] != NULL; i++)
		complete_offer_name(&offer, words[i], NULL);
	offer_end(&offer);
}

static const struct {
	unsigned what;
	void (*offer)(struct source_ask *ask);
} suppliers[] = {
	{ EXPECT_TABLE, offer_tables },
	{ EXPECT_COLUMN, offer_columns },
	{ EXPECT_ALIAS, offer_aliases },
	{ EXPECT_FUNCTION, offer_functions },
	{ EXPECT_SCHEMA, offer_schemas_alone },
	{ EXPECT_DATABASE, offer_databases },
	{ EXPECT_USER, offer_users },
	{ EXPECT_TYPE, offer_types },
	{ EXPECT_SETTING, offer_settings },
	{ EXPECT_SETTING_VALUE, offer_setting_values },
	{ EXPECT_VIEW, offer_views },
	{ EXPECT_PROCEDURE, offer_procedures },
	{ EXPECT_S3_URI, offer_s3 },
	{ EXPECT_REGION, offer_regions },
	{ EXPECT_VARIABLE, offer_variables },
	{ EXPECT_ENCODING, offer_encodings },
};

/* ---- questions ---- */

static void supply(struct source_ask *ask)
{
	for (size_t i = 0; i < COUNT_OF(suppliers); i++)
		if ((ask->expect.what & suppliers[i].what) != 0)
			suppliers[i].offer(ask);
	offer_words(ask);
}

/* An opening quote belongs to the range, and so does the closing one that an
 * editor or a person has put behind the cursor. */
static void set_range(const struct source_ask *ask, size_t offset)
{
	const struct expect *expect = &ask->expect;

	ask->list->from = offset + expect->start;
	ask->list->to = offset + ask->cursor;
	if (expect->quote == 0)
		return;
	if (expect->start > 0 && ask->sql[expect->start - 1] == expect->quote)
		ask->list->from--;
	if (ask->cursor < ask->len && ask->sql[ask->cursor] == expect->quote)
		ask->list->to++;
}

void source_complete_sql(const struct complete_source *from, const char *sql,
			 size_t len, size_t cursor, size_t offset,
			 struct complete_list *list)
{
	struct source_ask ask = {
		.from = from,
		.sql = sql,
		.len = len,
		.cursor = cursor,
		.prefix = STR_EMPTY,
		.list = list,
	};
	struct clause clause = CLAUSE_EMPTY;

	ask.expect = expect_at(sql, len, cursor);
	if ((ask.expect.what & EXPECT_VARIABLE) != 0)
		str_add_slice(&ask.prefix, sql + ask.expect.start,
			      cursor - ask.expect.start);
	else
		typed_decode(sql + ask.expect.start, cursor - ask.expect.start,
			     ask.expect.quote, &ask.prefix);
	set_range(&ask, offset);
	clause_narrow(&clause, &ask);
	supply(&ask);
	clause_supply(&clause, &ask);
	clause_done(&clause);
	scope_free(ask.scope);
	str_done(&ask.prefix);
}

void source_complete_name(const struct complete_source *from, unsigned kinds,
			  const char *text, size_t len, size_t offset,
			  struct complete_list *list)
{
	struct source_ask ask = {
		.from = from,
		.sql = text,
		.len = len,
		.cursor = len,
		.expect = { .what = kinds },
		.prefix = STR_EMPTY,
		.list = list,
	};
	bool quoted = false;

	/* After the last dot outside of quotes, and after an open quote. */
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"') {
			quoted = !quoted;
			ask.expect.start = quoted ? i + 1 : ask.expect.start;
			ask.expect.quote = quoted ? '"' : 0;
		} else if (text[i] == '.' && !quoted) {
			ask.expect.qualifier = text;
			ask.expect.qualifier_len = i;
			ask.expect.start = i + 1;
			ask.expect.quote = 0;
		}
	}
	typed_decode(text + ask.expect.start, len - ask.expect.start,
		     ask.expect.quote, &ask.prefix);
	set_range(&ask, offset);
	supply(&ask);
	scope_free(ask.scope);
	str_done(&ask.prefix);
}
