#include "sandbox/s3/s3_sums.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/xml.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_keep.h"

static const struct {
	const char *name;
	const char *element;
} sums[] = {
	{ "crc32", "ChecksumCRC32" },
	{ "crc32c", "ChecksumCRC32C" },
	{ "crc64nvme", "ChecksumCRC64NVME" },
	{ "sha1", "ChecksumSHA1" },
	{ "sha256", "ChecksumSHA256" },
};

const char *s3_sums_name(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		if (str_equal_nocase(sums[i].name, text))
			return sums[i].name;
	return NULL;
}

static const char *element_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		if (strcmp(sums[i].name, name) == 0)
			return sums[i].element;
	return "Checksum";
}

void s3_sums_put(struct str *out, const char *name, const char *value)
{
	xml_put(out, element_of(name), value);
}

const char *s3_sums_given(const struct xml *part, const char *name)
{
	return xml_text(part, element_of(name), NULL);
}

void s3_sums_keep(struct str *out, const char *name, const char *value,
		  bool composite)
{
	str_addf(out, "x-amz-checksum-%s: %s\nx-amz-checksum-type: %s\n", name,
		 value, composite ? "COMPOSITE" : "FULL_OBJECT");
}

bool s3_sums_find(const char *headers, const char **out_name, struct str *out,
		  bool *out_composite)
{
	CLEANUP(mem_freep)
	char *type = s3_keep_value(headers, "x-amz-checksum-type");

	*out_name = NULL;
	*out_composite = type != NULL && strcmp(type, "COMPOSITE") == 0;
	for (size_t i = 0; i < COUNT_OF(sums); i++) {
		CLEANUP(str_done) struct str header = STR_EMPTY;
		CLEANUP(mem_freep) char *value = NULL;

		str_addf(&header, "x-amz-checksum-%s", sums[i].name);
		value = s3_keep_value(headers, header.text);
		if (value == NULL)
			continue;
		*out_name = sums[i].name;
		str_set(out, value);
		return true;
	}
	return false;
}

void s3_sums_put_kept(struct str *out, const char *headers)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *name;
	bool composite;

	if (!s3_sums_find(headers, &name, &value, &composite))
		return;
	s3_sums_put(out, name, value.text);
	xml_put(out, "ChecksumType", composite ? "COMPOSITE" : "FULL_OBJECT");
}

const char *s3_sums_wanted(const struct s3_call *call, bool *out_given,
			   struct err *err)
{
	const char *text = s3_request_header(&call->request,
					     "x-amz-checksum-algorithm");
	const char *name = s3_sums_name(text != NULL ? text : S3_SUMS_USUAL);

	*out_given = text != NULL;
	if (name == NULL)
		s3_call_refuse(err, "InvalidRequest",
			       "Checksum algorithm provided is unsupported."
			       " Please try again with any of the valid types:"
			       " [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
	return name;
}
