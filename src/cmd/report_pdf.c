#include "cmd/report_pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "data/url.h"

enum {
	PDF_MS = 600000, /* a long table takes minutes; Ctrl-C ends it */
	PDF_SAID_BYTES = 1 << 20,
	PDF_END_BYTES = 1024,
};

bool report_pdf_browser(struct str *out, struct err *err)
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

/* Chromium ends well though the disk is full: what it wrote must have its
 * last line, "%%EOF" (ISO 32000-1, 7.5.5). */
static bool is_whole(const char *pdf)
{
	static const char end[] = "%%EOF";
	char block[PDF_END_BYTES];
	int64_t size = file_size(pdf);
	off_t from = size > (int64_t)sizeof(block)
			     ? (off_t)(size - (int64_t)sizeof(block))
			     : 0;
	int fd = open(pdf, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? pread(fd, block, sizeof(block), from) : -1;
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return synced && got > 0 &&
	       memmem(block, (size_t)got, end, strlen(end)) != NULL;
}

/* Its last line tells why; those before are about buses it did not find. */
static const char *last_line(struct str *said)
{
	const char *line, *text;

	str_trim_end(said);
	line = strrchr(said->text, '\n');
	line = line ? line + 1 : said->text;
	text = *line == '[' ? strstr(line, "] ") : NULL;
	return text ? text + 2 : line;
}

static bool print_page(const char *const argv[], const char *pdf,
		       struct err *err)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(str_done) struct str said = STR_EMPTY;
	struct proc_talk talk = { .timeout_ms = PDF_MS,
				  .max_bytes = PDF_SAID_BYTES,
				  .ctrl_c = true,
				  .out = &out,
				  .said = &said };
	int status = 0;

	if (!proc_talk(argv, &talk, &status, err))
		return err_wrap(err, "\\report: %s", argv[0]);
	if (status == 0 && is_whole(pdf))
		return true;
	str_clear(&out);
	proc_describe(status, &out);
	err_set(err, ERR_SYSTEM, "\\report: %s made no whole PDF: it %s",
		argv[0], out.text);
	return err_hint(err, "%s", last_line(&said));
}

static bool print_to(const char *browser, const char *page, const char *pdf,
		     const char *folder, struct err *err)
{
	CLEANUP(str_done) struct str to = STR_EMPTY;
	CLEANUP(str_done) struct str profile = STR_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	const char *argv[] = {
		browser,
		"--headless",
		"--disable-gpu",
		"--no-first-run",
		/* Chromium's own walls do not stand for root. */
		geteuid() == 0 ? "--no-sandbox" : "--disable-sync",
		"--no-pdf-header-footer",
		/* Sections are bookmarks. */
		"--generate-pdf-document-outline",
		NULL,
		NULL,
		NULL,
		NULL,
	};
	size_t count = 0;

	str_addf(&to, "--print-to-pdf=%s", pdf);
	str_addf(&profile, "--user-data-dir=%s", folder);
	add_file_url(page, &url);
	while (argv[count])
		count++;
	argv[count++] = profile.text;
	argv[count++] = to.text;
	argv[count] = url.text;
	return print_page(argv, pdf, err);
}

static void add_temporary_folder(struct str *out)
{
	const char *folder = getenv("TMPDIR");

	str_addf(out, "%s/redsh-report-XXXXXX",
		 folder && *folder ? folder : "/tmp");
}

/* Where a link leads to; a new file's own name. */
static void add_target(const char *pdf, struct str *out)
{
	CLEANUP(mem_freep) char *whole = mem_alloc(PATH_MAX);

	str_add(out, realpath(pdf, whole) ? whole : pdf);
}

/* Beside its place first, where a Chromium that is locked up in the home
 * folder (a snap) may write, too. */
bool report_pdf_print(const char *browser, const char *page, const char *pdf,
		      struct err *err)
{
	CLEANUP(str_done) struct str target = STR_EMPTY;
	CLEANUP(str_done) struct str part = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	bool ok;
	int fd;

	add_target(pdf, &target);
	add_temporary_folder(&folder);
	if (!mkdtemp(folder.text))
		return err_set_errno(err, errno, "\\report: %s", folder.text);
	fd = file_open_beside(target.text, 0666, &part, err);
	ok = fd >= 0;
	if (ok)
		close(fd);
	ok = ok && print_to(browser, page, part.text, folder.text, err);
	if (ok && rename(part.text, target.text) != 0)
		ok = err_set_errno(err, errno, "\\report: %s", target.text);
	if (!ok && fd >= 0)
		unlink(part.text);
	file_remove_tree(folder.text, NULL);
	return ok;
}
