#include "aws/sts.h"

#include "aws/call.h"
#include "aws/worker.h"
#include "data/xml.h"

void sts_identity_done(struct sts_identity *identity)
{
	str_done(&identity->account);
	str_done(&identity->arn);
	str_done(&identity->user_id);
}

bool sts_get_identity(struct aws *aws, struct sts_identity *out,
		      struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_GET_CALLER_IDENTITY);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;

	if (!worker_call(aws, call, err))
		return false;
	if (xml_reader_feed(reader, call->reply.body.text, call->reply.body.len,
			    err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		return err_wrap(err, "GetCallerIdentity");
	root = xml_at(root, "GetCallerIdentityResult");
	str_set(&out->account, xml_text(root, "Account", ""));
	str_set(&out->arn, xml_text(root, "Arn", ""));
	str_set(&out->user_id, xml_text(root, "UserId", ""));
	if (out->arn.len == 0)
		return err_set(err, ERR_DATA,
			       "GetCallerIdentity: the reply has no Arn");
	return true;
}
