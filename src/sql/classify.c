#include "sql/classify.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/lexer.h"

/* The statements of Redshift, from its list of SQL commands; of several that
 * match the one with the most words counts. Words that may stand between
 * (OR REPLACE, TEMP) are in noise_words. */
static const struct statement rows[] = {
#define ROW(words, noun, kind_, block_)                                        \
	{                                                                      \
		.name = words, .object = noun, .kind = STATEMENT_##kind_,      \
		.block = BLOCK_##block_                                        \
	}
#define RUIN(words, noun, kind_, block_)                                       \
	{                                                                      \
		.name = words, .object = noun, .kind = STATEMENT_##kind_,      \
		.block = BLOCK_##block_, .destructive = true                   \
	}
	ROW("ABORT", "", ROLLBACK, ALLOWED),
	ROW("ALTER DATABASE", "DATABASE", DDL, ALLOWED),
	ROW("ALTER DATASHARE", "DATASHARE", DDL, ALLOWED),
	ROW("ALTER DEFAULT PRIVILEGES", "", DDL, ALLOWED),
	ROW("ALTER EXTERNAL SCHEMA", "SCHEMA", DDL, ALLOWED),
	ROW("ALTER EXTERNAL VIEW", "VIEW", DDL, ALLOWED),
	ROW("ALTER FUNCTION", "FUNCTION", DDL, ALLOWED),
	ROW("ALTER GROUP", "GROUP", DDL, ALLOWED),
	ROW("ALTER IDENTITY PROVIDER", "IDENTITY PROVIDER", DDL, ALLOWED),
	ROW("ALTER MASKING POLICY", "MASKING POLICY", DDL, ALLOWED),
	ROW("ALTER MATERIALIZED VIEW", "MATERIALIZED VIEW", DDL, ALLOWED),
	ROW("ALTER PROCEDURE", "PROCEDURE", DDL, ALLOWED),
	ROW("ALTER RLS POLICY", "RLS POLICY", DDL, ALLOWED),
	ROW("ALTER ROLE", "ROLE", DDL, ALLOWED),
	ROW("ALTER SCHEMA", "SCHEMA", DDL, ALLOWED),
	ROW("ALTER SYSTEM", "", OTHER, ALLOWED),
	ROW("ALTER TABLE", "TABLE", DDL, ALLOWED),
	ROW("ALTER TABLE APPEND", "TABLE", CHANGE, REFUSED),
	ROW("ALTER TEMPLATE", "TEMPLATE", DDL, ALLOWED),
	ROW("ALTER USER", "USER", DDL, ALLOWED),
	ROW("ANALYZE", "", OTHER, ALLOWED),
	ROW("ANALYSE", "", OTHER, ALLOWED),
	ROW("ANALYZE COMPRESSION", "", QUERY, ALLOWED),
	ROW("ATTACH MASKING POLICY", "MASKING POLICY", DDL, ALLOWED),
	ROW("ATTACH RLS POLICY", "RLS POLICY", DDL, ALLOWED),
	ROW("BEGIN", "", BEGIN, ALLOWED),
	ROW("CALL", "", OTHER, ALLOWED),
	ROW("CANCEL", "", OTHER, ALLOWED),
	ROW("CLOSE", "", OTHER, ALLOWED),
	ROW("COMMENT", "", DDL, ALLOWED),
	ROW("COMMIT", "", COMMIT, ALLOWED),
	ROW("COPY", "TABLE", COPY, ALLOWED),
	ROW("COPY JOB CREATE", "COPY JOB", OTHER, REFUSED),
	ROW("COPY JOB DROP", "COPY JOB", OTHER, REFUSED),
	ROW("COPY JOB", "COPY JOB", OTHER, ALLOWED),
	ROW("CREATE DATABASE", "DATABASE", DDL, REFUSED),
	ROW("CREATE DATASHARE", "DATASHARE", DDL, ALLOWED),
	ROW("CREATE EXTERNAL FUNCTION", "FUNCTION", DDL, ALLOWED),
	ROW("CREATE EXTERNAL MODEL", "MODEL", DDL, ALLOWED),
	ROW("CREATE EXTERNAL SCHEMA", "SCHEMA", DDL, ALLOWED),
	ROW("CREATE EXTERNAL TABLE", "TABLE", DDL, REFUSED),
	ROW("CREATE EXTERNAL VIEW", "VIEW", DDL, ALLOWED),
	ROW("CREATE FUNCTION", "FUNCTION", DDL, ALLOWED),
	ROW("CREATE GROUP", "GROUP", DDL, ALLOWED),
	ROW("CREATE IDENTITY PROVIDER", "IDENTITY PROVIDER", DDL, ALLOWED),
	ROW("CREATE LIBRARY", "LIBRARY", DDL, REFUSED),
	ROW("CREATE MASKING POLICY", "MASKING POLICY", DDL, ALLOWED),
	ROW("CREATE MATERIALIZED VIEW", "MATERIALIZED VIEW", DDL, ALLOWED),
	ROW("CREATE MODEL", "MODEL", DDL, ALLOWED),
	ROW("CREATE PROCEDURE", "PROCEDURE", DDL, ALLOWED),
	ROW("CREATE RLS POLICY", "RLS POLICY", DDL, ALLOWED),
	ROW("CREATE ROLE", "ROLE", DDL, ALLOWED),
	ROW("CREATE SCHEMA", "SCHEMA", DDL, ALLOWED),
	ROW("CREATE TABLE", "TABLE", DDL, ALLOWED),
	ROW("CREATE TEMPLATE", "TEMPLATE", DDL, ALLOWED),
	ROW("CREATE USER", "USER", DDL, ALLOWED),
	ROW("CREATE VIEW", "VIEW", DDL, ALLOWED),
	ROW("DEALLOCATE", "", OTHER, ALLOWED),
	ROW("DECLARE", "", OTHER, REQUIRED),
	ROW("DELETE", "TABLE", CHANGE, ALLOWED),
	ROW("DESC DATASHARE", "", QUERY, ALLOWED),
	ROW("DESC IDENTITY PROVIDER", "", QUERY, ALLOWED),
	ROW("DETACH MASKING POLICY", "MASKING POLICY", DDL, ALLOWED),
	ROW("DETACH RLS POLICY", "RLS POLICY", DDL, ALLOWED),
	RUIN("DROP DATABASE", "DATABASE", DDL, REFUSED),
	RUIN("DROP DATASHARE", "DATASHARE", DDL, ALLOWED),
	RUIN("DROP EXTERNAL VIEW", "VIEW", DDL, ALLOWED),
	RUIN("DROP FUNCTION", "FUNCTION", DDL, ALLOWED),
	RUIN("DROP GROUP", "GROUP", DDL, ALLOWED),
	RUIN("DROP IDENTITY PROVIDER", "IDENTITY PROVIDER", DDL, ALLOWED),
	RUIN("DROP LIBRARY", "LIBRARY", DDL, REFUSED),
	RUIN("DROP MASKING POLICY", "MASKING POLICY", DDL, ALLOWED),
	RUIN("DROP MATERIALIZED VIEW", "MATERIALIZED VIEW", DDL, ALLOWED),
	RUIN("DROP MODEL", "MODEL", DDL, ALLOWED),
	RUIN("DROP PROCEDURE", "PROCEDURE", DDL, ALLOWED),
	RUIN("DROP RLS POLICY", "RLS POLICY", DDL, ALLOWED),
	RUIN("DROP ROLE", "ROLE", DDL, ALLOWED),
	RUIN("DROP SCHEMA", "SCHEMA", DDL, ALLOWED),
	RUIN("DROP TABLE", "TABLE", DDL, ALLOWED),
	RUIN("DROP TEMPLATE", "TEMPLATE", DDL, ALLOWED),
	RUIN("DROP USER", "USER", DDL, ALLOWED),
	RUIN("DROP VIEW", "VIEW", DDL, ALLOWED),
	ROW("END", "", COMMIT, ALLOWED),
	ROW("EXECUTE", "", QUERY, ALLOWED),
	ROW("EXPLAIN", "", QUERY, ALLOWED),
	ROW("FETCH", "", QUERY, REQUIRED),
	ROW("GRANT", "", DDL, ALLOWED),
	ROW("INSERT", "TABLE", CHANGE, ALLOWED),
	ROW("LOCK", "TABLE", OTHER, ALLOWED),
	ROW("MERGE", "TABLE", CHANGE, ALLOWED),
	ROW("PREPARE", "", OTHER, ALLOWED),
	ROW("REFRESH MATERIALIZED VIEW", "MATERIALIZED VIEW", OTHER, ALLOWED),
	ROW("RESET", "", SETTING, ALLOWED),
	ROW("REVOKE", "", DDL, ALLOWED),
	ROW("ROLLBACK", "", ROLLBACK, ALLOWED),
	ROW("SELECT", "", QUERY, ALLOWED),
	ROW("SET", "", SETTING, ALLOWED),
	ROW("SET SESSION AUTHORIZATION", "", SETTING, ALLOWED),
	ROW("SET SESSION CHARACTERISTICS", "", SETTING, ALLOWED),
	ROW("SHOW", "", QUERY, ALLOWED),
	ROW("START TRANSACTION", "", BEGIN, ALLOWED),
	RUIN("TRUNCATE", "TABLE", CHANGE, COMMITS),
	ROW("UNLOAD", "", UNLOAD, ALLOWED),
	ROW("UPDATE", "TABLE", CHANGE, ALLOWED),
	ROW("USE", "", SETTING, ALLOWED),
	ROW("VACUUM", "", OTHER, REFUSED),
	ROW("WITH", "", QUERY, ALLOWED),
#undef ROW
#undef RUIN
};

static const struct statement into_row = { .name = "SELECT INTO",
					   .object = "TABLE",
					   .kind = STATEMENT_DDL };

/* After CREATE these do not tell one statement from another. */
static const char *const noise_words[] = {
	"or", "replace", "local", "temp", "temporary", "nonatomic",
};

enum {
	MAX_WORDS = 3 /* of a row's name */
};

struct opening { /* the first words of a statement */
	struct token words[MAX_WORDS];
	size_t count;
};

static bool is_noise(const struct token *token)
{
	for (size_t i = 0; i < COUNT_OF(noise_words); i++)
		if (token_is(token, noise_words[i]))
			return true;
	return false;
}

/* The matching words at the start; 0 when one differs or is missing. */
static size_t match_words(const struct opening *opening, const char *name)
{
	size_t count = 0;

	while (*name != '\0') {
		size_t len = strcspn(name, " ");
		const struct token *token;

		if (count == opening->count)
			return 0;
		token = &opening->words[count++];
		if (token->len != len)
			return 0;
		for (size_t i = 0; i < len; i++)
			if ((token->text[i] & ~0x20) != name[i])
				return 0;
		name += len + (name[len] == ' ');
	}
	return count;
}

static void read_opening(struct lexer *lexer, struct token first,
			 struct opening *opening)
{
	bool creates = token_is(&first, "create");

	opening->words[0] = first;
	opening->count = 1;
	while (opening->count < MAX_WORDS) {
		struct token token = lexer_next_solid(lexer);

		if (token.kind != TOKEN_WORD)
			return;
		if (!creates || !is_noise(&token))
			opening->words[opening->count++] = token;
	}
}

/* What stands outside of parentheses behind the opening. */
struct clauses {
	bool into;
	bool where;
	bool append;       /* ALTER TABLE t APPEND FROM */
	struct token verb; /* after WITH: SELECT, INSERT ... */
};

static bool is_verb(const struct token *token)
{
	return token_is(token, "select") || token_is(token, "insert") ||
	       token_is(token, "update") || token_is(token, "delete");
}

static void read_clauses(struct lexer *lexer, struct clauses *out)
{
	struct token token;
	int depth = 0;

	while ((token = lexer_next_solid(lexer)).kind != TOKEN_END) {
		if (token_is_char(&token, '('))
			depth++;
		if (token_is_char(&token, ')'))
			depth--;
		if (depth > 0 || token.kind != TOKEN_WORD)
			continue;
		if (is_verb(&token) && out->verb.text == NULL)
			out->verb = token;
		out->into = out->into || token_is(&token, "into");
		out->where = out->where || token_is(&token, "where");
		out->append = out->append || token_is(&token, "append");
	}
}

/* The first row of a letter or a later one; rows ascend by first letter. */
static size_t first_with(char letter)
{
	size_t from = 0;
	size_t to = COUNT_OF(rows);

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (rows[middle].name[0] < letter)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static const struct statement *find_row(const struct opening *opening,
					size_t *out_words)
{
	const struct statement *best = NULL;
	char letter = opening->words[0].text[0] & ~0x20;

	*out_words = 0;
	for (size_t i = first_with(letter);
	     i < COUNT_OF(rows) && rows[i].name[0] == letter; i++) {
		size_t words = match_words(opening, rows[i].name);

		if (words > *out_words) {
			*out_words = words;
			best = &rows[i];
		}
	}
	return best;
}

static const struct statement *row_named(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* Rows that the clauses behind the opening choose. */
static const struct statement *refine(const struct statement *row,
				      const struct clauses *clauses)
{
	struct opening verb = { .words = { clauses->verb }, .count = 1 };
	const struct statement *other;
	size_t words;

	if (strcmp(row->name, "WITH") == 0 && clauses->verb.text != NULL) {
		other = find_row(&verb, &words);
		row = other != NULL ? other : row;
	}
	if (strcmp(row->name, "SELECT") == 0 && clauses->into)
		return &into_row;
	if (strcmp(row->name, "ALTER TABLE") == 0 && clauses->append)
		return row_named("ALTER TABLE APPEND");
	return row;
}

/* The row of the first words; NULL: none, *out says what is known. */
static const struct statement *find_opening(struct lexer *lexer,
					    struct statement *out)
{
	struct opening opening = { .count = 0 };
	const struct statement *row;
	struct token token = lexer_next_solid(lexer);
	size_t words;

	while (token_is_char(&token, '(') || token_is_char(&token, ';'))
		token = lexer_next_solid(lexer);
	out->at = out->words_end = token.at;
	if (token.kind == TOKEN_END)
		return NULL;
	out->kind = STATEMENT_UNKNOWN;
	if (token.kind != TOKEN_WORD)
		return NULL;
	read_opening(lexer, token, &opening);
	row = find_row(&opening, &words);
	if (row)
		out->words_end = opening.words[words - 1].at +
				 opening.words[words - 1].len;
	lexer->at = token.at + token.len;
	return row;
}

struct statement classify_opening(const char *sql, size_t len, bool escapes)
{
	struct statement known = { .name = "", .object = "" };
	struct statement result = known;
	const struct statement *row;
	struct lexer lexer;

	lexer_init(&lexer, sql, len, escapes ? LEXER_ESCAPES : 0, NULL);
	row = find_opening(&lexer, &known);
	if (!row)
		return known;
	result = *row;
	result.at = known.at;
	result.words_end = known.words_end;
	return result;
}

struct statement classify(const char *sql, size_t len, bool escapes)
{
	struct statement known = { .name = "", .object = "" };
	struct statement result;
	struct clauses clauses = { .into = false };
	const struct statement *row;
	struct lexer lexer;

	lexer_init(&lexer, sql, len, escapes ? LEXER_ESCAPES : 0, NULL);
	row = find_opening(&lexer, &known);
	if (!row)
		return known;
	lexer.state.inside = LEXER_NOTHING;
	read_clauses(&lexer, &clauses);
	result = *refine(row, &clauses);
	result.at = known.at;
	result.words_end = known.words_end;
	if (!clauses.where && (strcmp(result.name, "DELETE") == 0 ||
			       strcmp(result.name, "UPDATE") == 0))
		result.destructive = true;
	return result;
}
