#include "sandbox/copy/rscopy_upkeep.h"

#include <string.h>

#include "base/err.h"
#include "data/csv.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_option.h"
#include "sandbox/copy/rscopy_table.h"
#include "sql/quote.h"

/* A column whose runs are so long on average is RUNLENGTH. */
enum { RUN_ROWS = 4 };

static bool query(struct rscopy_job *job, const struct str *sql,
		  const struct rscopy_row *row)
{
	const struct rscopy_link *link = job->call->link;
	struct err err = ERR_EMPTY;

	return link->query(link->context, sql->text, row, &err) ||
	       rscopy_fail_err(job, &err);
}

/* --- before --- */

static bool take_facts(void *context, const char *const *values, size_t count,
		       struct err *err)
{
	struct rscopy_upkeep *upkeep = context;

	if (count != 2)
		return err_set(err, ERR_DATA, "a row of %zu fields", count);
	upkeep->is_owner = values[0][0] == 't';
	upkeep->was_empty = values[1][0] == 't';
	return true;
}

/* Who may only insert cannot look for rows: the table's size tells then. */
static bool find_facts(struct rscopy_job *job, struct rscopy_upkeep *upkeep,
		       const struct rscopy_table *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct rscopy_row row = { take_facts, upkeep };

	str_addf(&sql,
		 "SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE'),"
		 " pg_catalog.pg_relation_size(c.oid) = 0"
		 " FROM pg_catalog.pg_class c WHERE c.oid = %lld",
		 (long long)table->oid);
	return query(job, &sql, &row);
}

bool rscopy_upkeep_begin(struct rscopy_job *job, struct rscopy_upkeep *upkeep,
			 const struct rscopy_load_plan *plan,
			 const struct rscopy_table *table)
{
	if (!find_facts(job, upkeep, table))
		return false;
	if (plan->stat_update == RSCOPY_SWITCH_ON && !upkeep->is_owner)
		return rscopy_fail(job, "42501",
				   "must be owner of relation %s for"
				   " STATUPDATE ON",
				   table->name);
	upkeep->sampling = upkeep->was_empty && !plan->comp_preset &&
			   plan->comp_update != RSCOPY_SWITCH_OFF;
	for (size_t i = 0; upkeep->sampling && i < table->count; i++) {
		struct rscopy_upkeep_column column = { .last = STR_EMPTY };

		vec_push(upkeep, column);
	}
	return true;
}

/* --- the sample --- */

void rscopy_upkeep_row(struct rscopy_upkeep *upkeep,
		       const struct rscopy_load_plan *plan,
		       const struct csv_record *record)
{
	for (size_t i = 0; i < upkeep->count && i < record->count; i++) {
		struct rscopy_upkeep_column *column = &upkeep->items[i];
		const struct csv_field *field = &record->fields[i];
		const char *text = field->text == NULL ? "" : field->text;
		size_t len = field->text == NULL ? 0 : field->len;

		if (upkeep->rows > 0 && len == column->last.len &&
		    memcmp(text, column->last.text, len) == 0)
			continue;
		column->runs++;
		str_set_slice(&column->last, text, len);
	}
	upkeep->sampling = ++upkeep->rows < plan->comp_rows;
}

/* --- after --- */

static bool choose_encodings(struct rscopy_job *job,
			     struct rscopy_upkeep *upkeep,
			     const struct rscopy_load_plan *plan,
			     const struct rscopy_table *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	size_t count = 0;

	if (!upkeep->was_empty || plan->comp_update == RSCOPY_SWITCH_OFF)
		return true;
	str_addf(&sql,
		 "SELECT redshift_sandbox.choose_encodings(%lld,"
		 " ARRAY[",
		 (long long)table->oid);
	for (size_t i = 0; i < upkeep->count; i++) {
		if (upkeep->items[i].runs * RUN_ROWS > upkeep->rows)
			continue;
		if (count++ > 0)
			str_add(&sql, ", ");
		quote_literal(&sql, table->items[i].name, false);
	}
	str_addf(&sql, "]::text[], %s)",
		 plan->comp_update == RSCOPY_SWITCH_ON ? "true" : "false");
	return query(job, &sql, NULL);
}

static bool update_statistics(struct rscopy_job *job,
			      const struct rscopy_upkeep *upkeep,
			      const struct rscopy_load_plan *plan,
			      const struct rscopy_table *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (plan->stat_update == RSCOPY_SWITCH_OFF || !upkeep->is_owner ||
	    (plan->stat_update == RSCOPY_SWITCH_AUTO && !upkeep->was_empty))
		return true;
	str_add(&sql, "ANALYZE ");
	quote_name_always(&sql, table->schema, strlen(table->schema));
	str_add_char(&sql, '.');
	quote_name_always(&sql, table->name, strlen(table->name));
	return query(job, &sql, NULL);
}

bool rscopy_upkeep_end(struct rscopy_job *job, struct rscopy_upkeep *upkeep,
		       const struct rscopy_load_plan *plan,
		       const struct rscopy_table *table)
{
	if (plan->no_load)
		return true;
	return choose_encodings(job, upkeep, plan, table) &&
	       update_statistics(job, upkeep, plan, table);
}

void rscopy_upkeep_done(struct rscopy_upkeep *upkeep)
{
	for (size_t i = 0; i < upkeep->count; i++)
		str_done(&upkeep->items[i].last);
	vec_done(upkeep);
}
