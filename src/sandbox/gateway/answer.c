#include "sandbox/gateway/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/plan.h"
#include "sandbox/rewrite/rewrite.h"
#include "sql/lexer.h"

/* The fields of one ErrorResponse or NoticeResponse; borrowed. */
struct fields {
	const char *severity;
	char sqlstate[6];
	const char *message;
	const char *detail;
	const char *hint;
	int position;
	const char *where;
	const char *file;
	const char *line;
	const char *routine;
};

static void read_fields(const struct frame *frame, struct fields *out)
{
	struct frame_cursor cursor = frame_cursor(frame);
	char code;

	while ((code = frame_byte(&cursor)) != '\0') {
		const char *text = frame_text(&cursor);

		if (cursor.bad)
			break;
		switch (code) {
		case 'S':
			out->severity = text;
			break;
		case 'C':
			snprintf(out->sqlstate, sizeof(out->sqlstate), "%s",
				 text);
			break;
		case 'M':
			out->message = text;
			break;
		case 'D':
			out->detail = text;
			break;
		case 'H':
			out->hint = text;
			break;
		case 'P':
			out->position = (int)strtol(text, NULL, 10);
			break;
		case 'W':
			out->where = text;
			break;
		case 'F':
			out->file = text;
			break;
		case 'L':
			out->line = text;
			break;
		case 'R':
			out->routine = text;
			break;
		}
	}
}

static void add_field(struct str *out, char code, const char *text)
{
	if (!text || !*text)
		return;
	str_add_char(out, code);
	frame_add_text(out, text);
}

/* Redshift's fields are S C M D H P W F L R; the rest came later. */
static void add_report(const struct fields *fields, char type, struct str *out)
{
	size_t begun = frame_begin(out, type);
	char position[16];

	add_field(out, 'S', fields->severity);
	add_field(out, 'C', fields->sqlstate);
	add_field(out, 'M', fields->message);
	add_field(out, 'D', fields->detail);
	add_field(out, 'H', fields->hint);
	if (fields->position > 0) {
		snprintf(position, sizeof(position), "%d", fields->position);
		add_field(out, 'P', position);
	}
	add_field(out, 'W', fields->where);
	add_field(out, 'F', fields->file);
	add_field(out, 'L', fields->line);
	add_field(out, 'R', fields->routine);
	str_add_char(out, '\0');
	frame_end(out, begun);
}

/* Both a person's cancel and statement_timeout end so [wire.md]. */
static bool is_cancel(const struct fields *fields)
{
	return strcmp(fields->sqlstate, "57014") == 0;
}

static void to_redshift(const struct answer_context *context,
			struct fields *fields, struct str *message)
{
	if (is_cancel(fields)) {
		str_addf(message, "Query (%lld) cancelled on user's request",
			 (long long)context->query_id);
		fields->detail = fields->hint = fields->where = NULL;
		return;
	}
	str_add(message, fields->message ? fields->message : "");
	if (rewrite_message(context->rewrite, fields->sqlstate, message))
		fields->hint = fields->detail = NULL;
	/* Our own functions stand in for built-in ones. */
	if (fields->where != NULL &&
	    (strstr(fields->where, "redshift_sandbox") != NULL ||
	     str_starts(fields->where, "JSON data") ||
	     str_starts(fields->where, "SQL function \"")))
		fields->where = NULL;
}

/* A syntax error names the token that the client typed there, not what the
 * gateway made of it. position: in PostgreSQL's text. */
static void name_typed(const struct plan *plan, int position, struct str *text)
{
	static const char near[] = "syntax error at or near \"";
	size_t at = rewrite_offset(&plan->result, (size_t)position);
	struct lexer lexer;
	struct token token;

	if (!str_starts(text->text, near) || at >= plan->len)
		return;
	lexer_init(&lexer, plan->text, plan->len, LEXER_ESCAPES, NULL);
	lexer.at = at;
	token = lexer_next_solid(&lexer);
	if (token.kind == TOKEN_END || token.kind == TOKEN_DOLLAR)
		return;
	str_set(text, near);
	str_add_slice(text, token.text, token.len);
	str_add_char(text, '"');
}

void answer_report(const struct answer_context *context,
		   const struct frame *frame, struct str *out,
		   struct str *message)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct fields fields = { .severity = "ERROR", .sqlstate = "XX000" };
	const struct plan *plan = context->plan;

	read_fields(frame, &fields);
	to_redshift(context, &fields, &text);
	if (plan && fields.position > 0 && plan->result.sql.len > 0 &&
	    strcmp(fields.sqlstate, "42601") == 0)
		name_typed(plan, fields.position, &text);
	fields.message = text.text;
	if (fields.position > 0)
		fields.position =
			plan ? plan->base + (int)rewrite_position(
						    &plan->result, &plan->input,
						    (size_t)fields.position)
			     : 0;
	add_report(&fields, frame->type, out);
	if (message)
		str_set(message, text.text);
}

void answer_err(const struct answer_context *context, const struct err *err,
		int position, struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct fields fields = { .severity = "ERROR",
				 .message = err->message,
				 .hint = err->hint,
				 .position = position };

	snprintf(fields.sqlstate, sizeof(fields.sqlstate), "%.5s",
		 err->code[0] ? err->code : "XX000");
	to_redshift(context, &fields, &text);
	fields.message = text.text;
	add_report(&fields, 'E', out);
}

/* "SELECT 5" of PostgreSQL 9.0 and later is "SELECT" [wire.md]; a table made
 * by a query says the same. */
static const char *own_tag(const char *tag, struct str *room)
{
	static const char *const bare[] = { "SELECT ", "FETCH ", "MOVE ",
					    "COPY " };

	for (size_t i = 0; i < COUNT_OF(bare); i++)
		if (str_starts(tag, bare[i])) {
			str_set_slice(room, bare[i], strlen(bare[i]) - 1);
			return room->text;
		}
	return tag;
}

int64_t answer_tag(const struct frame *frame, const char *tag, struct str *out)
{
	CLEANUP(str_done) struct str room = STR_EMPTY;
	struct frame_cursor cursor = frame_cursor(frame);
	const char *own = frame_text(&cursor);
	const char *last = strrchr(own, ' ');
	size_t begun = frame_begin(out, 'C');

	frame_add_text(out, tag ? tag : own_tag(own, &room));
	frame_end(out, begun);
	return last ? strtoll(last + 1, NULL, 10) : 0;
}

enum {
	TYPE_INTERVAL = 1186,
	TYPE_NUMERIC = 1700,
	TYPE_INTERVAL_Y2M = 1188,
	TYPE_INTERVAL_D2S = 1190,
	TYPE_VARBYTE = 6551,
	INTERVAL_MONTH = 1 << 1, /* of the fields in PostgreSQL's modifier */
};

/* The modifier in the last 8 bytes of a column: length, it, format. */
static int32_t modifier_of(const char *rest)
{
	const unsigned char *at = (const unsigned char *)rest + 2;

	return (int32_t)((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
			 (uint32_t)at[2] << 8 | at[3]);
}

/* PostgreSQL 15 types that stand in for Redshift's [data-types.tsv]. */
static int32_t type_of(int32_t oid, int32_t modifier)
{
	static const struct {
		int32_t from;
		int32_t to;
	} rows[] = {
		{ 3802, 4000 }, /* jsonb: SUPER */
		{ 114, 4000 },  /* json */
		{ 17, 6551 },   /* bytea: VARBYTE */
		{ 9017, 17 },   /* catalog_bytea of catalog.sql */
		{ 2950, 1043 }, /* uuid */
		{ 2205, 25 },   /* regclass */
		{ 2206, 25 },   /* regtype */
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].from == oid)
			return rows[i].to;
	if (oid == TYPE_INTERVAL && modifier >= 0)
		return modifier >> 16 & INTERVAL_MONTH ? TYPE_INTERVAL_Y2M
						       : TYPE_INTERVAL_D2S;
	return oid;
}

/* ASCII letters only, as Redshift folds them. */
static void add_name(struct str *out, const char *name, bool upper)
{
	for (; *name != '\0'; name++)
		str_add_char(out, upper && *name >= 'a' && *name <= 'z'
					  ? (char)(*name - 'a' + 'A')
					  : *name);
	str_add_char(out, '\0');
}

/* A column's size, modifier and format; PostgreSQL has no modifier of what is
 * computed. */
static void add_rest(struct str *out, const struct plan *plan, int column,
		     int32_t type, const char *rest)
{
	const struct decimal_columns *known =
		plan != NULL ? &plan->result.decimals : NULL;

	if (type != TYPE_NUMERIC || modifier_of(rest) >= 0 || known == NULL ||
	    (size_t)column >= known->count) {
		str_add_slice(out, rest, 8);
		return;
	}
	str_add_slice(out, rest, 2);
	frame_add_int32(out, known->items[column]);
	str_add_slice(out, rest + 6, 2);
}

void answer_columns(const struct frame *frame, const struct plan *plan,
		    bool upper, struct str *out, struct str *bytes)
{
	struct frame_cursor cursor = frame_cursor(frame);
	size_t begun = frame_begin(out, 'T');
	int count = frame_int16(&cursor);
	bool found = false;

	if (bytes)
		str_clear(bytes);
	frame_add_int16(out, (int16_t)count);
	for (int i = 0; i < count && !cursor.bad; i++) {
		const char *name = frame_text(&cursor);
		const char *table = frame_slice(&cursor, 6);
		int32_t type = frame_int32(&cursor);
		const char *rest = frame_slice(&cursor, 8);
		bool shown;

		if (cursor.bad)
			break;
		type = type_of(type, modifier_of(rest));
		shown = type == TYPE_VARBYTE && rest[7] == 0;
		found = found || shown;
		if (bytes)
			str_add_char(bytes, shown ? '\1' : '\0');
		add_name(out, name, upper);
		str_add_slice(out, table, 6);
		frame_add_int32(out, type);
		add_rest(out, plan, i, type, rest);
	}
	if (bytes && !found)
		str_clear(bytes);
	frame_end(out, begun);
}

void answer_row(const struct frame *frame, const struct str *bytes,
		struct str *out)
{
	struct frame_cursor cursor = frame_cursor(frame);
	size_t begun;
	int count;

	if (bytes->len == 0) {
		frame_add(out, frame->type, frame->body, frame->len);
		return;
	}
	begun = frame_begin(out, frame->type);
	count = frame_int16(&cursor);
	frame_add_int16(out, (int16_t)count);
	for (int i = 0; i < count && !cursor.bad; i++) {
		int32_t len = frame_int32(&cursor);
		const char *value =
			len > 0 ? frame_slice(&cursor, (size_t)len) : "";
		bool hex = (size_t)i < bytes->len && bytes->text[i] &&
			   len >= 2 && !cursor.bad && value[0] == '\\';

		if (cursor.bad)
			break;
		if (hex) {
			value += 2;
			len -= 2;
		}
		frame_add_int32(out, len);
		if (len > 0)
			str_add_slice(out, value, (size_t)len);
	}
	frame_end(out, begun);
}

void answer_formats(const struct frame *bind, struct str *bytes)
{
	struct frame_cursor cursor = frame_cursor(bind);
	int count;

	frame_text(&cursor);
	frame_text(&cursor);
	count = frame_int16(&cursor);
	for (int i = 0; i < count && !cursor.bad; i++)
		frame_int16(&cursor);
	count = frame_int16(&cursor);
	for (int i = 0; i < count && !cursor.bad; i++) {
		int32_t len = frame_int32(&cursor);

		if (len > 0)
			frame_slice(&cursor, (size_t)len);
	}
	count = frame_int16(&cursor);
	for (int i = 0; i < count && !cursor.bad; i++) {
		bool binary = frame_int16(&cursor) == 1;

		for (size_t c = 0; binary && c < bytes->len; c++)
			if (count == 1 || c == (size_t)i)
				bytes->text[c] = '\0';
	}
}

void answer_parameter(const struct frame *frame, struct str *out)
{
	static const char *const passed[] = { "DateStyle", "TimeZone",
					      "is_superuser",
					      "session_authorization" };
	struct frame_cursor cursor = frame_cursor(frame);
	const char *name = frame_text(&cursor);

	for (size_t i = 0; i < COUNT_OF(passed); i++)
		if (strcmp(name, passed[i]) == 0)
			frame_add(out, 'S', frame->body, frame->len);
}
