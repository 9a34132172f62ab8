#include "aws/quicksight_cause.h"

#include <string.h>

#include "aws/quicksight.h"
#include "base/mem.h"
#include "base/str.h"

/* code NULL: any; words NULL: any; message NULL: theirs stays. In hints %R is
 * the region, %I the identity region, %A the account. First match wins. */
static const struct {
	const char *code;
	const char *words;
	const char *message;
	const char *hint;
} calls[] = {
	{ "UnsupportedPricingPlanException", NULL,
	  "QuickSight's plan in account %A does not include this",
	  "reports as files need the Pixel-Perfect Reports add-on, embedding "
	  "needs session capacity or registered users: an administrator adds "
	  "them in QuickSight's console, Manage, Your subscriptions" },
	{ NULL, "not signed up",
	  "the account %A has no QuickSight subscription",
	  "sign up at https://quicksight.aws.amazon.com (Enterprise edition), "
	  "then run the command again" },
	{ NULL, "Directory information for account",
	  "the account %A has no QuickSight subscription",
	  "sign up at https://quicksight.aws.amazon.com (Enterprise edition), "
	  "then run the command again" },
	{ NULL, "not subscribed",
	  "the account %A has no QuickSight subscription",
	  "sign up at https://quicksight.aws.amazon.com (Enterprise edition), "
	  "then run the command again" },
	{ NULL, "identity region is", NULL,
	  "QuickSight's users live in that region: \\aws region NAME, or "
	  "AWS_REGION, changes to it" },
	{ "UnsupportedUserEditionException", NULL,
	  "QuickSight's edition in account %A cannot do this: it is the "
	  "STANDARD edition, or the user is no author",
	  "an administrator changes it: QuickSight's console, Manage, "
	  "Your subscriptions, Upgrade to Enterprise" },
	{ "QuickSightUserNotFoundException", NULL,
	  "QuickSight does not know that user",
	  "\\quicksight users lists them; --user NAME names one" },
	{ "AccessDeniedException", "ecret", NULL,
	  "QuickSight itself must be allowed to read the secret: its console, "
	  "Manage, Security and permissions, AWS Secrets Manager" },
	{ "AccessDeniedException", "assume", NULL,
	  "the role must trust quicksight.amazonaws.com" },
	{ "ThrottlingException", NULL,
	  "QuickSight asks to slow down, after several tries",
	  "wait a minute and run the command again: it goes on where it "
	  "stopped" },
	{ "ResourceExistsException", NULL, NULL,
	  "the name is taken: another name makes a thing of its own" },
	{ "ConflictException", NULL, NULL,
	  "it is being changed by somebody, or by a command before: wait a "
	  "minute and run the command again" },
	{ "LimitExceededException", NULL, NULL,
	  "remove what is not needed (\\quicksight dashboards, delete), or ask "
	  "for a higher quota: AWS console, Service Quotas, QuickSight" },
	{ "CustomerManagedKeyUnavailableException", NULL, NULL,
	  "the KMS key of the QuickSight account is disabled or not allowed: "
	  "QuickSight's console, Manage, KMS keys" },
	{ "PreconditionNotMetException", NULL, NULL,
	  "has the account finished signing up to QuickSight?" },
	{ "ResourceUnavailableException", NULL, NULL, "try again later" },
	{ "InternalFailureException", NULL, NULL,
	  "QuickSight failed by itself: run the command again, it goes on "
	  "where it stopped" },
};

/* type NULL: any other. */
static const struct {
	enum quicksight_thing thing;
	const char *type;
	const char *message;
	const char *hint;
} things[] = {
	{ QUICKSIGHT_DATA_SOURCE, "TIMEOUT",
	  "QuickSight cannot reach the warehouse: no answer in time",
	  "a private warehouse needs a VPC connection (--vpc ARN); a public one "
	  "needs a rule in its security group for QuickSight's addresses in "
	  "%R, port as in the connection: see \"IP address ranges\" under "
	  "Regions in QuickSight's user guide" },
	{ QUICKSIGHT_DATA_SOURCE, "UNKNOWN_HOST",
	  "QuickSight does not find the warehouse's host",
	  "is the host's name right, and known outside of your network?" },
	{ QUICKSIGHT_DATA_SOURCE, "ACCESS_DENIED",
	  "the warehouse, or the secret, refuses QuickSight",
	  "look at user and password in the secret, and whether QuickSight may "
	  "read it: its console, Manage, Security and permissions" },
	{ QUICKSIGHT_DATA_SOURCE, "GENERIC_SQL_FAILURE",
	  "the warehouse answered QuickSight with an error",
	  "may that user connect to the database? Try the same login with \\c" },
	{ QUICKSIGHT_DATA_SOURCE, "CONFLICT",
	  "another change of the data source is under way",
	  "wait a minute and run the command again" },
	{ QUICKSIGHT_DATA_SOURCE, NULL, "the data source could not be made",
	  "run the command again; --source ID names one that works" },
	{ QUICKSIGHT_INGESTION, "ACCOUNT_CAPACITY_LIMIT_EXCEEDED",
	  "the account's SPICE memory is full",
	  "buy capacity (QuickSight's console, Manage, SPICE capacity), or "
	  "publish without --spice" },
	{ QUICKSIGHT_INGESTION, "DATA_SET_SIZE_LIMIT_EXCEEDED",
	  "the rows are too many for one SPICE data set",
	  "publish without --spice, or add up in the query" },
	{ QUICKSIGHT_INGESTION, "PASSWORD_AUTHENTICATION_FAILURE",
	  "the warehouse refuses the data source's user",
	  "was the password changed? Update the secret" },
	{ QUICKSIGHT_INGESTION, "DATA_SOURCE_AUTH_FAILED",
	  "the warehouse refuses the data source's user",
	  "was the password changed? Update the secret" },
	{ QUICKSIGHT_INGESTION, "PERMISSION_DENIED",
	  "the data source's user may not read what the query reads",
	  "GRANT SELECT (and USAGE on the schema) to that user" },
	{ QUICKSIGHT_INGESTION, "SQL_TABLE_NOT_FOUND",
	  "the query names a table that the data source does not see",
	  "temporary tables are yours alone: publish a query on real ones" },
	{ QUICKSIGHT_INGESTION, "SQL_SCHEMA_MISMATCH_ERROR",
	  "the query's columns are no longer those that were published",
	  "publish it again" },
	{ QUICKSIGHT_INGESTION, "QUERY_TIMEOUT",
	  "the query ran for too long",
	  "add up in the query, or in a materialized view" },
	{ QUICKSIGHT_INGESTION, "UNRESOLVABLE_HOST",
	  "QuickSight does not find the warehouse's host",
	  "is it paused, or was it made anew?" },
	{ QUICKSIGHT_INGESTION, "UNROUTABLE_HOST",
	  "QuickSight cannot reach the warehouse",
	  "look at the VPC connection, and at the rule in the security group "
	  "for QuickSight's addresses in %R" },
	{ QUICKSIGHT_INGESTION, "CONNECTION_FAILURE",
	  "QuickSight cannot reach the warehouse",
	  "look at the VPC connection, and at the rule in the security group "
	  "for QuickSight's addresses in %R" },
	{ QUICKSIGHT_INGESTION, "DATA_SOURCE_CONNECTION_FAILED",
	  "QuickSight cannot reach the warehouse",
	  "look at the VPC connection, and at the rule in the security group "
	  "for QuickSight's addresses in %R" },
	{ QUICKSIGHT_INGESTION, "INGESTION_SUPERSEDED",
	  "another refresh has taken its place", "" },
	{ QUICKSIGHT_INGESTION, "SOURCE_RESOURCE_LIMIT_EXCEEDED",
	  "the warehouse had no room for the query", "try again later" },
	{ QUICKSIGHT_INGESTION, NULL, "SPICE could not be filled",
	  "run the query here first; then \\quicksight refresh" },
	{ QUICKSIGHT_DEFINITION, "ACCESS_DENIED",
	  "QuickSight may not read the data set", "publish it again" },
	{ QUICKSIGHT_DEFINITION, "DATA_SET_NOT_FOUND",
	  "a data set of it is gone", "publish it again" },
	{ QUICKSIGHT_DEFINITION, "SOURCE_NOT_FOUND",
	  "its source is gone", "publish it again" },
	{ QUICKSIGHT_DEFINITION, "COLUMN_TYPE_MISMATCH",
	  "a column has another type than the dashboard expects",
	  "publish it again" },
	{ QUICKSIGHT_DEFINITION, NULL, "QuickSight refused the definition",
	  "publish it again; another KIND (as table) may show where it is" },
	{ QUICKSIGHT_SNAPSHOT, "PRICING_PLAN",
	  "the account has no Pixel-Perfect Reports",
	  "an administrator adds them: QuickSight's console, Manage, Your "
	  "subscriptions" },
	{ QUICKSIGHT_SNAPSHOT, NULL, "the report could not be made",
	  "does the dashboard open in the console? \\quicksight open" },
};

static void add_filled(const struct quicksight *quicksight, const char *text,
		       struct str *out)
{
	for (; *text != '\0'; text++) {
		if (text[0] != '%') {
			str_add_char(out, *text);
			continue;
		}
		text++;
		str_add(out, *text == 'R'   ? quicksight->region
			     : *text == 'A' ? quicksight->account
					    : quicksight->identity_region);
	}
}

void quicksight_cause_call(const struct quicksight *quicksight,
			   struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char code[sizeof(err->code)];

	memcpy(code, err->code, sizeof(code));
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		if ((calls[i].code && strcmp(calls[i].code, code) != 0) ||
		    (calls[i].words &&
		     strstr(err->message, calls[i].words) == NULL))
			continue;
		if (calls[i].message != NULL) {
			add_filled(quicksight, calls[i].message, &text);
			err_set(err, err->kind, "%s", text.text);
			err_set_code(err, code);
			str_clear(&text);
		}
		add_filled(quicksight, calls[i].hint, &text);
		err_hint(err, "%s", text.text);
		return;
	}
}

bool quicksight_cause_thing(const struct quicksight *quicksight,
			    enum quicksight_thing thing, const char *name,
			    const char *type, const char *message,
			    struct err *err)
{
	CLEANUP(str_done) struct str hint = STR_EMPTY;
	const char *between = message[0] != '\0' ? ": " : "";
	size_t at = 0;

	/* The last row of each thing is for all other types. */
	while (things[at].thing != thing ||
	       (things[at].type && strcmp(things[at].type, type) != 0))
		at++;
	err_set(err, ERR_AWS, "%s: %s%s%s", name, things[at].message, between,
		message);
	err_set_code(err, type);
	add_filled(quicksight, things[at].hint, &hint);
	if (hint.len > 0)
		err_hint(err, "%s", hint.text);
	return false;
}
