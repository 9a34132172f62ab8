/* sandbox/stacks/cfn_cidr.h - blocks of IPv4 addresses: Fn::Cidr, VPCs,
 * subnets. */
#ifndef SANDBOX_STACKS_CFN_CIDR_H
#define SANDBOX_STACKS_CFN_CIDR_H

#include <stdbool.h>
#include <stdint.h>

struct json;

struct cfn_cidr {
	uint32_t first; /* address, in host order */
	int bits;	/* of the prefix */
};

/* "10.0.0.0/16". False: it is none. */
bool cfn_cidr_parse(const char *text, struct cfn_cidr *out);

/* Is the address the first of its block? */
bool cfn_cidr_is_whole(const struct cfn_cidr *cidr);
bool cfn_cidr_contains(const struct cfn_cidr *outer,
		       const struct cfn_cidr *inner);
bool cfn_cidr_overlaps(const struct cfn_cidr *one,
		       const struct cfn_cidr *other);

/* count blocks of 2^host_bits addresses from the start of block, as texts;
 * NULL: they are not in it. [Fn::Cidr] */
struct json *cfn_cidr_split(const char *block, int count, int host_bits);

#endif
