#include "report/script.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/interp.h"
#include "sql/split.h"

struct reading {
	struct script *script;
	struct script_part part; /* what has been read before a statement */
	struct str paragraph;
	struct split *split;
	size_t line, begun; /* the statement's first line; 0: none begun */
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

static void take_title(struct reading *reading, const char *text)
{
	size_t marks = strspn(text, "#");
	const char *title = text + marks + strspn(text + marks, " \t");

	end_paragraph(reading);
	if (marks == 1 && !reading->script->title) {
		reading->script->title = mem_copy_text(title);
		return;
	}
	/* Text that has no statement: under the title before, or none. */
	if (reading->part.title || (reading->part.paragraphs.count > 0 &&
				    reading->part.charts.count == 0)) {
		reading->part.line = reading->line;
		push_part(reading);
	}
	mem_free(reading->part.title);
	reading->part.title = mem_copy_text(title);
}

static bool take_chart(struct reading *reading, const char *text,
		       struct err *err)
{
	struct chart_wish wish = CHART_WISH_EMPTY;

	if (!chart_wish_parse(&wish, text, err)) {
		chart_wish_done(&wish);
		return err_wrap(err, "line %zu", reading->line);
	}
	vec_push(&reading->part.charts, wish);
	return true;
}

/* "-- text", dashes and the blank behind them taken off. */
static bool take_comment(struct reading *reading, const char *text,
			 struct err *err)
{
	static const char chart[] = "\\chart";
	size_t name = strlen(chart);

	if (text[0] == '#') {
		take_title(reading, text);
		return true;
	}
	if (strncmp(text, chart, name) == 0 &&
	    strchr(" \t", text[name]) != NULL)
		return take_chart(reading, text + name, err);
	if (text[0] == '\\') {
		fail(reading, err, "a report knows \\chart only");
		return err_hint(err, "text that begins with a backslash can "
				     "stand behind another word");
	}
	if (!*text) {
		end_paragraph(reading);
		return true;
	}
	if (reading->paragraph.len > 0)
		str_add_char(&reading->paragraph, ' ');
	str_add(&reading->paragraph, text);
	return true;
}

/* ---- statements ---- */

static bool take_sql(struct reading *reading, const char *line, size_t len,
		     struct err *err)
{
	enum split_event event;

	split_feed(reading->split, line, len);
	while ((event = split_next(reading->split)) != SPLIT_MORE) {
		if (event == SPLIT_COMMAND) {
			fail(reading, err,
			     "a report holds SQL and comments, no commands");
			return err_hint(err, "write -- \\chart before the "
					     "statement; give variables with "
					     "\\set before \\report");
		}
		reading->part.sql =
			mem_copy_slice(split_text(reading->split),
				       split_text_len(reading->split));
		reading->part.line = reading->begun;
		push_part(reading);
		split_reset(reading->split);
		reading->begun = 0;
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
	CLEANUP(str_done) struct str rest = STR_EMPTY;

	str_set_slice(&rest, split_text(reading->split),
		      split_text_len(reading->split));
	str_trim_end(&rest);
	if (rest.len > 0) {
		reading->part.sql = mem_copy_text(rest.text);
		reading->part.line = reading->begun;
		push_part(reading);
		return;
	}
	end_paragraph(reading);
	if (!part_is_empty(&reading->part)) {
		reading->part.line = reading->line;
		push_part(reading);
	}
}

bool script_read(struct script *script, const char *text, size_t len,
		 bool escapes, const struct interp *vars, struct err *err)
{
	struct split_options options = { .escapes = escapes, .vars = vars };
	CLEANUP(reading_done)
	struct reading reading = { .script = script, .paragraph = STR_EMPTY };

	reading.split = split_new(&options);
	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t size = end ? (size_t)(end - text) - at : len - at;
		size_t bare = size > 0 && text[at + size - 1] == '\r' ? size - 1
								      : size;

		reading.line++;
		if (!take_line(&reading, text + at, bare, err))
			return false;
		at += size + 1;
	}
	take_rest(&reading);
	for (size_t i = 0; i < script->parts.count; i++)
		if (script->parts.items[i].charts.count > 0 &&
		    !script->parts.items[i].sql) {
			reading.line = script->parts.items[i].line;
			return fail(&reading, err,
				    "a chart has no statement behind it");
		}
	if (script->parts.count == 0)
		return err_set(err, ERR_DATA, "there is nothing in it");
	return true;
}
