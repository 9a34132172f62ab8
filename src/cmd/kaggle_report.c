#include "cmd/kaggle_report.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/units.h"
#include "complete/typed.h"
#include "kaggle/kaggle_get.h"
#include "shell/session.h"
#include "shell/session_state.h"
#include "sql/quote.h"

void kaggle_report_done(struct kaggle_report *report)
{
	str_done(&report->best);
}

/* What \copyfrom --create reads, packed or not. */
static bool makes_table(const char *name)
{
	static const char *const packs[] = { ".gz", ".bz2", ".zst", "" };
	static const char *const ends[] = { ".csv",  ".tsv",    ".txt",
					    ".json", ".jsonl",  ".ndjson",
					    ".psv",  ".parquet" };

	for (size_t p = 0; p < COUNT_OF(packs); p++) {
		size_t len = strlen(name), pack = strlen(packs[p]);

		for (size_t e = 0; e < COUNT_OF(ends); e++) {
			size_t end = strlen(ends[e]);

			if (str_ends(name, packs[p]) && len > end + pack &&
			    str_slice_equal_nocase(name + len - pack - end, end,
						   ends[e]))
				return true;
		}
	}
	return false;
}

void kaggle_report_there(struct kaggle_report *report, const char *name,
			 int64_t bytes)
{
	if (!makes_table(name) ||
	    (report->best.len > 0 && bytes <= report->best_bytes))
		return;
	str_set(&report->best, name);
	report->best_bytes = bytes;
}

/* --- places --- */

static void add_place(const struct kaggle_get *get, struct str *out)
{
	if (get->folder != NULL)
		str_add(out, get->folder);
	else
		s3_uri_add(&get->to, out);
}

/* Where a file of the archive is. */
static void add_file(const struct kaggle_get *get, const char *name,
		     struct str *out)
{
	if (get->folder == NULL) {
		add_place(get, out);
		if (s3_uri_is_folder(&get->to))
			str_add(out, name);
		return;
	}
	path_join(get->folder, name, out);
}

static void add_word(const char *text, struct str *out)
{
	if (typed_is_plain(text))
		str_add(out, text);
	else
		typed_add_quoted(text, false, out);
}

/* "orders 2024-1.csv.gz" -> orders_2024_1 */
static void add_table(const char *name, struct str *out)
{
	const char *base = path_base(name);
	CLEANUP(str_done) struct str table = STR_EMPTY;

	for (; *base != '\0' && *base != '.' && table.len < 60; base++) {
		if (isalnum((unsigned char)*base))
			str_add_char(&table,
				     (char)tolower((unsigned char)*base));
		else if (table.len > 0 && !str_ends(table.text, "_"))
			str_add_char(&table, '_');
	}
	while (str_ends(table.text, "_"))
		str_cut(&table, table.len - 1);
	if (table.len == 0 || !isalpha((unsigned char)table.text[0]))
		str_set(&table, "mytable");
	quote_name(out, table.text);
}

/* --- the lines --- */

static void add_count(int64_t count, const char *what, struct str *out)
{
	if (count == 0)
		return;
	str_add(out, ", ");
	units_add_count(out, count);
	str_add(out, what);
}

/* A line each, so that they can be copied. */
static void tell_next(struct session *session, const char *head,
		      const char *command, const char *does)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	session_add_shown(session, command, &shown);
	session_info(session, "%s%s  %s", head, shown.text, does);
}

static void say_next(const struct kaggle_report *report,
		     struct session *session, const struct kaggle_get *get)
{
	static const char first[] = "HINT:  ", next[] = "       ";
	CLEANUP(str_done) struct str place = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (get->folder == NULL) {
		add_place(get, &place);
		str_add(&text, "\\s3ls ");
		add_word(place.text, &text);
		tell_next(session, first, text.text, "shows what is there");
	}
	if (report->best.len == 0)
		return;
	str_clear(&place);
	str_clear(&text);
	add_file(get, report->best.text, &place);
	str_add(&text, "\\copyfrom --create ");
	add_table(report->best.text, &text);
	str_add_char(&text, ' ');
	add_word(place.text, &text);
	tell_next(session, get->folder == NULL ? next : first, text.text,
		  "loads a file");
}

void kaggle_report(const struct kaggle_report *report, struct session *session,
		   const struct kaggle_get *get, bool good)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str place = STR_EMPTY;

	if (get->dry_run)
		str_add(&text, "would get ");
	units_add_count(&text, get->files);
	str_add(&text, get->files == 1 ? " file, " : " files, ");
	units_add_bytes(&text, get->bytes);
	add_count(get->before, " there from an earlier try", &text);
	add_count(get->left, " left as they are", &text);
	add_place(get, &place);
	str_add(&text, get->dry_run ? ", to " : ", in ");
	if (get->folder != NULL && strcmp(get->folder, ".") == 0)
		str_add(&text, "the current folder");
	else
		session_add_shown(session, place.text, &text);
	if (!get->dry_run) {
		str_add(&text, ", ");
		units_add_duration(&text,
				   clock_monotonic_us() - report->start_us);
	}
	session_info(session, "kaggle: %s", text.text);
	if (good && !get->dry_run)
		say_next(report, session, get);
}
