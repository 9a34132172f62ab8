/* EXPLAIN: PostgreSQL's plan in Redshift's form by views_explain.sql. */
#include "sandbox/rewrite/rewrite_work.h"

#include <string.h>

#include "sql/quote.h"

/* PostgreSQL says where it stumbles: what a function asks loses that. */
static bool check_query(struct work *work)
{
	const struct rewrite_ask *ask = &work->input->ask;
	struct rewrite_result *out = work->out;
	struct rewrite_columns columns = REWRITE_COLUMNS_EMPTY;
	size_t position = 0;
	bool fine = ask->columns(ask->context, out->sql.text, &columns,
				 &position, work->err);

	if (!fine)
		out->refused_at = position > 0 ? rewrite_offset(out, position)
					       : PATCH_NONE;
	rewrite_columns_done(&columns);
	return fine;
}

bool rewrite_explain(struct work *work)
{
	static const char verb[] = "EXPLAIN";
	struct rewrite_result *out = work->out;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (strcmp(out->statement.name, verb) != 0 ||
	    work->input->ask.context == NULL)
		return true;
	if (!check_query(work))
		return false;
	str_add(&sql, "SELECT line AS \"QUERY PLAN\" FROM " REWRITE_SCHEMA
		      ".explain(");
	quote_literal(&sql, out->sql.text + strlen(verb), false);
	str_add(&sql, ") line");
	str_set_slice(&out->sql, sql.text, sql.len);
	vec_clear(&out->spans);
	out->tag = verb;
	return true;
}
