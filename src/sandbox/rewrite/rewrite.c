/* Order: kind of statement, refusals by words, then literals, names and
 * types, function calls, and last the statement's own rule, whose changes
 * win. COPY and UNLOAD go to rscopy as they are. */
#include "sandbox/rewrite/rewrite.h"

#include <string.h>

#include "base/path.h"
#include "base/vec.h"
#include "sandbox/account/refusal.h"
#include "sandbox/rewrite/rewrite_query.h"
#include "sandbox/rewrite/rewrite_work.h"
#include "sql/keyword.h"
#include "sql/quote.h"

void rewrite_result_done(struct rewrite_result *result)
{
	str_done(&result->sql);
	str_done(&result->before);
	str_done(&result->after);
	str_done(&result->name);
	str_done(&result->value);
	str_done(&result->notice);
	vec_done(&result->spans);
	vec_done(&result->decimals);
}

void rewrite_result_clear(struct rewrite_result *result)
{
	str_clear(&result->sql);
	str_clear(&result->before);
	str_clear(&result->after);
	str_clear(&result->name);
	str_clear(&result->value);
	str_clear(&result->notice);
	vec_clear(&result->spans);
	vec_clear(&result->decimals);
	result->action = REWRITE_SEND;
	result->statement = (struct statement){ .name = "", .object = "" };
	result->tag = NULL;
	result->commits_first = false;
	result->local = false;
	result->reset = false;
	result->separate = false;
	result->notice_severity = NULL;
	result->refused_at = PATCH_NONE;
}

void rewrite_columns_done(struct rewrite_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		mem_free(columns->items[i]);
	vec_done(columns);
}

static struct tsv *read_table(const char *share_dir, const char *name,
			      struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;

	str_addf(&file, "sandbox/%s.tsv", name);
	if (share_dir != NULL)
		str_addf(&path, "%s/%s", share_dir, file.text);
	else if (!path_share(file.text, &path, err))
		return NULL;
	return tsv_read(path.text, err);
}

struct rewrite *rewrite_new(const char *share_dir, struct err *err)
{
	struct rewrite *rewrite = mem_alloc(sizeof(*rewrite));
	const struct {
		const char *name;
		struct tsv **slot;
	} tables[] = {
		{ "statements", &rewrite->statements },
		{ "refused", &rewrite->refused },
		{ "functions", &rewrite->functions },
		{ "pg_functions", &rewrite->pg_functions },
		{ "types", &rewrite->types },
		{ "settings", &rewrite->settings },
		{ "messages", &rewrite->messages },
		{ "relations", &rewrite->relations },
		{ "leader", &rewrite->leader },
	};

	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		*tables[i].slot = read_table(share_dir, tables[i].name, err);
		if (*tables[i].slot == NULL) {
			rewrite_free(rewrite);
			return NULL;
		}
	}
	return rewrite;
}

void rewrite_free(struct rewrite *rewrite)
{
	if (rewrite == NULL)
		return;
	tsv_free(rewrite->statements);
	tsv_free(rewrite->refused);
	tsv_free(rewrite->functions);
	tsv_free(rewrite->pg_functions);
	tsv_free(rewrite->types);
	tsv_free(rewrite->settings);
	tsv_free(rewrite->messages);
	tsv_free(rewrite->relations);
	tsv_free(rewrite->leader);
	mem_free(rewrite);
}

void rewrite_set_character(struct rewrite *rewrite,
			   const struct rewrite_character *character)
{
	rewrite->character = *character;
}

const struct rewrite_character *rewrite_character(const struct rewrite *rewrite)
{
	return &rewrite->character;
}

size_t rewrite_split(const char *sql, size_t len, size_t start)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	lexer.at = start;
	do
		token = lexer_next(&lexer);
	while (token.kind != TOKEN_END && !token_is_char(&token, ';'));
	return lexer.at;
}

/* ---- what the rules share */

bool work_refuse(struct work *work, size_t at, const char *sqlstate,
		 const char *fmt, ...)
{
	struct str message = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&message, fmt, args);
	va_end(args);
	err_set(work->err, ERR_SERVER, "%s", message.text);
	err_set_code(work->err, sqlstate);
	str_done(&message);
	work->out->refused_at =
		at == PATCH_NONE ? PATCH_NONE : patch_at(&work->patch, at)->at;
	return false;
}

bool work_syntax(struct work *work, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);

	if (token->kind == TOKEN_END)
		return work_refuse(work, at, "42601",
				   "syntax error at end of input");
	return work_refuse(work, at, "42601",
			   "syntax error at or near \"%.*s\"", (int)token->len,
			   token->text);
}

bool work_later(struct work *work, size_t at, const char *what)
{
	const struct token *token = patch_at(&work->patch, at);

	work_refuse(work, at, REFUSAL_LACKS, "the sandbox has no %s \"%.*s\"",
		    what, (int)token->len, token->text);
	return err_hint(work->err, "A real cluster does; see man redsh-sandbox "
				   "for what the sandbox covers.");
}

void work_name(const struct work *work, size_t at, struct str *out)
{
	const struct token *token = patch_at(&work->patch, at);

	if (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	    token->kind == TOKEN_TEMP)
		quote_name_read(out, token->text, token->len,
				!work->input->case_sensitive);
}

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_TEMP;
}

size_t work_name_end(const struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;

	if (!is_name(patch_at(patch, at)))
		return at;
	while (token_is_char(patch_at(patch, at + 1), '.') &&
	       is_name(patch_at(patch, at + 2)))
		at += 2;
	return at + 1;
}

void work_name_literal(const struct work *work, size_t from, size_t to,
		       struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	patch_render(&work->patch, from, to, &name, NULL);
	quote_literal(out, name.text, false);
}

void work_silent(struct work *work, const char *tag)
{
	patch_drop(&work->patch, 0, work->patch.count);
	work->out->tag = tag;
}

bool work_lacks(struct work *work, size_t at, const char *fmt, ...)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&what, fmt, args);
	va_end(args);
	return work_refuse(work, at, REFUSAL_LACKS, "the sandbox has no %s",
			   what.text);
}

bool work_is_reserved(const struct work *work, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);

	return token->kind == TOKEN_WORD &&
	       keyword_is_reserved(token->text, token->len);
}

void work_add_name(const struct work *work, size_t at, struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, at, &name);
	quote_literal(out, name.text, false);
}

bool work_ask(struct work *work, const char *sql, struct str *out)
{
	const struct rewrite_ask *ask = &work->input->ask;

	if (ask->context == NULL)
		return work_lacks(work, 0, "session to ask here");
	if (ask->value(ask->context, sql, out, work->err))
		return true;
	work->out->refused_at = PATCH_NONE;
	return false;
}

/* ---- one statement */

static bool refuse_block(struct work *work)
{
	const struct statement *is = &work->out->statement;

	if (is->block == BLOCK_REFUSED && work->input->in_block)
		return work_refuse(
			work, 0, "25001", "%s cannot run inside a %s", is->name,
			work->input->several ? "multiple commands statement"
					     : "transaction block");
	if (work->input->block_used &&
	    (strcmp(is->name, "USE") == 0 ||
	     patch_match(&work->patch, 0, "reset use")))
		return work_refuse(
			work, 0, "25001",
			"USEd Database cannot be set or reset inside "
			"a transaction after another command.");
	if (is->block == BLOCK_REQUIRED && !work->input->in_block &&
	    strcmp(is->name, "DECLARE") == 0)
		return work_refuse(work, 0, "25P01",
				   "%s CURSOR may only be used in transaction "
				   "blocks",
				   is->name);
	return true;
}

/* Tags that PostgreSQL 15 words differently. */
static const char *const tags[] = {
	"CREATE USER",
	"ALTER USER",
	"DROP USER",
	"CREATE GROUP",
	"ALTER GROUP",
	"DROP GROUP",
	"CREATE MATERIALIZED VIEW",
};

static void set_tag(struct rewrite_result *out)
{
	for (size_t i = 0; i < COUNT_OF(tags) && out->tag == NULL; i++)
		if (strcmp(tags[i], out->statement.name) == 0)
			out->tag = tags[i];
}

/* Statements of the table that more words tell apart than classify looks at. */
static const char *longer_name(const struct work *work)
{
	static const struct {
		const char *words;
		const char *name;
	} longer[] = {
		{ "set local session authorization",
		  "SET SESSION AUTHORIZATION" },
		{ "show use", "SHOW USE" },
		{ "reset use", "RESET USE" },
		{ "show model", "SHOW MODEL" },
		{ "show template", "SHOW TEMPLATE" },
	};

	for (size_t i = 0; i < COUNT_OF(longer); i++)
		if (patch_match(&work->patch, 0, longer[i].words))
			return longer[i].name;
	return work->out->statement.name;
}

static bool run_rule(struct work *work)
{
	const char *name = longer_name(work);
	const struct tsv_row *row = tsv_find(work->rules->statements, name);
	rewrite_rule *rule =
		row != NULL ? rewrite_rule_named(row->cells[1]) : NULL;

	if (rule == NULL)
		return work_refuse(work, 0, REFUSAL_UNNAMED,
				   "no table of the sandbox names %s", name);
	set_tag(work->out);
	return rewrite_synopsis(work, row->cells[2]) && rule(work);
}

/* COPY's text is not PostgreSQL's: its option names would be refused. */
static bool is_foreign(const struct work *work)
{
	return work->out->statement.kind == STATEMENT_COPY ||
	       work->out->statement.kind == STATEMENT_UNLOAD;
}

/* CREATE, ALTER and DROP are known, what follows is not. */
static bool refuse_unknown(struct work *work)
{
	bool verb = patch_match(&work->patch, 0, "create") ||
		    patch_match(&work->patch, 0, "alter") ||
		    patch_match(&work->patch, 0, "drop");

	return work_syntax(work, verb ? 1 : 0);
}

static bool run_tokens(struct work *work)
{
	bool fine = is_foreign(work) ||
		    (rewrite_scope(work) && rewrite_words(work) &&
		     rewrite_super(work) && rewrite_relations(work) &&
		     rewrite_calls(work));

	fine = fine && run_rule(work);
	if (fine)
		patch_render(&work->patch, 0, work->patch.count,
			     &work->out->sql, &work->out->spans);
	return fine;
}

/* The tokens of an expanded text; what is said of them is said of the
 * client's. */
static bool run_expanded(struct work *work, const struct draft *draft)
{
	struct work expanded = *work;
	struct rewrite_result *out = work->out;
	bool fine;

	patch_init(&expanded.patch, draft->sql.text, draft->sql.len);
	fine = run_tokens(&expanded);
	patch_done(&expanded.patch);
	for (size_t i = 0; i < out->spans.count; i++)
		out->spans.items[i].from =
			draft_origin(&draft->spans, out->spans.items[i].from);
	if (!fine && out->refused_at != PATCH_NONE)
		out->refused_at = draft_origin(&draft->spans, out->refused_at);
	return fine;
}

static bool rewrite_patch(struct work *work)
{
	struct draft draft = DRAFT_EMPTY;
	bool expanded = false;
	bool fine;

	if (!rewrite_refusals(work))
		return false;
	if (work->out->statement.kind == STATEMENT_UNKNOWN)
		return refuse_unknown(work);
	if (!work->patch.balanced) {
		size_t last = work->patch.count;

		return work_syntax(work, last);
	}
	if (!refuse_block(work))
		return false;
	fine = is_foreign(work) || rewrite_query(work, &draft, &expanded);
	if (fine)
		fine = expanded ? run_expanded(work, &draft) : run_tokens(work);
	draft_done(&draft);
	if (!fine)
		return false;
	rewrite_decimals(work);
	return rewrite_explain(work);
}

bool rewrite_statement(const struct rewrite *rewrite,
		       const struct rewrite_input *input,
		       struct rewrite_result *out, struct err *err)
{
	struct err ignored = ERR_EMPTY;
	struct work work = { .rules = rewrite, .input = input, .out = out };
	bool fine;

	work.err = err != NULL ? err : &ignored;
	err_clear(work.err);
	rewrite_result_clear(out);
	out->statement = classify(input->sql, input->len, true);
	if (out->statement.kind == STATEMENT_EMPTY) {
		out->action = REWRITE_EMPTY;
		return true;
	}
	patch_init(&work.patch, input->sql, input->len);
	fine = rewrite_patch(&work);
	patch_done(&work.patch);
	return fine;
}

/* ---- errors of PostgreSQL */

/* Bytes of the first count characters. */
static size_t bytes_of(const char *text, size_t len, size_t count)
{
	size_t i = 0;

	while (i < len && count > 0) {
		i++;
		while (i < len && (text[i] & 0xC0) == 0x80)
			i++;
		count--;
	}
	return i;
}

static size_t characters_of(const char *text, size_t bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes; i++)
		if ((text[i] & 0xC0) != 0x80)
			count++;
	return count;
}

size_t rewrite_offset(const struct rewrite_result *result, size_t position)
{
	size_t at = bytes_of(result->sql.text, result->sql.len,
			     position > 0 ? position - 1 : 0);

	return draft_origin(&result->spans, at);
}

size_t rewrite_position(const struct rewrite_result *result,
			const struct rewrite_input *input, size_t position)
{
	return characters_of(input->sql, rewrite_offset(result, position)) + 1;
}

/* The first "name" in message. */
static void add_quoted(struct str *out, const char *message)
{
	const char *open = strchr(message, '"');
	const char *close = open != NULL ? strchr(open + 1, '"') : NULL;

	if (close != NULL)
		str_add_slice(out, open + 1, (size_t)(close - open - 1));
}

/* Our schema is no client's business. */
static void hide_schema(struct str *message)
{
	static const char schema[] = REWRITE_SCHEMA ".";
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *from = message->text;
	const char *found;

	if (strstr(from, schema) == NULL)
		return;
	while ((found = strstr(from, schema)) != NULL) {
		str_add_slice(&text, from, (size_t)(found - from));
		from = found + strlen(schema);
	}
	str_add(&text, from);
	str_set(message, text.text);
}

bool rewrite_message(const struct rewrite *rewrite, char *sqlstate,
		     struct str *message)
{
	hide_schema(message);
	for (size_t i = 0; i < tsv_count(rewrite->messages); i++) {
		const struct tsv_row *row = tsv_row(rewrite->messages, i);
		CLEANUP(str_done) struct str text = STR_EMPTY;
		const char *mark;

		if (strcmp(row->cells[0], sqlstate) != 0 ||
		    !str_starts(message->text, row->cells[1]))
			continue;
		if (row->cells[3][0] == '\0')
			return true;
		memcpy(sqlstate, row->cells[2], 5);
		mark = strstr(row->cells[3], "%*");
		if (mark != NULL) {
			str_add_slice(&text, row->cells[3],
				      (size_t)(mark - row->cells[3]));
			str_add(&text, message->text + strlen(row->cells[1]));
			str_set(message, text.text);
			return true;
		}
		mark = strstr(row->cells[3], "%\"");
		if (mark != NULL) {
			str_add_slice(&text, row->cells[3],
				      (size_t)(mark - row->cells[3]));
			add_quoted(&text, message->text);
			str_add(&text, mark + 2);
		} else {
			str_add(&text, row->cells[3]);
		}
		str_set(message, text.text);
		return true;
	}
	return false;
}
