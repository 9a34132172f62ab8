#include "sandbox/gateway/extended.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "sandbox/gateway/answer.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/perform.h"
#include "sandbox/gateway/plan.h"
#include "sandbox/gateway/relay.h"

static void free_plan(void *plan)
{
	plan_free(plan);
}

/* A portal is the text of its statement: plans are made anew, as the block
 * may have begun or ended since Parse. */
static void make_maps(struct client *client)
{
	if (!client->prepared)
		client->prepared = map_new(free_plan);
	if (!client->portals)
		client->portals = map_new(free_plan);
}

/* An error of ours: PostgreSQL must skip to Sync and roll back as well. */
static bool refuse(struct client *client, const struct err *why, int position,
		   struct err *err)
{
	struct answer_context context = { client->shared->rewrite, NULL,
					  client->query_id };
	struct str *out = &client->backend->stream.out;
	struct frame frame;
	size_t begun;

	answer_err(&context, why, position, &client->stream.out);
	client->skip = true;
	begun = frame_begin(out, 'P');
	frame_add_text(out, "");
	frame_add_text(out, "\"\"");
	frame_add_int16(out, 0);
	frame_end(out, begun);
	frame_add(out, 'H', "", 0);
	if (!stream_flush(&client->backend->stream, err))
		return false;
	do
		if (!backend_next(client->backend, &frame, err))
			return false;
	while (frame.type != 'E');
	return true;
}

/* One message to PostgreSQL with a Flush, its answer to the client. */
static bool pass(struct client *client, char type, const struct str *body,
		 struct perform_pump *pump, struct err *err)
{
	struct str *out = &client->backend->stream.out;

	frame_add(out, type, body->text, body->len);
	frame_add(out, 'H', "", 0);
	if (!stream_flush(&client->backend->stream, err) ||
	    !perform_pump(client, pump, err))
		return false;
	if (pump->failed)
		client->skip = true;
	return true;
}

static bool pass_frame(struct client *client, const struct frame *frame,
		       const char *ends, struct str *bytes, struct err *err)
{
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct perform_pump pump = { .ends = ends, .bytes = bytes };

	str_add_slice(&body, frame->body, frame->len);
	return pass(client, frame->type, &body, &pump, err);
}

static bool answer_parse(struct client *client, const struct frame *frame,
			 struct err *err)
{
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct frame_cursor cursor = frame_cursor(frame);
	const char *name = frame_text(&cursor);
	const char *sql = frame_text(&cursor);
	struct perform_pump pump = { .ends = "1E" };
	struct err why = ERR_EMPTY;
	struct plan *plan;
	int position;

	if (cursor.bad)
		return err_set(err, ERR_DATA, "a malformed Parse message");
	plan = plan_make(client, sql, strlen(sql), true, &position, &why);
	if (!plan)
		return refuse(client, &why, position, err);
	if (plan->local) {
		frame_add(&client->stream.out, '1', "", 0);
		map_put(client->prepared, name, plan);
		return true;
	}
	frame_add_text(&body, name);
	frame_add_text(&body, plan->sql.text);
	str_add_slice(&body, cursor.at, (size_t)(cursor.end - cursor.at));
	pump.plan = plan;
	if (!pass(client, 'P', &body, &pump, err) || pump.failed) {
		plan_free(plan);
		return pump.failed;
	}
	map_put(client->prepared, name, plan);
	return true;
}

/* A plan of its own for the portal, made for the state of now. */
static bool put_portal(struct client *client, const struct frame *bind,
		       const struct plan *from, struct err *why)
{
	struct frame_cursor cursor = frame_cursor(bind);
	const char *portal = frame_text(&cursor);
	int position;
	struct plan *plan =
		plan_make(client, from->text, from->len, true, &position, why);

	if (!plan)
		return false;
	str_set_slice(&plan->bytes, from->bytes.text, from->bytes.len);
	answer_formats(bind, &plan->bytes);
	map_put(client->portals, portal, plan);
	return true;
}

static bool answer_bind(struct client *client, const struct frame *frame,
			struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);
	const char *name = (frame_text(&cursor), frame_text(&cursor));
	const struct plan *plan = map_get(client->prepared, name);
	struct err why = ERR_EMPTY;

	if (cursor.bad)
		return err_set(err, ERR_DATA, "a malformed Bind message");
	if (plan && !put_portal(client, frame, plan, &why))
		return refuse(client, &why, 0, err);
	if (!plan || !plan->local)
		return pass_frame(client, frame, "2E", NULL, err);
	frame_add(&client->stream.out, '2', "", 0);
	return true;
}

static struct plan *find_plan(struct client *client, char kind,
				    const char *name)
{
	return map_get(kind == 'S' ? client->prepared : client->portals, name);
}

static bool answer_describe(struct client *client, const struct frame *frame,
			    struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);
	char kind = frame_byte(&cursor);
	struct plan *plan = find_plan(client, kind, frame_text(&cursor));
	struct str *out = &client->stream.out;

	if (cursor.bad)
		return err_set(err, ERR_DATA, "a malformed Describe message");
	if (!plan || !plan->local)
		return pass_frame(client, frame, "TnE",
				  plan ? &plan->bytes : NULL, err);
	if (kind == 'S') {
		size_t begun = frame_begin(out, 't');

		frame_add_int16(out, 0);
		frame_end(out, begun);
	}
	frame_add(out, 'n', "", 0);
	return true;
}

static bool answer_execute(struct client *client, const struct frame *frame,
			   struct err *err)
{
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct frame_cursor cursor = frame_cursor(frame);
	const char *portal = frame_text(&cursor);
	struct plan *plan = map_get(client->portals, portal);

	if (cursor.bad)
		return err_set(err, ERR_DATA, "a malformed Execute message");
	str_add_slice(&body, frame->body, frame->len);
	if (!plan) {
		struct perform_pump pump = { .ends = "CsIE" };

		return pass(client, 'E', &body, &pump, err);
	}
	return perform_portal(client, plan, &body, &client->skip, err);
}

static bool answer_close(struct client *client, const struct frame *frame,
			 struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);
	char kind = frame_byte(&cursor);
	const char *name = frame_text(&cursor);

	if (cursor.bad)
		return err_set(err, ERR_DATA, "a malformed Close message");
	map_remove(kind == 'S' ? client->prepared : client->portals, name);
	return pass_frame(client, frame, "3E", NULL, err);
}

static bool answer_sync(struct client *client, struct err *err)
{
	struct perform_pump pump = { .ends = "Z" };

	client->skip = false;
	return backend_send(client->backend, 'S', "", 0, err) &&
	       perform_pump(client, &pump, err) && relay_ready(client, err);
}

bool extended_answer(struct client *client, const struct frame *frame,
		     struct err *err)
{
	make_maps(client);
	if (frame->type == 'S')
		return answer_sync(client, err);
	if (client->skip)
		return true;
	switch (frame->type) {
	case 'P':
		return answer_parse(client, frame, err);
	case 'B':
		return answer_bind(client, frame, err);
	case 'D':
		return answer_describe(client, frame, err);
	case 'E':
		return answer_execute(client, frame, err);
	case 'C':
		return answer_close(client, frame, err);
	default:
		return stream_flush(&client->stream, err);
	}
}
