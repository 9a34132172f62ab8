#include "db/conn.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "db/attempt.h"
#include "db/dsn.h"
#include "db/pq.h"
#include "db/wire.h"

/* What to do about well-known refusals, by words of libpq or the server. */
static const struct {
	const char *words;
	const char *hint;
} hints[] = {
	{ "authentication method 13",
	  "this user's password is stored as SHA-256, which Redshift lets only "
	  "Amazon's drivers answer: log in with --iam, or have an "
	  "administrator set it anew with \\password USER (which sends md5)" },
	{ "authentication method 14",
	  "the warehouse wants a token of IAM Identity Center or another "
	  "identity provider, which is for Amazon's drivers: log in with --iam "
	  "and a profile of \"aws sso login\", or as a user with a password" },
	{ "user \"IAM:",
	  "there is no such database user; auto_create=true has the login make "
	  "it, and without a user (-U, db_user) you are who AWS says" },
	{ "password authentication failed",
	  "check user and password (-U, PGPASSWORD, ~/.pgpass), or use --iam" },
	{ "no password supplied",
	  "give one in PGPASSWORD or ~/.pgpass, or use --iam" },
	{ "certificate verify failed",
	  "the server's certificate is not signed by a root in sslrootcert" },
	{ "root certificate file",
	  "name the certificates with sslrootcert=FILE or PGSSLROOTCERT" },
	{ "does not match host name",
	  "connect by the name in the certificate, or use sslmode=verify-ca" },
	{ "could not translate host name",
	  "check the spelling of the host (-h or PGHOST)" },
	{ "timeout expired",
	  "usual causes: the warehouse is not publicly accessible; no inbound "
	  "rule of its security group lets your address in at this port; there "
	  "is no route, or the VPN is off (a way round: --ssh HOST); it is "
	  "paused (redsh --warehouses)" },
	{ "Connection refused", "check host and port (-h, -p)" },
	{ "does not exist", "choose another with -d or \\c" },
};

static void explain(PGconn *conn, struct str *out_why, struct err *err)
{
	const char *text = PQerrorMessage(conn);
	enum err_kind kind = ERR_NETWORK;
	CLEANUP(str_done) struct str clean = STR_EMPTY;

	str_add(&clean, text);
	str_trim_end(&clean);
	if (out_why)
		str_add(out_why, clean.text);
	if (strstr(text, "authentication") || strstr(text, "password"))
		kind = ERR_AUTH;
	err_set(err, kind, "%s", clean.text);
	for (size_t i = 0; i < COUNT_OF(hints); i++)
		if (strstr(text, hints[i].words)) {
			err_hint(err, "%s", hints[i].hint);
			return;
		}
}

static void on_notice(void *context, const PGresult *result)
{
	struct db *db = context;
	CLEANUP(dberr_freep) struct dberr *notice = NULL;

	if (!db->notice)
		return;
	notice = dberr_new();
	dberr_borrow_result(notice, result);
	db->notice(db->notice_context, notice);
}

static struct db *db_new(PGconn *conn, const struct dsn *dsn, int stop_fd)
{
	struct db *db = mem_alloc(sizeof(*db));

	db->conn = conn;
	db->wire = wire_new(conn);
	db->dsn = dsn_copy(dsn);
	db->stop_fd = stop_fd;
	db->news_fd = -1;
	PQsetnonblocking(conn, 1);
	PQsetNoticeReceiver(conn, on_notice, db);
	log_debug(LOG_DB, "connected to %s port %s database %s as %s",
		  db_host(db), db_port(db), db_name(db), db_user(db));
	return db;
}

struct db *db_open_asking(const struct dsn *dsn,
			  const struct db_options *options,
			  struct str *out_user, struct str *out_why,
			  struct err *err)
{
	PGconn *conn = attempt_connect(dsn, options, err);
	struct db *db = NULL;

	if (!conn) {
		if (out_why && err)
			str_add(out_why, err->message);
		return NULL;
	}
	if (PQstatus(conn) == CONNECTION_OK)
		return db_new(conn, dsn, options->stop_fd);
	if (PQconnectionNeedsPassword(conn) && !dsn_get(dsn, "password"))
		str_add(out_user, PQuser(conn) ? PQuser(conn) : "");
	explain(conn, out_why, err);
	PQfinish(conn);
	return db;
}

struct db *db_open(const struct dsn *dsn, const struct db_options *options,
		   struct str *out_why, struct err *err)
{
	CLEANUP(str_done) struct str user = STR_EMPTY;

	return db_open_asking(dsn, options, &user, out_why, err);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	wire_free(db->wire);
	map_free(db->told);
	if (db->notification)
		PQfreemem(db->notification);
	PQfinish(db->conn);
	dsn_free(db->dsn);
	mem_free(db);
}

bool db_is_alive(const struct db *db)
{
	return db->conn && PQstatus(db->conn) == CONNECTION_OK;
}

enum db_transaction db_transaction(const struct db *db)
{
	switch (PQtransactionStatus(db->conn)) {
	case PQTRANS_IDLE:
		return DB_IDLE;
	case PQTRANS_ACTIVE:
		return DB_ACTIVE;
	case PQTRANS_INTRANS:
		return DB_IN_BLOCK;
	case PQTRANS_INERROR:
		return DB_IN_FAILED_BLOCK;
	case PQTRANS_UNKNOWN:
		break;
	}
	return DB_UNKNOWN;
}

static const char *text_or_nothing(const char *text)
{
	return text ? text : "";
}

const char *db_host(const struct db *db)
{
	return text_or_nothing(PQhost(db->conn));
}

const char *db_host_address(const struct db *db)
{
	return text_or_nothing(PQhostaddr(db->conn));
}

const char *db_port(const struct db *db)
{
	return text_or_nothing(PQport(db->conn));
}

const char *db_name(const struct db *db)
{
	return text_or_nothing(PQdb(db->conn));
}

const char *db_user(const struct db *db)
{
	return text_or_nothing(PQuser(db->conn));
}

int db_encoding_id(const struct db *db)
{
	return db_is_alive(db) ? PQclientEncoding(db->conn) : -1;
}

const char *db_encoding(const struct db *db)
{
	if (!db_is_alive(db))
		return "";
	return text_or_nothing(pg_encoding_to_char(PQclientEncoding(db->conn)));
}

int db_backend_pid(const struct db *db)
{
	return PQbackendPID(db->conn);
}

int db_server_version(const struct db *db)
{
	return PQserverVersion(db->conn);
}

/* A parameter that stood between rows, where libpq does not look. It counts
 * until libpq hears something newer. */
struct told {
	char *value;
	char *before; /* libpq's value then; NULL: none */
};

static void told_free(void *value)
{
	struct told *told = value;

	mem_free(told->value);
	mem_free(told->before);
	mem_free(told);
}

void db_note_parameter(struct db *db, const char *name, const char *value)
{
	struct told *told = mem_alloc(sizeof(*told));

	told->value = mem_copy_text(value);
	told->before = mem_copy_text(PQparameterStatus(db->conn, name));
	if (!db->told)
		db->told = map_new(told_free);
	map_put(db->told, name, told);
}

const char *db_parameter(const struct db *db, const char *name)
{
	const char *known = PQparameterStatus(db->conn, name);
	const struct told *told = db->told ? map_get(db->told, name) : NULL;

	if (!told || !known != !told->before)
		return known;
	return !known || strcmp(known, told->before) == 0 ? told->value : known;
}

const char *db_tls_attribute(const struct db *db, const char *name)
{
	if (!db->conn || !PQsslInUse(db->conn))
		return NULL;
	return PQsslAttribute(db->conn, name);
}

bool db_is_redshift(const struct db *db)
{
	/* wire.md: names that no PostgreSQL reports. */
	static const char *const names[] = {
		"padb_revision",           "padb_version",
		"server_protocol_version", "datashare_enabled",
		"external_database",       "show_discovery",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (db_parameter(db, names[i]))
			return true;
	return db_server_version(db) == 80002;
}

bool db_backslash_escapes(const struct db *db)
{
	const char *value = db_parameter(db, "standard_conforming_strings");

	return !value || strcmp(value, "on") != 0;
}

int db_char_len(const char *text, int encoding_id)
{
	return PQmblen(text, encoding_id);
}

int db_char_width(const char *text, int encoding_id)
{
	return PQdsplen(text, encoding_id);
}

bool db_next_notification(struct db *db, struct db_notification *out)
{
	if (db->notification)
		PQfreemem(db->notification);
	db->notification = NULL;
	/* What came before the last answer's end has been read with it, and
	 * costs no look at the socket. */
	if (!db_is_alive(db))
		return false;
	db->notification = PQnotifies(db->conn);
	if (!db->notification)
		return false;
	out->channel = db->notification->relname;
	out->payload = db->notification->extra;
	out->pid = db->notification->be_pid;
	return true;
}

int db_library_version(void)
{
	return PQlibVersion();
}

bool db_takes_e_strings(const struct db *db)
{
	return db_parameter(db, "standard_conforming_strings") != NULL;
}

const struct dsn *db_dsn(const struct db *db)
{
	return db->dsn;
}

void db_on_notice(struct db *db,
		  void (*notice)(void *context, const struct dberr *notice),
		  void *context)
{
	db->notice = notice;
	db->notice_context = context;
}

void db_on_cancelling(struct db *db, void (*cancelling)(void *context),
		      void *context)
{
	db->cancelling = cancelling;
	db->cancelling_context = context;
}

void db_on_news(struct db *db, int fd, void (*news)(void *context),
		void *context)
{
	db->news_fd = fd;
	db->news = news;
	db->news_context = context;
}

bool db_set_encoding(struct db *db, const char *name, struct err *err)
{
	bool ok;

	/* This one waits for its answer inside libpq. */
	PQsetnonblocking(db->conn, 0);
	ok = PQsetClientEncoding(db->conn, name) == 0;
	PQsetnonblocking(db->conn, 1);
	if (ok)
		return true;
	return err_set(err, ERR_USAGE,
		       "%s: invalid encoding name or conversion procedure not "
		       "found",
		       name);
}

bool db_hash_password(struct db *db, const char *user, const char *password,
		      struct str *out, struct err *err)
{
	/* Redshift knows md5 only (wire.md); others are asked which they
	 * use, which waits for the answer inside libpq. */
	const char *method = db_is_redshift(db) ? "md5" : NULL;
	char *hash;

	PQsetnonblocking(db->conn, 0);
	hash = PQencryptPasswordConn(db->conn, password, user, method);
	PQsetnonblocking(db->conn, 1);
	if (!hash)
		return err_set(err, ERR_SERVER, "%s", PQerrorMessage(db->conn));
	str_add(out, hash);
	PQfreemem(hash);
	return true;
}
