#include "sandbox/gateway/ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"

#define ASK_NAME "redsh_ask"

struct question {
	struct client *client;
	bool failed;
	size_t position; /* of the error, 1-based characters; 0: none */
	struct rewrite_columns *columns;
	struct str *value;
	bool found;       /* value has been given */
	struct str *tree; /* how PostgreSQL understands the question */
};

static void add_parse(struct str *out, const char *sql)
{
	size_t begun = frame_begin(out, 'P');

	frame_add_text(out, ASK_NAME);
	frame_add_text(out, sql);
	frame_add_int16(out, 0);
	frame_end(out, begun);
}

static void add_named(struct str *out, char type, char kind)
{
	size_t begun = frame_begin(out, type);

	str_add_char(out, kind);
	frame_add_text(out, ASK_NAME);
	frame_end(out, begun);
}

/* Bind and Execute of a statement without parameters, results as text. */
static void add_run(struct str *out)
{
	size_t begun = frame_begin(out, 'B');

	frame_add_text(out, ASK_NAME);
	frame_add_text(out, ASK_NAME);
	frame_add_int16(out, 0);
	frame_add_int16(out, 0);
	frame_add_int16(out, 0);
	frame_end(out, begun);
	begun = frame_begin(out, 'E');
	frame_add_text(out, ASK_NAME);
	frame_add_int32(out, 0);
	frame_end(out, begun);
	add_named(out, 'C', 'P');
}

static void take_columns(struct question *question, const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	int count = frame_int16(&cursor);

	for (int i = 0; i < count && !cursor.bad; i++) {
		const char *name = frame_text(&cursor);

		frame_slice(&cursor, 18);
		if (!cursor.bad && question->columns)
			vec_push(question->columns, mem_copy_text(name));
	}
}

static void take_value(struct question *question, const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	int count = frame_int16(&cursor);
	int32_t len = count > 0 ? frame_int32(&cursor) : -1;
	const char *text = len < 0 ? NULL : frame_slice(&cursor, (size_t)len);

	if (question->found || cursor.bad)
		return;
	question->found = true;
	if (text != NULL && question->value != NULL)
		str_add_slice(question->value, text, (size_t)len);
}

/* The detail of debug_print_parse's message. */
static void take_tree(struct question *question, const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	bool is_tree = false;
	char code;

	while ((code = frame_byte(&cursor)) != '\0' && !cursor.bad) {
		const char *text = frame_text(&cursor);

		if (cursor.bad)
			return;
		if (code == 'M')
			is_tree = strcmp(text, "parse tree:") == 0;
		if (code == 'D' && is_tree && question->tree->len == 0)
			str_add(question->tree, text);
	}
}

static size_t position_of(const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	char code;

	while ((code = frame_byte(&cursor)) != '\0' && !cursor.bad) {
		const char *text = frame_text(&cursor);

		if (code == 'P' && !cursor.bad)
			return (size_t)strtoul(text, NULL, 10);
	}
	return 0;
}

/* The answers up to the one that ends. */
static bool read_answers(struct question *question, char ends, struct err *err)
{
	struct backend *backend = question->client->backend;
	struct frame frame;

	do {
		if (!backend_next(backend, &frame,
				  question->failed ? NULL : err))
			return false;
		if (frame.type == 'T')
			take_columns(question, &frame);
		else if (frame.type == 'D')
			take_value(question, &frame);
		else if (frame.type == 'N' && question->tree != NULL)
			take_tree(question, &frame);
		else if (frame.type == 'E' && !question->failed) {
			question->failed = true;
			question->position = position_of(&frame);
			backend_error(&frame, err);
			if (ends != 'Z') {
				/* PostgreSQL skips all up to a Sync */
				if (!backend_send(backend, 'S', "", 0, NULL))
					return false;
				ends = 'Z';
			}
		}
	} while (frame.type != ends);
	return !question->failed;
}

/* A command in a block. Not by a Query message: that would forget the unnamed
 * statement which the client may have parsed and not yet bound. */
static bool command(struct client *client, const char *sql, struct err *err)
{
	struct question question = { .client = client };
	struct str *out = &client->backend->stream.out;

	add_parse(out, sql);
	add_run(out);
	add_named(out, 'C', 'S');
	frame_add(out, 'S', "", 0);
	return stream_flush(&client->backend->stream, err) &&
	       read_answers(&question, 'Z', err);
}

/* debug_print_parse for this client, until the end of the transaction, and
 * off again: a pipeline has none that ends here. */
static void add_switch(struct str *out, bool on)
{
	add_parse(out, on ? "SELECT pg_catalog.set_config('redsh.before', "
			    "pg_catalog.current_setting("
			    "'client_min_messages'), true), "
			    "pg_catalog.set_config('client_min_messages', "
			    "'log', true), pg_catalog.set_config("
			    "'debug_pretty_print', 'off', true), "
			    "pg_catalog.set_config('debug_print_parse', 'on', "
			    "true)"
			  : "SELECT pg_catalog.set_config("
			    "'debug_print_parse', 'off', true), "
			    "pg_catalog.set_config('client_min_messages', "
			    "pg_catalog.current_setting('redsh.before'), "
			    "true)");
	add_run(out);
	add_named(out, 'C', 'S');
}

static bool send_question(struct question *question, bool flush,
			  const char *sql, struct err *err)
{
	struct stream *stream = &question->client->backend->stream;
	bool run = question->value != NULL;

	if (question->tree != NULL)
		add_switch(&stream->out, true);
	add_parse(&stream->out, sql);
	if (run)
		add_run(&stream->out);
	else
		add_named(&stream->out, 'D', 'S');
	add_named(&stream->out, 'C', 'S');
	if (question->tree != NULL)
		add_switch(&stream->out, false);
	frame_add(&stream->out, flush ? 'H' : 'S', "", 0);
	if (!stream_flush(stream, err))
		return false;
	/* the last answer: to Close of the statement, or to Sync; a switch
	 * closes a portal and a statement */
	for (int i = 0; flush && i < (run ? 1 : 0) + (question->tree ? 4 : 0);
	     i++)
		if (!read_answers(question, '3', err))
			return false;
	return read_answers(question, flush ? '3' : 'Z', err);
}

/* A question that failed when it ran has left its statement: PostgreSQL did
 * not read the Close behind it. */
static void forget_question(struct client *client)
{
	struct question question = { .client = client };
	struct stream *stream = &client->backend->stream;

	add_named(&stream->out, 'C', 'S');
	frame_add(&stream->out, 'S', "", 0);
	if (stream_flush(stream, NULL))
		read_answers(&question, 'Z', NULL);
}

static bool ask(struct question *question, bool extended, const char *sql,
		struct err *err)
{
	struct client *client = question->client;
	bool block = client->backend->status == 'T';
	bool ok;

	if (client->backend->status == 'E') {
		err_set(err, ERR_SERVER,
			"current transaction is aborted, commands ignored "
			"until end of transaction block");
		return err_set_code(err, "25P02");
	}
	if (block && !command(client, "SAVEPOINT " ASK_NAME, err))
		return false;
	ok = send_question(question, extended && !block, sql, err);
	if (question->failed)
		forget_question(client);
	if (block && !ok &&
	    !command(client, "ROLLBACK TO SAVEPOINT " ASK_NAME, NULL))
		return false;
	if (block && !command(client, "RELEASE SAVEPOINT " ASK_NAME, NULL))
		return false;
	return ok;
}

static bool ask_columns(void *context, const char *sql,
			struct rewrite_columns *out, size_t *out_position,
			struct err *err)
{
	struct question question = { .client = context, .columns = out };
	bool ok = ask(&question, question.client->asks_extended, sql, err);

	*out_position = question.position;
	return ok;
}

static bool ask_value(void *context, const char *sql, struct str *out,
		      struct err *err)
{
	struct question question = { .client = context, .value = out };

	return ask(&question, question.client->asks_extended, sql, err);
}

static bool ask_tree(void *context, const char *sql, struct str *out)
{
	struct question question = { .client = context, .tree = out };

	return ask(&question, question.client->asks_extended, sql, NULL) &&
	       out->len > 0;
}

struct rewrite_ask ask_client(struct client *client, bool extended)
{
	struct rewrite_ask asks = { .context = client,
				    .columns = ask_columns,
				    .value = ask_value,
				    .tree = ask_tree };

	client->asks_extended = extended;
	return asks;
}
