#include "shell/lost.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "db/conn.h"
#include "shell/session_state.h"
#include "sql/classify.h"
#include "sql/lexer.h"

/* Keys that are no setting: they have a blank. */
#define USER_KEY "session authorization"

static void remember(struct session *session, const char *name)
{
	if (!session->lost_settings)
		session->lost_settings = map_new(NULL);
	map_put(session->lost_settings, name, session);
}

static void add_folded(const struct token *token, struct str *out)
{
	for (size_t i = 0; i < token->len; i++)
		str_add_char(out, (char)tolower((unsigned char)token->text[i]));
}

/* The name behind SET or RESET, with the words SESSION and LOCAL passed.
 * *out_local: it ends with the block. */
static void read_name(const char *sql, const struct statement *what,
		      struct str *out, bool *out_local)
{
	struct lexer lexer;
	struct token token;

	*out_local = false;
	lexer_init(&lexer, sql + what->words_end, strlen(sql + what->words_end),
		   LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	if (token_is(&token, "local") || token_is(&token, "session")) {
		*out_local = token_is(&token, "local");
		token = lexer_next_solid(&lexer);
	}
	if (token.kind != TOKEN_WORD && token.kind != TOKEN_NAME)
		return;
	add_folded(&token, out);
	if (token_is(&token, "time"))
		str_set(out, "timezone");
	token = lexer_next_solid(&lexer);
	if (!token_is_char(&token, '.'))
		return;
	/* app_context.name */
	token = lexer_next_solid(&lexer);
	str_add_char(out, '.');
	add_folded(&token, out);
}

static void note_setting(struct session *session, const char *sql,
			 const struct statement *what)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	bool local = false;

	if (strcmp(what->name, "SET SESSION AUTHORIZATION") == 0) {
		remember(session, USER_KEY);
		return;
	}
	if (strcmp(what->name, "SET") != 0 && strcmp(what->name, "RESET") != 0)
		return;
	read_name(sql, what, &name, &local);
	if (strcmp(what->name, "SET") == 0) {
		if (name.len > 0 && !local)
			remember(session, name.text);
	} else if (strcmp(name.text, "all") == 0) {
		lost_forget(session);
	} else if (session->lost_settings) {
		map_remove(session->lost_settings,
			   strcmp(name.text, "authorization") == 0 ? USER_KEY
								    : name.text);
	}
}

/* CREATE TEMP TABLE, CREATE TABLE #name, SELECT ... INTO #name. */
static bool makes_temporary(const char *sql, const struct statement *what)
{
	struct lexer lexer;
	struct token token;

	if (strcmp(what->name, "CREATE TABLE") != 0 &&
	    strcmp(what->name, "SELECT INTO") != 0)
		return false;
	lexer_init(&lexer, sql, strlen(sql), LEXER_ESCAPES, NULL);
	do {
		token = lexer_next_solid(&lexer);
		if (token.kind == TOKEN_TEMP || token_is(&token, "temp") ||
		    token_is(&token, "temporary"))
			return true;
	} while (token.kind != TOKEN_END && !token_is_char(&token, '('));
	return false;
}

void lost_note(struct session *session, const char *sql,
	       const struct statement *what)
{
	if (what->kind == STATEMENT_SETTING)
		note_setting(session, sql, what);
	else if (what->kind == STATEMENT_DDL && makes_temporary(sql, what))
		session->lost_tables = true;
}

void lost_tell(struct session *session)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	const char *name;
	size_t at = 0;

	while (session->lost_settings &&
	       map_next(session->lost_settings, &at, &name, NULL))
		str_addf(&names, "%s%s", names.len > 0 ? ", " : "", name);
	if (names.len > 0)
		say_info(&session->say,
			 "Settings of the lost session are gone, set them "
			 "again: %s.",
			 names.text);
	if (session->lost_tables)
		say_info(&session->say,
			 "Its temporary tables are gone as well.");
	lost_forget(session);
}

void lost_forget(struct session *session)
{
	map_free(session->lost_settings);
	session->lost_settings = NULL;
	session->lost_tables = false;
}
