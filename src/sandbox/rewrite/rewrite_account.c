/* sandbox/rewrite/rewrite_account.c - CREATE USER, ALTER USER, DROP USER.
 *
 * A user's name in quotes keeps its case whatever the session says. What
 * PostgreSQL's roles lack is noted by the functions of users.sql and
 * objects.sql, behind the statement and in its transaction. */
#include <stdlib.h>
#include <string.h>

#include "sandbox/account/login.h"
#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

enum {
	TIMEOUT_MIN = 60, /* SESSION TIMEOUT, seconds */
	TIMEOUT_MAX = 1728000,
};

struct user {
	struct work *work;
	struct str name;    /* as it is */
	struct str quoted;  /* "name" */
	struct str options; /* for PostgreSQL */
	struct str last;    /* to be noted behind all else */
	bool create;
	bool password; /* given */
};

/* name, "Name", or namespace:name; *out_end is behind it. */
static bool read_name(struct work *work, size_t at, size_t *out_end,
		      struct str *out)
{
	const struct patch *patch = &work->patch;

	for (;; at += 2) {
		const struct token *token = patch_at(patch, at);
		const struct token *colon = patch_at(patch, at + 1);

		if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
			return work_syntax(work, at);
		quote_name_read(out, token->text, token->len, false);
		*out_end = at + 1;
		if (colon->kind != TOKEN_OPERATOR || colon->len != 1 ||
		    *colon->text != ':')
			return true;
		str_add_char(out, ':');
	}
}

static void note(struct user *user, const char *key, const char *value)
{
	struct str *after = &user->work->out->after;

	str_add(after, "SELECT " REWRITE_SCHEMA ".note_role(");
	quote_literal(after, user->name.text, false);
	str_addf(after, ", '%s', ", key);
	quote_literal(after, value, false);
	str_add(after, ");\n");
}

static void note_password(struct user *user, const char *stored)
{
	struct str *after = &user->last;

	user->password = true;
	str_add(after, "SELECT " REWRITE_SCHEMA ".note_password(");
	quote_literal(after, user->name.text, false);
	str_add(after, ", ");
	if (stored != NULL)
		quote_literal(after, stored, false);
	else
		str_add(after, "NULL");
	str_add(after, ");\n");
}

/* ---- clauses: at is the first token behind the words; *out_end is behind
 * what the clause takes. */

typedef bool clause_rule(struct user *user, size_t at, size_t *out_end);

static bool read_literal(struct user *user, size_t at, struct str *out)
{
	const struct token *token = patch_at(&user->work->patch, at);

	if (token->kind != TOKEN_LITERAL)
		return work_syntax(user->work, at);
	quote_literal_read(out, token->text, token->len, token->escapes);
	return true;
}

static bool clause_password(struct user *user, size_t at, size_t *out_end)
{
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(str_done) struct str stored = STR_EMPTY;
	bool fine;

	*out_end = at + 1;
	if (patch_match(&user->work->patch, at, "disable")) {
		note_password(user, NULL);
		return true;
	}
	if (!read_literal(user, at, &password))
		return false;
	fine = login_store(user->name.text, password.text, &stored,
			   user->work->err);
	mem_wipe(password.text, password.len);
	if (fine)
		note_password(user, stored.text);
	return fine;
}

static bool clause_syslog(struct user *user, size_t at, size_t *out_end)
{
	const struct patch *patch = &user->work->patch;
	bool all = patch_match(patch, at, "unrestricted") > 0;

	*out_end = at + 1;
	if (!all && !patch_match(patch, at, "restricted"))
		return work_syntax(user->work, at);
	note(user, "syslog", all ? "unrestricted" : "restricted");
	return true;
}

/* IN GROUP a, b */
static bool clause_groups(struct user *user, size_t at, size_t *out_end)
{
	const struct patch *patch = &user->work->patch;
	const char *before = " IN ROLE ";

	if (!user->create)
		return work_syntax(user->work, at - 2);
	for (;; at = *out_end + 1) {
		CLEANUP(str_done) struct str group = STR_EMPTY;

		work_name(user->work, at, &group);
		if (group.len == 0)
			return work_syntax(user->work, at);
		str_add(&user->options, before);
		quote_name_always(&user->options, group.text, group.len);
		before = ", ";
		*out_end = at + 1;
		if (!token_is_char(patch_at(patch, *out_end), ','))
			return true;
	}
}

static bool clause_valid(struct user *user, size_t at, size_t *out_end)
{
	CLEANUP(str_done) struct str until = STR_EMPTY;

	*out_end = at + 1;
	if (!read_literal(user, at, &until))
		return false;
	str_add(&user->options, " VALID UNTIL ");
	quote_literal(&user->options, until.text, false);
	return true;
}

static bool clause_limit(struct user *user, size_t at, size_t *out_end)
{
	const struct token *token = patch_at(&user->work->patch, at);

	*out_end = at + 1;
	if (token_is(token, "unlimited")) {
		str_add(&user->options, " CONNECTION LIMIT -1");
		return true;
	}
	if (token->kind != TOKEN_NUMBER)
		return work_syntax(user->work, at);
	str_addf(&user->options, " CONNECTION LIMIT %.*s", (int)token->len,
		 token->text);
	return true;
}

static bool clause_timeout(struct user *user, size_t at, size_t *out_end)
{
	const struct token *token = patch_at(&user->work->patch, at);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	long seconds;
	char *end;

	*out_end = at + 1;
	if (token->kind != TOKEN_NUMBER)
		return work_syntax(user->work, at);
	str_add_slice(&text, token->text, token->len);
	seconds = strtol(text.text, &end, 10);
	if (*end != '\0' || seconds < TIMEOUT_MIN || seconds > TIMEOUT_MAX)
		return work_refuse(user->work, at, "22023",
				   "Invalid session timeout %s: must be "
				   "between %d and %d seconds",
				   text.text, TIMEOUT_MIN, TIMEOUT_MAX);
	str_addf(&user->work->out->after,
		 "ALTER ROLE %s SET idle_session_timeout = '%ss';\n",
		 user->quoted.text, text.text);
	return true;
}

static bool clause_no_timeout(struct user *user, size_t at, size_t *out_end)
{
	*out_end = at;
	if (user->create)
		return work_syntax(user->work, at - 3);
	str_addf(&user->work->out->after,
		 "ALTER ROLE %s RESET idle_session_timeout;\n",
		 user->quoted.text);
	return true;
}

static bool clause_external(struct user *user, size_t at, size_t *out_end)
{
	const struct token *token = patch_at(&user->work->patch, at);
	CLEANUP(str_done) struct str id = STR_EMPTY;

	*out_end = at + 1;
	if (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME)
		quote_name_read(&id, token->text, token->len, false);
	else if (!read_literal(user, at, &id))
		return false;
	note(user, "external_id", id.text);
	return true;
}

/* RENAME TO stands alone. */
static bool clause_rename(struct user *user, size_t at, size_t *out_end)
{
	CLEANUP(str_done) struct str to = STR_EMPTY;

	if (user->create || user->options.len > 0)
		return work_syntax(user->work, at - 2);
	if (!read_name(user->work, at, out_end, &to))
		return false;
	str_add(&user->options, " RENAME TO ");
	quote_name_always(&user->options, to.text, to.len);
	return *out_end == user->work->patch.count ||
	       work_syntax(user->work, *out_end);
}

/* SET parameter TO value, RESET parameter: plan ends what is begun here, as
 * it judges values. */
static bool clause_set(struct user *user, size_t at, size_t *out_end)
{
	struct work *work = user->work;

	if (user->create)
		return work_syntax(work, at - 1);
	*out_end = work->patch.count;
	str_add(&work->out->after, user->last.text);
	str_clear(&user->last);
	str_addf(&work->out->after, "ALTER USER %s ", user->quoted.text);
	return rewrite_assignment(work, at);
}

static const struct {
	const char *words;
	const char *option; /* for PostgreSQL; NULL: by rule */
	clause_rule *rule;
} clauses[] = {
	{ "createdb", " CREATEDB", NULL },
	{ "nocreatedb", " NOCREATEDB", NULL },
	{ "createuser", " SUPERUSER", NULL },
	{ "nocreateuser", " NOSUPERUSER", NULL },
	{ "password", NULL, clause_password },
	{ "syslog access", NULL, clause_syslog },
	{ "in group", NULL, clause_groups },
	{ "valid until", NULL, clause_valid },
	{ "connection limit", NULL, clause_limit },
	{ "session timeout", NULL, clause_timeout },
	{ "reset session timeout", NULL, clause_no_timeout },
	{ "externalid", NULL, clause_external },
	{ "rename to", NULL, clause_rename },
	{ "set", NULL, clause_set },
	{ "reset", NULL, clause_set },
};

static bool read_clause(struct user *user, size_t at, size_t *out_end)
{
	for (size_t i = 0; i < COUNT_OF(clauses); i++) {
		size_t words =
			patch_match(&user->work->patch, at, clauses[i].words);

		if (words == 0)
			continue;
		*out_end = at + words;
		if (clauses[i].rule != NULL)
			return clauses[i].rule(user, at + words, out_end);
		str_add(&user->options, clauses[i].option);
		return true;
	}
	return work_syntax(user->work, at);
}

/* All of the text is ours now; no position of it matters to PostgreSQL. */
static void write_statement(struct user *user)
{
	struct patch *patch = &user->work->patch;

	patch_drop(patch, 1, patch->count);
	if (!user->create && user->options.len == 0)
		patch_replace(patch, 0, "DO LANGUAGE plpgsql 'BEGIN END'");
	else
		patch_replace(patch, 0, "%s USER %s%s",
			      user->create ? "CREATE" : "ALTER",
			      user->quoted.text, user->options.text);
}

static bool read_user(struct user *user)
{
	struct work *work = user->work;
	const struct patch *patch = &work->patch;
	size_t at;

	if (!read_name(work, 2, &at, &user->name))
		return false;
	quote_name_always(&user->quoted, user->name.text, user->name.len);
	at += patch_match(patch, at, "with");
	if (at == patch->count)
		return work_syntax(work, at);
	while (at < patch->count) {
		if (!read_clause(user, at, &at))
			return false;
		if (token_is_char(patch_at(patch, at), ','))
			at++;
	}
	if (user->create && !user->password)
		return work_syntax(work, at);
	str_add(&work->out->after, user->last.text);
	write_statement(user);
	return true;
}

bool rewrite_user(struct work *work)
{
	struct user user = {
		.work = work,
		.name = STR_EMPTY,
		.quoted = STR_EMPTY,
		.options = STR_EMPTY,
		.last = STR_EMPTY,
		.create = patch_match(&work->patch, 0, "create") > 0,
	};
	bool fine = read_user(&user);

	str_done(&user.name);
	str_done(&user.quoted);
	str_done(&user.options);
	str_done(&user.last);
	return fine;
}

/* DROP USER [IF EXISTS] name [, ...] */
bool rewrite_drop_user(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t at = patch_match(patch, 2, "if exists") ? 4 : 2;

	for (;;) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str quoted = STR_EMPTY;
		size_t end;

		if (!read_name(work, at, &end, &name))
			return false;
		quote_name_always(&quoted, name.text, name.len);
		patch_drop(patch, at + 1, end);
		patch_replace(patch, at, "%s", quoted.text);
		if (end == patch->count)
			return true;
		if (!token_is_char(patch_at(patch, end), ','))
			return work_syntax(work, end);
		at = end + 1;
	}
}
