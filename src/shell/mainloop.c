#include "shell/mainloop.h"

#include <string.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/str.h"
#include "db/conn.h"
#include "edit/editor.h"
#include "shell/cond.h"
#include "shell/input.h"
#include "shell/jobs.h"
#include "shell/output.h"
#include "shell/prompt.h"
#include "shell/record.h"
#include "shell/run.h"
#include "shell/session_state.h"
#include "shell/typed_text.h"
#include "sql/interp.h"
#include "sql/split.h"

enum {
	INCLUDE_DEPTH = 200, /* of \i: far from the end of the stack */
};

struct mainloop {
	struct session *session;
	struct input *input;
	struct split *split;
	struct interp vars;
	struct cond *cond;
	struct str previous;   /* the statement sent before */
	struct str typed;      /* lines for one history entry */
	size_t statement_line; /* lines read since the statement began */
	int end_count;         /* Ctrl-D in a row, for IGNOREEOF */
	bool edited;           /* what is not whole is to be typed on */
	bool ok;               /* of the last statement or command */
	bool prompted;         /* a person has been asked for a line */
	bool quit;
	bool signalled; /* to leave, now */
	enum mainloop_exit exit;
};

struct around { /* the session's pointers outside this loop */
	struct input *input;
	struct mainloop *loop;
	struct cond *cond;
	bool interactive;
	const char *file;
	size_t line;
	bool terse;
};

/* ---- buffers ---- */

const char *mainloop_text(const struct mainloop *loop)
{
	return loop ? split_text(loop->split) : "";
}

const char *mainloop_previous(const struct mainloop *loop)
{
	return loop ? loop->previous.text : "";
}

void mainloop_set_text(struct mainloop *loop, const char *text)
{
	if (!loop)
		return;
	split_reset(loop->split);
	if (*text)
		split_set_text(loop->split, text, strlen(text));
}

struct split_mark mainloop_mark(const struct mainloop *loop)
{
	return loop ? split_mark(loop->split) : (struct split_mark){ 0 };
}

void mainloop_cut(struct mainloop *loop, const struct split_mark *mark)
{
	if (loop)
		split_cut(loop->split, mark);
}

size_t mainloop_line(const struct mainloop *loop)
{
	return loop ? loop->statement_line : 1;
}

char mainloop_inside(const struct mainloop *loop)
{
	return loop ? split_prompt(loop->split) : '=';
}

/* ---- statements ---- */

static void remember(struct mainloop *loop)
{
	struct session *session = loop->session;

	if (session->interactive && session->editor && loop->typed.len > 0)
		record_begin(session, loop->typed.text);
	str_clear(&loop->typed);
}

static void send_as_is(struct mainloop *loop)
{
	struct session *session = loop->session;

	split_take(loop->split, &loop->previous);
	loop->statement_line = 1;
	loop->ok = run_statement(session, loop->previous.text);
}

/* An empty buffer sends what was sent before, as psql's \g does. */
static void send_buffer(struct mainloop *loop)
{
	if (split_text_len(loop->split) > 0) {
		send_as_is(loop);
		return;
	}
	split_reset(loop->split);
	loop->statement_line = 1;
	loop->ok = run_statement(loop->session, loop->previous.text);
}

static void take_statement(struct mainloop *loop)
{
	struct session *session = loop->session;

	remember(loop);
	loop->statement_line = 1;
	if (cond_active(loop->cond)) {
		send_buffer(loop);
		return;
	}
	if (session->interactive)
		say_error(&session->say, "query ignored; use \\endif or "
					 "Ctrl-C to exit current \\if block");
	loop->ok = true;
}

/* The person gets the query buffer back, to go on in it. */
static bool may_retype(const struct mainloop *loop)
{
	const struct session *session = loop->session;

	return session->interactive && session->editor && session->styled &&
	       split_text_len(loop->split) > 0;
}

static void retype(struct mainloop *loop)
{
	struct session *session = loop->session;

	if (may_retype(loop)) {
		editor_preload(session->editor, split_text(loop->split));
		split_reset(loop->split);
		str_clear(&loop->typed);
		return;
	}
	session_put(session, split_text(loop->split));
	session_put(session, "\n");
}

static void take_command(struct mainloop *loop)
{
	struct session *session = loop->session;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	size_t used = 0;

	str_add_slice(&line, split_rest(loop->split),
		      split_rest_len(loop->split));
	/* Within a statement it belongs to that one's entry. */
	if (split_text_len(loop->split) == 0)
		remember(loop);
	session->after = AFTER_NOTHING;
	loop->ok = session_command(session, line.text, &used);
	split_skip(loop->split, used);
	switch (session->after) {
	case AFTER_NOTHING:
		break;
	case AFTER_SEND:
		remember(loop);
		send_buffer(loop);
		break;
	case AFTER_SEND_AS_IS:
		remember(loop);
		send_as_is(loop);
		break;
	case AFTER_EDITED: {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_add_slice(&text, split_text(loop->split),
			      split_text_len(loop->split));
		/* Its own line end stays, as in psql. */
		str_add_char(&text, '\n');
		split_clear(loop->split);
		split_feed(loop->split, text.text, text.len);
		loop->edited = true;
		break;
	}
	case AFTER_RETYPE:
		retype(loop);
		break;
	case AFTER_QUIT:
		loop->quit = jobs_may_leave(session);
		break;
	}
	session->after = AFTER_NOTHING;
}

/* True when this loop must end for what just went wrong. */
static bool stops(struct mainloop *loop)
{
	struct session *session = loop->session;

	if (session->interactive)
		return false;
	if (session->quit_lost && !session->connect_failed)
		loop->exit = MAINLOOP_LOST;
	else if (!loop->ok && session->is.on_error_stop)
		loop->exit = MAINLOOP_STOPPED;
	else if (session->quit_lost)
		loop->exit = MAINLOOP_LOST;
	else if (cancel_raised())
		loop->exit = MAINLOOP_STOPPED;
	return loop->exit != MAINLOOP_DONE;
}

/* All statements and commands in what has been fed. */
static void scan(struct mainloop *loop)
{
	while (!loop->quit && !stops(loop)) {
		enum split_event event = split_next(loop->split);

		if (event == SPLIT_MORE) {
			if (loop->session->is.singleline &&
			    split_inside(loop->split) == SPLIT_IN_STATEMENT)
				take_statement(loop);
			return;
		}
		if (event == SPLIT_STATEMENT)
			take_statement(loop);
		else
			take_command(loop);
	}
}

/* ---- lines ---- */

static bool is_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(line, word, len) != 0)
		return false;
	line += len;
	line += strspn(line, " \t");
	if (*line == ';')
		line++;
	return line[strspn(line, " \t")] == '\0';
}

/* help, quit and exit, as a person types them. True: the line is done. */
static bool take_plain_word(struct mainloop *loop, const char *line)
{
	struct session *session = loop->session;
	bool empty = split_text_len(loop->split) == 0;
	bool leave;

	if (!session->interactive)
		return false;
	leave = is_word(line, "quit") || is_word(line, "exit");
	if (!leave && !is_word(line, "help"))
		return false;
	if (!empty) {
		session_put(session, leave ? "Use \\q to quit.\n"
					   : "Use \\? for help or press "
					     "control-C to clear the input "
					     "buffer.\n");
		loop->edited = true;
		return false;
	}
	if (leave) {
		loop->quit = jobs_may_leave(session);
		return true;
	}
	session_put(session,
		    "You are using redsh, a shell for Amazon Redshift.\n"
		    "Type:  \\? for help with backslash commands, "
		    "\\? copyfrom with one of them\n"
		    "       \\h for help with SQL commands\n"
		    "       \\g or end with a semicolon to run a query\n"
		    "       \\q to quit\n");
	return true;
}

/* The way literals are read can change with any statement. */
static void follow_server(struct mainloop *loop)
{
	const struct db *db = loop->session->db;

	loop->vars.escapes = !db || db_backslash_escapes(db);
	loop->vars.e_strings = db && db_takes_e_strings(db);
}

/* How a text in UTF-16 shows itself; NULL: it is none. */
static const char *utf16_name(const struct str *line)
{
	bool first = line->len > 1 && line->text[0] == '\0';
	bool second = line->len > 1 && line->text[1] == '\0';

	if (str_starts(line->text, "\xFF\xFE") || (second && !first))
		return "UTF-16LE";
	if (str_starts(line->text, "\xFE\xFF") || (first && !second))
		return "UTF-16BE";
	return NULL;
}

/* A byte of 0 ends the text that the server would see: what holds one is no
 * script, and is read no further. */
static bool refuse_binary(struct mainloop *loop, const struct str *lines)
{
	struct session *session = loop->session;
	const char *zero = memchr(lines->text, '\0', lines->len);
	const char *name = NULL;
	size_t behind = 0; /* line feeds behind it */
	struct err err = ERR_EMPTY;

	if (session->interactive)
		return false;
	if (input_line(loop->input) == 1)
		name = utf16_name(lines);
	if (!zero && !name)
		return false;
	for (const char *at = zero; at && at < lines->text + lines->len; at++)
		behind += *at == '\n';
	session->say.line = input_line(loop->input) - behind;
	if (name) {
		err_set(&err, ERR_USAGE, "the script is %s, not UTF-8", name);
		err_hint(&err, "make another: iconv -f %s -t UTF-8 OLD > NEW",
			 name);
	} else {
		err_set(&err, ERR_USAGE,
			"a byte of 0, which no statement may hold; nothing is "
			"read from here on");
		err_hint(&err, "if it is a script, take such bytes out: tr -d "
			       "'\\000' < OLD > NEW");
	}
	say_err(&session->say, &err);
	split_clear(loop->split);
	loop->exit = MAINLOOP_FAILED;
	return true;
}

/* Takes the line over. */
static void feed_line(struct mainloop *loop, struct str *line)
{
	static const char mark[] = "\xEF\xBB\xBF";
	struct session *session = loop->session;

	if (input_line(loop->input) == 1 && str_starts(line->text, mark)) {
		size_t len = line->len - strlen(mark);

		memmove(line->text, line->text + strlen(mark), len);
		str_cut(line, len);
	}
	if (line->len == 0 && split_inside(loop->split) != SPLIT_IN_LITERAL &&
	    split_inside(loop->split) != SPLIT_IN_NAME &&
	    split_inside(loop->split) != SPLIT_IN_DOLLAR &&
	    split_inside(loop->split) != SPLIT_IN_COMMENT)
		return;
	if (take_plain_word(loop, line->text))
		return;
	if (session->is.echo == ECHO_ALL && !session->interactive) {
		session_put_masked(session, line->text, line->len);
		session_put(session, "\n");
	}
	if (split_text_len(loop->split) == 0)
		split_set_escapes(loop->split,
				  !session->db ||
					  db_backslash_escapes(session->db));
	split_feed_take(loop->split, line);
	scan(loop);
	if (split_text_len(loop->split) == 0) {
		remember(loop);
		loop->statement_line = 1;
	} else {
		loop->statement_line++;
	}
}

/* Ctrl-C came before all lines were looked at, perhaps right behind Enter:
 * nobody should have to guess what the server has seen. */
static void leave_out_rest(struct mainloop *loop, bool began)
{
	split_clear(loop->split);
	loop->ok = false;
	say_error(&loop->session->say, "%s",
		  began ? "cancelled: the lines behind it have not been run"
			: "cancelled: nothing has been run");
}

/* What a person has typed, a whole statement or more in one go. Ctrl-C leaves
 * the lines out that have not been looked at yet. */
static void feed_typed(struct mainloop *loop, const struct str *text)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	bool began = false;

	if (loop->typed.len > 0)
		str_add_char(&loop->typed, '\n');
	typed_text_without_data(loop->session, split_text(loop->split), text->text,
			   &loop->typed);
	/* A COPY among the lines takes those behind it as its data. */
	input_put_ahead(loop->input, text->text, text->len);
	while (input_has_ahead(loop->input) && !loop->quit &&
	       !cancel_raised()) {
		input_read(loop->input, &line);
		feed_line(loop, &line);
		began |= split_text_len(loop->split) == 0;
	}
	if (cancel_raised() && input_has_ahead(loop->input))
		leave_out_rest(loop, began);
	input_drop_ahead(loop->input);
	if (loop->edited && may_retype(loop))
		retype(loop);
	loop->edited = false;
	if (split_text_len(loop->split) == 0)
		remember(loop);
	record_end(loop->session, loop->ok);
}

static void feed(struct mainloop *loop, struct str *line)
{
	if (loop->session->interactive)
		feed_typed(loop, line);
	else
		feed_line(loop, line);
}

static void clear_typed(struct mainloop *loop)
{
	struct session *session = loop->session;

	split_clear(loop->split);
	str_clear(&loop->typed);
	loop->statement_line = 1;
	if (cond_leave(loop->cond))
		say_error(&session->say, "\\if: escaped");
}

/* From the terminal. false: the loop ends. */
static bool read_person(struct mainloop *loop, struct str *line)
{
	struct session *session = loop->session;
	CLEANUP(str_done) struct str prompt = STR_EMPTY;
	CLEANUP(str_done) struct str before = STR_EMPTY;

	jobs_tell(session);
	prompt_format(session, &prompt);
	cancel_clear();
	if (!session->editor) {
		session_put(session, prompt.text);
		session_flush(session);
		return input_read(loop->input, line);
	}
	session_flush(session);
	record_follow(session);
	/* So that the names are there when Tab asks for them; the first prompt
	 * does not wait for their file: see suggest_start_catalog. */
	if (loop->prompted && session_catalog(session))
		session_tell_catalog(session);
	loop->prompted = true;
	editor_set_styled(session->editor, session->styled);
	editor_set_theme(session->editor, session->theme);
	editor_set_escapes(session->editor, loop->vars.escapes);
	str_add_slice(&before, split_text(loop->split),
		      split_text_len(loop->split));
	switch (editor_read(session->editor, prompt.text, before.text, line)) {
	case EDITOR_LINE:
		input_count_line(loop->input);
		return true;
	case EDITOR_INTERRUPTED:
		cancel_clear();
		clear_typed(loop);
		str_clear(line);
		return true;
	case EDITOR_SIGNAL:
		loop->signalled = true;
		break;
	case EDITOR_END:
		break;
	}
	return false;
}

static bool read_line(struct mainloop *loop, struct str *line)
{
	struct session *session = loop->session;

	if (!session->interactive) {
		/* Lines that are shown or sent as they come are read alone,
		 * and the first, which may begin with a byte order mark. */
		if (session->is.echo == ECHO_ALL || session->is.singleline ||
		    input_line(loop->input) == 0)
			return input_read(loop->input, line);
		return input_read_on(loop->input, SPLIT_EVENTS, line);
	}
	if (read_person(loop, line)) {
		loop->end_count = 0;
		return true;
	}
	if (++loop->end_count < session->is.ignoreeof) {
		session_put(session, "Use \"\\q\" to leave redsh.\n");
		str_clear(line);
		return true;
	}
	session_put(session, session->is.quiet ? "\n" : "\\q\n");
	str_clear(line);
	return session->editor && !loop->signalled && !jobs_may_leave(session);
}

/* ---- the loop ---- */

static void enter(struct mainloop *loop, struct around *around)
{
	struct session *session = loop->session;

	*around = (struct around){
		session->input,       session->loop,     session->cond,
		session->interactive, session->say.file, session->say.line,
		session->say.terse,
	};
	session->input = loop->input;
	session->stdin_scripts += input_is_stdin(loop->input);
	session->loop = loop;
	session->cond = loop->cond;
	session->interactive = input_is_stdin(loop->input) && !session->notty;
	session->say.file = input_name(loop->input);
	session->say.line = 0;
	session->say.terse = !session->say.file;
}

static void leave(struct mainloop *loop, const struct around *around)
{
	struct session *session = loop->session;

	session->stdin_scripts -= input_is_stdin(loop->input);
	session->input = around->input;
	session->loop = around->loop;
	session->cond = around->cond;
	session->interactive = around->interactive;
	session->say.file = around->file;
	session->say.line = around->line;
	session->say.terse = around->terse;
}

/* A script may leave out its last semicolon, before \q too. */
static void send_last(struct mainloop *loop)
{
	struct session *session = loop->session;

	if (loop->exit != MAINLOOP_DONE || session->interactive ||
	    split_text_len(loop->split) == 0)
		return;
	if (cond_active(loop->cond))
		send_buffer(loop);
	stops(loop);
}

static void check_blocks(struct mainloop *loop)
{
	struct session *session = loop->session;

	if (loop->quit || loop->exit == MAINLOOP_STOPPED ||
	    cond_is_empty(loop->cond))
		return;
	say_error(&session->say,
		  "reached EOF without finding closing \\endif(s)");
	if (session->is.on_error_stop && !session->interactive)
		loop->exit = MAINLOOP_STOPPED;
}

static void recursion(void *context, const char *name)
{
	struct session *session = context;

	say_warning(&session->say,
		    "skipping recursive expansion of variable \"%s\"", name);
}

static void loop_init(struct mainloop *loop, struct session *session,
		      struct input *input)
{
	struct split_options options;

	*loop = (struct mainloop){ .session = session, .input = input };
	loop->previous = (struct str)STR_EMPTY;
	loop->typed = (struct str)STR_EMPTY;
	loop->ok = true;
	loop->statement_line = 1;
	loop->cond = cond_new();
	loop->vars.lookup = session_lookup;
	loop->vars.may_quote = session_may_quote;
	loop->vars.context = session;
	follow_server(loop);
	options.escapes = loop->vars.escapes;
	options.vars = &loop->vars;
	options.recursion = recursion;
	options.context = session;
	loop->split = split_new(&options);
}

static void loop_done(struct mainloop *loop)
{
	split_free(loop->split);
	cond_free(loop->cond);
	str_done(&loop->previous);
	str_done(&loop->typed);
}

enum mainloop_exit mainloop_run(struct session *session, struct input *input)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct mainloop loop;
	struct around around;

	loop_init(&loop, session, input);
	enter(&loop, &around);
	while (!loop.quit && loop.exit == MAINLOOP_DONE && !stops(&loop) &&
	       read_line(&loop, &line)) {
		session->say.line = input_line(input);
		loop.ok = true;
		if (!refuse_binary(&loop, &line))
			feed(&loop, &line);
	}
	if (input_error(input)) {
		say_error(&session->say, "could not read from input file: %s",
			  strerror(input_error(input)));
		loop.exit = MAINLOOP_FAILED;
	}
	send_last(&loop);
	check_blocks(&loop);
	leave(&loop, &around);
	loop_done(&loop);
	return loop.exit;
}

enum mainloop_exit mainloop_run_file(struct session *session, const char *path,
				     bool beside)
{
	CLEANUP(input_closep) struct input *input = NULL;
	struct err err = ERR_EMPTY;
	enum mainloop_exit code;

	if (session->include_depth >= INCLUDE_DEPTH) {
		err_set(&err, ERR_USAGE,
			"%s: %d scripts are open one inside the other",
			path ? path : "-", INCLUDE_DEPTH);
		err_hint(&err, "does a script include itself? Let an \\if "
			       "end that");
		say_err(&session->say, &err);
		return MAINLOOP_FAILED;
	}
	input = input_open(path, beside ? session->input : NULL, &err);
	if (!input) {
		say_err(&session->say, &err);
		return MAINLOOP_FAILED;
	}
	session->include_depth++;
	code = mainloop_run(session, input);
	session->include_depth--;
	return code;
}

bool mainloop_run_command(struct session *session, const char *text)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();
	struct cond *outside = session->cond;
	size_t used;
	bool ok;

	session->cond = cond;
	session->after = AFTER_NOTHING;
	ok = session_command(session, text, &used);
	session->cond = outside;
	session->after = AFTER_NOTHING;
	return ok;
}
