#include "sandbox/quicksight/qs_warehouse.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/dberr.h"
#include "db/dsn.h"
#include "db/exec.h"
#include "db/result.h"
#include "sandbox/account/account.h"
#include "sandbox/account/warehouse.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_secrets.h"

enum {
	PASSWORD_BYTES = 48,
	LOGIN_MS = 15 * 60 * 1000, /* of a password by IAM */
};

#define REDSHIFT "DataSourceParameters.RedshiftParameters."
#define IAM REDSHIFT "IAMParameters."

/* --- who --- */

static bool refuse(struct err *err, const char *type, const char *message)
{
	return s3_call_refuse(err, type, "%s", message);
}

static bool by_pair(const struct json *source, struct dsn *dsn)
{
	const char *user =
		json_text(source, "Credentials.CredentialPair.Username", NULL);

	if (user == NULL)
		return false;
	dsn_set(dsn, "user", user);
	dsn_set(dsn, "password",
		json_text(source, "Credentials.CredentialPair.Password", ""));
	return true;
}

static bool by_secret(const struct qs *qs, const char *arn, struct dsn *dsn,
		      struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *secret = NULL;
	struct err why = ERR_EMPTY;

	if (!api_secrets_read(qs->options, arn, &text, &why))
		return s3_call_refuse(err, "ACCESS_DENIED",
				      "The secret %s cannot be read: %s", arn,
				      why.message);
	secret = json_parse(text.text, text.len, NULL);
	mem_wipe(text.text, text.len);
	if (json_text(secret, "username", NULL) == NULL ||
	    json_text(secret, "password", NULL) == NULL)
		return s3_call_refuse(err, "ACCESS_DENIED",
				      "The secret %s has no username and "
				      "password",
				      arn);
	dsn_set(dsn, "user", json_text(secret, "username", ""));
	dsn_set(dsn, "password", json_text(secret, "password", ""));
	return true;
}

static void add_groups(const struct json *source, struct str *out)
{
	const struct json *list = json_at(source, IAM "DatabaseGroups");

	for (size_t i = 0; i < json_count(list); i++)
		str_addf(out, "%s%s", i == 0 ? "" : ",",
			 json_text(json_item(list, i), NULL, ""));
}

/* What GetClusterCredentials would give to the role. */
static bool by_role(const struct qs *qs, const struct json *source,
		    struct dsn *dsn, struct err *err)
{
	const char *arn = json_text(source, IAM "RoleArn", "");
	const struct identity *identity = qs->options->identity;
	const struct identity_role *role = identity_role(identity, arn);
	bool create = json_bool(source, IAM "AutoCreateDatabaseUser", false);
	unsigned char random[PASSWORD_BYTES];
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	struct s3_http_grant grant = {
		.expires_ms = clock_wall_ms() + LOGIN_MS,
		.auto_create = create,
	};

	if (role == NULL ||
	    !account_trusts(identity, role, "quicksight.amazonaws.com"))
		return s3_call_refuse(err, "ACCESS_DENIED",
				      "QuickSight may not assume the role %s",
				      arn);
	hash_random(random, sizeof(random));
	encode_base64(&password, random, sizeof(random));
	str_addf(&user, "%s:%s", create ? "IAMA" : "IAM",
		 json_text(source, IAM "DatabaseUser", "quicksight"));
	add_groups(source, &groups);
	grant.user = user.text;
	grant.password = password.text;
	grant.groups = groups.len > 0 ? groups.text : NULL;
	if (qs->options->grant == NULL ||
	    !qs->options->grant(qs->options->grant_context, &grant, err))
		return refuse(err, "ACCESS_DENIED",
			      "The role gets no password of the warehouse");
	dsn_set(dsn, "user", user.text);
	dsn_set(dsn, "password", password.text);
	mem_wipe(password.text, password.len);
	return true;
}

static bool set_user(const struct qs *qs, const struct json *source,
		     struct dsn *dsn, struct err *err)
{
	const char *secret = json_text(source, "Credentials.SecretArn", NULL);

	if (by_pair(source, dsn))
		return true;
	if (secret != NULL)
		return by_secret(qs, secret, dsn, err);
	if (json_at(source, REDSHIFT "IAMParameters") != NULL)
		return by_role(qs, source, dsn, err);
	return refuse(err, "ACCESS_DENIED",
		      "The data source has no credentials");
}

/* --- where --- */

static bool is_here(const char *host, const struct identity *identity)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "::1" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(host, names[i]) == 0)
			return true;
	return strcmp(host, identity->host) == 0;
}

static bool is_cluster(const struct qs *qs, const char *name)
{
	CLEANUP(json_freep) struct json *made = warehouse_read(
		qs->options->dir, WAREHOUSE_CLUSTER, name);

	return made != NULL || strcmp(name, IDENTITY_CLUSTER) == 0;
}

static bool set_place(const struct qs *qs, const struct json *source,
		      struct dsn *dsn, struct err *err)
{
	const struct identity *identity = qs->options->identity;
	const char *host = json_text(source, REDSHIFT "Host", NULL);
	const char *cluster = json_text(source, REDSHIFT "ClusterId", NULL);
	int64_t port = json_number(source, REDSHIFT "Port", 0);
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (host == NULL && !is_cluster(qs, cluster))
		return s3_call_refuse(err, "UNKNOWN_HOST",
				      "There is no cluster %s", cluster);
	if (host != NULL && strspn(host, "0123456789.") == strlen(host) &&
	    !is_here(host, identity))
		return s3_call_refuse(
			err, "TIMEOUT",
			"%s did not answer: QuickSight's addresses must be "
			"let in by the security group of the cluster, or a VPC "
			"connection given",
			host);
	if (host != NULL && !is_here(host, identity))
		return s3_call_refuse(err, "UNKNOWN_HOST",
				      "The host %s is not known", host);
	str_addf(&text, "%" PRId64, host == NULL ? identity->port : port);
	dsn_set(dsn, "hostaddr", host != NULL && strcmp(host, "::1") == 0
					 ? "::1"
					 : "127.0.0.1");
	dsn_set(dsn, "host", host == NULL ? "localhost" : host);
	dsn_set(dsn, "port", text.text);
	return true;
}

/* What libpq would look for at home or in the environment is not the data
 * source's. */
static void set_rest(const struct qs *qs, const struct json *source,
		     struct dsn *dsn)
{
	CLEANUP(str_done) struct str none = STR_EMPTY;
	CLEANUP(str_done) struct str roots = STR_EMPTY;
	bool plain = json_bool(source, "SslProperties.DisableSsl", false);

	path_join(qs->options->dir, "no-such-file", &none);
	path_join(qs->options->dir, "ca.pem", &roots);
	dsn_set(dsn, "dbname", json_text(source, REDSHIFT "Database", ""));
	dsn_set(dsn, "sslmode", plain ? "disable" : "verify-ca");
	dsn_set(dsn, "sslrootcert", roots.text);
	dsn_set(dsn, "sslcert", none.text);
	dsn_set(dsn, "sslkey", none.text);
	dsn_set(dsn, "passfile", none.text);
	dsn_set(dsn, "gssencmode", "disable");
	dsn_set(dsn, "connect_timeout", "15");
	dsn_set(dsn, "client_encoding", "UTF8");
}

/* --- the connection --- */

static bool explain(const struct err *why, struct err *err)
{
	static const struct {
		const char *text; /* of the server's or libpq's message */
		const char *type;
	} types[] = {
		{ "password authentication failed", "ACCESS_DENIED" },
		{ "no password", "ACCESS_DENIED" },
		{ "permission denied", "ACCESS_DENIED" },
		{ "does not exist", "GENERIC_SQL_FAILURE" },
		{ "FATAL", "GENERIC_SQL_FAILURE" },
		{ "timeout", "TIMEOUT" },
		{ "refused", "TIMEOUT" },
	};

	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strstr(why->message, types[i].text) != NULL)
			return refuse(err, types[i].type, why->message);
	return refuse(err, "UNKNOWN", why->message);
}

struct db *qs_warehouse_open(const struct qs *qs, const struct json *source,
			     struct err *err)
{
	struct db_options options = {
		.stop_fd = qs->stop_fd,
		.application_name = "QuickSight",
	};
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();
	struct err why = ERR_EMPTY;
	struct db *db;

	if (!set_place(qs, source, dsn, err) ||
	    !set_user(qs, source, dsn, err))
		return NULL;
	set_rest(qs, source, dsn);
	db = db_open(dsn, &options, NULL, &why);
	if (db == NULL) {
		explain(&why, err);
		return NULL;
	}
	if (exec_run(db, "set statement_timeout to 120000", NULL, &why))
		return db;
	refuse(err, "GENERIC_SQL_FAILURE", why.message);
	db_close(db);
	return NULL;
}

static bool take_rows(struct rows *rows, qs_warehouse_row *row, void *context,
		      struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		if (!row(context, rows, values, err))
			return false;
	return step == ROWS_END;
}

bool qs_warehouse_run(struct db *db, const char *sql, qs_warehouse_row *row,
		      void *context, struct err *err)
{
	CLEANUP(exec_freep) struct exec *exec = exec_start(db, sql, err);
	bool done = exec != NULL;
	struct result *result;

	if (!done)
		return false;
	exec_stream(exec);
	while ((result = exec_next(exec)) != NULL) {
		if (done && result_kind(result) == RESULT_ROWS)
			done = take_rows(result_rows(result), row, context,
					 err);
		else if (result_kind(result) == RESULT_ERROR)
			done = false;
		if (result_error(result) != NULL) {
			dberr_to_err(result_error(result), err);
			done = false;
		}
		result_free(result);
	}
	return done;
}

struct json *qs_warehouse_source(const struct qs *qs, const char *arn,
				 struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct json *source = NULL;
	struct qs_key key = { .kind = "datasource" };

	if (qs_read_arn(arn, key.kind, &region, &id)) {
		key.parent = region.text;
		key.id = id.text;
		source = qs_store_get(qs->store, key, NULL);
	}
	if (source == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "DataSource %s does not exist", arn);
	return source;
}

/* Of a Redshift source: dates are DATETIME, times of day text. */
const char *qs_warehouse_type(uint32_t oid, int kind)
{
	enum { TIMESTAMP = 1114, TIMESTAMP_TZ = 1184 };

	switch ((enum rows_kind)kind) {
	case ROWS_INTEGER:
		return "INTEGER";
	case ROWS_DECIMAL:
	case ROWS_FLOAT:
		return "DECIMAL";
	case ROWS_DATE:
		return "DATETIME";
	case ROWS_TIME:
		return oid == TIMESTAMP || oid == TIMESTAMP_TZ ? "DATETIME"
							       : "STRING";
	case ROWS_BOOL:
		return "BIT";
	case ROWS_JSON:
		return "SEMISTRUCT";
	case ROWS_TEXT:
	case ROWS_BYTES:
		return "STRING";
	}
	return "STRING";
}
