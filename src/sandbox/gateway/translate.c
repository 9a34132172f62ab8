#include "sandbox/gateway/translate.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/external.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/querylog.h"
#include "sandbox/rewrite/rewrite.h"
#include "sql/quote.h"

/* SQLSTATEs of the notices: objects.sql (translated, external_rows). */
enum request_kind {
	REQUEST_NONE,
	REQUEST_TRANSLATE, /* SB100: text is dynamic SQL */
	REQUEST_EXTERNAL,  /* SB101: text is an external table's number */
};

struct request {
	enum request_kind kind;
	const char *text; /* borrowed from the frame */
	long long id;
};

static bool read_request(const struct frame *frame, struct request *out)
{
	struct frame_cursor cursor = frame_cursor(frame);
	char code;

	while ((code = frame_byte(&cursor)) != '\0') {
		const char *text = frame_text(&cursor);

		if (cursor.bad)
			return false;
		if (code == 'C' && strcmp(text, "SB100") == 0)
			out->kind = REQUEST_TRANSLATE;
		else if (code == 'C' && strcmp(text, "SB101") == 0)
			out->kind = REQUEST_EXTERNAL;
		else if (code == 'M')
			out->text = text;
		else if (code == 'D')
			out->id = strtoll(text, NULL, 10);
	}
	return out->kind != REQUEST_NONE && out->text != NULL && out->id > 0;
}

/* One statement with what goes before and after it. */
static bool add_statement(struct client *client, const char *sql, size_t len,
			  struct str *out, struct err *err)
{
	struct rewrite_result result = REWRITE_RESULT_EMPTY;
	struct rewrite_input input = {
		.sql = sql,
		.len = len,
		.in_block = true,
		.case_sensitive = client->case_sensitive,
		.case_sensitive_fields = client->case_sensitive_fields,
	};
	bool ok = rewrite_statement(client->shared->rewrite, &input, &result,
				    err);

	if (ok && result.action != REWRITE_SEND &&
	    result.action != REWRITE_EMPTY) {
		err_set(err, ERR_SERVER, "the sandbox has no %s in dynamic SQL",
			result.statement.name);
		ok = err_set_code(err, "SB001");
	}
	if (ok && result.action == REWRITE_SEND) {
		str_add(out, result.before.text);
		str_add(out, result.sql.text);
		if (result.after.len > 0)
			str_addf(out, "%s%s", result.sql.len > 0 ? ";\n" : "",
				 result.after.text);
	}
	rewrite_result_done(&result);
	return ok;
}

static bool translate(struct client *client, const char *text, struct str *out,
		      struct err *err)
{
	size_t len = strlen(text);
	size_t at = 0;

	while (at < len) {
		size_t end = rewrite_split(text, len, at);

		if (out->len > 0)
			str_add(out, ";\n");
		if (!add_statement(client, text + at, end - at, out, err))
			return false;
		at = end;
	}
	return true;
}

bool translate_notice(struct client *client, const struct frame *frame,
		      bool *out_taken, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct request request = { .kind = REQUEST_NONE };
	struct err why = ERR_EMPTY;
	struct backend *aside;
	bool ok;

	*out_taken = read_request(frame, &request);
	if (!*out_taken)
		return true;
	ok = request.kind == REQUEST_EXTERNAL
		     ? external_load(client, request.text, request.id, &why)
		     : translate(client, request.text, &text, &why);
	aside = querylog_aside(client, err);
	if (!aside)
		return false;
	str_addf(&sql,
		 "DELETE FROM redshift_sandbox.translation WHERE pid = %d AND "
		 "id < %lld; INSERT INTO redshift_sandbox.translation VALUES "
		 "(%d, %lld, ",
		 (int)client->backend->pid, request.id,
		 (int)client->backend->pid, request.id);
	quote_literal(&sql, ok ? "" : why.code[0] ? why.code : "XX000", false);
	str_add(&sql, ", ");
	quote_literal(&sql, ok ? text.text : why.message, false);
	str_add(&sql, ") ON CONFLICT DO NOTHING");
	return backend_query(aside, sql.text, NULL, NULL, err);
}
