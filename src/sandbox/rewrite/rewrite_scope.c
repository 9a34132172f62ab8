/* sandbox/rewrite/rewrite_scope.c - leader node or compute nodes: what may not
 * meet.
 *
 * A query that reads a table of a user or a system table runs on the compute
 * nodes; there are no leader-only functions (functions.tsv) and none of the
 * catalog's columns and views that leader.tsv names. One INFO line for each
 * of them, then the refusal. Compute-only functions need such a table. Array
 * constructors are for queries of the catalog, which has array columns. */
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "sandbox/rewrite/rewrite_work.h"

enum { MAX_LINES = 20 }; /* INFO lines of one refusal */

struct source { /* one relation of a FROM list */
	size_t name;  /* token of its last part */
	size_t alias; /* token; name: none */
	bool catalog;
};

struct scope {
	struct work *work;
	struct map *ctes; /* names of WITH */
	struct {
		VEC(struct source);
	} sources;
	struct {
		VEC(size_t);
	} open; /* '(' around the token at hand */
	size_t compute;   /* sources of the compute nodes */
	size_t refused;   /* token of the first INFO line, PATCH_NONE */
	struct map *told; /* INFO lines said */
};

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_TEMP;
}

static bool is_one_of(const struct token *token, const char *const *words,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

/* ---- sources */

/* WITH name [(columns)] AS ( */
static void find_ctes(struct scope *scope)
{
	const struct patch *patch = &scope->work->patch;

	for (size_t i = 1; i + 2 < patch->count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		const struct token *before = patch_at(patch, i - 1);
		size_t end = i + 1;

		if (!is_name(patch_at(patch, i)) ||
		    (!token_is(before, "with") &&
		     !token_is(before, "recursive") &&
		     !token_is_char(before, ',')))
			continue;
		if (token_is_char(patch_at(patch, end), '(') &&
		    patch->items[end].pair > end)
			end = patch->items[end].pair + 1;
		if (!patch_match(patch, end, "as ("))
			continue;
		work_name(scope->work, i, &name);
		map_put(scope->ctes, name.text, scope);
	}
}

/* Whether the relation at [from, last] is of the leader's catalog. */
static bool is_catalog(struct scope *scope, size_t from, size_t last)
{
	static const char *const systems[] = { "stl_", "stv_",  "svl_",
					       "svv_", "svcs_", "sys_" };
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str schema = STR_EMPTY;

	work_name(scope->work, last, &name);
	if (last - from >= 2)
		work_name(scope->work, last - 2, &schema);
	/* sqlalchemy-redshift unites them with pg_get_viewdef's results. */
	if (str_starts(name.text, "svv_external_"))
		return true;
	for (size_t i = 0; i < COUNT_OF(systems); i++)
		if (str_starts(name.text, systems[i]))
			return false;
	return schema.len == 0
		       ? str_starts(name.text, "pg_")
		       : strcmp(schema.text, "pg_catalog") == 0 ||
				 strcmp(schema.text, "information_schema") == 0;
}

/* Words that may follow a relation and are no alias. */
static const char *const no_alias[] = {
	"where", "join",  "inner",  "left",   "right",	"full",	     "cross",
	"on",	 "using", "group",  "order",  "having", "limit",     "offset",
	"union", "minus", "except", "intersect", "natural", "set",   "values",
	"select", "window", "qualify", "start", "connect", "when",   "default",
	"pivot", "unpivot", "for",  "with",   "from",
};

/* "as a", "a" or nothing at *at, which is moved behind it; the token of a. */
static size_t take_alias(const struct scope *scope, size_t *at)
{
	const struct patch *patch = &scope->work->patch;

	if (patch_match(patch, *at, "as"))
		(*at)++;
	if (is_name(patch_at(patch, *at)) &&
	    !is_one_of(patch_at(patch, *at), no_alias, COUNT_OF(no_alias)))
		return (*at)++;
	return PATCH_NONE;
}

/* A function in FROM reads no relation; the token behind it and its alias. */
static size_t pass_function(const struct scope *scope, size_t open)
{
	const struct patch *patch = &scope->work->patch;
	size_t end = patch->items[open].pair + 1;

	if (end <= open)
		return open;
	if (take_alias(scope, &end) != PATCH_NONE &&
	    token_is_char(patch_at(patch, end), '(') &&
	    patch->items[end].pair > end)
		end = patch->items[end].pair + 1;
	return end;
}

/* The relation at; the token behind it and its alias. */
static size_t add_source(struct scope *scope, size_t at)
{
	const struct patch *patch = &scope->work->patch;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct source source = { 0 };
	size_t end = work_name_end(scope->work, at);
	size_t alias;

	if (end == at || token_is(patch_at(patch, at), "select"))
		return at;
	if (token_is_char(patch_at(patch, end), '('))
		return pass_function(scope, end);
	source.name = source.alias = end - 1;
	work_name(scope->work, at, &name);
	source.catalog = is_catalog(scope, at, end - 1);
	alias = take_alias(scope, &end);
	if (alias != PATCH_NONE)
		source.alias = alias;
	if (source.name != at || !map_has(scope->ctes, name.text)) {
		vec_push(&scope->sources, source);
		scope->compute += !source.catalog;
	}
	return end;
}

/* A list of relations, parted by commas, from at on. */
static void add_sources(struct scope *scope, size_t at)
{
	const struct patch *patch = &scope->work->patch;

	for (;;) {
		size_t end;

		while (token_is_char(patch_at(patch, at), '('))
			at++;
		end = add_source(scope, at);
		if (end == at || !token_is_char(patch_at(patch, end), ','))
			return;
		at = end + 1;
	}
}

/* extract(x from y) and the like have a FROM that names no relation. */
static bool is_argument(const struct scope *scope)
{
	static const char *const words[] = { "extract", "trim", "substring",
					     "overlay", "position" };
	const struct patch *patch = &scope->work->patch;
	size_t open;

	if (scope->open.count == 0)
		return false;
	open = scope->open.items[scope->open.count - 1];
	return open > 0 && !patch_match(patch, open + 1, "select") &&
	       is_one_of(patch_at(patch, open - 1), words, COUNT_OF(words));
}

/* Behind a subquery in FROM the list goes on: ) x, t */
static void follow_comma(struct scope *scope, size_t close)
{
	const struct patch *patch = &scope->work->patch;
	size_t open = patch->items[close].pair;
	size_t at = close + 1;
	const struct token *before = patch_at(patch, open > 0 ? open - 1 : 0);

	if (open == 0 || (!token_is(before, "from") && !token_is(before, "join")))
		return;
	at += patch_match(patch, at, "as");
	if (is_name(patch_at(patch, at)))
		at++;
	if (token_is_char(patch_at(patch, at), ','))
		add_sources(scope, at + 1);
}

/* INSERT INTO t, CREATE TABLE t AS, SELECT INTO t: t is on the compute nodes,
 * so its rows are made there (INSERT ... VALUES (now()) is refused). */
static bool has_target(const struct scope *scope)
{
	static const char *const statements[] = { "INSERT", "SELECT INTO" };
	const struct patch *patch = &scope->work->patch;
	const char *statement = scope->work->out->statement.name;

	for (size_t i = 0; i < COUNT_OF(statements); i++)
		if (strcmp(statement, statements[i]) == 0)
			return true;
	if (strcmp(statement, "CREATE TABLE") != 0)
		return false;
	for (size_t i = 0; i < patch->count; i++)
		if (patch_match(patch, i, "as select") ||
		    patch_match(patch, i, "as with") ||
		    patch_match(patch, i, "as ( select"))
			return true;
	return false;
}

static void find_sources(struct scope *scope)
{
	const struct patch *patch = &scope->work->patch;
	const char *statement = scope->work->out->statement.name;

	for (size_t i = 0; i < patch->count; i++) {
		const struct token *token = patch_at(patch, i);

		if (token_is_char(token, '(')) {
			vec_push(&scope->open, i);
		} else if (token_is_char(token, ')')) {
			if (scope->open.count > 0)
				scope->open.count--;
			follow_comma(scope, i);
		} else if (token_is(token, "from") && !is_argument(scope)) {
			add_sources(scope, i + 1);
		} else if (token_is(token, "join")) {
			add_sources(scope, i + 1);
		}
	}
	if (strcmp(statement, "UPDATE") == 0)
		add_sources(scope, 1);
	scope->compute += has_target(scope);
}

/* ---- what does not go together */

static void tell(struct scope *scope, size_t at, const char *line)
{
	struct str *notice = &scope->work->out->notice;

	if (scope->refused == PATCH_NONE || at < scope->refused)
		scope->refused = at;
	if (map_has(scope->told, line) || map_count(scope->told) >= MAX_LINES)
		return;
	map_put(scope->told, line, scope);
	if (notice->len > 0)
		str_add_char(notice, '\n');
	str_add(notice, line);
}

static void tell_function(struct scope *scope, size_t at, const char *name)
{
	const struct tsv_row *row = tsv_find(scope->work->rules->leader, name);
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_addf(&line, "Function \"%s", name);
	if (row != NULL && strcmp(row->cells[1], "function") == 0)
		str_addf(&line, "(%s)", row->cells[2]);
	str_add(&line, "\" not supported.");
	tell(scope, at, line.text);
}

static void tell_relation(struct scope *scope, const struct source *source)
{
	const struct work *work = scope->work;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const struct tsv_row *row;

	if (source->name >= 2 &&
	    patch_match(&work->patch, source->name - 2, "information_schema ."))
		str_add(&name, "information_schema");
	else
		work_name(work, source->name, &name);
	row = tsv_find(work->rules->leader, name.text);
	if (row == NULL || strcmp(row->cells[1], "relation") != 0)
		return;
	str_addf(&line, "Function \"%s\" not supported.", row->cells[2]);
	tell(scope, source->name, line.text);
}

static void tell_column(struct scope *scope, const struct source *source,
			size_t at, const char *column, const char *type)
{
	CLEANUP(str_done) struct str alias = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;

	work_name(scope->work, source->alias, &alias);
	str_addf(&line, "Column \"%s.%s\" has unsupported type \"%s\".",
		 alias.text, column, type);
	tell(scope, at, line.text);
}

/* A word that is a column of this source, of a type compute nodes lack. */
static void check_column(struct scope *scope, const struct source *source,
			 size_t at, const char *column)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	const struct tsv_row *row;

	work_name(scope->work, source->name, &key);
	str_addf(&key, ".%s", column);
	row = tsv_find(scope->work->rules->leader, key.text);
	if (row != NULL && strcmp(row->cells[1], "column") == 0)
		tell_column(scope, source, at, column, row->cells[2]);
}

/* SELECT * and alias.*: all columns of the source. */
static void check_star(struct scope *scope, const struct source *source,
		       size_t at)
{
	const struct tsv *leader = scope->work->rules->leader;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(scope->work, source->name, &name);
	str_add_char(&name, '.');
	for (size_t i = 0; i < tsv_count(leader); i++) {
		const struct tsv_row *row = tsv_row(leader, i);

		if (strcmp(row->cells[1], "column") == 0 &&
		    str_starts(row->cells[0], name.text))
			tell_column(scope, source, at,
				    row->cells[0] + name.len, row->cells[2]);
	}
}

static bool is_star(const struct patch *patch, size_t at)
{
	const struct token *token = patch_at(patch, at);
	const struct token *before = patch_at(patch, at > 0 ? at - 1 : 0);

	return at > 0 && token->len == 1 && token->text[0] == '*' &&
	       (token_is(before, "select") || token_is(before, "distinct") ||
		token_is_char(before, ',') || token_is_char(before, '.'));
}

/* Sources of the catalog: each relation once, and by their aliases. */
struct catalog {
	struct map *aliases; /* alias to struct source */
	struct {
		VEC(const struct source *);
	} relations;
};

static void list_catalog(const struct scope *scope, struct catalog *out)
{
	struct map *seen = map_new(NULL);

	out->aliases = map_new(NULL);
	for (size_t i = 0; i < scope->sources.count; i++) {
		struct source *source = &scope->sources.items[i];
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str alias = STR_EMPTY;

		if (!source->catalog)
			continue;
		work_name(scope->work, source->name, &name);
		work_name(scope->work, source->alias, &alias);
		map_put(out->aliases, alias.text, source);
		if (map_has(seen, name.text))
			continue;
		map_put(seen, name.text, source);
		vec_push(&out->relations, source);
	}
	map_free(seen);
}

static void catalog_done(struct catalog *catalog)
{
	map_free(catalog->aliases);
	vec_done(&catalog->relations);
}

static void check_word(struct scope *scope, const struct source *source,
		       size_t at)
{
	CLEANUP(str_done) struct str column = STR_EMPTY;

	if (is_star(&scope->work->patch, at)) {
		check_star(scope, source, at);
	} else if (at != source->name && at != source->alias) {
		work_name(scope->work, at, &column);
		check_column(scope, source, at, column.text);
	}
}

/* One pass over the words: a.b is of the source a, b of any. */
static void check_columns(struct scope *scope, const struct catalog *catalog)
{
	const struct patch *patch = &scope->work->patch;

	for (size_t i = 0; i < patch->count; i++) {
		CLEANUP(str_done) struct str qualifier = STR_EMPTY;
		const struct source *source;

		if (!is_name(patch_at(patch, i)) && !is_star(patch, i))
			continue;
		if (i < 2 || !token_is_char(patch_at(patch, i - 1), '.')) {
			for (size_t r = 0; r < catalog->relations.count; r++)
				check_word(scope, catalog->relations.items[r],
					   i);
			continue;
		}
		work_name(scope->work, i - 2, &qualifier);
		source = map_get(catalog->aliases, qualifier.text);
		if (source != NULL)
			check_word(scope, source, i);
	}
}

static void check_catalog(struct scope *scope)
{
	struct catalog catalog = { 0 };

	list_catalog(scope, &catalog);
	for (size_t r = 0; r < catalog.relations.count; r++)
		tell_relation(scope, catalog.relations.items[r]);
	check_columns(scope, &catalog);
	catalog_done(&catalog);
}

static bool refuse_compute_only(struct scope *scope, size_t at)
{
	return work_refuse(scope->work, at, "0A000",
			   "One or more of the used functions must be applied "
			   "on at least one user created table.");
}

/* CURRENT_TIME and the like, called without brackets. */
static bool is_bare(const struct patch *patch, size_t at,
		    const struct tsv_row *row)
{
	return strcmp(row->cells[1], "word") == 0 &&
	       patch_at(patch, at)->kind == TOKEN_WORD &&
	       !(at > 0 && (token_is(patch_at(patch, at - 1), "as") ||
			    token_is_char(patch_at(patch, at - 1), '.')));
}

/* Calls: leader-only ones are told, compute-only ones refused at once. */
static bool check_calls(struct scope *scope)
{
	struct work *work = scope->work;
	const struct patch *patch = &work->patch;

	for (size_t i = 0; i + 1 < patch->count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		const struct tsv_row *row;

		if (!is_name(patch_at(patch, i)))
			continue;
		work_name(work, i, &name);
		row = tsv_find(work->rules->functions, name.text);
		if (row == NULL || (!token_is_char(patch_at(patch, i + 1), '(') &&
				    !is_bare(patch, i, row)))
			continue;
		if (strcmp(row->cells[2], "leader") == 0 && scope->compute > 0)
			tell_function(scope, i, name.text);
		if (strcmp(row->cells[2], "compute") == 0 &&
		    scope->compute == 0)
			return refuse_compute_only(scope, i);
	}
	return true;
}

/* ARRAY[..] is no Redshift [c_unsupported-postgresql-features], but clients
 * unite it with the catalog's arrays (sqlalchemy-redshift: conkey). */
static bool refuse_arrays(struct work *work)
{
	for (size_t i = 0; i + 1 < work->patch.count; i++)
		if (patch_match(&work->patch, i, "array ["))
			return work_syntax(work, i);
	return true;
}

static bool check(struct scope *scope)
{
	struct work *work = scope->work;

	find_ctes(scope);
	find_sources(scope);
	if ((scope->compute > 0 || scope->sources.count == 0) &&
	    !refuse_arrays(work))
		return false;
	if (!check_calls(scope))
		return false;
	if (scope->compute > 0)
		check_catalog(scope);
	if (scope->refused == PATCH_NONE)
		return true;
	work->out->notice_severity = "INFO";
	return work_refuse(work, scope->refused, "0A000",
			   "Specified types or functions (one per INFO "
			   "message) not supported on Amazon Redshift tables.");
}

bool rewrite_scope(struct work *work)
{
	static const char *const read_tables[] = {
		"SELECT", "WITH",	  "INSERT",	 "UPDATE",
		"DELETE", "CREATE TABLE", "SELECT INTO", "EXPLAIN",
	};
	struct scope scope = { .work = work, .refused = PATCH_NONE };
	bool reads = false;
	bool fine;

	for (size_t i = 0; i < COUNT_OF(read_tables); i++)
		reads = reads || strcmp(work->out->statement.name,
					read_tables[i]) == 0;
	if (!reads)
		return refuse_arrays(work);
	scope.ctes = map_new(NULL);
	scope.told = map_new(NULL);
	fine = check(&scope);
	map_free(scope.ctes);
	map_free(scope.told);
	vec_done(&scope.sources);
	vec_done(&scope.open);
	return fine;
}
