#include "load/unload_explain.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "load/copy_parse.h"
#include "load/unload_target.h"
#include "sql/lexer.h"

static void add_lines(struct str *out, const char *why, const char *cure)
{
	str_addf(out, "  why     %s\n  cure    %s\n", why, cure);
}

/* --- what the server says --- */

/* The first row whose words all stand in the message, case aside. */
static const struct {
	const char *words[3];
	const char *why, *cure;
} rows[] = {
	{ { "limit clause", NULL },
	  "UNLOAD takes no LIMIT in its outermost SELECT",
	  "select * from (select ... limit n): \\copyto (select ... limit n) "
	  "writes it so" },
	{ { "top", "unload", NULL },
	  "UNLOAD takes no TOP in its outermost SELECT",
	  "select * from (select ... limit n): \\copyto writes it so" },
	{ { "not supported", "parquet", NULL },
	  "a column's type has no place in Parquet (GEOMETRY, GEOGRAPHY, "
	  "HLLSKETCH, VARBYTE, times of day and intervals)",
	  "cast it in the query (column::varchar), leave it out, or unload CSV" },
	{ { "not supported", "json", NULL },
	  "a column's type has no place in JSON",
	  "cast it in the query (column::varchar), leave it out, or unload CSV" },
	{ { "not supported", "fixedwidth", NULL },
	  "a column's type has no fixed width (GEOMETRY, HLLSKETCH, VARBYTE)",
	  "cast it in the query, leave it out, or unload CSV" },
	{ { "unique column names", NULL },
	  "JSON's members need names that differ, also where case is all that "
	  "differs",
	  "name them in the query: select a.id as a_id, b.id as b_id" },
	{ { "maxfilesize", NULL },
	  "files are of 5 MB to 6.2 GB; a number alone counts MB",
	  "maxfilesize 5 mb ... maxfilesize 6.2 gb" },
	{ { "rowgroupsize", NULL },
	  "row groups are of Parquet, 32 MB to 128 MB, and on some node types "
	  "only",
	  "format parquet rowgroupsize 32 mb, or leave it out" },
	{ { "fixedwidth", NULL },
	  "FIXEDWIDTH lists each column of the result, and no value is cut",
	  "fixedwidth 'column:width,...' with widths of the longest values" },
	{ { "partition", "type", NULL },
	  "a partition's key is a number, BOOLEAN, text, DATE or TIMESTAMP",
	  "cast it in the query, and name the result in PARTITION BY" },
	{ { "partition", NULL },
	  "PARTITION BY names columns of the result, and leaves one for the "
	  "files",
	  "partition by (column) include keeps the keys in the files too" },
};

static bool has_words(const char *message, const char *const words[3])
{
	for (size_t i = 0; i < 3 && words[i] != NULL; i++)
		if (strcasestr(message, words[i]) == NULL)
			return false;
	return true;
}

static bool add_row(struct str *out, const char *message)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!has_words(message, rows[i].words))
			continue;
		add_lines(out, rows[i].why, rows[i].cure);
		return true;
	}
	return false;
}

/* --- what the statement says --- */

static bool add_not_empty(struct str *out, const char *message,
			  const char *target)
{
	CLEANUP(str_done) struct str cure = STR_EMPTY;

	if (strcasestr(message, "not empty") == NULL)
		return false;
	str_add(&cure, "cleanpath removes them first, allowoverwrite writes "
		       "over files of the same names");
	if (target != NULL && str_starts(target, "s3://")) {
		str_add(&cure, ", or write to ");
		unload_target_next(target, 2, &cure);
	}
	add_lines(out, "objects lie under the target, and UNLOAD writes over "
		       "nothing unasked", cure.text);
	return true;
}

/* unload ('select ... 'x' ...'): the literal ends where the reader does not
 * mean it. */
static bool add_quotes(struct str *out, const char *sql)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;
	struct lexer lexer;
	struct token token, after;

	lexer_init(&lexer, sql, strlen(sql), LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	token = lexer_next_solid(&lexer);
	if (!token_is_char(&token, '('))
		return false;
	token = lexer_next_solid(&lexer);
	if (token.kind != TOKEN_LITERAL && token.kind != TOKEN_DOLLAR) {
		add_lines(out, "the query stands in quotes: unload ('select "
			       "...') to ...",
			  "\\copyto (select ...) to s3://... quotes it for "
			  "you");
		return true;
	}
	after = lexer_next_solid(&lexer);
	if (token_is_char(&after, ')') || after.kind == TOKEN_END)
		return false;
	str_addf(&why, "the query ends at the quote before %.*s: quotes "
		       "inside of it are written twice",
		 (int)(after.len < 40 ? after.len : 40), after.text);
	add_lines(out, why.text,
		  "\\copyto (select ...) to s3://... doubles them for you");
	return true;
}

/* The server may know words that we do not: only where it complains of the
 * text too. */
static bool add_refusal(struct str *out, const struct err *err,
			const char *message)
{
	static const char *const texts[] = { "syntax error", "invalid",
					     "must be", "compatible",
					     "unrecognized", "conflict" };
	bool of_text = false;

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		of_text = of_text || strcasestr(message, texts[i]) != NULL;
	if (!of_text || strstr(message, err->message) != NULL)
		return false;
	add_lines(out, err->message,
		  err->hint[0] != '\0'                 ? err->hint
		  : strcmp(err->code, "0A000") == 0 ? "leave one of the two out"
						    : "\\h unload shows what "
						      "may stand where");
	return true;
}

bool unload_explain(struct str *out, const char *sql, const char *message)
{
	CLEANUP(unload_statement_done)
	struct unload_statement statement = UNLOAD_STATEMENT_EMPTY;
	struct err err = ERR_EMPTY;
	struct lexer lexer;
	struct token first;
	bool parsed;

	lexer_init(&lexer, sql, strlen(sql), LEXER_ESCAPES, NULL);
	first = lexer_next_solid(&lexer);
	if (!token_is(&first, "UNLOAD"))
		return false;
	parsed = unload_parse(&statement, sql, strlen(sql), &err);
	if (add_not_empty(out, message, parsed ? statement.target : NULL) ||
	    (!parsed && add_quotes(out, sql)) ||
	    (!parsed && add_refusal(out, &err, message)))
		return true;
	return add_row(out, message);
}
