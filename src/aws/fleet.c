#include "aws/fleet.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "aws/call.h"
#include "aws/redshift.h"
#include "aws/serverless.h"
#include "aws/worker.h"
#include "base/mem.h"
#include "base/str.h"

/* Of all regions: lists that lead in a circle end here. */
enum { PAGES_MAX = 10000 };

void fleet_done(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++) {
		struct fleet_item *item = &fleet->items[i];

		mem_free(item->name);
		mem_free(item->region);
		mem_free(item->status);
		mem_free(item->address);
		mem_free(item->database);
		mem_free(item->size);
	}
	vec_done(fleet);
	for (size_t i = 0; i < fleet->faults.count; i++)
		mem_free(fleet->faults.items[i]);
	vec_done(&fleet->faults);
}

const char *fleet_region(size_t at)
{
	/* [AWS: regions that are not disabled by default] */
	static const char *const names[] = {
		"us-east-1",	  "us-east-2",	    "us-west-1",
		"us-west-2",	  "ca-central-1",   "sa-east-1",
		"eu-central-1",	  "eu-west-1",	    "eu-west-2",
		"eu-west-3",	  "eu-north-1",	    "ap-south-1",
		"ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
		"ap-northeast-2", "ap-northeast-3",
	};

	return at < COUNT_OF(names) ? names[at] : NULL;
}

static char *lower(const char *text)
{
	char *copy = mem_copy_text(text);

	for (char *c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static void add_cluster(struct fleet *out, const char *region,
			const struct redshift_cluster *cluster)
{
	struct fleet_item item = {
		.serverless = false,
		.name = mem_copy_text(cluster->identifier),
		.region = mem_copy_text(region),
		.status = lower(cluster->status),
		.address = mem_copy_text(cluster->address),
		.port = cluster->port,
		.database = mem_copy_text(cluster->database),
		.size = mem_copy_text(cluster->nodes),
	};

	vec_push(out, item);
}

static void add_workgroup(struct fleet *out, const char *region,
			  const struct serverless_workgroup *workgroup)
{
	struct str size = STR_EMPTY;
	struct fleet_item item = {
		.serverless = true,
		.name = mem_copy_text(workgroup->name),
		.region = mem_copy_text(region),
		.status = lower(workgroup->status),
		.address = mem_copy_text(workgroup->address),
		.port = workgroup->port,
		.database = mem_copy_text(""),
	};

	if (workgroup->capacity > 0)
		str_addf(&size, "%d RPU", workgroup->capacity);
	item.size = str_take(&size);
	vec_push(out, item);
}

/* What a finished call answers; next: where the following page begins. */
static bool take_page(const struct call *call, struct fleet *out,
		      struct str *next, struct err *err)
{
	CLEANUP(redshift_clusters_done)
	struct redshift_clusters clusters = { 0 };
	CLEANUP(serverless_done) struct serverless_workgroups workgroups = {
		0
	};

	if (call->operation->service == ENDPOINT_REDSHIFT) {
		if (!redshift_describe_read(call, &clusters, next, err))
			return false;
	} else if (!serverless_list_read(call, &workgroups, next, err)) {
		return false;
	}
	for (size_t i = 0; i < clusters.count; i++)
		add_cluster(out, call->region, &clusters.items[i]);
	for (size_t i = 0; i < workgroups.count; i++)
		add_workgroup(out, call->region, &workgroups.items[i]);
	return true;
}

static void add_fault(struct fleet *out, const char *region,
		      const struct err *err)
{
	struct str text = STR_EMPTY;

	str_addf(&text, "%s: %s", region, err->message);
	vec_push(&out->faults, str_take(&text));
}

/* true: it was answered. */
static bool take_call(struct worker_queue *queue, const struct call *call,
		      struct fleet *out, struct err *failed)
{
	CLEANUP(str_done) struct str next = STR_EMPTY;

	*failed = call->err;
	if (!call->ok || !take_page(call, out, &next, failed)) {
		add_fault(out, call->region, failed);
		return false;
	}
	if (next.len > 0)
		worker_send_take(
			queue,
			call->operation->service == ENDPOINT_REDSHIFT
				? redshift_describe_call(call->region, NULL,
							 next.text)
				: serverless_list_call(call->region,
						       next.text));
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct fleet_item *one = a;
	const struct fleet_item *two = b;
	int by_region = strcmp(one->region, two->region);

	return by_region != 0 ? by_region : strcmp(one->name, two->name);
}

bool fleet_list(struct aws *aws, const char *const *regions, size_t count,
		    struct fleet *out, struct err *err)
{
	CLEANUP(worker_queue_freep)
	struct worker_queue *queue = worker_queue_new(aws, err);
	struct err failed = ERR_EMPTY, stopped = ERR_EMPTY;
	size_t answers = 0;
	struct call *call;

	if (queue == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		worker_send_take(queue,
				 redshift_describe_call(regions[i], NULL, ""));
		worker_send_take(queue, serverless_list_call(regions[i], ""));
	}
	while (stopped.kind == ERR_NONE &&
	       (call = worker_wait(queue, NULL, &stopped)) != NULL) {
		if (take_call(queue, call, out, &failed) &&
		    ++answers > PAGES_MAX)
			err_set(&stopped, ERR_DATA,
				"the lists of clusters and workgroups do not "
				"end");
		call_free(call);
	}
	if (stopped.kind != ERR_NONE || answers == 0) {
		*err = stopped.kind != ERR_NONE ? stopped : failed;
		return false;
	}
	if (out->count > 1)
		qsort(out->items, out->count, sizeof(*out->items), compare);
	return true;
}

bool fleet_status(struct aws *aws, const char *region, bool serverless,
		      const char *name, struct str *out_status, struct err *err)
{
	CLEANUP(redshift_clusters_done)
	struct redshift_clusters clusters = { 0 };
	CLEANUP(serverless_done) struct serverless_workgroups workgroups = {
		0
	};
	CLEANUP(mem_freep) char *status = NULL;

	if (serverless ? !serverless_get(aws, region, name, &workgroups, err)
		       : !redshift_describe(aws, region, name, &clusters, err))
		return false;
	if (clusters.count + workgroups.count == 0)
		return err_set(err, ERR_MISSING, "no cluster %s", name);
	status = lower(serverless ? workgroups.items[0].status
				  : clusters.items[0].status);
	str_add(out_status, status);
	return true;
}
