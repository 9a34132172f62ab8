#include "cmd/definition_rights.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/describe_ask.h"
#include "cmd/describe_column.h"
#include "cmd/describe_redshift.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/session.h"
#include "sql/quote.h"

static const char *text_of(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

static void add_name(const struct describe_relation *relation, struct str *out)
{
	quote_qualified(out, relation->schema, relation->name);
}

/* Control characters but line feeds and tabs in octal, so that whoever reads
 * the text at a terminal is safe, and the server reads the same comment. */
static void add_comment(const char *text, struct str *out)
{
	CLEANUP(str_done) struct str quoted = STR_EMPTY;

	quote_literal(&quoted, text, true);
	for (const char *at = quoted.text; *at != '\0'; at++)
		if (iscntrl((unsigned char)*at) && *at != '\n' && *at != '\t')
			str_addf(out, "\\%03o", (unsigned char)*at);
		else
			str_add_char(out, *at);
}

/* ---- owner and comments ---- */

static bool add_owner(struct session *session,
		      const struct describe_relation *relation,
		      struct str *owner, struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str comment = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	str_addf(&sql,
		 "select pg_get_userbyid(c.relowner),"
		 " obj_description(c.oid, 'pg_class')\n"
		 "from pg_class c\nwhere c.oid = %s",
		 relation->oid);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL || rows_next(rows, &values, err) != ROWS_ROW)
		return false;
	str_add(owner, text_of(&values[0]));
	str_add(out, "ALTER TABLE ");
	add_name(relation, out);
	str_add(out, " OWNER TO ");
	quote_name(out, owner->text);
	str_add(out, ";\n");
	if (values[1].text == NULL)
		return true;
	str_add(out, "COMMENT ON TABLE ");
	add_name(relation, out);
	str_add(out, " IS ");
	add_comment(values[1].text, out);
	str_add(out, ";\n");
	return true;
}

static void add_comments(const struct describe_relation *relation,
			 const struct describe_columns *columns,
			 struct str *out)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct describe_column *column = &columns->items[i];

		if (*column->description == '\0')
			continue;
		str_add(out, "COMMENT ON COLUMN ");
		add_name(relation, out);
		str_add_char(out, '.');
		quote_name(out, column->name);
		str_add(out, " IS ");
		add_comment(column->description, out);
		str_add(out, ";\n");
	}
}

/* ---- privileges ---- */

/* What GRANT takes; TRIGGER and RULE are in the view too. */
static bool is_grantable(const char *privilege)
{
	static const char *const names[] = {
		"SELECT", "INSERT", "UPDATE",   "DELETE",
		"DROP",   "ALTER",  "TRUNCATE", "REFERENCES",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], privilege) == 0)
			return true;
	return false;
}

static void add_grantee(const struct rows_value *name,
			const struct rows_value *type, struct str *out)
{
	if (strcmp(text_of(type), "public") == 0) {
		str_add(out, "PUBLIC");
		return;
	}
	if (strcmp(text_of(type), "group") == 0)
		str_add(out, "GROUP ");
	else if (strcmp(text_of(type), "role") == 0)
		str_add(out, "ROLE ");
	quote_name(out, text_of(name));
}

/* Rows: privilege, grantee, its type, grant option, column or "". */
static void add_grant(const struct describe_relation *relation,
		      const struct rows_value *values, struct str *out)
{
	str_addf(out, "GRANT %s", values[0].text);
	if (*text_of(&values[4]) != '\0') {
		str_add(out, " (");
		quote_name(out, values[4].text);
		str_add_char(out, ')');
	}
	str_add(out, " ON TABLE ");
	add_name(relation, out);
	str_add(out, " TO ");
	add_grantee(&values[1], &values[2], out);
	if (text_of(&values[3])[0] == 't')
		str_add(out, " WITH GRANT OPTION");
	str_add(out, ";\n");
}

static bool add_grants(struct session *session,
		       const struct describe_relation *relation,
		       const char *select, const char *owner, struct str *out,
		       struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, select);
	describe_where(session, relation, "namespace_name", "relation_name",
		       &sql);
	str_add(&sql, "\norder by 3, 2, 5, 1");
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		bool is_owner = strcmp(text_of(&values[2]), "user") == 0 &&
				strcmp(text_of(&values[1]), owner) == 0;

		if (!is_owner && is_grantable(text_of(&values[0])))
			add_grant(relation, values, out);
	}
	return step == ROWS_END;
}

bool definition_rights(struct session *session,
		       const struct describe_relation *relation,
		       const struct describe_columns *columns, struct str *out,
		       struct err *err)
{
	static const char on_table[] =
		"select privilege_type, identity_name, identity_type,"
		" admin_option, ''\nfrom svv_relation_privileges\n";
	static const char on_columns[] =
		"select privilege_type, identity_name, identity_type,"
		" false, column_name\nfrom svv_column_privileges\n";
	CLEANUP(str_done) struct str owner = STR_EMPTY;

	if (!add_owner(session, relation, &owner, out, err))
		return false;
	add_comments(relation, columns, out);
	if (!describe_is_superuser(session))
		str_add(out, "-- Only privileges that concern you: a superuser "
			     "sees all.\n");
	return add_grants(session, relation, on_table, owner.text, out, err) &&
	       add_grants(session, relation, on_columns, owner.text, out, err);
}
