#include "sandbox/stacks/cfn_cidr.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "data/json.h"

enum { COUNT_MAX = 256 }; /* [Fn::Cidr] */

static uint64_t size_of(const struct cfn_cidr *cidr)
{
	return (uint64_t)1 << (32 - cidr->bits);
}

bool cfn_cidr_parse(const char *text, struct cfn_cidr *out)
{
	unsigned part[4];
	unsigned bits;
	int used = 0;

	if (strspn(text, "0123456789./") != strlen(text) ||
	    sscanf(text, "%3u.%3u.%3u.%3u/%2u%n", &part[0], &part[1], &part[2],
		   &part[3], &bits, &used) != 5 ||
	    text[used] != '\0' || bits > 32)
		return false;
	out->first = 0;
	for (size_t i = 0; i < 4; i++) {
		if (part[i] > 255)
			return false;
		out->first = out->first << 8 | part[i];
	}
	out->bits = (int)bits;
	return true;
}

bool cfn_cidr_is_whole(const struct cfn_cidr *cidr)
{
	return cidr->first % size_of(cidr) == 0;
}

bool cfn_cidr_contains(const struct cfn_cidr *outer,
		       const struct cfn_cidr *inner)
{
	return inner->first >= outer->first &&
	       inner->first + size_of(inner) <=
		       outer->first + size_of(outer);
}

bool cfn_cidr_overlaps(const struct cfn_cidr *one,
		       const struct cfn_cidr *other)
{
	return one->first < other->first + size_of(other) &&
	       other->first < one->first + size_of(one);
}

struct json *cfn_cidr_split(const char *block, int count, int host_bits)
{
	struct cfn_cidr outer;
	uint64_t each;
	struct json *list;

	if (!cfn_cidr_parse(block, &outer) || count < 1 || count > COUNT_MAX ||
	    host_bits < 0 || host_bits > 32)
		return NULL;
	each = (uint64_t)1 << host_bits;
	if (each * (uint64_t)count > size_of(&outer))
		return NULL;
	list = json_new_array();
	for (int i = 0; i < count; i++) {
		uint64_t first = outer.first + each * (uint64_t)i;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_addf(&text, "%u.%u.%u.%u/%d", (unsigned)(first >> 24) & 255,
			 (unsigned)(first >> 16) & 255,
			 (unsigned)(first >> 8) & 255, (unsigned)first & 255,
			 32 - host_bits);
		json_push_take(list, json_new_text(text.text));
	}
	return list;
}
