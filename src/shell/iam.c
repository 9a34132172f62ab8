#include "shell/iam.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/redshift.h"
#include "aws/secretsmanager.h"
#include "aws/serverless.h"
#include "aws/fleet.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/vec.h"
#include "db/dsn.h"
#include "shell/cmdline.h"
#include "shell/connect.h"
#include "shell/iam_plan.h"
#include "shell/session_state.h"
#include "shell/warehouses.h"

enum {
	MARGIN_MS = 90 * 1000, /* as good as expired before its end */
	SECRET_MS = 15 * 60 * 1000,
};

struct kept {
	char *key;
	struct redshift_login login;
};

struct iam {
	pthread_mutex_t lock; /* guards what follows */
	struct {
		VEC(struct kept);
	} kept;
	struct aws *aws; /* borrowed: the session's or own */

	/* of the UI thread */
	struct aws *own; /* with a profile or endpoint of a dsn; NULL: none */
	struct str own_name;
};

struct iam *iam_new(void)
{
	struct iam *iam = mem_alloc(sizeof(*iam));

	pthread_mutex_init(&iam->lock, NULL);
	iam->own_name = (struct str)STR_EMPTY;
	return iam;
}

static void kept_done(struct kept *kept)
{
	mem_free(kept->key);
	redshift_login_done(&kept->login);
}

static void forget_all(struct iam *iam)
{
	for (size_t i = 0; i < iam->kept.count; i++)
		kept_done(&iam->kept.items[i]);
	vec_clear(&iam->kept);
}

void iam_free(struct iam *iam)
{
	if (!iam)
		return;
	forget_all(iam);
	vec_done(&iam->kept);
	worker_free(iam->own);
	str_done(&iam->own_name);
	pthread_mutex_destroy(&iam->lock);
	mem_free(iam);
}

static bool says(const struct dsn *dsn, const char *keyword, const char *word)
{
	const char *value = dsn_get(dsn, keyword);

	return value && strcmp(value, word) == 0;
}

bool iam_wanted(const struct dsn *dsn)
{
	if (says(dsn, "iam", "true") || dsn_get(dsn, "secret"))
		return true;
	return !says(dsn, "iam", "false") && !dsn_get(dsn, "password") &&
	       (dsn_get(dsn, "cluster_identifier") ||
		dsn_get(dsn, "serverless_work_group"));
}

/* ---- whom to ask ---- */

static struct aws *own_aws(struct session *session, const struct dsn *dsn,
			   struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;
	struct iam *iam = session->iam;
	const char *profile = dsn_get(dsn, "profile");
	const char *endpoint = dsn_get(dsn, "endpoint_url");
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct worker_options options = {
		.profile = profile,
		.region = cmdline_value(cmdline, OPTION_REGION),
		.fallback_region = dsn_get(dsn, "region"),
		.endpoint_url = endpoint,
		.cache_path = "",
	};

	str_addf(&name, "%s\n%s", profile ? profile : "",
		 endpoint ? endpoint : "");
	if (iam->own && strcmp(iam->own_name.text, name.text) == 0)
		return iam->own;
	/* The catalog's thread may be asking it just now. */
	if (iam->own)
		connect_close_catalog(session);
	pthread_mutex_lock(&iam->lock);
	if (iam->aws == iam->own)
		iam->aws = NULL;
	forget_all(iam);
	pthread_mutex_unlock(&iam->lock);
	worker_free(iam->own);
	iam->own = worker_new(session->aws, &options, err);
	str_set(&iam->own_name, name.text);
	return iam->own;
}

struct aws *iam_aws(struct session *session, const struct dsn *dsn,
		    struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;
	bool has_own = (dsn_get(dsn, "profile") &&
			!cmdline_has(cmdline, OPTION_PROFILE)) ||
		       (dsn_get(dsn, "endpoint_url") &&
			!cmdline_has(cmdline, OPTION_ENDPOINT));

	return has_own ? own_aws(session, dsn, err)
		       : session_aws(session, err);
}

struct aws *iam_own_aws(const struct iam *iam)
{
	return iam->own;
}

bool iam_use(struct session *session, const struct dsn *dsn, struct err *err)
{
	struct aws *aws = iam_aws(session, dsn, err);

	if (!aws)
		return false;
	pthread_mutex_lock(&session->iam->lock);
	session->iam->aws = aws;
	pthread_mutex_unlock(&session->iam->lock);
	return true;
}

/* The catalog's thread may be asking just now. */
void iam_forget(struct session *session)
{
	struct iam *iam = session->iam;

	if (iam->aws == NULL || iam->aws != session->aws)
		return;
	connect_close_catalog(session);
	pthread_mutex_lock(&iam->lock);
	iam->aws = NULL;
	forget_all(iam);
	pthread_mutex_unlock(&iam->lock);
}

/* ---- the login ---- */

static bool is_good(const struct kept *kept)
{
	return kept->login.expires_ms - MARGIN_MS > clock_wall_ms();
}

static void put_into(const struct redshift_login *login, struct dsn *full)
{
	dsn_set(full, "user", login->user.text);
	dsn_set(full, "password", secret_text(&login->password));
}

/* Drops what is over; false: there is none for key. */
static bool find_kept(struct iam *iam, const char *key, bool fresh,
		      struct dsn *full)
{
	bool found = false;

	for (size_t i = iam->kept.count; i-- > 0;) {
		struct kept *kept = &iam->kept.items[i];
		bool mine = strcmp(kept->key, key) == 0;

		if ((mine && fresh) || !is_good(kept)) {
			kept_done(kept);
			vec_remove(&iam->kept, i);
		} else if (mine) {
			put_into(&kept->login, full);
			found = true;
		}
	}
	return found;
}

/* Its password has no end that is told: it is looked up anew after a while, or
 * when it is refused. */
static bool fetch_secret(const struct dsn *dsn, struct aws *aws, int stop_fd,
			 struct redshift_login *out, struct err *err)
{
	CLEANUP(secretsmanager_login_done)
	struct secretsmanager_login found = SECRETSMANAGER_LOGIN_EMPTY;

	if (!secretsmanager_get_login(aws, dsn_get(dsn, "region"),
				      dsn_get(dsn, "secret"), stop_fd, &found,
				      err))
		return false;
	str_set(&out->user, found.user.text);
	secret_copy(&out->password, &found.password);
	out->expires_ms = clock_wall_ms() + SECRET_MS;
	return true;
}

static bool fetch(const struct dsn *dsn, const struct iam_plan *plan,
		  struct aws *aws, int stop_fd, struct redshift_login *out,
		  struct err *err)
{
	if (dsn_get(dsn, "secret"))
		return fetch_secret(dsn, aws, stop_fd, out, err);
	return iam_plan_fetch(plan, aws, stop_fd, out, err);
}

static bool make_key(const struct dsn *dsn, struct iam_plan *plan,
		     struct str *out, struct err *err)
{
	const char *secret = dsn_get(dsn, "secret");

	if (secret)
		str_addf(out, "secret\n%s", secret);
	else if (!iam_plan_make(dsn, plan, err))
		return false;
	else
		iam_plan_add_key(plan, out);
	return true;
}

bool iam_login(struct iam *iam, const struct dsn *dsn,
	       const struct iam_want *want, struct dsn *full, bool *out_kept,
	       struct err *err)
{
	CLEANUP(iam_plan_done) struct iam_plan plan = IAM_PLAN_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct kept fresh = { .login = REDSHIFT_LOGIN_EMPTY };
	bool no_cache = says(dsn, "iam_disable_cache", "true");
	struct aws *aws;

	if (!make_key(dsn, &plan, &key, err))
		return false;
	pthread_mutex_lock(&iam->lock);
	*out_kept = find_kept(iam, key.text, want->fresh || no_cache, full);
	aws = iam->aws;
	pthread_mutex_unlock(&iam->lock);
	if (*out_kept)
		return true;
	if (!aws)
		return err_set(err, ERR_CANCELLED,
			       "the AWS identity has changed");
	if (!fetch(dsn, &plan, aws, want->stop_fd, &fresh.login, err)) {
		redshift_login_done(&fresh.login);
		return false;
	}
	put_into(&fresh.login, full);
	fresh.key = str_take(&key);
	pthread_mutex_lock(&iam->lock);
	vec_push(&iam->kept, fresh);
	pthread_mutex_unlock(&iam->lock);
	return true;
}

/* ---- where it is ---- */

static void set_address(struct dsn *dsn, const char *host, int port)
{
	CLEANUP(str_done) struct str number = STR_EMPTY;

	if (dsn_get(dsn, "host"))
		return;
	str_addf(&number, "%d", port);
	dsn_set(dsn, "host", host);
	if (!dsn_get(dsn, "port"))
		dsn_set(dsn, "port", number.text);
}

static bool has_database(const struct dsn *dsn)
{
	return dsn_get(dsn, "dbname") || getenv("PGDATABASE");
}

/* Others can be logged in to, or so it is tried. */
static bool is_away(const char *address, const char *status)
{
	static const char *const words[] = { "paus", "resum", "creat", "delet",
					     "hibernat" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strncasecmp(status, words[i], strlen(words[i])) == 0)
			return true;
	return !*address;
}

static bool complete_cluster(struct session *session, struct aws *aws,
			     const struct iam_plan *plan, struct dsn *dsn,
			     struct err *err)
{
	CLEANUP(redshift_clusters_done) struct redshift_clusters found = { 0 };
	const struct redshift_cluster *cluster;
	const char *region = plan->region.len ? plan->region.text : NULL;

	if (!redshift_describe(aws, region, plan->name.text, &found, err))
		return false;
	if (found.count == 0)
		return err_set(err, ERR_MISSING, "no cluster %s",
			       plan->name.text);
	cluster = &found.items[0];
	if (is_away(cluster->address, cluster->status)) {
		if (!warehouses_wait(session, aws, plan, cluster->status, err))
			return false;
		redshift_clusters_done(&found);
		if (!redshift_describe(aws, region, plan->name.text, &found,
				       err))
			return false;
		cluster = &found.items[0];
	}
	set_address(dsn, cluster->address, cluster->port);
	if (!has_database(dsn))
		dsn_set(dsn, "dbname", cluster->database);
	return true;
}

static bool complete_workgroup(struct session *session, struct aws *aws,
			       const struct iam_plan *plan, struct dsn *dsn,
			       struct err *err)
{
	CLEANUP(serverless_done) struct serverless_workgroups found = { 0 };
	CLEANUP(str_done) struct str database = STR_EMPTY;
	const struct serverless_workgroup *workgroup;
	const char *region = plan->region.len ? plan->region.text : NULL;

	if (!serverless_get(aws, region, plan->name.text, &found, err))
		return false;
	workgroup = &found.items[0];
	if (is_away(workgroup->address, workgroup->status)) {
		if (!warehouses_wait(session, aws, plan, workgroup->status,
				     err))
			return false;
		serverless_done(&found);
		if (!serverless_get(aws, region, plan->name.text, &found, err))
			return false;
		workgroup = &found.items[0];
	}
	set_address(dsn, workgroup->address, workgroup->port);
	/* Who may not ask for that gets the usual one. */
	if (!has_database(dsn) &&
	    serverless_database(aws, region, workgroup->space, &database,
				NULL))
		dsn_set(dsn, "dbname", database.text);
	return true;
}

/* Who may not ask which cluster it is logs in by the domain itself. */
static bool find_domain(struct aws *aws, struct iam_plan *plan,
			struct dsn *dsn, struct err *err)
{
	const char *region = plan->region.len ? plan->region.text : NULL;
	struct err failed = ERR_EMPTY;

	if (plan->serverless || plan->domain.len == 0)
		return true;
	if (redshift_of_domain(aws, region, plan->domain.text, &plan->name,
			       &failed)) {
		dsn_set(dsn, "cluster_identifier", plan->name.text);
		return true;
	}
	if (str_starts(failed.code, "AccessDenied"))
		return true;
	*err = failed;
	return err_hint(err, "name it with --cluster or --workgroup, and "
			     "--region");
}

/* The API knows why nobody answers. */
bool iam_wait(struct session *session, const struct dsn *dsn, struct err *err)
{
	CLEANUP(iam_plan_done) struct iam_plan plan = IAM_PLAN_EMPTY;
	CLEANUP(str_done) struct str status = STR_EMPTY;
	struct aws *aws = iam_aws(session, dsn, NULL);
	struct err failed = ERR_EMPTY;

	if (!aws || !iam_plan_make(dsn, &plan, NULL) || plan.name.len == 0 ||
	    !fleet_status(aws, plan.region.len ? plan.region.text : NULL,
			      plan.serverless, plan.name.text, &status, NULL) ||
	    !is_away("known", status.text))
		return false;
	if (warehouses_wait(session, aws, &plan, status.text, &failed))
		return true;
	*err = failed;
	return false;
}

/* What the secret says and nobody else; its own cluster is asked for the
 * address only where it names no host. */
static bool complete_by_secret(struct aws *aws, struct dsn *dsn,
			       struct err *err)
{
	CLEANUP(secretsmanager_login_done)
	struct secretsmanager_login found = SECRETSMANAGER_LOGIN_EMPTY;

	if (!secretsmanager_get_login(aws, dsn_get(dsn, "region"),
				      dsn_get(dsn, "secret"), -1, &found, err))
		return false;
	if (!has_database(dsn))
		dsn_set(dsn, "dbname", found.database.text);
	if (dsn_get(dsn, "host") || dsn_get(dsn, "cluster_identifier") ||
	    dsn_get(dsn, "serverless_work_group"))
		return true;
	if (found.host.len > 0)
		set_address(dsn, found.host.text,
			    found.port > 0 ? found.port : 5439);
	else
		dsn_set(dsn, "cluster_identifier", found.cluster.text);
	return true;
}

static bool no_address(const struct dsn *dsn, struct err *err)
{
	err_set(err, ERR_USAGE, "secret %s does not say where the warehouse is",
		dsn_get(dsn, "secret"));
	return err_hint(err, "add -h HOST, --cluster NAME or --workgroup NAME");
}

bool iam_complete(struct session *session, struct dsn *dsn, struct err *err)
{
	CLEANUP(iam_plan_done) struct iam_plan plan = IAM_PLAN_EMPTY;
	struct err failed = ERR_EMPTY;
	bool by_secret = dsn_get(dsn, "secret") != NULL;
	struct aws *aws = iam_aws(session, dsn, err);
	bool ok;

	if (!aws || (by_secret && !complete_by_secret(aws, dsn, err)))
		return false;
	if (by_secret && dsn_get(dsn, "host") && has_database(dsn))
		return true;
	if (!iam_plan_make(dsn, &plan, err))
		return by_secret ? no_address(dsn, err) : false;
	if (!find_domain(aws, &plan, dsn, err))
		return false;
	if (dsn_get(dsn, "host") && has_database(dsn))
		return true;
	ok = plan.name.len > 0 &&
	     (plan.serverless
		      ? complete_workgroup(session, aws, &plan, dsn, &failed)
		      : complete_cluster(session, aws, &plan, dsn, &failed));
	if (!ok && !dsn_get(dsn, "host")) {
		*err = failed;
		return err_wrap(err, "looking for %s %s",
				plan.serverless ? "workgroup" : "cluster",
				plan.name.text);
	}
	if (!has_database(dsn))
		dsn_set(dsn, "dbname", "dev");
	return true;
}
