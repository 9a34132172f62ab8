#include "shell/sandbox.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/env.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "shell/session.h"

enum { ENV_BYTES = 64 << 10 }; /* most that its env may print */

static void add_word(struct str *line, const char *word)
{
	str_add(line, " '");
	for (; *word; word++) {
		if (*word == '\'')
			str_add(line, "'\\''");
		else
			str_add_char(line, *word);
	}
	str_add_char(line, '\'');
}

bool sandbox_run(const char *verb, const char *dir, struct str *out,
		 struct err *err)
{
	CLEANUP(str_done) struct str program = STR_EMPTY;
	CLEANUP(str_done) struct str full_dir = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str why = STR_EMPTY;
	int status;

	if (!path_program("redsh-sandbox", &program, err))
		return err_hint(err, "install redsh-sandbox beside redsh");
	add_word(&line, program.text);
	add_word(&line, verb);
	if (dir && *dir) {
		path_expand(dir, &full_dir);
		add_word(&line, "--dir");
		add_word(&line, full_dir.text);
	}
	/* A server that start leaves behind must not hold our pipe. */
	if (!proc_capture(line.text, ENV_BYTES, out, &status, err))
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	proc_describe(status, &why);
	return err_set(err, ERR_SYSTEM, "redsh-sandbox %s %s", verb, why.text);
}

/* The value of a shell assignment: bare, '...' or "...". */
static void add_value(const char *at, const char *end, struct str *out)
{
	char quote = 0;

	for (; at < end; at++) {
		if (quote && *at == quote)
			quote = 0;
		else if (!quote && (*at == '\'' || *at == '"'))
			quote = *at;
		else if (*at == '\\' && quote != '\'' && at + 1 < end)
			str_add_char(out, *++at);
		else if (!quote && *at == ';')
			return;
		else
			str_add_char(out, *at);
	}
}

/* Which of Kaggle's variables are the person's own: the sandbox's are not taken
 * for these. */
struct own {
	bool endpoint;
	bool keys;
};

/* An endpoint that is AWS_ENDPOINT_URL too is one of a sandbox joined before,
 * and so is the user "sandbox" there. */
static struct own find_own(void)
{
	static const char *const keys[] = { "KAGGLE_API_TOKEN",
					    "KAGGLE_USERNAME", "KAGGLE_KEY" };
	const char *endpoint = getenv("KAGGLE_API_ENDPOINT");
	const char *aws = getenv("AWS_ENDPOINT_URL");
	const char *user = getenv("KAGGLE_USERNAME");
	bool joined = endpoint && aws && strcmp(endpoint, aws) == 0;
	struct own own = { .endpoint = endpoint && !joined };

	if (joined && user && strcmp(user, "sandbox") == 0)
		return own;
	own.keys = own.endpoint;
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		own.keys = own.keys || getenv(keys[i]);
	return own;
}

static bool is_kept(const struct own *own, const char *name)
{
	if (!str_starts(name, "KAGGLE_"))
		return false;
	return strcmp(name, "KAGGLE_API_ENDPOINT") == 0 ? own->endpoint
							: own->keys;
}

/* "export NAME='value'" */
static void take_line(const struct own *own, const char *line, size_t len)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *end = line + len;

	while (line < end && isspace((unsigned char)*line))
		line++;
	if (str_starts(line, "export "))
		line += strlen("export ");
	while (line < end && (isalnum((unsigned char)*line) || *line == '_'))
		str_add_char(&name, *line++);
	if (name.len == 0 || line >= end || *line != '=')
		return;
	add_value(line + 1, end, &value);
	if (!is_kept(own, name.text))
		env_set(name.text, value.text);
}

static bool is_running(const char *dir)
{
	CLEANUP(str_done) struct str said = STR_EMPTY;

	return sandbox_run("status", dir, &said, NULL);
}

bool sandbox_join(const char *dir, struct session *session, struct err *err)
{
	CLEANUP(str_done) struct str said = STR_EMPTY;
	CLEANUP(str_done) struct str env = STR_EMPTY;
	struct own own = find_own();
	const char *line;

	session_progress(session, "starting the sandbox ...");
	if ((!is_running(dir) && !sandbox_run("start", dir, &said, err)) ||
	    !sandbox_run("env", dir, &env, err)) {
		session_progress(session, "");
		return false;
	}
	session_progress(session, "");
	for (line = env.text; *line;) {
		size_t len = strcspn(line, "\n");

		take_line(&own, line, len);
		line += len + (line[len] == '\n');
	}
	return true;
}
