/* sandbox/s3/s3_xml.h - the XML of S3's answers and requests, in its usual
 * forms.
 */
#ifndef SANDBOX_S3_S3_XML_H
#define SANDBOX_S3_S3_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct s3_call;
struct str;
struct xml;
struct xml_reader;

#define S3_XML_PAGE_MAX 1000

/* Starts the body of the reply with <root>; close it by xml_close. */
struct str *s3_xml_begin(struct s3_call *call, const char *root);

void s3_xml_time(struct str *out, const char *element, int64_t at_ms);
void s3_xml_etag(struct str *out, const char *etag);
/* <Owner> or the like, with the sandbox's account. */
void s3_xml_owner(struct str *out, const char *element);

/* encoding-type=url: by the rule of signatures, but '/' stays, as S3 has it.
 * Without it XML escapes suffice; controls cannot be told then. */
void s3_xml_name(struct str *out, const char *element, const char *text,
		 bool url_encoded);

/* The value of encoding-type: url or nothing, else InvalidArgument. */
bool s3_xml_encoding(const struct s3_call *call, bool *out_url,
		     struct err *err);

/* The body of the request, whose root has that name; NULL: MalformedXML.
 * Borrowed from the reader. */
const struct xml *s3_xml_read(const struct s3_call *call,
			      struct xml_reader *reader, const char *root,
			      struct err *err);

#endif
