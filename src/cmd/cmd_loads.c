#include "cmd/cmd_loads.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/session.h"
#include "sql/quote.h"

/* --- loads and unloads --- */

enum { COUNT = 20, COUNT_MAX = 100000 };

/* One history: of the view that servers of today have, and of those of a
 * cluster from before. Each SQL ends where its conditions begin. */
struct history {
	const char *command;
	const char *view; /* not there: the older ones */
	const char *sql;
	const char *match; /* is compared with a name: behind it = '...' */
	const char *older_sql;
	const char *older_match; /* behind it LIKE '%...%' */
	const char *older_group;
};

/* duration is in microseconds [SYS_LOAD_HISTORY]; texts may be padded. A row of
 * STL_LOAD_COMMITS does not prove that the transaction committed, and the
 * table stands in the statement only. */
static const struct history loads = {
	.command = "loads",
	.view = "sys_load_history",
	.sql = "select date_trunc('second', start_time) as time, "
	       "trim(table_name) as \"table\", trim(status) as status, "
	       "loaded_rows as rows, source_file_count as files, "
	       "source_file_bytes as bytes, "
	       "round(duration / 1000000.0, 2) as seconds, "
	       "error_count as errors, trim(data_source) as source, "
	       "query_id as query\n"
	       "from sys_load_history\n"
	       "where true",
	.match = "trim(table_name)",
	.older_sql = "select q.starttime as time, "
		     "case q.aborted when 0 then 'completed' else 'aborted' "
		     "end as status, "
		     "sum(c.lines_scanned) as rows, count(*) as files, "
		     "round(datediff(ms, q.starttime, q.endtime) / 1000.0, 2) "
		     "as seconds, sum(c.errors) as errors, "
		     "trim(q.querytxt) as statement, q.query\n"
		     "from stl_load_commits c join stl_query q "
		     "on q.query = c.query\n"
		     "where true",
	.older_match = "q.querytxt",
	.older_group = "\ngroup by q.starttime, q.endtime, q.aborted, "
		       "q.querytxt, q.query",
};

static const struct history unloads = {
	.command = "unloads",
	.view = "sys_unload_history",
	.sql = "select date_trunc('second', start_time) as time, "
	       "trim(status) as status, unloaded_rows as rows, "
	       "unloaded_files_count as files, "
	       "unloaded_files_size as bytes, "
	       "round(duration / 1000000.0, 2) as seconds, "
	       "trim(file_format) as format, "
	       "trim(compression_type) as packed, "
	       "trim(unloaded_location) as target, "
	       "trim(error_message) as error, query_id as query\n"
	       "from sys_unload_history\n"
	       "where true",
	.match = NULL,
	.older_sql = "select min(start_time) as time, "
		     "sum(line_count) as rows, count(*) as files, "
		     "sum(transfer_size) as bytes, "
		     "round(datediff(ms, min(start_time), max(end_time)) "
		     "/ 1000.0, 2) as seconds, "
		     "min(trim(path)) as \"first file\", query\n"
		     "from stl_unload_log\n"
		     "where true",
	.older_match = NULL,
	.older_group = "\ngroup by query",
};

/* Asked of the catalog, which never fails a block. */
static bool has_view(struct session *session, const char *view, bool *out_has,
		     struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, "select 1 from pg_catalog.pg_class c "
		      "join pg_catalog.pg_namespace n "
		      "on n.oid = c.relnamespace "
		      "where n.nspname = 'pg_catalog' and c.relname = ");
	quote_literal(&sql, view, true);
	CLEANUP(rows_freep) struct rows *rows = session_query(session, sql.text,
							      err);
	if (rows == NULL)
		return false;
	step = rows_next(rows, &values, err);
	*out_has = step == ROWS_ROW;
	return step != ROWS_FAILED;
}

/* What a name stands for: its last part, as the catalog has it. */
static void bare_name(const char *typed, struct str *out)
{
	const char *at = typed;
	bool quoted = false;

	for (const char *c = typed; *c != '\0'; c++) {
		if (*c == '"')
			quoted = !quoted;
		else if (*c == '.' && !quoted)
			at = c + 1;
	}
	quote_name_read(out, at, strlen(at), true);
}

static void add_match(const struct history *history, bool older,
		      const char *typed, struct str *sql)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str part = STR_EMPTY;

	bare_name(typed, &name);
	if (older) {
		str_addf(sql, " and %s ilike ", history->older_match);
		str_addf(&part, "%%%s%%", name.text);
		quote_literal(sql, part.text, true);
	} else {
		str_addf(sql, " and %s = ", history->match);
		quote_literal(sql, name.text, true);
	}
}

static bool print_query(struct session *session, const char *sql,
			struct err *err)
{
	struct rows *rows = session_query(session, sql, err);

	return rows != NULL && session_print_rows(session, rows, NULL, err);
}

static bool show(struct session *session, const struct history *history,
		 const char *name, int64_t count, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	bool is_there;

	if (count < 1 || count > COUNT_MAX)
		return err_set(err, ERR_USAGE,
			       "\\%s: a count is from 1 to %d",
			       history->command, COUNT_MAX);
	if (!has_view(session, history->view, &is_there, err))
		return false;
	str_add(&sql, is_there ? history->sql : history->older_sql);
	if (name != NULL)
		add_match(history, !is_there, name, &sql);
	if (!is_there)
		str_add(&sql, history->older_group);
	str_addf(&sql, "\norder by time desc, query desc limit %lld",
		 (long long)count);
	return print_query(session, sql.text, err);
}

/* --- the commands --- */

static bool is_number(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && text[len] == '\0';
}

static const struct arg loads_args[] = {
	{ "WHICH", ARG_SQL_NAME, ARG_OPTIONAL,
	  "how many, 20 by default, or a table" },
	{ "COUNT", ARG_NUMBER, ARG_OPTIONAL, "of a table: how many" },
	ARG_END
};

static bool loads_handler(struct session *session, const struct args *args,
			  struct err *err)
{
	const char *which = args_text(args, "WHICH");
	int64_t count = args_number(args, "COUNT", COUNT);

	if (which == NULL || !is_number(which))
		return show(session, &loads, which, count, err);
	if (args_text(args, "COUNT") != NULL)
		return err_set(err, ERR_USAGE,
			       "\\loads: two counts, %s and %lld; a table's "
			       "name comes first",
			       which, (long long)count);
	return show(session, &loads, NULL, strtoll(which, NULL, 10), err);
}

static const struct arg unloads_args[] = {
	{ "COUNT", ARG_NUMBER, ARG_OPTIONAL, "how many, 20 by default" },
	ARG_END
};

static bool unloads_handler(struct session *session, const struct args *args,
			    struct err *err)
{
	return show(session, &unloads, NULL, args_number(args, "COUNT", COUNT),
		    err);
}

/* The status is a letter by its type, and a word in the guide's example. */
static const char jobs_sql[] =
	"select j.job_id as id, trim(j.job_name) as job, "
	"case j.is_auto when 1 then 'on' else 'off' end as auto, "
	"sum(case when d.status like 'I%' then 1 else 0 end) as loaded, "
	"sum(case when d.status like 'P%' then 1 else 0 end) as pending, "
	"sum(case when d.status like 'E%' then 1 else 0 end) as failed, "
	"max(d.enqueue_time) as latest, trim(j.iam_role) as role, "
	"trim(j.job_text) as statement\n"
	"from sys_copy_job j left join sys_copy_job_detail d "
	"on d.job_id = j.job_id\n"
	"group by j.job_id, j.job_name, j.is_auto, j.iam_role, j.job_text\n"
	"order by j.job_name";

static const char files_sql[] =
	"select enqueue_time as time, trim(status) as status, "
	"trim(file_location) as folder, trim(file_name) as file, "
	"file_size as bytes, modification_time as modified\n"
	"from sys_copy_job_detail\n"
	"where trim(job_name) = ";

static const char messages_sql[] =
	"select record_time as time, trim(message) as message\n"
	"from sys_copy_job_info\n"
	"where trim(job_name) = ";

static bool show_of_job(struct session *session, const char *begin,
			const char *job, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	bare_name(job, &name);
	str_add(&sql, begin);
	quote_literal(&sql, name.text, true);
	str_addf(&sql, "\norder by time desc limit %d", COUNT);
	return print_query(session, sql.text, err);
}

static const struct arg copyjobs_args[] = {
	{ "JOB", ARG_NAME, ARG_OPTIONAL, "its files and messages, newest first" },
	ARG_END
};

static bool copyjobs_handler(struct session *session, const struct args *args,
			     struct err *err)
{
	const char *job = args_text(args, "JOB");

	if (job == NULL)
		return print_query(session, jobs_sql, err);
	return show_of_job(session, files_sql, job, err) &&
	       show_of_job(session, messages_sql, job, err);
}

const struct command cmd_loads_table[] = {
	{
		.name = "loads",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB,
		.synopsis = "\\loads [COUNT | TABLE [COUNT]]",
		.brief = "show what COPY has loaded, newest first",
		.args = loads_args,
		.run = loads_handler,
	},
	{
		.name = "unloads",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB,
		.brief = "show what UNLOAD has written, newest first",
		.args = unloads_args,
		.run = unloads_handler,
	},
	{
		.name = "copyjobs",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB,
		.brief = "show the jobs that load new files by themselves",
		.args = copyjobs_args,
		.run = copyjobs_handler,
	},
	COMMAND_END
};
