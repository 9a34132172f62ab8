#include "cmd/cmd_loaderrors.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "db/conn.h"
#include "load/load_error.h"
#include "load/load_explain.h"
#include "shell/explain.h"
#include "shell/session_state.h"

enum {
	DEFAULT_COUNT = 20,
	COUNT_MOST = 1000, /* a larger number is that of a query */
	EXPLAIN_COUNT = 100,
};

static const struct arg loaderrors_args[] = {
	{ "--rows", ARG_FLAG, ARG_OPTIONAL, "as rows, also on a terminal" },
	{ "--explain", ARG_FLAG, ARG_OPTIONAL,
	  "one load explained, also in a script" },
	{ "WHICH", ARG_SQL_NAME, ARG_OPTIONAL,
	  "how many rows (20), a table, or the number of a query" },
	ARG_END
};

/* N up to 1,000 is a count; #N and more are a query; all else is a table. */
static bool read_which(struct db *db, const char *which,
		       struct load_error_wish *wish, bool *counted,
		       struct err *err)
{
	bool hash = which[0] == '#';
	char *end;
	long long number;

	*counted = false;
	number = strtoll(which + hash, &end, 10);
	if (!isdigit((unsigned char)which[hash]) || *end != '\0')
		return load_error_find_table(db, which, &wish->table, err);
	if (number < 1)
		return err_set(err, ERR_USAGE,
			       "\\loaderrors: a count is from 1 to %d, "
			       "a larger number is that of a query",
			       COUNT_MOST);
	*counted = !hash && number <= COUNT_MOST;
	if (*counted)
		wish->limit = (int)number;
	else
		wish->query = number;
	return true;
}

static bool explain_newest(struct session *session, struct db *db,
			   struct load_error_wish *wish, const char *which,
			   struct err *err)
{
	CLEANUP(load_errors_done) struct load_errors errors = { .count = 0 };
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct load_error_hooks hooks;

	wish->newest = true;
	wish->limit = EXPLAIN_COUNT;
	if (!load_error_read(&errors, db, wish, err))
		return false;
	if (errors.count == 0) {
		session_info(session, "no load errors%s%s",
			     which != NULL ? " of " : "",
			     which != NULL ? which : "");
		return true;
	}
	str_addf(&text, "query %lld, %s\n", (long long)errors.items[0].query,
		 errors.items[0].at);
	explain_hooks(session, &hooks);
	load_explain_errors(&text, db, &errors, "", &hooks);
	session_print(session, "");
	explain_show(session, text.text);
	return true;
}

/* One load explained is what a person at a terminal wants; a script, and who
 * says how many, gets rows. */
static bool answer(struct session *session, struct db *db,
		   const struct args *args, struct err *err)
{
	CLEANUP(load_errors_done) struct load_errors errors = { .count = 0 };
	struct load_error_wish wish = { .limit = DEFAULT_COUNT };
	const char *which = args_text(args, "WHICH");
	bool counted = false;

	if (which != NULL && !read_which(db, which, &wish, &counted, err))
		return false;
	if (args_flag(args, "--explain") ||
	    (!args_flag(args, "--rows") && !counted &&
	     session_out_is_screen(session)))
		return explain_newest(session, db, &wish, which, err);
	if (which != NULL && !counted)
		wish.limit = COUNT_MOST;
	return load_error_read(&errors, db, &wish, err) &&
	       session_print_rows(session, load_error_rows(&errors), NULL,
				  err);
}

/* A question that a server refuses would abort the block, and in one that is
 * aborted none is answered: inside blocks another connection asks. */
static bool loaderrors_handler(struct session *session, const struct args *args,
			       struct err *err)
{
	struct load_error_hooks hooks;

	if (args_flag(args, "--rows") && args_flag(args, "--explain"))
		return err_set(err, ERR_USAGE,
			       "\\loaderrors: --rows or --explain, not both");
	if (db_transaction(session_db(session)) == DB_IDLE)
		return answer(session, session_db(session), args, err);
	explain_hooks(session, &hooks);
	CLEANUP(db_closep) struct db *aside = hooks.connect(session, err);
	return aside != NULL && answer(session, aside, args, err);
}

const struct command cmd_loaderrors_table[] = {
	{
		.name = "loaderrors",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB,
		.synopsis = "\\loaderrors [--rows | --explain] "
			    "[N | TABLE | #QUERY]",
		.brief = "why COPY failed: the line, the reason, what to type",
		.args = loaderrors_args,
		.run = loaderrors_handler,
	},
	COMMAND_END
};
