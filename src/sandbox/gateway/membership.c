#include "sandbox/gateway/membership.h"

#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "sandbox/account/login.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/private_pg.h"
#include "sql/quote.h"

static struct backend *open_owner(const char *socket_path, struct err *err)
{
	struct backend_login login = {
		.socket_path = socket_path,
		.user = PRIVATE_PG_OWNER,
		.database = "postgres",
	};

	return backend_open(&login, err);
}

static bool grant(struct backend *backend, bool give, const char *user,
		  const char *group, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, give ? "GRANT " : "REVOKE ");
	quote_name_always(&sql, group, strlen(group));
	str_add(&sql, give ? " TO " : " FROM ");
	quote_name_always(&sql, user, strlen(user));
	return backend_query(backend, sql.text, NULL, NULL, err);
}

/* "t": a member, "f": none; no value: no such group. */
static bool is_member(struct backend *backend, const char *user,
		      const char *group, bool *out_is, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str found = STR_EMPTY;

	str_add(&sql, "SELECT EXISTS (SELECT FROM pg_auth_members m JOIN"
		      " pg_authid u ON u.oid = m.member WHERE m.roleid = g.oid"
		      " AND u.rolname = ");
	quote_literal(&sql, user, false);
	str_add(&sql, ") FROM pg_authid g WHERE NOT rolcanlogin AND rolname = ");
	quote_literal(&sql, group, false);
	if (!backend_value(backend, sql.text, &found, NULL)) {
		err_set(err, ERR_SERVER, "group \"%s\" does not exist", group);
		return err_set_code(err, "42704");
	}
	*out_is = strcmp(found.text, "t") == 0;
	return true;
}

/* A lasting member needs nothing; one for a session's sake is counted. */
static bool join_one(struct login *login, struct backend *backend,
		     const char *user, const char *group, struct str *joined,
		     struct err *err)
{
	bool member;
	int64_t count;

	if (!is_member(backend, user, group, &member, err) ||
	    !login_join(login, user, group, 1, &count, err))
		return false;
	if (member && count == 1)
		return login_join(login, user, group, -1, &count, err);
	if (count == 1 && !grant(backend, true, user, group, err)) {
		login_join(login, user, group, -1, &count, NULL);
		return false;
	}
	str_addf(joined, "%s%s", joined->len > 0 ? "," : "", group);
	return true;
}

bool membership_join(struct login *login, const char *socket_path,
		     const char *user, const char *groups, struct str *joined,
		     struct err *err)
{
	CLEANUP(backend_closep) struct backend *backend = NULL;
	CLEANUP(str_done) struct str group = STR_EMPTY;

	if (*groups == '\0')
		return true;
	backend = open_owner(socket_path, err);
	if (!backend)
		return false;
	while (*groups != '\0') {
		size_t len = strcspn(groups, ",");

		str_set_slice(&group, groups, len);
		if (!join_one(login, backend, user, group.text, joined, err)) {
			membership_leave(login, socket_path, user,
					 joined->text);
			str_clear(joined);
			return false;
		}
		groups += len + (groups[len] == ',');
	}
	return true;
}

void membership_leave(struct login *login, const char *socket_path,
		      const char *user, const char *joined)
{
	CLEANUP(backend_closep) struct backend *backend = NULL;
	CLEANUP(str_done) struct str group = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (*joined == '\0')
		return;
	backend = open_owner(socket_path, &err);
	while (backend && *joined != '\0') {
		size_t len = strcspn(joined, ",");
		int64_t left = 1;

		str_set_slice(&group, joined, len);
		if (!login_join(login, user, group.text, -1, &left, &err) ||
		    (left == 0 &&
		     !grant(backend, false, user, group.text, &err)))
			log_debug(LOG_SANDBOX, "leaving %s: %s", group.text,
				  err.message);
		joined += len + (joined[len] == ',');
	}
}

bool membership_restore(struct login *login, const char *socket_path,
			struct err *err)
{
	CLEANUP(backend_closep) struct backend *backend = NULL;
	CLEANUP(str_done) struct str all = STR_EMPTY;
	char *rest;
	char *line;

	if (!login_forget(login, &all, err))
		return false;
	if (all.len == 0)
		return true;
	backend = open_owner(socket_path, err);
	if (!backend)
		return false;
	rest = all.text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *user = strsep(&line, "\t");

		/* user or group may be gone: then so is the membership */
		if (line)
			grant(backend, false, user, line, NULL);
	}
	return true;
}
