#include "db/dsn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "base/secret.h"
#include "base/str.h"
#include "base/vec.h"
#include "db/dsn_option.h"

struct item {
	char *keyword;
	struct secret value; /* passwords are among them */
};

struct dsn {
	struct {
		VEC(struct item);
	} items;
};

struct dsn *dsn_new(void)
{
	return mem_alloc(sizeof(struct dsn));
}

struct dsn *dsn_copy(const struct dsn *dsn)
{
	struct dsn *copy = dsn_new();

	for (size_t i = 0; i < dsn->items.count; i++)
		dsn_set(copy, dsn->items.items[i].keyword,
			secret_text(&dsn->items.items[i].value));
	return copy;
}

void dsn_free(struct dsn *dsn)
{
	if (!dsn)
		return;
	for (size_t i = 0; i < dsn->items.count; i++) {
		mem_free(dsn->items.items[i].keyword);
		secret_done(&dsn->items.items[i].value);
	}
	vec_done(&dsn->items);
	mem_free(dsn);
}

static struct item *find(const struct dsn *dsn, const char *keyword)
{
	for (size_t i = 0; i < dsn->items.count; i++)
		if (strcmp(dsn->items.items[i].keyword, keyword) == 0)
			return &dsn->items.items[i];
	return NULL;
}

void dsn_set(struct dsn *dsn, const char *keyword, const char *value)
{
	struct item *item = find(dsn, keyword);
	struct item fresh = { .keyword = NULL, .value = SECRET_EMPTY };

	if (item && (!value || !*value)) {
		mem_free(item->keyword);
		secret_done(&item->value);
		vec_remove(&dsn->items, (size_t)(item - dsn->items.items));
		return;
	}
	if (!value || !*value)
		return;
	if (item) {
		CLEANUP(secret_done) struct secret copy = SECRET_EMPTY;

		/* value may be the very text that is replaced. */
		secret_set(&copy, value);
		secret_copy(&item->value, &copy);
		return;
	}
	fresh.keyword = mem_copy_text(keyword);
	secret_set(&fresh.value, value);
	vec_push(&dsn->items, fresh);
}

const char *dsn_get(const struct dsn *dsn, const char *keyword)
{
	const struct item *item = find(dsn, keyword);

	return item ? secret_text(&item->value) : NULL;
}

bool dsn_item(const struct dsn *dsn, size_t at, const char **out_keyword,
	      const char **out_value)
{
	if (at >= dsn->items.count)
		return false;
	*out_keyword = dsn->items.items[at].keyword;
	*out_value = secret_text(&dsn->items.items[at].value);
	return true;
}

bool dsn_is_conninfo(const char *text)
{
	return str_starts(text, "postgresql://") ||
	       str_starts(text, "postgres://") || dsn_option_is_uri(text) ||
	       strchr(text, '=') != NULL;
}

bool dsn_parse(struct dsn *dsn, const char *text, struct err *err)
{
	CLEANUP(str_done) struct str rest = STR_EMPTY;
	char *why = NULL;
	PQconninfoOption *options;

	if (!dsn_option_split(dsn, text, &rest, err))
		return false;
	options = PQconninfoParse(rest.text, &why);
	mem_wipe(rest.text, rest.len);
	if (!options) {
		CLEANUP(str_done) struct str clean = STR_EMPTY;

		str_add(&clean, why ? why : "out of memory");
		str_trim_end(&clean);
		PQfreemem(why);
		err_set(err, ERR_USAGE, "%s", clean.text);
		return err_hint(err, "write postgresql://user@host:port/db "
				     "or host=... dbname=...");
	}
	for (PQconninfoOption *o = options; o->keyword; o++)
		if (o->val)
			dsn_set(dsn, o->keyword, o->val);
	PQconninfoFree(options);
	return true;
}

/* out_set: somebody chose it, here, by environment or by service. */
static bool look_up(const struct dsn *dsn, const char *keyword, struct str *out,
		    bool *out_set)
{
	const char *here = dsn_get(dsn, keyword);
	PQconninfoOption *options;
	bool found = false;

	*out_set = here != NULL;
	if (here) {
		str_add(out, here);
		return true;
	}
	options = PQconndefaults();
	for (PQconninfoOption *o = options; o && o->keyword; o++) {
		const char *env = o->envvar ? getenv(o->envvar) : NULL;

		if (strcmp(o->keyword, keyword) != 0 || !o->val)
			continue;
		str_add(out, o->val);
		found = true;
		*out_set =
			env || !o->compiled || strcmp(o->val, o->compiled) != 0;
	}
	PQconninfoFree(options);
	return found;
}

bool dsn_effective(const struct dsn *dsn, const char *keyword, struct str *out)
{
	bool set;

	return look_up(dsn, keyword, out, &set);
}

const char *dsn_keyword(size_t at)
{
	static const char *const words[] = {
		"service",
		"user",
		"password",
		"passfile",
		"channel_binding",
		"connect_timeout",
		"dbname",
		"host",
		"hostaddr",
		"port",
		"client_encoding",
		"options",
		"application_name",
		"fallback_application_name",
		"keepalives",
		"keepalives_idle",
		"keepalives_interval",
		"keepalives_count",
		"tcp_user_timeout",
		"sslmode",
		"sslcompression",
		"sslcert",
		"sslkey",
		"sslpassword",
		"sslrootcert",
		"sslcrl",
		"sslcrldir",
		"sslsni",
		"requirepeer",
		"ssl_min_protocol_version",
		"ssl_max_protocol_version",
		"gssencmode",
		"krbsrvname",
		"gsslib",
		"replication",
		"target_session_attrs",
	};

	return at < COUNT_OF(words) ? words[at] : NULL;
}

bool dsn_is_keyword(const char *text)
{
	const char *word;

	for (size_t i = 0; (word = dsn_keyword(i)) != NULL; i++)
		if (strcmp(word, text) == 0)
			return true;
	return false;
}

bool dsn_host_is_redshift(const char *host)
{
	static const char *const suffixes[] = {
		".redshift.amazonaws.com",
		".redshift-serverless.amazonaws.com",
		".redshift.amazonaws.com.cn",
		".redshift-serverless.amazonaws.com.cn",
		".redshift.amazonaws.eu",
		".redshift-serverless.amazonaws.eu",
		".redshift.c2s.ic.gov",
		".redshift.sc2s.sgov.gov",
	};
	CLEANUP(str_done) struct str lower = STR_EMPTY;

	for (; *host; host++)
		str_add_char(&lower,
			     (char)(*host >= 'A' && *host <= 'Z' ? *host + 32
								 : *host));
	if (lower.len > 0 && lower.text[lower.len - 1] == '.')
		str_cut(&lower, lower.len - 1);
	for (size_t i = 0; i < COUNT_OF(suffixes); i++)
		if (str_ends(lower.text, suffixes[i]))
			return true;
	return false;
}

const char *dsn_system_roots(void)
{
	/* Debian and Alpine; Red Hat; openSUSE; macOS; BSD and Homebrew. */
	static const char *const places[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/ssl/ca-bundle.pem",
		"/etc/ssl/cert.pem",
		"/usr/local/etc/openssl@3/cert.pem",
		"/opt/homebrew/etc/openssl@3/cert.pem",
	};

	for (size_t i = 0; i < COUNT_OF(places); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

static void fill(struct dsn *dsn, const char *keyword, const char *value)
{
	CLEANUP(str_done) struct str now = STR_EMPTY;
	bool set;

	look_up(dsn, keyword, &now, &set);
	if (!set)
		dsn_set(dsn, keyword, value);
}

/* libpq looks here by itself when no root is named. */
static bool has_own_root(void)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const char *home = getenv("HOME");

	if (!home)
		return false;
	str_addf(&path, "%s/.postgresql/root.crt", home);
	return access(path.text, R_OK) == 0;
}

void dsn_fill_redshift(struct dsn *dsn)
{
	static const struct {
		const char *keyword;
		const char *value;
	} wanted[] = {
		{ "port", "5439" },           { "sslmode", "verify-full" },
		{ "gssencmode", "disable" },  { "keepalives", "1" },
		{ "keepalives_idle", "200" }, { "keepalives_interval", "200" },
		{ "keepalives_count", "5" },  { "connect_timeout", "15" },
	};
	CLEANUP(str_done) struct str host = STR_EMPTY;
	const char *roots = dsn_system_roots();

	if (!dsn_effective(dsn, "host", &host) ||
	    !dsn_host_is_redshift(host.text))
		return;
	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		fill(dsn, wanted[i].keyword, wanted[i].value);
	if (roots && !has_own_root())
		fill(dsn, "sslrootcert", roots);
}
