#include "cmd/copy_select.h"

#include <string.h>

#include "base/sink.h"
#include "base/str.h"
#include "cmd/copy_format.h"
#include "cmd/copy_line.h"
#include "data/rows.h"
#include "db/exec.h"
#include "db/result.h"
#include "shell/outcome.h"
#include "shell/session_state.h"
#include "sql/lexer.h"

enum { BLOCK_BYTES = 64 * 1024 };

/* (QUERY), TABLE or TABLE (COLUMNS). */
static void make_sql(const struct copy_line *line, struct str *out)
{
	struct lexer lexer;
	struct token token;
	size_t name_end;

	if (line->is_query) {
		str_add(out, line->what.text + strspn(line->what.text, " "));
		return;
	}
	lexer_init(&lexer, line->what.text, line->what.len, 0, NULL);
	do {
		token = lexer_next_solid(&lexer);
	} while (token.kind != TOKEN_END && !token_is_char(&token, '('));
	name_end = token.kind == TOKEN_END ? line->what.len : token.at;
	str_add(out, "select ");
	if (token.kind == TOKEN_END) {
		str_add_char(out, '*');
	} else {
		str_add(out, line->what.text + token.at + 1);
		str_trim_end(out);
		str_cut(out, out->len - 1); /* the parenthesis */
	}
	str_add(out, " from ");
	str_add_slice(out, line->what.text, name_end);
	str_trim_end(out);
}

static bool write_rows(struct rows *rows, const struct copy_format *format,
		       struct sink *to, int64_t *count, struct err *err)
{
	CLEANUP(str_done) struct str block = STR_EMPTY;
	const struct rows_value *values;
	enum rows_step step;

	if (format->header)
		copy_format_add_header(format, rows, &block);
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		copy_format_add_row(format, rows, values, &block);
		++*count;
		if (block.len < BLOCK_BYTES)
			continue;
		if (!sink_write(to, block.text, block.len, err))
			return false;
		str_clear(&block);
	}
	return step == ROWS_END && sink_write(to, block.text, block.len, err);
}

/* What the server said is shown as a statement's failure is. */
static bool failed(struct session *session, const struct result *result,
		   struct err *err)
{
	outcome_bad(session, result_error(result));
	err_set(err, ERR_SERVER, "%s", ""); /* shown */
	return false;
}

bool copy_select_run(struct session *session, const struct copy_line *line,
		     const struct copy_format *format, struct sink *to,
		     int64_t *out_rows, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(result_freep) struct result *result = NULL;
	bool good;

	*out_rows = 0;
	make_sql(line, &sql);
	if (!session_hidden_sql(session, sql.text, err))
		return false;
	CLEANUP(exec_freep)
	struct exec *exec = exec_start(session->db, sql.text, err);
	if (exec == NULL)
		return false;
	exec_stream(exec);
	result = exec_next(exec);
	if (result != NULL && result_error(result))
		return failed(session, result, err);
	if (result == NULL || result_kind(result) != RESULT_ROWS)
		return err_set(err, ERR_USAGE,
			       "\\copy: that gives no rows to copy");
	good = write_rows(result_rows(result), format, to, out_rows, err);
	if (!good && result_error(result))
		return failed(session, result, err);
	return good;
}
