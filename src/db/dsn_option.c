#include "db/dsn_option.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/url.h"
#include "db/dsn.h"

enum kind {
	KIND_TEXT,
	KIND_BOOL,    /* kept as "true" or removed */
	KIND_SECONDS, /* 900 to 3600 */
	KIND_LIBPQ,   /* another name of one of libpq's */
	KIND_SSL,
	KIND_INSECURE,
	KIND_NOTHING, /* taken, and without a meaning here */
	KIND_KEYS,    /* refused, like the rest */
	KIND_PLUGIN,
	KIND_UNKNOWN,
};

static const struct row {
	const char *name;    /* NULL ends */
	const char *aliases; /* blank separated, in lower case; or NULL */
	enum kind kind;
	const char *libpq; /* of KIND_LIBPQ */
} rows[] = {
	{ "iam", NULL, KIND_BOOL, NULL },
	{ "cluster_identifier", "clusterid cluster", KIND_TEXT, NULL },
	{ "serverless_work_group", "serverlessworkgroup workgroup", KIND_TEXT,
	  NULL },
	{ "region", NULL, KIND_TEXT, NULL },
	{ "profile", NULL, KIND_TEXT, NULL },
	{ "db_user", "dbuser", KIND_TEXT, NULL },
	{ "auto_create", "autocreate", KIND_BOOL, NULL },
	{ "db_groups", "dbgroups", KIND_TEXT, NULL },
	{ "force_lowercase", "forcelowercase", KIND_BOOL, NULL },
	{ "duration", "iamduration", KIND_SECONDS, NULL },
	{ "group_federation", "groupfederation", KIND_BOOL, NULL },
	{ "is_serverless", "isserverless", KIND_BOOL, NULL },
	{ "serverless_acct_id", "serverlessacctid", KIND_TEXT, NULL },
	{ "endpoint_url", "endpointurl", KIND_TEXT, NULL },
	{ "iam_disable_cache", "iamdisablecache", KIND_BOOL, NULL },
	{ "secret", NULL, KIND_TEXT, NULL },
	{ "ssh", NULL, KIND_TEXT, NULL },
	{ "production", NULL, KIND_BOOL, NULL },
	{ "staging", NULL, KIND_TEXT, NULL },
	{ "copy_role", NULL, KIND_TEXT, NULL },
	{ "stack", NULL, KIND_TEXT, NULL }, /* of CloudFormation, it is from */
	{ "connection", NULL, KIND_TEXT, NULL },
	/* other names of what libpq has */
	{ "database", "db databasename", KIND_LIBPQ, "dbname" },
	{ "uid", "username", KIND_LIBPQ, "user" },
	{ "pwd", NULL, KIND_LIBPQ, "password" },
	{ "server", NULL, KIND_LIBPQ, "host" },
	{ "applicationname", NULL, KIND_LIBPQ, "application_name" },
	{ "logintimeout", "connecttimeout", KIND_LIBPQ, "connect_timeout" },
	{ "sslrootcertpath", "cafile", KIND_LIBPQ, "sslrootcert" },
	{ "ssl", NULL, KIND_SSL, NULL },
	{ "ssl_insecure", NULL, KIND_INSECURE, NULL },
	{ "tcp_keepalive", "tcpkeepalive", KIND_NOTHING, NULL },
	/* refused */
	{ "access_key_id", "accesskeyid", KIND_KEYS, NULL },
	{ "secret_access_key", "secretaccesskey", KIND_KEYS, NULL },
	{ "session_token", "sessiontoken", KIND_KEYS, NULL },
	{ "credentials_provider", "plugin_name pluginname", KIND_PLUGIN, NULL },
	{ "idp_host", "idphost idp_port idpport idp_tenant idptenant",
	  KIND_PLUGIN, NULL },
	{ "client_id", "clientid client_secret clientsecret", KIND_PLUGIN,
	  NULL },
	{ "login_url", "loginurl listen_port listenport", KIND_PLUGIN, NULL },
	{ "preferred_role", "preferredrole role_arn role_session_name "
			    "web_identity_token webidentitytoken",
	  KIND_PLUGIN, NULL },
	{ "token", "token_type identity_namespace issuer_url idc_region",
	  KIND_PLUGIN, NULL },
	{ "auth_profile", "authprofile", KIND_UNKNOWN, NULL },
	{ "dbgroupsfilter", "db_groups_filter dbgroups_filter", KIND_UNKNOWN,
	  NULL },
	{ "allow_db_user_override", "allowdbuseroverride", KIND_UNKNOWN, NULL },
	{ "stsendpointurl", "sts_endpoint_url", KIND_UNKNOWN, NULL },
	{ NULL, NULL, KIND_NOTHING, NULL },
};

static bool in_list(const char *list, const char *name, size_t len)
{
	while (list && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, name, n) == 0)
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

static const struct row *find(const char *name)
{
	CLEANUP(str_done) struct str lower = STR_EMPTY;

	for (const char *c = name; *c; c++)
		str_add_char(&lower, (char)tolower((unsigned char)*c));
	for (const struct row *row = rows; row->name; row++)
		if (strcmp(row->name, lower.text) == 0 ||
		    in_list(row->aliases, lower.text, lower.len))
			return row;
	return NULL;
}

static bool is_kept(const struct row *row)
{
	return row->kind == KIND_TEXT || row->kind == KIND_BOOL ||
	       row->kind == KIND_SECONDS;
}

bool dsn_option_is_own(const char *keyword)
{
	for (const struct row *row = rows; row->name; row++)
		if (is_kept(row) && strcmp(row->name, keyword) == 0)
			return true;
	return false;
}

const char *dsn_option_name(size_t at)
{
	for (const struct row *row = rows; row->name; row++)
		if (is_kept(row) && at-- == 0)
			return row->name;
	return NULL;
}

/* -1: neither. */
static int truth(const char *value)
{
	static const char *const yes[] = { "true", "on", "yes", "1" };
	static const char *const no[] = { "false", "off", "no", "0" };

	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		if (str_equal_nocase(value, yes[i]))
			return 1;
		if (str_equal_nocase(value, no[i]))
			return 0;
	}
	return -1;
}

static enum dsn_option_step refuse(const struct row *row, const char *name,
				   struct err *err)
{
	switch (row->kind) {
	case KIND_KEYS:
		err_set(err, ERR_USAGE,
			"%s does not belong in a connection string", name);
		err_hint(err, "put keys into an AWS profile (aws configure "
			      "--profile NAME) and say profile=NAME");
		break;
	case KIND_PLUGIN:
		err_set(err, ERR_USAGE,
			"%s: plug-ins of identity providers are not supported",
			name);
		err_hint(err, "sign in with \"aws sso login\" (or any AWS "
			      "profile) and say iam=true profile=NAME");
		break;
	default:
		err_set(err, ERR_USAGE, "connection option %s is not supported",
			name);
		break;
	}
	return DSN_OPTION_REFUSED;
}

static enum dsn_option_step put_switch(struct dsn *dsn, const struct row *row,
				       const char *name, const char *value,
				       struct err *err)
{
	int on = truth(value);

	if (on < 0) {
		err_set(err, ERR_USAGE, "%s is true or false, not \"%s\"", name,
			value);
		return DSN_OPTION_REFUSED;
	}
	/* ssl=true is what we do anyway, and better than the drivers. */
	if (row->kind == KIND_SSL && !on)
		dsn_set(dsn, "sslmode", "disable");
	else if (row->kind == KIND_INSECURE && on)
		dsn_set(dsn, "sslmode", "require");
	else if (row->kind == KIND_BOOL)
		dsn_set(dsn, row->name, on ? "true" : "false");
	return DSN_OPTION_TAKEN;
}

static enum dsn_option_step put_seconds(struct dsn *dsn, const char *name,
					const char *value, struct err *err)
{
	char *end;
	long seconds = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || seconds < 900 || seconds > 3600) {
		err_set(err, ERR_USAGE,
			"%s is 900 to 3600 seconds, not \"%s\"", name, value);
		return DSN_OPTION_REFUSED;
	}
	dsn_set(dsn, "duration", value);
	return DSN_OPTION_TAKEN;
}

enum dsn_option_step dsn_option_put(struct dsn *dsn, const char *name,
				    const char *value, struct err *err)
{
	const struct row *row = find(name);

	if (!row)
		return DSN_OPTION_NOT_OURS;
	switch (row->kind) {
	case KIND_TEXT:
		dsn_set(dsn, row->name, value);
		return DSN_OPTION_TAKEN;
	case KIND_BOOL:
	case KIND_SSL:
	case KIND_INSECURE:
		return put_switch(dsn, row, name, value, err);
	case KIND_SECONDS:
		return put_seconds(dsn, name, value, err);
	case KIND_LIBPQ:
		dsn_set(dsn, row->libpq, value);
		return DSN_OPTION_TAKEN;
	case KIND_NOTHING:
		return DSN_OPTION_TAKEN;
	case KIND_KEYS:
	case KIND_PLUGIN:
	case KIND_UNKNOWN:
		break;
	}
	return refuse(row, name, err);
}

/* ---- URIs ---- */

static const struct {
	const char *scheme;
	bool iam;
	bool is_libpq;
} schemes[] = {
	{ "redshift-iam://", true, false },
	{ "redshift+iam://", true, false },
	{ "redshift:iam://", true, false },
	{ "jdbc:redshift:iam://", true, false },
	{ "redshift://", false, false },
	{ "jdbc:redshift://", false, false },
	{ "postgresql://", false, true },
	{ "postgres://", false, true },
};

static int scheme_of(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if (str_starts(text, schemes[i].scheme))
			return (int)i;
	return -1;
}

bool dsn_option_is_uri(const char *text)
{
	int scheme = scheme_of(text);

	return scheme >= 0 && !schemes[scheme].is_libpq;
}

/* One parameter, as it stands; a rest is appended for libpq. */
static bool take_param(struct dsn *dsn, const char *text, size_t len,
		       struct str *rest, struct err *err)
{
	size_t name_len = strcspn(text, "=");
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (name_len > len)
		name_len = len;
	url_unescape(&name, text, name_len, URL_PLUS_STAYS);
	if (name_len < len)
		url_unescape(&value, text + name_len + 1, len - name_len - 1,
			     URL_PLUS_STAYS);
	switch (dsn_option_put(dsn, name.text, value.text, err)) {
	case DSN_OPTION_TAKEN:
		return true;
	case DSN_OPTION_REFUSED:
		return false;
	case DSN_OPTION_NOT_OURS:
		break;
	}
	str_add_char(rest, rest->len > 0 ? '&' : '?');
	str_add_slice(rest, text, len);
	return true;
}

/* "cluster:region" where a URI has host and port: at, of len bytes. */
static void take_place(struct dsn *dsn, const char *at, size_t len,
		       struct str *out)
{
	const char *user = memchr(at, '@', len);
	const char *host = user ? user + 1 : at;
	size_t host_len = len - (size_t)(host - at);
	const char *colon = memchr(host, ':', host_len);
	const char *port = colon ? colon + 1 : NULL;
	CLEANUP(mem_freep) char *word = NULL;

	if (!port || !isalpha((unsigned char)*port) || *host == '[') {
		str_add_slice(out, at, len);
		return;
	}
	str_add_slice(out, at, (size_t)(host - at));
	word = mem_copy_slice(host, (size_t)(colon - host));
	dsn_set(dsn, "cluster_identifier", word);
	mem_free(word);
	word = mem_copy_slice(port, len - (size_t)(port - at));
	dsn_set(dsn, "region", word);
}

static bool split_uri(struct dsn *dsn, const char *text, int scheme,
		      struct str *out, struct err *err)
{
	const char *marks = schemes[scheme].is_libpq ? "?" : "?;";
	const char *parts = schemes[scheme].is_libpq ? "&" : "&;";
	const char *at = text + strlen(schemes[scheme].scheme);
	size_t place = strcspn(at, "/?;");
	size_t len = strcspn(at, marks);
	CLEANUP(str_done) struct str rest = STR_EMPTY;

	str_add(out, "postgresql://");
	if (schemes[scheme].iam)
		dsn_set(dsn, "iam", "true");
	if (!schemes[scheme].is_libpq && place <= len) {
		take_place(dsn, at, place, out);
		at += place;
		len -= place;
	}
	str_add_slice(out, at, len);
	for (at += len; *at;) {
		at++;
		len = strcspn(at, parts);
		if (len > 0 && !take_param(dsn, at, len, &rest, err))
			return false;
		at += len;
	}
	str_add_slice(out, rest.text, rest.len);
	return true;
}

/* ---- key=value ---- */

/* One "name = value" as libpq reads it; what cannot be read so is left to
 * libpq, which tells. */
static const char *read_pair(const char *at, struct str *name,
			     struct str *value)
{
	size_t len = strcspn(at, "= \t\r\n");

	str_clear(name);
	str_clear(value);
	str_add_slice(name, at, len);
	at += len;
	at += strspn(at, " \t\r\n");
	if (*at != '=' || len == 0)
		return NULL;
	at++;
	at += strspn(at, " \t\r\n");
	if (*at != '\'') {
		for (; *at && !isspace((unsigned char)*at); at++) {
			if (*at == '\\' && at[1])
				at++;
			str_add_char(value, *at);
		}
		return at;
	}
	for (at++; *at && *at != '\''; at++) {
		if (*at == '\\' && at[1])
			at++;
		str_add_char(value, *at);
	}
	return *at ? at + 1 : NULL;
}

static bool split_pairs(struct dsn *dsn, const char *text, struct str *out,
			struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;

	for (const char *at = text; *(at += strspn(at, " \t\r\n"));) {
		const char *end = read_pair(at, &name, &value);

		if (!end) {
			str_add(out, at);
			return true;
		}
		switch (dsn_option_put(dsn, name.text, value.text, err)) {
		case DSN_OPTION_TAKEN:
			break;
		case DSN_OPTION_REFUSED:
			return false;
		case DSN_OPTION_NOT_OURS:
			str_add_slice(out, at, (size_t)(end - at));
			str_add_char(out, ' ');
			break;
		}
		at = end;
	}
	return true;
}

bool dsn_option_split(struct dsn *dsn, const char *text, struct str *out,
		      struct err *err)
{
	int scheme = scheme_of(text);

	if (scheme < 0)
		return split_pairs(dsn, text, out, err);
	return split_uri(dsn, text, scheme, out, err);
}
