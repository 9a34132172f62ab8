#include "complete/clause.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "catalog/lookup.h"
#include "complete/offer.h"
#include "complete/option.h"
#include "complete/parts.h"
#include "complete/relations.h"
#include "complete/source.h"
#include "complete/words.h"
#include "sql/call.h"
#include "sql/lexer.h"
#include "sql/quote.h"

enum { BEHIND_WORDS = 60 }; /* rank: DEFAULT, then 'texts' */

/* ---- where ---- */

/* "a." is before the cursor. Else the qualifier is the name of a setting, for
 * its value. */
static bool is_qualified(const struct source_ask *ask)
{
	const struct expect *expect = &ask->expect;

	return expect->qualifier_len > 0 && expect->qualifier >= ask->sql &&
	       expect->qualifier < ask->sql + expect->start &&
	       expect->qualifier[expect->qualifier_len] == '.';
}

/* Where the name at the cursor begins, with its quote and what qualifies it. */
static size_t start_of(const struct source_ask *ask)
{
	const struct expect *expect = &ask->expect;
	size_t start = expect->start;

	if (is_qualified(ask))
		return (size_t)(expect->qualifier - ask->sql);
	if (expect->quote != 0 && start > 0)
		start--;
	/* E'...', N'...' */
	if (expect->quote == '\'' && start > 0 &&
	    strchr("eEnN", ask->sql[start - 1]) != NULL)
		start--;
	return start;
}

/* A number, a comment or the like is being typed. */
static bool is_no_name(const struct source_ask *ask)
{
	struct lexer lexer;
	struct token token;

	if (ask->expect.quote != 0 || ask->expect.start >= ask->cursor)
		return false;
	lexer_init(&lexer, ask->sql + ask->expect.start,
		   ask->cursor - ask->expect.start, LEXER_ESCAPES, NULL);
	token = lexer_next(&lexer);
	return token.kind != TOKEN_WORD && token.kind != TOKEN_TEMP &&
	       token.kind != TOKEN_NAME;
}

/* ---- kinds ---- */

/* What the kinds are for sql/expect and complete/source; the others stand
 * below. */
static const struct {
	enum syntax_kind kind;
	unsigned what;
} guesses[] = {
	{ SYNTAX_TABLE, EXPECT_TABLE | EXPECT_SCHEMA },
	{ SYNTAX_RELATION, EXPECT_RELATION | EXPECT_SCHEMA },
	{ SYNTAX_VIEW, EXPECT_VIEW | EXPECT_PLAIN | EXPECT_SCHEMA },
	{ SYNTAX_MVIEW, EXPECT_VIEW | EXPECT_MATERIALIZED },
	{ SYNTAX_COLUMN, EXPECT_COLUMN },
	{ SYNTAX_TARGET_COLUMN, EXPECT_COLUMN },
	{ SYNTAX_SCHEMA, EXPECT_SCHEMA },
	{ SYNTAX_DATABASE, EXPECT_DATABASE },
	{ SYNTAX_USER, EXPECT_USER },
	{ SYNTAX_PROCEDURE, EXPECT_PROCEDURE },
	{ SYNTAX_TYPE, EXPECT_TYPE },
	{ SYNTAX_ENCODING, EXPECT_ENCODING },
};

static void add_words(struct clause *clause, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++)
		vec_push(&clause->words, *words);
}

static void set_words(struct clause *clause, struct source_ask *ask)
{
	for (size_t i = 0; i < clause->follow.words.count; i++)
		vec_push(&clause->words, clause->follow.words.items[i]);
	if (follow_has(&clause->follow, SYNTAX_QUERY)) {
		vec_push(&clause->words, "SELECT");
		vec_push(&clause->words, "WITH");
	}
	vec_push(&clause->words, NULL);
	ask->expect.words = clause->words.items;
	ask->expect.what |= EXPECT_WORD;
}

static void set_name(const struct follow_name *name, const char **out_text,
		     size_t *out_len)
{
	*out_text = name->text;
	*out_len = name->len;
}

static void set_kinds(struct clause *clause, struct source_ask *ask)
{
	const struct follow *follow = &clause->follow;
	struct expect *expect = &ask->expect;
	bool target = follow_has(follow, SYNTAX_TARGET_COLUMN);

	for (size_t i = 0; i < COUNT_OF(guesses); i++)
		if (follow_has(follow, guesses[i].kind))
			expect->what |= guesses[i].what;
	if (follow_has(follow, SYNTAX_TABLE_COLUMN))
		expect->what |= expect->qualifier_len > 0
					? EXPECT_COLUMN
					: EXPECT_TABLE | EXPECT_VIEW;
	else if (target || follow_has(follow, SYNTAX_COLUMN))
		set_name(target ? &follow->first : &follow->about,
			 &expect->table, &expect->table_len);
	/* Of a table that is not named yet. */
	if (follow_has(follow, SYNTAX_COLUMN) && follow->about.len == 0)
		expect->what &= ~(unsigned)EXPECT_COLUMN;
}

/* Within a literal: values only. */
static void narrow_literal(struct clause *clause, struct source_ask *ask)
{
	ask->expect.what = EXPECT_NOTHING;
	if (follow_has(&clause->follow, SYNTAX_S3) ||
	    follow_has(&clause->follow, SYNTAX_SOURCE))
		ask->expect.what = EXPECT_S3_URI;
}

void clause_narrow(struct clause *clause, struct source_ask *ask)
{
	struct expect *expect = &ask->expect;
	struct follow *follow = &clause->follow;
	unsigned guess = expect->what;
	enum call_place call;
	bool in_expr;

	if ((guess & EXPECT_VARIABLE) != 0 || is_no_name(ask))
		return;
	call = call_at(ask->sql, start_of(ask));
	if (call != CALL_NOTHING) {
		/* Zones and the like may be columns as well. */
		if (expect->quote != 0 || call == CALL_PART ||
		    call == CALL_FIELD || call == CALL_PART_TEXT ||
		    call == CALL_TYPE)
			expect->what = EXPECT_NOTHING;
		clause->own = true;
		return;
	}
	follow_at(ask->sql, start_of(ask), follow);
	if (!follow->known)
		return;
	if (follow->deep) {
		/* What may come behind the query or expression. */
		if (expect->quote == 0 && (guess & ~(unsigned)EXPECT_WORD) == 0)
			add_words(clause, expect->words);
		if (clause->words.count > 0)
			set_words(clause, ask);
		return;
	}
	clause->own = true;
	if (!is_qualified(ask))
		expect->qualifier_len = 0;
	if (expect->quote == '\'') {
		narrow_literal(clause, ask);
		return;
	}
	in_expr = follow_has(follow, SYNTAX_EXPR);
	if (in_expr)
		add_words(clause, expect->words);
	else
		expect->what = EXPECT_NOTHING;
	set_words(clause, ask);
	set_kinds(clause, ask);
}

/* ---- what is not of expect's kinds ---- */

static struct complete_offer offer_of(const struct source_ask *ask,
				      enum complete_kind kind)
{
	struct complete_offer offer = OFFER_EMPTY;

	offer.list = ask->list;
	offer.prefix = ask->prefix.text;
	offer.kind = kind;
	offer.style = OFFER_AS_IS;
	offer.quote = ask->expect.quote;
	offer.after = ask->expect.quote != 0 ? 0 : ' ';
	return offer;
}

/* Values that stand in quotes, typed or not. */
static struct complete_offer text_offer(const struct source_ask *ask)
{
	struct complete_offer offer = offer_of(ask, COMPLETE_VALUE);

	offer.before = "'";
	offer.behind = "'";
	offer.after = ' ';
	offer.extra_rank = BEHIND_WORDS;
	return offer;
}

static void offer_word(void *context, const struct word *word)
{
	complete_offer_name(context, word->text, word->detail);
}

static void offer_words_of(const struct source_ask *ask, enum words_kind words,
			   struct complete_offer *offer)
{
	offer_begin(offer);
	words_each(words, ask->prefix.text, offer_word, offer);
	offer_end(offer);
}

static void offer_literals(const struct clause *clause,
			   const struct source_ask *ask)
{
	struct complete_offer offer = text_offer(ask);

	offer_begin(&offer);
	for (size_t i = 0; i < clause->follow.literals.count; i++)
		complete_offer_name(&offer, clause->follow.literals.items[i],
				    NULL);
	offer_end(&offer);
}

void clause_offer_roles(const struct source_ask *ask)
{
	struct complete_offer offer = offer_of(ask, COMPLETE_VALUE);

	if (ask->from->roles == NULL)
		return;
	offer.style = OFFER_LITERAL;
	offer.after = ' ';
	offer.extra_rank = BEHIND_WORDS;
	offer_begin(&offer);
	ask->from->roles(ask->from->context, &offer);
	offer_end(&offer);
}

void clause_offer_regions(const struct source_ask *ask)
{
	struct complete_offer offer = text_offer(ask);

	offer_words_of(ask, WORDS_REGION, &offer);
}

static void offer_own_columns(const struct clause *clause,
			      const struct source_ask *ask)
{
	struct complete_offer offer = offer_of(ask, COMPLETE_COLUMN);

	offer.style = OFFER_NAME;
	offer.after = 0;
	offer_begin(&offer);
	for (size_t i = 0; i < clause->follow.own.count; i++) {
		const struct follow_name *name = &clause->follow.own.items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;

		quote_name_read(&text, name->text, name->len, false);
		complete_offer_name(&offer, text.text, NULL);
	}
	offer_end(&offer);
}

/* ---- names of the catalog ---- */

/* Kinds that the catalog has and sql/expect does not tell apart. */
static const struct {
	enum syntax_kind kind;
	enum lookup_what what;
	enum complete_kind shown;
} catalog_kinds[] = {
	{ SYNTAX_EXTERNAL_TABLE, LOOKUP_RELATIONS, COMPLETE_TABLE },
	{ SYNTAX_GROUP, LOOKUP_GROUPS, COMPLETE_USER },
	{ SYNTAX_ROLE, LOOKUP_ROLES, COMPLETE_USER },
	{ SYNTAX_LIBRARY, LOOKUP_LIBRARIES, COMPLETE_VALUE },
	{ SYNTAX_DATASHARE, LOOKUP_DATASHARES, COMPLETE_VALUE },
	{ SYNTAX_PARAMETER, LOOKUP_SETTINGS, COMPLETE_SETTING },
};

struct found {
	struct complete_offer *offer;
	bool external; /* tables, and only those of external schemas */
	bool qualified;
};

static void offer_kind(void *context, const struct lookup_name *name)
{
	struct found *found = context;
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	const struct offer_name one = {
		.name = name->name,
		.of = name->schema,
		.detail = name->detail,
		.comment = name->comment,
		.used = name->used,
	};

	if (found->external && name->kind != LOOKUP_EXTERNAL)
		return;
	if (found->external && !found->qualified && !name->on_path) {
		quote_name(&schema, name->schema);
		str_add_char(&schema, '.');
		found->offer->before = schema.text;
	}
	offer_add(found->offer, &one);
	found->offer->before = "";
}

static void offer_catalog(const struct source_ask *ask, size_t row)
{
	struct complete_offer offer =
		source_offer(ask, catalog_kinds[row].shown);
	struct found found = {
		.offer = &offer,
		.external = catalog_kinds[row].what == LOOKUP_RELATIONS,
	};
	struct lookup_ask question = {
		.what = catalog_kinds[row].what,
		.typed = ask->prefix.text,
		.how = LOOKUP_ANY_MATCH,
		.limit = COMPLETE_MAX,
	};
	struct parts parts;

	parts_read(&parts, ask->expect.qualifier, ask->expect.qualifier_len);
	found.qualified = parts.count > 0;
	if (found.qualified)
		question.schema = parts_at(&parts, 0);
	if (found.external || !found.qualified)
		lookup_names(ask->from->lookup, &question, offer_kind, &found);
	parts_done(&parts);
}

void clause_offer_names(struct source_ask *ask, enum syntax_kind kind)
{
	for (size_t i = 0; i < COUNT_OF(catalog_kinds); i++)
		if (catalog_kinds[i].kind == kind)
			offer_catalog(ask, i);
	if (kind == SYNTAX_FUNCTION)
		relations_offer_functions(ask);
}

static void offer_settings(const struct source_ask *ask, bool all)
{
	struct complete_offer offer = offer_of(ask, COMPLETE_SETTING);

	offer_words_of(ask, WORDS_SETTING, &offer);
	if (all)
		offer_words_of(ask, WORDS_PARAMETER, &offer);
}

static void offer_values_of(const struct word *setting,
			    struct complete_offer *offer)
{
	const char *value = setting->detail;

	offer_begin(offer);
	while (*value != '\0') {
		size_t len = strcspn(value, " ");
		CLEANUP(mem_freep) char *one = mem_copy_slice(value, len);

		complete_offer_name(offer, one, NULL);
		value += len + strspn(value + len, " ");
	}
	offer_end(offer);
}

static void offer_setting_values(const struct clause *clause,
				 struct source_ask *ask)
{
	struct complete_offer offer = ask->expect.quote != 0
					      ? text_offer(ask)
					      : offer_of(ask, COMPLETE_VALUE);
	CLEANUP(mem_freep)
	char *name = mem_copy_slice(clause->follow.about.text,
				    clause->follow.about.len);
	const struct word *setting = words_find(WORDS_SETTING, name);

	if (str_equal_nocase(name, "timezone")) {
		offer = text_offer(ask);
		offer_words_of(ask, WORDS_ZONE, &offer);
	} else if (str_equal_nocase(name, "search_path")) {
		relations_offer_schemas(ask, "");
	} else if (setting != NULL) {
		offer_values_of(setting, &offer);
	}
}

/* Nothing else may stand there, and typing it is tedious. */
static void offer_scheme(const struct source_ask *ask)
{
	struct complete_offer offer = offer_of(ask, COMPLETE_VALUE);

	if (ask->expect.quote != 0 || ask->prefix.len > 0)
		return;
	offer.after = 0;
	offer.before = "'";
	offer_begin(&offer);
	complete_offer_name(&offer, "s3://", NULL);
	offer_end(&offer);
}

static void offer_call(const struct source_ask *ask)
{
	struct complete_offer text = text_offer(ask);
	struct complete_offer bare = offer_of(ask, COMPLETE_VALUE);
	bool quoted = ask->expect.quote != 0;

	text.after = bare.after = 0;
	switch (call_at(ask->sql, start_of(ask))) {
	case CALL_NOTHING:
		break;
	case CALL_FIELD:
		offer_words_of(ask, WORDS_FIELD, quoted ? &text : &bare);
		offer_words_of(ask, WORDS_PART, quoted ? &text : &bare);
		break;
	case CALL_PART:
		offer_words_of(ask, WORDS_PART, quoted ? &text : &bare);
		break;
	case CALL_PART_TEXT:
		offer_words_of(ask, WORDS_PART, &text);
		break;
	case CALL_ZONE:
		offer_words_of(ask, WORDS_ZONE, &text);
		break;
	case CALL_SETTING:
		offer_words_of(ask, WORDS_SETTING, &text);
		offer_words_of(ask, WORDS_PARAMETER, &text);
		break;
	case CALL_PRIORITY:
		offer_words_of(ask, WORDS_PRIORITY, &text);
		break;
	case CALL_COLLATION:
		offer_words_of(ask, WORDS_COLLATION, &text);
		break;
	case CALL_TYPE:
		offer_words_of(ask, WORDS_TYPE, &bare);
		break;
	}
}

void clause_supply(struct clause *clause, struct source_ask *ask)
{
	const struct follow *follow = &clause->follow;
	bool quoted = ask->expect.quote == '\'';

	if (!clause->own)
		return;
	if (!follow->known) {
		offer_call(ask);
		return;
	}
	offer_literals(clause, ask);
	if (follow_has(follow, SYNTAX_ARN))
		clause_offer_roles(ask);
	if (follow_has(follow, SYNTAX_REGION))
		clause_offer_regions(ask);
	if (follow_has(follow, SYNTAX_SETTING_VALUE))
		offer_setting_values(clause, ask);
	if (follow_has(follow, SYNTAX_S3) || follow_has(follow, SYNTAX_SOURCE))
		offer_scheme(ask);
	if (follow_has(follow, SYNTAX_COPY))
		option_offer(ask, COPY_VERB_COPY);
	if (follow_has(follow, SYNTAX_TEMPLATE))
		option_offer_template(ask);
	if (follow_has(follow, SYNTAX_UNLOAD))
		option_offer(ask, COPY_VERB_UNLOAD);
	if (quoted)
		return;
	for (int kind = 0; kind < SYNTAX_KIND_COUNT; kind++)
		if (follow_has(follow, kind))
			clause_offer_names(ask, kind);
	if (follow_has(follow, SYNTAX_OWN_COLUMN))
		offer_own_columns(clause, ask);
	if (follow_has(follow, SYNTAX_NEW_TABLE))
		relations_offer_schemas(ask, ".");
	if (follow_has(follow, SYNTAX_SETTING) ||
	    follow_has(follow, SYNTAX_PARAMETER))
		offer_settings(ask, follow_has(follow, SYNTAX_PARAMETER));
}

void clause_done(struct clause *clause)
{
	follow_done(&clause->follow);
	vec_done(&clause->words);
}
