#include "cmd/cmd_describe.h"

#include <string.h>

#include "base/mem.h"
#include "cmd/absent.h"
#include "cmd/describe.h"
#include "cmd/describe_ask.h"
#include "cmd/lister.h"
#include "cmd/lister_access.h"
#include "cmd/lister_postgres.h"
#include "cmd/lister_redshift.h"
#include "db/conn.h"
#include "shell/command.h"
#include "shell/session.h"

/* The name of the row a typed name with letters or an alias belongs to. */
static const char *listing_name(const char *typed)
{
	static const struct {
		const char *begins;
		const char *name;
	} names[] = {
		{ "dconfig", "dconfig" }, { "drds", "drds" },
		{ "ddp", "ddp" },         { "drg", "drg" },
		{ "da", "da" },           { "dC", "dC" },
		{ "dd", "dd" },           { "de", "dE" },
		{ "df", "df" },           { "dg", "dg" },
		{ "du", "dg" },           { "dL", "dL" },
		{ "dn", "dn" },           { "do", "do" },
		{ "dp", "dp" },           { "z", "dp" },
		{ "dR", "dR" },           { "dshares", "dshares" },
		{ "dT", "dT" },           { "l", "l" },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strncmp(typed, names[i].begins, strlen(names[i].begins)) ==
		    0)
			return names[i].name;
	return "d";
}

static bool show_listing(struct session *session, const char *name,
			 const struct args *args, struct err *err)
{
	bool redshift = db_is_redshift(session_db(session));
	const struct lister *listing =
		lister_find(redshift ? lister_redshift : lister_postgres, name);

	if (listing == NULL && redshift)
		listing = lister_find(lister_access, name);
	if (listing == NULL)
		return err_set(err, ERR_USAGE,
			       "\\%s: this server has nothing of the kind",
			       args_command(args));
	return describe_begin(session, args, err) &&
	       lister_run(listing, session, args, err);
}

static bool listing_run(struct session *session, const struct args *args,
			struct err *err)
{
	return show_listing(session, listing_name(args_command(args)), args,
			    err);
}

/* Letters of \d that choose kinds, and how many of them were typed. */
static size_t kind_letters(const struct args *args)
{
	size_t count = 0;

	for (const char *letter = "tvmEis"; *letter != '\0'; letter++)
		count += args_suffix(args, *letter);
	return count;
}

/* \d alone lists; \d PATTERN describes; \d with letters lists these kinds. */
static bool relations_run(struct session *session, const struct args *args,
			  struct err *err)
{
	const char *pattern = args_text(args, "PATTERN");
	size_t kinds = kind_letters(args);

	if (kinds == 0 && pattern != NULL)
		return describe_begin(session, args, err) &&
		       describe_relations(session, args, DESCRIBE_ANY, err);
	if (kinds == 1 && db_is_redshift(session_db(session))) {
		if (args_suffix(args, 'E'))
			return show_listing(session, "dE", args, err);
		if (args_suffix(args, 'm'))
			return show_listing(session, "dm", args, err);
	}
	return show_listing(session, "d", args, err);
}

/* As RSQL: \de lists, \de NAME describes; a pattern with * or ? lists too. On
 * a plain PostgreSQL what \dE shows. */
static bool external_run(struct session *session, const struct args *args,
			 struct err *err)
{
	const char *pattern = args_text(args, "PATTERN");

	if (pattern != NULL && strpbrk(pattern, "*?") == NULL &&
	    db_is_redshift(session_db(session)))
		return describe_begin(session, args, err) &&
		       describe_relations(session, args, DESCRIBE_EXTERNAL,
					  err);
	return show_listing(session, "dE", args, err);
}

static bool absent_run(struct session *session, const struct args *args,
		       struct err *err)
{
	(void)session;
	return err_set(err, ERR_USAGE, "\\%s: %s", args_command(args),
		       absent_reason(args_command(args)));
}

static const struct arg pattern_args[] = {
	{ "PATTERN", ARG_PATTERN, ARG_OPTIONAL, "names; * and ? match" },
	ARG_END,
};

static const struct arg typed_args[] = {
	{ "PATTERN", ARG_PATTERN, ARG_OPTIONAL, "names; * and ? match" },
	{ "TYPE", ARG_PATTERN, ARG_REPEATED,
	  "types of the arguments; - for none", WANT_TYPE },
	ARG_END,
};

static const struct arg setting_args[] = {
	{ "PATTERN", ARG_PATTERN, ARG_OPTIONAL, "users; * and ? match" },
	{ "DATABASE", ARG_PATTERN, ARG_OPTIONAL, "databases", WANT_DATABASE },
	ARG_END,
};

/* clang-format off: a row a line */
#define LISTING(command, letters, pattern, text)                               \
	{                                                                      \
		.name = command, .group = GROUP_DESCRIBE, .needs = NEEDS_DB,   \
		.brief = text, .args = pattern, .run = listing_run,            \
		.suffixes = letters,                                           \
	}
/* clang-format on */

const struct command cmd_describe_table[] = {
	{
		.name = "d",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.synopsis = "\\d[tvmESx+]  [PATTERN]",
		.brief = "describe a table or view, or list tables, views, "
			 "materialized views, external tables",
		.args = pattern_args,
		.run = relations_run,
		.suffixes = "tvmEisSx+",
	},
	LISTING("da", "Sx+", pattern_args, "list aggregate functions"),
	LISTING("dC", "x+", pattern_args, "list casts"),
	LISTING("dconfig", "x+", pattern_args,
		"list settings; without a pattern those that were changed"),
	LISTING("dd", "Sx", pattern_args,
		"list comments that no other listing shows"),
	LISTING("ddp", "x", pattern_args, "list default privileges"),
	{
		.name = "de",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list external tables; with a name: describe one",
		.args = pattern_args,
		.run = external_run,
		.suffixes = "Sx+",
	},
	LISTING("df", "anptwSx+", typed_args,
		"list functions; a: aggregates, n: no procedures, "
		"p: procedures"),
	{
		.name = "dg",
		.aliases = "du",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list users, groups and roles",
		.args = pattern_args,
		.run = listing_run,
		.suffixes = "Sx+",
	},
	LISTING("dL", "Sx+", pattern_args, "list languages of functions"),
	LISTING("dn", "Sx+", pattern_args, "list schemas, also external ones"),
	LISTING("do", "Sx+", typed_args, "list operators"),
	{
		.name = "dp",
		.aliases = "z",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list access privileges of tables and views",
		.args = pattern_args,
		.run = listing_run,
		.suffixes = "Sx",
	},
	LISTING("drds", "x", setting_args,
		"list settings of users and databases"),
	LISTING("drg", "Sx", pattern_args,
		"list who is in which group or role"),
	LISTING("dR", "Sx+", pattern_args,
		"list roles of GRANT ROLE and who has them"),
	LISTING("dshares", "x+", pattern_args,
		"list datashares; with + what is in them"),
	LISTING("dT", "Sx+", pattern_args, "list data types"),
	{
		.name = "l",
		.aliases = "list",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list databases, also shared ones",
		.args = pattern_args,
		.run = listing_run,
		.suffixes = "Sx+",
	},
	{
		.name = "di",
		.aliases = "ds db dc dA dD des det deu dew dF dl dO dP dRp dRs "
			   "dx dX dy dAc dAf dAo dAp dFd dFp dFt lo_list",
		.group = GROUP_DESCRIBE,
		.synopsis = "\\di, \\ds, \\dx ...",
		.brief = "say what Redshift has instead of indexes, "
			 "sequences, extensions ...",
		.args = pattern_args,
		.run = absent_run,
		.suffixes = "Sitnx+",
	},
	COMMAND_END,
};
