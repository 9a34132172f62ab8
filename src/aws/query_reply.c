#include "aws/query_reply.h"

#include "aws/call.h"
#include "base/str.h"
#include "data/xml.h"

const struct xml *query_reply(const struct call *call,
			      struct xml_reader *reader, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct xml *root = NULL;

	if (xml_reader_feed(reader, call->reply.body.text, call->reply.body.len,
			    err))
		root = xml_reader_end(reader, err);
	if (root == NULL) {
		err_wrap(err, "%s", call->operation->name);
		return NULL;
	}
	str_addf(&name, "%sResult", call->operation->name);
	root = xml_at(root, name.text);
	if (root == NULL)
		err_set(err, ERR_DATA, "%s: a reply of another kind",
			call->operation->name);
	return root;
}
