#include "cmd/cmd_report.h"

#include <string.h>
#include <sys/stat.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "chart/gather.h"
#include "cmd/report_pdf.h"
#include "data/isotime.h"
#include "data/replay.h"
#include "db/conn.h"
#include "report/document.h"
#include "report/script.h"
#include "shell/pipeline.h"
#include "shell/session_state.h"
#include "sql/interp.h"
#include "sql/mask.h"

enum {
	SCRIPT_BYTES = 4 << 20,
	CHART_BARS = 40, /* for which a page has room */
};

/* ---- a section ---- */

struct section { /* while its rows come */
	struct session *session;
	const struct script_part *part;
	struct str *out;
	struct document_facts facts;
	int64_t start_us;
	int charts;
	bool came;
	bool failed;
	struct err why; /* of taking its rows; none: the server said it */
};

static bool add_chart(struct section *section, struct replay *rows,
		      const struct chart_wish *wish, struct err *err)
{
	CLEANUP(chart_done) struct chart chart = CHART_EMPTY;
	struct gather_source source = { &rows->rows, replay_again, rows };
	struct chart_wish roomy = *wish; /* its words stay borrowed */

	roomy.columns = roomy.rows = CHART_BARS;
	if (!replay_again(rows, err))
		return false;
	if (!gather_chart(&chart, &source, &roomy, err)) {
		/* A week without sales is no failure. */
		if (err->kind != ERR_MISSING)
			return false;
		document_no_chart(section->out, err->message);
		err_clear(err);
		return true;
	}
	document_chart(section->out, &chart);
	section->charts++;
	return true;
}

static bool draw_rows(struct section *section, struct replay *rows,
		      struct err *err)
{
	const struct script_part *part = section->part;

	for (size_t i = 0; i < part->charts.count; i++)
		if (!add_chart(section, rows, &part->charts.items[i], err))
			return false;
	return replay_again(rows, err) &&
	       document_table(section->out, &rows->rows, &section->facts, err);
}

static bool take_rows(void *context, struct rows *from, struct err *err)
{
	struct section *section = context;
	CLEANUP(replay_done) struct replay rows;

	replay_init(&rows, from);
	if (!replay_fill(&rows, from, err))
		return false;
	section->facts.took_us = clock_monotonic_us() - section->start_us;
	section->came = true; /* perhaps not the first: select 1 \; select 2 */
	if (draw_rows(section, &rows, err))
		return true;
	section->why = *err;
	return false;
}

static bool run_statement(struct section *section, struct err *err)
{
	struct session *session = section->session;
	bool timing = session->timing;
	bool ok;

	session->timing = false; /* the page tells it */
	session->send.use = SEND_TAKE;
	session->send.take = take_rows;
	session->send.take_context = section;
	section->start_us = clock_monotonic_us();
	ok = session_run_sql(session, section->part->sql, err);
	session->timing = timing;
	if (!ok || !section->came)
		section->facts.took_us =
			clock_monotonic_us() - section->start_us;
	return ok;
}

/* In place of what its rows began. The server's words are masked like its
 * statement: they quote it. */
static void tell_failure(struct section *section, size_t begin)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	const char *why = section->why.message;

	if (section->why.kind == ERR_NONE)
		why = session_lookup(section->session, "LAST_ERROR_MESSAGE");
	str_cut(section->out, begin);
	if (why)
		mask_secrets(&shown, why, strlen(why));
	document_failure(section->out, shown.text);
	section->facts.count = -1;
	section->charts = 0;
	section->failed = true;
}

static bool stop_at(const struct section *section)
{
	session_info(section->session,
		     "The report stopped at the statement of line %zu; "
		     "nothing was written.",
		     section->part->line);
	return false;
}

/* A statement without rows has a section only where it has a title or text. */
static bool add_section(struct section *section, size_t number, bool go_on,
			struct err *err)
{
	struct session *session = section->session;
	const struct script_part *part = section->part;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	size_t begin = section->out->len, inside;

	document_section_begin(section->out, part, number, &section->facts);
	inside = section->out->len;
	if (part->sql && !run_statement(section, err)) {
		if (!go_on || cancel_raised() || !session->db ||
		    !db_is_alive(session->db))
			return stop_at(section);
		err_clear(err);
		tell_failure(section, inside);
	} else if (part->sql && !section->came && !part->title &&
		   part->paragraphs.count == 0) {
		str_cut(section->out, begin);
		return true;
	}
	/* A page is passed on: passwords go, whatever the server is. */
	if (part->sql)
		mask_secrets(&shown, part->sql, strlen(part->sql));
	document_section_end(section->out, part->sql ? shown.text : NULL,
			     &section->facts);
	return true;
}

/* ---- the page ---- */

static void add_contents(struct str *out, const struct script *script)
{
	size_t count = script->parts.count;
	const char **titles = mem_alloc_array(count + 1, sizeof(*titles));
	int named = 0;

	for (size_t i = 0; i < count; i++) {
		titles[i] = script->parts.items[i].title;
		named += titles[i] != NULL;
	}
	if (named > 1)
		document_contents(out, titles, count);
	mem_free(titles);
}

static void add_about(const struct session *session, struct str *out)
{
	if (session->db)
		str_addf(out, "%s on %s, as %s, ", db_name(session->db),
			 db_host(session->db), db_user(session->db));
	isotime_add_local(out, clock_wall_ms());
}

struct page {             /* as it is made */
	const char *name; /* of the script */
	int64_t most_rows;
	bool go_on; /* --keep-going */
	struct str out;
	size_t sections;
	size_t statements, failed;
	int charts;
};

static void page_done(struct page *page)
{
	str_done(&page->out);
}

static bool make_page(struct session *session, const struct script *script,
		      struct page *page, struct err *err)
{
	CLEANUP(str_done) struct str about = STR_EMPTY;

	add_about(session, &about);
	document_begin(&page->out,
		       script->title ? script->title : path_base(page->name),
		       about.text);
	add_contents(&page->out, script);
	for (size_t i = 0; i < script->parts.count; i++) {
		struct section section = {
			.session = session,
			.part = &script->parts.items[i],
			.out = &page->out,
			.facts = { .most = page->most_rows,
				   .most_bytes = DOCUMENT_MOST_BYTES,
				   .count = -1 },
		};
		size_t before = page->out.len;

		if (!cancel_check(err) ||
		    !add_section(&section, i + 1, page->go_on, err))
			return false;
		page->sections += page->out.len > before;
		page->statements += section.part->sql != NULL;
		page->failed += section.failed;
		page->charts += section.charts;
	}
	document_end(&page->out);
	return true;
}

static bool set_variable(void *context, const char *command, size_t *out_used)
{
	return session_command(context, command, out_used);
}

static void tell_passed(struct session *session, const struct script *script)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < script->passed.count; i++)
		str_addf(&names, "%s%s", i > 0 ? ", " : "",
			 script->passed.items[i]);
	if (names.len > 0)
		session_info(session,
			     "Passed over, for a page has a look of "
			     "its own: %s.",
			     names.text);
}

static bool read_script(struct session *session, const char *path,
			struct script *script, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool escapes = !session->db || db_backslash_escapes(session->db);
	struct interp vars = {
		.lookup = session_lookup,
		.context = session,
		.may_quote = session_may_quote,
		.escapes = escapes,
		.e_strings = session->db && db_takes_e_strings(session->db),
	};
	struct script_world world = { escapes, &vars, set_variable, session };

	if (!file_read(path, SCRIPT_BYTES, &text, err))
		return false;
	if (!script_read(script, text.text, text.len, &world, err))
		return err_wrap(err, "\\report: %s", path);
	tell_passed(session, script);
	return true;
}

/* ---- the command ---- */

/* sales.sql: sales.html, beside it. */
static void page_name(const char *script, const char *given, struct str *out)
{
	if (given) {
		path_expand(given, out);
		return;
	}
	str_add(out, script);
	if (str_ends(out->text, ".sql"))
		str_cut(out, out->len - strlen(".sql"));
	str_add(out, ".html");
}

/* By another way of writing it, or a link, too. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return strcmp(a, b) == 0 ||
	       (stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
		of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino);
}

/* pdf NULL: none. */
static bool check_names(const char *script, const char *page, const char *pdf,
			struct err *err)
{
	if (is_same_file(page, script) || (pdf && is_same_file(pdf, script)))
		return err_set(err, ERR_USAGE,
			       "\\report: %s would be written over itself",
			       script);
	if (pdf && is_same_file(pdf, page))
		return err_set(err, ERR_USAGE,
			       "\\report: the page and its PDF cannot both be "
			       "%s",
			       page);
	return true;
}

static bool is_special(const char *path)
{
	return file_exists(path) && !file_is_dir(path) && file_size(path) < 0;
}

/* Minutes of queries are not to end with a file that cannot be written. A page
 * may go to a pipe, but Chromium reads and writes files. */
static bool check_places(const char *page, const char *pdf, struct err *err)
{
	const char *special = !pdf               ? NULL
			      : is_special(page) ? page
			      : is_special(pdf)  ? pdf
						 : NULL;

	if (special) {
		err_set(err, ERR_USAGE, "\\report: %s is no file", special);
		return err_hint(err, "with --pdf both are files: \\report "
				     "FILE.sql OUT.html --pdf OUT.pdf");
	}
	return (file_may_write(page, err) &&
		(!pdf || file_may_write(pdf, err))) ||
	       err_wrap(err, "\\report");
}

static bool read_rows(const struct args *args, struct page *page,
		      struct err *err)
{
	page->most_rows = args_number(args, "--rows", DOCUMENT_ROWS);
	if (page->most_rows >= 0 && page->most_rows <= DOCUMENT_MOST_ROWS)
		return true;
	err_set(err, ERR_USAGE, "\\report: --rows must be 0 to %d, not %s",
		(int)DOCUMENT_MOST_ROWS, args_text(args, "--rows"));
	return err_hint(err, "no browser shows more with ease: \\copyto or "
			     "\\o write them to a file");
}

static bool write_page(struct session *session, const struct page *page,
		       const char *to, struct err *err)
{
	if (!file_write(to, page->out.text, page->out.len, 0666, err))
		return err_wrap(err, "\\report");
	session_info(session, "Report written to %s: %zu %s, %d %s.", to,
		     page->sections,
		     page->sections == 1 ? "section" : "sections", page->charts,
		     page->charts == 1 ? "chart" : "charts");
	return true;
}

static bool write_pdf(struct session *session, const char *browser,
		      const char *page, const char *pdf, struct err *err)
{
	if (!report_pdf_print(browser, page, pdf, err))
		return false;
	session_info(session, "Printed to %s.", pdf);
	return true;
}

/* Scripts are to see that the page is not what it should be. */
static bool check_failed(const struct page *page, struct err *err)
{
	return page->failed == 0 ||
	       err_set(err, ERR_DATA,
		       "\\report: %zu of %zu statements failed, as their "
		       "sections tell",
		       page->failed, page->statements);
}

static bool report_run(struct session *session, const struct args *args,
		       struct err *err)
{
	CLEANUP(script_done) struct script script = SCRIPT_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str to = STR_EMPTY;
	CLEANUP(str_done) struct str pdf_to = STR_EMPTY;
	CLEANUP(str_done) struct str browser = STR_EMPTY;
	CLEANUP(page_done) struct page page = { .out = STR_EMPTY };
	const char *pdf = args_text(args, "--pdf");

	path_expand(args_text(args, "FILE"), &path);
	page.name = path.text;
	page.go_on = args_flag(args, "--keep-going");
	page_name(path.text, args_text(args, "OUT.html"), &to);
	if (pdf) {
		path_expand(pdf, &pdf_to);
		pdf = pdf_to.text;
	}
	if (!read_rows(args, &page, err) ||
	    !check_names(path.text, to.text, pdf, err) ||
	    (pdf && !report_pdf_browser(&browser, err)) ||
	    !pipeline_allows(session, "report", err) ||
	    !read_script(session, path.text, &script, err) ||
	    !check_places(to.text, pdf, err))
		return false;
	return make_page(session, &script, &page, err) &&
	       write_page(session, &page, to.text, err) &&
	       (!pdf || write_pdf(session, browser.text, to.text, pdf, err)) &&
	       check_failed(&page, err);
}

static const struct arg report_args[] = {
	{ "FILE", ARG_LOCAL_PATH, ARG_REQUIRED,
	  "SQL whose comments hold titles, text and chart lines" },
	{ "OUT.html", ARG_LOCAL_PATH, ARG_OPTIONAL,
	  "the page; else FILE's name with .html" },
	{ "--rows", ARG_NUMBER, ARG_OPTIONAL,
	  "rows of each table, default 1000; 0: charts only" },
	{ "--pdf", ARG_LOCAL_PATH, ARG_OPTIONAL,
	  "print it as well, by Chromium" },
	{ "--keep-going", ARG_FLAG, ARG_OPTIONAL,
	  "statements that fail are told in the page, which is written" },
	ARG_END
};

const struct command cmd_report_table[] = {
	{
		.name = "report",
		.group = GROUP_IO,
		.needs = NEEDS_DB,
		.synopsis = "\\report FILE.sql [OUT.html] [--rows N] "
			    "[--pdf OUT.pdf] [--keep-going]",
		.brief = "run a SQL file and write its results as an HTML page",
		.args = report_args,
		.run = report_run,
	},
	COMMAND_END
};
