/* VACUUM and ANALYZE: by upkeep.sql, which knows the tables. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

enum { THRESHOLD_USUAL = 95 }; /* percent */

/* What is asked about, as arguments of a call: 's."T"' or NULL. */
static void add_table(struct work *work, size_t from, size_t to,
		      struct str *out)
{
	if (from == to)
		str_add(out, "NULL");
	else
		work_name_literal(work, from, to, out);
}

/* Whom there is to ask; where there is not, PostgreSQL is left to it. */
static bool can_ask(const struct work *work)
{
	return work->input->ask.context != NULL;
}

/* PostgreSQL counts changes with a delay: not those before the question. */
static bool count_changes(struct work *work)
{
	CLEANUP(str_done) struct str none = STR_EMPTY;

	return work_ask(work, "SELECT pg_catalog.pg_stat_force_next_flush()",
			&none);
}

/* What is asked about and done: the call of upkeep.sql. */
struct upkeep {
	const char *command; /* vacuum, analyze */
	const char *tag;
	struct str arguments;
	struct str names;    /* tables for PostgreSQL, "": none */
	struct str more;     /* the answer's second line */
	bool is_postgresqls; /* there is no such table: let it say so */
};
#define UPKEEP_EMPTY                                                           \
	{                                                                      \
		.arguments = STR_EMPTY, .names = STR_EMPTY, .more = STR_EMPTY  \
	}

static void upkeep_done(struct upkeep *upkeep)
{
	str_done(&upkeep->arguments);
	str_done(&upkeep->names);
	str_done(&upkeep->more);
}

/* Asks which tables there is work on, and has it recorded. */
static bool ask_targets(struct work *work, struct upkeep *upkeep)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;
	size_t len;

	str_addf(&sql, "SELECT " REWRITE_SCHEMA ".%s_targets(%s)",
		 upkeep->command, upkeep->arguments.text);
	if (!count_changes(work) || !work_ask(work, sql.text, &answer))
		return false;
	upkeep->is_postgresqls = strcmp(answer.text, "?") == 0;
	if (upkeep->is_postgresqls)
		return true;
	len = strcspn(answer.text, "\n");
	str_set_slice(&upkeep->names, answer.text, len);
	str_set(&upkeep->more, answer.text + len + (answer.text[len] != '\0'));
	str_addf(&work->out->before,
		 "SELECT " REWRITE_SCHEMA ".%s_begin(%s);\n", upkeep->command,
		 upkeep->arguments.text);
	if (upkeep->names.len == 0)
		work_silent(work, upkeep->tag);
	return true;
}

/* PostgreSQL's command for all tables that were named, from at on. */
static void name_targets(struct work *work, const struct upkeep *upkeep,
			 size_t at)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	patch_drop(&work->patch, at, work->patch.count);
	str_addf(&names, " %s", upkeep->names.text);
	patch_after(&work->patch, at - 1, names.text);
}

/* --- VACUUM --- */

static const struct {
	const char *words;
	const char *kind;
	bool is_of_table; /* which has to be named, without TO */
} kinds[] = {
	{ "full", "FULL", false },
	{ "sort only", "SORT ONLY", false },
	{ "delete only", "DELETE ONLY", false },
	{ "reindex", "REINDEX", true },
	{ "recluster", "RECLUSTER", true },
};

/* TO n PERCENT at at; *out_percent stays as it is without. */
static bool read_threshold(struct work *work, size_t at, int *out_percent)
{
	const struct token *number = patch_at(&work->patch, at + 1);
	char *end;
	double percent;

	if (!patch_match(&work->patch, at, "to"))
		return true;
	percent = strtod(number->text, &end);
	if (end != number->text + number->len || percent < 0 || percent > 100)
		return work_refuse(work, at + 1, "22023",
				   "VACUUM threshold must be between 0 and 100 "
				   "percent");
	*out_percent = (int)percent;
	return true;
}

/* [r_VACUUM_command, RECLUSTER] */
static bool check_recluster(struct work *work, size_t at, const char *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str lacks = STR_EMPTY;

	str_addf(&sql, "SELECT " REWRITE_SCHEMA ".recluster_lacks(%s)", table);
	if (!work_ask(work, sql.text, &lacks))
		return false;
	return lacks.len == 0 ||
	       work_refuse(work, at, "0A000",
			   "VACUUM RECLUSTER is not supported for tables with "
			   "%s",
			   lacks.text);
}

/* The sandbox runs every VACUUM as fast as it can. */
static void tell_boost(struct work *work)
{
	size_t last = work->patch.count - 1;

	if (!patch_match(&work->patch, last, "boost"))
		return;
	str_set(&work->out->notice, "BOOST has no effect in the sandbox");
	work->out->notice_severity = "INFO";
}

bool rewrite_vacuum(struct work *work)
{
	CLEANUP(upkeep_done) struct upkeep upkeep = UPKEEP_EMPTY;
	CLEANUP(str_done) struct str table = STR_EMPTY;
	struct patch *patch = &work->patch;
	int threshold = THRESHOLD_USUAL;
	size_t kind = 0;
	size_t at = 1;
	size_t end;

	for (size_t i = 0; i < COUNT_OF(kinds) && at == 1; i++) {
		at += patch_match(patch, 1, kinds[i].words);
		kind = at > 1 ? i : 0;
	}
	if (kinds[kind].is_of_table && at == patch->count)
		return work_syntax(work, at);
	end = work_name_end(work, at);
	if (kinds[kind].is_of_table && patch_match(patch, end, "to"))
		return work_syntax(work, end);
	if (!read_threshold(work, end, &threshold))
		return false;
	tell_boost(work);
	add_table(work, at, end, &table);
	if (can_ask(work) && strcmp(kinds[kind].kind, "RECLUSTER") == 0 &&
	    !check_recluster(work, at, table.text))
		return false;
	patch_drop(patch, 1, at);
	patch_drop(patch, end, patch->count);
	if (!can_ask(work))
		return true;
	upkeep.command = "vacuum";
	upkeep.tag = "VACUUM";
	str_addf(&upkeep.arguments, "'%s', %s, %d", kinds[kind].kind,
		 table.text, threshold);
	if (!ask_targets(work, &upkeep))
		return false;
	work->out->separate = !upkeep.is_postgresqls;
	if (upkeep.names.len > 0)
		name_targets(work, &upkeep, 1);
	return true;
}

/* --- ANALYZE --- */

/* The words of r_ANALYZE. */
static void tell_unknown(struct work *work, const char *tables)
{
	if (tables[0] == '\0')
		return;
	str_addf(&work->out->notice,
		 "No predicate columns found for %s. All columns are "
		 "analyzed.",
		 tables);
	work->out->notice_severity = "INFO";
}

bool rewrite_analyze(struct work *work)
{
	CLEANUP(upkeep_done) struct upkeep upkeep = UPKEEP_EMPTY;
	struct patch *patch = &work->patch;
	size_t last = patch->count > 2 ? patch->count - 2 : patch->count;
	bool predicates = patch_match(patch, last, "predicate columns");
	size_t at = patch_match(patch, 1, "verbose") ? 2 : 1;
	bool has_clause = predicates || patch_match(patch, last, "all columns");
	size_t end;
	bool has_list;

	end = has_clause && at >= last ? at : work_name_end(work, at);
	has_list = token_is_char(patch_at(patch, end), '(');
	if (has_clause)
		patch_drop(patch, last, patch->count);
	if (!can_ask(work))
		return true;
	upkeep.command = "analyze";
	upkeep.tag = "ANALYZE";
	add_table(work, at, end, &upkeep.arguments);
	str_add(&upkeep.arguments,
		predicates && !has_list ? ", true" : ", false");
	if (!ask_targets(work, &upkeep))
		return false;
	tell_unknown(work, upkeep.more.text);
	if (upkeep.names.len > 0 && !has_list)
		name_targets(work, &upkeep, at);
	return true;
}

/* --- ANALYZE COMPRESSION --- */

/* A query of our own: Table, Column, Encoding, Est_reduction_pct. */
bool rewrite_analyze_compression(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t end = work_name_end(work, 2);
	size_t rows = patch_find(patch, 2, patch->count, "comprows");
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str columns = STR_EMPTY;

	if (work->input->in_block)
		return work_refuse(work, 0, "25001",
				   "ANALYZE COMPRESSION cannot run inside a "
				   "transaction block");
	if (end > 2 && rows != 2)
		work_name_literal(work, 2, end, &table);
	if (token_is_char(patch_at(patch, end), '(') &&
	    !rewrite_name_list(work, end, &columns))
		return false;
	patch_drop(patch, 0, patch->count);
	patch_replace(patch, 0,
		      "SELECT * FROM " REWRITE_SCHEMA
		      ".analyze_compression(%s, ARRAY[%s]::text[], %.*s)",
		      table.len > 0 ? table.text : "NULL", columns.text,
		      rows == PATCH_NONE ? 6
					 : (int)patch_at(patch, rows + 1)->len,
		      rows == PATCH_NONE ? "100000"
					 : patch_at(patch, rows + 1)->text);
	work->out->tag = "ANALYZE COMPRESSION";
	return true;
}
