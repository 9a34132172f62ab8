#include "sandbox/s3/s3_xml.h"

#include <string.h>

#include "base/str.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"

#define S3_NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

struct str *s3_xml_begin(struct s3_call *call, const char *root)
{
	struct str *out = &call->reply.body;

	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	xml_declare(out);
	str_addf(out, "<%s xmlns=\"" S3_NAMESPACE "\">", root);
	return out;
}

void s3_xml_time(struct str *out, const char *element, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add_ms(&text, at_ms);
	xml_put(out, element, text.text);
}

void s3_xml_etag(struct str *out, const char *etag)
{
	CLEANUP(str_done) struct str quoted = STR_EMPTY;

	str_addf(&quoted, "\"%s\"", etag);
	xml_put(out, "ETag", quoted.text);
}

void s3_xml_owner(struct str *out, const char *element)
{
	xml_open(out, element);
	xml_put(out, "ID", IDENTITY_ACCOUNT);
	xml_put(out, "DisplayName", "sandbox");
	xml_close(out, element);
}

void s3_xml_name(struct str *out, const char *element, const char *text,
		 bool url_encoded)
{
	CLEANUP(str_done) struct str escaped = STR_EMPTY;

	if (!url_encoded) {
		xml_put(out, element, text);
		return;
	}
	url_escape(&escaped, text, strlen(text), URL_KEEP_SLASH);
	xml_put(out, element, escaped.text);
}

bool s3_xml_encoding(const struct s3_call *call, bool *out_url,
		     struct err *err)
{
	const char *text = s3_request_param(&call->request, "encoding-type");

	*out_url = text != NULL && strcmp(text, "url") == 0;
	return *out_url || text == NULL || text[0] == '\0' ||
	       s3_call_refuse(err, "InvalidArgument",
			      "Invalid Encoding Method specified in Request");
}

const struct xml *s3_xml_read(const struct s3_call *call,
			      struct xml_reader *reader, const char *root,
			      struct err *err)
{
	const struct xml *found = NULL;

	if (xml_reader_feed(reader, call->text.text, call->text.len, NULL))
		found = xml_reader_end(reader, NULL);
	if (found != NULL && strcmp(found->name, root) == 0)
		return found;
	s3_call_refuse(err, "MalformedXML",
		       "The XML you provided was not well-formed or did not"
		       " validate against our published schema");
	return NULL;
}
