#include "aws/quicksight_source.h"

#include <string.h>

#include "aws/quicksight.h"
#include "aws/quicksight_cause.h"
#include "aws/quicksight_user.h"
#include "aws/redshift.h"
#include "aws/serverless.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/url.h"

static const char parameters[] = "DataSourceParameters.RedshiftParameters";

void quicksight_source_done(struct quicksight_source *source)
{
	str_done(&source->arn);
	str_done(&source->id);
	str_done(&source->name);
}

/* --- one that is there --- */

struct search {
	const struct quicksight_warehouse *warehouse;
	const char *own_id;
	struct quicksight_source *out;
	struct str status;
};

static const char *cluster_of(const struct quicksight_warehouse *warehouse)
{
	return warehouse->is_far ? NULL : warehouse->cluster;
}

static bool is_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && str_equal_nocase(a, b);
}

static bool is_same_place(const struct json *source,
			  const struct quicksight_warehouse *warehouse)
{
	const struct json *at = json_at(source, parameters);
	const char *database = json_text(at, "Database", NULL);

	return database != NULL && strcmp(database, warehouse->database) == 0 &&
	       (is_text(json_text(at, "ClusterId", NULL),
			cluster_of(warehouse)) ||
		(is_text(json_text(at, "Host", NULL), warehouse->host) &&
		 json_number(at, "Port", warehouse->port) == warehouse->port));
}

static void take(struct search *search, const struct json *source)
{
	str_set(&search->out->arn, json_text(source, "Arn", ""));
	str_set(&search->out->id, json_text(source, "DataSourceId", ""));
	str_set(&search->out->name, json_text(source, "Name", ""));
	str_set(&search->status, json_text(source, "Status", ""));
}

/* Our own goes before others; of others one that works. */
static bool look_at(void *context, const struct json *source)
{
	struct search *search = context;
	const char *id = json_text(source, "DataSourceId", "");

	if (strcmp(id, search->own_id) == 0) {
		take(search, source);
		return false;
	}
	if (search->out->arn.len == 0 && is_same_place(source,
						       search->warehouse) &&
	    !str_ends(json_text(source, "Status", ""), "_FAILED"))
		take(search, source);
	return true;
}

static bool find_named(struct quicksight *quicksight, const char *named,
		       struct quicksight_source *out, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	const struct json *source;

	if (!quicksight_get(quicksight,
			    OPERATION_QUICKSIGHT_DESCRIBE_DATA_SOURCE,
			    "data-sources", quicksight_arn_id(named), &reply,
			    err)) {
		if (err != NULL && err->kind == ERR_MISSING)
			err_hint(err, "\\quicksight datasources lists them");
		return err_wrap(err, "data source %s", named);
	}
	source = json_key(reply, "DataSource");
	str_set(&out->arn, json_text(source, "Arn", ""));
	str_set(&out->id, json_text(source, "DataSourceId", ""));
	str_set(&out->name, json_text(source, "Name", ""));
	return true;
}

/* --- what AWS says of the warehouse --- */

struct facts {
	struct str secret;	/* of the managed admin password */
	struct str vpc;
	bool is_public;
	bool known;
};

static void facts_done(struct facts *facts)
{
	str_done(&facts->secret);
	str_done(&facts->vpc);
}

static bool ask_cluster(struct quicksight *quicksight,
			const struct quicksight_warehouse *warehouse,
			struct facts *facts, struct err *err)
{
	struct redshift_clusters clusters = { 0 };
	bool ok = redshift_describe(quicksight->aws, warehouse->region,
				    warehouse->cluster, &clusters, err);

	facts->known = ok && clusters.count > 0;
	if (facts->known) {
		str_set(&facts->secret, clusters.items[0].secret);
		str_set(&facts->vpc, clusters.items[0].vpc);
		facts->is_public = clusters.items[0].is_public;
	}
	redshift_clusters_done(&clusters);
	return ok;
}

static bool ask_workgroup(struct quicksight *quicksight,
			  const struct quicksight_warehouse *warehouse,
			  struct facts *facts, struct err *err)
{
	struct serverless_workgroups groups = { 0 };
	bool ok = serverless_get(quicksight->aws, warehouse->region,
				 warehouse->workgroup, &groups, err);

	facts->known = ok && groups.count > 0;
	if (facts->known) {
		str_set(&facts->vpc, groups.items[0].vpc);
		facts->is_public = groups.items[0].is_public;
		ok = serverless_secret(quicksight->aws, warehouse->region,
				       groups.items[0].space, &facts->secret,
				       err);
	}
	serverless_done(&groups);
	return ok;
}

/* Who may not ask goes on with what was given; only Ctrl-C ends it. */
static bool ask_facts(struct quicksight *quicksight,
		      const struct quicksight_warehouse *warehouse,
		      struct facts *facts, struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (warehouse->cluster != NULL)
		ask_cluster(quicksight, warehouse, facts, &failed);
	else if (warehouse->workgroup != NULL)
		ask_workgroup(quicksight, warehouse, facts, &failed);
	if (failed.kind != ERR_CANCELLED)
		return true;
	*err = failed;
	return false;
}

struct vpc_search {
	const char *vpc;
	struct str *arn;
	struct str *broken; /* one that does not work: its name and state */
	const char *owner;
};

static bool look_at_vpc(void *context, const struct json *item)
{
	struct vpc_search *search = context;
	const char *state = json_text(item, "AvailabilityStatus", "");

	if (strcmp(json_text(item, "VPCId", ""), search->vpc) != 0)
		return true;
	if (strcmp(state, "AVAILABLE") != 0) {
		str_clear(search->broken);
		str_addf(search->broken, "\"%s\" is %s",
			 json_text(item, "Name", ""), state);
		return true;
	}
	str_set(search->arn, json_text(item, "Arn", ""));
	return false;
}

/* QuickSight's user guide, VPC connections: what is not public it reaches by
 * network interfaces of its own in the VPC, and only so. */
static bool refuse_private(const struct quicksight *quicksight,
			   const struct quicksight_warehouse *warehouse,
			   const struct vpc_search *search, struct err *err)
{
	if (search->broken->len > 0) {
		err_set(err, ERR_USAGE,
			"the warehouse is private (%s), and QuickSight's VPC "
			"connection to it does not work: %s",
			search->vpc, search->broken->text);
		return err_hint(err, "wait until it is there, or look why: "
				     "QuickSight's console, Manage, VPC "
				     "connections; --vpc ARN names another");
	}
	err_set(err, ERR_USAGE,
		"the warehouse is private, and QuickSight in %s has no VPC "
		"connection to %s",
		quicksight->region, search->vpc);
	if (warehouse->is_far)
		return err_hint(err,
				"the warehouse is in %s: \\aws region %s, "
				"and publish it there",
				warehouse->region, warehouse->region);
	return err_hint(err,
			"\\platform update makes one for a platform of yours "
			"that has WithQuickSight = yes and QuickSightUserArn = "
			"%s in its platform.conf; else an administrator does "
			"(QuickSight's console, Manage, VPC connections); "
			"--vpc ARN names one in a VPC that reaches it",
			search->owner);
}

/* The VPC connection of a private warehouse. Who may not list them goes on
 * without: the data source tells. */
static bool find_vpc(struct quicksight *quicksight,
		     const struct quicksight_warehouse *warehouse,
		     const struct facts *facts, const char *owner,
		     struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str broken = STR_EMPTY;
	struct vpc_search search = { facts->vpc.text, out, &broken, owner };
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_VPC_CONNECTIONS,
		.path = "vpc-connections",
		.member = "VPCConnectionSummaries",
		.visit = look_at_vpc,
		.context = &search,
	};
	struct err failed = ERR_EMPTY;

	if (warehouse->vpc != NULL) {
		str_set(out, warehouse->vpc);
		return true;
	}
	if (!facts->known || facts->is_public || facts->vpc.len == 0)
		return true;
	if (quicksight_list(quicksight, &pages, &failed))
		return out->len > 0 ||
		       refuse_private(quicksight, warehouse, &search, err);
	if (failed.kind != ERR_CANCELLED)
		return true;
	*err = failed;
	return false;
}

/* --- a new one --- */

static struct json *parameters_of(const struct quicksight_warehouse *warehouse,
				  bool by_role)
{
	struct json *redshift = json_new_object();
	struct json *json = json_new_object();

	json_put_text(redshift, "Database", warehouse->database);
	if (cluster_of(warehouse) != NULL) {
		json_put_text(redshift, "ClusterId", warehouse->cluster);
	} else {
		json_put_text(redshift, "Host", warehouse->host);
		json_put_number(redshift, "Port", warehouse->port);
	}
	if (by_role) {
		struct json *iam = json_new_object();

		json_put_text(iam, "RoleArn", warehouse->role);
		if (warehouse->user != NULL)
			json_put_text(iam, "DatabaseUser", warehouse->user);
		json_put_bool(iam, "AutoCreateDatabaseUser", false);
		json_put_take(redshift, "IAMParameters", iam);
	}
	json_put_take(json, "RedshiftParameters", redshift);
	return json;
}

static bool refuse_login(const struct facts *facts, struct err *err)
{
	err_set(err, ERR_USAGE,
		"QuickSight needs a login of its own for the warehouse%s",
		facts->known ? ", which has no managed password" : "");
	return err_hint(err,
			"--secret NAME names a secret of Secrets Manager with "
			"username and password (aws secretsmanager "
			"create-secret), --role ARN a role that QuickSight may "
			"assume, --source ID a data source that is there");
}

static bool put_login(struct json *body,
		      const struct quicksight_warehouse *warehouse,
		      const struct facts *facts, struct err *err)
{
	const char *secret = warehouse->secret;
	struct json *credentials;

	if (warehouse->role != NULL)
		return true;
	if (secret == NULL && facts->secret.len > 0)
		secret = facts->secret.text;
	if (secret == NULL)
		return refuse_login(facts, err);
	credentials = json_new_object();
	json_put_text(credentials, "SecretArn", secret);
	json_put_take(body, "Credentials", credentials);
	return true;
}

static bool is_here(const struct quicksight_warehouse *warehouse)
{
	return cluster_of(warehouse) == NULL &&
	       (warehouse->host == NULL || warehouse->host[0] == '\0' ||
		warehouse->host[0] == '/' || url_is_loopback(warehouse->host));
}

static bool refuse_here(const struct quicksight_warehouse *warehouse,
			struct err *err)
{
	err_set(err, ERR_USAGE,
		"QuickSight cannot reach %s: that is this machine",
		warehouse->host && warehouse->host[0] ? warehouse->host
						      : "the socket");
	return err_hint(err, "connect to the warehouse by its own name (\\c), "
			     "or name a data source: --source ID");
}

static bool create(struct quicksight *quicksight,
		   const struct quicksight_warehouse *warehouse,
		   const char *owner, struct quicksight_source *out,
		   struct err *err)
{
	CLEANUP(facts_done)
	struct facts facts = { .secret = STR_EMPTY, .vpc = STR_EMPTY };
	CLEANUP(str_done) struct str vpc = STR_EMPTY;
	CLEANUP(json_freep) struct json *body = json_new_object();
	CLEANUP(json_freep) struct json *reply = NULL;
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_CREATE_DATA_SOURCE,
		.path = "data-sources",
		.body = body,
	};

	if (is_here(warehouse) && !quicksight->is_local)
		return refuse_here(warehouse, err);
	if (!ask_facts(quicksight, warehouse, &facts, err) ||
	    !find_vpc(quicksight, warehouse, &facts, owner, &vpc, err))
		return false;
	json_put_text(body, "DataSourceId", out->id.text);
	json_put_text(body, "Name", out->name.text);
	json_put_text(body, "Type", "REDSHIFT");
	json_put_take(body, "DataSourceParameters",
		      parameters_of(warehouse, warehouse->role != NULL));
	if (!put_login(body, warehouse, &facts, err))
		return false;
	json_put_take(body, "Permissions",
		      quicksight_permissions(QUICKSIGHT_OWNS_DATA_SOURCE,
					     owner));
	if (vpc.len > 0) {
		struct json *properties = json_new_object();

		json_put_text(properties, "VpcConnectionArn", vpc.text);
		json_put_take(body, "VpcConnectionProperties", properties);
	}
	if (!quicksight_call(quicksight, &ask, &reply, err) &&
	    strcmp(err->code, "ResourceExistsException") != 0)
		return err_wrap(err, "data source %s", out->name.text);
	err_clear(err);
	str_clear(&out->arn);
	quicksight_add_arn(quicksight, "datasource", out->id.text, &out->arn);
	if (reply != NULL)
		str_set(&out->arn, json_text(reply, "Arn", out->arn.text));
	out->made = true;
	return true;
}

/* --- until it is there --- */

static bool wait_for(struct quicksight *quicksight,
		     const struct quicksight_source *source, struct err *err)
{
	CLEANUP(str_done) struct str told = STR_EMPTY;
	int ms = QUICKSIGHT_FIRST_WAIT_MS;

	str_addf(&told, "data source %s: QuickSight connects to the warehouse",
		 source->name.text);
	for (;;) {
		CLEANUP(json_freep) struct json *reply = NULL;
		const char *status;

		if (!quicksight_get(quicksight,
				    OPERATION_QUICKSIGHT_DESCRIBE_DATA_SOURCE,
				    "data-sources", source->id.text, &reply,
				    err))
			return false;
		status = json_text(reply, "DataSource.Status", "");
		if (str_ends(status, "_FAILED"))
			return quicksight_cause_thing(
				quicksight, QUICKSIGHT_DATA_SOURCE,
				source->name.text,
				json_text(reply, "DataSource.ErrorInfo.Type",
					  ""),
				json_text(reply, "DataSource.ErrorInfo.Message",
					  ""),
				err);
		if (!str_ends(status, "_IN_PROGRESS"))
			return true;
		if (!quicksight_wait(quicksight, &ms, told.text, err))
			return false;
	}
}

static bool remove_failed(struct quicksight *quicksight, const char *id,
			  struct err *err)
{
	return quicksight_get(quicksight,
			      OPERATION_QUICKSIGHT_DELETE_DATA_SOURCE,
			      "data-sources", id, NULL, err);
}

/* What the id's digest is of. */
static void add_key(const struct quicksight_warehouse *warehouse,
		    struct str *out)
{
	const char *cluster = cluster_of(warehouse);

	str_addf(out, "%s/%s/%d/%s", cluster ? cluster : "",
		 cluster ? "" : warehouse->host, cluster ? 0 : warehouse->port,
		 warehouse->database);
}

static void name_new(const struct quicksight *quicksight,
		     const struct quicksight_warehouse *warehouse,
		     struct quicksight_source *out)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	const char *place = warehouse->cluster	   ? warehouse->cluster
			    : warehouse->workgroup ? warehouse->workgroup
						   : warehouse->host;

	add_key(warehouse, &key);
	str_set(&out->id, QUICKSIGHT_OURS);
	quicksight_add_id(quicksight, place, key.text, &out->id);
	str_clear(&out->name);
	str_addf(&out->name, "%s, %s", warehouse->database, place);
}

/* The words in the id may be a workgroup's, which a data source does not tell:
 * the digest behind them is what counts. */
bool quicksight_source_is_ours(const struct quicksight *quicksight,
			       const struct json *source)
{
	const struct json *at = json_at(source, parameters);
	const char *cluster = json_text(at, "ClusterId", "");
	const struct quicksight_warehouse place = {
		.cluster = cluster[0] != '\0' ? cluster : NULL,
		.host = json_text(at, "Host", ""),
		.port = (int)json_number(at, "Port", 0),
		.database = json_text(at, "Database", ""),
	};
	const char *id = json_text(source, "DataSourceId", "");
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str digest = STR_EMPTY;

	add_key(&place, &key);
	str_add_char(&digest, '-');
	quicksight_add_id(quicksight, "", key.text, &digest);
	return str_starts(id, QUICKSIGHT_OURS) && str_ends(id, digest.text);
}

bool quicksight_source_find(struct quicksight *quicksight,
			    const struct quicksight_warehouse *warehouse,
			    const char *owner, struct quicksight_source *out,
			    struct err *err)
{
	CLEANUP(quicksight_source_done)
	struct quicksight_source fresh = QUICKSIGHT_SOURCE_EMPTY;
	struct search search = { warehouse, NULL, out, STR_EMPTY };
	CLEANUP(str_done) struct str status = STR_EMPTY;
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_DATA_SOURCES,
		.path = "data-sources",
		.member = "DataSources",
		.visit = look_at,
		.context = &search,
	};
	bool ok;

	if (warehouse->source != NULL)
		return find_named(quicksight, warehouse->source, out, err) &&
		       wait_for(quicksight, out, err);
	name_new(quicksight, warehouse, &fresh);
	search.own_id = fresh.id.text;
	ok = quicksight_list(quicksight, &pages, err);
	str_set(&status, search.status.text);
	str_done(&search.status);
	if (!ok)
		return false;
	if (out->arn.len > 0 && !str_ends(status.text, "_FAILED"))
		return wait_for(quicksight, out, err);
	if (out->arn.len > 0 &&
	    !remove_failed(quicksight, out->id.text, err))
		return false;
	str_set(&out->id, fresh.id.text);
	str_set(&out->name, fresh.name.text);
	return create(quicksight, warehouse, owner, out, err) &&
	       wait_for(quicksight, out, err);
}
