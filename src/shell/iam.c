#include "shell/iam.h"

#include <string.h>

#include "aws/redshift.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "db/dsn.h"
#include "shell/cmdline.h"
#include "shell/session_state.h"

unsigned iam_cluster_len(const char *host)
{
	if (!dsn_host_is_redshift(host) || strstr(host, "-serverless."))
		return 0;
	return (unsigned)strcspn(host, ".");
}

static bool find_name(const struct session *session, const struct dsn *dsn,
		      struct str *out, struct err *err)
{
	const char *name = cmdline_value(session->cmdline, OPTION_CLUSTER);
	CLEANUP(str_done) struct str host = STR_EMPTY;

	if (name) {
		str_add(out, name);
		return true;
	}
	if (dsn_effective(dsn, "host", &host) && iam_cluster_len(host.text)) {
		str_add_slice(out, host.text, iam_cluster_len(host.text));
		return true;
	}
	err_set(err, ERR_USAGE, "--iam needs to know which cluster");
	return err_hint(err, "add --cluster NAME, or -h with the cluster's "
			     "own host name");
}

/* What the cluster says about itself, where nobody said otherwise. */
static bool fill_address(struct aws *aws, const char *name, struct dsn *dsn,
			 struct err *err)
{
	CLEANUP(redshift_clusters_done) struct redshift_clusters found = { 0 };
	CLEANUP(str_done) struct str port = STR_EMPTY;
	const struct redshift_cluster *cluster;

	if (dsn_get(dsn, "host") && dsn_get(dsn, "dbname"))
		return true;
	if (!redshift_describe(aws, name, &found, err))
		return false;
	if (found.count == 0)
		return err_set(err, ERR_MISSING, "no cluster %s", name);
	cluster = &found.items[0];
	if (!cluster->address || !*cluster->address) {
		err_set(err, ERR_USAGE, "cluster %s is %s and has no address",
			name, cluster->status);
		return err_hint(err, "wait until it is available");
	}
	if (!dsn_get(dsn, "host")) {
		dsn_set(dsn, "host", cluster->address);
		str_addf(&port, "%d", cluster->port);
		dsn_set(dsn, "port", port.text);
	}
	if (!dsn_get(dsn, "dbname"))
		dsn_set(dsn, "dbname", cluster->database);
	if (!dsn_get(dsn, "user"))
		dsn_set(dsn, "user", cluster->master_user);
	return true;
}

bool iam_fill(struct session *session, struct dsn *dsn, struct err *err)
{
	CLEANUP(redshift_login_done)
	struct redshift_login login = REDSHIFT_LOGIN_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str database = STR_EMPTY;
	struct redshift_login_options options = { 0 };
	struct aws *aws;

	if (!find_name(session, dsn, &name, err))
		return false;
	aws = session_aws(session, err);
	if (!aws || !fill_address(aws, name.text, dsn, err))
		return false;
	if (!dsn_effective(dsn, "user", &user))
		return err_set(err, ERR_USAGE,
			       "--iam needs a database user (-U)");
	options.cluster = name.text;
	options.user = user.text;
	if (dsn_effective(dsn, "dbname", &database))
		options.database = database.text;
	if (!redshift_get_login(aws, &options, &login, err))
		return err_wrap(err, "logging in to cluster %s", name.text);
	dsn_set(dsn, "user", login.user.text);
	dsn_set(dsn, "password", secret_text(&login.password));
	return true;
}

bool iam_renew(struct session *session, struct dsn *dsn, struct err *err)
{
	const char *user = dsn_get(dsn, "user");

	/* GetClusterCredentials answers IAM:name, or IAMA:name. */
	if (user && str_starts(user, "IAM:"))
		dsn_set(dsn, "user", user + strlen("IAM:"));
	else if (user && str_starts(user, "IAMA:"))
		dsn_set(dsn, "user", user + strlen("IAMA:"));
	dsn_set(dsn, "password", NULL);
	return iam_fill(session, dsn, err);
}
