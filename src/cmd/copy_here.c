#include "cmd/copy_here.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/proc.h"
#include "base/str.h"
#include "cmd/copy_line.h"
#include "cmd/copy_words.h"
#include "cmd/load_world.h"
#include "shell/copy.h"
#include "shell/session_state.h"
#include "sql/interp.h"
#include "sql/quote.h"

static const char *no_variable(void *context, const char *name)
{
	(void)context;
	(void)name;
	return NULL;
}

/* "t (a, b) from './a.csv' csv": what \copyfrom would be told. */
static bool make_line(const struct copy_line *line, struct str *out,
		      bool *out_text, struct err *err)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	const char *name = line->side.text;

	str_addf(out, "%s from ", line->what.text + strspn(line->what.text, " "));
	if (line->kind == COPY_SIDE_FILE) {
		/* A name is a name: neither standard input nor a URI. */
		if (strcmp(name, "-") == 0 || strstr(name, "://") != NULL)
			str_add(&file, "./");
		str_add(&file, name);
		quote_literal(out, file.text, true);
	} else {
		str_add_char(out, '-');
	}
	str_add_char(out, ' ');
	return copy_words_translate(line->options.text, out, out_text, err);
}

/* --- data that stand in the script --- */

static int open_spool(struct err *err)
{
	const char *folder = getenv("TMPDIR");
	CLEANUP(str_done) struct str name = STR_EMPTY;
	int fd;

	str_addf(&name, "%s/redsh-copy-XXXXXX",
		 folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkostemp(name.text, O_CLOEXEC);
	if (fd < 0)
		err_set_errno(err, errno, "cannot write %s", name.text);
	else
		unlink(name.text);
	return fd;
}

static int save_script(struct session *session, struct err *err)
{
	int fd = open_spool(err);

	if (fd < 0) {
		copy_skip_lines(session);
		return -1;
	}
	if (copy_save_lines(session, fd, err) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

/* --- the load --- */

/* Where "-" leads to. */
struct data {
	int fd;
	const char *name;
	struct proc *child;	/* NULL: none */
	const char *command;
};

/* What a program wrote before it failed is not loaded. */
static bool end_program(void *context, struct err *err)
{
	struct data *data = context;
	CLEANUP(str_done) struct str how = STR_EMPTY;
	int status = 0;

	if (!proc_close(data->child, &status, err))
		return false;
	if (status == 0)
		return true;
	proc_describe(status, &how);
	return err_set(err, ERR_SYSTEM, "%s %s; nothing is loaded",
		       data->command, how.text);
}

static bool load(struct session *session, const struct copy_line *line,
		 struct data *data, struct err *err)
{
	CLEANUP(copy_args_done) struct copy_args parsed = COPY_ARGS_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct interp vars = { .lookup = no_variable, .escapes = true };
	struct load_world world = load_world_make(session);

	if (!make_line(line, &text, &world.only_nulls, err) ||
	    !copy_args_parse(&parsed, COPY_VERB_COPY, text.text, &vars, err))
		return false;
	parsed.no_sniff = true;
	parsed.yes = true;
	if (data != NULL) {
		world.data = data->fd;
		world.data_name = data->name;
	}
	if (data != NULL && data->child != NULL) {
		world.data_end = end_program;
		world.data_context = data;
	}
	return copyfrom_run(&parsed, &world, err);
}

static bool load_program(struct session *session, const struct copy_line *line,
			 struct err *err)
{
	struct proc child = PROC_EMPTY;
	/* The name goes to the note, too: a command may hold a password. */
	struct data data = { .name = "the output of the program",
			     .child = &child,
			     .command = line->side.text };
	int status;
	bool good;

	if (!proc_open(&child, line->side.text, PROC_READ, err))
		return false;
	data.fd = child.fd;
	good = load(session, line, &data, err);
	if (child.pid > 0)
		proc_close(&child, &status, NULL);
	return good;
}

static bool load_script(struct session *session, const struct copy_line *line,
			struct err *err)
{
	struct data data = { .name = "the lines that follow" };
	bool good;

	data.fd = save_script(session, err);
	if (data.fd < 0)
		return false;
	good = load(session, line, &data, err);
	close(data.fd);
	return good;
}

bool copy_here_run(struct session *session, const struct copy_line *line,
		   struct err *err)
{
	switch (line->kind) {
	case COPY_SIDE_FILE:
	case COPY_SIDE_PROCESS:
		break;
	case COPY_SIDE_PROGRAM:
		return load_program(session, line, err);
	case COPY_SIDE_SCRIPT:
		return load_script(session, line, err);
	}
	return load(session, line, NULL, err);
}
