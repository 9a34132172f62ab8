/* aws/query_reply.h - replies of services with the query protocol, as XML.
 */
#ifndef AWS_QUERY_REPLY_H
#define AWS_QUERY_REPLY_H

#include "base/err.h"

struct call;
struct xml;
struct xml_reader;

/* <OperationResult> of a finished call's <OperationResponse>; lives as long as
 * the reader. NULL: it is not XML (ERR_DATA), or another operation's. */
const struct xml *query_reply(const struct call *call,
			      struct xml_reader *reader, struct err *err);

#endif
