/* What belongs to QuickSight: kept with the stack. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/json.h"
#include "base/clock.h"
#include "sandbox/cfn.h"
#include "sandbox/cfn_make.h"
#include "sandbox/identity.h"

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
