#include "sandbox/gateway/relay.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/extended.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/idle.h"
#include "sandbox/gateway/perform.h"
#include "sandbox/gateway/plan.h"
#include "sandbox/rewrite/rewrite.h"

/* One Query message. Several statements are one transaction of their own
 * unless they say BEGIN and COMMIT themselves. */
struct batch {
	const char *sql;
	size_t len;
	bool several;
	bool opened; /* our own BEGIN stands and no person's yet */
};

static bool is_blank(const char *sql, size_t len)
{
	return classify(sql, len, true).kind == STATEMENT_EMPTY;
}

static bool has_several(const struct batch *batch)
{
	size_t at = 0;
	int count = 0;

	while (at < batch->len) {
		size_t end = rewrite_split(batch->sql, batch->len, at);

		if (!is_blank(batch->sql + at, end - at))
			count++;
		at = end;
	}
	return count > 1;
}

static bool run_one(struct client *client, struct batch *batch, const char *sql,
		    size_t len, struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	struct err why = ERR_EMPTY;
	int base = (int)utf8_count(batch->sql, (size_t)(sql - batch->sql));
	int position;

	if (batch->several && client->backend->status == 'I') {
		if (!perform_silent(client, "BEGIN", err))
			return false;
		batch->opened = true;
	}
	client->several = batch->opened;
	plan = plan_make(client, sql, len, false, &position, &why);
	client->several = false;
	if (!plan)
		return perform_refuse(client, &why,
				      position ? base + position : 0, err);
	plan->base = base;
	if (batch->opened && plan->result.statement.kind == STATEMENT_BEGIN) {
		/* what the person's BEGIN opens stands already */
		batch->opened = false;
		frame_add(&client->stream.out, 'C', "BEGIN", 6);
		return true;
	}
	if (!perform_run(client, plan, err) || !perform_settle(client, err))
		return false;
	if (client->backend->status == 'I')
		batch->opened = false;
	return true;
}

static bool run_all(struct client *client, struct batch *batch, struct err *err)
{
	size_t at = 0;
	bool any = false;

	while (at < batch->len) {
		size_t end = rewrite_split(batch->sql, batch->len, at);
		const char *sql = batch->sql + at;
		size_t len = end - at;

		at = end;
		if (is_blank(sql, len))
			continue;
		any = true;
		if (!run_one(client, batch, sql, len, err))
			return false;
	}
	if (!any)
		frame_add(&client->stream.out, 'I', "", 0);
	return true;
}

bool relay_ready(struct client *client, struct err *err)
{
	if (!perform_settle(client, err))
		return false;
	frame_add(&client->stream.out, 'Z', &client->backend->status, 1);
	return stream_flush(&client->stream, err);
}

static bool answer_query(struct client *client, const struct frame *frame,
			 struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);
	struct batch batch = { .sql = frame_text(&cursor) };
	struct err why = ERR_EMPTY;
	bool ok;

	if (cursor.bad)
		return err_set(err, ERR_DATA, "a Query message without end");
	batch.len = strlen(batch.sql);
	if (!plan_check_size(batch.len, &why)) {
		perform_refuse(client, &why, 0, err);
		return relay_ready(client, err);
	}
	batch.several = has_several(&batch);
	ok = run_all(client, &batch, &why);
	if (!ok && why.kind != ERR_NONE) {
		*err = why;
		return false;
	}
	if (batch.opened && client->backend->status != 'I') {
		if (ok)
			perform_silent(client, "COMMIT", &why);
		else
			perform_rollback(client, &why);
		if (why.kind != ERR_NONE) {
			*err = why;
			return false;
		}
	}
	return relay_ready(client, err);
}

static bool refuse_call(struct client *client, struct err *err)
{
	struct err why = ERR_EMPTY;

	err_set(&why, ERR_SERVER, "fastpath function calls are not supported");
	err_set_code(&why, "0A000");
	perform_refuse(client, &why, 0, err);
	return relay_ready(client, err);
}

static bool answer_message(struct client *client, const struct frame *frame,
			   struct err *err)
{
	switch (frame->type) {
	case 'Q':
		return answer_query(client, frame, err);
	case 'P':
	case 'B':
	case 'D':
	case 'E':
	case 'C':
	case 'H':
	case 'S':
		return extended_answer(client, frame, err);
	case 'F':
		return refuse_call(client, err);
	case 'd':
	case 'c':
	case 'f':
		return true; /* left over from a COPY that was refused */
	default:
		return err_set(err, ERR_DATA,
			       "invalid frontend message type %d", frame->type);
	}
}

/* The other side is lost, or the client breaks the protocol. */
static void say_lost(struct client *client, const struct err *why)
{
	struct frame_report report = {
		.severity = "FATAL",
		.sqlstate = why->kind == ERR_DATA ? "08P01" : "57P01",
		.message = why->message,
	};

	frame_add_report(&client->stream.out, 'E', &report);
	stream_flush(&client->stream, NULL);
}

/* A message could not be answered: the client has gone, or the backend. */
static enum client_end who_ended(const struct client *client,
				 const struct err *why)
{
	char byte;

	if (why->kind == ERR_DATA)
		return CLIENT_ENDED_SOMEHOW;
	return recv(client->stream.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0
		       ? CLIENT_ENDED_ITSELF
		       : CLIENT_ENDED_BY_BACKEND;
}

static bool left(struct client *client)
{
	client->end = CLIENT_ENDED_ITSELF;
	return true;
}

bool relay_run(struct client *client, struct err *err)
{
	for (;;) {
		struct err why = ERR_EMPTY;
		struct frame frame;

		stream_trim(&client->stream);
		stream_trim(&client->backend->stream);
		idle_begin(client);
		errno = 0;
		if (!frame_read_client(&client->stream, &frame, &why)) {
			if (why.kind == ERR_NONE)
				return left(client);
			client->end = idle_is_over(client, errno, &why)
					      ? CLIENT_ENDED_IDLE
					      : CLIENT_ENDED_SOMEHOW;
		} else if (frame.type == 'X') {
			return left(client);
		} else if (answer_message(client, &frame, &why)) {
			continue;
		} else {
			client->end = who_ended(client, &why);
		}
		say_lost(client, &why);
		if (err)
			*err = why;
		return false;
	}
}
