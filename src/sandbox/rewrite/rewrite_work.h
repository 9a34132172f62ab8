/* sandbox/rewrite/rewrite_work.h - what the rules of sandbox/rewrite/rewrite
 * share.
 *
 * For rewrite*.c only. A rule changes work->patch or fills work->out; false
 * means refused, work->err is filled.
 */
#ifndef SANDBOX_REWRITE_REWRITE_WORK_H
#define SANDBOX_REWRITE_REWRITE_WORK_H

#include "sandbox/ground/tsv.h"
#include "sandbox/rewrite/patch.h"
#include "sandbox/rewrite/rewrite.h"

struct rewrite {
	struct tsv *statements;
	struct tsv *refused;
	struct tsv *functions;
	struct tsv *pg_functions;
	struct tsv *types;
	struct tsv *settings;
	struct tsv *messages;
	struct tsv *relations;
	struct tsv *leader;
	struct rewrite_character character;
};

struct work {
	const struct rewrite *rules;
	const struct rewrite_input *input;
	struct patch patch;
	struct rewrite_result *out;
	struct err *err;
};

/* The schema of functions.sql and catalog.sql. */
#define REWRITE_SCHEMA "redshift_sandbox"

/* Refuses at a token (PATCH_NONE: nowhere); returns false. */
bool work_refuse(struct work *work, size_t at, const char *sqlstate,
		 const char *fmt, ...) PRINTF_LIKE(4, 5);

/* syntax error at or near "token". */
bool work_syntax(struct work *work, size_t at);

/* Known to Redshift, not to the sandbox; what: "function", "type". */
bool work_later(struct work *work, size_t at, const char *what);

/* "the sandbox has no ...": Redshift has it; returns false. */
bool work_lacks(struct work *work, size_t at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Nothing of the statement is sent: out->before and ->after are all of it. */
void work_silent(struct work *work, const char *tag);

/* A word that is no name without quotes. */
bool work_is_reserved(const struct work *work, size_t at);

/* The name a token means as a literal: 'name'. */
void work_add_name(const struct work *work, size_t at, struct str *out);

/* A value of the session's catalog; false: refused. */
bool work_ask(struct work *work, const char *sql, struct str *out);

/* The name a token means: without quotes, folded as the session says. */
void work_name(const struct work *work, size_t at, struct str *out);

/* The end of a dotted name that begins at; at itself when there is none. */
size_t work_name_end(const struct work *work, size_t at);

/* The dotted name [from, to) as PostgreSQL takes it, in a literal: 's."T"' */
void work_name_literal(const struct work *work, size_t from, size_t to,
		       struct str *out);

/* rewrite_type.c: reads a type at; *out_end is behind it; appends how
 * PostgreSQL writes it. column: of a table, else of a cast. name: of the
 * column, for messages. */
bool rewrite_type(struct work *work, size_t at, const char *column,
		  size_t *out_end, struct str *out);

/* rewrite_word.c: literals, names, operators, casts, TOP, MINUS. */
bool rewrite_words(struct work *work);

/* rewrite_refusal.c: what refused.tsv names, and PostgreSQL's system columns.
 */
bool rewrite_refusals(struct work *work);

/* rewrite_scope.c: what only the leader node has does not meet tables of the
 * compute nodes. */
bool rewrite_scope(struct work *work);

/* rewrite_super.c: steps into SUPER and its unnesting in FROM. */
bool rewrite_super(struct work *work);

/* rewrite_relation.c: catalog relations. */
bool rewrite_relations(struct work *work);

/* rewrite_star.c: SELECT * over relations with hidden columns. */
void rewrite_stars(struct work *work);

/* rewrite_decimal.c: digits and types of computed DECIMAL values, in the
 * rendered statement. */
void rewrite_decimals(struct work *work);

/* rewrite_explain.c: of a rendered EXPLAIN, a query of its lines. */
bool rewrite_explain(struct work *work);

/* rewrite_call.c: function calls. */
bool rewrite_calls(struct work *work);

/* rewrite_column.c: one definition [from, to) in CREATE TABLE or ADD COLUMN;
 * what PostgreSQL lacks is dropped and kept in keys. */
struct rewrite_keys {
	struct str distkey;     /* column, or "" */
	struct str sortkey;     /* ARRAY members: 'a','b' */
	struct str encoded;     /* ARRAY members: columns */
	struct str encodings;   /* ARRAY members: their encodings */
	struct str constraints; /* calls of note_constraint, each ";\n" */
	const char *diststyle;  /* AUTO EVEN KEY ALL, NULL: not given */
	const char *sortstyle;  /* COMPOUND INTERLEAVED AUTO, NULL */
	const char *backup;     /* "true", "false", NULL: not given */
	struct str table;       /* literal of the table's name */
	bool only_new;          /* IF NOT EXISTS: a known table is left as
				 * it is */
};
#define REWRITE_KEYS_EMPTY                                                     \
	{                                                                      \
		.distkey = STR_EMPTY, .sortkey = STR_EMPTY,                    \
		.encoded = STR_EMPTY, .encodings = STR_EMPTY,                  \
		.constraints = STR_EMPTY, .table = STR_EMPTY                   \
	}
void rewrite_keys_done(struct rewrite_keys *keys);
bool rewrite_column(struct work *work, struct rewrite_keys *keys, size_t from,
		    size_t to);
/* A table constraint; *out_is says whether [from, to) is one. */
bool rewrite_constraint(struct work *work, struct rewrite_keys *keys,
			size_t from, size_t to, bool *out_is);
/* DISTSTYLE, DISTKEY, SORTKEY, BACKUP, ENCODE AUTO from at on, dropped;
 * *out_end is the first token that is none of them. */
bool rewrite_attributes(struct work *work, struct rewrite_keys *keys, size_t at,
			size_t *out_end);
/* Column names in brackets at open, as ARRAY members. */
bool rewrite_name_list(struct work *work, size_t open, struct str *out);
/* Appends ,'name' as ARRAY member. */
void rewrite_add_member(struct str *members, const char *name);
/* The calls that record keys, into out->after. fresh: a new table. */
void rewrite_note_keys(struct work *work, const struct rewrite_keys *keys);

/* rewrite_table.c and rewrite_rule.c: statements, by the "how" of
 * statements.tsv. NULL: no rule of that name. */
typedef bool rewrite_rule(struct work *work);
rewrite_rule rewrite_create_table;
rewrite_rule rewrite_alter_table;
/* CREATE TABLE AS behind EXPLAIN, from at on: without its keys. */
bool rewrite_explained_table(struct work *work, size_t at);
/* ALTER DISTKEY and its kin from at on, for tables and their views. */
bool rewrite_alter_keys(struct work *work, struct rewrite_keys *keys,
			size_t at);
rewrite_rule *rewrite_rule_named(const char *how);

/* rewrite_view.c */
rewrite_rule rewrite_create_view;
rewrite_rule rewrite_create_matview;
rewrite_rule rewrite_alter_matview;
rewrite_rule rewrite_refresh_matview;

/* rewrite_account.c: users. */
rewrite_rule rewrite_user;
rewrite_rule rewrite_drop_user;

/* rewrite_user.c: roles, databases, schemas, sessions. */
rewrite_rule rewrite_create_role;
rewrite_rule rewrite_alter_role;
rewrite_rule rewrite_drop_role;
rewrite_rule rewrite_create_database;
rewrite_rule rewrite_alter_database;
rewrite_rule rewrite_drop_database;
rewrite_rule rewrite_create_schema;
rewrite_rule rewrite_drop_schema;
rewrite_rule rewrite_use;
rewrite_rule rewrite_reset_use;
rewrite_rule rewrite_show_use;
rewrite_rule rewrite_alter_system;

/* rewrite_grant.c */
rewrite_rule rewrite_grant;
rewrite_rule rewrite_default_privileges;

/* rewrite_routine.c */
rewrite_rule rewrite_function;
rewrite_rule rewrite_procedure;
rewrite_rule rewrite_call_procedure;
/* Types of a signature in [from, to). */
bool rewrite_signature(struct work *work, size_t from, size_t to);

/* rewrite_upkeep.c */
rewrite_rule rewrite_vacuum;
rewrite_rule rewrite_analyze;
rewrite_rule rewrite_analyze_compression;

/* rewrite_merge.c */
rewrite_rule rewrite_merge;
rewrite_rule rewrite_append;

/* rewrite_external.c */
rewrite_rule rewrite_external_schema;
rewrite_rule rewrite_alter_external_schema;
rewrite_rule rewrite_external_table;
rewrite_rule rewrite_drop_table;

/* rewrite_policy.c */
rewrite_rule rewrite_create_rls;
rewrite_rule rewrite_alter_rls;
rewrite_rule rewrite_drop_rls;
rewrite_rule rewrite_attach_rls;
bool rewrite_row_security(struct work *work, const char *table, size_t at);

/* rewrite_external.c: ADD, DROP PARTITION and PARTITION .. SET LOCATION of an
 * external table, from at on. table: a literal. */
bool rewrite_partition(struct work *work, const char *table, size_t at);
bool rewrite_external_location(struct work *work, const char *table, size_t at);

/* rewrite_synopsis.c: true when the statement fits its synopsis ("": none). */
bool rewrite_synopsis(struct work *work, const char *synopsis);

/* rewrite_setting.c: name TO value, or a name alone, from at to the end, into
 * out->name, value and reset. */
bool rewrite_assignment(struct work *work, size_t at);

/* SET, RESET, SHOW. */
bool rewrite_set(struct work *work);
bool rewrite_reset(struct work *work);
bool rewrite_show(struct work *work);
/* rewrite_show.c: SHOW of what the catalog holds; *out_is: it is one. */
bool rewrite_show_catalog(struct work *work, bool *out_is);

#endif
