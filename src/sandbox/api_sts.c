#include "sandbox/api.h"

#include "base/str.h"
#include "data/xml.h"
#include "sandbox/identity.h"
#include "sandbox/s3_call.h"
#include "sandbox/s3_http.h"

/* The sandbox's key belongs to one IAM user; its id is made of the key's,
 * so that it differs from folder to folder. */
static bool get_caller_identity(struct s3_call *call,
				const struct s3_pairs *form, struct str *out,
				struct err *err)
{
	const struct identity *identity = call->options->identity;
	CLEANUP(str_done) struct str user_id = STR_EMPTY;

	(void)form;
	(void)err;
	str_addf(&user_id, "AIDA%s", identity->access_key_id + 4);
	xml_put(out, "UserId", user_id.text);
	xml_put(out, "Account", IDENTITY_ACCOUNT);
	xml_put(out, "Arn",
		"arn:aws:iam::" IDENTITY_ACCOUNT ":user/" IDENTITY_USER);
	return true;
}

const struct api_op api_sts_ops[] = {
	{ "GetCallerIdentity", "", get_caller_identity },
	{ 0 },
};
