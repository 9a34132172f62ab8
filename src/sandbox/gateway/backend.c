#include "sandbox/gateway/backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sink.h"
#include "base/vec.h"

#define COPY_CHUNK 65536

static int connect_unix(const char *path, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		err_set(err, ERR_SYSTEM, "socket path is too long: %s", path);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		err_set_errno(err, errno, "socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
	    0) {
		err_set_errno(err, errno, "connecting to the private server");
		close(fd);
		return -1;
	}
	return fd;
}

static bool send_startup(struct backend *backend,
			 const struct backend_login *login, struct err *err)
{
	struct str *out = &backend->stream.out;
	size_t begun = frame_begin(out, 0);

	frame_add_int32(out, FRAME_PROTOCOL_3);
	frame_add_text(out, "user");
	frame_add_text(out, login->user);
	frame_add_text(out, "database");
	frame_add_text(out, login->database);
	for (size_t i = 0; i < login->setting_count; i++) {
		frame_add_text(out, login->settings[i].name);
		frame_add_text(out, login->settings[i].value);
	}
	str_add_char(out, '\0');
	frame_end(out, begun);
	return stream_flush(&backend->stream, err);
}

bool backend_error(const struct frame *frame, struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);
	const char *sqlstate = "XX000";
	const char *message = "unknown error";
	const char *hint = NULL;
	char code;

	while ((code = frame_byte(&cursor)) != '\0') {
		const char *text = frame_text(&cursor);

		if (cursor.bad)
			break;
		if (code == 'C')
			sqlstate = text;
		else if (code == 'M')
			message = text;
		else if (code == 'H')
			hint = text;
	}
	err_set(err, ERR_SERVER, "%s", message);
	err_set_code(err, sqlstate);
	if (hint)
		err_hint(err, "%s", hint);
	return false;
}

bool backend_next(struct backend *backend, struct frame *out, struct err *err)
{
	struct err lost = ERR_EMPTY;

	if (!frame_read(&backend->stream, out, &lost)) {
		if (lost.kind == ERR_NONE)
			err_set(&lost, ERR_NETWORK,
				"the private server closed the connection");
		if (err)
			*err = lost;
		return false;
	}
	if (out->type == 'Z' && out->len >= 1)
		backend->status = out->body[0];
	return true;
}

static bool startup_message(struct backend *backend,
			    const struct backend_login *login,
			    const struct frame *frame, struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);

	switch (frame->type) {
	case 'R':
		if (frame_int32(&cursor) != 0)
			return err_set(err, ERR_AUTH,
				       "the private server wants a password");
		return true;
	case 'K':
		backend->pid = frame_int32(&cursor);
		backend->key = frame_int32(&cursor);
		return true;
	case 'S':
		if (login->parameters)
			frame_add(login->parameters, 'S', frame->body,
				  frame->len);
		return true;
	case 'E':
		return backend_error(frame, err);
	case 'N':
	case 'Z':
		return true;
	default:
		return err_set(err, ERR_DATA, "unexpected message %d at login",
			       frame->type);
	}
}

struct backend *backend_open(const struct backend_login *login, struct err *err)
{
	CLEANUP(backend_closep) struct backend *backend = NULL;
	struct backend *opened;
	struct frame frame;
	int fd = connect_unix(login->socket_path, err);

	if (fd < 0)
		return NULL;
	backend = mem_alloc(sizeof(*backend));
	stream_open(&backend->stream, fd);
	backend->socket_path = mem_copy_text(login->socket_path);
	if (!send_startup(backend, login, err))
		return NULL;
	do {
		if (!backend_next(backend, &frame, err) ||
		    !startup_message(backend, login, &frame, err))
			return NULL;
	} while (frame.type != 'Z');
	opened = backend;
	backend = NULL;
	return opened;
}

void backend_close(struct backend *backend)
{
	if (!backend)
		return;
	frame_add(&backend->stream.out, 'X', "", 0);
	stream_flush(&backend->stream, NULL);
	stream_close(&backend->stream);
	mem_free(backend->socket_path);
	mem_free(backend);
}

void backend_cancel(const char *socket_path, int32_t pid, int32_t key)
{
	struct stream stream;
	struct err err = ERR_EMPTY;
	size_t begun;
	int fd = connect_unix(socket_path, &err);

	if (fd < 0) {
		log_debug(LOG_SANDBOX, "cancel: %s", err.message);
		return;
	}
	stream_open(&stream, fd);
	begun = frame_begin(&stream.out, 0);
	frame_add_int32(&stream.out, FRAME_CANCEL_REQUEST);
	frame_add_int32(&stream.out, pid);
	frame_add_int32(&stream.out, key);
	frame_end(&stream.out, begun);
	stream_flush(&stream, NULL);
	/* PostgreSQL closes when it has signalled: only then may the next
	 * statement begin without being hit. */
	stream_peek(&stream, 1, NULL);
	stream_close(&stream);
}

bool backend_send(struct backend *backend, char type, const char *body,
		  size_t len, struct err *err)
{
	frame_add(&backend->stream.out, type, body, len);
	return stream_flush(&backend->stream, err);
}

static bool send_query(struct backend *backend, const char *sql,
		       struct err *err)
{
	return backend_send(backend, 'Q', sql, strlen(sql) + 1, err);
}

static bool give_row(const struct frame *frame, backend_row *row, void *context,
		     struct err *err)
{
	struct frame_cursor cursor = frame_cursor(frame);
	struct {
		VEC(const char *);
	} values = { 0 };
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int count = frame_int16(&cursor);
	bool ok;

	/* each value gets a NUL, so room for all: the pointers stay good */
	str_reserve(&text, frame->len + (size_t)count + 1);
	for (int i = 0; i < count; i++) {
		int32_t len = frame_int32(&cursor);
		const char *slice =
			len < 0 ? NULL : frame_slice(&cursor, (size_t)len);

		vec_push(&values, slice ? text.text + text.len : NULL);
		if (slice) {
			str_add_slice(&text, slice, (size_t)len);
			str_add_char(&text, '\0');
		}
	}
	ok = cursor.bad ? err_set(err, ERR_DATA, "a row that is cut short")
			: row(context, values.items, values.count, err);
	vec_done(&values);
	return ok;
}

bool backend_query(struct backend *backend, const char *sql, backend_row *row,
		   void *context, struct err *err)
{
	struct frame frame;
	bool ok = true;

	if (!send_query(backend, sql, err))
		return false;
	do {
		if (!backend_next(backend, &frame, ok ? err : NULL))
			return false;
		if (frame.type == 'E' && ok)
			ok = backend_error(&frame, err);
		else if (frame.type == 'D' && ok && row)
			ok = give_row(&frame, row, context, err);
		else if (frame.type == 'G' &&
			 !backend_send(backend, 'f', "not here", 9, err))
			return false;
	} while (frame.type != 'Z');
	return ok;
}

struct value {
	struct str *out;
	bool found;
};

static bool take_value(void *context, const char *const *values, size_t count,
		       struct err *err)
{
	struct value *value = context;

	(void)err;
	if (!value->found && count > 0 && values[0])
		str_add(value->out, values[0]);
	value->found = true;
	return true;
}

bool backend_value(struct backend *backend, const char *sql, struct str *out,
		   struct err *err)
{
	struct value value = { out, false };

	if (!backend_query(backend, sql, take_value, &value, err))
		return false;
	if (!value.found)
		return err_set(err, ERR_MISSING, "no such row");
	return true;
}

/* Reads up to ReadyForQuery; out_rows from the tag "COPY n". */
static bool finish(struct backend *backend, int64_t *out_rows, struct err *err)
{
	struct frame frame;
	bool ok = true;

	do {
		if (!backend_next(backend, &frame, ok ? err : NULL))
			return false;
		if (frame.type == 'E' && ok)
			ok = backend_error(&frame, err);
		if (frame.type == 'C' && out_rows &&
		    str_starts(frame.body, "COPY "))
			*out_rows = strtoll(frame.body + 5, NULL, 10);
	} while (frame.type != 'Z');
	return ok;
}

bool backend_copy_begin(struct backend *backend, const char *sql,
			struct err *err)
{
	struct frame frame;

	if (!send_query(backend, sql, err))
		return false;
	for (;;) {
		if (!backend_next(backend, &frame, err))
			return false;
		if (frame.type == 'G')
			return true;
		if (frame.type == 'E') {
			backend_error(&frame, err);
			finish(backend, NULL, NULL);
			return false;
		}
		if (frame.type == 'Z')
			return err_set(err, ERR_DATA, "not a COPY FROM STDIN");
	}
}

bool backend_copy_data(struct backend *backend, const char *bytes, size_t len,
		       struct err *err)
{
	frame_add(&backend->stream.out, 'd', bytes, len);
	return stream_flush_if(&backend->stream, COPY_CHUNK, err);
}

bool backend_copy_end(struct backend *backend, const char *give_up,
		      int64_t *out_rows, struct err *err)
{
	struct err ignored = ERR_EMPTY;
	bool sent;

	if (!give_up)
		return backend_send(backend, 'c', "", 0, err) &&
		       finish(backend, out_rows, err);
	sent = backend_send(backend, 'f', give_up, strlen(give_up) + 1, err);
	if (!sent)
		return false;
	finish(backend, NULL, &ignored);
	return true;
}

bool backend_copy_out(struct backend *backend, const char *sql,
		      struct sink *sink, struct err *err)
{
	struct frame frame;
	bool ok = true;

	if (!send_query(backend, sql, err))
		return false;
	do {
		if (!backend_next(backend, &frame, ok ? err : NULL))
			return false;
		if (frame.type == 'E' && ok)
			ok = backend_error(&frame, err);
		else if (frame.type == 'd' && ok)
			ok = sink_write(sink, frame.body, frame.len, err);
	} while (frame.type != 'Z');
	return ok;
}
