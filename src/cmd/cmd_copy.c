#include "cmd/cmd_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "cmd/copy_format.h"
#include "cmd/copy_here.h"
#include "cmd/copy_line.h"
#include "cmd/copy_select.h"
#include "db/conn.h"
#include "shell/copy.h"
#include "shell/output.h"
#include "shell/run.h"
#include "shell/session_state.h"

/* ---- Redshift ---- */

static bool refuse(struct session *session, const struct copy_line *line,
		   struct err *err)
{
	if (line->from && line->kind == COPY_SIDE_SCRIPT)
		copy_skip_lines(session);
	err_set(err, ERR_USAGE, "\\copy needs a connection");
	return err_hint(err, "connect with \\c; on Redshift it goes by way of "
			     "S3, as \\copyfrom does");
}

/* ---- the client's side ---- */

struct client {
	struct copy_end end;
	struct proc child;  /* FROM PROGRAM */
	struct output *own; /* TO a file or PROGRAM */
};

static bool is_folder(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool open_source(struct client *client, const struct copy_line *line,
			struct err *err)
{
	if (line->kind == COPY_SIDE_PROGRAM) {
		if (!proc_open(&client->child, line->side.text, PROC_READ, err))
			return false;
		client->end.fd = client->child.fd;
		return true;
	}
	client->end.fd = open(line->side.text, O_RDONLY | O_CLOEXEC);
	if (client->end.fd < 0)
		return err_set_errno(err, errno, "%s", line->side.text);
	if (!is_folder(client->end.fd))
		return true;
	close(client->end.fd);
	return err_set(err, ERR_USAGE, "%s: cannot copy from/to a directory",
		       line->side.text);
}

static bool open_target(struct client *client, const struct copy_line *line,
			struct session *session, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	str_addf(&name, "%s%s", line->kind == COPY_SIDE_PROGRAM ? "|" : "",
		 line->side.text);
	client->own = session_open_output(session, name.text, err);
	client->end.to = client->own;
	return client->own != NULL;
}

static bool open_client(struct client *client, const struct copy_line *line,
			struct session *session, struct err *err)
{
	client->end.fd = -1;
	client->child = (struct proc)PROC_EMPTY;
	session_flush(session);
	switch (line->kind) {
	case COPY_SIDE_SCRIPT:
		client->end.to = session_output(session);
		return true;
	case COPY_SIDE_PROCESS:
		client->end.own_stdin = true;
		client->end.to = session->base;
		return true;
	case COPY_SIDE_FILE:
	case COPY_SIDE_PROGRAM:
		break;
	}
	return line->from ? open_source(client, line, err)
			  : open_target(client, line, session, err);
}

/* How psql words the end of a command that failed. */
static bool check_program(const struct copy_line *line, int status,
			  struct err *err)
{
	const char *command = line->side.text;

	if (status == 0)
		return true;
	if (WIFSIGNALED(status))
		return err_set(err, ERR_SYSTEM,
			       "%s: child process was terminated by signal "
			       "%d: %s",
			       command, WTERMSIG(status),
			       strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == 127)
		return err_set(err, ERR_SYSTEM, "%s: command not found",
			       command);
	if (WEXITSTATUS(status) == 126)
		return err_set(err, ERR_SYSTEM, "%s: command not executable",
			       command);
	return err_set(err, ERR_SYSTEM,
		       "%s: child process exited with exit code %d", command,
		       WEXITSTATUS(status));
}

static bool close_client(struct client *client, const struct copy_line *line,
			 struct err *err)
{
	int status = 0;
	bool ok = true;

	if (client->own)
		ok = output_close(client->own, &status, err);
	else if (client->child.pid > 0)
		ok = proc_close(&client->child, &status, err);
	else if (client->end.fd >= 0)
		close(client->end.fd);
	return ok && check_program(line, status, err);
}

/* ---- TO, on Redshift ---- */

/* Plain files appear whole or not at all: the rows go to another name beside
 * it first. */
struct aside {
	struct str name;
	struct str target;	/* behind links */
	mode_t mode;		/* of the one that is replaced; 0: none is */
};

#define ASIDE_EMPTY                                                            \
	{                                                                      \
		.name = STR_EMPTY, .target = STR_EMPTY                         \
	}

static void aside_done(struct aside *aside)
{
	str_done(&aside->name);
	str_done(&aside->target);
}

/* False: it is written to directly, as what is no plain file; and where no
 * other name can be had, the file itself says why or can be written. */
static bool aside_find(const struct copy_line *line, struct aside *out)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const char *path = line->side.text;
	struct stat status;
	char *real;

	if (line->kind != COPY_SIDE_FILE)
		return false;
	str_set(&out->target, path);
	if (stat(path, &status) == 0) {
		real = realpath(path, NULL);
		if (!S_ISREG(status.st_mode) || real == NULL ||
		    access(path, W_OK) != 0) {
			free(real);
			return false;
		}
		str_set(&out->target, real);
		free(real);
		out->mode = status.st_mode & 0777;
	} else if (lstat(path, &status) == 0) {
		return false; /* a link to a file that is not there yet */
	}
	path_dir(out->target.text, &folder);
	str_addf(&out->name, "%s/.%.100s.%ld.part", folder.text,
		 path_base(out->target.text), (long)getpid());
	return access(folder.text, W_OK | X_OK) == 0;
}

static bool settle_file(const struct aside *aside, bool good, struct err *err)
{
	if (good && rename(aside->name.text, aside->target.text) == 0)
		return true;
	if (good)
		err_set_errno(err, errno, "%s", aside->target.text);
	unlink(aside->name.text);
	return false;
}

/* As COPY's own; where the rows went to the output it is not printed. */
static void tell(struct session *session, const struct copy_line *line,
		 int64_t rows)
{
	CLEANUP(str_done) struct str count = STR_EMPTY;

	str_addf(&count, "%lld", (long long)rows);
	session_set_var(session, "ROW_COUNT", count.text);
	if (!session->is.quiet && line->kind != COPY_SIDE_SCRIPT &&
	    line->kind != COPY_SIDE_PROCESS)
		session_printf(session, "COPY %s\n", count.text);
}

static bool write_here(struct session *session, const struct copy_line *line,
		       struct err *err)
{
	CLEANUP(copy_format_done) struct copy_format format = COPY_FORMAT_EMPTY;
	CLEANUP(aside_done) struct aside aside = ASIDE_EMPTY;
	struct client client = { .own = NULL };
	struct copy_line target = *line;
	struct err closing = ERR_EMPTY;
	int64_t rows = 0;
	bool has_aside, ok;

	if (!copy_format_read(&format, line->options.text, err))
		return false;
	has_aside = aside_find(line, &aside);
	if (has_aside)
		target.side = aside.name;
	if (!open_client(&client, &target, session, err))
		return false;
	/* Who could not read the old rows does not get the new ones. */
	if (has_aside && aside.mode != 0)
		chmod(aside.name.text, aside.mode);
	ok = copy_select_run(session, line, &format,
			     output_sink(client.end.to), &rows, err);
	session_flush(session);
	if (!close_client(&client, line, &closing) && ok) {
		*err = closing;
		ok = false;
	}
	if (has_aside)
		ok = settle_file(&aside, ok, err);
	if (ok)
		tell(session, line, rows);
	return ok;
}

/* ---- \copy ---- */

static bool copy_run(struct session *session, const struct args *args,
		     struct err *err)
{
	CLEANUP(copy_line_done) struct copy_line line = COPY_LINE_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const char *text = args_text(args, "...");
	struct client client = { .own = NULL };
	struct db *db = session->db;
	bool ok;

	if (!copy_line_parse(&line, text ? text : "",
			     db && db_backslash_escapes(db), err))
		return false;
	if (!db)
		return refuse(session, &line, err);
	if (db_is_redshift(db))
		return line.from ? copy_here_run(session, &line, err)
				 : write_here(session, &line, err);
	if (!open_client(&client, &line, session, err))
		return false;
	copy_line_sql(&line, &sql);
	session_send_clear(session);
	session->send.copy = &client.end;
	ok = run_statement(session, sql.text);
	/* The tag stands before what a command prints at its end. */
	session_flush(session);
	return close_client(&client, &line, err) && ok;
}

static const struct arg copy_args[] = {
	{ "...", ARG_REST, ARG_OPTIONAL,
	  "TABLE [(COLUMNS)] | (QUERY) FROM | TO FILE [options of COPY]",
	  WANT_COPY },
	ARG_END
};

const struct command cmd_copy_table[] = {
	{
		.name = "copy",
		.any_case = true,
		.group = GROUP_IO,
		.brief = "COPY with a file here; on Redshift FROM goes by way "
			 "of S3, as \\copyfrom, and TO by a SELECT",
		.args = copy_args,
		.run = copy_run,
	},
	COMMAND_END
};
