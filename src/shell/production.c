#include "shell/production.h"

#include <string.h>

#include "base/cancel.h"
#include "base/map.h"
#include "base/str.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "db/exec.h"
#include "edit/editor.h"
#include "shell/cmdline.h"
#include "shell/session_state.h"
#include "shell/var.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/quote.h"

bool production_is_on(const struct session *session)
{
	const char *value = session->dsn ? dsn_get(session->dsn, "production")
					 : NULL;

	return session->db && value && strcmp(value, "true") == 0;
}

/* ---- what a statement would do ---- */

struct slip {
	struct statement what;
	struct str name; /* what it is about, as written; "": unknown */
	bool is_table;
};

static bool is_noise(const struct token *token)
{
	static const char *const words[] = {
		"table", "from",      "only",   "if",     "exists", "view",
		"schema", "database", "user",   "group",  "role",   "function",
		"procedure", "external", "materialized", "datashare", "library",
		"model", "identity", "provider", "masking", "rls", "policy",
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

/* The first name behind the words of the statement: a.b."C". */
static void find_name(const char *sql, size_t len, const struct statement *what,
		      struct str *out)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	do
		token = lexer_next_solid(&lexer);
	while (token.kind != TOKEN_END &&
	       (token.at < what->words_end || is_noise(&token)));
	while (token.kind == TOKEN_WORD || token.kind == TOKEN_NAME ||
	       token.kind == TOKEN_TEMP) {
		str_add_slice(out, token.text, token.len);
		token = lexer_next_solid(&lexer);
		if (!token_is_char(&token, '.'))
			return;
		str_add_char(out, '.');
		token = lexer_next_solid(&lexer);
	}
}

/* ALTER ... DROP */
static bool drops_inside(const char *sql, size_t len)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	do
		token = lexer_next_solid(&lexer);
	while (token.kind != TOKEN_END && !token_is(&token, "drop"));
	return token.kind != TOKEN_END;
}

static bool examine(const char *sql, size_t len, struct slip *slip)
{
	slip->what = classify(sql, len, true);
	if (!slip->what.destructive &&
	    !(str_starts(slip->what.name, "ALTER") && drops_inside(sql, len)))
		return false;
	str_clear(&slip->name);
	find_name(sql, len, &slip->what, &slip->name);
	slip->is_table = slip->what.kind == STATEMENT_CHANGE ||
			 strcmp(slip->what.object, "TABLE") == 0;
	return true;
}

/* ---- statements that were prepared before ---- */

static void remember(struct session *session, const char *name,
		     const char *text, size_t len)
{
	if (!session->prepared)
		session->prepared = map_new(mem_free);
	map_put(session->prepared, name, mem_copy_slice(text, len));
}

/* As the server keeps it: in lower case, or as it stands in quotes. */
static void add_kept_name(const struct token *token, struct str *out)
{
	bool quoted = token->kind == TOKEN_NAME;

	for (size_t i = 0; i < token->len; i++) {
		char c = token->text[i];

		if (!quoted && c >= 'A' && c <= 'Z')
			str_add_char(out, (char)(c - 'A' + 'a'));
		else if (!quoted || c != '"')
			str_add_char(out, c);
		else if (i > 0 && i + 2 < token->len)
			str_add_char(out, token->text[i++]);
	}
}

/* PREPARE name (types) AS statement: the statement is remembered. */
static void note_prepare(struct session *session, const char *sql, size_t len)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	if (!token_is(&token, "prepare"))
		return;
	token = lexer_next_solid(&lexer);
	add_kept_name(&token, &name);
	while (token.kind != TOKEN_END && !token_is(&token, "as"))
		token = lexer_next_solid(&lexer);
	if (token.kind != TOKEN_END)
		remember(session, name.text, sql + token.at + token.len,
			 len - token.at - token.len);
}

/* EXECUTE name: what it runs; NULL: it is none, or not known. */
static const char *executed(const struct session *session, const char *sql,
			    size_t len)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	if (!session->prepared || !token_is(&token, "execute"))
		return NULL;
	token = lexer_next_solid(&lexer);
	add_kept_name(&token, &name);
	return map_get(session->prepared, name.text);
}

static bool examine_piece(struct session *session, const char *sql, size_t len,
			  struct slip *slip)
{
	const char *text = executed(session, sql, len);

	note_prepare(session, sql, len);
	return text ? examine(text, strlen(text), slip)
		    : examine(sql, len, slip);
}

/* A string may hold several statements. */
static bool find_slip(struct session *session, const char *sql,
		      struct slip *slip)
{
	struct lexer lexer;
	struct token token;
	size_t from = 0;

	lexer_init(&lexer, sql, strlen(sql), LEXER_ESCAPES, NULL);
	do {
		token = lexer_next(&lexer);
		if (token.kind != TOKEN_END && !token_is_char(&token, ';'))
			continue;
		if (examine_piece(session, sql + from, token.at - from, slip))
			return true;
		from = token.at + 1;
	} while (token.kind != TOKEN_END);
	return false;
}

/* ---- asking ---- */

/* As the last ANALYZE found them; only where a failure breaks nothing. */
static void add_rows(struct session *session, const struct slip *slip,
		     struct str *out)
{
	CLEANUP(rows_freep) struct rows *rows = NULL;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const struct rows_value *values;

	if (!slip->is_table || slip->name.len == 0 ||
	    db_transaction(session->db) != DB_IDLE)
		return;
	str_add(&sql, "select reltuples::bigint from pg_catalog.pg_class"
		      " where oid = ");
	quote_literal(&sql, slip->name.text, db_backslash_escapes(session->db));
	str_add(&sql, "::regclass");
	rows = exec_query(session->db, sql.text, NULL, NULL);
	if (rows && rows_next(rows, &values, NULL) == ROWS_ROW &&
	    values[0].text && values[0].text[0] != '-' &&
	    strcmp(values[0].text, "0") != 0)
		str_addf(out, " (about %s rows)", values[0].text);
}

static void add_question(struct session *session, const struct slip *slip,
			 struct str *out)
{
	bool whole = strcmp(slip->what.name, "DELETE") == 0 ||
		     strcmp(slip->what.name, "UPDATE") == 0;

	str_addf(out, "PRODUCTION: %s of %s", slip->what.name,
		 slip->name.len > 0 ? slip->name.text : "what it names");
	add_rows(session, slip, out);
	if (whole)
		str_add(out, " without WHERE");
	str_addf(out, ". Type %s to go on: ",
		 slip->name.len > 0 ? slip->name.text : "yes");
}

/* The whole name or its last part, quotes or not. */
static bool is_answer(const struct slip *slip, const char *answer)
{
	const char *name = slip->name.len > 0 ? slip->name.text : "yes";
	const char *last = strrchr(name, '.');
	size_t len;

	if (str_equal_nocase(answer, name) ||
	    (last && str_equal_nocase(answer, last + 1)))
		return true;
	last = last ? last + 1 : name;
	len = strlen(last);
	return len > 2 && *last == '"' &&
	       str_slice_equal(last + 1, len - 2, answer);
}

static bool ask(struct session *session, const struct slip *slip)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;
	bool ok;

	add_question(session, slip, &question);
	session_flush(session);
	if (session->editor) {
		ok = editor_ask(session->editor, question.text, true, &answer);
	} else {
		session_put(session, question.text);
		ok = session_read_answer(session, &answer);
	}
	str_trim_end(&answer);
	if (ok && is_answer(slip, answer.text))
		return true;
	cancel_clear();
	say_info(&session->say, "Not sent.");
	return false;
}

static bool refuse(struct session *session, const struct slip *slip)
{
	say_error(&session->say,
		  "%s of %s is not sent: the connection is marked production",
		  slip->what.name,
		  slip->name.len > 0 ? slip->name.text : "what it names");
	say_hint(&session->say, "scripts that may do so say --yes, or \\set "
				"ALLOW_DESTRUCTIVE on");
	return false;
}

bool production_allows(struct session *session, const char *sql)
{
	const struct send *send = &session->send;
	struct slip slip = { .name = STR_EMPTY };
	bool ok = true;

	if (!production_is_on(session))
		return true;
	if (send->prepared && send->kind == PREPARED_PARSE) {
		remember(session, send->name, sql, strlen(sql));
		return true;
	}
	if (send->prepared && send->kind == PREPARED_NAMED)
		sql = session->prepared ? map_get(session->prepared, send->name)
					: NULL;
	/* What is prepared is noted even where all may be done. */
	if (sql && find_slip(session, sql, &slip) &&
	    !session->is.allow_destructive &&
	    !cmdline_has(session->cmdline, OPTION_YES))
		ok = session->interactive && !session->notty
			     ? ask(session, &slip)
			     : refuse(session, &slip);
	str_done(&slip.name);
	return ok;
}
