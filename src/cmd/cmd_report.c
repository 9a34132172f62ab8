#include "cmd/cmd_report.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "chart/gather.h"
#include "data/isotime.h"
#include "data/replay.h"
#include "data/url.h"
#include "db/conn.h"
#include "report/document.h"
#include "report/script.h"
#include "shell/pipeline.h"
#include "shell/session_state.h"
#include "sql/interp.h"

enum {
	SCRIPT_BYTES = 4 << 20,
	CHART_BARS = 40, /* for which a page has room */
	PDF_MS = 120000,
	PDF_SAID_BYTES = 1 << 20,
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

static bool take_rows(void *context, struct rows *from, struct err *err)
{
	struct section *section = context;
	const struct script_part *part = section->part;
	CLEANUP(replay_done) struct replay rows;

	replay_init(&rows, from);
	if (!replay_fill(&rows, from, err))
		return false;
	section->facts.took_us = clock_monotonic_us() - section->start_us;
	section->came = true;
	for (size_t i = 0; i < part->charts.count; i++)
		if (!add_chart(section, &rows, &part->charts.items[i], err))
			return false;
	return replay_again(&rows, err) &&
	       document_table(section->out, &rows.rows, &section->facts, err);
}

/* A statement without rows has a section only where it has a title or text. */
static bool add_section(struct section *section, size_t number, struct err *err)
{
	struct session *session = section->session;
	const struct script_part *part = section->part;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	size_t begin = section->out->len;

	document_section_begin(section->out, part, number);
	if (part->sql) {
		session->send.use = SEND_TAKE;
		session->send.take = take_rows;
		session->send.take_context = section;
		section->start_us = clock_monotonic_us();
		if (!session_run_sql(session, part->sql, err)) {
			session_info(session,
				     "The report stopped at the statement of "
				     "line %zu; nothing was written.",
				     part->line);
			return false;
		}
		if (!section->came && !part->title &&
		    part->paragraphs.count == 0) {
			str_cut(section->out, begin);
			return true;
		}
		if (!section->came)
			section->facts.took_us =
				clock_monotonic_us() - section->start_us;
		session_mask(session, part->sql, strlen(part->sql), &shown);
	}
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

struct page { /* as it is made */
	const char *name; /* of the script */
	int64_t most_rows;
	struct str out;
	size_t sections;
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
			.facts = { .most = page->most_rows, .count = -1 },
		};
		size_t before = page->out.len;

		if (!cancel_check(err) || !add_section(&section, i + 1, err))
			return false;
		page->sections += page->out.len > before;
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
		session_info(session, "Passed over, for a page has a look of "
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

/* ---- PDF ---- */

static bool find_browser(struct str *out, struct err *err)
{
	static const char *const names[] = {
		"chromium",      "chromium-browser",
		"google-chrome", "google-chrome-stable",
		"chrome",        "microsoft-edge",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		str_clear(out);
		if (path_program(names[i], out, NULL))
			return true;
	}
	err_set(err, ERR_MISSING,
		"\\report: a PDF is printed by Chromium, and neither chromium "
		"nor google-chrome is installed");
	return err_hint(err, "apt-get install chromium; or leave --pdf out and "
			     "print the page from any browser");
}

static void add_file_url(const char *path, struct str *out)
{
	CLEANUP(mem_freep) char *whole = mem_alloc(PATH_MAX);

	str_add(out, "file://");
	if (!realpath(path, whole))
		whole[0] = '\0';
	url_escape(out, whole, strlen(whole), URL_KEEP_SLASH);
}

static bool print_page(const char *browser, const char *page, const char *pdf,
		       const char *folder, struct err *err)
{
	CLEANUP(str_done) struct str to = STR_EMPTY;
	CLEANUP(str_done) struct str profile = STR_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(str_done) struct str said = STR_EMPTY;
	/* Chromium's own walls do not stand for root. */
	const char *wall = geteuid() == 0 ? "--no-sandbox" : "--disable-sync";
	struct proc_talk talk = { .timeout_ms = PDF_MS,
				  .max_bytes = PDF_SAID_BYTES,
				  .ctrl_c = true,
				  .out = &out,
				  .said = &said };
	int status = 0;

	str_addf(&to, "--print-to-pdf=%s", pdf);
	str_addf(&profile, "--user-data-dir=%s", folder);
	add_file_url(page, &url);
	{
		const char *const argv[] = {
			browser,
			"--headless",
			"--disable-gpu",
			"--no-first-run",
			wall,
			profile.text,
			"--no-pdf-header-footer",
			to.text,
			url.text,
			NULL,
		};

		if (!proc_talk(argv, &talk, &status, err))
			return err_wrap(err, "\\report: %s", browser);
	}
	if (status == 0 && file_size(pdf) > 0)
		return true;
	str_clear(&out);
	proc_describe(status, &out);
	err_set(err, ERR_SYSTEM, "\\report: %s made no PDF: it %s", browser,
		out.text);
	str_trim_end(&said);
	return err_hint(err, "%s", said.text);
}

/* Beside its place first: a PDF is whole or not there. */
static bool make_pdf(const char *browser, const char *page, const char *name,
		     struct err *err)
{
	CLEANUP(str_done) struct str pdf = STR_EMPTY;
	CLEANUP(str_done) struct str part = STR_EMPTY;
	char folder[] = "/tmp/redsh-report-XXXXXX";
	bool ok;
	int fd;

	path_expand(name, &pdf);
	if (!mkdtemp(folder))
		return err_set_errno(err, errno, "\\report: %s", folder);
	fd = file_open_beside(pdf.text, 0666, &part, err);
	ok = fd >= 0;
	if (ok)
		close(fd);
	ok = ok && print_page(browser, page, part.text, folder, err);
	if (ok && rename(part.text, pdf.text) != 0)
		ok = err_set_errno(err, errno, "\\report: %s", pdf.text);
	if (!ok && fd >= 0)
		unlink(part.text);
	file_remove_tree(folder, NULL);
	return ok;
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

static bool check_names(const char *script, const char *page, const char *pdf,
			struct err *err)
{
	CLEANUP(str_done) struct str to = STR_EMPTY;

	if (pdf)
		path_expand(pdf, &to);
	if (is_same_file(page, script) || (pdf && is_same_file(to.text, script)))
		return err_set(err, ERR_USAGE,
			       "\\report: %s would be written over itself",
			       script);
	if (pdf && is_same_file(to.text, page))
		return err_set(err, ERR_USAGE,
			       "\\report: the page and its PDF cannot both be "
			       "%s",
			       page);
	return true;
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

static bool report_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *pdf = args_text(args, "--pdf");
	CLEANUP(script_done) struct script script = SCRIPT_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str to = STR_EMPTY;
	CLEANUP(str_done) struct str browser = STR_EMPTY;
	CLEANUP(page_done) struct page page = { .out = STR_EMPTY };

	path_expand(args_text(args, "FILE"), &path);
	page.name = path.text;
	page_name(path.text, args_text(args, "OUT.html"), &to);
	if (!read_rows(args, &page, err) ||
	    !check_names(path.text, to.text, pdf, err))
		return false;
	/* Minutes of queries are not to end with that. */
	if (pdf && !find_browser(&browser, err))
		return false;
	if (!pipeline_allows(session, "report", err) ||
	    !read_script(session, path.text, &script, err) ||
	    !make_page(session, &script, &page, err) ||
	    !file_write(to.text, page.out.text, page.out.len, 0666, err))
		return false;
	session_info(session, "Report written to %s: %zu %s, %d %s.", to.text,
		     page.sections, page.sections == 1 ? "section" : "sections",
		     page.charts, page.charts == 1 ? "chart" : "charts");
	if (!pdf)
		return true;
	if (!make_pdf(browser.text, to.text, pdf, err))
		return false;
	session_info(session, "Printed to %s.", pdf);
	return true;
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
	ARG_END
};

const struct command cmd_report_table[] = {
	{
		.name = "report",
		.group = GROUP_IO,
		.needs = NEEDS_DB,
		.synopsis = "\\report FILE.sql [OUT.html] [--rows N] "
			    "[--pdf OUT.pdf]",
		.brief = "run a SQL file and write its results as an HTML page",
		.args = report_args,
		.run = report_run,
	},
	COMMAND_END
};
