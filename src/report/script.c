#include "report/script.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/interp.h"
#include "sql/lexer.h"
#include "sql/split.h"

struct reading {
	struct script *script;
	const struct script_world *world;
	struct script_part part; /* what has been read before a statement */
	struct str paragraph;
	struct split *split;
	size_t line, begun; /* the statement's first line; 0: none begun */
	bool ended;         /* by \q */
};

/* ---- made and freed ---- */

static void part_done(struct script_part *part)
{
	mem_free(part->title);
	mem_free(part->sql);
	for (size_t i = 0; i < part->paragraphs.count; i++)
		mem_free(part->paragraphs.items[i]);
	vec_done(&part->paragraphs);
	for (size_t i = 0; i < part->charts.count; i++)
		chart_wish_done(&part->charts.items[i]);
	vec_done(&part->charts);
	*part = (struct script_part){ .title = NULL };
}

void script_done(struct script *script)
{
	for (size_t i = 0; i < script->parts.count; i++)
		part_done(&script->parts.items[i]);
	vec_done(&script->parts);
	for (size_t i = 0; i < script->passed.count; i++)
		mem_free(script->passed.items[i]);
	vec_done(&script->passed);
	mem_free(script->title);
}

static void reading_done(struct reading *reading)
{
	part_done(&reading->part);
	str_done(&reading->paragraph);
	split_free(reading->split);
}

static bool part_is_empty(const struct script_part *part)
{
	return !part->title && part->paragraphs.count == 0 &&
	       part->charts.count == 0;
}

static void end_paragraph(struct reading *reading)
{
	if (reading->paragraph.len > 0)
		vec_push(&reading->part.paragraphs,
			 str_take(&reading->paragraph));
}

static void push_part(struct reading *reading)
{
	end_paragraph(reading);
	vec_push(&reading->script->parts, reading->part);
	reading->part = (struct script_part){ .title = NULL };
}

/* ---- comments ---- */

static bool fail(const struct reading *reading, struct err *err,
		 const char *what)
{
	return err_set(err, ERR_DATA, "line %zu: %s", reading->line, what);
}

/* text with :name filled in, to be freed. Quotes mean nothing in text, so the
 * other forms stay as they are. */
static char *filled(const struct reading *reading, const char *text)
{
	struct str out = STR_EMPTY;
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		size_t colons = strspn(text + at, ":");
		struct interp_ref ref;

		if (colons == 1 && interp_match(text + at, len - at, &ref) &&
		    ref.kind == INTERP_PLAIN &&
		    interp_value(reading->world->vars, &ref, &out)) {
			at += ref.len;
			continue;
		}
		colons += strcspn(text + at + colons, ":");
		str_add_slice(&out, text + at, colons);
		at += colons;
	}
	return str_take(&out);
}

static void fill(const struct reading *reading, char **text)
{
	char *now = filled(reading, *text);

	mem_free(*text);
	*text = now;
}

static void take_title(struct reading *reading, const char *text)
{
	size_t marks = strspn(text, "#");
	const char *title = text + marks + strspn(text + marks, " \t");

	end_paragraph(reading);
	if (marks == 1 && !reading->script->title) {
		reading->script->title = filled(reading, title);
		return;
	}
	/* Text that has no statement: under the title before, or none. */
	if (reading->part.title || (reading->part.paragraphs.count > 0 &&
				    reading->part.charts.count == 0)) {
		reading->part.line = reading->line;
		push_part(reading);
	}
	mem_free(reading->part.title);
	reading->part.title = filled(reading, title);
}

static bool take_chart(const struct reading *reading, struct script_part *part,
		       const char *text, struct err *err)
{
	struct chart_wish wish = CHART_WISH_EMPTY;

	if (!chart_wish_parse(&wish, text, err)) {
		chart_wish_done(&wish);
		return err_wrap(err, "line %zu", reading->line);
	}
	/* Behind the parser: a value is one word, whatever is in it. */
	if (wish.title)
		fill(reading, &wish.title);
	for (size_t i = 0; i < wish.words.count; i++)
		fill(reading, &wish.words.items[i]);
	vec_push(&part->charts, wish);
	return true;
}

/* "-- text", dashes and the blank behind them taken off. */
static bool take_comment(struct reading *reading, const char *text,
			 struct err *err)
{
	static const char chart[] = "\\chart";
	CLEANUP(mem_freep) char *more = NULL;
	size_t name = strlen(chart);

	if (text[0] == '#') {
		take_title(reading, text);
		return true;
	}
	if (strncmp(text, chart, name) == 0 &&
	    strchr(" \t", text[name]) != NULL)
		return take_chart(reading, &reading->part, text + name, err);
	if (text[0] == '\\') {
		fail(reading, err, "a comment's only command is \\chart");
		return err_hint(err, "text that begins with a backslash can "
				     "stand behind another word");
	}
	if (!*text) {
		end_paragraph(reading);
		return true;
	}
	if (reading->paragraph.len > 0)
		str_add_char(&reading->paragraph, ' ');
	more = filled(reading, text);
	str_add(&reading->paragraph, more);
	return true;
}

/* ---- statements ---- */

static void end_statement(struct reading *reading)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_set_slice(&sql, split_text(reading->split),
		      split_text_len(reading->split));
	str_trim_end(&sql);
	split_reset(reading->split);
	if (sql.len > 0) {
		reading->part.sql = str_take(&sql);
		reading->part.line = reading->begun;
		push_part(reading);
	}
	/* Should another begin behind it. */
	reading->begun = reading->line;
}

static bool in_statement(const struct reading *reading)
{
	return split_text_len(reading->split) > 0;
}

/* Behind a statement; after one, as at the prompt, its result is drawn. */
static bool chart_command(struct reading *reading, const char *rest,
			  struct err *err)
{
	struct script *script = reading->script;
	struct script_part *last =
		script->parts.count > 0
			? &script->parts.items[script->parts.count - 1]
			: NULL;

	if (in_statement(reading)) {
		if (!take_chart(reading, &reading->part, rest, err))
			return false;
		end_statement(reading);
		return true;
	}
	if (last && last->sql && part_is_empty(&reading->part) &&
	    reading->paragraph.len == 0)
		return take_chart(reading, last, rest, err);
	return fail(reading, err, "a chart has no statement before it");
}

/* What there is about tables on a screen. */
static bool is_look(const char *name)
{
	static const char *const names[] = {
		"pset", "x", "a", "t", "timing", "C", "f", "H", "T", "encoding"
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void pass_over(struct reading *reading, const char *name)
{
	struct str text = STR_EMPTY;

	str_addf(&text, "\\%s (line %zu)", name, reading->line);
	vec_push(&reading->script->passed, str_take(&text));
}

static bool refuse_command(const struct reading *reading, const char *name,
			   struct err *err)
{
	err_set(err, ERR_DATA, "line %zu: \\%s is no command of a report",
		reading->line, name);
	return err_hint(err, "a report knows \\chart, \\set, \\unset, \\g and "
			     "\\q; its text stands in comments (-- Text)");
}

/* One that begins at rest; the split goes on behind it. */
static bool take_command(struct reading *reading, const char *rest,
			 struct err *err)
{
	const struct script_world *world = reading->world;
	size_t len = strcspn(rest, " \t\\");
	CLEANUP(mem_freep) char *name = mem_copy_slice(rest, len);
	size_t used = strlen(rest);
	bool ok = true;

	if (strcmp(name, "set") == 0 || strcmp(name, "unset") == 0) {
		if (!world->set || !world->set(world->context, rest, &used))
			return fail(reading, err, "the command failed");
	} else if (strcmp(name, "chart") == 0) {
		ok = chart_command(reading, rest + len, err);
	} else if (strcmp(name, "g") == 0 || strcmp(name, "gx") == 0) {
		if (rest[len + strspn(rest + len, " \t")] != '\0')
			return fail(reading, err,
				    "\\g writes no files in a report");
		end_statement(reading);
	} else if (strcmp(name, "q") == 0) {
		reading->ended = true;
	} else if (is_look(name)) {
		pass_over(reading, name);
	} else {
		return refuse_command(reading, name, err);
	}
	split_skip(reading->split, used);
	return ok;
}

static bool take_sql(struct reading *reading, const char *line, size_t len,
		     struct err *err)
{
	enum split_event event;

	split_feed(reading->split, line, len);
	while (!reading->ended &&
	       (event = split_next(reading->split)) != SPLIT_MORE) {
		CLEANUP(mem_freep) char *rest = NULL;

		if (event == SPLIT_STATEMENT) {
			end_statement(reading);
			continue;
		}
		rest = mem_copy_slice(split_rest(reading->split),
				      split_rest_len(reading->split));
		rest[strcspn(rest, "\r\n")] = '\0';
		if (!take_command(reading, rest, err))
			return false;
	}
	if (split_inside(reading->split) == SPLIT_NOTHING)
		reading->begun = 0;
	return true;
}

static bool take_line(struct reading *reading, const char *line, size_t len,
		      struct err *err)
{
	size_t blanks = 0;

	while (blanks < len && (line[blanks] == ' ' || line[blanks] == '\t'))
		blanks++;
	if (reading->begun == 0 && len - blanks >= 2 && line[blanks] == '-' &&
	    line[blanks + 1] == '-') {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		size_t from = blanks + 2;

		while (from < len && line[from] == ' ')
			from++;
		str_set_slice(&text, line + from, len - from);
		str_trim_end(&text);
		return take_comment(reading, text.text, err);
	}
	if (reading->begun == 0 && blanks == len) {
		end_paragraph(reading);
		return true;
	}
	if (reading->begun == 0)
		reading->begun = reading->line;
	return take_sql(reading, line, len, err);
}

/* A last statement without its semicolon is one as well. */
static void take_rest(struct reading *reading)
{
	end_statement(reading);
	end_paragraph(reading);
	if (!part_is_empty(&reading->part)) {
		reading->part.line = reading->line;
		push_part(reading);
	}
}

static bool check_charts(struct reading *reading, struct err *err)
{
	const struct script *script = reading->script;

	for (size_t i = 0; i < script->parts.count; i++) {
		const struct script_part *part = &script->parts.items[i];

		if (part->charts.count == 0 || part->sql)
			continue;
		reading->line = part->line;
		return fail(reading, err, "a chart has no statement behind it");
	}
	return true;
}

/* COPY ... FROM STDIN, TO STDOUT: of PostgreSQL. */
static bool copies_here(const struct reading *reading, const char *sql)
{
	unsigned options = reading->world->escapes ? LEXER_ESCAPES : 0;
	bool after = false; /* FROM or TO */
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, strlen(sql), options, NULL);
	token = lexer_next_solid(&lexer);
	if (!token_is(&token, "copy"))
		return false;
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		if (after &&
		    (token_is(&token, "stdin") || token_is(&token, "stdout")))
			return true;
		after = token_is(&token, "from") || token_is(&token, "to");
	}
	return false;
}

/* Its data would be the lines behind \report. */
static bool check_copies(struct reading *reading, struct err *err)
{
	const struct script *script = reading->script;

	for (size_t i = 0; i < script->parts.count; i++) {
		const struct script_part *part = &script->parts.items[i];

		if (!part->sql || !copies_here(reading, part->sql))
			continue;
		reading->line = part->line;
		fail(reading, err,
		     "COPY from or to the shell has no place in a report");
		return err_hint(err, "a query shows rows: select ...; \\copy "
				     "reads and writes files, before \\report");
	}
	return true;
}

bool script_read(struct script *script, const char *text, size_t len,
		 const struct script_world *world, struct err *err)
{
	static const char mark[] = "\xEF\xBB\xBF"; /* of Windows' editors */
	struct split_options options = { .escapes = world->escapes,
					 .vars = world->vars };
	CLEANUP(reading_done)
	struct reading reading = { .script = script,
				   .world = world,
				   .paragraph = STR_EMPTY };

	reading.split = split_new(&options);
	for (size_t at = len >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
	     at < len && !reading.ended;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t size = end ? (size_t)(end - text) - at : len - at;
		size_t bare = size > 0 && text[at + size - 1] == '\r' ? size - 1
								      : size;

		reading.line++;
		if (memchr(text + at, '\0', bare))
			return fail(&reading, err,
				    "a byte of value 0: this is no text");
		if (!take_line(&reading, text + at, bare, err))
			return false;
		at += size + 1;
	}
	take_rest(&reading);
	if (!check_charts(&reading, err) || !check_copies(&reading, err))
		return false;
	if (script->parts.count == 0)
		return err_set(err, ERR_DATA, "there is nothing in it");
	return true;
}
