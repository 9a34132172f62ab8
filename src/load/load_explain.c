#include "load/load_explain.h"

#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "load/copy_args.h"
#include "load/copy_parse.h"
#include "load/cure_facts.h"
#include "load/cure_table.h"
#include "load/cure_write.h"
#include "load/load_error.h"
#include "load/load_line.h"
#include "load/stage_map.h"
#include "sql/lexer.h"
#include "sql/mask.h"

enum {
	EXPLAIN_MAX = 3, /* kinds of errors that are shown */
	ASK_MAX = 100,
	LINE_COLS = 100,
	VALUE_BYTES = 200,
	EXTRA_COLUMNS = 1202,
};

void load_offer_done(struct load_offer *offer)
{
	for (size_t i = 0; i < offer->lines.count; i++) {
		mem_wipe(offer->lines.items[i], strlen(offer->lines.items[i]));
		mem_free(offer->lines.items[i]);
	}
	vec_done(&offer->lines);
	str_done(&offer->question);
}

/* What one COPY is explained from. */
struct story {
	struct db *db; /* to ask on */
	const struct load_error_hooks *hooks;
	struct copy_statement statement;
	struct cure_origin origin;
	bool aborted; /* the person's block */
	bool loaded;  /* the COPY succeeded, lines were left out */
	bool escapes;
};

/* --- the statement --- */

/* The first COPY among the statements of a text. What cannot be parsed here
 * the server took: go on without its dialect. */
static void parse_any(struct copy_statement *out, const char *sql)
{
	size_t len = strlen(sql);
	bool begins = true;
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	do {
		token = lexer_next_solid(&lexer);
		if (begins && token_is(&token, "COPY")) {
			struct copy_statement found = COPY_STATEMENT_EMPTY;
			struct err ignored = ERR_EMPTY;

			if (copy_parse(&found, sql + token.at, len - token.at,
				       &ignored)) {
				*out = found;
				return;
			}
			copy_statement_done(&found);
		}
		begins = token_is_char(&token, ';');
	} while (token.kind != TOKEN_END);
}

static void read_statement(struct story *story, const char *sql)
{
	parse_any(&story->statement, sql);
	story->origin.sql = sql;
	story->origin.secret = mask_needed(sql, strlen(sql));
}

/* --- where --- */

static void add_escaped(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 127)
			str_addf(out, "\\x%02x", (unsigned char)*text);
		else
			str_add_char(out, *text);
	}
}

/* The person's own file where the load went by a piece of it in S3. */
static void add_place(const struct load_error *error,
		      const struct stage_spot *spot, struct str *out)
{
	bool own = spot->file.len > 0;
	int64_t line = own ? spot->line : error->line;

	add_escaped(out, own ? spot->file.text : error->file);
	if (line > 0)
		str_addf(out, ", line %lld", (long long)line);
	str_add_char(out, '\n');
	if (error->column[0] == '\0')
		return;
	str_add(out, "  column  ");
	add_escaped(out, error->column);
	if (error->type[0] != '\0') {
		str_addf(out, "  %s", error->type);
		if (error->length[0] != '\0' && strcmp(error->length, "0") != 0)
			str_addf(out, "(%s)", error->length);
	}
	str_add_char(out, '\n');
}

static void add_labelled(const char *label, const char *text, struct str *out)
{
	CLEANUP(str_done) struct str start = STR_EMPTY;

	str_add_slice(&start, text, strnlen(text, VALUE_BYTES));
	if (start.len == 0)
		return;
	str_add(out, label);
	add_escaped(out, start.text);
	str_add(out, strlen(text) > start.len ? "...\n" : "\n");
}

/* The caret shows the value; without the line it is said. */
static void add_line(const struct load_error *error, struct load_line *line,
		     const struct stage_spot *spot, bool found,
		     const struct err *err, struct str *out)
{
	if (found) {
		if (spot->file.len > 0 && spot->line > 0) {
			line->before_line += spot->line - line->line;
			line->line = spot->line;
		}
		load_line_add(line, LINE_COLS, out);
		return;
	}
	add_labelled("  value   ", error->value, out);
	add_labelled("  line    ", error->raw_line, out);
	if (err->kind != ERR_NONE)
		str_addf(out, "  (the line itself could not be read: %s)\n",
			 err->message);
}

static void add_reason(const struct load_error *error, const char *why,
		       struct str *out)
{
	str_add(out, "  reason  ");
	add_escaped(out, error->reason);
	str_addf(out, " (%d)\n", error->code);
	if (why == NULL)
		return;
	str_add(out, "  why     ");
	add_escaped(out, why);
	str_add_char(out, '\n');
}

/* --- what to type --- */

/* "maxerror 2: line 7 is left out"; of ways with other statements what they
 * are for is enough. */
static void add_gist(const struct cure_way *way, struct str *out)
{
	if (way->before.count == 0) {
		cure_write_change(out, way);
		str_add(out, ": ");
	}
	add_escaped(out, way->what);
	str_add_char(out, '\n');
}

static void add_best(const struct story *story, const struct cure_way *way,
		     struct str *out)
{
	str_add(out, "  cure    ");
	add_gist(way, out);
	if (story->loaded) {
		str_add(out, "          what was loaded would be there twice: "
			     "delete it first, or \\copyfrom --replace\n");
		return;
	}
	if (story->aborted)
		str_addf(out, "          the block is aborted: rollback ends "
			      "it%s\n\nrollback;\n",
			 way->no_block ? ", and the rest must not run in one"
				       : "");
	else
		str_add_char(out, '\n');
	cure_write_shown(out, way, &story->origin);
	str_add_char(out, '\n');
}

static void add_other(const struct cure_way *way, struct str *out)
{
	str_add(out, "  or      ");
	add_gist(way, out);
	for (size_t i = 0; i < way->before.count; i++)
		str_addf(out, "            %s;\n", way->before.items[i]);
}

/* Of what was loaded already the lines left out are the very question. */
static bool only_leaves_out(const struct cure_way *way)
{
	return way->changes.count == 1 &&
	       (way->changes.items[0].id == COPY_MAXERROR ||
		way->changes.items[0].id == COPY_IGNOREALLERRORS);
}

/* Ways that need what is made by them may not be told in one line. */
static void add_cure(const struct story *story, const struct cure *cure,
		     struct str *out)
{
	for (size_t i = 0; i < cure->ways.count; i++) {
		const struct cure_way *way = &cure->ways.items[i];

		if (story->loaded && only_leaves_out(way))
			continue;
		if (i == 0)
			add_best(story, way, out);
		else if (!story->loaded && way->table == NULL)
			add_other(way, out);
	}
}

static void make_offer(const struct story *story, const struct cure *cure,
		       struct load_offer *offer)
{
	const struct copy_args *args = story->origin.copyfrom;
	const struct cure_way *way;

	if (offer == NULL || cure->ways.count == 0 || story->aborted ||
	    (args != NULL && args->place == COPY_PLACE_STDIN))
		return;
	way = &cure->ways.items[0];
	cure_write_lines(&offer->lines, way, &story->origin);
	cure_write_question(&offer->question, way);
}

/* --- errors --- */

/* The first field that has no column is the one of an extra column. */
static int field_of(const struct cure_table *table,
		    const struct load_error *error)
{
	if (error->code == EXTRA_COLUMNS && table->file.count > 0)
		return (int)table->file.count;
	return cure_table_field(table, error->column);
}

static void say_progress(const struct story *story, const char *fmt,
			 const char *word)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (story->hooks->progress == NULL)
		return;
	if (word != NULL)
		str_addf(&text, "%s%s", fmt, word);
	story->hooks->progress(story->hooks->context, text.text);
}

/* The table as it is, or as \copyfrom --create made it of the file before its
 * transaction was given up. */
static void find_table(const struct story *story,
		       const struct load_error *error,
		       struct cure_facts *facts, struct cure_table *table)
{
	const struct copy_args *args = story->origin.copyfrom;
	struct err ignored = ERR_EMPTY;

	cure_table_read(table, story->db, error->table, &story->statement);
	if (table->name != NULL || args == NULL || !args->create ||
	    story->statement.columns.count > 0 ||
	    !cure_facts_sniff(facts, error, story->hooks, &ignored))
		return;
	cure_table_done(table);
	*table = (struct cure_table){ .name = NULL };
	cure_table_infer(table, args->table.text, &facts->infer);
	cure_facts_want_types(facts);
}

/* In full, with the cure. */
static void add_first(const struct story *story, const struct load_error *error,
		      struct load_offer *offer, struct str *out)
{
	CLEANUP(cure_facts_done) struct cure_facts facts = CURE_FACTS_EMPTY;
	CLEANUP(cure_table_done) struct cure_table table = { .name = NULL };
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	CLEANUP(cure_done) struct cure cure = { .why = NULL };
	struct cure_case question = {
		.error = error,
		.statement = &story->statement,
		.facts = &facts,
		.table = &table,
		.escapes = story->escapes,
	};
	CLEANUP(stage_spot_done) struct stage_spot spot = STAGE_SPOT_EMPTY;
	struct err err = ERR_EMPTY;
	bool found;

	question.shown_line = stage_map_find(error->file, error->line, &spot)
				      ? spot.line
				      : error->line;
	find_table(story, error, &facts, &table);
	question.column = field_of(&table, error);
	say_progress(story, "looking for the cause in ", error->file);
	found = cure_facts_gather(&facts, &line, error, question.column,
				  &story->statement.options, &table,
				  story->hooks, &err) &&
		error->line > 0;
	say_progress(story, "", NULL);
	facts.whole &= !spot.cut;
	cure_facts_retype(&facts, table.file.count);
	cure_find(&cure, &question);
	add_place(error, &spot, out);
	add_line(error, &line, &spot, found, &err, out);
	add_reason(error, cure.why, out);
	/* without its text the COPY cannot be written again */
	if (story->statement.table == NULL)
		return;
	if (!found && spot.file.len > 0 && story->origin.copyfrom == NULL) {
		struct story gone = *story;
		CLEANUP(str_done) struct str file = STR_EMPTY;

		add_escaped(&file, spot.file.text);
		gone.origin.staged = file.text;
		add_cure(&gone, &cure, out);
		return;
	}
	add_cure(story, &cure, out);
	make_offer(story, &cure, offer);
}

static void add_further(const struct story *story,
			const struct load_error *error, struct str *out)
{
	CLEANUP(cure_table_done) struct cure_table table = { .name = NULL };
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	struct load_line_wish wish = { .error = error,
				       .options = &story->statement.options };
	CLEANUP(stage_spot_done) struct stage_spot spot = STAGE_SPOT_EMPTY;
	struct err err = ERR_EMPTY;
	bool found;

	stage_map_find(error->file, error->line, &spot);
	cure_table_read(&table, story->db, error->table, &story->statement);
	wish.column = field_of(&table, error);
	wish.names = table.names;
	wish.name_count = table.file.count;
	found = error->line > 0 &&
		load_line_read(&line, &wish, story->hooks, &err);
	add_place(error, &spot, out);
	add_line(error, &line, &spot, found, &err, out);
	add_reason(error, cure_meaning(error->code), out);
}

/* Lines that failed for one reason in one column are told once. */
static bool is_new_kind(const struct load_errors *errors, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (errors->items[i].code == errors->items[index].code &&
		    strcmp(errors->items[i].column,
			   errors->items[index].column) == 0)
			return false;
	return true;
}

static void add_errors(const struct story *story,
		       const struct load_errors *errors,
		       struct load_offer *offer, struct str *out)
{
	size_t kinds = 0;

	for (size_t i = 0; i < errors->count && kinds < EXPLAIN_MAX; i++) {
		if (!is_new_kind(errors, i))
			continue;
		if (kinds++ == 0)
			add_first(story, &errors->items[i], offer, out);
		else
			add_further(story, &errors->items[i], out);
	}
	if (errors->count > kinds)
		str_addf(out, "%zu%s lines failed; \\loaderrors #%lld lists "
			      "them\n",
			 errors->count, errors->count == ASK_MAX ? "+" : "",
			 (long long)errors->items[0].query);
}

/* --- entries --- */

static bool explain(struct story *story, const struct load_error_wish *wish,
		    struct load_offer *offer, struct str *out)
{
	CLEANUP(load_errors_done) struct load_errors errors = { .count = 0 };
	struct err err = ERR_EMPTY;

	if (!load_error_read(&errors, story->db, wish, &err)) {
		str_addf(out, "The load errors could not be read: %s\n",
			 err.message);
		return true;
	}
	if (errors.count == 0)
		return false;
	add_errors(story, &errors, offer, out);
	return true;
}

bool load_explain_failure(struct str *out, struct load_offer *offer,
			  struct db *db, const struct load_origin *origin,
			  const char *message,
			  const struct load_error_hooks *hooks)
{
	struct load_error_wish wish = { .session = db_backend_pid(db),
					.seconds = origin->seconds + 5,
					.newest = true,
					.limit = ASK_MAX };
	struct story story = { .db = db,
			       .hooks = hooks,
			       .statement = COPY_STATEMENT_EMPTY,
			       .origin.copyfrom = origin->copyfrom,
			       .escapes = db_backslash_escapes(db) };
	CLEANUP(db_closep) struct db *second = NULL;
	struct err err = ERR_EMPTY;
	bool said;

	/* "Check 'stl_load_errors' ...", "... 'sys_load_error_detail' ...";
	 * a file that was deleted meanwhile is an error of S3 */
	if (strstr(message, "load_error") == NULL &&
	    strstr(message, "S3 key being read") == NULL &&
	    strstr(message, "NoSuchKey") == NULL)
		return false;
	if (db_transaction(db) != DB_IDLE) {
		if (db_transaction(db) == DB_UNKNOWN || hooks->connect == NULL)
			return false;
		second = hooks->connect(hooks->context, &err);
		if (second == NULL) {
			str_addf(out,
				 "The load errors could not be read: %s\n",
				 err.message);
			return true;
		}
		story.db = second;
		story.aborted = !origin->own_block;
	}
	read_statement(&story, origin->sql);
	said = explain(&story, &wish, offer, out);
	copy_statement_done(&story.statement);
	return said;
}

bool load_explain_passed(struct str *out, struct db *db, const char *sql,
			 const struct load_error_hooks *hooks)
{
	struct load_error_wish wish = { .last_copy = true, .limit = ASK_MAX };
	struct story story = { .db = db,
			       .hooks = hooks,
			       .statement = COPY_STATEMENT_EMPTY,
			       .loaded = true,
			       .escapes = db_backslash_escapes(db) };
	bool said;

	read_statement(&story, sql);
	said = (copy_options_has(&story.statement.options, COPY_MAXERROR) ||
		copy_options_has(&story.statement.options,
				 COPY_IGNOREALLERRORS)) &&
	       explain(&story, &wish, NULL, out);
	copy_statement_done(&story.statement);
	return said;
}

/* MAXERROR let these lines pass: the others are in the table. */
static bool was_loaded(struct db *db, int64_t query)
{
	const struct rows_value *values;
	struct err ignored = ERR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_addf(&sql,
		 "select trim(status) from sys_load_history "
		 "where query_id = %lld",
		 (long long)query);
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(db, sql.text, NULL, &ignored);
	return rows != NULL && rows_next(rows, &values, &ignored) == ROWS_ROW &&
	       values[0].text != NULL &&
	       strcmp(values[0].text, "completed") == 0;
}

void load_explain_errors(struct str *out, struct db *db,
			 const struct load_errors *errors, const char *sql,
			 const struct load_error_hooks *hooks)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct story story = { .db = db,
			       .hooks = hooks,
			       .statement = COPY_STATEMENT_EMPTY,
			       .escapes = db_backslash_escapes(db) };

	str_add(&text, sql);
	story.loaded = was_loaded(db, errors->items[0].query);
	if (text.len == 0)
		load_error_statement(db, errors->items[0].query, &text);
	read_statement(&story, text.text);
	add_errors(&story, errors, NULL, out);
	copy_statement_done(&story.statement);
}
