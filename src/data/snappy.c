#include "data/snappy.h"

#include <stdint.h>

#include "base/str.h"

struct reader {
	const unsigned char *at;
	const unsigned char *end;
};

static bool damaged(struct err *err)
{
	return err_set(err, ERR_DATA, "the Snappy data is damaged");
}

/* count bytes, the lowest first. */
static bool take_number(struct reader *in, size_t count, size_t *out)
{
	if ((size_t)(in->end - in->at) < count)
		return false;
	*out = 0;
	for (size_t i = 0; i < count; i++)
		*out |= (size_t)in->at[i] << (8 * i);
	in->at += count;
	return true;
}

static bool take_length(struct reader *in, size_t *out)
{
	*out = 0;
	for (int shift = 0; shift < 35 && in->at < in->end; shift += 7) {
		unsigned byte = *in->at++;

		*out |= (size_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return true;
	}
	return false;
}

/* Lengths over 60 stand in one to four bytes behind the tag. */
static bool take_literal(struct reader *in, unsigned tag, struct str *out)
{
	size_t len = tag >> 2;

	if (len >= 60 && !take_number(in, len - 59, &len))
		return false;
	len++;
	if ((size_t)(in->end - in->at) < len)
		return false;
	str_add_slice(out, (const char *)in->at, len);
	in->at += len;
	return true;
}

/* What is copied may reach into what the copy itself writes. */
static bool copy(struct str *out, size_t begin, size_t offset, size_t len)
{
	if (offset == 0 || offset > out->len - begin)
		return false;
	for (size_t i = 0; i < len; i++)
		str_add_char(out, out->text[out->len - offset]);
	return true;
}

static bool take_copy(struct reader *in, unsigned tag, struct str *out,
		      size_t begin)
{
	size_t len = (tag >> 2) + 1;
	size_t offset;

	if ((tag & 3) == 1) {
		if (!take_number(in, 1, &offset))
			return false;
		offset |= (size_t)(tag >> 5) << 8;
		len = ((tag >> 2) & 7) + 4;
	} else if (!take_number(in, (tag & 3) == 2 ? 2 : 4, &offset)) {
		return false;
	}
	return copy(out, begin, offset, len);
}

bool snappy_unpack(struct str *out, const void *bytes, size_t len, size_t limit,
		   struct err *err)
{
	struct reader in = { .at = bytes,
			     .end = (const unsigned char *)bytes + len };
	size_t begin = out->len;
	size_t size;

	if (!take_length(&in, &size) || size > limit)
		return damaged(err);
	while (in.at < in.end) {
		unsigned tag = *in.at++;

		if (!((tag & 3) == 0 ? take_literal(&in, tag, out)
				     : take_copy(&in, tag, out, begin)) ||
		    out->len - begin > size)
			return damaged(err);
	}
	return out->len - begin == size || damaged(err);
}
