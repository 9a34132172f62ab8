/* The warehouse of load/access: which one it is, and its roles. */
#include "load/access_inner.h"

#include "aws/call.h"
#include "aws/dbhost.h"
#include "aws/redshift.h"
#include "aws/serverless.h"
#include "aws/worker.h"
#include "base/mem.h"

/* --- the warehouse --- */

static bool is_named(const struct dbhost *host, enum dbhost_kind kind)
{
	return host->kind == kind && !host->is_endpoint;
}

static bool is_same(const struct access_ask *ask, const char *name,
		    const char *address, int port)
{
	struct dbhost host;

	dbhost_parse(ask->host, &host);
	/* another account may have one of the same name */
	if (host.kind != DBHOST_OTHER && !host.is_endpoint)
		return str_equal_nocase(host.name, name) &&
		       (address[0] == '\0' ||
			str_equal_nocase(address, ask->host));
	return port == ask->port && str_equal_nocase(address, ask->host);
}

static void take_clusters(struct access_asking *asking, const struct call *call,
			  size_t at)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(redshift_clusters_done)
	struct redshift_clusters clusters = { 0 };
	CLEANUP(str_done) struct str marker = STR_EMPTY;

	(void)at;
	if (!call->ok ||
	    !redshift_describe_read(call, &clusters, &marker, NULL))
		return;
	for (size_t i = 0; i < clusters.count; i++) {
		const struct redshift_cluster *one = &clusters.items[i];

		if (facts->name != NULL || !is_same(facts->ask, one->identifier,
						    one->address, one->port))
			continue;
		facts->name = mem_copy_text(one->identifier);
		facts->knows_roles = true;
		str_set(&facts->attached, one->roles);
		str_set(&facts->default_role, one->default_role);
		access_use_default(asking);
	}
}

static void take_space(struct access_asking *asking, const struct call *call,
		       size_t at)
{
	struct access_facts *facts = asking->facts;
	struct serverless_roles roles = { STR_EMPTY, STR_EMPTY };

	(void)at;
	if (call->ok && serverless_space_read(call, &roles, NULL)) {
		facts->knows_roles = true;
		str_set(&facts->attached, roles.roles.text);
		str_set(&facts->default_role, roles.default_role.text);
		access_use_default(asking);
	}
	str_done(&roles.roles);
	str_done(&roles.default_role);
}

static void take_workgroups(struct access_asking *asking,
			    const struct call *call, size_t at)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(serverless_done) struct serverless_workgroups groups = { 0 };
	CLEANUP(str_done) struct str token = STR_EMPTY;

	(void)at;
	if (!call->ok || !serverless_list_read(call, &groups, &token, NULL))
		return;
	for (size_t i = 0; i < groups.count; i++) {
		const struct serverless_workgroup *one = &groups.items[i];

		if (facts->name != NULL ||
		    !is_same(facts->ask, one->name, one->address, one->port))
			continue;
		facts->serverless = true;
		facts->name = mem_copy_text(one->name);
		facts->space = mem_copy_text(one->space);
		access_send(asking,
			    serverless_space_call(facts->region, one->space),
			    take_space, 0);
	}
}

/* Behind an endpoint of an emulator any host may be the warehouse's. */
void access_ask_warehouse(struct access_asking *asking)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct dbhost host;
	bool any;

	dbhost_parse(facts->ask->host, &host);
	any = host.kind == DBHOST_OTHER && worker_is_overridden(asking->aws);
	if (host.region[0] != '\0')
		str_set(&region, host.region);
	else if (any)
		worker_add_region(asking->aws, &region);
	if (region.len > 0)
		facts->region = mem_copy_text(region.text);
	if (facts->ask->roles[0] == '\0')
		return; /* keys act: nothing is attached */
	if (any || is_named(&host, DBHOST_CLUSTER))
		access_send(asking,
			    redshift_describe_call(facts->region,
						   any ? NULL : host.name, ""),
			    take_clusters, 0);
	if (any || is_named(&host, DBHOST_WORKGROUP))
		access_send(asking, serverless_list_call(facts->region, ""),
			    take_workgroups, 0);
}
