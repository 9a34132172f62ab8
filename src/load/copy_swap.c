#include "load/copy_swap.h"

#include <string.h>

#include "base/mem.h"
#include "data/rows.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copy_steps.h"
#include "load/copyfrom.h"
#include "sql/quote.h"

/* The table as the catalog has it. */
struct facts {
	struct str schema, name, oid, owner;
	struct str stops; /* reasons, one after another */
	struct copyfrom *copy;
};

static void facts_done(struct facts *facts)
{
	str_done(&facts->schema);
	str_done(&facts->name);
	str_done(&facts->oid);
	str_done(&facts->owner);
	str_done(&facts->stops);
}

void copy_swap_done(struct copy_swap *swap)
{
	str_done(&swap->table);
	str_done(&swap->aside);
	str_done(&swap->old);
	for (size_t i = 0; i < swap->after.count; i++)
		mem_free(swap->after.items[i]);
	vec_done(&swap->after);
}

static const char *text_of(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

/* $ is the table's oid, @ its schema, # its name, ^ its owner. */
static struct rows *ask(const struct facts *facts, const char *template,
			struct err *err)
{
	const struct load_world *world = facts->copy->world;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	for (; *template != '\0'; template++) {
		if (*template == '$')
			str_add(&sql, facts->oid.text);
		else if (*template == '@')
			quote_literal(&sql, facts->schema.text, world->escapes);
		else if (*template == '#')
			quote_literal(&sql, facts->name.text, world->escapes);
		else if (*template == '^')
			quote_literal(&sql, facts->owner.text, world->escapes);
		else
			str_add_char(&sql, *template);
	}
	return world->ask(world->context, sql.text, err);
}

/* --- what would be lost --- */

static const struct {
	const char *sql;  /* rows: it is so; the first column is named */
	const char *what; /* before the names */
	bool may_fail;	  /* no such view on every server */
} stops[] = {
	{ "select c.relname from pg_class c where c.oid = $ and "
	  "(c.relkind <> 'r' or @ like 'pg_temp%')",
	  "it is no permanent table", false },
	{ "select pg_get_userbyid(c.relowner) from pg_class c "
	  "where c.oid = $ and pg_get_userbyid(c.relowner) <> current_user",
	  "the new table would be yours, this one is owned by", false },
	{ "select distinct n.nspname || '.' || c.relname from pg_depend d "
	  "join pg_rewrite r on r.oid = d.objid "
	  "join pg_class c on c.oid = r.ev_class "
	  "join pg_namespace n on n.oid = c.relnamespace "
	  "where d.refobjid = $ and c.oid <> $ order by 1",
	  "these views are bound to the table itself and would go on reading "
	  "the old one (WITH NO SCHEMA BINDING goes by name):",
	  false },
	{ "select conname from pg_constraint where contype = 'f' "
	  "and (conrelid = $ or confrelid = $) order by 1",
	  "these foreign keys would be lost:", false },
	{ "select a.attname from pg_attrdef d join pg_attribute a "
	  "on a.attrelid = d.adrelid and a.attnum = d.adnum "
	  "where d.adrelid = $ and d.adsrc like '%identity%' order by 1",
	  "these IDENTITY columns would count from the start:", false },
	{ "select distinct column_name from svv_column_privileges "
	  "where namespace_name = @ and relation_name = # order by 1",
	  "rights on single columns would be lost:", true },
	{ "select polname from svv_rls_attached_policy "
	  "where relschema = @ and relname = #",
	  "row-level security would be lost:", true },
	{ "select policy_name from svv_attached_masking_policy "
	  "where schema_name = @ and table_name = #",
	  "masking would be lost:", true },
	{ "select distinct share_name from svv_datashare_objects "
	  "where share_type = 'OUTBOUND' and object_name = @ || '.' || #",
	  "it would leave these datashares:", true },
};

static void add_stop(struct facts *facts, const char *what, struct rows *rows)
{
	const struct rows_value *values;
	struct err ignored = ERR_EMPTY;
	CLEANUP(str_done) struct str names = STR_EMPTY;

	while (rows_next(rows, &values, &ignored) == ROWS_ROW) {
		str_add(&names, names.len > 0 ? ", " : " ");
		str_add(&names, text_of(&values[0]));
	}
	if (names.len > 0)
		str_addf(&facts->stops, "%s%s%s",
			 facts->stops.len > 0 ? "; " : "", what, names.text);
}

static bool read_stops(struct facts *facts, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(stops); i++) {
		struct err why = ERR_EMPTY;
		CLEANUP(rows_freep)
		struct rows *rows = ask(facts, stops[i].sql, &why);

		if (rows != NULL) {
			add_stop(facts, stops[i].what, rows);
		} else if (!stops[i].may_fail || why.kind == ERR_CANCELLED) {
			*err = why;
			return false;
		}
	}
	return true;
}

/* --- what is made anew --- */

static void add_after(struct facts *facts, struct str *sql)
{
	vec_push(&facts->copy->swap.after, str_take(sql));
}

/* Keys and comments: kind, column or "", text. */
static bool read_texts(struct facts *facts, struct err *err)
{
	static const char texts[] =
		"select 'key', '', pg_get_constraintdef(oid) "
		"from pg_constraint where conrelid = $ "
		"and contype in ('p', 'u') "
		"union all select 'table', '', obj_description($, 'pg_class') "
		"union all select 'column', a.attname, "
		"col_description($, a.attnum) from pg_attribute a "
		"where a.attrelid = $ and a.attnum > 0";
	const char *table = facts->copy->swap.table.text;
	bool escapes = facts->copy->world->escapes;
	const struct rows_value *values;
	enum rows_step step;

	CLEANUP(rows_freep) struct rows *rows = ask(facts, texts, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		const char *kind = text_of(&values[0]);
		struct str sql = STR_EMPTY;

		if (values[2].text == NULL)
			continue;
		if (strcmp(kind, "key") == 0) {
			str_addf(&sql, "alter table %s add %s", table,
				 values[2].text);
			add_after(facts, &sql);
			continue;
		}
		str_addf(&sql, "comment on %s %s", kind, table);
		if (strcmp(kind, "column") == 0) {
			str_add_char(&sql, '.');
			quote_name(&sql, text_of(&values[1]));
		}
		str_add(&sql, " is ");
		quote_literal(&sql, values[2].text, escapes);
		add_after(facts, &sql);
	}
	return step == ROWS_END;
}

static void add_grant(struct facts *facts, const struct rows_value *values)
{
	const char *type = text_of(&values[2]);
	struct str sql = STR_EMPTY;

	str_addf(&sql, "grant %s on %s to ", text_of(&values[0]),
		 facts->copy->swap.table.text);
	if (strcmp(type, "public") == 0) {
		str_add(&sql, "public");
	} else {
		str_add(&sql, strcmp(type, "group") == 0  ? "group "
			      : strcmp(type, "role") == 0 ? "role "
							  : "");
		quote_name(&sql, text_of(&values[1]));
	}
	if (text_of(&values[3])[0] == 't')
		str_add(&sql, " with grant option");
	add_after(facts, &sql);
}

/* How many others the table's own list of rights names: one who is no
 * superuser may not see all of them in the view. */
static int64_t count_holders(const struct facts *facts, const char *acl)
{
	CLEANUP(str_done) struct str owner = STR_EMPTY;
	int64_t count = 0;

	str_addf(&owner, "%s=", facts->owner.text);
	while (*acl != '\0') {
		size_t len = strcspn(acl, "\n");

		count += len > 0 && !str_starts(acl, owner.text);
		acl += len + (acl[len] == '\n');
	}
	return count;
}

static bool read_grants(struct facts *facts, const char *acl, struct err *err)
{
	static const char grants[] =
		"select privilege_type, identity_name, identity_type, "
		"case when admin_option then 't' else 'f' end "
		"from svv_relation_privileges where namespace_name = @ "
		"and relation_name = # and not (identity_type = 'user' "
		"and identity_name = ^) order by 3, 2, 1";
	CLEANUP(str_done) struct str last = STR_EMPTY;
	const struct rows_value *values;
	enum rows_step step;
	int64_t holders = 0;

	CLEANUP(rows_freep) struct rows *rows = ask(facts, grants, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		CLEANUP(str_done) struct str who = STR_EMPTY;

		str_addf(&who, "%s %s", text_of(&values[2]),
			 text_of(&values[1]));
		holders += strcmp(who.text, last.text) != 0;
		str_set(&last, who.text);
		add_grant(facts, values);
	}
	if (holders != count_holders(facts, acl))
		str_addf(&facts->stops,
			 "%snot all of its rights can be seen by you, so they "
			 "would be lost",
			 facts->stops.len > 0 ? "; " : "");
	return step == ROWS_END;
}

/* --- the whole --- */

static bool find(struct facts *facts, struct str *out_acl, struct err *err)
{
	const char *by_schema =
		"select n.nspname, c.relname, c.oid, "
		"pg_get_userbyid(c.relowner), "
		"array_to_string(c.relacl, chr(10)) from pg_class c "
		"join pg_namespace n on n.oid = c.relnamespace "
		"where c.relname = # and n.nspname = @";
	const char *by_path =
		"select n.nspname, c.relname, c.oid, "
		"pg_get_userbyid(c.relowner), "
		"array_to_string(c.relacl, chr(10)) from pg_class c "
		"join pg_namespace n on n.oid = c.relnamespace "
		"where c.relname = # and pg_table_is_visible(c.oid)";
	const struct rows_value *values;

	CLEANUP(rows_freep)
	struct rows *rows =
		ask(facts, facts->schema.len > 0 ? by_schema : by_path, err);
	if (rows == NULL)
		return false;
	if (rows_next(rows, &values, err) != ROWS_ROW)
		return err_set(err, ERR_MISSING, "there is no table %s",
			       facts->copy->args->table.text);
	str_set(&facts->schema, text_of(&values[0]));
	str_set(&facts->name, text_of(&values[1]));
	str_set(&facts->oid, text_of(&values[2]));
	str_set(&facts->owner, text_of(&values[3]));
	str_set(out_acl, text_of(&values[4]));
	return true;
}

/* Two names beside the table's: 127 bytes at most. */
static void name_tables(struct facts *facts)
{
	enum { NAME_MAX_BYTES = 127, ENDING_BYTES = 10 };
	struct copy_swap *swap = &facts->copy->swap;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	size_t len = facts->name.len;

	if (len > NAME_MAX_BYTES - ENDING_BYTES)
		len = NAME_MAX_BYTES - ENDING_BYTES;
	str_set_slice(&name, facts->name.text, len);
	str_add(&name, "_redsh_new");
	quote_qualified(&swap->table, facts->schema.text, name.text);
	str_set_slice(&name, facts->name.text, len);
	str_add(&name, "_redsh_old");
	quote_name(&swap->aside, name.text);
	quote_qualified(&swap->old, facts->schema.text, name.text);
}

static bool refuse(const struct facts *facts, struct err *err)
{
	err_set(err, ERR_USAGE, "--swap cannot replace %s: %s",
		facts->copy->args->table.text, facts->stops.text);
	return err_hint(err, "--replace deletes and loads in one transaction, "
			     "and the table stays the same one");
}

bool copy_swap_read(struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	CLEANUP(facts_done)
	struct facts facts = { STR_EMPTY, STR_EMPTY, STR_EMPTY,
			       STR_EMPTY, STR_EMPTY, copy };
	CLEANUP(str_done) struct str acl = STR_EMPTY;

	if (!warehouse_split_name(copy->args->table.text, &facts.schema,
				  &facts.name))
		return err_set(err, ERR_USAGE,
			       "--swap takes table or schema.table, not %s",
			       copy->args->table.text);
	if (world->ask == NULL || copy->args->print) {
		name_tables(&facts);
		world->warn(world->context,
			    "keys, comments and rights of the table, which are "
			    "made anew too, are read when this runs");
		return true;
	}
	if (copy_steps_in_block(copy)) {
		err_set(err, ERR_USAGE, "--swap inside a transaction block");
		return err_hint(err, "COMMIT or ROLLBACK first, or use "
				     "--replace");
	}
	if (!find(&facts, &acl, err) || !read_stops(&facts, err))
		return false;
	name_tables(&facts);
	if (!read_texts(&facts, err) || !read_grants(&facts, acl.text, err))
		return false;
	return facts.stops.len == 0 || refuse(&facts, err);
}

/* --- the statements --- */

void copy_swap_add_create(const struct copyfrom *copy, struct str *out)
{
	str_addf(out, "create table %s (like %s including defaults)",
		 copy->swap.table.text, copy->args->table.text);
}

void copy_swap_add_rename_old(const struct copyfrom *copy, struct str *out)
{
	str_addf(out, "alter table %s rename to %s", copy->args->table.text,
		 copy->swap.aside.text);
}

/* RENAME TO takes a name without a schema. */
void copy_swap_add_rename_new(const struct copyfrom *copy, struct str *out)
{
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	warehouse_split_name(copy->args->table.text, &schema, &name);
	str_addf(out, "alter table %s rename to ", copy->swap.table.text);
	quote_name(out, name.text);
}

void copy_swap_add_drop(const struct copyfrom *copy, struct str *out)
{
	str_addf(out, "drop table %s", copy->swap.old.text);
}
