/* What belongs to QuickSight. Data sources and VPC connections are those of its
 * API; data sets, analyses and dashboards are kept with the stack. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_shape.h"
#include "sandbox/quicksight/qs_source.h"
#include "sandbox/quicksight/qs_store.h"
#include "sandbox/quicksight/qs_vpc.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_make.h"

static const struct {
	const char *type;
	const char *id;   /* property */
	const char *word; /* in its ARN */
	const char *status;
} assets[] = {
	{ "AWS::QuickSight::DataSource", "DataSourceId", "datasource",
	  "CREATION_SUCCESSFUL" },
	{ "AWS::QuickSight::DataSet", "DataSetId", "dataset",
	  "CREATION_SUCCESSFUL" },
	{ "AWS::QuickSight::Analysis", "AnalysisId", "analysis",
	  "CREATION_SUCCESSFUL" },
	{ "AWS::QuickSight::Dashboard", "DashboardId", "dashboard",
	  "CREATION_SUCCESSFUL" },
	{ "AWS::QuickSight::VPCConnection", "VPCConnectionId", "vpcConnection",
	  "CREATION_SUCCESSFUL" },
};

static bool check_account(const struct cfn_making *making, struct err *err)
{
	CLEANUP(str_done) struct str account = STR_EMPTY;

	cfn_make_text(making->properties, "AwsAccountId", &account);
	return strcmp(account.text, IDENTITY_ACCOUNT) == 0 ||
	       cfn_make_refuse(err, "AccessDenied",
			       "Account %s is not this one.", account.text);
}

static bool create(const struct cfn_making *making, struct str *out_id,
		   struct json *attributes, struct err *err)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t i = 0;

	while (i + 1 < COUNT_OF(assets) &&
	       strcmp(assets[i].type, making->resource->type) != 0)
		i++;
	if (!check_account(making, err))
		return false;
	cfn_make_named(making, assets[i].id, 128, false, &id);
	str_addf(out_id, "%s|%s", IDENTITY_ACCOUNT, id.text);
	if (cfn_find_physical(making->cfn, assets[i].type, out_id->text) !=
	    NULL)
		return cfn_make_refuse(err, "AlreadyExists",
				       "Resource of type '%s' with identifier "
				       "'%s' already exists.",
				       assets[i].type, out_id->text);
	str_addf(&text,
		 "arn:aws:quicksight:" IDENTITY_REGION ":" IDENTITY_ACCOUNT
		 ":%s/%s",
		 assets[i].word, id.text);
	json_put_text(attributes, "Arn", text.text);
	json_put_text(attributes, "Status", assets[i].status);
	str_clear(&text);
	isotime_add_ms(&text, clock_wall_ms());
	json_put_text(attributes, "CreatedTime", text.text);
	json_put_text(attributes, "LastUpdatedTime", text.text);
	return true;
}

const struct cfn_effect cfn_effect_quicksight = { create, NULL, NULL, NULL };

/* --- what its API knows --- */

static struct qs *quicksight(const struct cfn_making *making)
{
	return making->cfn->options->quicksight;
}

/* The properties as the operation takes them, under the id they get. */
static struct json *request_of(const struct cfn_making *making,
			       const char *operation, const char *id_member,
			       const char *id, struct err *err)
{
	const struct qs_route *route =
		qs_shapes_op(quicksight(making)->shapes, operation);
	struct json *in = qs_shapes_typed(route->takes, making->properties);

	json_put_text(in, id_member, id);
	if (qs_shapes_check(route->takes, in, err))
		return in;
	json_free(in);
	return NULL;
}

static void add_id(const struct cfn_making *making, const char *id_member,
		   struct str *out)
{
	if (making->physical == NULL)
		cfn_make_named(making, id_member, 128, false, out);
	else
		str_add(out, making->physical + strlen(IDENTITY_ACCOUNT "|"));
}

typedef bool make(struct qs *qs, const char *region, const struct json *in,
		  struct json *out, struct err *err);

static bool run(const struct cfn_making *making, const char *operation,
		const char *id_member, make *run_it, struct err *err)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str vpc = STR_EMPTY;
	CLEANUP(json_freep) struct json *in = NULL;
	CLEANUP(json_freep) struct json *out = json_new_object();

	add_id(making, id_member, &id);
	in = request_of(making, operation, id_member, id.text, err);
	if (in == NULL)
		return false;
	cfn_make_add_vpc(making, making->properties, &vpc);
	if (vpc.len > 0)
		json_put_text(in, "VPCId", vpc.text);
	return run_it(quicksight(making), IDENTITY_REGION, in, out, err);
}

/* What is there already is somebody else's, and refused when it is made. */
static void claim(const struct cfn_making *making, const char *kind,
		  const char *physical)
{
	const struct qs_key key = { kind, IDENTITY_REGION,
				    strrchr(physical, '|') + 1 };

	if (!qs_store_has(quicksight(making)->store, key))
		cfn_make_claim(making, physical, NULL);
}

static bool create_source(const struct cfn_making *making, struct str *out_id,
			  struct json *attributes, struct err *err)
{
	if (!create(making, out_id, attributes, err))
		return false;
	claim(making, "datasource", out_id->text);
	return run(making, "CreateDataSource", "DataSourceId", qs_source_create,
		   err);
}

/* Type, permissions and tags are no part of the operation that updates. */
static bool update_source(const struct cfn_making *making,
			  struct json *attributes, struct err *err)
{
	(void)attributes;
	return run(making, "CreateDataSource", "DataSourceId",
		   qs_source_update, err);
}

static bool finish_source(const struct cfn_making *making, struct err *err)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;

	/* endpoints alone have no gateway to connect to */
	if (making->cfn->options->make_database == NULL)
		return true;
	add_id(making, "DataSourceId", &id);
	return qs_source_settle(quicksight(making), IDENTITY_REGION, id.text,
				err);
}

/* What is gone already is deleted. */
static bool is_gone(bool done, const struct err *why, struct err *err)
{
	if (!done && strcmp(why->code, "ResourceNotFoundException") != 0) {
		if (err != NULL)
			*err = *why;
		return false;
	}
	return true;
}

static bool remove_source(const struct cfn_making *making, struct err *err)
{
	struct err why = ERR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;

	add_id(making, "DataSourceId", &id);
	return is_gone(qs_source_delete(quicksight(making), IDENTITY_REGION,
					id.text, &why),
		       &why, err);
}

const struct cfn_effect cfn_effect_quicksight_source = {
	create_source, update_source, finish_source, remove_source
};

static bool create_connection(const struct cfn_making *making,
			      struct str *out_id, struct json *attributes,
			      struct err *err)
{
	if (!create(making, out_id, attributes, err))
		return false;
	claim(making, "vpcConnection", out_id->text);
	return run(making, "CreateVPCConnection", "VPCConnectionId",
		   qs_vpc_create, err);
}

static bool remove_connection(const struct cfn_making *making, struct err *err)
{
	struct err why = ERR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;

	add_id(making, "VPCConnectionId", &id);
	return is_gone(qs_vpc_delete(quicksight(making), IDENTITY_REGION,
				     id.text, &why),
		       &why, err);
}

const struct cfn_effect cfn_effect_quicksight_connection = {
	create_connection, NULL, NULL, remove_connection
};
