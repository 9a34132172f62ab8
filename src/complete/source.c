#include "complete/source.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/vec.h"
#include "catalog/lookup.h"
#include "complete/clause.h"
#include "complete/columns.h"
#include "complete/inner.h"
#include "complete/joins.h"
#include "complete/parts.h"
#include "complete/rank.h"
#include "complete/relations.h"
#include "complete/selected.h"
#include "complete/typed.h"
#include "complete/words.h"
#include "sql/expect_table.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/scope.h"

enum { BEHIND_NAMES = 5 }; /* rank: aggregates before other functions */

struct complete_offer source_offer(const struct source_ask *ask,
				   enum complete_kind kind)
{
	struct complete_offer offer = OFFER_EMPTY;

	offer.list = ask->list;
	offer.prefix = ask->prefix.text;
	offer.kind = kind;
	offer.style = OFFER_NAME;
	offer.quote = ask->expect.quote;
	offer.near_names = true;
	return offer;
}

/* A name is open at the cursor and nothing behind closes it: the quotes there
 * come in pairs. */
static bool is_left_open(const struct source_ask *ask)
{
	bool even = true;

	if (ask->expect.quote != '"')
		return false;
	for (size_t i = ask->cursor; i < ask->len; i++)
		even = even != (ask->sql[i] == '"');
	return even;
}

struct scope *source_scope(struct source_ask *ask)
{
	if (ask->scope != NULL)
		return ask->scope;
	if (is_left_open(ask)) {
		str_add_slice(&ask->whole, ask->sql, ask->cursor);
		str_add_char(&ask->whole, '"');
		str_add_slice(&ask->whole, ask->sql + ask->cursor,
			      ask->len - ask->cursor);
		ask->scope =
			scope_new(ask->whole.text, ask->whole.len, ask->cursor);
	} else {
		ask->scope = scope_new(ask->sql, ask->len, ask->cursor);
	}
	return ask->scope;
}

const char *source_scope_text(const struct source_ask *ask)
{
	return ask->whole.len > 0 ? ask->whole.text : ask->sql;
}

/* ---- suppliers, one a kind ---- */

/* FROM c, c.|: a list inside a row of c. */
static bool unnests(struct source_ask *ask)
{
	struct parts parts;
	bool found;

	if (ask->expect.qualifier_len == 0 ||
	    (ask->expect.what & EXPECT_RELATION) == 0)
		return false;
	parts_read(&parts, ask->expect.qualifier, ask->expect.qualifier_len);
	found = parts.count == 1 &&
		scope_find(source_scope(ask), parts_at(&parts, 0)) != NULL;
	parts_done(&parts);
	return found;
}

static void offer_relations(struct source_ask *ask)
{
	if (unnests(ask))
		columns_offer(ask);
	else
		relations_offer(ask);
}

static void offer_columns(struct source_ask *ask)
{
	const struct expect *expect = &ask->expect;

	if (expect->place == EXPECT_AT_STAR) {
		selected_offer_star(ask);
		return;
	}
	if (expect->place == EXPECT_IN_ON && expect->begins &&
	    expect->qualifier_len == 0 && expect->quote == 0)
		joins_offer(ask);
	columns_offer(ask);
	if (scope_count(source_scope(ask)) == 0 && expect->table_len == 0 &&
	    expect->qualifier_len == 0)
		relations_offer_columns(ask);
	if (expect->place == EXPECT_IN_LIST)
		selected_offer_list(ask);
	else if (expect->table_len == 0 && expect->place != EXPECT_IN_USING)
		selected_offer(ask);
}

/* Written without parentheses. */
static bool is_bare(const struct word *word)
{
	static const char *const starts[] = { "current_", "session_user",
					      "sysdate", "user", "localtime" };

	if (*word->detail != '\0')
		return false;
	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (strncmp(word->text, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool is_common(const char *name)
{
	static const char *const names[] = { "avg", "count", "max", "min",
					     "sum" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void offer_function(void *context, const struct word *word)
{
	struct source_ask *ask = context;
	struct complete_offer offer = source_offer(ask, COMPLETE_FUNCTION);
	enum expect_place place = ask->expect.place;
	bool sums = place == EXPECT_IN_SELECT || place == EXPECT_IN_FILTER;
	struct offer_name name = {
		.name = word->text,
		.detail = *word->detail != '\0' ? word->detail : NULL,
	};

	/* A keyword, among the functions of the documentation. */
	if (strcmp(word->text, "case") == 0)
		return;
	offer.style = OFFER_AS_IS;
	offer.near_names = false;
	offer.behind = is_bare(word) ? "" : "(";
	if (!(sums && is_common(word->text)))
		offer.extra_rank = BEHIND_NAMES;
	offer_add(&offer, &name);
}

static void offer_functions(struct source_ask *ask)
{
	relations_offer_functions(ask);
	if (ask->expect.qualifier_len > 0 || ask->expect.quote != 0)
		return;
	words_each(WORDS_FUNCTION, ask->prefix.text, offer_function, ask);
}

/* Before a name of it, or as the whole. */
static void offer_schemas(struct source_ask *ask)
{
	bool alone = (ask->expect.what & (EXPECT_RELATION | EXPECT_PROCEDURE |
					  EXPECT_FUNCTION)) == 0 &&
		     ask->expect.place == EXPECT_ELSEWHERE;

	relations_offer_schemas(ask, alone ? "" : ".");
}

static void offer_windows(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_WINDOW);
	const char *const *names = scope_windows(source_scope(ask));

	for (; *names != NULL; names++)
		complete_offer_name(&offer, *names, NULL);
}

static void offer_word(void *context, const struct word *word)
{
	complete_offer_name(context, word->text, word->detail);
}

static void offer_static(struct source_ask *ask, enum words_kind words,
			 enum complete_kind kind)
{
	struct complete_offer offer = source_offer(ask, kind);

	offer.style = OFFER_AS_IS;
	offer.near_names = false;
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
	struct complete_offer offer = source_offer(ask, COMPLETE_VALUE);
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct word *setting;
	const char *value;

	str_add_slice(&name, ask->expect.qualifier, ask->expect.qualifier_len);
	if (str_equal_nocase(name.text, "search_path")) {
		ask->expect.qualifier_len = 0;
		relations_offer_schemas(ask, "");
		return;
	}
	setting = words_find(WORDS_SETTING, name.text);
	if (setting == NULL)
		return;
	offer.style = OFFER_AS_IS;
	offer.near_names = false;
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
	struct complete_offer offer = source_offer(ask, COMPLETE_VARIABLE);
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
	struct complete_offer offer = source_offer(ask, COMPLETE_KEY);

	offer.style = OFFER_LITERAL;
	offer_begin(&offer);
	source_offer_s3(ask->from, ask->prefix.text, &offer);
	offer_end(&offer);
}

/* ---- keywords ---- */

/* The case of a word: 0 none of its own. */
static int case_of(const char *text, size_t len)
{
	int upper = 0, lower = 0;

	for (size_t i = 0; i < len; i++) {
		upper += isupper((unsigned char)text[i]) != 0;
		lower += islower((unsigned char)text[i]) != 0;
	}
	return upper > 0 && lower == 0 ? 1 : lower > 0 ? -1 : 0;
}

/* The word last typed before the cursor, a keyword as a rule: the first one
 * of the statement. */
static int case_around(const struct source_ask *ask)
{
	struct lexer lexer;
	struct token token;
	int found = 0;

	lexer_init(&lexer, ask->sql, ask->len, LEXER_ESCAPES | LEXER_VARIABLES,
		   NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		if (token.at >= ask->cursor && found != 0)
			break;
		if (token_is_char(&token, ';'))
			found = 0;
		else if (token.kind == TOKEN_WORD && found == 0)
			found = case_of(token.text, token.len);
	}
	return found;
}

/* COMP_KEYWORD_CASE: lower, upper, preserve-lower, preserve-upper. */
bool source_is_upper(const struct source_ask *ask)
{
	const char *rule = ask->from->keyword_case;
	int typed = case_of(ask->prefix.text, ask->prefix.len);

	if (rule != NULL && str_equal_nocase(rule, "upper"))
		return true;
	if (rule != NULL && str_equal_nocase(rule, "lower"))
		return false;
	if (typed == 0)
		typed = case_around(ask);
	if (typed == 0)
		return rule != NULL && str_equal_nocase(rule, "preserve-upper");
	return typed > 0;
}

/* By the first word of those guessed. */
static int order_of(const struct source_ask *ask, const char *word)
{
	size_t len = strcspn(word, " (");
	int order = 0;

	for (; ask->guessed != NULL && ask->guessed[order] != NULL; order++)
		if (strncmp(ask->guessed[order], word, len) == 0)
			break;
	return order;
}

static void offer_known_words(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_KEYWORD);
	const char *const *words = ask->expect.words;

	if (words == NULL || ask->expect.quote != 0 ||
	    ask->expect.qualifier_len > 0)
		return;
	offer.style = OFFER_WORD;
	offer.near_names = false;
	offer.after = ' ';
	offer.upper = source_is_upper(ask);
	offer_begin(&offer);
	for (size_t i = 0; words[i] != NULL; i++) {
		struct offer_name name = {
			.name = words[i],
			.order = ask->ranked_words ? (int)i : 0,
		};

		if (ask->first && !ask->ranked_words)
			name.order = order_of(ask, words[i]);

		offer_add(&offer, &name);
	}
	offer_end(&offer);
}

static void offer_words(struct source_ask *ask)
{
	if (ask->expect.place == EXPECT_BEFORE_LIST)
		selected_offer_list(ask);
	offer_known_words(ask);
}

static const struct {
	unsigned what;
	void (*offer)(struct source_ask *ask);
} suppliers[] = {
	{ EXPECT_RELATION, offer_relations },
	{ EXPECT_CTE, relations_offer_ctes },
	{ EXPECT_COLUMN, offer_columns },
	{ EXPECT_ALIAS, columns_offer_aliases },
	{ EXPECT_WINDOW, offer_windows },
	{ EXPECT_FUNCTION, offer_functions },
	{ EXPECT_SCHEMA, offer_schemas },
	{ EXPECT_DATABASE, relations_offer_databases },
	{ EXPECT_USER, relations_offer_users },
	{ EXPECT_TYPE, offer_types },
	{ EXPECT_SETTING, offer_settings },
	{ EXPECT_SETTING_VALUE, offer_setting_values },
	{ EXPECT_PROCEDURE, relations_offer_procedures },
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

static void begin(struct source_ask *ask, size_t offset)
{
	const char *typed = ask->sql + ask->expect.start;
	size_t len = ask->cursor - ask->expect.start;

	if ((ask->expect.what & EXPECT_VARIABLE) != 0)
		str_add_slice(&ask->prefix, typed, len);
	else
		typed_decode(typed, len, ask->expect.quote, &ask->prefix);
	ask->guessed = ask->expect.words;
	set_range(ask, offset);
}

static void end(struct source_ask *ask)
{
	columns_free(ask->columns);
	scope_free(ask->scope);
	str_done(&ask->prefix);
	str_done(&ask->whole);
}

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       c == '_' || c == '$';
}

/* The cursor is inside of a word that is the beginning of a candidate: then
 * what stands behind the cursor is replaced, too. */
static void take_rest(struct source_ask *ask, size_t offset)
{
	struct complete_list *list = ask->list;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	size_t end = ask->cursor;

	if (ask->expect.quote != 0 || ask->prefix.len == 0)
		return;
	while (end < ask->len && is_name_byte(ask->sql[end]))
		end++;
	if (end == ask->cursor)
		return;
	str_add(&whole, ask->prefix.text);
	str_add_slice(&whole, ask->sql + ask->cursor, end - ask->cursor);
	for (size_t i = 0; i < list->count; i++)
		if (strncasecmp(list->items[i].label, whole.text, whole.len) ==
		    0) {
			list->to = offset + end;
			return;
		}
}

/* By sql/follow where it knows the statement. */
static void supply_statement(struct source_ask *ask)
{
	struct clause clause = CLAUSE_EMPTY;

	ask->first = (ask->expect.what & EXPECT_STATEMENT) != 0;
	clause_narrow(&clause, ask);
	ask->ranked_words =
		ask->expect.words == ask->guessed || clause.follow.deep;
	supply(ask);
	clause_supply(&clause, ask);
	clause_done(&clause);
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
		.expect = expect_at(sql, len, cursor),
		.prefix = STR_EMPTY,
		.whole = STR_EMPTY,
		.list = list,
	};

	begin(&ask, offset);
	if (ask.expect.place == EXPECT_IN_QUERY_TEXT)
		inner_complete(&ask, offset);
	else
		supply_statement(&ask);
	take_rest(&ask, offset);
	end(&ask);
}

void source_complete_query(const struct complete_source *from, const char *sql,
			   size_t len, size_t cursor,
			   struct complete_list *list)
{
	struct source_ask ask = {
		.from = from,
		.sql = sql,
		.len = len,
		.cursor = cursor,
		.expect = expect_at(sql, len, cursor),
		.prefix = STR_EMPTY,
		.whole = STR_EMPTY,
		.list = list,
	};

	if ((ask.expect.what & EXPECT_STATEMENT) != 0)
		ask.expect.words = expect_query_words;
	begin(&ask, 0);
	if ((ask.expect.what & EXPECT_STATEMENT) != 0) {
		ask.ranked_words = true;
		supply(&ask);
	} else {
		supply_statement(&ask);
	}
	end(&ask);
}

/* The question for a (qualified) name alone, an argument. */
static void begin_name(struct source_ask *ask, size_t offset)
{
	const char *text = ask->sql;
	size_t len = ask->len;
	bool quoted = false;

	/* After the last dot outside of quotes, and after an open quote. */
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"') {
			quoted = !quoted;
			ask->expect.start = quoted ? i + 1 : ask->expect.start;
			ask->expect.quote = quoted ? '"' : 0;
		} else if (text[i] == '.' && !quoted) {
			ask->expect.qualifier = text;
			ask->expect.qualifier_len = i;
			ask->expect.start = i + 1;
			ask->expect.quote = 0;
		}
	}
	begin(ask, offset);
}

void source_complete_name(const struct complete_source *from, unsigned kinds,
			  uint64_t others, const char *text, size_t len,
			  size_t offset, struct complete_list *list)
{
	struct source_ask ask = {
		.from = from,
		.sql = text,
		.len = len,
		.cursor = len,
		.expect = { .what = kinds },
		.prefix = STR_EMPTY,
		.whole = STR_EMPTY,
		.list = list,
	};

	if ((kinds & EXPECT_RELATION) != 0)
		ask.expect.what |= EXPECT_SCHEMA;
	begin_name(&ask, offset);
	supply(&ask);
	for (int kind = 0; kind < SYNTAX_KIND_COUNT; kind++)
		if ((others & (UINT64_C(1) << kind)) != 0)
			clause_offer_names(&ask, kind);
	end(&ask);
}
